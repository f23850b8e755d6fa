import { cypher } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import { PLACE } from './save.store.js';

interface Line {
  readonly line: string;
}

const ALL = { mayScan: 'verify reads the whole projection' };

const ROWS = cypher<Line>('projection.digestRows', ALL)`
MATCH (p:Package)-[r:IN|STAY]->(x)
RETURN 'row ' + p.k + ' ' + toString(r.from) + '..' + coalesce(toString(r.to), '') + ' ' +
  CASE type(r)
    WHEN 'IN' THEN 'IN ' + x.id + coalesce(' mark ' + r.mStatus + ' ' + toString(r.mSince) + ' ' + toString(r.mAt) + ' ' + toString(r.mDiff), '')
    ELSE 'STAY ' + r.mode + ' ' + x.k + ' ' + coalesce(r.origin, '') + ' ' + coalesce(r.by, '') + ' ' + r.status + ' ' + toString(r.since)
  END AS line`;

const PACKAGES = cypher<Line>('projection.digestPackages', ALL)`
MATCH (p:Package) WHERE EXISTS { (p)-[:IN|STAY]->() }
RETURN 'package ' + p.k + CASE WHEN p:Container THEN ' container ' + coalesce(p.cur, '') ELSE ' unit ' + p.lot END AS line`;

const HOLDINGS = cypher<Line>('projection.digestHoldings', ALL)`
MATCH (h:Holding) WHERE h.dissolvedAt IS NOT NULL OR EXISTS { (h)<-[:IN]-(:Package) }
RETURN 'holding ' + h.id + ' ' + h.kind + ' ' + coalesce(toString(h.dissolvedAt), '') + ' ' + coalesce(h.endedBy, '') + ' ' +
  coalesce(h.mode + ' ' + h.site + ' ' + coalesce(h.origin, '') + ' ' + coalesce(h.by, '') + ' ' + h.status + ' ' + toString(h.since), 'inside') +
  CASE WHEN coalesce(h.place, '') = coalesce(${PLACE}, '') THEN '' ELSE ' place ' + coalesce(h.place, 'missing') END +
  ' marked ' + toString(coalesce(h.marked, 0)) AS line`;

const COUNTS = cypher<Line>('projection.digestCounts', ALL)`
MATCH (h:Holding)-[r:HOLDS|HOLDS_INSIDE]->(l:Lot)
RETURN 'count ' + h.id + ' ' + l.id + ' ' + toString(r.n) + ' ' + toString(r.c) +
  CASE WHEN (type(r) = 'HOLDS') = (h.site IS NOT NULL) THEN '' ELSE ' of the wrong type' END AS line`;

const HELD = cypher<Line>('projection.digestHeld', ALL)`
MATCH (h:Holding)-[r:HELD]->(l:Lot)
WITH h.id AS holding, l.id AS lot, r.at AS at, coalesce(r.mark, '') AS mark, coalesce(r.was, '') AS was, sum(r.n) AS n
WHERE n <> 0
RETURN 'held ' + holding + ' ' + lot + ' ' + toString(at) + ' ' + mark + ' ' + was + ' ' + toString(n) AS line`;

const FINDINGS = cypher<Line>('projection.digestFindings', ALL)`
MATCH (x:Exception)
RETURN 'exception ' + x.k + ' ' + toString(x.t) + ' ' + x.code + ' ' + x.eventId + ' ' + coalesce(x.detail, '') AS line`;

const CLAIMS = cypher<Line>('projection.digestClaims', ALL)`
MATCH (p:Package)-[c:CLAIMED]->(l:Lot)
RETURN 'claim ' + p.k + ' ' + l.id + ' ' + c.eventId AS line`;

const HANDOFFS = cypher<Line>('projection.digestHandoffs', ALL)`
MATCH (h:Handoff)
RETURN 'handoff ' + h.id + ' ' + h.status + ' ' + h.from + ' ' + h.to + ' ' + toString(h.shippedAt) + ' ' +
  toString(coalesce(h.expected, 0)) + ' ' + toString(coalesce(h.direct, 0)) + ' ' + toString(coalesce(h.parts, 0)) AS line`;

const LOTS = cypher<Line>('projection.digestLots', ALL)`
MATCH (l:Lot) WHERE EXISTS { (l)<-[:HOLDS|HOLDS_INSIDE]-(:Holding) }
RETURN 'lot ' + l.id + ' ' + coalesce(l.expiry, '') + ' ' + coalesce(toString(l.madeAt), '') AS line`;

/** The whole projection as sorted lines. Equal sets of events give equal lines, in any order of arrival. */
export async function readDigest(graph: GraphReader): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const statement of [
    PACKAGES,
    ROWS,
    HOLDINGS,
    COUNTS,
    HELD,
    FINDINGS,
    CLAIMS,
    HANDOFFS,
    LOTS,
  ])
    for await (const { line } of graph.readStream(statement, {}, { timeoutMs: 3_600_000 }))
      lines.push(line);
  return lines.sort();
}
