import type { Derivation, Judgement } from './derive.rules.js';
import type { CountChange } from './holds.rules.js';
import { recount } from './holds.rules.js';
import type { Effect, Holding, Row } from './state.js';
import { boxOf, fillingId, namesOf, sameEffect, sameRow } from './state.js';
import type { World } from './world.js';

/** A row and the instant it ends, or null while it lasts. */
export interface Interval {
  readonly row: Row;
  readonly to: number | null;
}

/** How the rows of one package change. A row is known by its `from`. */
export interface RowChange {
  readonly key: string;
  readonly removed: readonly Row[];
  readonly retimed: readonly Interval[];
  readonly created: readonly Interval[];
}

/** A package as it will be. */
export interface PackageChange {
  readonly key: string;
  readonly isNew: boolean;
  readonly container: boolean;
  readonly kindChanged: boolean;
  readonly lotChanged: boolean;
  readonly lot: string;
  readonly last: number;
  readonly inner: number;
  readonly current: { readonly id: string; readonly from: number };
}

/** A filling as it will be; `effect` is its place while it is a top, null inside something. */
export interface FillingChange {
  readonly id: string;
  readonly box: string;
  readonly from: number;
  readonly dissolvedAt: number | null;
  readonly endedBy: string | null;
  readonly effect: Effect | null;
  /** Its opening boundary was retracted: nothing is in it any more. */
  readonly gone: boolean;
}

/** What a batch writes into the projection. Deltas apart, everything is the state to be, so writing it twice is harmless. */
export interface Changes {
  readonly packages: readonly PackageChange[];
  readonly rows: readonly RowChange[];
  readonly holdings: readonly Holding[];
  readonly fillings: readonly FillingChange[];
  readonly counts: readonly CountChange[];
  readonly marked: readonly { readonly holding: string; readonly delta: number }[];
  readonly findings: Derivation['findings'];
  readonly receipts: Derivation['receipts'];
  /** Newest row per package whose newest row changes, as it will be. */
  readonly newest: ReadonlyMap<string, Row | undefined>;
}

/**
 * Compares a derivation with what is recorded and gives the difference.
 *
 * @throws NotLoaded when counts of a moved container are not there
 */
export function changesOf(world: World, derivation: Derivation): Changes {
  return new Comparing(world, derivation).run();
}

class Comparing {
  private readonly rows: RowChange[] = [];
  private readonly newest = new Map<string, Row | undefined>();
  private readonly changed = new Set<string>();
  private readonly marked = new Map<string, number>();
  private readonly fillingIds = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly derivation: Derivation,
  ) {}

  run(): Changes {
    const { edits, judged, findings, receipts } = this.derivation;
    for (const [key, list] of judged) this.compareRows(key, list);
    for (const key of edits.newLots.keys()) if (!edits.isContainer(key)) this.changed.add(key);
    for (const key of edits.kindChanged) this.changed.add(key);
    const refilled = new Set(
      [...edits.boxes].filter((box) => this.currentOf(box) !== this.world.head(box).current.id),
    );
    const nowIn = new Map(
      [...this.changed].map((key) => [key, this.newestOf(key)?.holding ?? null]),
    );
    const counts = recount(this.world, edits, { changed: this.changed, refilled, nowIn });
    return {
      packages: this.packages(),
      rows: this.rows,
      holdings: this.holdings(),
      fillings: this.fillings(),
      counts,
      marked: [...this.marked].flatMap(([holding, delta]) =>
        delta === 0 ? [] : [{ holding, delta }],
      ),
      findings,
      receipts,
      newest: this.newest,
    };
  }

  private newestOf(key: string): Row | undefined {
    return this.newest.has(key) ? this.newest.get(key) : this.world.head(key).open;
  }

  private currentOf(box: string): string {
    return this.derivation.edits.fillingAt(box, Infinity, false);
  }

  private compareRows(key: string, list: readonly Judgement[]): void {
    const head = this.world.head(key);
    if (list.every(({ same }) => same)) return;
    const first = list[0]?.t ?? 0;
    const appends = head.open === undefined || head.open.from < first;
    const old =
      appends && head.history === undefined ? optional(head.open) : this.world.history(key).rows;
    const rows = splice(old, list);
    const change = difference(key, old, rows);
    if (change !== null) this.rows.push(change);
    const newest = rows[rows.length - 1];
    if (sameRow(head.open, newest) && head.open?.from === newest?.from) return;
    this.newest.set(key, newest);
    if (sameRow(head.open, newest)) return;
    this.changed.add(key);
    this.countMark(head.open, -1);
    this.countMark(newest, 1);
    if (this.derivation.edits.isContainer(key)) this.fillingIds.add(this.currentOf(key));
  }

  private countMark(row: Row | undefined, sign: number): void {
    if (row?.mark?.differs !== true || row.holding === null) return;
    this.marked.set(row.holding, (this.marked.get(row.holding) ?? 0) + sign);
  }

  private packages(): readonly PackageChange[] {
    const { edits, judged, inner } = this.derivation;
    const last = new Map<string, number>();
    for (const fact of edits.added)
      for (const key of namesOf(fact)) if (fact.t > (last.get(key) ?? -1)) last.set(key, fact.t);
    const keys = new Set([...edits.named(), ...judged.keys(), ...inner.keys()]);
    return [...keys].flatMap((key) => {
      const head = this.world.head(key);
      const container = edits.isContainer(key);
      const opener = container ? edits.boundaries(key).at(-1) : undefined;
      const change: PackageChange = {
        key,
        isNew: !head.exists,
        container,
        kindChanged: head.exists && head.container !== container,
        lotChanged: head.exists && head.lot !== edits.lotOf(key),
        lot: edits.lotOf(key),
        last: Math.max(head.last, last.get(key) ?? -1),
        inner: Math.max(head.inner, inner.get(key) ?? -1),
        current: { id: fillingId(key, opener?.id ?? '0'), from: opener?.t ?? -1 },
      };
      return isSamePackage(head, change) ? [] : [change];
    });
  }

  private holdings(): readonly Holding[] {
    const used = new Set<string>();
    for (const { created } of this.rows)
      for (const { row } of created) if (row.holding !== null) used.add(row.holding);
    return [...this.derivation.holdings.values()].filter(
      ({ id }) => used.has(id) && !this.world.holdings.has(id),
    );
  }

  // Fillings: opened, ended, and the place of those on top

  private fillings(): readonly FillingChange[] {
    const { edits, outcomes } = this.derivation;
    for (const { created } of this.rows)
      for (const { row } of created)
        if (
          row.holding !== null &&
          boxOf(row.holding) !== null &&
          !this.world.holdings.has(row.holding)
        )
          this.fillingIds.add(row.holding);
    for (const { filling } of outcomes.values()) this.fillingIds.add(filling);
    for (const box of edits.boxes) {
      const boundaries = edits.boundaries(box);
      for (const { id } of boundaries) this.fillingIds.add(fillingId(box, id));
    }
    const referenced = this.referenced();
    const gone = this.goneFillings();
    return [...[...this.fillingIds].flatMap((id) => this.filling(id, referenced)), ...gone];
  }

  private referenced(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const { created } of this.rows)
      for (const { row } of created) if (row.holding !== null) ids.add(row.holding);
    return ids;
  }

  private filling(id: string, referenced: ReadonlySet<string>): FillingChange[] {
    const { edits } = this.derivation;
    const box = boxOf(id) ?? '';
    const end = edits.endOf(id, box);
    const known = this.world.holdings.get(id);
    // An open filling that nothing ever joined is no node.
    if (end === undefined && known === undefined && !referenced.has(id)) return [];
    const effect =
      end === undefined ? (this.newestOf(box)?.own ?? null) : this.outcomeOf(`${end.id} ${box}`);
    const opener = edits.boundaries(box).find((one) => fillingId(box, one.id) === id);
    const change: FillingChange = {
      id,
      box,
      from: opener?.t ?? known?.from ?? -1,
      dissolvedAt: end?.t ?? null,
      endedBy: end?.id ?? null,
      effect,
      gone: false,
    };
    return isSameFilling(known, change) ? [] : [change];
  }

  private outcomeOf(key: string): Effect | null {
    return this.derivation.outcomes.get(key)?.effect ?? this.world.outcomes.get(key) ?? null;
  }

  /** Fillings whose opening boundary is retracted, and all of what is no container any more. */
  private goneFillings(): FillingChange[] {
    const { edits } = this.derivation;
    const ids = edits.removed.flatMap((fact) =>
      namesOf(fact).flatMap((box) => (edits.boxes.has(box) ? [fillingId(box, fact.id)] : [])),
    );
    const gone = new Set(ids.filter((id) => this.world.holdings.has(id)));
    for (const key of edits.kindChanged)
      if (!edits.isContainer(key))
        for (const { id, box } of this.world.holdings.values()) if (box === key) gone.add(id);
    return [...gone].map((id) => ({
      id,
      box: boxOf(id) ?? '',
      from: -1,
      dissolvedAt: null,
      endedBy: null,
      effect: null,
      gone: true,
    }));
  }
}

function optional(row: Row | undefined): readonly Row[] {
  return row === undefined ? [] : [row];
}

/** Recorded before the first judged instant, judged while they differ, recorded again after; equal neighbours merged. */
function splice(old: readonly Row[], list: readonly Judgement[]): readonly Row[] {
  const first = list[0]?.t ?? Infinity;
  const rows: Row[] = old.filter((row) => row.from < first);
  const put = (row: Row): void => {
    const before = rows[rows.length - 1];
    if (before === undefined || !sameRow(before, row)) rows.push(row);
  };
  list.forEach(({ t, row, same }, i) => {
    if (row !== undefined) put(row.from === t ? row : { ...row, from: t });
    if (!same) return;
    const end = list[i + 1]?.t ?? Infinity;
    for (const later of old) if (later.from > t && later.from < end) put(later);
  });
  return rows;
}

function difference(key: string, old: readonly Row[], rows: readonly Row[]): RowChange | null {
  const before = new Map(old.map((row, i) => [row.from, { row, to: old[i + 1]?.from ?? null }]));
  const retimed: Interval[] = [];
  const created: Interval[] = [];
  rows.forEach((row, i) => {
    const to = rows[i + 1]?.from ?? null;
    const known = before.get(row.from);
    if (known === undefined || !sameRow(known.row, row)) {
      created.push({ row, to });
      return;
    }
    before.delete(row.from);
    if (known.to !== to) retimed.push({ row, to });
  });
  const removed = [...before.values()].map((one) => one.row);
  if (removed.length + retimed.length + created.length === 0) return null;
  return { key, removed, retimed, created };
}

function isSamePackage(head: ReturnType<World['head']>, change: PackageChange): boolean {
  return (
    !change.isNew &&
    !change.kindChanged &&
    head.lot === change.lot &&
    head.last === change.last &&
    head.inner === change.inner &&
    (!change.container || head.current.id === change.current.id)
  );
}

function isSameFilling(known: Holding | undefined, change: FillingChange): boolean {
  return (
    known !== undefined &&
    (known.dissolvedAt ?? null) === change.dissolvedAt &&
    (known.endedBy ?? null) === change.endedBy &&
    sameEffect(known.effect ?? null, change.effect)
  );
}
