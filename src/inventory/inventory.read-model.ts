import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { readUntorn } from '../graph/read-untorn.js';
import {
  isTorn,
  STEPS_AROUND,
  STEPS_AROUND_SEEN,
  surroundingsOf,
} from '../holdings/surrounding.read-model.js';
import type { StoredStep } from '../holdings/surrounding.read-model.js';
import type { Surrounding } from '../holdings/surrounding.rules.js';
import { NOW, heldAt, inForce, markOf, siteOrNull } from '../holdings/holding.js';
import type { MarkColumns } from '../holdings/holding.js';
import { BOXES_SEEN, markedSeen } from '../holdings/shown.read-model.js';
import type { InventoryDimension, InventoryFilter, StockPart } from './inventory.js';

interface StockRow {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN';
  readonly site: string | null;
  readonly origin: string | null;
  readonly status: string | null;
  readonly lot: string | null;
  readonly gtin: string | null;
  readonly expiryMonth: string | null;
  readonly units: number;
  readonly containers: number;
  /** Emptied fillings whose containers may hold several lots of the row. They must be counted one by one. */
  readonly mixed: readonly string[];
}

interface MarkedRow extends MarkColumns {
  readonly containers: number;
  readonly holding: string;
  readonly lot: string;
  readonly gtin: string | null;
  readonly expiryMonth: string | null;
  readonly units: number;
}

/** The conditions on a lot. */
export const LOT_WANTED = fragment`
  ($lots IS NULL OR l.id IN $lots) AND ($gtins IS NULL OR l.gtin IN $gtins)
  AND ($expiresFrom IS NULL OR l.expiry >= $expiresFrom) AND ($expiresUntil IS NULL OR l.expiry < $expiresUntil)`;

const LOT_APART = fragment`CASE WHEN $apart.lot THEN l.id END AS lot, CASE WHEN $apart.gtin THEN l.gtin END AS gtin,
  CASE WHEN $apart.month THEN substring(l.expiry, 0, 7) END AS expiryMonth`;

// These are the lines of the property `place`, see schema/graph-model.md.
const PLACE_APART = fragment`place[0] AS mode, CASE WHEN $apart.site THEN place[1] END AS site,
  CASE WHEN $apart.site THEN nullIf(place[2], '') END AS origin, CASE WHEN $apart.status THEN place[3] END AS status`;

// It sums by holding first, because a container with several lots counts once when rows are not split by lot. It does not filter by
// status, because a marked unit may have another status than its top.
const rowsAt = (place: CypherFragment): CypherFragment => fragment`
WITH h, l, r, ${place} AS at
WHERE ($includeEnded OR h.kind <> 'DISPOSED') AND r.n > 0 AND ${LOT_WANTED}
WITH h, at, ${LOT_APART}, sum(r.n) AS n, sum(r.c) AS c, count(*) AS lots
WITH at AS place, lot, gtin, expiryMonth, sum(n) AS units, count(*) AS holdings,
  sum(CASE WHEN lots = 1 OR c < 2 THEN c ELSE 0 END) AS boxes,
  collect(CASE WHEN lots > 1 AND c > 1 AND h.dissolvedAt IS NOT NULL THEN h.id END) AS mixed
WITH split(place, '\n') AS place, lot, gtin, expiryMonth, units, holdings, boxes, mixed
RETURN ${PLACE_APART}, lot, gtin, expiryMonth, sum(units) AS units,
  sum(CASE WHEN place[4] = 'FILLING' AND place[5] = 'open' THEN holdings ELSE boxes END) AS containers,
  reduce(all = [], some IN collect(mixed) | all + some) AS mixed`;
const ROWS = rowsAt(fragment`h.place`);
// What nobody of standing put into a top is where it was for who sees it.
const ROWS_SEEN = rowsAt(fragment`coalesce(r.place, h.place)`);

// Containers that stayed in emptied fillings stand alone there.
const BOXES_LEFT = cypher.packages<Omit<StockRow, 'mixed'> & { holding: string }>(
  'inventory.boxesLeft',
  {
    partner: fragment`
${BOXES_SEEN}
WITH h, p, l WHERE ${LOT_WANTED}
WITH h, ${LOT_APART}, count(DISTINCT p) AS containers
WITH h.id AS holding, split(h.place, '\n') AS place, lot, gtin, expiryMonth, containers
RETURN holding, ${PLACE_APART}, lot, gtin, expiryMonth, 0 AS units, containers`,
  },
)`
UNWIND $holdings AS id
MATCH (h:Holding {id: id})<-[i:IN]-(c:Container) WHERE i.to IS NULL
MATCH (:Holding {id: c.cur})-[:HOLDS|HOLDS_INSIDE]->(l:Lot)
WHERE ${LOT_WANTED}
WITH h, ${LOT_APART}, count(DISTINCT c) AS containers
WITH h.id AS holding, split(h.place, '\n') AS place, lot, gtin, expiryMonth, containers
RETURN holding, ${PLACE_APART}, lot, gtin, expiryMonth, 0 AS units, containers`;

const STOCK_AT_SITES = cypher.packages<StockRow>('inventory.stockAtSites')`
UNWIND $sites AS site
MATCH (h:Holding) WHERE h.site = site
MATCH (h)-[r:HOLDS]->(l:Lot)
${ROWS}`;

// Stock in transit counts for the site it left.
const STOCK_HELD_FROM = cypher.packages<StockRow>('inventory.stockHeldFrom')`
UNWIND $heldFrom AS site
CALL (site) {
  MATCH (h:Holding) WHERE h.site = site AND h.mode = 'AT' RETURN h
  UNION ALL
  MATCH (h:Holding) WHERE h.origin = site AND h.mode = 'TO' RETURN h
}
MATCH (h)-[r:HOLDS]->(l:Lot)
${ROWS}`;

const STOCK_OF_LOTS = cypher.packages<StockRow>('inventory.stockOfLots')`
UNWIND $lots AS lot
MATCH (l:Lot {id: lot})<-[r:HOLDS]-(h:Holding)
${ROWS}`;

const STOCK_OF_PRODUCTS = cypher.packages<StockRow>('inventory.stockOfProducts')`
UNWIND $gtins AS gtin
MATCH (l:Lot) WHERE l.gtin = gtin
MATCH (l)<-[r:HOLDS]-(h:Holding)
${ROWS}`;

const STOCK_EVERYWHERE = cypher.packages<StockRow>('inventory.stockEverywhere')`
MATCH (h:Holding) WHERE h.site > ''
MATCH (h)-[r:HOLDS]->(l:Lot)
${ROWS}`;

// What a partner sees, of some lots or of all.
const STOCK_SEEN_OF_LOTS = cypher.seen<StockRow>('inventory.stockSeenOfLots')`
MATCH (h:Holding)-[r:SHOWS]->(l:Lot)
USING INDEX r:SHOWS(p, lot)
WHERE r.p = $viewer AND r.lot IN $lots
${ROWS_SEEN}`;

const STOCK_SEEN = cypher.seen<StockRow>('inventory.stockSeen')`
MATCH (h:Holding)-[r:SHOWS]->(l:Lot)
USING INDEX r:SHOWS(p, lot)
WHERE r.p = $viewer AND r.lot > ''
${ROWS_SEEN}`;

const MARKED = fragment`
  WITH h.id AS holding, l.id AS lot, l.gtin AS gtin, substring(l.expiry, 0, 7) AS expiryMonth,
    i.mStatus AS mStatus, i.mSince AS mSince, i.mAt AS mAt, sum(n) AS units,
    count(DISTINCT CASE WHEN p:Container THEN p END) AS containers
  RETURN collect({holding: holding, lot: lot, gtin: gtin, expiryMonth: expiryMonth, mStatus: mStatus, mSince: mSince, mAt: mAt,
    units: units, containers: containers}) AS marked`;
const aroundMarked = (steps: CypherFragment): CypherFragment => fragment`
WITH marked, [row IN marked | row.holding] AS ids
CALL (ids) { ${steps} }
RETURN marked, steps`;

// Units with a status of their own, and what is around them.
const MARKED_STOCK = cypher.packages<{
  marked: readonly MarkedRow[];
  steps: readonly StoredStep[];
}>('inventory.markedStock', {
  partner: fragment`
CALL () {
  ${markedSeen(fragment`s.lot > '' AND ($lots IS NULL OR s.lot IN $lots)`)}
  WITH h, i, p, l, n
  WHERE ${LOT_WANTED}${MARKED}
}${aroundMarked(STEPS_AROUND_SEEN)}`,
})`
CALL () {
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
  WHERE ${LOT_WANTED}${MARKED}
}${aroundMarked(STEPS_AROUND)}`;

/** Modes of places in the words of the answer. */
export const STATES: Readonly<Record<'AT' | 'TO' | 'UNKNOWN', WhereaboutsState>> = {
  AT: 'SITE',
  TO: 'IN_TRANSIT',
  UNKNOWN: 'UNKNOWN',
};

/** Stock before grouping, without what the register tells of its place. */
export type Unheld = Omit<StockPart, 'holder' | 'country'>;

/** Where stock is counted, on which conditions, and by what it is split. */
export interface StockQuery extends Omit<InventoryFilter, 'parties'> {
  /** Sites whose stock the wanted parties hold, including stock in transit from there; null for all. */
  readonly heldFrom: readonly string[] | null;
  readonly by: readonly InventoryDimension[];
}

/**
 * Units, split as asked. It begins at lots if they are given, else at sites, holders or products, else at all tops. Neo4j sums.
 * Counts of containers include the units inside. Units with another status are then moved from there to their own status.
 */
export async function readStock(view: View, query: StockQuery): Promise<Unheld[]> {
  const { sites, heldFrom, lots, gtins, expiresFrom, expiresUntil, includeEnded } = query;
  const conditions = { lots, gtins, expiresFrom, expiresUntil };
  const params = { ...conditions, sites, heldFrom, includeEnded, apart: toldApart(query) };
  const [rows, { marked, around }] = await Promise.all([
    view.read(isPartner(view) ? seenWayIn(query) : wayIn(query), params),
    // A partner's are found by a walk through all it has, so they are left out where statuses are not told apart.
    isPartner(view) && !params.apart.status ? NONE_MARKED : readMarked(view, conditions),
  ]);
  const mixed = new Set(rows.flatMap((row) => row.mixed.map((id) => slotOf(id, row))));
  const holdings = [...new Set(rows.flatMap((row) => row.mixed))];
  const left = holdings.length === 0 ? [] : await view.read(BOXES_LEFT, { ...params, holdings });
  const moved = marked.flatMap((row) => corrections(row, around.get(row.holding)));
  const isWanted = (part: Unheld): boolean =>
    isAmong(part.site, sites) && isAmong(heldAt(part), heldFrom);
  // A holding is read with all it holds, but the parts without a mixture of lots are already in the sums.
  const uncounted = left.filter((row) => mixed.has(slotOf(row.holding, row)));
  return [...[...rows, ...uncounted].map(toPart), ...moved].filter(isWanted);
}

interface MarkedStock {
  readonly marked: readonly MarkedRow[];
  readonly around: ReadonlyMap<string, Surrounding>;
}

const NONE_MARKED: MarkedStock = { marked: [], around: new Map() };

async function readMarked(
  view: View,
  conditions: Pick<StockQuery, 'lots' | 'gtins' | 'expiresFrom' | 'expiresUntil'>,
): Promise<MarkedStock> {
  const idsOf = (rows: readonly MarkedRow[]): string[] => rows.map(({ holding }) => holding);
  const { marked, steps } = await readUntorn(
    view,
    async () => {
      const [row] = await view.read(MARKED_STOCK, { ...conditions, t: int(NOW) });
      return row ?? { marked: [], steps: [] };
    },
    (read) => isTorn(idsOf(read.marked), read.steps),
  );
  return { marked, around: surroundingsOf(idsOf(marked), steps) };
}

/** What the rows of Neo4j are split by: the dimensions, and what the conditions need. */
function toldApart({
  by,
  sites,
  heldFrom,
  statuses,
}: StockQuery): Readonly<Record<'lot' | 'gtin' | 'month' | 'site' | 'status', boolean>> {
  const has = (...some: readonly InventoryDimension[]): boolean =>
    some.some((one) => by.includes(one));
  return {
    lot: has('LOT'),
    gtin: has('LOT', 'PRODUCT'),
    month: has('EXPIRY_MONTH'),
    site: has('SITE', 'COUNTRY', 'HOLDER') || sites !== null || heldFrom !== null,
    status: has('STATUS') || statuses !== null,
  };
}

/** Whether a site is wanted; null wants all. */
export function isAmong(site: string | null, wanted: readonly string[] | null): boolean {
  return wanted === null || (site !== null && wanted.includes(site));
}

function wayIn({ sites, heldFrom, lots, gtins }: StockQuery): typeof STOCK_AT_SITES {
  if (lots !== null) return STOCK_OF_LOTS;
  if (sites !== null) return STOCK_AT_SITES;
  if (heldFrom !== null) return STOCK_HELD_FROM;
  return gtins === null ? STOCK_EVERYWHERE : STOCK_OF_PRODUCTS;
}

function seenWayIn({ lots }: StockQuery): typeof STOCK_SEEN {
  return lots === null ? STOCK_SEEN : STOCK_SEEN_OF_LOTS;
}

/** The part of a holding that a row is about. */
function slotOf(holding: string, row: Pick<StockRow, 'lot' | 'gtin' | 'expiryMonth'>): string {
  return JSON.stringify([holding, row.lot, row.gtin, row.expiryMonth]);
}

function toPart(row: Omit<StockRow, 'mixed'>): Unheld {
  const { lot, gtin, expiryMonth, status, units, containers } = row;
  const where = {
    state: STATES[row.mode],
    site: siteOrNull(row.site),
    origin: siteOrNull(row.origin),
  };
  return { ...where, lot, gtin, expiryMonth, status, units, containers };
}

function corrections(row: MarkedRow, around: Surrounding | undefined): Unheld[] {
  const mark = markOf(row);
  if (around === undefined || mark === null || !inForce(mark, around)) return [];
  if (mark.status === around.status) return [];
  const { mode, site, origin } = around.placing;
  const { lot, gtin, expiryMonth, units } = row;
  const standing = around.outermost === null ? row.containers : 0;
  const where = { state: STATES[mode], site: mode === 'UNKNOWN' ? null : site, origin };
  const part = { ...where, lot, gtin, expiryMonth };
  return [
    { ...part, status: around.status, units: -units, containers: -standing },
    { ...part, status: mark.status, units, containers: standing },
  ];
}
