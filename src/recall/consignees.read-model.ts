import { cypher } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import type { GraphReader, ReadOptions } from '../graph/graph.js';
import { readHoldersAt } from '../master-data/operators.read-model.js';
import type {
  BoxRow,
  Histories,
  HoldingHistory,
  PathStep,
  UnitPath,
} from './custody-path.rules.js';
import { siteOrNull } from './surrounding.read-model.js';
import { MAX_DEPTH } from './surrounding.rules.js';

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

const HOLDING_HISTORIES = cypher<{
  id: string;
  box: string | null;
  dissolvedAt: number | null;
  mode: string | null;
  site: string | null;
}>('recall.holdingHistories')`
UNWIND $ids AS id
MATCH (h:Holding {id: id})
RETURN id, h.box AS box, h.dissolvedAt AS dissolvedAt, h.mode AS mode, h.site AS site`;

const BOX_HISTORIES = cypher<{
  box: string;
  from: number;
  to: number | null;
  mode: string | null;
  site: string | null;
  holding: string | null;
}>('recall.boxHistories')`
UNWIND $boxes AS box
MATCH (c:Package {k: box})-[r:STAY|IN]->(where) WHERE r.from <= $t
RETURN box, r.from AS from, r.to AS to, r.mode AS mode,
  CASE WHEN where:Site THEN where.k END AS site, CASE WHEN where:Holding THEN where.id END AS holding`;

/** The ways that units of lots, and units named one by one, went until `t`: units that went the same way are one. */
export async function readUnitPaths(
  graph: GraphReader,
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

/** Histories of all holdings on paths, of their containers and of what those were in; and who has what stands at the sites met. */
export async function readHistories(
  graph: GraphReader,
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
  for (const holding of holdings.values()) if (holding.site !== null) met.add(holding.site);
  for (const row of [...boxes.values()].flat()) if (row.site !== null) met.add(row.site);
  return { holdings, boxes, holders: await readHoldersAt(graph, met, t, options) };
}

async function readHoldings(
  graph: GraphReader,
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
    const rows = await graph.read(HOLDING_HISTORIES, { ids: chunk }, into.options);
    for (const { id, box, dissolvedAt, mode, site } of rows)
      into.holdings.set(id, { box, dissolvedAt, site: mode === 'AT' ? siteOrNull(site) : null });
    const fresh = rows.flatMap(({ box }) => (box === null || into.boxes.has(box) ? [] : [box]));
    for (const box of fresh) into.boxes.set(box, []);
    const found = await graph.read(
      BOX_HISTORIES,
      { boxes: [...new Set(fresh)], t: int(t) },
      into.options,
    );
    for (const { box, from, to, mode, site, holding } of found) {
      into.boxes
        .get(box)
        ?.push({ from, to, site: mode === 'AT' ? siteOrNull(site) : null, holding });
      if (holding !== null) outward.push(holding);
    }
  }
  return outward;
}

function toStep([holding, from, to]: RawPath[number]): PathStep {
  return { holding, from, to };
}
