import type { View } from '../access/view.js';
import { cypher } from '../graph/cypher.js';

const LOT_COUNTS = cypher.packages<{ lot: string; units: number }>('holdings.lotCounts')`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[r:HOLDS]-(:Holding)
RETURN lot, sum(r.n) AS units`;

const CONTRADICTED = cypher.packages<{ lot: string; units: number }>('holdings.contradicted')`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[:CLAIMED]-(u:Unit)
RETURN lot, count(DISTINCT u) AS units`;

/** How many units were commissioned under one of these lots and also under another, by lot. */
export async function readContradicted(
  view: View,
  lots: readonly string[],
): Promise<Map<string, number>> {
  const rows = await view.read(CONTRADICTED, { lots });
  return new Map(rows.map((row) => [row.lot, row.units]));
}

/** How many units each lot has now. */
export async function readLotCounts(
  view: View,
  lots: readonly string[],
): Promise<Map<string, number>> {
  const rows = await view.read(LOT_COUNTS, { lots });
  return new Map(rows.map((row) => [row.lot, row.units]));
}
