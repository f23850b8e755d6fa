import { notWithheld } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment } from '../graph/cypher.js';
import type { HandoffFilter } from './handoff.js';
import type { Around, HandoffRow } from './seen-handoff.read-model.js';
import {
  alike,
  COLUMNS,
  keepSeenAround,
  SEEN_STEPS,
  seenEvents,
  seenHandoffs,
  SEES_RECEIPT,
} from './seen-handoff.read-model.js';

// What was inside what when the handoff was shipped: every step of the way up was in force then.
const LASTING = fragment`all(i IN around WHERE type(i) <> 'IN' OR (i.from <= h.shippedAt AND coalesce(i.to, h.shippedAt + 1) > h.shippedAt))
  AND all(n IN inside WHERE NOT n:Holding OR (n.from <= h.shippedAt AND coalesce(n.dissolvedAt, h.shippedAt + 1) > h.shippedAt))`;

// From the holdings that ever had units of the lots, up through what was around them, to the shippings. A unit was in a holding at a shipping
// when more came into it than left it until then.
const OF_LOTS = cypher.events<{ id: string }>('custody.handoffsOfLots')`
MATCH (l:Lot) WHERE l.id IN $lots
MATCH (l)<-[r:HELD]-(x:Holding)
WITH x, collect([r.at, r.n]) AS steps
MATCH way = (x) ((:Holding)<-[:FILLED]-(:Container)-[:IN]->(:Holding)){0,8} (top:Holding)
WITH x, steps, top, relationships(way) AS around, nodes(way) AS inside
CALL (top) {
  WITH top WHERE top.kind = 'LOOSE' AND top.mode = 'TO'
  RETURN top.by AS id
  UNION
  MATCH (top)<-[:FILLED]-(:Container)-[s:STAY]->(:Site) WHERE s.by IS NOT NULL
  RETURN s.by AS id
}
WITH DISTINCT id, steps, around, inside
MATCH (h:Handoff {id: id})
WHERE ${LASTING} AND reduce(n = 0, step IN steps | CASE WHEN step[0] <= h.shippedAt THEN n + step[1] ELSE n END) > 0
RETURN DISTINCT id`;

// Of the shippings that a partner sees: units of what is wanted that were inside, one of each kind of those that were seen alike.
const SEEN_OF_LOTS = cypher.seen<Around & { id: string }>('custody.seenOfLots')`
${seenEvents()}
MATCH (h:Handoff {id: e.id})-[:COVERS]->(c:Package) WHERE coalesce(c.k IN s.names, true)
MATCH (c) ((:Package)-[:FILLED]->(f:Holding)<-[i:IN]-(:Package)
  WHERE f.from <= h.shippedAt AND coalesce(h.shippedAt < f.dissolvedAt, true) AND i.from <= h.shippedAt AND coalesce(h.shippedAt < i.to, true)
  ){0,8} (u:Unit)
WHERE ($lots IS NULL OR u.lot IN $lots) AND ($gtins IS NULL OR any(gtin IN $gtins WHERE u.k STARTS WITH '01/' + gtin + '/'))
WITH h, u, last(f) AS f, last(i) AS i
RETURN h.id AS id, h.shippedAt AS t, ${alike(fragment`u.k`, fragment`h.shippedAt`)} AS alike, min(u.k) AS key`;

/** A handoff of a package. */
export interface OfPackageRow extends HandoffRow {
  readonly of: string;
  /** The shipping names what the package was in. */
  readonly inside?: boolean;
}

// Handoffs that name a package or what it was in, and those that received it on its own.
const OF_PACKAGES = cypher.events<OfPackageRow>('custody.handoffsOfPackages', {
  partner: fragment`
UNWIND $keys AS key
MATCH (p:Package {k: key})
CALL (p) {
  MATCH (p)<-[:COVERS]-(h:Handoff) RETURN h.id AS id, p.k AS named, false AS inside
  UNION
  MATCH (p)-[r:RECEIVED]->(h:Handoff)
  WHERE h.status <> 'UNEXPECTED' AND ${SEES_RECEIPT} AND NOT EXISTS { (h)-[:COVERS]->(p) }
  RETURN h.id AS id, null AS named, false AS inside
  UNION
  MATCH (p)-[r:RECEIVED]->(:Handoff) RETURN r.eventId AS id, p.k AS named, false AS inside
  UNION
  MATCH (p)<-[:ABOUT]-(x:Exception) WHERE x.code = 'NO_STANDING' RETURN x.eventId AS id, p.k AS named, false AS inside
  UNION
  MATCH way = (p) ((:Package)-[:IN]->(:Holding)<-[:FILLED]-(:Container)){1,8} (box:Container)
  WITH box, relationships(way) AS around, nodes(way) AS inside
  MATCH (box)<-[:COVERS]-(h:Handoff)
  WHERE ${LASTING}
  RETURN h.id AS id, box.k AS named, true AS inside
}
WITH DISTINCT key, id, named, inside
MATCH (e:Event {id: id})-[s:SEEN_BY]->(e)
WHERE s.p = $viewer AND ${notWithheld(fragment`e`, fragment`s`)} AND coalesce(named IN s.names, true)
${seenHandoffs(fragment`key`)}
RETURN DISTINCT key AS of, inside, ${COLUMNS}`,
})`
UNWIND $keys AS key
MATCH (p:Package {k: key})
CALL (p) {
  MATCH (p)<-[:COVERS]-(h:Handoff) RETURN h
  UNION
  MATCH (p)-[:RECEIVED]->(h:Handoff) RETURN h
  UNION
  MATCH way = (p) ((:Package)-[:IN]->(:Holding)<-[:FILLED]-(:Container)){1,8} (box:Container)
  WITH box, relationships(way) AS around, nodes(way) AS inside
  MATCH (box)<-[:COVERS]-(h:Handoff)
  WHERE ${LASTING}
  RETURN h
}
RETURN key AS of, ${COLUMNS}`;

const LOTS_OF_PRODUCTS = cypher.packages<{ id: string }>('custody.lotsOfProducts')`
UNWIND $gtins AS gtin
MATCH (l:Lot) WHERE l.gtin = gtin
RETURN l.id AS id`;

/**
 * Handoffs by which packages moved, alone or inside something, by the key `of` of the package. A partner who sees a shipping sees that a package was
 * inside if it saw the package then.
 */
export async function readHandoffsOf(
  view: View,
  keys: readonly string[],
): Promise<readonly OfPackageRow[]> {
  const rows = await view.read(OF_PACKAGES, { keys, ...SEEN_STEPS });
  if (!isPartner(view)) return rows;
  const around = rows.map((row) => ({ key: row.of, t: row.shippedAt, alike: row.of, row }));
  const seen = new Set(await keepSeenAround(view, around));
  const kept = around.flatMap((one) => (one.row.inside === false || seen.has(one) ? one.row : []));
  return [...new Map(kept.map((row) => [`${row.of} ${row.id}`, row])).values()];
}

/** The handoffs that the filter names by themselves, or by the lots or products they moved; null for any. */
export async function readIds(
  view: View,
  { ids, lots, gtins }: HandoffFilter,
): Promise<string[] | null> {
  if (lots === null && gtins === null) return ids && [...new Set(ids)];
  const isWanted = (id: string): boolean => ids === null || ids.includes(id);
  if (isPartner(view)) {
    const inside = await view.read(SEEN_OF_LOTS, { lots, gtins, ...SEEN_STEPS });
    const seen = await keepSeenAround(view, inside);
    return [...new Set(seen.map(({ id }) => id))].filter(isWanted);
  }
  const ofProducts =
    gtins === null ? [] : (await view.read(LOTS_OF_PRODUCTS, { gtins })).map(({ id }) => id);
  const wanted =
    lots === null || gtins === null
      ? (lots ?? ofProducts)
      : lots.filter((lot) => ofProducts.includes(lot));
  const moved = await view.read(OF_LOTS, { lots: wanted });
  return moved.map(({ id }) => id).filter(isWanted);
}
