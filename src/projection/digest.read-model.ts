import { cypher, fragment } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import { PLACE } from './save.store.js';

interface Line {
  readonly line: string;
}

const ALL = { mayScan: 'verify reads the whole projection' };

const SEEN_ROW = fragment`coalesce(' sight ' + reduce(told = '', k IN r.hands | told + CASE told WHEN '' THEN '' ELSE ',' END + k) + ' ' +
    coalesce(r.title, '') + ' ' + coalesce(toString(r.titleAt), '') + ' ' + coalesce(r.believed, '') + coalesce(' told ' + r.told, ''), '')`;

const SEEN_APART = fragment`coalesce(' sight ' + reduce(told = '', k IN r.apart | told + CASE told WHEN '' THEN '' ELSE ',' END + k) + ' ' +
    coalesce(r.apartTitle, '') + ' ' + coalesce(toString(r.apartTitleAt), '') + ' ' + coalesce(r.apartBelieved, ''), '')`;

const SEEN_HOLDING = fragment`coalesce(' sight ' + reduce(told = '', k IN h.hands | told + CASE told WHEN '' THEN '' ELSE ',' END + k) + ' ' +
    coalesce(h.title, '') + ' ' + coalesce(toString(h.titleAt), '') + ' ' + coalesce(h.believed, '') + coalesce(' told ' + h.told, ''), '')`;

const ROWS = cypher<Line>('projection.digestRows', ALL)`
MATCH (p:Package)-[r:IN|STAY]->(x)
RETURN 'row ' + p.k + ' ' + toString(r.from) + '..' + coalesce(toString(r.to), '') + ' ' +
  CASE type(r)
    WHEN 'IN' THEN 'IN ' + x.id + coalesce(' mark ' + r.mStatus + ' ' + toString(r.mSince) + ' ' + toString(r.mAt) + ' ' + toString(r.mDiff), '') +
      coalesce(' title ' + coalesce(r.mTitle, '') + ' ' + toString(r.mTitleSince) + ' ' + toString(r.mTitleAt), '') + ${SEEN_APART}
    ELSE 'STAY ' + r.mode + ' ' + x.k + ' ' + coalesce(r.origin, '') + ' ' + coalesce(r.by, '') + ' ' + r.status + ' ' + toString(r.since) + ${SEEN_ROW}
  END AS line`;

const PACKAGES = cypher<Line>('projection.digestPackages', ALL)`
MATCH (p:Package) WHERE EXISTS { (p)-[:IN|STAY]->() }
RETURN 'package ' + p.k + CASE WHEN p:Container THEN ' container ' + coalesce(p.cur, '') ELSE ' unit ' + p.lot END AS line`;

const HOLDINGS = cypher<Line>('projection.digestHoldings', ALL)`
MATCH (h:Holding) WHERE h.dissolvedAt IS NOT NULL OR EXISTS { (h)<-[:IN]-(:Package) }
RETURN 'holding ' + h.id + ' ' + h.kind + ' ' + coalesce(toString(h.dissolvedAt), '') + ' ' + coalesce(h.endedBy, '') + ' ' +
  coalesce(h.mode + ' ' + h.site + ' ' + coalesce(h.origin, '') + ' ' + coalesce(h.by, '') + ' ' + h.status + ' ' + toString(h.since), 'inside') + ${SEEN_HOLDING} +
  CASE WHEN coalesce(h.place, '') = coalesce(${PLACE}, '') THEN '' ELSE ' place ' + coalesce(h.place, 'missing') END +
  ' marked ' + toString(coalesce(h.marked, 0)) + ' own ' + toString(coalesce(h.own, 0)) AS line`;

const SHOWN = cypher<Line>('projection.digestShown', ALL)`
MATCH (h:Holding)-[s:SHOWS]->(l:Lot)
RETURN 'shown ' + h.id + ' ' + s.p + ' ' + s.lot + ' ' + toString(s.n) + ' ' + toString(s.c) +
  coalesce(' at ' + replace(s.place, '\n', ' '), '') + CASE WHEN s.lot = l.id THEN '' ELSE ' of the wrong lot' END AS line`;

const SEEN = cypher<Line>('projection.digestSeen', ALL)`
MATCH (e:Event)-[s:SEEN_BY]->(e)
RETURN 'seen ' + e.id + ' ' + s.p + ' ' + CASE WHEN s.whole THEN 'whole' ELSE 'part' END + ' ' +
  coalesce(reduce(told = '', k IN s.names | told + CASE told WHEN '' THEN '' ELSE ' ' END + k), 'all') +
  CASE WHEN s.at = e.eventTime AND s.rec = e.recordTime THEN '' ELSE ' of the wrong time' END AS line`;

// One line for each declaration that is not seen by those who see its event.
const SEEN_DECLARED = cypher<Line>('projection.digestSeenDeclared', ALL)`
MATCH (e:Event)<-[:DECLARES]-(d:ErrorDeclaration)
WHERE COLLECT { MATCH (e)-[s:SEEN_BY]->(e) RETURN s.p ORDER BY s.p } <>
  COLLECT { MATCH (d)-[s:SEEN_BY]->(d) WHERE s.at = d.eventTime AND s.rec = d.recordTime RETURN s.p ORDER BY s.p }
RETURN 'seen ' + d.id + ' by others than its event' AS line`;

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
RETURN 'exception ' + x.k + ' ' + toString(x.t) + ' ' + x.code + ' ' + x.eventId + ' ' + coalesce(x.detail, '') + ' for ' +
  reduce(told = '', k IN COLLECT { MATCH (x)-[s:SEEN_BY]->(x) RETURN s.p ORDER BY s.p } | told + CASE told WHEN '' THEN '' ELSE ' ' END + k) AS line`;

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
    SHOWN,
    SEEN,
    SEEN_DECLARED,
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
