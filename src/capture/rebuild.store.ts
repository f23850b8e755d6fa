import { cypher } from '../graph/cypher.js';
import type { GraphReader, GraphTransaction } from '../graph/graph.js';
import { int } from '../graph/graph.js';
import type { StoredEvent } from '../projection/index.js';

const MAY = { mayScan: 'rebuild and verify read or drop everything' };

const BEGIN = cypher('capture.rebuildBegin')`
MERGE (l:Log {id: 'log'})
ON CREATE SET l.seq = 0
SET l.rebuilding = true`;

const END = cypher('capture.rebuildEnd')`
MATCH (l:Log {id: 'log'}) REMOVE l.rebuilding`;

const STATE = cypher<{ rebuilding: boolean }>('capture.rebuildState')`
MATCH (l:Log {id: 'log'}) RETURN l.rebuilding IS NOT NULL AS rebuilding`;

/** Each drops one kind of node of the projection, 5,000 a transaction. */
export const DROPS = [
  cypher('capture.dropPackages', MAY)`
MATCH (n:Package) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('capture.dropHoldings', MAY)`
MATCH (n:Holding) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('capture.dropExceptions', MAY)`
MATCH (n:Exception) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('capture.dropHandoffs', MAY)`
MATCH (n:Handoff) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
] as const;

const COUNT = cypher<{ n: number }>('capture.countEvents', MAY)`
MATCH (e:Event) RETURN count(e) AS n`;

/** A stored event in a rebuild or a verification, with what ties it to its place among the others. */
export interface EventPageRow extends StoredEvent {
  readonly derived: boolean;
  /** Declared in error: it is tied to what it names, and says nothing. */
  readonly retracted: boolean;
}

const EVENTS = cypher<EventPageRow>('capture.eventsInOrder', MAY)`
MATCH (e:Event)
WHERE e.eventTime >= $time AND (e.eventTime > $time OR e.id > $id)
RETURN e.id AS id, e.hash AS hash, e.eventTime AS eventTime, e.text AS text, e.ilmdLot AS ilmdLot,
  e.retracted IS NOT NULL AS retracted, EXISTS { (e)-[:OF]->(:Package) } AS derived
ORDER BY e.eventTime, e.id LIMIT $limit`;

const LOCK = cypher<{ seq: number }>('capture.rebuildLock')`
MATCH (l:Log {id: 'log'}) SET l.rebuilding = true RETURN l.seq AS seq`;

/** Marks the projection as incomplete, durably: a start that finds the mark goes on with the rebuild. */
export async function beginRebuild(tx: GraphTransaction): Promise<void> {
  await tx.run(BEGIN);
}

/** The projection is whole again. */
export async function endRebuild(tx: GraphTransaction): Promise<void> {
  await tx.run(END);
}

/** Whether a rebuild was begun and not ended. */
export async function isRebuilding(graph: GraphReader): Promise<boolean> {
  return (await graph.read(STATE))[0]?.rebuilding ?? false;
}

/** How many events are stored. */
export async function countEvents(graph: GraphReader): Promise<number> {
  return (await graph.read(COUNT, {}, { timeoutMs: 600_000 }))[0]?.n ?? 0;
}

/** The next events behind a place in the order of event time. */
export function readEvents(
  graph: GraphReader,
  after: { readonly eventTime: number; readonly id: string },
  limit: number,
): Promise<EventPageRow[]> {
  const params = { time: int(after.eventTime), id: after.id, limit: int(limit) };
  return graph.read(EVENTS, params, { timeoutMs: 600_000 });
}

/** Takes the log's lock for one page of a rebuild; the log does not move on. */
export async function lockForRebuild(tx: GraphTransaction): Promise<number> {
  return (await tx.run(LOCK))[0]?.seq ?? 0;
}
