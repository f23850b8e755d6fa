import { ENDED, markOf, NOW, placeOf } from './holding.js';
import type { MarkColumns } from './holding.js';
import { joined, touchingOf } from './touching.rules.js';
import type { Membership, Touching, Window } from './touching.rules.js';
import { isSamePlace, whereaboutsOf } from './whereabouts.rules.js';
import type { PackageRow, Point, Whereabouts } from './whereabouts.rules.js';

/** A stored row of a package: its IN with the holding, or its STAY with the site. Properties that are not set are absent. */
export interface StoredRow extends MarkColumns {
  readonly from: number;
  readonly to?: number;
  /** Properties of the holding, if it is in one. */
  readonly id?: string;
  readonly kind?: string;
  readonly box?: string;
  readonly dissolvedAt?: number;
  readonly endedBy?: string;
  /** Properties of the holding or of the STAY. */
  readonly mode?: string;
  readonly site?: string;
  readonly origin?: string;
  readonly by?: string;
  readonly status?: string;
  readonly since?: number;
  /** Who sees what stands alone: organisations that have it, and the one that owns it (src/projection/README.md, Sight). */
  readonly hands?: readonly string[];
  readonly title?: string;
  readonly titleAt?: number;
  readonly believed?: string;
  /** Where they are told that it is, when others claim that it is elsewhere; see `placeOfText`. */
  readonly told?: string;
  /** A title of its own while inside. */
  readonly mTitle?: string;
  readonly mTitleSince?: number;
  readonly mTitleAt?: number;
  /** A sight of its own while inside. */
  readonly apart?: readonly string[];
  readonly apartTitle?: string;
  readonly apartTitleAt?: number;
  readonly apartBelieved?: string;
}

/** Most steps back in time to find the beginning of a stay. */
const MAX_STEPS = 64;

/** The window of the package itself: all time up to the instant of the point, the instant included. */
export function windowOf({ key, at }: Point): Window {
  return { key, level: 0, from: -Infinity, to: at === NOW ? Infinity : at + 1 };
}

/** The rows of some packages and of the containers around them while they were inside. It answers all questions that follow from these. */
export class History {
  /** Oldest first. */
  protected readonly rows: ReadonlyMap<string, readonly StoredRow[]>;
  readonly #memberships: ReadonlyMap<string, readonly Membership[]>;

  /**
   * @param rows by key, in any order, perhaps repeated; a known package without rows has an empty list
   * @param cut keys of packages of which only the newest rows were read
   */
  constructor(
    rows: ReadonlyMap<string, readonly StoredRow[]>,
    readonly cut: ReadonlySet<string> = new Set(),
  ) {
    this.rows = new Map([...rows].map(([key, found]) => [key, inOrder(found)]));
    this.#memberships = new Map([...this.rows].map(([key, found]) => [key, insideOf(found)]));
  }

  /** Whether any event, active or not, names the package. */
  isKnown(key: string): boolean {
    return this.rows.has(key);
  }

  /** Until when who asks saw the package: {@link NOW} as long as he does, and before all time if he never did. */
  seenUntil(key: string): number {
    return this.isKnown(key) ? NOW : -NOW;
  }

  /** Whether the instant is before the rows that were read. */
  isBeforeCut({ key, at }: Point): boolean {
    return this.cut.has(key) && this.rowAt(key, at) === undefined;
  }

  /** Where a package is at an instant, with the containers around it. */
  whereabouts({ key, at }: Point): Whereabouts {
    return whereaboutsOf(key, (k) => this.rowAt(k, at));
  }

  /**
   * Since when a package has been at its place, epoch ms. It goes back from change to change until the place differs. Null when
   * nothing is known or the stay has too many changes; undefined when the answer is before the rows that were read.
   */
  placeSince(found: Whereabouts): number | null | undefined {
    let since = found.from;
    for (let step = 0; step < MAX_STEPS && since !== null; step++) {
      const point = { key: found.key, at: since - 1 };
      if (this.isBeforeCut(point)) return undefined;
      const was = this.whereabouts(point);
      if (!was.known || was.from === null || !isSamePlace(found, was)) return since;
      since = was.from;
    }
    return null;
  }

  /** Everything whose events touched a package within a window; see {@link windowOf}. */
  touching(start: Window): Touching {
    return touchingOf(start, this.#memberships);
  }

  /** The newest end after which the package began a new life, epoch ms; null when it never did. */
  reborn(key: string): number | null {
    const ends = (this.rows.get(key) ?? []).flatMap((row) => (isEnd(row) ? (row.to ?? []) : []));
    return ends.at(-1) ?? null;
  }

  /** The windows of the containers at this level around the packages, which are to be read next. */
  beyond(starts: readonly Window[], levels: number): Window[] {
    const windows = starts.flatMap((start) => this.touching(start).windows);
    const next = windows.filter(({ level }) => level === levels);
    return next.map((window) => ({ ...window, level: 0 }));
  }

  /**
   * Whether something was read in the middle of a commit. In a whole state, a package that has a place before the end of a window has
   * one at its end, and a container has a place all the time that it holds something.
   */
  isTorn(starts: readonly Window[]): boolean {
    return starts.some((start) => this.touching(start).windows.some((one) => this.#hasGap(one)));
  }

  #hasGap({ key, level, from, to }: Window): boolean {
    const rows = (this.rows.get(key) ?? []).filter((row) => row.from < to);
    let until = level > 0 ? from : (rows.at(-1)?.from ?? to);
    for (const row of rows) if (row.from <= until) until = Math.max(until, row.to ?? Infinity);
    return until < to;
  }

  /** The row of a package that covers an instant, read as of then. */
  protected rowAt(key: string, at: number): PackageRow | undefined {
    const row = this.storedAt(key, at);
    return row === undefined ? undefined : rowAsOf(row, at);
  }

  /** The row of a package that covers an instant. */
  protected storedAt(key: string, at: number): StoredRow | undefined {
    return this.rows.get(key)?.findLast(({ from, to = Infinity }) => from <= at && at < to);
  }
}

/** The container around the package of a row at an instant; undefined when nothing is. */
export function boxAt(
  { kind, box, dissolvedAt = Infinity }: StoredRow,
  at: number,
): string | undefined {
  return kind === 'FILLING' && at < dissolvedAt ? box : undefined;
}

/** Reads a row as of an instant. A filling that was emptied by then is a holding with its own place. */
function rowAsOf(row: StoredRow, at: number): PackageRow {
  const mark = markOf(row);
  const inHolding = {
    ...(row.id === undefined ? {} : { holding: row.id }),
    ...(mark === null ? {} : { mark }),
  };
  const emptiedAt = row.dissolvedAt ?? Infinity;
  const isEmptied = emptiedAt <= at;
  const box = boxAt(row, at);
  if (box !== undefined) return { from: row.from, box, ...inHolding };
  const from = isEmptied ? Math.max(row.from, emptiedAt) : row.from;
  const own = { place: placeOf(row), status: row.status ?? 'active', since: row.since ?? 0 };
  return { from, own, ...inHolding };
}

function isEnd({ id, kind, status }: StoredRow): boolean {
  return id === undefined ? ENDED.has(status ?? '') : kind === 'DISPOSED';
}

function insideOf(rows: readonly StoredRow[]): Membership[] {
  return joined(
    rows.flatMap(({ id, kind, box, from, to, dissolvedAt, endedBy }) =>
      kind !== 'FILLING' || id === undefined || box === undefined
        ? []
        : {
            ...{ holding: id, box, from, to: to ?? null },
            ...{ dissolvedAt: dissolvedAt ?? null, endedBy: endedBy ?? null },
          },
    ),
  );
}

/** Each row once. Two rows of one package never begin at the same instant. */
function inOrder(rows: readonly StoredRow[]): StoredRow[] {
  return [...new Map(rows.map((row) => [row.from, row])).values()].sort((a, b) => a.from - b.from);
}
