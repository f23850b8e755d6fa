import { NOW } from './holding.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { readUntorn } from '../graph/read-untorn.js';
import { SITES_OF_KEYS } from '../master-data/names.read-model.js';
import type { FoundSite } from '../master-data/names.read-model.js';
import { History, windowOf } from './history.rules.js';
import type { StoredRow } from './history.rules.js';
import type { Window } from './touching.rules.js';
import { MAX_DEPTH } from './holding.js';
import type { Point } from './whereabouts.rules.js';

/** What one statement found. */
interface Reading {
  readonly rows: readonly (readonly [key: string, row: StoredRow | object, of: object])[];
  readonly sites: readonly FoundSite[];
  /** What was read of the inner levels stood still when the outermost was read: all stood together. */
  readonly stands: boolean;
}

/** Rows of the packages of `windows`, a list in scope, from the time of each. */
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

/** One level of packing: what was said, in which box until when, and the sites it names at the instant asked for. */
const level = (windows: CypherFragment, limit = fragment``): CypherFragment => fragment`
  ${rowsOf(windows, limit)}
  RETURN collect({said: said, until: w.until, box: CASE x.kind WHEN 'FILLING' THEN x.box END,
    from: CASE WHEN r.from > w.from THEN r.from ELSE w.from END, to: CASE WHEN x.dissolvedAt < left THEN x.dissolvedAt ELSE left END,
    sites: CASE WHEN left < w.until THEN [] WHEN type(r) = 'STAY' THEN [x.k, r.origin] ELSE [x.site, x.origin] END})`;

/** The containers around: where the next level begins. */
const boxesOf = (rows: CypherFragment): CypherFragment => fragment`
  UNWIND ${rows} AS row
  WITH DISTINCT row.box AS key, row.from AS from, row.to AS to, row.until AS until
  WHERE key IS NOT NULL AND from < to
  RETURN collect({key: key, from: from, to: to, until: until})`;

/** What is said again of a level, where there was another around it. */
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

/** Levels of containers that one statement reads around a package. */
const LEVELS = 3;

const NEWEST = fragment`ORDER BY r.from DESC LIMIT $newest`;

// Somebody may commit between two levels. So the inner ones are read once more behind the outermost.
const HISTORY = cypher.packages<Reading>('location.history')`
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

/** Rows of a package that are read when nobody needs all: what moves for years would bring thousands. */
const NEWEST_ROWS = 100;

/** What is wanted of a history. */
export interface HistoryOptions {
  /** All rows of the packages themselves; else only their newest (see {@link History.cut}). */
  readonly whole?: boolean;
  /** Hears of the sites where they are at their instants. */
  readonly onSites?: (sites: readonly FoundSite[]) => void;
}

/**
 * All that is known of where packages were up to their instants, and of what was around them: all as one commit left it. One statement,
 * however many packages; for what is in more than three containers one more for every four, and one to see that the inner ones still stand.
 */
export async function readHistory(
  view: View,
  points: readonly Point[],
  options: HistoryOptions = {},
): Promise<History> {
  const starts = startsOf(points);
  const { history } = await readUntorn(
    view,
    () => readOutward(view, starts, options),
    ({ stands, history }) => !stands || history.isTorn(starts),
  );
  const misses = points.some((point) => history.isBeforeCut(point));
  return misses ? readHistory(view, points, { ...options, whole: true }) : history;
}

/** The bounds of a window as integers Neo4j takes. */
export function boundsOf(window: { readonly from: number; readonly to: number }): {
  readonly from: unknown;
  readonly to: unknown;
} {
  return { from: int(Math.max(window.from, -NOW)), to: int(Math.min(window.to, NOW)) };
}

interface Outward {
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
  return { history, stands: stands && said.every((one, i) => one === rounds[i]?.[1]) };
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
  if (reading === undefined) throw new Error('A history is one row');
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

/** The packages of which there may be more rows than were read. */
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
