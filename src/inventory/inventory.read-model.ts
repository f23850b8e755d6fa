import { cypher, fragment } from '../graph/cypher.js';
import type { GraphReader, ReadOptions } from '../graph/graph.js';
import { NOW, readSurroundings, siteOrNull, toMark } from '../holdings/surrounding.read-model.js';
import type { MarkColumns } from '../holdings/surrounding.read-model.js';
import { inForce } from '../holdings/surrounding.rules.js';
import type { Surrounding } from '../holdings/surrounding.rules.js';
import { heldAt } from '../holdings/holding.js';
import type { InventoryFilter, StockPart, StockState } from './inventory.js';

interface StockRow {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN' | null;
  readonly site: string;
  readonly origin: string | null;
  readonly status: string | null;
  readonly lot: string;
  readonly gtin: string | null;
  readonly expiry: string | null;
  readonly units: number;
  readonly tops: readonly string[];
  readonly left: readonly string[];
}

interface MarkedRow extends MarkColumns {
  readonly containers: number;
  readonly holding: string;
  readonly lot: string;
  readonly gtin: string | null;
  readonly expiry: string | null;
  readonly units: number;
}

const LOT_WANTED = fragment`
  ($lots IS NULL OR l.id IN $lots) AND ($gtins IS NULL OR l.gtin IN $gtins)
  AND ($expiringBefore IS NULL OR l.expiry < $expiringBefore)`;

// Statuses are not filtered here: a marked unit may have another than its top. Containers as ids: one that holds
// several lots must be counted once.
const ROWS = fragment`
WITH h, l, r
WHERE ($includeEnded OR h.kind <> 'DISPOSED') AND r.n > 0 AND ${LOT_WANTED}
RETURN h.mode AS mode, h.site AS site, h.origin AS origin, h.status AS status, l.id AS lot, l.gtin AS gtin, l.expiry AS expiry,
  sum(r.n) AS units, collect(CASE WHEN h.kind = 'FILLING' AND h.dissolvedAt IS NULL THEN h.id END) AS tops,
  collect(CASE WHEN h.dissolvedAt IS NOT NULL AND r.c > 0 THEN h.id END) AS left`;

// Containers left in fillings that were emptied: they stand there themselves.
const BOXES_LEFT = cypher<{ holding: string; lot: string; boxes: string[] }>('inventory.boxesLeft')`
UNWIND $holdings AS id
MATCH (h:Holding {id: id})<-[i:IN]-(c:Container) WHERE i.to IS NULL
MATCH (:Holding {id: c.cur})-[:HOLDS|HOLDS_INSIDE]->(l:Lot)
RETURN id AS holding, l.id AS lot, collect(DISTINCT c.k) AS boxes`;

const STOCK_AT_SITES = cypher<StockRow>('inventory.stockAtSites')`
UNWIND $sites AS site
MATCH (h:Holding) WHERE h.site = site
MATCH (h)-[r:HOLDS]->(l:Lot)
${ROWS}`;

// What is under way from there counts where it left.
const STOCK_HELD_FROM = cypher<StockRow>('inventory.stockHeldFrom')`
UNWIND $heldFrom AS site
CALL (site) {
  MATCH (h:Holding) WHERE h.site = site AND h.mode = 'AT' RETURN h
  UNION ALL
  MATCH (h:Holding) WHERE h.origin = site AND h.mode = 'TO' RETURN h
}
MATCH (h)-[r:HOLDS]->(l:Lot)
${ROWS}`;

const STOCK_OF_LOTS = cypher<StockRow>('inventory.stockOfLots')`
UNWIND $lots AS lot
MATCH (l:Lot {id: lot})<-[r:HOLDS]-(h:Holding)
${ROWS}`;

const STOCK_OF_PRODUCTS = cypher<StockRow>('inventory.stockOfProducts')`
UNWIND $gtins AS gtin
MATCH (l:Lot) WHERE l.gtin = gtin
MATCH (l)<-[r:HOLDS]-(h:Holding)
${ROWS}`;

const STOCK_EVERYWHERE = cypher<StockRow>('inventory.stockEverywhere')`
MATCH (h:Holding) WHERE h.site > ''
MATCH (h)-[r:HOLDS]->(l:Lot)
${ROWS}`;

const MARKED_STOCK = cypher<MarkedRow>('inventory.markedStock')`
MATCH (h:Holding) WHERE h.marked > 0
MATCH (h)<-[i:IN]-(p:Package) WHERE i.mDiff AND i.to IS NULL
CALL (p) {
  WITH p WHERE NOT p:Container
  MATCH (l:Lot {id: p.lot})
  RETURN l, 1 AS n
  UNION ALL
  WITH p WHERE p:Container
  MATCH (:Holding {id: p.cur})-[r:HOLDS|HOLDS_INSIDE]->(l:Lot)
  RETURN l, r.n AS n
}
WITH h, i, p, l, n
WHERE ${LOT_WANTED}
RETURN h.id AS holding, l.id AS lot, l.gtin AS gtin, l.expiry AS expiry,
  i.mStatus AS mStatus, i.mSince AS mSince, i.mAt AS mAt, sum(n) AS units,
  count(DISTINCT CASE WHEN p:Container THEN p END) AS containers`;

const STATES: Readonly<Record<'AT' | 'TO' | 'UNKNOWN', StockState>> = {
  AT: 'SITE',
  TO: 'IN_TRANSIT',
  UNKNOWN: 'UNKNOWN',
};

/** Stock before grouping; `holder` is not filled in yet. */
export type Unheld = Omit<StockPart, 'holder'>;

/** Where stock is counted from, and on which conditions. */
export interface StockQuery extends Omit<InventoryFilter, 'parties' | 'statuses'> {
  /** The sites of which the parties asked for have what stands there, and what left there; null for all. */
  readonly heldFrom: readonly string[] | null;
}

/**
 * Units by lot, place and status: in by lot where lots are given, else by site, by holder, by product, else over all tops.
 * Units inside containers come with their container's counts; those whose status differs are moved to their own.
 */
export async function readStock(
  graph: GraphReader,
  query: StockQuery,
  options: ReadOptions = {},
): Promise<Unheld[]> {
  const { sites, heldFrom, lots, gtins, expiringBefore, includeEnded } = query;
  const params = { sites, heldFrom, lots, gtins, expiringBefore, includeEnded };
  const [rows, marked] = await Promise.all([
    graph.read(wayIn(query), params, options),
    graph.read(MARKED_STOCK, { lots, gtins, expiringBefore }, options),
  ]);
  const around = await readSurroundings(
    graph,
    marked.map((row) => row.holding),
    NOW,
    options,
  );
  const moved = marked.flatMap((row) => corrections(row, around.get(row.holding)));
  const isWanted = (part: Unheld): boolean =>
    isAmong(part.site, sites) && isAmong(heldAt(part), heldFrom);
  const boxes = await readBoxesLeft(graph, rows, options);
  return [...rows.map((row) => toPart(row, boxes)), ...moved].filter(isWanted);
}

async function readBoxesLeft(
  graph: GraphReader,
  rows: readonly StockRow[],
  options: ReadOptions,
): Promise<Map<string, readonly string[]>> {
  const holdings = [...new Set(rows.flatMap((row) => row.left))];
  if (holdings.length === 0) return new Map();
  const found = await graph.read(BOXES_LEFT, { holdings }, options);
  return new Map(found.map(({ holding, lot, boxes }) => [`${holding} ${lot}`, boxes]));
}

function isAmong(site: string | null, wanted: readonly string[] | null): boolean {
  return wanted === null || (site !== null && wanted.includes(site));
}

function wayIn({ sites, heldFrom, lots, gtins }: StockQuery): typeof STOCK_AT_SITES {
  if (lots !== null) return STOCK_OF_LOTS;
  if (sites !== null) return STOCK_AT_SITES;
  if (heldFrom !== null) return STOCK_HELD_FROM;
  return gtins === null ? STOCK_EVERYWHERE : STOCK_OF_PRODUCTS;
}

function toPart(row: StockRow, boxes: ReadonlyMap<string, readonly string[]>): Unheld {
  const { status, lot, gtin, expiry, units, left } = row;
  const tops = [...row.tops, ...left.flatMap((id) => boxes.get(`${id} ${lot}`) ?? [])];
  const state = STATES[row.mode ?? 'UNKNOWN'];
  const site = siteOrNull(row.site);
  const origin = siteOrNull(row.origin);
  return {
    state,
    site,
    origin,
    status: status ?? 'unknown',
    lot,
    gtin,
    expiry,
    units,
    tops,
    moreTops: 0,
  };
}

function corrections(row: MarkedRow, around: Surrounding | undefined): Unheld[] {
  const mark = toMark(row);
  if (around === undefined || mark === null || !inForce(mark, around)) return [];
  if (mark.status === around.status) return [];
  const { mode, site, origin } = around.placing;
  const { lot, gtin, expiry, units } = row;
  const standing = around.outermost === null ? row.containers : 0;
  const where = { state: STATES[mode], site: mode === 'UNKNOWN' ? null : site, origin };
  const part = { ...where, lot, gtin, expiry, tops: [] };
  return [
    { ...part, status: around.status, units: -units, moreTops: -standing },
    { ...part, status: mark.status, units, moreTops: standing },
  ];
}
