import type { Effect, Mark, Place } from './holding.js';
import { MAX_DEPTH, UNKNOWN, within } from './holding.js';
import { greatest } from '../shared/append.js';

/** A package at an instant, after everything that happened at it. */
export interface Point {
  readonly key: string;
  /** Epoch ms, or {@link NOW}. */
  readonly at: number;
}

/** The row of a package that covers an instant, read as of that instant. */
export interface PackageRow {
  /** Since when this row is unchanged: its beginning, or when its filling was emptied. */
  readonly from: number;
  /** Key of the container around it; absent when it stands alone. */
  readonly box?: string;
  /** Its own place and status, from its STAY or from the loose, disposed or emptied holding it is in. */
  readonly own?: Effect;
  /** Its own status while it is inside. */
  readonly mark?: Mark;
  /** Id of the holding it is in; absent for a container that stands alone. */
  readonly holding?: string;
}

/** What is known about the place of something. `PASSED_ON`: who asks had it, or owned it, and does not any more. */
export type WhereaboutsState = 'SITE' | 'IN_TRANSIT' | 'UNKNOWN' | 'PASSED_ON';

/** Where a package is at an instant. Sites are keys; null when unknown or when the state has none. */
export interface Whereabouts {
  readonly key: string;
  /** False when no event had named the package by that instant. Then everything else is empty. */
  readonly known: boolean;
  readonly state: WhereaboutsState;
  readonly site: string | null;
  /** In transit, the site before the first shipping of the run. */
  readonly origin: string | null;
  /** In transit, the destination. */
  readonly destination: string | null;
  /** In transit, the id of the shipping event. */
  readonly by: string | null;
  /** The CBV disposition, `active` when none was ever stated, or how its life ended. */
  readonly status: string | null;
  /** When that status was stated; null when it never was or the time is not kept. */
  readonly statusSince: number | null;
  /** Containers around it, innermost first. */
  readonly containers: readonly string[];
  /** Since when neither place, status nor packing changed. */
  readonly from: number | null;
  /** The holding that place and status are read from; null when a container stands alone. */
  readonly holding: string | null;
}

/**
 * Where a package is, from its row and those of the containers around it (src/projection/README.md rules 8, 10 and 12). It has the
 * place of the outermost package and the nearest stated status.
 *
 * @param rowOf gives the row of a package at the instant asked for
 */
export function whereaboutsOf(
  key: string,
  rowOf: (key: string) => PackageRow | undefined,
): Whereabouts {
  const rows = rowsOutward(key, rowOf);
  const own = rows[0];
  if (own === undefined) return unheardOf(key);
  const effect = rows.reduceRight<Effect>(
    (around, row) => within(row.own ?? around, row.mark) ?? around,
    { place: UNKNOWN, status: 'active', since: 0 },
  );
  const since = effect.since > 0 ? effect.since : null;
  return {
    key,
    known: true,
    ...placed(effect.place),
    status: effect.status,
    statusSince: since,
    containers: rows.flatMap((row) => row.box ?? []).slice(0, MAX_DEPTH),
    from: greatest(rows.map((row) => row.from)),
    holding: rows.at(-1)?.holding ?? null,
  };
}

/** The whereabouts of a package before its first event. */
export function unheardOf(key: string): Whereabouts {
  return {
    key,
    known: false,
    ...placed(UNKNOWN),
    status: null,
    statusSince: null,
    containers: [],
    from: null,
    holding: null,
  };
}

/** Whether two answers mean the same place. A second shipping of a run to the same destination changes nothing. */
export function isSamePlace(a: Whereabouts, b: Whereabouts): boolean {
  return (
    a.known === b.known &&
    a.state === b.state &&
    a.site === b.site &&
    a.origin === b.origin &&
    a.destination === b.destination
  );
}

function rowsOutward(key: string, rowOf: (key: string) => PackageRow | undefined): PackageRow[] {
  const rows: PackageRow[] = [];
  let next: string | undefined = key;
  while (next !== undefined && rows.length <= MAX_DEPTH) {
    const row = rowOf(next);
    if (row === undefined) break;
    rows.push(row);
    next = row.box;
  }
  return rows;
}

function placed(
  place: Place,
): Pick<Whereabouts, 'state' | 'site' | 'origin' | 'destination' | 'by'> {
  const nowhere = { site: null, origin: null, destination: null, by: null };
  switch (place.mode) {
    case 'AT':
      return { ...nowhere, state: 'SITE', site: place.site };
    case 'TO':
      return {
        ...nowhere,
        state: 'IN_TRANSIT',
        origin: place.back,
        destination: place.site,
        by: place.by === '' ? null : place.by,
      };
    case 'UNKNOWN':
      return { ...nowhere, state: 'UNKNOWN' };
  }
}
