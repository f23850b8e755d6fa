import { cypher, int } from '../../../src/graph/cypher.js';
import { openGraph } from '../../../src/graph/graph.js';
import type { Graph, StatementRun } from '../../../src/graph/graph.js';
import { isProblem } from '../../../src/shared/problem.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../../support/neo4j-for-tests.js';
import { stallingProxy } from '../../support/stalling-proxy.js';

const numbers = cypher<{ n: number; word: string }>('test.numbers')`
  UNWIND range(1, $upTo) AS n RETURN n, 'w' + n AS word`;
const endless = cypher<{ n: number }>('test.endless')`
  UNWIND range(1, 10000000000) AS n WITH n WHERE n % 2 = 3 RETURN n`;
const createLot = cypher('test.createLot')`CREATE (:Lot {id: $id})`;
const countLots = cypher<{ lots: number }>('test.countLots')`
  MATCH (l:Lot) WHERE l.id STARTS WITH 'test/' RETURN count(l) AS lots`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
});
afterAll(() => graph.close());

async function problemOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return isProblem(error) ? error.code : String(error);
  }
  return 'none';
}

const lotsOf = cypher<{ n: number }>('test.lotsOf')`
  UNWIND $ids AS id OPTIONAL MATCH (l:Lot {id: id, gtin: $gtin}) RETURN count(l) AS n`;
const forgetPlans = cypher<{ value: string }>(
  'test.forgetPlans',
)`CALL db.clearQueryCaches() YIELD value RETURN value`;

test('a statement is planned once, whatever the sizes of what it is given', async () => {
  const planned = async (): Promise<number> =>
    Number(/of (\d+) queries/.exec((await graph.read(forgetPlans))[0]!.value)?.[1]);
  await planned();
  for (const length of [0, 1, 5, 50, 500])
    await graph.read(lotsOf, { ids: Array(length).fill('x'), gtin: 'x'.repeat(length) });
  expect(await planned()).toBe(1);
});

describe('reading', () => {
  test('rows are plain objects with plain numbers', async () => {
    await expect(graph.read(numbers, { upTo: int(2) })).resolves.toEqual([
      { n: 1, word: 'w1' },
      { n: 2, word: 'w2' },
    ]);
  });

  test('a stream gives the same rows and may be left early', async () => {
    const seen: number[] = [];
    for await (const row of graph.readStream(numbers, { upTo: int(100_000) })) {
      seen.push(row.n);
      if (seen.length === 6000) break;
    }
    expect(seen.at(-1)).toBe(6000);
    expect(graph.pool().inUse).toBe(0);
  });

  test('aborting interrupts the statement at once', async () => {
    const controller = new AbortController();
    const started = performance.now();
    const reading = problemOf(graph.read(endless, {}, { signal: controller.signal }));
    setTimeout(() => {
      controller.abort();
    }, 100);
    await expect(reading).resolves.toBe('CANCELLED');
    expect(performance.now() - started).toBeLessThan(5000);
    expect(graph.pool().inUse).toBe(0);
  });

  test('a signal that is aborted already does not run the statement', async () => {
    const reading = graph.read(endless, {}, { signal: AbortSignal.abort() });
    await expect(problemOf(reading)).resolves.toBe('CANCELLED');
  });

  test('a statement over its time limit is a TIMEOUT', async () => {
    await expect(problemOf(graph.read(endless, {}, { timeoutMs: 200 }))).resolves.toBe('TIMEOUT');
  });

  test('a read cannot write', async () => {
    await expect(problemOf(graph.read(createLot, { id: 'test/read' }))).resolves.toBe(
      'INTERNAL_SERVER_ERROR',
    );
  });
});

describe('writing', () => {
  test('statements started one after the other are pipelined and commit together', async () => {
    await graph.write(async (tx) => {
      const started = ['test/a', 'test/b', 'test/c'].map((id) => tx.start(createLot, { id }));
      await Promise.all(started);
    });
    await expect(graph.read(countLots)).resolves.toEqual([{ lots: 3 }]);
  });

  test('over its time limit it is a TIMEOUT, and rolled back', async () => {
    const before = await graph.read(countLots);
    const work = graph.write(
      async (tx) => {
        await tx.run(createLot, { id: 'test/too-long' });
        await tx.run(endless);
      },
      { timeoutMs: 500 },
    );
    await expect(problemOf(work)).resolves.toBe('TIMEOUT');
    await expect(graph.read(countLots)).resolves.toEqual(before);
  });

  test('an error of the work rolls everything back and comes through unchanged', async () => {
    const before = await graph.read(countLots);
    const work = graph.write(async (tx) => {
      await tx.run(createLot, { id: 'test/rolled-back' });
      throw new RangeError('mine');
    });
    await expect(work).rejects.toThrow(RangeError);
    await expect(graph.read(countLots)).resolves.toEqual(before);
  });

  test('a uniqueness constraint refuses with CONFLICT', async () => {
    await graph.write((tx) => tx.run(createLot, { id: 'test/twice' }));
    const again = graph.write((tx) => tx.run(createLot, { id: 'test/twice' }));
    await expect(problemOf(again)).resolves.toBe('CONFLICT');
  });

  test('a failed statement nobody awaited fails the commit and is not an unhandled rejection', async () => {
    const work = graph.write((tx) => {
      void tx.start(createLot, { id: 'test/twice' });
      return Promise.resolve('committed');
    });
    await expect(problemOf(work)).resolves.toBe('CONFLICT');
  });
});

describe('a Neo4j that hangs', () => {
  test('is told within the limit whatever is asked of it, and is used again when it goes on', async () => {
    const proxy = await stallingProxy(neo4jOfTests().uri);
    const { user, password } = neo4jOfTests();
    const limits = { readTimeoutMs: 400, writeTimeoutMs: 400 };
    const hanging = openGraph({ uri: proxy.uri, user, password, ...limits });
    const streamed = async (): Promise<void> => {
      for await (const row of hanging.readStream(numbers, { upTo: int(1) })) expect(row.n).toBe(1);
    };
    await hanging.ready(20_000);

    proxy.stall();
    const began = performance.now();
    const codes = await Promise.all([
      problemOf(hanging.read(numbers, { upTo: int(1) })),
      problemOf(streamed()),
      problemOf(hanging.write((tx) => tx.run(createLot, { id: 'test/hanging' }))),
      problemOf(hanging.writeAlone(createLot, { id: 'test/hanging' })),
      problemOf(hanging.log.settle()),
      hanging.ready(400),
    ]);
    const ms = performance.now() - began;
    proxy.goOn();

    expect(codes).toEqual([...Array<string>(5).fill('SERVICE_UNAVAILABLE'), false]);
    expect(ms).toBeLessThan(3000);
    while (!(await hanging.ready())) await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(hanging.read(countLots, {}, { timeoutMs: 20_000 })).resolves.toHaveLength(1);
    await hanging.close();
    proxy.close();
  });
});

describe('watching', () => {
  test('listeners hear every statement with its cost', async () => {
    const runs: StatementRun[] = [];
    const stop = graph.onStatement((run) => runs.push(run));
    await graph.read(numbers, { upTo: int(3) });
    await graph.write((tx) => tx.run(createLot, { id: 'test/watched' }));
    stop();
    await graph.read(numbers, { upTo: int(3) });
    expect(runs.map(({ name, mode, rows, ok }) => ({ name, mode, rows, ok }))).toEqual([
      { name: 'test.numbers', mode: 'read', rows: 3, ok: true },
      { name: 'test.createLot', mode: 'write', rows: 0, ok: true },
    ]);
  });
});

describe('emptyGraph', () => {
  test('removes data and keeps the schema', async () => {
    await graph.write((tx) => tx.run(createLot, { id: 'test/gone' }));
    await emptyGraph(graph);
    await expect(graph.read(countLots)).resolves.toEqual([{ lots: 0 }]);
    const again = await graphForTests();
    await again.close();
  });
});

test('a server that is not there is SERVICE_UNAVAILABLE', async () => {
  const nobody = openGraph({ uri: 'bolt://127.0.0.1:9', user: 'x', password: 'y' });
  await expect(problemOf(nobody.read(numbers, { upTo: int(1) }))).resolves.toBe(
    'SERVICE_UNAVAILABLE',
  );
  await expect(nobody.ready()).resolves.toBe(false);
  await nobody.close();
});
