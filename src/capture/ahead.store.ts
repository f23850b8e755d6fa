import { cypher, int } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { StoredEvent } from '../projection/index.js';

// An event that is dated ahead of the clock has relationships of its own to what it names. So questions about what has happened
// never meet it. Event queries look at both kinds.

const NAMES_AHEAD = cypher('capture.namesAhead')`
UNWIND $groups AS g
MATCH (e:Event {id: g.id})
UNWIND g.keys AS k
MATCH (p:Package {k: k})
CREATE (e)-[:OF_AHEAD {role: g.role}]->(p)`;

const CLASSES_AHEAD = cypher('capture.classesAhead')`
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
MERGE (l:Lot {id: row.lot})
ON CREATE SET l.gtin = row.gtin, l.lot = row.number
CREATE (e)-[r:OF_CLASS_AHEAD {role: row.role}]->(l)
SET r.quantity = row.quantity, r.uom = row.uom, r.expiry = row.expiry, r.madeAt = row.madeAt`;

const DUE = cypher<StoredEvent>('capture.dueEvents')`
MATCH (e:Event) WHERE e.waits <= $until
WITH e ORDER BY e.waits, e.id LIMIT $limit
RETURN e.id AS id, e.hash AS hash, e.eventTime AS eventTime, coalesce(e.meant, e.text) AS text, e.ilmdLot AS ilmdLot, e.sentBy AS sentBy`;

const IS_DUE = cypher<{ id: string }>('capture.anythingDue')`
MATCH (e:Event) WHERE e.waits <= $until
RETURN e.id AS id LIMIT 1`;

interface LockedLog {
  readonly seq: number;
  readonly recorded: number;
  readonly judgesSerials: boolean;
  readonly hasPartners: boolean;
}

const LOCK = cypher<LockedLog>('capture.lockLogForDue')`
MATCH (l:Log {id: 'log'})
SET l.locked = true
WITH l
RETURN l.seq AS seq, coalesce(l.at, -1) AS recorded, l.judgesSerials IS NOT NULL AS judgesSerials, l.hasPartners IS NOT NULL AS hasPartners`;

const JOIN = cypher('capture.joinEvents')`
UNWIND $ids AS id
MATCH (e:Event {id: id})
REMOVE e.waits
WITH e
CALL (e) {
  MATCH (e)-[ahead:OF_AHEAD]->(p:Package)
  CREATE (e)-[:OF {role: ahead.role}]->(p)
  DELETE ahead
}
CALL (e) {
  MATCH (e)-[ahead:OF_CLASS_AHEAD]->(l:Lot)
  WITH e, l, ahead WHERE ahead.role = 'ilmd'
  CREATE (e)-[now:OF_CLASS]->(l)
  SET now = properties(ahead)
  DELETE ahead
}
CALL (e) {
  MATCH (e)-[ahead:OF_CLASS_AHEAD]->(l:Lot)
  CREATE (e)-[now:OF_QUANTITY]->(l)
  SET now = properties(ahead)
  DELETE ahead
}`;

const HOLD_BACK = cypher('capture.holdEventsBack')`
UNWIND $ids AS id
MATCH (e:Event {id: id})
SET e.waits = e.eventTime
WITH e
CALL (e) {
  MATCH (e)-[now:OF_CLASS|OF_QUANTITY]->(l:Lot)
  CREATE (e)-[ahead:OF_CLASS_AHEAD]->(l)
  SET ahead = properties(now)
  DELETE now
}
CALL (e) {
  MATCH (e)-[part:PART_OF]->(:Transformation)
  DELETE part
}`;

/** What events ahead of the clock name, by role, as rows for the statements that tie events to it. */
export interface AheadLinks {
  readonly names: readonly unknown[];
  readonly classes: readonly unknown[];
}

/** Ties events ahead of the clock to what they name. The packages must exist. */
export async function linkAhead(tx: GraphTransaction, links: AheadLinks): Promise<void> {
  const sent: Promise<unknown>[] = [];
  if (links.names.length > 0) sent.push(tx.start(NAMES_AHEAD, { groups: links.names }));
  if (links.classes.length > 0) sent.push(tx.start(CLASSES_AHEAD, { rows: links.classes }));
  await Promise.all(sent);
}

/** Whether an event waits whose time has come at this instant. One index seek. */
export async function isAnythingDue(graph: GraphReader, until: number): Promise<boolean> {
  return (await graph.read(IS_DUE, { until: int(until) })).length > 0;
}

/** Locks the log and reads the events that are due, oldest first, and the next position; null when none is due. Closing the batch moves the log on. */
export async function openDue(
  tx: GraphTransaction,
  until: number,
  limit: number,
): Promise<(LockedLog & { readonly due: readonly StoredEvent[] }) | null> {
  const [log] = await tx.run(LOCK);
  const due = await tx.run(DUE, { until: int(until), limit: int(limit) });
  if (log === undefined || due.length === 0) return null;
  return { ...log, seq: log.seq + 1, due };
}

/** Ends the waiting of events: they are tied to what they name like any other event. */
export async function joinEvents(tx: GraphTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.run(JOIN, { ids });
}

/** Makes events wait again, when a rebuild runs with an earlier clock. {@link linkAhead} ties them to what they name. */
export async function holdEventsBack(tx: GraphTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.run(HOLD_BACK, { ids });
}
