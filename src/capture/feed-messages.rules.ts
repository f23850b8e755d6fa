import type { HandoffState } from '../handoff/index.js';
import type { NewMessage, PlaceView } from '../feed/index.js';
import type { Changes, Fact } from '../projection/index.js';
import { namesOf } from '../projection/index.js';
import { siteOrNull } from '../holdings/holding.js';
import type { Effect } from '../holdings/holding.js';
import { looksOf } from './moves.rules.js';
import type { Moved } from './moves.rules.js';
import type { Commissioned } from '../serials/index.js';
import type { KnownException, Seers } from './seers.rules.js';
import { seesPackage } from './seers.rules.js';

/** What somebody is told of a move; a part of its message. */
export interface MoveTold {
  readonly from: PlaceView | null;
  readonly to: PlaceView;
  readonly status: string | null;
  readonly lots: ReadonlyMap<string, number>;
  /** The containers that it left, innermost first. */
  readonly chain: readonly string[];
  /** All null when nothing tells it that somebody sees. */
  readonly cause: { readonly eventId: string | null; readonly t: number | null };
}

/** The facts of a batch that name a package, in the order of the batch. */
export type FactsOf = ReadonlyMap<string, readonly Fact[]>;

/** Finds the facts by the packages that they name. */
export function factsByName(facts: readonly Fact[]): FactsOf {
  const found = new Map<string, Fact[]>();
  for (const fact of facts)
    for (const key of namesOf(fact)) {
      const list = found.get(key);
      if (list === undefined) found.set(key, [fact]);
      else list.push(fact);
    }
  return found;
}

/**
 * The location messages of a batch: one for each package whose own row changed its place or status. So the move of a pallet is one
 * message, which says what is inside. Units that share origin, destination and event share one message.
 *
 * @param facts those of the batch; those that it takes out first
 */
export function locationMessages(
  moves: readonly Moved[],
  facts: readonly Fact[],
): readonly NewMessage[] {
  const byName = factsByName(facts);
  const latest = facts[facts.length - 1];
  return messagesOfMoves(moves, ({ key, from, to, lots, chain }) => {
    const cause = byName.get(key)?.at(-1) ?? latest;
    const same = from !== undefined && looksOf(from) === looksOf(to);
    if (same || cause === undefined) return null;
    const views = { from: from === undefined ? null : viewOf(from), to: viewOf(to) };
    return { ...views, status: to.status, lots, chain, cause };
  });
}

/** Messages of what somebody is told; null tells nothing. */
export function messagesOfMoves(
  moves: readonly Moved[],
  tell: (moved: Moved) => MoveTold | null,
): readonly NewMessage[] {
  const groups = new Map<string, Group>();
  for (const moved of moves) {
    const told = tell(moved);
    if (told === null) continue;
    const { key, container } = moved;
    const name = container ? key : looksAlike(told);
    const group = groups.get(name);
    if (group === undefined)
      groups.set(name, { told, container, keys: [key], lots: new Map(told.lots) });
    else {
      group.keys.push(key);
      for (const [lot, n] of told.lots) group.lots.set(lot, (group.lots.get(lot) ?? 0) + n);
    }
  }
  return [...groups.values()].map(messageOf);
}

/** The packages of one message. A container has one of its own. Units that moved the same way by the same event share one. */
interface Group {
  readonly told: MoveTold;
  readonly container: boolean;
  readonly keys: string[];
  readonly lots: Map<string, number>;
}

function looksAlike({ cause, from, to, status, chain }: MoveTold): string {
  return JSON.stringify([cause.eventId, from, to, status, chain]);
}

function messageOf({ told, container, keys, lots }: Group): NewMessage {
  const { from, to, status, chain, cause } = told;
  return {
    kind: 'location',
    k: keys[0] ?? '',
    level: container ? 'CONTAINER' : 'UNIT',
    ...{ from, to, status },
    units: [...lots.values()].reduce((sum, n) => sum + n, 0),
    lots: [...lots].map(([lot, units]) => ({ lot, units })),
    eventId: cause.eventId,
    t: cause.t,
    ...(chain.length === 0 ? {} : { chainBefore: chain }),
    ...(keys.length > 1 ? { keys } : {}),
  };
}

/** A place as a message tells it. */
export function viewOf({ place }: Effect): PlaceView {
  switch (place.mode) {
    case 'AT':
      return { mode: 'AT', site: place.site, origin: null };
    case 'TO':
      return { mode: 'TO', site: place.site, origin: place.back };
    case 'UNKNOWN':
      return { mode: 'UNKNOWN', site: null, origin: null };
  }
}

/** The handoff messages of a batch: each handoff that it touched, as it is now, with the event that caused the change. */
export function handoffMessages(
  handoffs: readonly HandoffState[],
  receipts: Changes['receipts'],
): readonly NewMessage[] {
  const causes = new Map<string, { readonly eventId: string; readonly t: number }>();
  for (const { t, list } of receipts)
    for (const { by, eventId } of list) if (by !== null) causes.set(by, { eventId, t });
  return handoffs.map(({ id, status, from, to, fromParty, toParty, shippedAt, packages }) => ({
    kind: 'handoff',
    handoffId: id,
    status,
    from: siteOrNull(from),
    to: siteOrNull(to),
    ...(fromParty === null ? {} : { fromParty }),
    ...(toParty === null ? {} : { toParty }),
    ...(causes.get(id) ?? { eventId: id, t: shippedAt }),
    packages,
  }));
}

/** An exception and who saw it before a batch and sees it after; null where there was or is none. */
export interface ExceptionChange extends Omit<KnownException, 'viewers'> {
  readonly isNew: boolean;
  readonly isGone: boolean;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Compares the exceptions of a batch with those that were recorded at the same instants. */
export function exceptionChanges(
  findings: Changes['findings'],
  known: readonly KnownException[],
): readonly ExceptionChange[] {
  const changes = new Map<string, ExceptionChange>();
  for (const { viewers, ...one } of known)
    changes.set(nameOf(one), { ...one, isNew: false, isGone: true, before: viewers, after: [] });
  const newest = new Map(findings.map((one) => [`${one.key} ${one.t}`, one]));
  for (const { key, t, list } of newest.values())
    for (const { code, eventId, viewers: after = [] } of list) {
      const one = { key, t, code, eventId };
      const was = changes.get(nameOf(one));
      const before = was?.before ?? [];
      changes.set(nameOf(one), { ...one, isNew: was === undefined, isGone: false, before, after });
    }
  return [...changes.values()];
}

/** An exception of a serial that no pool gave out: it is seen by who sees that the event names the package. */
export function serialChange(
  { key, eventId, t }: Commissioned,
  change: 'RAISED' | 'CLEARED',
  seers: Seers,
): ExceptionChange {
  const all = [...(seers.get(eventId)?.names.keys() ?? [])];
  const viewers = all.filter((organisation) => seesPackage(seers, { eventId, key, organisation }));
  const isNew = change === 'RAISED';
  const [before, after] = isNew ? [[], viewers] : [viewers, []];
  return { key, t, eventId, code: 'SERIAL_NOT_ALLOCATED', isNew, isGone: !isNew, before, after };
}

function nameOf({ key, t, code, eventId }: Omit<KnownException, 'viewers'>): string {
  return JSON.stringify([key, t, code, eventId]);
}

/** The messages for the host about exceptions that are new, or are no longer. */
export function exceptionMessages(changes: readonly ExceptionChange[]): readonly NewMessage[] {
  return changes.flatMap(({ isNew, isGone, key: k, t, code, eventId }) =>
    isNew || isGone
      ? [{ kind: 'exception', change: isNew ? 'RAISED' : 'CLEARED', k, t, code, eventId }]
      : [],
  );
}
