import { eventLoaders } from './event.loaders.js';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOfUri, parseIdentifier } from '../gs1/identifier.js';
import { formsOf } from '../master-data/index.js';
import { PartyField } from '../master-data/party.types.js';
import { SiteField } from '../master-data/site.types.js';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { idArg, keyArg } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { Json } from '../graphql/scalars.js';
import { termsOfDocument, termsOfParty } from '../event-terms/named-in-events.rules.js';
import { BIZ_STEPS, DISPOSITIONS, EVENT_TYPES, wordArgs } from '../graphql/word-args.js';
import type { WordList } from '../graphql/word-args.js';
import { pageRequest } from '../shared/page.js';
import { EVENT_SHAPE, listEvents } from './event-list.read-model.js';
import {
  BizTransactionType,
  ErrorDeclarationType,
  EventConnectionType,
  EventFilter,
  EventOrderInput,
  EventType,
  QuantityType,
  SourceOrDestinationType,
} from './event.types.js';
import type { EventSelection, StoredDeclaration, StoredEvent } from './stored-event.js';

type Given = Readonly<Record<string, unknown>>;

@Resolver(() => EventType)
@SiteField('readPoint', 'Where it happened.')
@SiteField('bizLocation', 'Where the objects are afterwards.')
@PartyField('sentBy', 'The organisation that sent it; null for the host of the service.')
export class EventResolver {
  @Query(() => EventType, {
    nullable: true,
    description: 'One event, even if it is declared in error. Null when no event has that id.',
  })
  event(
    @Arg('id', () => ID, { description: 'The id from the document, or the minted id.' }) id: string,
    @Ctx() context: Context,
  ): Promise<StoredEvent | null> {
    return eventLoaders(context).event.load(idArg('id', id, 'Event'));
  }

  @Query(() => EventConnectionType, {
    description:
      'Captured events, in the order of `orderBy`: the oldest first when it is left out.',
  })
  async events(
    @Arg('filter', () => EventFilter, {
      nullable: true,
      description: 'Selects events. Without it, all are given.',
    })
    filter: EventFilter | null | undefined,
    @Arg('orderBy', () => EventOrderInput, {
      defaultValue: { field: 'EVENT_TIME', direction: 'ASC' },
      description: 'By event time or by record time, in either direction.',
    })
    order: EventOrderInput,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view, clock }: Context,
  ): Promise<Connection<StoredEvent>> {
    const request = { ...pageRequest(page, EVENT_SHAPE), order, nowMs: clock.now() };
    return toConnection(await listEvents(view, selectionOf(filter), request));
  }

  @FieldResolver(() => [ErrorDeclarationType], {
    nullable: true,
    description: 'Error declarations of this event, oldest first.',
  })
  declarations(@Root() { id }: StoredEvent, @Ctx() context: Context): Promise<StoredDeclaration[]> {
    return eventLoaders(context).declarations.load(id);
  }

  @FieldResolver(() => [IdentifierType], {
    description: 'Objects of an ObjectEvent or TransactionEvent.',
  })
  epcList(@Root() { document }: StoredEvent): IdentifierType[] {
    return identifiersOf(document['epcList']);
  }

  @FieldResolver(() => IdentifierType, {
    nullable: true,
    description: 'The container of an AggregationEvent, AssociationEvent or TransactionEvent.',
  })
  parentID(@Root() { document }: StoredEvent): IdentifierType | null {
    return identifiersOf([document['parentID']])[0] ?? null;
  }

  @FieldResolver(() => [IdentifierType], {
    description: 'Objects that are put in, taken out or seen inside.',
  })
  childEPCs(@Root() { document }: StoredEvent): IdentifierType[] {
    return identifiersOf(document['childEPCs']);
  }

  @FieldResolver(() => [IdentifierType], { description: 'What a TransformationEvent uses up.' })
  inputEPCList(@Root() { document }: StoredEvent): IdentifierType[] {
    return identifiersOf(document['inputEPCList']);
  }

  @FieldResolver(() => [IdentifierType], { description: 'What a TransformationEvent makes.' })
  outputEPCList(@Root() { document }: StoredEvent): IdentifierType[] {
    return identifiersOf(document['outputEPCList']);
  }

  @FieldResolver(() => [QuantityType], {
    description: 'Amounts of classes of an ObjectEvent or TransactionEvent.',
  })
  quantityList(@Root() { document }: StoredEvent): QuantityType[] {
    return quantitiesOf(document['quantityList']);
  }

  @FieldResolver(() => [QuantityType], { description: 'Amounts put in, taken out or seen inside.' })
  childQuantityList(@Root() { document }: StoredEvent): QuantityType[] {
    return quantitiesOf(document['childQuantityList']);
  }

  @FieldResolver(() => [QuantityType], { description: 'Amounts a TransformationEvent uses up.' })
  inputQuantityList(@Root() { document }: StoredEvent): QuantityType[] {
    return quantitiesOf(document['inputQuantityList']);
  }

  @FieldResolver(() => [QuantityType], { description: 'Amounts a TransformationEvent makes.' })
  outputQuantityList(@Root() { document }: StoredEvent): QuantityType[] {
    return quantitiesOf(document['outputQuantityList']);
  }

  @FieldResolver(() => [BizTransactionType], {
    description: 'Business documents that the event belongs to.',
  })
  bizTransactionList(@Root() { document }: StoredEvent): BizTransactionType[] {
    return objectsOf(document['bizTransactionList']).map((one) => ({
      type: textOf(one['type']),
      bizTransaction: String(one['bizTransaction']),
    }));
  }

  @FieldResolver(() => [SourceOrDestinationType], { description: 'Where a transfer begins.' })
  sourceList(@Root() { document }: StoredEvent): SourceOrDestinationType[] {
    return objectsOf(document['sourceList']).map((one) => endOf(one, 'source'));
  }

  @FieldResolver(() => [SourceOrDestinationType], { description: 'Where a transfer ends.' })
  destinationList(@Root() { document }: StoredEvent): SourceOrDestinationType[] {
    return objectsOf(document['destinationList']).map((one) => endOf(one, 'destination'));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Joins the events of one transformation.',
  })
  transformationID(@Root() { document }: StoredEvent): string | null {
    return textOf(document['transformationID']);
  }

  @FieldResolver(() => Json, {
    nullable: true,
    description: 'Persistent dispositions that are set and unset besides the current disposition.',
  })
  persistentDisposition(@Root() { document }: StoredEvent): unknown {
    return document['persistentDisposition'] ?? null;
  }

  @FieldResolver(() => Json, { nullable: true, description: 'Sensor readings, as given.' })
  sensorElementList(@Root() { document }: StoredEvent): unknown {
    return document['sensorElementList'] ?? null;
  }

  @FieldResolver(() => Json, {
    nullable: true,
    description: 'Instance or lot master data, as given.',
  })
  ilmd(@Root() { document }: StoredEvent): unknown {
    return document['ilmd'] ?? null;
  }

  @FieldResolver(() => Json, {
    nullable: true,
    description:
      'What the document contains around its events: business document header (sbdh), transaction statements (gs1ushc), other extensions.',
  })
  documentHeader(
    @Root() { header }: StoredEvent,
    @Ctx() context: Context,
  ): Promise<unknown> | null {
    return header === null ? null : eventLoaders(context).documentHeader.load(header);
  }

  @FieldResolver(() => Json, {
    nullable: true,
    description: 'Certification, as given: one URI or several.',
  })
  certificationInfo(@Root() { document }: StoredEvent): unknown {
    return document['certificationInfo'] ?? null;
  }
}

/** How a part of the filter that names something is checked and looked up. */
const NAMES: Readonly<Record<string, (given: string) => EventSelection>> = {
  site: (given) => ({ site: keyArg('filter.site', given, 'site') }),
  package: (given) => ({ package: keyArg('filter.package', given, 'package') }),
  lot: (given) => ({ lot: keyArg('filter.lot', given) }),
};
const WORDS: Readonly<Record<string, WordList>> = {
  bizSteps: BIZ_STEPS,
  dispositions: DISPOSITIONS,
  types: EVENT_TYPES,
};

function selectionOf(filter: EventFilter | null | undefined): EventSelection {
  const { bizTransaction, party, ...rest } = filter ?? {};
  const terms = [
    ...(bizTransaction ? [termsOfDocument(bizTransaction)] : []),
    ...(party ? [termsOfParty(formsOf(keyArg('filter.party', party, 'party')))] : []),
  ];
  const conditions = Object.entries<unknown>({ ...rest }).map(([name, given]): EventSelection => {
    const words = WORDS[name];
    if (given === null || given === undefined) return {};
    if (words !== undefined)
      return { [name]: wordArgs(`filter.${name}`, given as string[], words) };
    return NAMES[name]?.(given as string) ?? { [name]: given };
  });
  return Object.assign({}, ...conditions, terms.length > 0 ? { terms } : {}) as EventSelection;
}

function identifiersOf(list: unknown): IdentifierType[] {
  if (!Array.isArray(list)) return [];
  return list.filter((uri) => typeof uri === 'string').map(identifierGiven);
}

/** All forms of an identifier in an event. A URN also tells the company prefix. */
function identifierGiven(uri: string): IdentifierType {
  const parsed = parseIdentifier(uri);
  if (!parsed.ok) return { key: uri, urn: null, digitalLink: uri, elementString: null };
  const forms = identifierOf(parsed.id.key);
  return uri.startsWith('urn:') ? Object.assign(forms, { urn: uri }) : forms;
}

function quantitiesOf(list: unknown): QuantityType[] {
  return objectsOf(list).map((one) => ({
    key: keyOf(one['epcClass']),
    quantity: typeof one['quantity'] === 'number' ? one['quantity'] : null,
    uom: textOf(one['uom']),
  }));
}

function endOf(one: Given, name: 'source' | 'destination'): SourceOrDestinationType {
  return { type: textOf(one['type']) ?? '', key: keyOf(one[name]) };
}

function keyOf(uri: unknown): string {
  const text = String(uri);
  return keyOfUri(text) ?? text;
}

function objectsOf(list: unknown): Given[] {
  return Array.isArray(list)
    ? list.filter((one): one is Given => typeof one === 'object' && one !== null)
    : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
