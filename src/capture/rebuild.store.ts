import { cypher, int } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { StoredEvent } from '../projection/index.js';

/** Whether a rebuild was begun and not ended; and whether something of what was before may still be there. */
export interface RebuildState {
  readonly rebuilding: boolean;
  readonly dropping: boolean;
}

const MAY = { mayScan: 'rebuild and verify read or drop everything' };

const BEGIN = cypher('capture.rebuildBegin')`
MERGE (l:Log {id: 'log'})
ON CREATE SET l.seq = 0
SET l.rebuilding = true, l.dropping = true`;

const END = cypher('capture.rebuildEnd')`
MATCH (l:Log {id: 'log'}) REMOVE l.rebuilding`;

const STATE = cypher<RebuildState>('capture.rebuildState')`
MATCH (l:Log {id: 'log'}) RETURN l.rebuilding IS NOT NULL AS rebuilding, l.dropping IS NOT NULL AS dropping`;

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

const DROP_REST = cypher('capture.dropRest', MAY)`
MATCH (n:Package|Holding|Exception|Handoff) DETACH DELETE n`;

const DROPPED = cypher('capture.rebuildDropped')`
MATCH (l:Log {id: 'log'}) REMOVE l.dropping`;

const COUNT = cypher<{ n: number }>('capture.countEvents', MAY)`
MATCH (e:Event) RETURN count(e) AS n`;

/** A stored event in a rebuild or a verification, with what ties it to its place among the others. */
export interface EventPageRow extends StoredEvent {
  readonly derived: boolean;
  /** Declared in error: it is tied to what it names, and says nothing. */
  readonly retracted: boolean;
  /** JSON of the prefixes around it. */
  readonly context: string | null;
  /** Its CURIEs were written out when it was captured. */
  readonly isMeant: boolean;
  /** It lies, or lay, ahead of the clock, and waits. */
  readonly waits: boolean;
  /** It is tied to packages as one that waits. */
  readonly tiedAhead: boolean;
}

/** What is read again of an event, and replaces what stands there. */
export interface RereadRow {
  readonly id: string;
  /** Event time, epoch ms. */
  readonly at: number;
  readonly terms: readonly string[];
  readonly properties: {
    readonly meant: string;
    readonly hash: string;
    readonly bizStep: string | null;
    readonly disposition: string | null;
    readonly readPoint: string | null;
    readonly bizLocation: string | null;
  };
}

const EVENTS = cypher<EventPageRow>('capture.eventsInOrder', MAY)`
MATCH (e:Event)
WHERE e.eventTime >= $time AND (e.eventTime > $time OR e.id > $id)
RETURN e.id AS id, e.hash AS hash, e.eventTime AS eventTime, coalesce(e.meant, e.text) AS text, e.ilmdLot AS ilmdLot,
  e.retracted IS NOT NULL AS retracted, e.context AS context, e.meant IS NOT NULL AS isMeant, EXISTS { (e)-[:OF]->(:Package) } AS derived,
  e.waits IS NOT NULL AS waits, EXISTS { (e)-[:OF_AHEAD]->(:Package) } AS tiedAhead
ORDER BY e.eventTime, e.id LIMIT $limit`;

const REREAD = cypher('capture.rereadEvents')`
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
SET e += row.properties
WITH e
MATCH (e)-[said:SAYS]->(e)
DELETE said`;

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

/** How far a rebuild came. */
export async function readRebuildState(graph: GraphReader): Promise<RebuildState> {
  return (await graph.read(STATE))[0] ?? { rebuilding: false, dropping: false };
}

/**
 * Drops what captures derived while {@link DROPS} ran, behind the log's lock: what they found then was half of what had been. From
 * here on an event that is tied to a package is derived.
 */
export async function dropRest(tx: GraphTransaction): Promise<void> {
  await lockForRebuild(tx);
  await tx.run(DROP_REST);
  await tx.run(DROPPED);
}

/** How many events are stored. */
export async function countEvents(graph: GraphReader): Promise<number> {
  return (await graph.read(COUNT, {}, { timeoutMs: 600_000 }))[0]?.n ?? 0;
}

/** A place among the events in the order of event time. */
export interface EventPlace {
  /** Epoch ms. */
  readonly eventTime: number;
  readonly id: string;
}

/** The next events behind a place. */
export function readEvents(
  graph: GraphReader,
  after: EventPlace,
  limit: number,
): Promise<EventPageRow[]> {
  return graph.read(EVENTS, pageParams(after, limit), { timeoutMs: 600_000 });
}

/** As {@link readEvents}, behind the log's lock: nobody derives or retracts them meanwhile. */
export function readEventsForUpdate(
  tx: GraphTransaction,
  after: EventPlace,
  limit: number,
): Promise<EventPageRow[]> {
  return tx.run(EVENTS, pageParams(after, limit));
}

function pageParams({ eventTime, id }: EventPlace, limit: number): Record<string, unknown> {
  return { time: int(eventTime), id, limit: int(limit) };
}

/** Replaces what stands on the nodes of events; what they were found by is gone. */
export async function storeReread(tx: GraphTransaction, rows: readonly RereadRow[]): Promise<void> {
  const params = rows.map(({ id, properties }) => ({ id, properties }));
  await tx.run(REREAD, { rows: params });
}

/** Takes the log's lock for one page of a rebuild; the log does not move on. */
export async function lockForRebuild(tx: GraphTransaction): Promise<number> {
  return (await tx.run(LOCK))[0]?.seq ?? 0;
}
