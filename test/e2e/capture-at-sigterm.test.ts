import { setTimeout as sleep } from 'node:timers/promises';
import { CaptureLoad, faultsIn, storedAmong } from '../support/capture-load.js';
import type { Sendable } from '../support/capture-load.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../support/neo4j-for-tests.js';
import { stallingProxy } from '../support/stalling-proxy.js';
import { runStart } from '../support/service-process.js';
import { seed } from '../support/test-settings.js';

/** Requests that have been on the way for a while, which means that they arrived; waits until there are some. */
async function arrivedIn({ inFlight }: CaptureLoad): Promise<readonly Sendable[]> {
  for (;;) {
    const now = performance.now();
    const arrived = [...inFlight].flatMap(([one, at]) => (now - at > 30 ? [one] : []));
    if (arrived.length > 0) return arrived;
    await sleep(1);
  }
}

test('told to stop under load, it finishes what it took, refuses the rest and exits 0 within 15 seconds', async () => {
  const graph = await graphForTests();
  await emptyGraph(graph);
  const service = await runStart(neo4jOfTests());
  const load = new CaptureLoad(seed);
  load.start(service.url, 16);
  await load.progress(40);

  const taken = await arrivedIn(load);
  const began = performance.now();
  service.kill('SIGTERM');
  const end = await service.ended;
  const seconds = (performance.now() - began) / 1000;
  await sleep(200);
  await load.stop();

  expect(end).toBe(0);
  expect(seconds).toBeLessThan(15);
  expect(await faultsIn(graph, load)).toEqual([]);
  expect(load.told.unanswered.filter((one) => taken.includes(one))).toEqual([]);
  // Who had no answer, or a refusal, was not taken: nothing is stored that nobody was told of.
  const { refused, unanswered, acknowledged } = load.told;
  await expect(storedAmong(graph, [...refused, ...unanswered])).resolves.toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(20);
  await graph.close();
});

test('told to stop while Neo4j hangs in mid-batch, it ends within SHUTDOWN_TIMEOUT_MS and exits 1', async () => {
  const proxy = await stallingProxy(neo4jOfTests().uri);
  const service = await runStart(
    { ...neo4jOfTests(), uri: proxy.uri },
    { SHUTDOWN_TIMEOUT_MS: '2000' },
  );
  const load = new CaptureLoad(seed);
  load.start(service.url, 4);
  await load.progress(4);

  proxy.stall();
  await arrivedIn(load);
  const began = performance.now();
  service.kill('SIGTERM');
  const end = await service.ended;
  const seconds = (performance.now() - began) / 1000;
  await load.stop();
  proxy.close();

  expect(end).toBe(1);
  expect(seconds).toBeLessThan(5);
});
