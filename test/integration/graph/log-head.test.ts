import { cypher, int } from '../../../src/graph/cypher.js';
import { openGraph } from '../../../src/graph/graph.js';
import type { Graph } from '../../../src/graph/graph.js';
import { storeMasterDataRows } from '../../../src/master-data/master-data.store.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../../support/neo4j-for-tests.js';

const COMMITS = 300;
const EVENTS = 40;

// As the writer's: the lock first, and much for the indexes to find after it.
const COMMIT = cypher<{ seq: number }>('test.commit')`
  MERGE (l:Log {id: 'log'})
  ON CREATE SET l.seq = 0
  SET l.seq = l.seq + 1
  WITH l.seq AS seq
  UNWIND range(1, $events) AS n
  CREATE (:Event {id: toString(seq) + '.' + n, seq: seq, eventTime: seq, recordTime: seq, text: '{}', hash: ''})
  RETURN DISTINCT seq`;

const EVENTS_BETWEEN = cypher<{ n: number }>('test.eventsBetween')`
  MATCH (e:Event) WHERE e.seq > $after AND e.seq <= $upTo
  RETURN count(e) AS n`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
});
beforeEach(() => emptyGraph(graph));
afterAll(() => graph.close());

const commit = (on: Graph = graph): Promise<number> =>
  on
    .write((tx) => tx.run(COMMIT, { events: int(EVENTS) }))
    .then((rows) => rows[0]?.seq ?? Number.NaN);

/** How many events a reader of its own process misses who goes on from each head it read. */
async function missed(isOver: () => boolean): Promise<{ missed: number; reads: number }> {
  const reader = openGraph(neo4jOfTests());
  let [after, lost, reads] = [0, 0, 0];
  while (!isOver() || after < COMMITS) {
    const upTo = await reader.log.read();
    if (upTo === after) continue;
    const [row] = await reader.read(EVENTS_BETWEEN, { after: int(after), upTo: int(upTo) });
    lost += (upTo - after) * EVENTS - (row?.n ?? 0);
    after = upTo;
    reads++;
  }
  await reader.close();
  return { missed: lost, reads };
}

test('a reader in another process finds all that was committed up to the head it read', async () => {
  let isOver = false;
  const readers = [missed(() => isOver), missed(() => isOver)];
  for (let i = 0; i < COMMITS; i++) await commit();
  isOver = true;
  const found = await Promise.all(readers);

  expect(found.map((one) => one.missed)).toEqual([0, 0]);
  for (const { reads } of found) expect(reads).toBeGreaterThan(COMMITS / 4);
});

test('master data that is stored meanwhile never takes the log back', async () => {
  const other = openGraph(neo4jOfTests());
  const over = new AbortController();
  const registering = (async () => {
    while (!over.signal.aborted)
      await other.write((tx) =>
        storeMasterDataRows(tx, { parties: [{ key: '9506000134352', properties: { name: 'A' } }] }),
      );
  })();
  const seqs: number[] = [];
  for (let i = 0; i < COMMITS; i++) seqs.push(await commit());
  over.abort();
  await registering;
  await other.close();

  expect(seqs).toEqual(Array.from({ length: COMMITS }, (_, i) => i + 1));
});

test('what this process committed is known without asking', async () => {
  const seq = await commit();
  graph.log.committed(seq);
  const asked: string[] = [];
  const stop = graph.onStatement(({ name }) => asked.push(name));

  expect(graph.log.whole).toBe(seq);
  expect(await graph.log.read()).toBe(seq);
  expect(asked).toEqual(['graph.logTop']);
  stop();
});

test('an emptied database begins again', async () => {
  graph.log.committed(await commit());
  await emptyGraph(graph);

  expect(await graph.log.read()).toBe(0);
  const seq = await commit();
  expect(await graph.log.read()).toBe(seq);
});
