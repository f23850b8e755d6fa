import { mayBegin } from '../access/standing.js';
import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { LotSaying } from './lot-facts.rules.js';

// Every expiry is kept and the earliest counts; of the times of making, the newest statement wins. So the order of arrival has no
// effect. New values are compared with the stored ones and the events are not read, because a lot may have a hundred thousand
// commissionings. A lot has one row: a second row would not see what the first one wrote.
const LOT_FACTS = cypher('capture.lotFacts')`
UNWIND $rows AS row
MATCH (l:Lot {id: row.lot})
SET l.firstAt = CASE WHEN l.firstAt <= row.first THEN l.firstAt ELSE row.first END
SET l.madeAt = coalesce(l.statedMadeAt, l.firstAt)
WITH l, row
CALL (l, row) {
  WITH l, row WHERE any(one IN row.expiries WHERE NOT one IN coalesce(l.expiries, []))
  UNWIND coalesce(l.expiries, []) + row.expiries AS one
  WITH DISTINCT l, one ORDER BY one
  WITH l, collect(one) AS all
  SET l.expiries = all, l.expiry = all[0]
}
WITH l, row
WHERE row.t IS NOT NULL
  AND (l.statedAt IS NULL OR row.t > l.statedAt OR (row.t = l.statedAt AND row.hash > l.statedBy))
SET l.statedAt = row.t, l.statedBy = row.hash, l.statedMadeAt = row.madeAt, l.madeAt = row.madeAt`;

const LOT_FACTS_AGAIN = cypher('capture.lotFactsAgain')`
UNWIND $ids AS id
MATCH (:Event {id: id})-[o:OF_CLASS|OF_CLASS_AHEAD]->(l:Lot) WHERE o.role = 'ilmd'
WITH DISTINCT l
OPTIONAL MATCH (l)<-[r:OF_CLASS]-(e:Event) WHERE r.role = 'ilmd' AND e.retracted IS NULL AND ${mayBegin(fragment`e`, fragment`l.id`)}
WITH l, r, e ORDER BY e.eventTime, e.hash
WITH l, min(e.eventTime) AS first, collect(DISTINCT r.expiry) AS told,
  collect(CASE WHEN r.madeAt IS NOT NULL THEN {t: e.eventTime, hash: e.hash, madeAt: r.madeAt} END)[-1] AS said
WITH l, first, said, COLLECT { UNWIND told AS one RETURN one ORDER BY one } AS expiries
SET l.firstAt = first, l.expiries = CASE WHEN size(expiries) > 0 THEN expiries END, l.expiry = expiries[0],
  l.statedAt = said.t, l.statedBy = said.hash, l.statedMadeAt = said.madeAt, l.madeAt = coalesce(said.madeAt, first)`;

/** Adds to lots what active events say about them; each lot once. */
export async function saveLotFacts(
  tx: GraphTransaction,
  sayings: readonly LotSaying[],
): Promise<void> {
  if (sayings.length === 0) return;
  const rows = sayings.map(({ lot, first, expiries, made }) => ({
    lot,
    first: int(first),
    expiries,
    t: intOrNull(made?.t),
    hash: made?.hash ?? null,
    madeAt: intOrNull(made?.madeAt),
  }));
  await tx.run(LOT_FACTS, { rows });
}

/** Reads again what all events say about the lots of these events. */
export async function readLotFactsAgain(
  tx: GraphTransaction,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await tx.run(LOT_FACTS_AGAIN, { ids });
}
