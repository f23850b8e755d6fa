/** Facts taken into a real graph by the product's own projection, without the capture path in front of it. */
import { cypher, int } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { saveChanges } from '../../../src/projection/save.store.js';
import { namesOf } from '../../../src/projection/state.js';

const EVENTS = cypher('test.recall.events')`
UNWIND $facts AS fact
MERGE (e:Event {id: fact.eventId})
SET e.eventTime = fact.t, e.hash = fact.hash, e.retracted = fact.retracted, e.text = '{}', e.type = 'ObjectEvent'
WITH e, fact
UNWIND fact.names AS k
MATCH (p:Package {k: k})
CREATE (e)-[:OF {role: 'epc'}]->(p)
WITH DISTINCT e, fact, p WHERE fact.lot IS NOT NULL
MATCH (l:Lot {id: p.lot})
MERGE (e)-[:OF_CLASS {role: 'ilmd'}]->(l)`;

const LOG = cypher('test.recall.log')`MERGE (l:Log {id: 'log'}) SET l.seq = $seq`;

/** Writes a history into an empty graph: everything in one batch, retracted events left out of the projection. */
export async function recordFacts(
  graph: Graph,
  facts: readonly Fact[],
  retracted: readonly string[] = [],
): Promise<void> {
  const world = new MemoryWorld();
  const changes = world.apply(facts, []);
  const after = world.apply([], retracted);
  await graph.write(async (tx) => {
    if (changes) await saveChanges(tx, changes, { seq: 1, wasJudged: () => true });
    if (after) await saveChanges(tx, after, { seq: 1, wasJudged: () => true });
    const rows = facts.map((fact) => ({
      eventId: fact.eventId,
      t: int(fact.t),
      hash: fact.hash,
      lot: fact.lot ?? null,
      names: namesOf(fact),
      retracted: retracted.includes(fact.eventId) ? true : null,
    }));
    await tx.run(EVENTS, { facts: rows });
    await tx.run(LOG, { seq: int(7) });
  });
}
