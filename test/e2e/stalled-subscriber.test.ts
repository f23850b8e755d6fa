/** A client that no longer reads its WebSocket costs little, slows nobody, and goes on where it stopped. */
import { once } from 'node:events';
import WebSocket from 'ws';
import type { Graph } from '../../src/graph/graph.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import { aLocationMessage, appendBatch, serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

const WATCH = 'subscription { locationChanges { cursor change { package { key } } } }';
/** Most messages that wait for somebody here. */
const MOST = 20;
/** A message fills the buffers of the network soon. */
const LONG = 'x'.repeat(100_000);

let graph: Graph;
let server: TestServer;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  server = await serverForTests(graph, { relay: { maxWaiting: MOST } });
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

interface Received {
  readonly type: string;
  readonly payload?: unknown;
}

interface Subscriber {
  readonly socket: WebSocket;
  readonly received: Received[];
  /** Numbers of the packages that it was told of. */
  readonly told: () => number[];
}

async function subscriber(): Promise<Subscriber> {
  const opened = server.relay.stats().opened;
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  const received: Received[] = [];
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString()) as Received));
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: WATCH } }));
  while (server.relay.stats().opened === opened) await soon();
  const told = (): number[] =>
    [...JSON.stringify(received).matchAll(/"key":"slow:(\d+):/g)].map(([, n]) => Number(n));
  return { socket, received, told };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

test('a stalled socket is ended when its bounded queue is full, and meanwhile others are told everything at once', async () => {
  const [stalled, quick] = [await subscriber(), await subscriber()];
  stalled.socket.pause();
  const begun = process.memoryUsage().rss;
  let committed = 0;
  while (server.relay.stats().subscribers > 1 && committed < 2000) {
    server.relay.nudge(
      await appendBatch(graph, [aLocationMessage({ k: `slow:${committed++}:${LONG}` })]),
    );
    while (quick.received.length < committed) await soon();
  }
  const grown = process.memoryUsage().rss - begun;
  stalled.socket.resume();
  while (stalled.received.at(-1)?.type !== 'complete' && !stalled.received.some(isError))
    await soon();

  expect(committed).toBeLessThan(2000);
  expect(grown).toBeLessThan(500_000_000);
  // What it was told before is without a gap.
  expect(stalled.told()).toEqual(stalled.told().map((_, i) => i));
  expect(JSON.stringify(stalled.received.find(isError))).toContain('"LAGGED"');
  for (const { socket } of [stalled, quick]) socket.terminate();
}, 120_000);

const isError = ({ type, payload }: Received): boolean =>
  type === 'error' || JSON.stringify(payload ?? null).includes('"errors"');
