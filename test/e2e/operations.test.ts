import { once } from 'node:events';
import WebSocket from 'ws';
import { cypher } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import { Problem } from '../../src/shared/problem.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import { serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

const ENDLESS = cypher('test.endlessRead')`
UNWIND range(1, 100000000000) AS n WITH n WHERE n % 2 = 3 RETURN n`;
const RUNNING = cypher<{ running: number }>('test.running')`
SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH '/* test.endlessRead */'
RETURN count(*) AS running`;
const LONG = { timeoutMs: 120_000 };

let graph: Graph;
let server: TestServer;
/** What the page of parties waits for, and then fails. */
let failing: Promise<void> = Promise.resolve();
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  // The page of sites never ends, that of parties fails.
  const read: Graph['read'] = async (statement, params, options) => {
    if (statement.name === 'master-data.sitePageUp')
      return (await graph.read(ENDLESS, {}, { ...options, ...LONG })) as never;
    if (statement.name !== 'master-data.partyPageUp') return graph.read(statement, params, options);
    await failing;
    throw new Problem('TIMEOUT', 'too slow');
  };
  server = await serverForTests(graph, {
    server: { graph: { ...graph, log: graph.log, read }, maxSockets: 2 },
  });
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

const WORST = `{ ${Array.from({ length: 50 }, (_, i) => `s${i}: sites(first: 1) { nodes { key } }`).join(' ')} }`;
const LOCATE = '{ locate(id: "(01)09506000134352(21)NONE") { state } }';

async function running(): Promise<number> {
  return (await graph.read(RUNNING, {}, LONG))[0]!.running;
}

/** Waits until so many endless statements run in Neo4j; the most that were seen meanwhile. */
async function untilRunning(wanted: number): Promise<number> {
  for (let most = 0; ;) {
    const now = await running();
    most = Math.max(most, now);
    if (now === wanted) return most;
  }
}

function post(query: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(signal === undefined ? {} : { signal }),
  });
}

test('of fifty fields four are read at a time, others are answered meanwhile, and all ends in Neo4j when the client goes', async () => {
  const client = new AbortController();
  let isOver = false;
  const worst = post(WORST, client.signal).catch(() => {
    isOver = true;
  });
  await untilRunning(4);

  for (let i = 0; i < 10; i++)
    expect((await server.graphql(LOCATE)).errors[0]?.extensions['code']).not.toBe(
      'SERVICE_UNAVAILABLE',
    );
  expect([await running(), isOver]).toEqual([4, false]);

  client.abort();
  await worst;
  expect(await untilRunning(0)).toBeLessThanOrEqual(4);
});

test('one failing field ends its siblings in Neo4j', async () => {
  let fail: () => void = () => undefined;
  failing = new Promise((resolve) => {
    fail = resolve;
  });
  const answer = server.graphql('{ sites { nodes { key } } parties { nodes { key } } }');
  await untilRunning(1);
  fail();

  expect((await answer).errors.map(({ extensions }) => extensions['code'])).toEqual(['TIMEOUT']);
  await untilRunning(0);
});

test('a socket has four reads at a time over all its operations, and they end in Neo4j when it closes', async () => {
  const client = server.webSocket();
  const answers = Array.from({ length: 3 }, () => {
    const next = client.iterate({ query: WORST }).next();
    next.catch(() => undefined);
    return next;
  });
  await untilRunning(4);
  expect(await running()).toBe(4);

  await client.dispose();
  await Promise.allSettled(answers);
  expect(await untilRunning(0)).toBeLessThanOrEqual(4);
});

test('an operation ended over a socket ends in Neo4j, and the socket stays', async () => {
  const client = server.webSocket();
  const operation = client.iterate({ query: '{ sites { nodes { key } } }' });
  const first = operation.next();
  first.catch(() => undefined);
  await untilRunning(1);

  await operation.return?.();
  await untilRunning(0);
  const next = client.iterate({ query: '{ __typename }' });
  expect((await next.next()).value).toEqual({ data: { __typename: 'Query' } });
  await client.dispose();
});

describe('places of sockets', () => {
  async function open(payload?: object): Promise<WebSocket> {
    const url = `${server.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    return socket;
  }
  async function acknowledged(): Promise<WebSocket> {
    const socket = await open();
    const [first] = (await once(socket, 'message')) as [Buffer];
    expect(String(first)).toBe('{"type":"connection_ack"}');
    return socket;
  }

  test('are for those who said who they are, and not kept by who is refused and does not answer the close: one more is 503', async () => {
    const refused: WebSocket[] = [];
    for (let i = 0; i < 2; i++) {
      const socket = await open({ authorization: 'Bearer cg_no' });
      refused.push(socket);
      // Called to answer the close.
      const told = new Promise((resolve) => {
        socket.close = resolve;
      });
      expect(await told).toBe(4401);
    }
    const sockets = [await acknowledged(), await acknowledged()];

    await expect(open()).rejects.toThrow('503');
    for (const socket of [...refused, ...sockets]) socket.terminate();
  });
});

test('whether it is ready is answered while every connection for reading is in use', async () => {
  const narrow = await graphForTests({ poolSize: 1, acquireTimeoutMs: 500 });
  const other = await serverForTests(narrow);
  const stop = new AbortController();
  const reading = narrow.read(ENDLESS, {}, { ...LONG, signal: stop.signal }).catch(() => null);
  await untilRunning(1);

  const { status } = await fetch(`${other.url}/health/ready`);

  stop.abort();
  await reading;
  await other.stop();
  await narrow.close();
  expect(status).toBe(200);
});
