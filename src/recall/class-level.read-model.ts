import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import type { ClassLevelQuantity } from './recall-scope.js';
import type { Span } from './selection.read-model.js';
import type { SiteSpan } from './standing-at.read-model.js';

/** The most reports of quantities without serials that an answer lists. */
export const MAX_CLASS_LEVEL = 1000;

/** A report without the quantity that is left. */
export type ClassReport = Omit<ClassLevelQuantity, 'left'>;

/** The quantity of a lot that is left in a container; null when an event did not state its quantity. */
export interface ClassLeft {
  readonly container: string;
  readonly lot: string;
  readonly uom: string | null;
  readonly left: number | null;
}

/**
 * Reports up to `$t` of quantities without serials of the lots `$reported`, at most `$mostReports`. Inputs of the lots `$followed` are left
 * out: what was made from them is already in the scope.
 */
export const REPORTS_OF_LOTS = reportsOfLots(fragment``);

/** The same of events that a partner sees whole: of others, it sees no quantities. */
export const REPORTS_SEEN = reportsOfLots(
  fragment`AND EXISTS { MATCH (e)-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND s.whole }`,
);

function reportsOfLots(seen: CypherFragment): CypherFragment {
  return fragment`
UNWIND $reported AS lot
MATCH (:Lot {id: lot})<-[c:OF_QUANTITY]-(e)
WHERE e.eventTime <= $t AND coalesce(e.retracted, false) = false
  AND NOT (c.role = 'inputQuantity' AND lot IN $followed) ${seen}
WITH lot, c, e LIMIT $mostReports
RETURN collect({lot: lot, role: c.role, quantity: c.quantity, uom: c.uom, eventId: e.id, t: e.eventTime,
  container: head([(e)-[o:OF]->(p:Package) WHERE o.role = 'parent' | p.k])}) AS reports`;
}

// What was put in before the container was last emptied is no longer in it.
const INSIDE = cypher.events<ClassReport>('recall.classInside')`
UNWIND $spans AS span
MATCH (c:Package {k: span.id})
OPTIONAL MATCH (c)-[:FILLED]->(h:Holding) WHERE h.dissolvedAt <= span.from
WITH span, c, max(h.dissolvedAt) AS emptied
MATCH (c)<-[o:OF]-(e:Event)-[q:OF_QUANTITY]->(l:Lot)
WHERE o.role = 'parent' AND q.role = 'childQuantity' AND e.retracted IS NULL AND e.eventTime <= span.until
  AND (emptied IS NULL OR e.eventTime > emptied OR (e.eventTime = emptied AND e.action = 'ADD'))
RETURN DISTINCT l.id AS lot, q.role AS role, q.quantity AS quantity, q.uom AS uom, e.id AS eventId, e.eventTime AS t,
  span.id AS container
ORDER BY t, eventId, lot, container LIMIT $limit`;

// What was reported at a business location is taken to stay there. What was only read at a read point passed through.
const AT_SITES = cypher.events<ClassReport>('recall.classAtSites')`
UNWIND $sites AS site
CALL (site) {
  MATCH (e:Event) WHERE e.readPoint = site AND e.eventTime >= $from AND e.eventTime <= $until RETURN e
  UNION
  MATCH (e:Event) WHERE e.bizLocation = site AND e.eventTime <= $until RETURN e
}
MATCH (e)-[q:OF_QUANTITY]->(l:Lot)
WHERE e.retracted IS NULL
RETURN DISTINCT l.id AS lot, q.role AS role, q.quantity AS quantity, q.uom AS uom, e.id AS eventId, e.eventTime AS t,
  head([(e)-[o:OF]->(p:Package) WHERE o.role = 'parent' | p.k]) AS container
LIMIT $limit`;

const LEFT = cypher.packages<ClassLeft>('recall.classLeft')`
UNWIND $containers AS container
MATCH (c:Package {k: container})
OPTIONAL MATCH (c)-[:FILLED]->(h:Holding) WHERE h.dissolvedAt <= $t
WITH container, c, max(h.dissolvedAt) AS emptied
MATCH (c)<-[o:OF]-(e:Event)-[q:OF_QUANTITY]->(l:Lot)
WHERE o.role = 'parent' AND q.role = 'childQuantity' AND e.type = 'AggregationEvent' AND e.action IN ['ADD', 'DELETE']
  AND e.retracted IS NULL AND e.eventTime <= $t
WITH container, l.id AS lot, q.uom AS uom, CASE e.action WHEN 'ADD' THEN q.quantity ELSE -q.quantity END AS moved,
  emptied IS NULL OR e.eventTime > emptied OR (e.eventTime = emptied AND e.action = 'ADD') AS counts
RETURN container, lot, uom, CASE WHEN sum(CASE WHEN counts AND moved IS NULL THEN 1 ELSE 0 END) > 0 THEN null
  ELSE sum(CASE WHEN counts THEN moved ELSE 0 END) END AS left`;

/** What containers held by class during their spans, at most one more than {@link MAX_CLASS_LEVEL}. */
export function readClassInside(view: View, spans: readonly Span[]): Promise<ClassReport[]> {
  if (spans.length === 0) return Promise.resolve([]);
  const params = spans.map(({ id, from, until }) => ({ id, from: int(from), until: int(until) }));
  return view.read(INSIDE, { spans: params, limit });
}

/** What was reported by class at these sites, at most one more than {@link MAX_CLASS_LEVEL}. */
export function readClassAtSites(
  view: View,
  { sites, from, until }: SiteSpan,
): Promise<ClassReport[]> {
  return view.read(AT_SITES, { sites, from: int(from), until: int(until), limit });
}

/** What these containers still held by class at `t`. Nothing for a partner: it may not see all that went in and out. */
export function readClassLeft(
  view: View,
  containers: readonly string[],
  t: number,
): Promise<ClassLeft[]> {
  if (containers.length === 0 || isPartner(view)) return Promise.resolve([]);
  return view.read(LEFT, { containers, t: int(t) });
}

const limit = int(MAX_CLASS_LEVEL + 1);
