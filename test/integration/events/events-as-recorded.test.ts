import { hostView } from '../../../src/access/view.js';
import { listEvents } from '../../../src/events/event-list.read-model.js';
import type { EventOrder } from '../../../src/events/stored-event.js';
import { cypher, int } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const STORE = cypher('test.storeEvents')`
MERGE (l:Log {id: 'log'}) SET l.seq = $head
WITH l
UNWIND $seqs AS seq
CREATE (:Event {id: 'urn:x:' + seq, seq: seq, eventTime: seq, recordTime: seq, text: '{}', hash: '', type: 'ObjectEvent'})`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
});
afterAll(() => graph.close());

const idsBy = async (field: EventOrder['field']): Promise<string[]> => {
  const { items } = await listEvents(
    hostView(graph),
    {},
    {
      ...{ size: 10, backward: false, nowMs: 0 },
      order: { field, direction: 'ASC' },
    },
  );
  return items.map(({ node }) => node.id);
};

// A commit that is being applied: some of its events are found, the log's head is not yet there, others will come before them.
test('as they were recorded, events are listed up to where the log is whole: paging goes on from there', async () => {
  const params = { head: int(2), seqs: [1, 2, 3].map(int) };
  await graph.writeAlone(STORE, params);

  expect(await idsBy('RECORD_TIME')).toEqual(['urn:x:1', 'urn:x:2']);
  expect(await idsBy('EVENT_TIME')).toContain('urn:x:3');

  await graph.writeAlone(STORE, { head: int(3), seqs: [] });
  expect(await idsBy('RECORD_TIME')).toEqual(['urn:x:1', 'urn:x:2', 'urn:x:3']);
});
