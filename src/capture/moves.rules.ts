import { MAX_DEPTH, boxOf } from '../holdings/holding.js';
import type { Changes, Derivation, Effect, Row, Sight, World } from '../projection/index.js';
import {
  NOBODY,
  audienceOf,
  believed,
  believedWithin,
  placeKey,
  within,
} from '../projection/index.js';
import { groupBy } from '../shared/group-by.js';

/** A package whose own row changed: its place, its status, or who sees it. */
export interface Moved {
  readonly key: string;
  readonly container: boolean;
  /** Undefined when the package was not known before. */
  readonly from: Effect | undefined;
  readonly to: Effect;
  /** The same as the events that count tell: what others only claim is not told to who has it. */
  readonly told: { readonly from: Effect | undefined; readonly to: Effect };
  /** The containers that it left, innermost first. */
  readonly chain: readonly string[];
  /** Units that moved with it, by lot. */
  readonly lots: ReadonlyMap<string, number>;
  /** The same of what organisations see of it, and of those that no longer see it, of what they saw. */
  readonly lotsSeen: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** It was where nobody of standing put it, so who had the containers around it did not see it there. */
  readonly wasApart: boolean;
  /** It is directly in another container than before, or in none any more, as who sees it sees it. */
  readonly changedBox: boolean;
}

/** What a batch changes, and what it was derived from. */
interface Projected {
  readonly world: World;
  readonly derivation: Derivation;
  readonly changes: Changes;
}

/**
 * The packages whose own row a batch changes.
 *
 * @throws NotLoaded when the members of a container inside another are not loaded, and somebody sees only a part of them
 */
export function movesOf(projected: Projected): readonly Moved[] {
  const { world, derivation, changes } = projected;
  const counts: CountsOf = groupBy(changes.counts, ({ holding }) => holding);
  const places = new Places(projected, within);
  return [...changes.newest.keys()].flatMap((key) => {
    const to = places.after(key);
    if (to === undefined) return [];
    const container = derivation.edits.isContainer(key);
    const before = world.head(key).open;
    const from = places.before(key);
    const chain = chainBefore(projected, before);
    const wasApart = before?.apart !== undefined;
    return {
      ...{ key, container, from, to, told: toldOf(projected, key, { from, to }), chain, wasApart },
      changedBox: (wasApart ? undefined : chain[0]) !== boxNow(projected, key),
      lots: unitsOf(projected, counts, { key, container }),
      lotsSeen: new Map([
        ...lotsLeft(projected, key, { from, to }),
        ...lotsSeenIn(projected, key, to),
      ]),
    };
  });
}

/** Place and status as text. */
export function looksOf(effect: Effect | undefined): string {
  return effect === undefined ? '' : `${placeKey(effect.place)} ${effect.status}`;
}

/** What a batch changes in the counts of each holding. */
type CountsOf = ReadonlyMap<string, Changes['counts']>;

function lotsSeenIn(
  { derivation: { edits }, changes }: Projected,
  key: string,
  { sight }: Effect,
): Moved['lotsSeen'] {
  if (sight === undefined) return new Map();
  if (edits.isContainer(key)) return changes.lotsSeen(edits.fillingAt(key, Infinity, false), sight);
  return ofOne(edits.lotOf(key), sight);
}

/** Only those that no longer see it are told what left them, so mostly nothing is counted. */
function lotsLeft(
  { world, changes }: Projected,
  key: string,
  { from, to }: Pick<Moved, 'from' | 'to'>,
): Moved['lotsSeen'] {
  const seers = seersOf(to);
  if (from?.sight === undefined || seersOf(from).every((one) => seers.includes(one)))
    return new Map();
  const { container, current, lot } = world.head(key);
  return container ? changes.lotsSeenBefore(current.id, from.sight) : ofOne(lot, from.sight);
}

function ofOne(lot: string, sight: Sight): Moved['lotsSeen'] {
  return new Map(audienceOf(sight).map((organisation) => [organisation, new Map([[lot, 1]])]));
}

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

function toldOf(projected: Projected, key: string, seen: Moved['told']): Moved['told'] {
  const { from, to } = seen;
  if (from?.sight === undefined && to.sight === undefined) return seen;
  const places = new Places(projected, (outer, own) =>
    believedWithin(outer === undefined ? undefined : believed(outer), own),
  );
  const before = places.before(key);
  return {
    from: before === undefined ? undefined : believed(before),
    to: believed(places.after(key) ?? to),
  };
}

/** Where packages were before a batch and are after it, through what is around them. */
class Places {
  constructor(
    private readonly projected: Projected,
    private readonly join: typeof within,
  ) {}

  before(key: string, depth = 0): Effect | undefined {
    const { world } = this.projected;
    const row = world.head(key).open;
    if (row === undefined || depth > MAX_DEPTH) return undefined;
    if (row.holding === null) return row.own ?? undefined;
    const box = boxOf(row.holding);
    if (box !== null && world.head(box).current.id === row.holding)
      return this.join(this.before(box, depth + 1), row);
    return this.join(world.holding(row.holding).effect, row);
  }

  after(key: string, depth = 0): Effect | undefined {
    const { world, derivation } = this.projected;
    const row = newestRow(this.projected, key);
    if (row === undefined || depth > MAX_DEPTH) return undefined;
    if (row.holding === null) return row.own ?? undefined;
    const box = boxOf(row.holding);
    if (box === null)
      return (derivation.holdings.get(row.holding) ?? world.holding(row.holding)).effect;
    const end = derivation.edits.endOf(row.holding, box);
    if (end === undefined) return this.join(this.after(box, depth + 1), row);
    return this.join(outcomeOf(this.projected, `${end.id} ${box}`), row);
  }
}

/** The container that a package is directly in, unless nobody of standing put it there. */
function boxNow(projected: Projected, key: string): string | undefined {
  const { holding = null, apart } = newestRow(projected, key) ?? {};
  const box = holding === null ? null : boxOf(holding);
  if (holding === null || box === null || apart !== undefined) return undefined;
  return projected.derivation.edits.endOf(holding, box) === undefined ? box : undefined;
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
  { key, container }: Pick<Moved, 'key' | 'container'>,
): ReadonlyMap<string, number> {
  if (!container) return new Map([[derivation.edits.lotOf(key), 1]]);
  const filling = derivation.edits.fillingAt(key, Infinity, false);
  const lots = new Map(world.counts.get(filling));
  for (const { lot, units } of counts.get(filling) ?? [])
    lots.set(lot, (lots.get(lot) ?? 0) + units);
  for (const [lot, n] of lots) if (n === 0) lots.delete(lot);
  return lots;
}

/** The organisations that see a place and status. */
export function seersOf(effect: Effect | undefined): readonly string[] {
  return audienceOf(effect?.sight ?? NOBODY);
}
