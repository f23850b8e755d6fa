import type { EpcisEvent } from '../epcis/event.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import {
  lotOf,
  namesOf,
  partiesOf,
  quantitiesOf,
  sitesOf,
  standardFields,
} from '../epcis/readers.js';
import type { LotFacts, Parties } from '../epcis/readers.js';
import { gtinOfKey, lotKey } from '../gs1/identifier.js';
import { expectedArrivalOf } from '../handoff/index.js';
import type { Shipping } from '../handoff/index.js';
import type { Fact } from '../projection/index.js';
import { lotIdOf, namesOf as namesOfFact } from '../projection/index.js';
import { isContainerKey } from '../holdings/holding.js';
import type { NewDeclaration, NewEvent } from './capture.rules.js';
import type {
  ClassLink,
  DeclarationNode,
  EventNode,
  GivenText,
  NameGroup,
} from './capture.store.js';
import { wordOf } from './event-facts.rules.js';

/** An event with its lot and facts, read once. */
export interface AdmittedEvent {
  readonly parsed: ParsedEvent;
  readonly lot: LotFacts;
  readonly facts: readonly Fact[];
}

/** An event that this batch stores. */
export interface NewlyAdmitted extends AdmittedEvent {
  readonly parsed: NewEvent;
}

/** Lot facts of an event, read with its own prefixes and those of its document. */
export function lotFactsOf({ event, prefixes }: ParsedEvent): LotFacts {
  return 'ilmd' in event ? lotOf(event, prefixes) : {};
}

/** The `:Event` of an event. */
export function eventNodeOf(
  { parsed, lot }: NewlyAdmitted,
  state: 'active' | 'inError' | 'ahead',
): EventNode {
  const { event, id, hash, eventTimeMs } = parsed;
  const { readPoint, bizLocation } = sitesOf(event);
  const ends = partiesOf(event);
  const { action } = standardFields(event);
  return {
    id,
    hash,
    type: event.type,
    action: action ?? null,
    bizStep: wordOf('bizStep', event) ?? null,
    disposition: wordOf('disposition', event) ?? null,
    eventTime: eventTimeMs,
    eventTimeZoneOffset: event.eventTimeZoneOffset,
    sentBy: parsed.sentBy,
    readPoint: readPoint ?? null,
    bizLocation: bizLocation ?? null,
    giver: partyOf(ends.sources),
    taker: partyOf(ends.destinations),
    ...textOf(parsed),
    ...(parsed.meant === undefined ? {} : { meant: parsed.meant }),
    ilmdLot: lot.lot ?? null,
    ...standing(state, eventTimeMs),
  };
}

function standing(
  state: 'active' | 'inError' | 'ahead',
  eventTime: number,
): Pick<EventNode, 'retracted' | 'waits'> {
  return {
    retracted: state === 'inError' ? true : null,
    waits: state === 'ahead' ? eventTime : null,
  };
}

/** The packages an event names, by role. */
export function nameGroupsOf({ parsed: { id, event } }: AdmittedEvent): readonly NameGroup[] {
  const { parent, kids, inputs, outputs, epcs } = namesOf(event);
  const groups: NameGroup[] = [
    { id, role: 'parent', keys: parent === undefined || parent.startsWith('414/') ? [] : [parent] },
    { id, role: 'child', keys: kids },
    { id, role: 'input', keys: inputs },
    { id, role: 'output', keys: outputs },
    { id, role: 'epc', keys: epcs },
  ];
  return groups.filter(({ keys }) => keys.length > 0);
}

/** The class-level quantities of an event, and the lots that its ilmd describes. */
export function classLinksOf({ parsed: { id, event }, lot }: AdmittedEvent): readonly ClassLink[] {
  const quantities = quantitiesOf(event).map(({ role, classKey, quantity, uom }): ClassLink => ({
    id,
    role,
    lot: classKey,
    quantity: quantity ?? null,
    uom: uom ?? null,
    expiry: null,
    madeAt: null,
  }));
  const { lot: number, expiry, madeAt } = lot;
  if (number === undefined) return quantities;
  const ilmd = gtinsMade(event).map((gtin): ClassLink => ({
    id,
    role: 'ilmd',
    lot: lotKey(gtin, number),
    quantity: null,
    uom: null,
    expiry: expiry ?? null,
    madeAt: madeAt ?? null,
  }));
  return [...quantities, ...ilmd];
}

/** GTINs of what an event commissions or outputs. Its ilmd describes these. */
function gtinsMade(event: EpcisEvent): readonly string[] {
  const { epcs, outputs } = namesOf(event);
  const keys = event.type === 'TransformationEvent' ? outputs : epcs;
  return [...new Set(keys.flatMap((key) => gtinOfKey(key) ?? []))];
}

/** The node of an error declaration. */
export function declarationNodeOf({ id, event }: NewDeclaration): DeclarationNode {
  const told = event.errorDeclaration;
  return {
    id,
    of: event.id,
    reason: told?.reason ?? null,
    declarationTime: told?.declarationTimeMs ?? 0,
    sentBy: event.sentBy,
    correctiveEventIDs: told?.correctiveEventIDs ?? [],
    ...textOf(event),
  };
}

/** What is stored of an event so that it can be given back as it came. Absent properties are left out. */
function textOf({ event, text, context, header }: ParsedEvent): GivenText {
  return {
    text: text ?? JSON.stringify(event),
    ...(context === undefined ? {} : { context }),
    ...(header === undefined ? {} : { header }),
  };
}

/** The handoff that a shipping begins, or null. It moves the parent with all its contents, or without a parent the named packages. */
export function shippingOf({ parsed, facts }: AdmittedEvent): Shipping | null {
  const fact = facts.find(({ move }) => move === 'ship');
  if (fact === undefined) return null;
  const ends = partiesOf(parsed.event);
  const { readPoint, bizLocation } = sitesOf(parsed.event);
  const from = endOf(ends.sources, 'location') ?? bizLocation ?? readPoint ?? '?';
  return {
    id: fact.eventId,
    shippedAt: fact.t,
    from,
    to: fact.dest ?? '?',
    fromParty: partyOf(ends.sources),
    toParty: partyOf(ends.destinations),
    dueAt: expectedArrivalOf(parsed.event),
    keys: fact.parent === undefined ? fact.kids : [fact.parent],
  };
}

function endOf(ends: Parties['sources'], type: string): string | undefined {
  return ends.find((one) => one.type === type)?.key;
}

function partyOf(ends: Parties['sources']): string | null {
  return endOf(ends, 'possessing_party') ?? endOf(ends, 'owning_party') ?? null;
}

/** A package that is named only by events from which nothing is derived. */
interface Ghost {
  readonly key: string;
  readonly lot: string;
  readonly container: boolean;
}

/** The packages of events from which nothing is derived. Perhaps no other event names them, but they must exist to be tied to. */
export function ghostsOf(silent: readonly AdmittedEvent[]): readonly Ghost[] {
  const keys = silent.flatMap(({ facts }) => facts.flatMap((fact) => namesOfFact(fact)));
  return [...new Set(keys)].map((key) => ({
    key,
    lot: lotIdOf(key, undefined),
    container: isContainerKey(key),
  }));
}
