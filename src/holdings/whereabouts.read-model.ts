import { cypher } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import type { GraphReader } from '../graph/graph.js';
import { readUntorn } from '../graph/read-untorn.js';
import type { Effect, Mark, Place } from './holding.js';
import { isSamePlace, MAX_CHAIN, NOW, whereaboutsOf } from './whereabouts.rules.js';
import type { PackageRow, Point, Whereabouts } from './whereabouts.rules.js';

interface StoredRow {
  readonly key: string;
  readonly at: number;
  /** Null: it has rows from before, and none that covers the instant. That cannot be, it is just being moved. */
  readonly from: number | null;
  readonly holding: string | null;
  readonly kind: string | null;
  readonly box: string | null;
  readonly dissolvedAt: number | null;
  readonly mode: Place['mode'] | null;
  readonly site: string | null;
  readonly origin: string | null;
  readonly by: string | null;
  readonly status: string | null;
  readonly since: number | null;
  readonly markStatus: string | null;
  readonly markSince: number | null;
  readonly markAt: number | null;
  readonly markDiffers: boolean | null;
}

const ROWS = cypher<StoredRow>('location.rows')`
UNWIND $points AS point
MATCH (p:Package {k: point.key})
OPTIONAL MATCH (p)-[r:IN|STAY]->(x)
WHERE r.from <= point.at AND (r.to IS NULL OR point.at < r.to)
WITH point, p, r, x, type(r) = 'STAY' AS alone
WHERE r IS NOT NULL OR EXISTS { (p)-[before:IN|STAY]->() WHERE before.from <= point.at }
RETURN point.key AS key, point.at AS at, r.from AS from,
       x.id AS holding, x.kind AS kind, x.box AS box, x.dissolvedAt AS dissolvedAt,
       CASE WHEN alone THEN r.mode ELSE x.mode END AS mode,
       CASE WHEN alone THEN x.k ELSE x.site END AS site,
       CASE WHEN alone THEN r.origin ELSE x.origin END AS origin,
       CASE WHEN alone THEN r.by ELSE x.by END AS by,
       CASE WHEN alone THEN r.status ELSE x.status END AS status,
       CASE WHEN alone THEN r.since ELSE x.since END AS since,
       r.mStatus AS markStatus, r.mSince AS markSince, r.mAt AS markAt, r.mDiff AS markDiffers`;

/** Most steps back in time after the beginning of a stay. */
const MAX_STEPS = 64;

/** Everything that a walk outward from some packages read. */
interface Walk {
  readonly rows: Map<number, Map<string, PackageRow>>;
  /** What was asked and read at each level, innermost first. */
  readonly levels: { readonly points: readonly Point[]; readonly stored: readonly StoredRow[] }[];
}

/**
 * Where each package is at its instant, in the order of `points`, with the containers around it: all as one commit left it. Walks
 * outward for all of them together: one statement for each level of packing, however many packages, and one more where there are
 * several.
 */
export async function readWhereabouts(
  graph: GraphReader,
  points: readonly Point[],
  signal?: AbortSignal,
): Promise<Whereabouts[]> {
  const { rows } = await readUntorn(
    graph,
    async () => {
      const walk = await walkOutward(graph, points, signal);
      return { ...walk, stands: await stillStands(graph, walk, signal) };
    },
    ({ stands }) => !stands,
  );
  return points.map(({ key, at }) => whereaboutsOf(key, (k) => rows.get(at)?.get(k)));
}

async function walkOutward(
  graph: GraphReader,
  points: readonly Point[],
  signal: AbortSignal | undefined,
): Promise<Walk> {
  const walk: Walk = { rows: new Map(), levels: [] };
  let frontier = unread(points, walk.rows);
  for (let depth = 0; depth <= MAX_CHAIN && frontier.length > 0; depth++) {
    const level = frontier;
    const isTorn = depth === 0 ? isBetween : lacksSome(level);
    const stored = await readUntorn(graph, () => readRows(graph, level, signal), isTorn);
    walk.levels.push({ points: level, stored });
    frontier = unread(takeRows(stored, walk.rows), walk.rows);
  }
  return walk;
}

// Between two levels somebody may have committed. What was read of the inner levels and stands still when the outermost was read
// stood together with it.
async function stillStands(
  graph: GraphReader,
  { levels }: Walk,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const inner = levels.slice(0, -1);
  if (inner.length === 0) return true;
  const again = await readRows(
    graph,
    inner.flatMap(({ points }) => points),
    signal,
  );
  return sayOf(again) === sayOf(inner.flatMap(({ stored }) => stored));
}

function sayOf(stored: readonly StoredRow[]): string {
  return stored
    .map((row) => JSON.stringify(row))
    .sort()
    .join();
}

/**
 * Since when each package has been where it is, in the order of `found`: looks at the place before the newest change until it
 * differs, for all of them together. Null where nothing is known, or where the stay is cut into too many pieces.
 */
export async function readPlaceSince(
  graph: GraphReader,
  found: readonly Whereabouts[],
  signal?: AbortSignal,
): Promise<(number | null)[]> {
  const since = found.map((one) => one.from);
  let open = found.flatMap((one, i) => (one.from === null ? [] : [{ i, from: one.from }]));
  for (let step = 0; step < MAX_STEPS && open.length > 0; step++) {
    const points = open.map(({ i, from }) => ({ key: found[i]?.key ?? '', at: from - 1 }));
    const before = await readWhereabouts(graph, points, signal);
    open = open.flatMap(({ i }, n) => {
      const [now, was] = [found[i], before[n]];
      if (now === undefined || !was?.known || was.from === null || !isSamePlace(now, was))
        return [];
      since[i] = was.from;
      return [{ i, from: was.from }];
    });
  }
  for (const { i } of open) since[i] = null;
  return since;
}

/**
 * Where packages are, now or at a past instant, by key. A key no event named comes with `known: false`.
 *
 * @param asOf epoch ms; after everything that happened at that instant
 */
export async function wherePackagesAre(
  graph: GraphReader,
  keys: readonly string[],
  asOf?: number,
  signal?: AbortSignal,
): Promise<Map<string, Whereabouts>> {
  const points = [...new Set(keys)].map((key) => ({ key, at: asOf ?? NOW }));
  const found = await readWhereabouts(graph, points, signal);
  return new Map(found.map((one) => [one.key, one]));
}

function unread(
  points: readonly Point[],
  rows: ReadonlyMap<number, ReadonlyMap<string, PackageRow>>,
): Point[] {
  const fresh = points.filter(({ key, at }) => !rows.get(at)?.has(key));
  return [...new Map(fresh.map((point) => [`${point.at} ${point.key}`, point])).values()];
}

function readRows(
  graph: GraphReader,
  points: readonly Point[],
  signal: AbortSignal | undefined,
): Promise<StoredRow[]> {
  const params = { points: points.map(({ key, at }) => ({ key, at: int(at) })) };
  return graph.read(ROWS, params, signal ? { signal } : {});
}

function isBetween(stored: readonly StoredRow[]): boolean {
  return stored.some(({ from }) => from === null);
}

/** Whatever holds something is somewhere. */
function lacksSome(points: readonly Point[]): (stored: readonly StoredRow[]) => boolean {
  const name = ({ key, at }: Point): string => `${at} ${key}`;
  return (stored) => {
    const found = new Set(stored.flatMap((row) => (row.from === null ? [] : [name(row)])));
    return points.some((point) => !found.has(name(point)));
  };
}

/** Adds rows to those known. @returns the containers around, at the same instants */
function takeRows(
  stored: readonly StoredRow[],
  rows: Map<number, Map<string, PackageRow>>,
): Point[] {
  return stored.flatMap((one) => {
    const row = toRow(one);
    if (row === undefined) return [];
    const sameInstant = rows.get(one.at) ?? new Map<string, PackageRow>();
    rows.set(one.at, sameInstant.set(one.key, row));
    return row.box === undefined ? [] : [{ key: row.box, at: one.at }];
  });
}

/** Reads a row as of its instant: a filling emptied by then is a holding with a place of its own. */
function toRow(row: StoredRow): PackageRow | undefined {
  const { from } = row;
  if (from === null) return undefined;
  const mark = toMark(row);
  const inHolding = {
    ...(row.holding === null ? {} : { holding: row.holding }),
    ...(mark === undefined ? {} : { mark }),
  };
  const emptiedAt = row.dissolvedAt !== null && row.dissolvedAt <= row.at ? row.dissolvedAt : null;
  if (row.kind === 'FILLING' && row.box !== null && emptiedAt === null)
    return { from, box: row.box, ...inHolding };
  return { from: Math.max(from, emptiedAt ?? from), own: toEffect(row), ...inHolding };
}

function toEffect(row: StoredRow): Effect {
  return { place: toPlace(row), status: row.status ?? 'active', since: row.since ?? 0 };
}

function toPlace(row: StoredRow): Place {
  const site = siteOrNull(row.site);
  if (row.mode === 'TO')
    return { mode: 'TO', site, back: siteOrNull(row.origin), by: row.by ?? '' };
  return row.mode === 'AT' && site !== null ? { mode: 'AT', site } : { mode: 'UNKNOWN' };
}

function siteOrNull(key: string | null): string | null {
  return key === null || key === '?' ? null : key;
}

function toMark(row: StoredRow): Mark | undefined {
  if (row.markStatus === null) return undefined;
  return {
    status: row.markStatus,
    since: row.markSince ?? 0,
    at: row.markAt ?? 0,
    differs: row.markDiffers ?? false,
  };
}
