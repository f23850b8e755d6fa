import type { HandoffState } from '../handoff/index.js';
import type { NewMessage, PlaceView } from '../feed/index.js';
import type { Fact, Row } from '../projection/index.js';
import { namesOf, placeKey } from '../projection/index.js';
import { groupBy } from '../shared/group-by.js';
import { MAX_DEPTH, boxOf, siteOrNull, within } from '../holdings/holding.js';
import type { Effect } from '../holdings/holding.js';
import type { Projected } from './project-batch.js';

/**
 * The location messages of a batch: one for each package whose own row changed its place or status. So the move of a pallet is one
 * message, which says what is inside. Units that share origin, destination and event share one message.
 */
export function locationMessages(
  projected: Projected,
  facts: readonly Fact[],
): readonly NewMessage[] {
  const causes = new Map<string, Fact>();
  for (const fact of facts) for (const key of namesOf(fact)) causes.set(key, fact);
  const latest = facts[facts.length - 1];
  const groups = new Map<string, Group>();
  const counts: CountsOf = groupBy(projected.changes.counts, ({ holding }) => holding);
  for (const key of projected.changes.newest.keys()) {
    const cause = causes.get(key) ?? latest;
    const moved = moveOf(projected, key);
    if (moved === null || cause === undefined) continue;
    const name = groupOf(key, moved, cause);
    let group = groups.get(name);
    if (group === undefined) {
      group = { first: key, moved, cause, keys: [], lots: new Map() };
      groups.set(name, group);
    }
    group.keys.push(key);
    for (const [lot, n] of unitsOf(projected, counts, { key, container: moved.container }))
      group.lots.set(lot, (group.lots.get(lot) ?? 0) + n);
  }
  return [...groups.values()].map(messageOf);
}

/** What a batch changes in the counts of each holding. */
type CountsOf = ReadonlyMap<string, Projected['changes']['counts']>;

/** The packages of one message. */
interface Group {
  readonly first: string;
  readonly moved: Moved;
  readonly cause: Fact;
  readonly keys: string[];
  readonly lots: Map<string, number>;
}

/** A container has a message of its own. Units that moved the same way by the same event share one. */
function groupOf(key: string, { from, to, container, chain }: Moved, cause: Fact): string {
  return container ? key : `${cause.eventId} ${looks(from)} ${looks(to)} ${chain.join(' ')}`;
}

function messageOf({ first, moved, cause, keys, lots }: Group): NewMessage {
  const { from, to, container, chain } = moved;
  return {
    kind: 'location',
    k: first,
    level: container ? 'CONTAINER' : 'UNIT',
    from: from === undefined ? null : viewOf(from),
    to: viewOf(to),
    status: to.status,
    units: [...lots.values()].reduce((sum, n) => sum + n, 0),
    lots: [...lots].map(([lot, units]) => ({ lot, units })),
    eventId: cause.eventId,
    t: cause.t,
    ...(chain.length === 0 ? {} : { chainBefore: chain }),
    ...(keys.length > 1 ? { keys } : {}),
  };
}

interface Moved {
  readonly from: Effect | undefined;
  readonly to: Effect;
  readonly container: boolean;
  readonly chain: readonly string[];
}

function moveOf(projected: Projected, key: string): Moved | null {
  const { world, derivation } = projected;
  const from = effectBefore(projected, key, 0);
  const to = effectNow(projected, key, 0);
  if (to === undefined) return null;
  if (from !== undefined && looks(from) === looks(to)) return null;
  return {
    from,
    to,
    container: derivation.edits.isContainer(key),
    chain: chainBefore(projected, world.head(key).open),
  };
}

const looks = (effect: Effect | undefined): string =>
  effect === undefined ? '' : `${placeKey(effect.place)} ${effect.status}`;

function chainBefore({ world }: Projected, open: Row | undefined): readonly string[] {
  const chain: string[] = [];
  let row = open;
  while (row?.holding != null && chain.length < MAX_DEPTH) {
    const box = boxOf(row.holding);
    if (box === null || world.head(box).current.id !== row.holding) break;
    chain.push(box);
    row = world.head(box).open;
  }
  return chain;
}

function effectBefore(projected: Projected, key: string, depth: number): Effect | undefined {
  const { world } = projected;
  const row = world.head(key).open;
  if (row === undefined || depth > MAX_DEPTH) return undefined;
  if (row.holding === null) return row.own ?? undefined;
  const box = boxOf(row.holding);
  if (box !== null && world.head(box).current.id === row.holding)
    return within(effectBefore(projected, box, depth + 1), row.mark);
  return within(world.holding(row.holding).effect, row.mark);
}

function effectNow(projected: Projected, key: string, depth: number): Effect | undefined {
  const { world, derivation } = projected;
  const row = newestRow(projected, key);
  if (row === undefined || depth > MAX_DEPTH) return undefined;
  if (row.holding === null) return row.own ?? undefined;
  const box = boxOf(row.holding);
  if (box === null)
    return (derivation.holdings.get(row.holding) ?? world.holding(row.holding)).effect;
  const end = derivation.edits.endOf(row.holding, box);
  if (end === undefined) return within(effectNow(projected, box, depth + 1), row.mark);
  return within(outcomeOf(projected, `${end.id} ${box}`), row.mark);
}

function newestRow({ world, changes }: Projected, key: string): Row | undefined {
  return changes.newest.has(key) ? changes.newest.get(key) : world.head(key).open;
}

/** The place and status that an emptied filling keeps. */
function outcomeOf({ world, derivation }: Projected, slot: string): Effect | undefined {
  return derivation.outcomes.get(slot)?.effect ?? world.outcomes.get(slot);
}

/** Units in a package now, by lot: what its open filling held before, plus what the batch changes in it. */
function unitsOf(
  { world, derivation }: Projected,
  counts: CountsOf,
  { key, container }: { readonly key: string; readonly container: boolean },
): ReadonlyMap<string, number> {
  if (!container) return new Map([[derivation.edits.lotOf(key), 1]]);
  const filling = derivation.edits.fillingAt(key, Infinity, false);
  const lots = new Map(world.counts.get(filling));
  for (const { lot, units } of counts.get(filling) ?? [])
    lots.set(lot, (lots.get(lot) ?? 0) + units);
  for (const [lot, n] of lots) if (n === 0) lots.delete(lot);
  return lots;
}

function viewOf({ place }: Effect): PlaceView {
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
  receipts: Projected['changes']['receipts'],
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
