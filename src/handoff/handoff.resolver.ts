import { EventField } from '../events/event-field.types.js';
import { NOW } from '../holdings/holding.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { eventLoaders } from '../events/event.loaders.js';
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { BizTransactionType, EventType } from '../events/event.types.js';
import type { StoredEvent } from '../events/index.js';
import type { Party } from '../master-data/index.js';
import { SiteField } from '../master-data/site.types.js';
import { PartyType } from '../master-data/party.types.js';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { idArg, keyArgs } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { pageRequest } from '../shared/page.js';
import type { Handoff, HandoffCount, HandoffFilter, HandoffPackage } from './handoff.js';
import { countPackages, countUnits, packagesOf, unitsOf } from './handoff.loaders.js';
import { HANDOFF_SHAPE, listHandoffs } from './handoff.read-model.js';
import { durationsOf } from './handoff.rules.js';
import {
  HandoffConnectionType,
  HandoffCountType,
  HandoffDurationType,
  HandoffFilterInput,
  HandoffOrderInput,
  HandoffPackageType,
  HandoffType,
} from './handoff.types.js';

type Maybe<T> = Promise<T | null> | null;
type PackageOf = HandoffPackage & { readonly handoff: Handoff };

@Resolver(() => HandoffType)
@SiteField('from', 'Site that gives; null when unknown.')
@SiteField('to', 'Site that takes; null when unknown.')
export class HandoffResolver {
  @Query(() => HandoffConnectionType, {
    description:
      'Changes of custody, in the order of `orderBy`: the newest shipping first when it is left out.',
  })
  async handoffs(
    @Arg('filter', () => HandoffFilterInput, {
      nullable: true,
      description: 'Selects handoffs. Without it, all are given.',
    })
    filter: HandoffFilterInput | null,
    @Arg('orderBy', () => HandoffOrderInput, {
      defaultValue: { field: 'SHIPPED', direction: 'DESC' },
      description: 'By shipping or by receipt, in either direction.',
    })
    order: HandoffOrderInput,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { view, clock }: Context,
  ): Promise<Connection<Handoff>> {
    const request = { ...pageRequest(args, HANDOFF_SHAPE), order };
    return toConnection(await listHandoffs(view, toFilter(filter ?? {}, clock.now()), request));
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'Party that gives: the named party, else the holder at the site.',
  })
  fromParty(@Root() { fromParty, from }: Handoff, @Ctx() context: Context): Maybe<Party> {
    return partyOf(fromParty, from, context);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'Party that takes: the named party, else the holder at the site.',
  })
  toParty(@Root() { toParty, to }: Handoff, @Ctx() context: Context): Maybe<Party> {
    return partyOf(toParty, to, context);
  }

  @FieldResolver(() => HandoffCountType, {
    nullable: true,
    description: 'Counts in packages, as the shipping names them.',
  })
  packageCount(@Root() handoff: Handoff, @Ctx() context: Context): Promise<HandoffCount> {
    return countPackages(context, handoff);
  }

  @FieldResolver(() => HandoffCountType, {
    nullable: true,
    description: 'Counts in units, as they were inside at shipping.',
  })
  unitCount(@Root() handoff: Handoff, @Ctx() context: Context): Promise<HandoffCount> {
    return countUnits(context, handoff);
  }

  @FieldResolver(() => HandoffDurationType, { description: 'How long it took.' })
  duration(@Root() handoff: Handoff, @Ctx() { clock }: Context): HandoffDurationType {
    const { first, last } = durationsOf(handoff);
    const open = handoff.status === 'OUTSTANDING' || handoff.status === 'PARTIAL';
    const { shippedAt } = handoff;
    return {
      firstMs: first,
      lastMs: last,
      openMs: open ? Math.max(0, clock.now() - shippedAt) : null,
    };
  }

  @FieldResolver(() => [HandoffPackageType], {
    nullable: true,
    description:
      'Packages that were shipped, and packages that were received as part of it or in addition.',
  })
  async packages(@Root() handoff: Handoff, @Ctx() context: Context): Promise<PackageOf[]> {
    return (await packagesOf(context, handoff)).map((one) => ({ ...one, handoff }));
  }

  @FieldResolver(() => [EventType], {
    nullable: true,
    description: 'The shipping event and the receiving ones, oldest first.',
  })
  events(@Root() handoff: Handoff, @Ctx() context: Context): Promise<StoredEvent[]> {
    return eventsOf(handoff, context);
  }

  @FieldResolver(() => [BizTransactionType], {
    nullable: true,
    description: 'Business documents that its events name, each once.',
  })
  async transactions(
    @Root() handoff: Handoff,
    @Ctx() context: Context,
  ): Promise<BizTransactionType[]> {
    const found = new Map<string, BizTransactionType>();
    for (const { document } of await eventsOf(handoff, context))
      for (const one of documentsOf(document['bizTransactionList']))
        found.set(`${one.type ?? ''} ${one.bizTransaction}`, one);
    return [...found.values()];
  }
}

@Resolver(() => HandoffPackageType)
@SiteField('site', 'Where it was received.')
@EventField('The event that received it.')
export class HandoffPackageResolver {
  @FieldResolver(() => IdentifierType, { description: 'The key in every form.' })
  identifier(@Root() { key }: PackageOf): IdentifierType {
    return identifierOf(key);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Units that it was or had inside at shipping.',
  })
  async units(@Root() one: PackageOf, @Ctx() context: Context): Promise<number> {
    return (await unitsOf(context, one.handoff, one)).size;
  }
}

async function partyOf(
  party: string | null,
  site: string | null,
  context: Context,
): Promise<Party | null> {
  const key =
    party ?? (site === null ? null : await masterData(context).holder.load({ site, at: NOW }));
  return key === null ? null : masterData(context).party.load(key);
}

async function eventsOf(handoff: Handoff, context: Context): Promise<StoredEvent[]> {
  const packages = await packagesOf(context, handoff);
  const ids = new Set([
    ...(handoff.id.startsWith('over:') ? [] : [handoff.id]),
    ...packages.flatMap(({ eventId }) => eventId ?? []),
  ]);
  const events = await Promise.all([...ids].map((id) => eventLoaders(context).event.load(id)));
  return events.filter((event) => event !== null).sort((a, b) => a.eventTime - b.eventTime);
}

function documentsOf(list: unknown): BizTransactionType[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (entry === null || typeof entry !== 'object') return [];
    const { type, bizTransaction } = entry as Readonly<Record<string, unknown>>;
    return typeof bizTransaction === 'string'
      ? [{ type: typeof type === 'string' ? type : null, bizTransaction }]
      : [];
  });
}

function toFilter(input: HandoffFilterInput, nowMs: number): HandoffFilter {
  const { statuses = null, shippedFrom = null } = input;
  const ids = input.ids?.map((id, i) => idArg(`filter.ids[${i}]`, id, 'Handoff', 'Event')) ?? null;
  const hours = input.openLongerThanHours ?? null;
  const keys = (name: 'parties' | 'sites' | 'from' | 'to'): string[] | null => {
    const given = input[name] ?? null;
    const kind = name === 'parties' ? 'party' : 'site';
    return given === null ? null : keyArgs(`filter.${name}`, given, kind);
  };
  return {
    ...{ ids, statuses, shippedFrom, shippedUntil: input.shippedUntil ?? null },
    ...{ parties: keys('parties'), sites: keys('sites'), from: keys('from'), to: keys('to') },
    openBefore: hours === null ? null : nowMs - hours * 3_600_000,
  };
}
