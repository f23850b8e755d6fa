import type { View } from '../access/view.js';
import { cypher } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import type { ReadOptions } from '../graph/graph.js';
import { readHoldersAt, readPartyKeys } from '../master-data/operators.read-model.js';
import { heldAt } from '../holdings/holding.js';
import type {
  BoxRow,
  Histories,
  HoldingHistory,
  PathStep,
  UnitPath,
} from './custody-path.rules.js';
import type { Placing } from '../holdings/holding.js';
import { stateOf } from './recall-scope.rules.js';
import { siteOrNull } from '../holdings/surrounding.read-model.js';
import { MAX_DEPTH } from '../holdings/surrounding.rules.js';

const CHUNK = 5000;

type RawPath = readonly (readonly [string, number, number | null])[];

const LOT_PATHS = cypher<{ path: RawPath; units: number }>('recall.lotPaths')`
UNWIND $lots AS lot
MATCH (u:Unit) WHERE u.lot = lot AND u.k IS NOT NULL
WITH [(u)-[i:IN]->(h:Holding) WHERE i.from <= $t | [h.id, i.from, i.to]] AS path
RETURN path, count(*) AS units`;

const NAMED_PATHS = cypher<{ path: RawPath; units: number }>('recall.namedPaths')`
UNWIND $keys AS k
MATCH (u:Package {k: k})
WITH [(u)-[i:IN]->(h:Holding) WHERE i.from <= $t | [h.id, i.from, i.to]] AS path
RETURN path, count(*) AS units`;

interface PlaceColumns {
  readonly mode: Placing['mode'] | null;
  readonly site: string | null;
  readonly origin: string | null;
  readonly by: string | null;
}

const HOLDING_HISTORIES = cypher<
  PlaceColumns & { id: string; box: string | null; dissolvedAt: number | null }
>('recall.holdingHistories')`
UNWIND $ids AS id
MATCH (h:Holding {id: id})
RETURN id, h.box AS box, CASE WHEN h.dissolvedAt <= $t THEN h.dissolvedAt END AS dissolvedAt, h.mode AS mode, h.site AS site, h.origin AS origin,
  CASE WHEN h.kind <> 'DISPOSED' THEN h.by END AS by`;

const BOX_HISTORIES = cypher<
  PlaceColumns & { box: string; from: number; to: number | null; holding: string | null }
>('recall.boxHistories')`
UNWIND $boxes AS box
MATCH (c:Package {k: box})-[r:STAY|IN]->(where) WHERE r.from <= $t
RETURN box, r.from AS from, r.to AS to, r.mode AS mode, r.origin AS origin, r.by AS by,
  CASE WHEN where:Site THEN where.k END AS site, CASE WHEN where:Holding THEN where.id END AS holding`;

const TAKERS = cypher<{ id: string; party: string }>('recall.takers')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id}) WHERE h.toParty > ''
RETURN id, h.toParty AS party`;

/** The ways that units of lots, and units named one by one, went until `t`: units that went the same way are one. */
export async function readUnitPaths(
  graph: View,
  units: { readonly lots: readonly string[]; readonly keys: readonly string[] },
  t: number,
  options: ReadOptions = {},
): Promise<UnitPath[]> {
  const [byLot, byKey] = await Promise.all([
    units.lots.length === 0 ? [] : graph.read(LOT_PATHS, { lots: units.lots, t: int(t) }, options),
    units.keys.length === 0
      ? []
      : graph.read(NAMED_PATHS, { keys: units.keys, t: int(t) }, options),
  ]);
  return [...byLot, ...byKey].map((row) => ({ steps: row.path.map(toStep), units: row.units }));
}

/**
 * Histories of all holdings on paths, of their containers and of what those were in; who has what stands at the sites met, and
 * who takes what was shipped to no site.
 */
export async function readHistories(
  graph: View,
  { paths, sites }: { readonly paths: readonly UnitPath[]; readonly sites: readonly string[] },
  t: number,
  options: ReadOptions = {},
): Promise<Histories> {
  const holdings = new Map<string, HoldingHistory>();
  const boxes = new Map<string, BoxRow[]>();
  let frontier = [...new Set(paths.flatMap((path) => path.steps.map((step) => step.holding)))];
  for (let depth = 0; frontier.length > 0 && depth <= MAX_DEPTH; depth++) {
    const met = await readHoldings(graph, frontier, t, { holdings, boxes, options });
    frontier = [...new Set(met)].filter((id) => !holdings.has(id));
  }
  const met = new Set(sites);
  const shippings = new Set<string>();
  for (const { site, shipping } of [...holdings.values(), ...[...boxes.values()].flat()]) {
    if (site !== null) met.add(site);
    if (shipping !== null) shippings.add(shipping);
  }
  const [holders, takers] = await Promise.all([
    readHoldersAt(graph, met, t),
    readTakers(graph, [...shippings], options),
  ]);
  return { holdings, boxes, holders, takers };
}

/** The one party to whom each shipping went; those that name nobody are missing. */
async function readTakers(
  graph: View,
  ids: readonly string[],
  options: ReadOptions,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const named = await graph.read(TAKERS, { ids }, options);
  const parties = [...new Set(named.map(({ party }) => party))];
  const one = await readPartyKeys(graph, parties);
  return new Map(named.map(({ id, party }) => [id, one.get(party) ?? party]));
}

async function readHoldings(
  graph: View,
  ids: readonly string[],
  t: number,
  into: {
    readonly holdings: Map<string, HoldingHistory>;
    readonly boxes: Map<string, BoxRow[]>;
    readonly options: ReadOptions;
  },
): Promise<string[]> {
  const outward: string[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK);
    const rows = await graph.read(HOLDING_HISTORIES, { ids: chunk, t: int(t) }, into.options);
    for (const { id, box, dissolvedAt, ...place } of rows)
      into.holdings.set(id, { box, dissolvedAt, ...toCustody(place) });
    const fresh = rows.flatMap(({ box }) => (box === null || into.boxes.has(box) ? [] : [box]));
    for (const box of fresh) into.boxes.set(box, []);
    const found = await graph.read(
      BOX_HISTORIES,
      { boxes: [...new Set(fresh)], t: int(t) },
      into.options,
    );
    for (const { box, from, to, holding, ...place } of found) {
      into.boxes.get(box)?.push({ from, to, holding, ...toCustody(place) });
      if (holding !== null) outward.push(holding);
    }
  }
  return outward;
}

function toCustody({ mode, by, ...ends }: PlaceColumns): Pick<HoldingHistory, 'site' | 'shipping'> {
  const site = siteOrNull(ends.site);
  const origin = siteOrNull(ends.origin);
  const state = stateOf({ mode: mode ?? 'UNKNOWN', site, origin });
  const isBlind = state === 'IN_TRANSIT' && site === null;
  return { site: heldAt({ state, site, origin }), shipping: isBlind ? by : null };
}

function toStep([holding, from, to]: RawPath[number]): PathStep {
  return { holding, from, to };
}
