import { isJoined, mayBegin } from '../access/standing.js';
import { cypher, fragment } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

/** Roles in which a lot comes out of an event. */
const out = fragment`o.role IN ['outputQuantity', 'ilmd']`;

/** The lots that an event makes, as far as its sender may say so. */
const lotsMade = fragment`MATCH (e)-[o:OF_CLASS|OF_QUANTITY]->(made:Lot)
  WHERE e.retracted IS NULL AND ${out} AND ${mayBegin(fragment`e`, fragment`made.id`)}`;

/** Whether an event makes something that has no lot: things without a GTIN, or units whose lot it does not state. Then the event itself is what was made. */
const makesWithoutLot = fragment`e.retracted IS NULL AND EXISTS {
  MATCH (e)-[o:OF]->(p:Package)
  WHERE o.role = 'output' AND (NOT p.k STARTS WITH '01/' OR NOT EXISTS { MATCH (e)-[i:OF_CLASS]->(:Lot) WHERE i.role = 'ilmd' })
    AND ${mayBegin(fragment`e`, fragment`p.k`)}
}`;

// A container that is used up takes its contents with it. A question what the contents became looks for this label.
const USED = cypher('capture.usedContainers')`
UNWIND $ids AS id
MATCH (:Event {id: id})-[i:OF]->(c:Container) WHERE i.role = 'input'
SET c:Input`;

const TOUCHED = cypher<{ id: string }>('capture.transformationsOf')`
UNWIND $keys AS k
MATCH (:Package {k: k})<-[i:OF]-(e:Event) WHERE i.role = 'input'
RETURN DISTINCT e.id AS id`;

const UNMAKE = cypher<{ id: string }>('capture.unmake')`
UNWIND $ids AS id
MATCH (e:Event {id: id})
CALL (e) {
  RETURN e AS one, e.id AS by
  UNION
  MATCH (e)-[:PART_OF]->(t:Transformation)<-[:PART_OF]-(one:Event)
  RETURN one, t.id AS by
}
CALL (one) {
  RETURN one AS made
  UNION
  MATCH (one)-[o:OF_CLASS|OF_QUANTITY]->(made:Lot) WHERE ${out}
  RETURN made
}
MATCH (made)-[m:MADE_FROM]->(:Lot)
WHERE m.eventId = by
DELETE m
RETURN DISTINCT one.id AS id`;

// The sources are lots given with a quantity, and the lots of units where they are known.
const MAKE = cypher('capture.make')`
UNWIND $ids AS id
MATCH (e:Event {id: id}) WHERE e.type = 'TransformationEvent'
CALL (e) {
  MATCH (e)-[i:OF_QUANTITY]->(l:Lot) WHERE i.role = 'inputQuantity'
  RETURN l.id AS source
  UNION
  MATCH (e)-[i:OF]->(p:Package) WHERE i.role = 'input' AND p.lot CONTAINS '/10/'
  RETURN p.lot AS source
}
CALL (e) {
  ${lotsMade}
  RETURN made
  UNION
  WITH e WHERE ${makesWithoutLot}
  RETURN e AS made
}
WITH DISTINCT e, made, source
MATCH (from:Lot {id: source})
MERGE (made)-[:MADE_FROM {eventId: e.id}]->(from)`;

// Joins every input to every output, across the events that share a transformationID and may be joined.
const JOIN = cypher('capture.joinTransformations')`
UNWIND $ids AS id
MATCH (:Event {id: id})-[:PART_OF]->(t:Transformation)
WITH DISTINCT t
CALL (t) {
  MATCH (t)<-[:PART_OF]-(e:Event)-[i:OF_QUANTITY]->(l:Lot)
  WHERE e.retracted IS NULL AND i.role = 'inputQuantity'
  RETURN {sentBy: e.sentBy} AS used, l.id AS source
  UNION
  MATCH (t)<-[:PART_OF]-(e:Event)-[i:OF]->(p:Package)
  WHERE e.retracted IS NULL AND i.role = 'input' AND p.lot CONTAINS '/10/'
  RETURN {sentBy: e.sentBy} AS used, p.lot AS source
}
CALL (t) {
  MATCH (t)<-[:PART_OF]-(e:Event)
  ${lotsMade}
  RETURN {sentBy: e.sentBy} AS maker, made
  UNION
  MATCH (t)<-[:PART_OF]-(e:Event)
  WHERE ${makesWithoutLot}
  RETURN {sentBy: e.sentBy} AS maker, e AS made
}
WITH * WHERE ${isJoined(fragment`used`, fragment`maker`)}
WITH DISTINCT t, made, source
MATCH (from:Lot {id: source})
MERGE (made)-[:MADE_FROM {eventId: t.id}]->(from)`;

/** What may change which lots are made from which. */
export interface MakingChanges {
  /** Ids of new transformation events. */
  readonly made: readonly string[];
  /** Ids of events declared in error. */
  readonly retracted: readonly string[];
  /** Keys of packages that now belong to another lot. What they went into is made from that lot. */
  readonly lotChanged: readonly string[];
}

/**
 * Ties lots, and events that make something without a lot, to the lots they are made from. It takes back what an event declared in error said, or what followed from a lot that changed.
 * Packages, their lots and the links of the events must be written before.
 */
export async function saveMaking(tx: GraphTransaction, changes: MakingChanges): Promise<void> {
  const { made, retracted, lotChanged } = changes;
  const touched = lotChanged.length === 0 ? [] : await tx.run(TOUCHED, { keys: lotChanged });
  const again = [...new Set([...retracted, ...touched.map(({ id }) => id)])];
  const ids = [...new Set([...again, ...made])];
  const sent: Promise<unknown>[] = [];
  if (again.length > 0) sent.push(tx.start(UNMAKE, { ids: again }));
  if (ids.length > 0)
    sent.push(tx.start(USED, { ids }), tx.start(MAKE, { ids }), tx.start(JOIN, { ids }));
  await Promise.all(sent);
}

/** Takes back what transformations said, before they wait again. @returns the ids of these events and of those they are joined with */
export async function unmake(
  tx: GraphTransaction,
  ids: readonly string[],
): Promise<readonly string[]> {
  return (await tx.run(UNMAKE, { ids })).map(({ id }) => id);
}
