/** Cypher of what tops show to a partner, and of what it sees inside of them (src/projection/README.md, rules 24, 25 and 28). */
import { fragment } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';

/** How the partner who asks sees what is in the top `h`: whether it has it, whether it owns it, and when the title was stated. */
const OF_TOP = fragment`[coalesce($viewer IN h.hands, false), coalesce(h.title = $viewer, false), coalesce(h.titleAt, 0)]`;

/** The same of what is inside by these `IN`, the outermost first. */
export const inside = (sight: CypherFragment, way: CypherFragment): CypherFragment => fragment`
    reduce(around = ${sight}, one IN ${way} | CASE
      WHEN one.apart IS NOT NULL
        THEN [$viewer IN one.apart, coalesce(one.apartTitle = $viewer, false), coalesce(one.apartTitleAt, 0)]
      WHEN one.mTitleAt >= around[2] THEN [around[0], coalesce(one.mTitle = $viewer, false), one.mTitleSince]
      ELSE around END)`;

/** Whether who asks sees what is inside by one `IN`. `sight` is how it sees what is around. */
export const seesInside = (sight: CypherFragment, by: CypherFragment): CypherFragment =>
  fragment`any(sees IN (${inside(sight, fragment`[${by}]`)})[..2] WHERE sees)`;

/** A step to the open fillings of the containers in a holding. Where no container is, its units are not looked at. */
const INWARD = fragment`((outer:Holding)<-[in_:IN]-(box:Container)-[:FILLED]->(inner:Holding)
    WHERE in_.to IS NULL AND inner.id = box.cur AND EXISTS { (outer)-[boxes:HOLDS|HOLDS_INSIDE]->() WHERE boxes.c > 0 })`;

/** Finds the units `u` that who asks sees in tops that show it something, and the `sight` of each. `wanted` is a condition on `s`, the SHOWS. */
export const unitsSeen = (wanted: CypherFragment): CypherFragment => fragment`
  MATCH (h:Holding)-[s:SHOWS]->(:Lot)
  USING INDEX s:SHOWS(p, lot)
  WHERE s.p = $viewer AND ${wanted}
  WITH DISTINCT h, ${OF_TOP} AS sight
  MATCH (h) ${INWARD}{0,31} (z:Holding)
  MATCH (z)<-[last:IN]-(u) WHERE last.to IS NULL
  WITH u, ${inside(fragment`sight`, fragment`in_ + last`)} AS sight
  WHERE (sight[0] OR sight[1]) AND NOT u:Container`;

/** Body of a subquery: takes a package `p` and its `sight`; returns each lot `l` and how many units of it, `n`, are seen in it. */
export const UNITS_SEEN = fragment`
  WITH p, sight WHERE NOT p:Container AND (sight[0] OR sight[1])
  MATCH (l:Lot {id: p.lot})
  RETURN l, 1 AS n
  UNION ALL
  WITH p, sight WHERE p:Container AND (sight[0] OR sight[1])
  MATCH (f:Holding {id: p.cur}) WHERE coalesce(f.own, 0) = 0
  MATCH (f)-[holds:HOLDS|HOLDS_INSIDE]->(l:Lot) WHERE holds.n > 0
  RETURN l, holds.n AS n
  UNION ALL
  WITH p, sight WHERE p:Container
  MATCH (f:Holding {id: p.cur}) WHERE f.own > 0
  MATCH (f) ${INWARD}{0,31} (z:Holding)
  MATCH (z)<-[last:IN]-(u) WHERE last.to IS NULL
  WITH u, ${inside(fragment`sight`, fragment`in_ + last`)} AS seen
  WHERE (seen[0] OR seen[1]) AND NOT u:Container
  MATCH (l:Lot {id: u.lot})
  RETURN l, count(*) AS n`;

/**
 * Finds what is marked with a status of its own in the tops that show something to who asks. It gives the holding `h`, the relationship `i`,
 * the package `p`, and each lot `l` of it with the units `n` that are seen. It walks inward, so its cost does not depend on what others have.
 *
 * @param wanted a condition on `s`, the SHOWS
 */
export const markedSeen = (wanted: CypherFragment): CypherFragment => fragment`
  MATCH (h:Holding)-[s:SHOWS]->(:Lot)
  USING INDEX s:SHOWS(p, lot)
  WHERE s.p = $viewer AND ${wanted}
  WITH DISTINCT h, ${OF_TOP} AS sight
  MATCH (h) ${INWARD}{0,31} (z:Holding)
  WITH z AS h, in_ AS way, sight WHERE z.marked > 0
  MATCH (h)<-[i:IN]-(p) WHERE i.mDiff AND i.to IS NULL AND none(one IN way + i WHERE one.apart IS NOT NULL)
  WITH h, i, p, ${inside(fragment`sight`, fragment`way + i`)} AS sight
  CALL (p, sight) { ${UNITS_SEEN} }`;

/** Finds the containers `p` directly in the holdings `$holdings`, each with the lots `l` and units `n` that are seen in it. */
export const BOXES_SEEN: CypherFragment = fragment`
  UNWIND $holdings AS id
  MATCH (h:Holding {id: id})<-[i:IN]-(p:Container) WHERE i.to IS NULL
  WITH h, p, ${inside(OF_TOP, fragment`[i]`)} AS sight
  CALL (p, sight) { ${UNITS_SEEN} }`;
