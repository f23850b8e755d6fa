import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { readHoldersAt, readPartyKeys } from '../master-data/operators.read-model.js';
import { MAX_DEPTH, heldAt, siteOrNull } from '../holdings/holding.js';
import type { Placing } from '../holdings/holding.js';
import type {
  BoxRow,
  Histories,
  HoldingHistory,
  LotMove,
  LotPath,
  PathStep,
  UnitPath,
} from './custody-path.rules.js';
import { stateOf } from './recall-scope.rules.js';

const CHUNK = 5000;

/** Holdings whose history was already read. */
type KnownHoldings = ReadonlyMap<string, HoldingHistory>;

type RawPath = readonly (readonly [string, number, number | null])[];

// Before the WITH, ask for no property: the planner must not start from the index on lots.
const PATHS_THROUGH = cypher.packages<{ lot: string; path: RawPath; units: number }>(
  'recall.pathsThrough',
)`
UNWIND $holdings AS id
MATCH (:Holding {id: id})<-[:IN]-(p)
WITH DISTINCT p, p.lot AS lot, p:Container AS container
WHERE lot IN $lots AND NOT container
WITH lot, [(p)-[i:IN]->(h:Holding) WHERE i.from <= $t | [h.id, i.from, i.to]] AS path
RETURN lot, path, count(*) AS units`;

const NAMED_PATHS = cypher.packages<{ path: RawPath; units: number }>('recall.namedPaths')`
UNWIND $keys AS k
MATCH (u:Package {k: k})
WITH [(u)-[i:IN]->(h:Holding) WHERE i.from <= $t | [h.id, i.from, i.to]] AS path
RETURN path, count(*) AS units`;

type Came = readonly [at: number, units: number, was: string | null];

interface CustodyColumns {
  readonly id: string;
  readonly box: string | null;
  readonly dissolvedAt: number | null;
  readonly mode: Placing['mode'] | null;
  readonly site: string | null;
  readonly origin: string | null;
  readonly by: string | null;
}

const CUSTODY = fragment`h.id AS id, h.box AS box, CASE WHEN h.dissolvedAt <= $t THEN h.dissolvedAt END AS dissolvedAt, h.mode AS mode,
  h.site AS site, h.origin AS origin, CASE WHEN h.kind <> 'DISPOSED' THEN h.by END AS by`;

// One row for each holding: sending and reading a row for each move costs more than what it contains.
const LOT_STEPS = cypher.packages<CustodyColumns & { lot: string; came: readonly Came[] }>(
  'recall.lotSteps',
)`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[r:HELD]-(h) WHERE r.at <= $t
WITH lot, h, collect([r.at, r.n, r.was]) AS came
RETURN lot, came, ${CUSTODY}`;

const HOLDING_HISTORIES = cypher.packages<CustodyColumns>('recall.holdingHistories')`
UNWIND $ids AS id
MATCH (h:Holding {id: id})
RETURN ${CUSTODY}`;

type RawBoxRow = readonly [
  from: number,
  to: number | null,
  holding: string | null,
  mode: CustodyColumns['mode'],
  site: string | null,
  origin: string | null,
  by: string | null,
];

const BOX_HISTORIES = cypher.packages<{ box: string; rows: readonly RawBoxRow[] }>(
  'recall.boxHistories',
)`
UNWIND $boxes AS box
MATCH (c:Package {k: box})-[r:STAY|IN]->(where) WHERE r.from <= $t
RETURN box, collect([r.from, r.to, CASE WHEN where:Holding THEN where.id END, r.mode, CASE WHEN where:Site THEN where.k END, r.origin,
  r.by]) AS rows`;

const TAKERS = cypher.events<{ id: string; party: string }>('recall.takers')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id}) WHERE h.toParty > ''
RETURN id, h.toParty AS party`;

/** How units of these lots came into holdings until `t`, and the histories of those holdings. */
export async function readLotSteps(
  view: View,
  lots: readonly string[],
  t: number,
): Promise<{ readonly steps: readonly LotMove[]; readonly holdings: KnownHoldings }> {
  const rows = lots.length === 0 ? [] : await view.read(LOT_STEPS, { lots, t: int(t) });
  const steps = rows.flatMap(({ lot, id, came }) =>
    came.map(([at, units, state]): LotMove => {
      const was = state?.split('\n')[0] ?? null;
      return { lot, holding: id, at, units, was };
    }),
  );
  return {
    steps: steps.filter(({ holding, was }) => holding !== was),
    holdings: new Map(rows.map((row) => [row.id, toHistory(row)])),
  };
}

/** The paths until `t` of the units of these lots that were ever in one of these holdings. Units with the same path are one entry. */
export async function readPathsThrough(
  view: View,
  { holdings, lots }: { readonly holdings: readonly string[]; readonly lots: readonly string[] },
  t: number,
): Promise<LotPath[]> {
  const rows = await view.read(PATHS_THROUGH, { holdings, lots, t: int(t) });
  return rows.map(({ lot, path, units }) => ({ lot, steps: toSteps(path), units }));
}

/** The paths until `t` of units named one by one. Units with the same path are one entry. */
export async function readNamedPaths(
  view: View,
  keys: readonly string[],
  t: number,
): Promise<UnitPath[]> {
  if (keys.length === 0) return [];
  const rows = await view.read(NAMED_PATHS, { keys, t: int(t) });
  return rows.map(({ path, units }) => ({ steps: toSteps(path), units }));
}

/**
 * Histories of holdings, of their containers and of the holdings those were in; also who holds what stands at the sites found, and who
 * takes what was shipped to no site.
 *
 * @param asked holdings to read in addition to the known ones
 */
export async function readHistories(
  view: View,
  {
    known,
    asked,
    sites,
  }: {
    readonly known: KnownHoldings;
    readonly asked: readonly string[];
    readonly sites: readonly string[];
  },
  t: number,
): Promise<Histories> {
  const holdings = new Map(known);
  const boxes = new Map<string, readonly BoxRow[]>();
  let outward: readonly string[] = asked;
  let fresh = [...known.values()];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const ids = [...new Set(outward)].filter((id) => !holdings.has(id));
    for (const [id, history] of await readHoldings(view, ids, t)) {
      holdings.set(id, history);
      fresh.push(history);
    }
    if (fresh.length === 0) break;
    const names = new Set(
      fresh.flatMap(({ box }) => (box === null || boxes.has(box) ? [] : [box])),
    );
    const rows = await readBoxes(view, [...names], t);
    for (const name of names) boxes.set(name, rows.get(name) ?? []);
    outward = [...rows.values()].flat().flatMap(({ holding }) => holding ?? []);
    fresh = [];
  }
  const met = new Set(sites);
  const shippings = new Set<string>();
  for (const { site, shipping } of [...holdings.values(), ...[...boxes.values()].flat()]) {
    if (site !== null) met.add(site);
    if (shipping !== null) shippings.add(shipping);
  }
  const [holders, takers] = await Promise.all([
    readHoldersAt(view, met, t),
    readTakers(view, [...shippings]),
  ]);
  return { holdings, boxes, holders, takers };
}

/** The one party to whom each shipping went. A shipping that names no party is missing. */
async function readTakers(view: View, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const named = await view.read(TAKERS, { ids });
  const parties = [...new Set(named.map(({ party }) => party))];
  const one = await readPartyKeys(view, parties);
  return new Map(named.map(({ id, party }) => [id, one.get(party) ?? party]));
}

async function readHoldings(
  view: View,
  ids: readonly string[],
  t: number,
): Promise<Map<string, HoldingHistory>> {
  const rows = await inChunks(ids, (chunk) =>
    view.read(HOLDING_HISTORIES, { ids: chunk, t: int(t) }),
  );
  return new Map(rows.map((row) => [row.id, toHistory(row)]));
}

async function readBoxes(
  view: View,
  boxes: readonly string[],
  t: number,
): Promise<Map<string, readonly BoxRow[]>> {
  const found = await inChunks(boxes, (chunk) =>
    view.read(BOX_HISTORIES, { boxes: chunk, t: int(t) }),
  );
  return new Map(found.map(({ box, rows }) => [box, rows.map(toBoxRow)]));
}

async function inChunks<R>(
  keys: readonly string[],
  read: (chunk: readonly string[]) => Promise<R[]>,
): Promise<R[]> {
  const found: R[][] = [];
  for (let start = 0; start < keys.length; start += CHUNK)
    found.push(await read(keys.slice(start, start + CHUNK)));
  return found.flat();
}

function toHistory({ box, dissolvedAt, ...place }: CustodyColumns): HoldingHistory {
  return { box, dissolvedAt, ...toCustody(place) };
}

function toBoxRow([from, to, holding, mode, site, origin, by]: RawBoxRow): BoxRow {
  return { from, to, holding, ...toCustody({ mode, site, origin, by }) };
}

function toCustody({
  mode,
  by,
  ...ends
}: Pick<CustodyColumns, 'mode' | 'site' | 'origin' | 'by'>): Pick<
  HoldingHistory,
  'site' | 'shipping'
> {
  const site = siteOrNull(ends.site);
  const origin = siteOrNull(ends.origin);
  const state = stateOf({ mode: mode ?? 'UNKNOWN', site, origin });
  const isBlind = state === 'IN_TRANSIT' && site === null;
  return { site: heldAt({ state, site, origin }), shipping: isBlind ? by : null };
}

function toSteps(path: RawPath): PathStep[] {
  const steps = path.map(([holding, from, to]) => ({ holding, from, to }));
  return steps.sort((a, b) => a.from - b.from);
}
