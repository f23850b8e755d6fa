import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import type { Span } from './selection.read-model.js';

/** A package read at a place. */
export interface ReadPackage {
  readonly k: string;
  readonly lot: string | null;
  readonly container: boolean;
  /** Time of the reading; for a unit the first one. */
  readonly t: number;
  readonly eventId: string;
  /** Key of the read point. */
  readonly site: string;
  /** The event emptied it. Its contents just before the event were at the place too. */
  readonly emptied: boolean;
}

/** A window at some sites, both ends included, epoch ms. */
export interface SiteSpan {
  readonly sites: readonly string[];
  readonly from: number;
  readonly until: number;
}

const SITES_WITHIN = cypher.public<{ k: string }>('recall.sitesWithin')`
MATCH (s:Site) WHERE s.k = $site RETURN s.k AS k
UNION
MATCH (s:Site) WHERE s.k STARTS WITH $within RETURN s.k AS k`;

const CONTAINERS_AT = cypher.packages<Span>('recall.containersAt')`
UNWIND $sites AS site
MATCH (:Site {k: site})<-[s:STAY]-(c:Container)
WHERE s.mode = 'AT' AND s.from <= $until AND (s.to IS NULL OR s.to > $from)
RETURN c.k AS id, CASE WHEN s.from > $from THEN s.from ELSE $from END AS from,
  CASE WHEN s.to <= $until THEN s.to - 1 ELSE $until END AS until`;

const HOLDINGS_AT = cypher.packages<Span>('recall.holdingsAt')`
UNWIND $sites AS site
MATCH (h:Holding) WHERE h.site = site
WITH h, CASE WHEN h.kind = 'FILLING' THEN h.dissolvedAt ELSE h.from END AS begun
WHERE h.mode = 'AT' AND begun IS NOT NULL AND begun <= $until
RETURN h.id AS id, CASE WHEN begun > $from THEN begun ELSE $from END AS from, $until AS until`;

// A unit gives its first reading. A container gives every reading, because its contents change.
const READ_AT = cypher.events<ReadPackage>('recall.readAt')`
UNWIND $sites AS site
MATCH (e:Event) WHERE e.readPoint = site AND e.eventTime >= $from AND e.eventTime <= $until
MATCH (e)-[:OF]->(p:Package) WHERE e.retracted IS NULL
WITH site, p, CASE WHEN p:Container THEN e.id END AS each, min([e.eventTime, e.id]) AS first
RETURN p.k AS k, p.lot AS lot, p:Container AS container, first[0] AS t, first[1] AS eventId, site,
  each IS NOT NULL AND EXISTS { MATCH (p)-[:FILLED]->(h:Holding) WHERE h.endedBy = each } AS emptied
LIMIT $limit`;

/** A site and, for a whole GLN, every part of it that events or master data name. */
export async function readSitesWithin(view: View, site: string): Promise<string[]> {
  const rows = await view.read(SITES_WITHIN, { site, within: `${site}/254/` });
  return rows.map((row) => row.k);
}

/** What stood at these sites by itself during a window: containers, and holdings without a container. */
export async function readStandingAt(
  view: View,
  { sites, from, until }: SiteSpan,
): Promise<{ readonly containers: Span[]; readonly holdings: Span[] }> {
  const params = { sites, from: int(from), until: int(until) };
  const [containers, holdings] = await Promise.all([
    view.read(CONTAINERS_AT, params),
    view.read(HOLDINGS_AT, params),
  ]);
  return { containers, holdings };
}

/** What was read at these places within the window, at most `limit`. */
export function readReadAt(
  view: View,
  { sites, from, until }: SiteSpan,
  limit: number,
): Promise<ReadPackage[]> {
  const params = { sites, from: int(from), until: int(until), limit: int(limit) };
  return view.read(READ_AT, params);
}
