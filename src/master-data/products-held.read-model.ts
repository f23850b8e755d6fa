import type { View } from '../access/view.js';
import { cypher, fragment } from '../graph/cypher.js';
import { NOW } from '../holdings/holding.js';
import { readSitesHeldBy } from './operators.read-model.js';

// In transit, the holder of the site it left has it.
const PRODUCTS_HELD_FROM = cypher.packages<{ gtin: string }>('master-data.productsHeldFrom', {
  partner: fragment`
MATCH (h:Holding)-[s:SHOWS]->(l:Lot)
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot > '' AND h.kind <> 'DISPOSED' AND l.gtin IS NOT NULL
WITH l, split(coalesce(s.place, h.place), '\n') AS at
WHERE (at[0] = 'AT' AND at[1] IN $sites) OR (at[0] = 'TO' AND at[2] IN $sites)
RETURN DISTINCT l.gtin AS gtin`,
})`
UNWIND $sites AS site
CALL (site) {
  MATCH (h:Holding) WHERE h.site = site AND h.mode = 'AT' RETURN h
  UNION ALL
  MATCH (h:Holding) WHERE h.origin = site AND h.mode = 'TO' RETURN h
}
WITH h WHERE h.kind <> 'DISPOSED'
MATCH (h)-[r:HOLDS]->(l:Lot) WHERE r.n > 0 AND l.gtin IS NOT NULL
RETURN DISTINCT l.gtin AS gtin`;

/** GTINs of the products of which a party has units now that were not dispensed, destroyed or decommissioned. */
export async function readProductsHeldBy(view: View, party: string): Promise<string[]> {
  const sites = await readSitesHeldBy(view, [party], NOW);
  if (sites.length === 0) return [];
  return (await view.read(PRODUCTS_HELD_FROM, { sites })).map(({ gtin }) => gtin);
}
