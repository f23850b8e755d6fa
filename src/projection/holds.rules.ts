import { boxOf } from '../holdings/holding.js';
import type { Edits } from './edits.rules.js';
import type { Row } from './state.js';
import type { World } from './world.js';

/** The change in the units of a lot in a holding, and in the containers directly in it that hold units of the lot. */
export interface CountChange {
  readonly holding: string;
  readonly lot: string;
  readonly units: number;
  readonly boxes: number;
}

/** The change in the packages in a holding that have a title or a sight of their own. */
export interface OwnChange {
  readonly holding: string;
  readonly delta: number;
  /** When the newest of them that came was stated, see {@link ownSince}; 0 for none. */
  readonly at: number;
}

/** All changes in the counts of holdings. */
export interface Recounted {
  readonly counts: readonly CountChange[];
  readonly owns: readonly OwnChange[];
}

/** What changes in the structure: where packages are after the batch, and which fillings are open. */
export interface Restructuring {
  /** Packages whose newest row, kind or lot changes. */
  readonly changed: ReadonlySet<string>;
  /** Containers whose open filling changes. */
  readonly refilled: ReadonlySet<string>;
  /** The new newest row of a package. */
  readonly newestOf: (key: string) => Row | undefined;
}

/** Stands for a lot: packages with a title or a sight of their own are counted like units. */
const OWN = '~';

type Lots = ReadonlyMap<string, number>;

interface Delta {
  units: number;
  boxes: number;
}

/**
 * The changes in the counts (HOLDS). Every changed package is taken out of the old structure, the fillings and lots are moved,
 * then all packages are put into the new structure. Each (holding, lot) is summed and written once (README.md rule 18).
 *
 * @throws NotLoaded when the counts of a moved container are not loaded
 */
export function recount(world: World, edits: Edits, moves: Restructuring): Recounted {
  return new Recount(world, edits, moves).run();
}

/** Whether a package inside something has a title or a sight of its own. */
export function hasOwn({ title, apart }: Row): boolean {
  return title !== undefined || apart !== undefined;
}

/** Later than any title: a sight of its own holds whatever is stated of what is around it. */
const OWN_FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Since when a package inside something has a title or a sight of its own; 0 when it has none. */
function ownSince({ title, apart }: Row): number {
  return apart === undefined ? (title?.at ?? 0) : OWN_FOR_EVER;
}

/** The recorded units in a holding, by lot. */
export function countsIn(world: World, holding: string): ReadonlyMap<string, number> {
  if (world.complete || world.holdings.has(holding)) return world.count(holding);
  return world.counts.get(holding) ?? new Map<string, number>();
}

class Recount {
  private readonly deltas = new Map<string, Map<string, Delta>>();
  private readonly ownAt = new Map<string, number>();
  private readonly nowIn = new Map<string, string | null>();
  private readonly current = new Map<string, string>();
  private after = false;

  constructor(
    private readonly world: World,
    private readonly edits: Edits,
    private readonly moves: Restructuring,
  ) {}

  run(): Recounted {
    const { changed, refilled, newestOf } = this.moves;
    for (const key of changed) {
      this.put(key, this.in(key), this.world.head(key).open, -1);
      this.nowIn.set(key, null);
    }
    for (const box of refilled) this.refill(box);
    this.after = true;
    for (const key of changed) {
      const row = newestOf(key);
      const holding = row?.holding ?? null;
      this.put(key, holding, row, 1);
      this.nowIn.set(key, holding);
    }
    return this.recounted();
  }

  private recounted(): Recounted {
    const counts: CountChange[] = [];
    const owns: OwnChange[] = [];
    for (const [holding, lots] of this.deltas)
      for (const [lot, { units, boxes }] of lots)
        if (lot !== OWN && (units !== 0 || boxes !== 0))
          counts.push({ holding, lot, units, boxes });
        else if (units !== 0) owns.push({ holding, delta: units, at: 0 });
    return { counts, owns: this.dated(owns) };
  }

  /** With when the newest was stated; also for holdings in which one came for another. */
  private dated(owns: readonly OwnChange[]): OwnChange[] {
    const deltas = new Map(owns.map(({ holding, delta }) => [holding, delta]));
    for (const [holding, at] of this.ownAt)
      if (at > (this.world.ownAt.get(holding) ?? 0) && !deltas.has(holding)) deltas.set(holding, 0);
    return [...deltas].map(([holding, delta]) => ({
      ...{ holding, delta, at: this.ownAt.get(holding) ?? 0 },
    }));
  }

  private isBox(key: string): boolean {
    return this.after ? this.edits.isContainer(key) : this.world.head(key).container;
  }

  /** A unit counts as one of its lot. A container counts what its open filling holds, and itself as one box. */
  private put(key: string, holding: string | null, row: Row | undefined, sign: number): void {
    if (holding === null) return;
    if (row !== undefined && hasOwn(row)) this.add(holding, new Map([[OWN, 1]]), sign, false);
    if (row !== undefined && this.after) this.raise(holding, ownSince(row));
    if (this.isBox(key)) {
      const filling = this.currentOf(key);
      this.add(holding, this.countOf(filling), sign, true);
      if (this.after) this.raise(holding, this.ownAtOf(filling));
    } else {
      const lot = this.after ? this.edits.lotOf(key) : this.world.head(key).lot;
      this.add(holding, new Map([[lot, 1]]), sign, false);
    }
  }

  private refill(box: string): void {
    const was = this.currentOf(box);
    const now = this.edits.fillingAt(box, Infinity, false);
    const around = this.in(box);
    if (around !== null) this.add(around, this.countOf(was), -1, true);
    this.current.set(box, now);
    if (around === null) return;
    this.add(around, this.countOf(now), 1, true);
    this.raise(around, this.ownAtOf(now));
  }

  private ownAtOf(holding: string): number {
    return Math.max(this.world.ownAt.get(holding) ?? 0, this.ownAt.get(holding) ?? 0);
  }

  private raise(holding: string, at: number): void {
    for (let one: string | null = holding; one !== null && at > 0; one = this.around(one))
      this.ownAt.set(one, Math.max(this.ownAt.get(one) ?? 0, at));
  }

  private in(key: string): string | null {
    const now = this.nowIn.get(key);
    return now === undefined ? (this.world.head(key).open?.holding ?? null) : now;
  }

  private currentOf(box: string): string {
    return this.current.get(box) ?? this.world.head(box).current.id;
  }

  private countOf(holding: string): Lots {
    const lots = new Map(this.recordedCount(holding));
    for (const [lot, { units }] of this.deltas.get(holding) ?? [])
      lots.set(lot, (lots.get(lot) ?? 0) + units);
    return lots;
  }

  private unitsIn(holding: string, lot: string): number {
    const delta = this.deltas.get(holding)?.get(lot)?.units ?? 0;
    return (this.recordedCount(holding).get(lot) ?? 0) + delta;
  }

  private recordedCount(holding: string): Lots {
    const own = this.world.owns.get(holding) ?? 0;
    const lots = countsIn(this.world, holding);
    return own === 0 ? lots : new Map([...lots, [OWN, own]]);
  }

  private add(holding: string, lots: Lots, sign: number, asBox: boolean): void {
    for (const [lot, n] of lots) if (n !== 0) this.addLot(holding, lot, sign * n, asBox ? sign : 0);
  }

  /** Adds units to a holding and to the open fillings around it. A box counts for a lot while it holds a unit of that lot. */
  private addLot(holding: string, lot: string, units: number, boxesHere: number): void {
    let boxes = boxesHere;
    for (let at: string | null = holding; at !== null;) {
      const around = this.around(at);
      const before = around === null ? 0 : this.unitsIn(at, lot);
      const delta = this.deltaOf(at, lot);
      delta.units += units;
      delta.boxes += boxes;
      boxes = Number(before + units > 0) - Number(before > 0);
      at = around;
    }
  }

  private deltaOf(holding: string, lot: string): Delta {
    const lots = this.deltas.get(holding) ?? new Map<string, Delta>();
    this.deltas.set(holding, lots);
    const delta = lots.get(lot) ?? { units: 0, boxes: 0 };
    lots.set(lot, delta);
    return delta;
  }

  /** The holding around an open filling is the one its container is in. Any other holding has none around it. */
  private around(holding: string): string | null {
    const box = boxOf(holding);
    if (box === null || this.currentOf(box) !== holding) return null;
    return this.in(box);
  }
}
