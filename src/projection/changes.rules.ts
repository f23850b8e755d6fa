import { boxOf, fillingId } from '../holdings/holding.js';
import type { Derivation, Judgement } from './derive.rules.js';
import type { Fact } from './fact.js';
import type { FlowChange } from './flows.rules.js';
import { Flows } from './flows.rules.js';
import type { CountChange, OwnChange } from './holds.rules.js';
import { recount } from './holds.rules.js';
import type { LotsSeen, ShownChange } from './shows.rules.js';
import { Showing, recordedShowing } from './shows.rules.js';
import type { Sight } from './sight.js';
import { NO_ORGANISATIONS } from './sight.js';
import type { Claim, Effect, Holding, Row } from './state.js';
import { namesOf, openerOf, sameEffect, sameRow } from './state.js';
import { groupBy } from '../shared/group-by.js';
import type { Viewers } from './viewers.js';
import { viewersOfWithdrawn } from './viewers.rules.js';
import { forEachLoaded } from './world.js';
import type { World } from './world.js';

/** A row and the instant at which it ends; null while it is open. */
export interface Interval {
  readonly row: Row;
  readonly to: number | null;
}

/** How the rows of one package change. A row is identified by its `from`. */
export interface RowChange {
  readonly key: string;
  readonly removed: readonly Row[];
  readonly retimed: readonly Interval[];
  readonly created: readonly Interval[];
}

/** A package after the batch. */
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

/** A filling after the batch. `effect` is its place while it is a top, and null while it is inside something. */
export interface FillingChange {
  readonly id: string;
  readonly box: string;
  readonly from: number;
  readonly dissolvedAt: number | null;
  readonly endedBy: string | null;
  readonly effect: Effect | null;
  /** Its opening boundary was retracted, so nothing is in it any more. */
  readonly gone: boolean;
}

/** Who sees an event after the batch. */
export interface SeenChange {
  readonly eventId: string;
  readonly viewers: Viewers;
  /** The event was recorded before, so that something may be recorded of who sees it. */
  readonly again: boolean;
}

/** What a batch writes into the projection. Except for deltas, everything is the new state, so writing it twice does no harm. */
export interface Changes {
  readonly packages: readonly PackageChange[];
  readonly rows: readonly RowChange[];
  readonly holdings: readonly Holding[];
  readonly fillings: readonly FillingChange[];
  readonly counts: readonly CountChange[];
  /** Packages with a title or a sight of their own. */
  readonly owns: readonly OwnChange[];
  /** What organisations see in the tops whose contents or sight change. It replaces what is recorded. */
  readonly shown: readonly ShownChange[];
  /** Units in a holding that organisations see, by lot, when it is seen like this. */
  readonly lotsSeen: (holding: string, sight: Sight) => LotsSeen;
  /** The same before the batch. */
  readonly lotsSeenBefore: (holding: string, sight: Sight) => LotsSeen;
  /** Who sees events. It replaces what is recorded. */
  readonly seen: readonly SeenChange[];
  readonly flows: readonly FlowChange[];
  readonly marked: readonly { readonly holding: string; readonly delta: number }[];
  readonly findings: Derivation['findings'];
  readonly receipts: Derivation['receipts'];
  /** Claimed lots by package, for packages whose claims may differ from the recorded ones. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** The new newest row of each package whose newest row changes. */
  readonly newest: ReadonlyMap<string, Row | undefined>;
}

/**
 * Compares a derivation with what is recorded and returns the difference.
 *
 * @param withdrawn facts of events that are declared in error before anything was derived from them
 * @throws NotLoaded when the counts of a moved container are not loaded
 */
export function changesOf(
  world: World,
  derivation: Derivation,
  withdrawn: readonly Fact[] = [],
): Changes {
  return new Comparing(world, derivation, withdrawn).run();
}

class Comparing {
  private readonly rows: RowChange[] = [];
  private readonly newest = new Map<string, Row | undefined>();
  private readonly changed = new Set<string>();
  private readonly marked = new Map<string, number>();
  private readonly flows = new Flows();
  private readonly fillingIds = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly derivation: Derivation,
    private readonly withdrawn: readonly Fact[],
  ) {}

  run(): Changes {
    const { edits, judged, findings, receipts } = this.derivation;
    for (const [key, list] of judged) this.compareRows(key, list);
    const moved = new Set(this.rows.map(({ key }) => key));
    for (const key of edits.newLots.keys()) if (!edits.isContainer(key)) this.changed.add(key);
    for (const key of new Set([...edits.newLots.keys(), ...edits.kindChanged]))
      if (!moved.has(key)) this.noteFlows(key, this.world.head(key).history?.rows ?? []);
    for (const key of edits.kindChanged) this.changed.add(key);
    const refilled = new Set(
      [...edits.boxes].filter((box) => this.currentOf(box) !== this.world.head(box).current.id),
    );
    const newestOf = (key: string): Row | undefined => this.newestOf(key);
    const moves = { changed: this.changed, refilled, newestOf };
    const { counts, owns } = recount(this.world, edits, moves);
    const fillings = this.fillings();
    const showing = this.showing(counts, owns);
    return {
      packages: this.packages(),
      rows: this.rows,
      holdings: this.holdings(),
      fillings,
      counts,
      owns,
      shown: this.shown(showing, { counts, owns, fillings }),
      lotsSeen: (holding, sight) => showing.lotsSeen(holding, sight),
      lotsSeenBefore: (holding, sight) => recordedShowing(this.world).lotsSeen(holding, sight),
      seen: this.seen(),
      flows: this.flows.list(),
      marked: [...this.marked].flatMap(([holding, delta]) =>
        delta === 0 ? [] : [{ holding, delta }],
      ),
      findings,
      receipts,
      claims: edits.claims,
      newest: this.newest,
    };
  }

  private showing(counts: readonly CountChange[], owns: readonly OwnChange[]): Showing {
    return new Showing(this.world, {
      edits: this.derivation.edits,
      counts,
      owns,
      newestOf: (key) => this.newestOf(key),
      newest: this.newest,
      topOf: (holding) => this.topOf(holding),
    });
  }

  private shown(
    showing: Showing,
    { counts, owns, fillings }: Pick<Changes, 'counts' | 'owns' | 'fillings'>,
  ): readonly ShownChange[] {
    const gone = new Set(fillings.flatMap(({ id, gone }) => (gone ? [id] : [])));
    const touched = new Set(fillings.map(({ id }) => id));
    for (const { holding } of [...counts, ...owns]) touched.add(holding);
    for (const key of this.changed) showing.addTopsOf(key, touched);
    const stay = [...touched].filter((id) => !gone.has(id));
    return forEachLoaded(stay, (id) => showing.changeOf(id)).flatMap((change) => change ?? []);
  }

  /** Place, status and sight of a top; null when the holding is inside something. */
  private topOf(id: string): Partial<Effect> | null {
    const box = boxOf(id);
    if (box === null)
      return (this.derivation.holdings.get(id) ?? this.world.holding(id)).effect ?? {};
    const end = this.derivation.edits.endOf(id, box);
    if (end !== undefined) return this.outcomeOf(`${end.id} ${box}`) ?? {};
    const row = this.newestOf(box);
    return row?.holding === null ? (row.own ?? {}) : null;
  }

  private seen(): readonly SeenChange[] {
    if (this.world.organisations === NO_ORGANISATIONS) return [];
    const { edits, seen } = this.derivation;
    const added = new Set(edits.added.map(({ eventId }) => eventId));
    const judged = [...seen].map(([eventId, viewers]) => ({
      eventId,
      viewers,
      again: !added.has(eventId),
    }));
    const { removed } = edits;
    return [...judged, ...this.seenOf(removed, true), ...this.seenOf(this.withdrawn, false)];
  }

  /** Who sees events that are declared in error. */
  private seenOf(facts: readonly Fact[], again: boolean): SeenChange[] {
    const { organisations } = this.world;
    return [...groupBy(facts, ({ eventId }) => eventId)].map(([eventId, all]) => ({
      eventId,
      viewers: viewersOfWithdrawn(all, organisations),
      again,
    }));
  }

  private newestOf(key: string): Row | undefined {
    return this.newest.has(key) ? this.newest.get(key) : this.world.head(key).open;
  }

  private currentOf(box: string): string {
    return this.derivation.edits.fillingAt(box, Infinity, false);
  }

  private compareRows(key: string, list: readonly Judgement[]): void {
    if (list.every(({ same }) => same)) return;
    const old = this.recordedRows(key, list[0]?.t ?? 0);
    const rows = splice(old, list);
    const change = difference(key, old, rows);
    if (change !== null) {
      this.rows.push(change);
      this.noteFlows(key, rows, old);
    }
    this.compareNewest(key, rows[rows.length - 1]);
  }

  /** Recorded rows of a package. It is only the newest row when that is older than `first` and the history is not loaded. */
  private recordedRows(key: string, first: number): readonly Row[] {
    const { open, history } = this.world.head(key);
    if (history !== undefined) return history.rows;
    if (open === undefined) return [];
    return open.from < first ? [open] : this.world.history(key).rows;
  }

  /** Replaces the recorded way of a unit through holdings by its new way, each counted for the lot of that time. */
  private noteFlows(key: string, rows: readonly Row[], old: readonly Row[] = rows): void {
    const { edits } = this.derivation;
    const { container, lot, open, history } = this.world.head(key);
    const first = history === undefined && open !== undefined ? 1 : 0;
    if (!container) this.flows.add(lot, old, -1, first);
    if (!edits.isContainer(key)) this.flows.add(edits.lotOf(key), rows, 1, first);
  }

  private compareNewest(key: string, newest: Row | undefined): void {
    const { open } = this.world.head(key);
    const same = sameRow(open, newest);
    if (same && open?.from === newest?.from) return;
    this.newest.set(key, newest);
    if (same) return;
    this.changed.add(key);
    this.countMark(open, -1);
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
    const changes: PackageChange[] = [];
    for (const key of new Set([...edits.named(), ...judged.keys(), ...inner.keys()])) {
      const newestFacts = { last: last.get(key) ?? -1, inner: inner.get(key) ?? -1 };
      const change = this.packageOf(key, newestFacts);
      if (!isSamePackage(this.world.head(key), change)) changes.push(change);
    }
    return changes;
  }

  private packageOf(
    key: string,
    newestFacts: { readonly last: number; readonly inner: number },
  ): PackageChange {
    const { edits } = this.derivation;
    const head = this.world.head(key);
    const container = edits.isContainer(key);
    const lot = edits.lotOf(key);
    const opener = container ? edits.boundaries(key).at(-1) : undefined;
    return {
      key,
      isNew: !head.exists,
      container,
      kindChanged: head.exists && head.container !== container,
      lotChanged: head.exists && head.lot !== lot,
      lot,
      last: Math.max(head.last, newestFacts.last),
      inner: Math.max(head.inner, newestFacts.inner),
      current: { id: fillingId(key, opener?.id ?? '0'), from: opener?.t ?? -1 },
    };
  }

  private holdings(): readonly Holding[] {
    const used = this.referenced();
    return [...this.derivation.holdings.values()].filter(
      ({ id }) => used.has(id) && !this.world.holdings.has(id),
    );
  }

  // Fillings: which are opened and ended, and the place of those that are tops

  private fillings(): readonly FillingChange[] {
    const { edits, outcomes } = this.derivation;
    const referenced = this.referenced();
    for (const id of referenced)
      if (boxOf(id) !== null && !this.world.holdings.has(id)) this.fillingIds.add(id);
    for (const { filling } of outcomes.values()) this.fillingIds.add(filling);
    for (const box of edits.boxes) {
      const boundaries = edits.boundaries(box);
      for (const { id } of boundaries) this.fillingIds.add(fillingId(box, id));
    }
    const changes: FillingChange[] = [];
    for (const id of this.fillingIds) {
      const change = this.filling(id, referenced);
      if (change !== null) changes.push(change);
    }
    return [...changes, ...this.goneFillings()];
  }

  /** Holdings that new rows point to. */
  private referenced(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const { created } of this.rows)
      for (const { row } of created) if (row.holding !== null) ids.add(row.holding);
    return ids;
  }

  private filling(id: string, referenced: ReadonlySet<string>): FillingChange | null {
    const { edits } = this.derivation;
    const box = boxOf(id) ?? '';
    const end = edits.endOf(id, box);
    const known = this.world.holdings.get(id);
    // An open filling that nothing ever joined has no node.
    if (end === undefined && known === undefined && !referenced.has(id)) return null;
    const from = this.openedAt(id, box);
    const change: FillingChange =
      end === undefined
        ? { ...openFilling(id, box, from), effect: this.newestOf(box)?.own ?? null }
        : {
            ...openFilling(id, box, from),
            dissolvedAt: end.t,
            endedBy: end.id,
            effect: this.outcomeOf(`${end.id} ${box}`),
          };
    return isSameFilling(known, change) ? null : change;
  }

  private openedAt(filling: string, box: string): number {
    const opener = openerOf(filling);
    const opened = this.derivation.edits.boundaries(box).find(({ id }) => id === opener);
    return opened?.t ?? this.world.holdings.get(filling)?.from ?? -1;
  }

  private outcomeOf(key: string): Effect | null {
    return this.derivation.outcomes.get(key)?.effect ?? this.world.outcomes.get(key) ?? null;
  }

  /** Fillings whose opening boundary is retracted, and all fillings of packages that are no longer containers. */
  private goneFillings(): FillingChange[] {
    const { edits } = this.derivation;
    const ids = edits.removed.flatMap((fact) =>
      namesOf(fact).flatMap((box) => (edits.boxes.has(box) ? [fillingId(box, fact.id)] : [])),
    );
    const gone = new Set([...ids, ...edits.unopened].filter((id) => this.world.holdings.has(id)));
    const units = new Set([...edits.kindChanged].filter((key) => !edits.isContainer(key)));
    if (units.size > 0)
      for (const { id, box } of this.world.holdings.values())
        if (box !== undefined && units.has(box)) gone.add(id);
    return [...gone].map((id) => ({ ...openFilling(id, boxOf(id) ?? '', -1), gone: true }));
  }
}

/** A filling that is open and inside something. */
function openFilling(id: string, box: string, from: number): FillingChange {
  return { id, box, from, dissolvedAt: null, endedBy: null, effect: null, gone: false };
}

/** Joins the recorded rows before the first judged instant, the judged rows while they differ, and the recorded rows after; merges equal neighbours. */
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
