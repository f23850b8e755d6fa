import { notWithheld } from '../access/sighted.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';

/**
 * Whether a partner is given an event `e` or error declaration that it sees by `s`. What would be no event by the schemas of EPCIS without
 * what it does not see is withheld: a TransactionEvent without its transactions, an AssociationEvent without its parent.
 */
const IS_GIVEN = fragment`CASE WHEN e.of IS NOT NULL THEN coalesce(s.whole, false) ELSE
    ${notWithheld(fragment`e`, fragment`s`)}
    AND (coalesce(s.whole, false) OR NOT e.type IN ['TransactionEvent', 'AssociationEvent'] OR (e.type = 'AssociationEvent'
      AND EXISTS { (e)-[:OF {role: 'parent'}]->(box:Package) WHERE coalesce(box.k IN s.names, true) })) END`;

/**
 * The columns of an event row for a partner. What it reads begins at what it sees (`s`), events and error declarations together (`e`). The
 * record time stands for the position in the log, which counts what others do. Only whom a document came from sees its header.
 */
export const SEEN_COLUMNS = fragment`e.id AS key, coalesce(e.of, e.id) AS id, e.eventTime AS eventTimeMs, e.recordTime AS recordTimeMs, s.rec AS seq,
  e.text AS text, e.context AS context, CASE e.sentBy WHEN $viewer THEN e.header END AS header, e.of IS NOT NULL AS isDeclaration,
  {whole: coalesce(s.whole, false), names: s.names} AS seen`;
/** The conditions of a query as far as they need no text. Nothing that is left out for a partner decides what it finds. */
export const MEETS_SEEN = fragment`s.rec >= $recordFrom AND s.rec <= $recordTo
  AND ($only IS NULL OR ($only = 'WHOLE' AND s.whole) OR ($only = 'DECLARATIONS' AND e.of IS NOT NULL))
  AND ${IS_GIVEN} AND (e.of IS NOT NULL OR (($types IS NULL OR e.type IN $types)
    AND ($actions IS NULL OR e.action IN $actions)
    AND ($bizSteps IS NULL OR e.bizStep IN $bizSteps)
    AND ($dispositions IS NULL OR e.disposition IN $dispositions)
    AND ($readPoints IS NULL OR e.readPoint IN $readPoints)
    AND ($bizLocations IS NULL OR e.bizLocation IN $bizLocations)
    AND ($terms IS NULL OR NOT coalesce(s.whole, false) OR all(terms IN $terms WHERE EXISTS { (e)-[t:SAYS]->() WHERE t.term IN terms }))
    AND ($names IS NULL OR all(name IN $names WHERE EXISTS {
      (e)-[o:OF|OF_AHEAD]->(p:Package) WHERE coalesce(p.k IN s.names, true) AND o.role IN name.roles
        AND (p.k IN name.keys OR any(start IN name.prefixes WHERE p.k STARTS WITH start))
    }))))`;
/** The range of event times that is read. */
export const SEEN_IN_TIME = fragment`s.at >= $timeFrom AND s.at <= $timeTo`;
/** The range of record times that is read. */
export const SEEN_IN_LOG = fragment`s.rec >= $seqFrom AND s.rec <= $seqTo`;

const NEWEST_SEEN = cypher.seen<{ recordTime: number }>('epcis-query.newestSeen')`
MATCH ()-[s:SEEN_BY]->(e:Event|ErrorDeclaration)
USING INDEX s:SEEN_BY(p, rec)
WHERE s.p = $viewer AND s.rec > 0 AND e.seq <= $head AND ${IS_GIVEN}
RETURN s.rec AS recordTime ORDER BY s.rec DESC LIMIT 1`;

/**
 * When the newest event that a partner sees was recorded, up to a position of the log; epoch ms, 0 when it sees none. What a commit brings
 * that is not whole yet lies behind the head of the log.
 */
export async function newestSeen(view: View, head: number): Promise<number> {
  const [newest] = await view.read(NEWEST_SEEN, { head: int(head) });
  return newest?.recordTime ?? 0;
}
