import { cypher, int } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { EventToDerive, LogState } from '../capture/index.js';

/** Whether a rebuild was begun and not ended, and whether something of the old projection may still exist. */
export interface RebuildState {
  readonly rebuilding: boolean;
  readonly dropping: boolean;
}

const MAY = { mayScan: 'rebuild and verify read or drop everything' };

const BEGIN = cypher('rebuild.begin')`
MERGE (l:Log {id: 'log'})
ON CREATE SET l.seq = 0
SET l.rebuilding = true, l.dropping = true`;

const END = cypher('rebuild.end')`
MATCH (l:Log {id: 'log'}) REMOVE l.rebuilding`;

const STATE = cypher<RebuildState>('rebuild.state')`
MATCH (l:Log {id: 'log'}) RETURN l.rebuilding IS NOT NULL AS rebuilding, l.dropping IS NOT NULL AS dropping`;

/** Each statement drops one kind of node of the projection, 5,000 in a transaction. */
export const DROPS = [
  cypher('rebuild.dropPackages', MAY)`
MATCH (n:Package) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('rebuild.dropHoldings', MAY)`
MATCH (n:Holding) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('rebuild.dropExceptions', MAY)`
MATCH (n:Exception) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('rebuild.dropHandoffs', MAY)`
MATCH (n:Handoff) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('rebuild.dropViewers', MAY)`
MATCH (:Event|ErrorDeclaration)-[s:SEEN_BY]->() CALL (s) { DELETE s } IN TRANSACTIONS OF 5000 ROWS`,
  cypher('rebuild.dropMakings', MAY)`
MATCH (:Event|Lot)-[m:MADE_FROM]->() CALL (m) { DELETE m } IN TRANSACTIONS OF 5000 ROWS`,
] as const;

const DROP_REST = cypher('rebuild.dropRest', MAY)`
MATCH (n:Package|Holding|Exception|Handoff) DETACH DELETE n`;

const DROP_VIEWERS = cypher('rebuild.dropOtherViewers', MAY)`
MATCH (:Event|ErrorDeclaration)-[s:SEEN_BY]->() DELETE s`;

const DROP_MAKINGS = cypher('rebuild.dropOtherMakings', MAY)`
MATCH (:Event|Lot)-[m:MADE_FROM]->() DELETE m`;

const DROPPED = cypher('rebuild.dropped')`
MATCH (l:Log {id: 'log'}) REMOVE l.dropping`;

const COUNT = cypher<{ n: number }>('rebuild.countEvents', MAY)`
MATCH (e:Event) RETURN count(e) AS n`;

/** A stored event in a rebuild or a verification. */
export interface EventPageRow extends EventToDerive {
  /** Something is derived from it. */
  readonly derived: boolean;
  /** JSON of the prefixes that the document declared for it. */
  readonly context: string | null;
  /** Its CURIEs were expanded when it was captured. */
  readonly isMeant: boolean;
}

/** What is read again from an event, and replaces its stored properties. */
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

const EVENTS = cypher<EventPageRow>('rebuild.eventsInOrder', MAY)`
MATCH (e:Event)
WHERE e.eventTime >= $time AND (e.eventTime > $time OR e.id > $id)
RETURN e.id AS id, e.hash AS hash, e.eventTime AS eventTime, coalesce(e.meant, e.text) AS text, e.ilmdLot AS ilmdLot, e.sentBy AS sentBy,
  e.retracted IS NOT NULL AS retracted, e.context AS context, e.meant IS NOT NULL AS isMeant, EXISTS { (e)-[:OF]->(:Package) } AS derived,
  e.waits IS NOT NULL AS waits, EXISTS { (e)-[:OF_AHEAD]->(:Package) } AS tiedAhead
ORDER BY e.eventTime, e.id LIMIT $limit`;

const REREAD = cypher('rebuild.reread')`
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
SET e += row.properties
WITH e
MATCH (e)-[said:SAYS]->(e)
DELETE said`;

const LOCK = cypher<LogState>('rebuild.lock')`
MATCH (l:Log {id: 'log'}) SET l.rebuilding = true RETURN l.seq AS seq, l.hasPartners IS NOT NULL AS hasPartners`;

/** Marks the projection as incomplete in the store. A start that finds the mark continues the rebuild. */
export async function beginRebuild(tx: GraphTransaction): Promise<void> {
  await tx.run(BEGIN);
}

/** Marks the projection as complete. */
export async function endRebuild(tx: GraphTransaction): Promise<void> {
  await tx.run(END);
}

/** Reads how far a rebuild came. */
export async function readRebuildState(graph: GraphReader): Promise<RebuildState> {
  return (await graph.read(STATE))[0] ?? { rebuilding: false, dropping: false };
}

/**
 * Drops, behind the log's lock, what captures derived while {@link DROPS} ran: they saw only a part of the old projection. After
 * this, an event that is tied to a package counts as derived.
 */
export async function dropRest(tx: GraphTransaction): Promise<void> {
  await lockForRebuild(tx);
  await tx.run(DROP_REST);
  await tx.run(DROP_VIEWERS);
  await tx.run(DROP_MAKINGS);
  await tx.run(DROPPED);
}

/** Counts the stored events. */
export async function countEvents(graph: GraphReader): Promise<number> {
  return (await graph.read(COUNT, {}, { timeoutMs: 600_000 }))[0]?.n ?? 0;
}

/** A place among the events in the order of event time. */
export interface EventPlace {
  /** Epoch ms. */
  readonly eventTime: number;
  readonly id: string;
}

/** The next events after a place. */
export function readEvents(
  graph: GraphReader,
  after: EventPlace,
  limit: number,
): Promise<EventPageRow[]> {
  return graph.read(EVENTS, pageParams(after, limit), { timeoutMs: 600_000 });
}

/** Like {@link readEvents}, but behind the log's lock, so nobody derives or retracts them meanwhile. */
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

/** Replaces the properties of events and removes the terms that found them. */
export async function storeReread(tx: GraphTransaction, rows: readonly RereadRow[]): Promise<void> {
  const params = rows.map(({ id, properties }) => ({ id, properties }));
  await tx.run(REREAD, { rows: params });
}

/** Takes the log's lock for one page of a rebuild. The log does not move on. */
export async function lockForRebuild(tx: GraphTransaction): Promise<LogState> {
  return (await tx.run(LOCK))[0] ?? { seq: 0, hasPartners: false };
}
