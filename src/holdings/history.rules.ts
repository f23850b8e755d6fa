import { ENDED, markOf, NOW, placeOf } from './holding.js';
import type { MarkColumns } from './holding.js';
import { joined, touchingOf } from './touching.rules.js';
import type { Membership, Touching, Window } from './touching.rules.js';
import { isSamePlace, whereaboutsOf } from './whereabouts.rules.js';
import type { PackageRow, Point, Whereabouts } from './whereabouts.rules.js';

/** One row of a package as stored: its IN with the holding, or its STAY with the site. What is not set is missing. */
export interface StoredRow extends MarkColumns {
  readonly from: number;
  readonly to?: number;
  /** Of the holding, where it is in one. */
  readonly id?: string;
  readonly kind?: string;
  readonly box?: string;
  readonly dissolvedAt?: number;
  readonly endedBy?: string;
  /** Of the holding, or of the STAY. */
  readonly mode?: string;
  readonly site?: string;
  readonly origin?: string;
  readonly by?: string;
  readonly status?: string;
  readonly since?: number;
}

/** Most steps back in time after the beginning of a stay. */
const MAX_STEPS = 64;

/** The package itself, in all the time up to and with the instant of a point. */
export function windowOf({ key, at }: Point): Window {
  return { key, level: 0, from: -Infinity, to: at === NOW ? Infinity : at + 1 };
}

/** The rows of some packages and of what was around them while they were inside: tells all that follows from these. */
export class History {
  /** Oldest first. */
  readonly #rows: ReadonlyMap<string, readonly StoredRow[]>;
  readonly #memberships: ReadonlyMap<string, readonly Membership[]>;

  /**
   * @param rows by key, in any order, some perhaps twice; a package that is known and has none has an empty list
   * @param cut keys of which only the newest rows were read
   */
  constructor(
    rows: ReadonlyMap<string, readonly StoredRow[]>,
    readonly cut: ReadonlySet<string> = new Set(),
  ) {
    this.#rows = new Map([...rows].map(([key, found]) => [key, inOrder(found)]));
    this.#memberships = new Map([...this.#rows].map(([key, found]) => [key, insideOf(found)]));
  }

  /** Whether any event, active or not, ever named it. */
  isKnown(key: string): boolean {
    return this.#rows.has(key);
  }

  /** Whether the instant lies before the rows that were read. */
  isBeforeCut({ key, at }: Point): boolean {
    return this.cut.has(key) && this.#rowAt(key, at) === undefined;
  }

  /** Where a package is at an instant, with the containers around it. */
  whereabouts({ key, at }: Point): Whereabouts {
    return whereaboutsOf(key, (k) => this.#rowAt(k, at));
  }

  /**
   * Since when a package has been where it is, epoch ms: looks at the place before the newest change until it differs. Null where
   * nothing is known, or where the stay is cut into too many pieces; undefined when that was before the rows that were read.
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

  /** Everything whose events touched a package in a time; see {@link windowOf}. */
  touching(start: Window): Touching {
    return touchingOf(start, this.#memberships);
  }

  /** The newest end of a package that began again after it, epoch ms; null when it never did. */
  reborn(key: string): number | null {
    const ends = (this.#rows.get(key) ?? []).flatMap((row) => (isEnd(row) ? (row.to ?? []) : []));
    return ends.at(-1) ?? null;
  }

  /** The containers so many levels around, as far as packages were in them: what to read next. */
  beyond(starts: readonly Window[], levels: number): Window[] {
    const windows = starts.flatMap((start) => this.touching(start).windows);
    const next = windows.filter(({ level }) => level === levels);
    return next.map((window) => ({ ...window, level: 0 }));
  }

  /**
   * Whether something was read in the middle of a commit: a package that is somewhere before the end of a window is somewhere at it, and
   * whatever holds something is somewhere all the time.
   */
  isTorn(starts: readonly Window[]): boolean {
    return starts.some((start) => this.touching(start).windows.some((one) => this.#hasGap(one)));
  }

  #hasGap({ key, level, from, to }: Window): boolean {
    const rows = (this.#rows.get(key) ?? []).filter((row) => row.from < to);
    let until = level > 0 ? from : (rows.at(-1)?.from ?? to);
    for (const row of rows) if (row.from <= until) until = Math.max(until, row.to ?? Infinity);
    return until < to;
  }

  #rowAt(key: string, at: number): PackageRow | undefined {
    const row = this.#rows.get(key)?.findLast(({ from, to = Infinity }) => from <= at && at < to);
    return row === undefined ? undefined : rowAsOf(row, at);
  }
}

/** Reads a row as of an instant: a filling emptied by then is a holding with a place of its own. */
function rowAsOf(row: StoredRow, at: number): PackageRow {
  const mark = markOf(row);
  const inHolding = {
    ...(row.id === undefined ? {} : { holding: row.id }),
    ...(mark === null ? {} : { mark }),
  };
  const emptiedAt = row.dissolvedAt ?? Infinity;
  const isEmptied = emptiedAt <= at;
  if (row.kind === 'FILLING' && row.box !== undefined && !isEmptied)
    return { from: row.from, box: row.box, ...inHolding };
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

/** Each row once: two of one package never begin at the same instant. */
function inOrder(rows: readonly StoredRow[]): StoredRow[] {
  return [...new Map(rows.map((row) => [row.from, row])).values()].sort((a, b) => a.from - b.from);
}
