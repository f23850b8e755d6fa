import { NOW } from './holding.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { readUntorn } from '../graph/read-untorn.js';
import { SITES_OF_KEYS } from '../master-data/names.read-model.js';
import type { FoundSite } from '../master-data/names.read-model.js';
import { History, windowOf } from './history.rules.js';
import type { StoredRow } from './history.rules.js';
import { SeenHistory } from './seen-history.rules.js';
import type { Window } from './touching.rules.js';
import { MAX_DEPTH } from './holding.js';
import type { Point } from './whereabouts.rules.js';

/** The result of one statement. */
interface Reading {
  readonly rows: readonly (readonly [key: string, row: StoredRow | object, of: object])[];
  readonly sites: readonly FoundSite[];
  /** True when the inner levels had not changed when the outermost was read, so all levels belong to one state. */
  readonly stands: boolean;
}

/** Reads the rows of the packages in the list `windows`, within the time of each. */
const rowsOf = (windows: CypherFragment, limit = fragment``): CypherFragment => fragment`
  UNWIND ${windows} AS w
  MATCH (q:Package {k: w.key})
  CALL (w, q) {
    OPTIONAL MATCH (q)-[r:IN|STAY]->(x)
    WHERE r.from < w.to AND coalesce(w.from < r.to, true)
    RETURN r, x ${limit}
  }
  WITH w, r, x, CASE WHEN r.to < w.to THEN r.to ELSE w.to END AS left,
    [q.k, coalesce(properties(r), {}), CASE type(r) WHEN 'STAY' THEN {site: x.k} ELSE coalesce(properties(x), {}) END] AS said`;

/** Reads one level of packing: the rows, the box of each and until when, and the sites of the rows at the instant asked for. */
const level = (windows: CypherFragment, limit = fragment``): CypherFragment => fragment`
  ${rowsOf(windows, limit)}
  RETURN collect({said: said, until: w.until, box: CASE x.kind WHEN 'FILLING' THEN x.box END,
    from: CASE WHEN r.from > w.from THEN r.from ELSE w.from END, to: CASE WHEN x.dissolvedAt < left THEN x.dissolvedAt ELSE left END,
    sites: CASE WHEN left < w.until THEN [] WHEN type(r) = 'STAY' THEN [x.k, r.origin] ELSE [x.site, x.origin] END})`;

/** The windows of the containers around, which are the next level. */
const boxesOf = (rows: CypherFragment): CypherFragment => fragment`
  UNWIND ${rows} AS row
  WITH DISTINCT row.box AS key, row.from AS from, row.to AS to, row.until AS until
  WHERE key IS NOT NULL AND from < to
  RETURN collect({key: key, from: from, to: to, until: until})`;

/** Reads a level again, if there is another level around it. */
const again = (
  windows: CypherFragment,
  around: CypherFragment,
  limit = fragment``,
): CypherFragment => fragment`
  ${rowsOf(fragment`CASE WHEN ${around} = [] THEN [] ELSE ${windows} END`, limit)}
  RETURN collect(said)`;

const stands = (
  rows: CypherFragment,
  around: CypherFragment,
  said: CypherFragment,
): CypherFragment => fragment`(${around} = [] OR [row IN ${rows} | row.said] = ${said})`;

/** How many levels of containers around a package one statement reads. */
const LEVELS = 3;

const NEWEST = fragment`ORDER BY r.from DESC LIMIT $newest`;

// Another commit may come between two levels. So the inner levels are read once more after the outermost.
const HISTORY = cypher.packages<Reading>('location.history', {
  limited: 'readHistory cuts what was read to what is seen (SeenHistory)',
})`
CALL () { ${level(fragment`$windows`, NEWEST)} AS rows0 }
CALL (rows0) { ${boxesOf(fragment`rows0`)} AS boxes1 }
CALL (boxes1) { ${level(fragment`boxes1`)} AS rows1 }
CALL (rows1) { ${boxesOf(fragment`rows1`)} AS boxes2 }
CALL (boxes2) { ${level(fragment`boxes2`)} AS rows2 }
CALL (rows2) { ${boxesOf(fragment`rows2`)} AS boxes3 }
CALL (boxes3) { ${level(fragment`boxes3`)} AS rows3 }
CALL (boxes1) { ${again(fragment`$windows`, fragment`boxes1`, NEWEST)} AS said0 }
CALL (boxes1, boxes2) { ${again(fragment`boxes1`, fragment`boxes2`)} AS said1 }
CALL (boxes2, boxes3) { ${again(fragment`boxes2`, fragment`boxes3`)} AS said2 }
WITH rows0 + rows1 + rows2 + rows3 AS rows, ${stands(fragment`rows0`, fragment`boxes1`, fragment`said0`)}
  AND ${stands(fragment`rows1`, fragment`boxes2`, fragment`said1`)} AND ${stands(fragment`rows2`, fragment`boxes3`, fragment`said2`)} AS stands
CALL (rows) {
  UNWIND rows AS row
  UNWIND CASE WHEN $named THEN row.sites ELSE [] END AS site
  RETURN collect(site) AS keys
}
CALL (keys) { ${SITES_OF_KEYS} }
RETURN [row IN rows | row.said] AS rows, sites, stands`;

/** How many rows of a package are read when not all are needed. A package that moves for years has thousands. */
const NEWEST_ROWS = 100;

/** Options of reading a history. */
export interface HistoryOptions {
  /** Reads all rows of the packages themselves, and not only the newest (see {@link History.cut}). */
  readonly whole?: boolean;
  /** Called with the sites where the packages are at their instants. */
  readonly onSites?: (sites: readonly FoundSite[]) => void;
}

/**
 * Reads where packages were up to their instants and what was around them, in the state of one commit. It takes one statement for any
 * number of packages. For more than three nested containers, every four take one more, and one more checks that the inner levels are unchanged.
 */
export async function readHistory(
  view: View,
  points: readonly Point[],
  options: HistoryOptions = {},
): Promise<History> {
  if (isPartner(view)) return readSeenHistory(view, points, options);
  const starts = startsOf(points);
  const { history } = await readWhole(view, starts, options);
  const misses = points.some((point) => history.isBeforeCut(point));
  return misses ? readHistory(view, points, { ...options, whole: true }) : history;
}

/**
 * Like {@link readHistory}, but of what a partner sees. All of it is read up to now, because what a partner sees at an instant follows from
 * when his sight began and ended.
 */
export async function readSeenHistory(
  view: View,
  points: readonly Point[],
  options: HistoryOptions = {},
): Promise<SeenHistory> {
  const starts = startsOf(points.map(({ key }) => ({ key, at: NOW })));
  const { rows } = await readWhole(view, starts, { ...options, whole: true });
  return new SeenHistory(rows, view.principal.organisation ?? '');
}

function readWhole(
  view: View,
  starts: readonly Window[],
  options: HistoryOptions,
): Promise<Outward> {
  return readUntorn(
    view,
    () => readOutward(view, starts, options),
    ({ stands, history }) => !stands || history.isTorn(starts),
  );
}

/** The bounds of a window as integers for Neo4j. */
export function boundsOf(window: { readonly from: number; readonly to: number }): {
  readonly from: unknown;
  readonly to: unknown;
} {
  return { from: int(Math.max(window.from, -NOW)), to: int(Math.min(window.to, NOW)) };
}

interface Outward {
  readonly rows: ReadonlyMap<string, readonly StoredRow[]>;
  readonly history: History;
  readonly stands: boolean;
}

async function readOutward(
  view: View,
  starts: readonly Window[],
  options: HistoryOptions,
): Promise<Outward> {
  const rows = new Map<string, StoredRow[]>();
  const rounds: (readonly [windows: readonly Window[], said: string])[] = [];
  const read = (windows: readonly Window[]): Promise<Reading> =>
    readRows(view, windows, { ...options, whole: options.whole === true || windows !== starts });
  let stands = true;
  let cut: ReadonlySet<string> | undefined = options.whole === true ? new Set() : undefined;
  let history = new History(rows);
  for (let windows = starts; windows.length > 0 && rounds.length < MAX_DEPTH / LEVELS;) {
    const reading = await read(windows);
    rounds.push([windows, sayOf(reading)]);
    stands &&= reading.stands;
    addRows(reading, rows);
    cut ??= longOf(starts, rows);
    history = new History(rows, cut);
    windows = history.beyond(windows, LEVELS + 1);
  }
  const said = await Promise.all(
    rounds.slice(0, -1).map(async ([windows]) => sayOf(await read(windows))),
  );
  return { rows, history, stands: stands && said.every((one, i) => one === rounds[i]?.[1]) };
}

async function readRows(
  view: View,
  windows: readonly Window[],
  { whole = false, onSites }: HistoryOptions,
): Promise<Reading> {
  const params = {
    windows: windows.map((window) => {
      const { from, to } = boundsOf(window);
      return { key: window.key, from, to, until: to };
    }),
    named: onSites !== undefined,
    newest: int(whole ? NOW : NEWEST_ROWS),
  };
  const [reading] = await view.read(HISTORY, params);
  if (reading === undefined) throw new Error('The history statement gave no row');
  onSites?.(reading.sites);
  return reading;
}

/** Each package once, up to its last instant. */
function startsOf(points: readonly Point[]): Window[] {
  const last = new Map<string, Window>();
  for (const window of points.map(windowOf))
    if (window.to > (last.get(window.key)?.to ?? -Infinity)) last.set(window.key, window);
  return [...last.values()];
}

function addRows({ rows }: Reading, known: Map<string, StoredRow[]>): void {
  for (const [key, row, of] of rows) {
    const same = known.get(key) ?? [];
    known.set(key, same);
    if ('from' in row) same.push({ ...of, ...row });
  }
}

/** The packages that may have more rows than were read. */
function longOf(
  starts: readonly Window[],
  rows: ReadonlyMap<string, readonly object[]>,
): Set<string> {
  const keys = starts.map(({ key }) => key);
  return new Set(keys.filter((key) => (rows.get(key) ?? []).length >= NEWEST_ROWS));
}

function sayOf({ rows }: Reading): string {
  return rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join();
}
