import { heldAt, inForce } from '../holdings/holding.js';
import type { Mark, Placing } from '../holdings/holding.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import type { ScopeRow, ScopeTotals } from './recall-scope.js';
import type { Surrounding } from '../holdings/surrounding.rules.js';

/** Units at one place with one status, as counted on top holdings. A row may be the sum of several tallies. */
export interface Tally {
  readonly placing: Placing;
  readonly status: string;
  readonly ended: boolean;
  readonly units: number;
  readonly containers: number;
}

/** A member whose own status differs from what is around it, and how many affected units it stands for. */
export interface MarkedMember {
  readonly around: Surrounding;
  readonly mark: Mark;
  readonly units: number;
  /** How many of the members are containers. */
  readonly containers: number;
}

/** Units in one holding with one mark, as read from intervals. */
export interface HeldUnits {
  readonly around: Surrounding;
  readonly mark: Mark | null;
  readonly units: number;
}

const STATES: Readonly<Record<Placing['mode'], WhereaboutsState>> = {
  AT: 'SITE',
  TO: 'IN_TRANSIT',
  UNKNOWN: 'UNKNOWN',
};

/**
 * Moves the units of members whose mark is in force from the status around them to their own status.
 *
 * A nested mark is counted from the status of its container, so the parts add up at any depth (projection rule 12).
 */
export function corrections(members: readonly MarkedMember[]): Tally[] {
  return members
    .filter(
      ({ around, mark, units }) =>
        units > 0 && inForce(mark, around) && mark.status !== around.status,
    )
    .flatMap(({ around, mark, units, containers }) => {
      const { placing, ended } = around;
      // A container inside another one does not stand there itself.
      const standing = around.outermost === null ? containers : 0;
      return [
        { placing, ended, status: around.status, units: -units, containers: -standing },
        { placing, ended, status: mark.status, units, containers: standing },
      ];
    });
}

/** Tallies of units read one by one: by their effective status. Each outermost open container is counted once, under its own status. */
export function tallyHeld(held: readonly HeldUnits[]): Tally[] {
  const tops = new Map<string, Tally>();
  const tallies = held.map(({ around, mark, units }): Tally => {
    const { placing, ended, outermost } = around;
    if (outermost !== null && units > 0)
      tops.set(outermost.key, {
        placing,
        ended,
        status: outermost.status,
        units: 0,
        containers: 1,
      });
    const status = mark !== null && inForce(mark, around) ? mark.status : around.status;
    return { placing, ended, status, units, containers: 0 };
  });
  return [...tallies, ...tops.values()];
}

/** Adds up tallies of the same place and status. Empty rows are dropped, and the largest row comes first. */
export function rowsOf(tallies: readonly Tally[]): ScopeRow[] {
  const rows = new Map<string, { -readonly [K in keyof ScopeRow]: ScopeRow[K] }>();
  for (const tally of tallies) {
    const row = rowOf(tally);
    const key = rowKey(row);
    const seen = rows.get(key);
    if (seen === undefined) rows.set(key, { ...row });
    else {
      seen.units += row.units;
      seen.containers += row.containers;
    }
  }
  return [...rows.values()]
    .filter((row) => row.units !== 0 || row.containers !== 0)
    .sort((a, b) => b.units - a.units || (rowKey(a) < rowKey(b) ? -1 : 1));
}

/** Units and containers of all rows. */
export function totalsOf(rows: readonly ScopeRow[]): ScopeTotals {
  const sum = (of: (row: ScopeRow) => number): number => rows.reduce((n, row) => n + of(row), 0);
  return {
    units: sum((row) => row.units),
    containers: sum((row) => row.containers),
    ended: sum((row) => (row.ended ? row.units : 0)),
  };
}

/** What is under way, by origin and destination, whatever its status. */
export function transitsOf(rows: readonly ScopeRow[]): ScopeRow[] {
  const moving = rows.filter((row) => row.state === 'IN_TRANSIT');
  return rowsOf(
    moving.map((row) => ({
      placing: { mode: 'TO', site: row.site, origin: row.origin },
      status: '',
      ended: row.ended,
      units: row.units,
      containers: row.containers,
    })),
  );
}

/** Whether the place and status of a row are those asked for. A condition left out always holds. */
export function rowMatches(
  row: Pick<ScopeRow, 'state' | 'site' | 'origin' | 'status'>,
  filter: RowFilter,
): boolean {
  return (
    (filter.state === null || filter.state === row.state) &&
    (filter.status === null || filter.status === row.status) &&
    isAmong(row.site, filter.sites) &&
    isAmong(heldAt(row), filter.heldFrom)
  );
}

/** Which rows are wanted; null means no condition. */
export interface RowFilter {
  readonly state: WhereaboutsState | null;
  readonly status: string | null;
  /** Site keys. */
  readonly sites: readonly string[] | null;
  /** Sites of a holder. It holds what stands at them, and what left them and was not received. */
  readonly heldFrom: readonly string[] | null;
}

function isAmong(site: string | null, wanted: readonly string[] | null): boolean {
  return wanted === null || (site !== null && wanted.includes(site));
}

/** The state of a tally in the words of the answer. */
export function stateOf(placing: Placing): WhereaboutsState {
  return STATES[placing.mode];
}

function rowOf({ placing, status, ended, units, containers }: Tally): ScopeRow {
  const { mode, site, origin } = placing;
  return {
    state: STATES[mode],
    site: mode === 'UNKNOWN' ? null : site,
    origin: mode === 'TO' ? origin : null,
    status,
    ended,
    units,
    containers,
  };
}

function rowKey(row: ScopeRow): string {
  return [row.state, row.site ?? '', row.origin ?? '', row.status, row.ended].join('\n');
}
