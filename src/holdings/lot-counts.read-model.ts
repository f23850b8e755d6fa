import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment } from '../graph/cypher.js';

const LOT_COUNTS = cypher.packages<{ lot: string; units: number }>('holdings.lotCounts', {
  partner: fragment`
MATCH ()-[s:SHOWS]->()
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot IN $lots
RETURN s.lot AS lot, sum(s.n) AS units`,
})`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[r:HOLDS]-(:Holding)
RETURN lot, sum(r.n) AS units`;

const CONTRADICTED = cypher.packages<{ lot: string; units: number }>('holdings.contradicted')`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[:CLAIMED]-(u:Unit)
RETURN lot, count(DISTINCT u) AS units`;

/** How many units were commissioned under one of these lots and also under another, by lot. A partner is not told. */
export async function readContradicted(
  view: View,
  lots: readonly string[],
): Promise<Map<string, number> | null> {
  if (isPartner(view)) return null;
  const rows = await view.read(CONTRADICTED, { lots });
  return new Map(rows.map((row) => [row.lot, row.units]));
}

/** How many units each lot has now; for a partner, how many it sees. */
export async function readLotCounts(
  view: View,
  lots: readonly string[],
): Promise<Map<string, number>> {
  const rows = await view.read(LOT_COUNTS, { lots });
  return new Map(rows.map((row) => [row.lot, row.units]));
}
