import { connect } from 'node:net';
import { once } from 'node:events';
import { createClient } from 'graphql-sse';
import type { FeedMessage } from '../../src/feed/index.js';
import type { Graph } from '../../src/graph/graph.js';
import { startApp } from '../support/app-for-tests.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import { aLocationMessage, appendBatch, serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

const PAGE = 'https://custody.example';
const QUERY = `subscription ($filter: LocationFilter, $after: Cursor) {
  locationChanges(filter: $filter, after: $after) { cursor seq change { package { key } } }
}`;

interface Told {
  readonly cursor: string;
  readonly change: { readonly package: { readonly key: string } } | null;
}
interface Result {
  readonly data?: { readonly locationChanges: Told } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

let graph: Graph;
let server: TestServer;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  server = await serverForTests(graph, { relay: { maxWaiting: 20 }, server: { maxSockets: 3 } });
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

async function commit(messages: readonly FeedMessage[], on: TestServer = server): Promise<void> {
  on.relay.nudge(await appendBatch(graph, messages));
}

async function subscribers(count: number, on: TestServer = server): Promise<void> {
  while (on.relay.stats().subscribers !== count)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** POSTs an operation and asks for an event stream. */
function post(
  body: object,
  headers: Record<string, string> = {},
  { url, signal }: { readonly url: string; readonly signal?: AbortSignal } = server,
): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The events of a whole stream; comments are left out. */
function eventsOf(text: string): [string | undefined, Result | null][] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => {
      const data = /^data:(.*)$/m.exec(block)?.[1]?.trim() ?? '';
      return [/^event: (.*)$/m.exec(block)?.[1], data === '' ? null : (JSON.parse(data) as Result)];
    });
}

const keyOf = ({ data }: Result): string | undefined => data?.locationChanges.change?.package.key;

test('the client of graphql-sse is told what comes, and after a break what it missed', async () => {
  const client = createClient({ url: `${server.url}/graphql/stream`, retryAttempts: 0 });
  const early = client.iterate({ query: QUERY }) as AsyncIterableIterator<Result>;
  const first = early.next();
  await subscribers(1);
  await commit([aLocationMessage({ k: 'e:1' }), aLocationMessage({ k: 'e:2' })]);
  const { value } = (await first) as { value: Result };
  await early.return?.();
  await subscribers(0);
  await commit([aLocationMessage({ k: 'e:3' })]);

  const variables = { after: value.data!.locationChanges.cursor };
  const later = client.iterate({ query: QUERY, variables }) as AsyncIterableIterator<Result>;
  const seen = [keyOf(value)];
  for (let i = 0; i < 2; i++) seen.push(keyOf((await later.next()).value as Result));
  await later.return?.();
  client.dispose();

  expect(seen).toEqual(['e:1', 'e:2', 'e:3']);
  await subscribers(0);
});

test('a query is answered as one event and the end', async () => {
  const response = await post({ query: '{ sites { nodes { key } } }' });

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(eventsOf(await response.text())).toEqual([
    ['next', { data: { sites: { nodes: [] } } }],
    ['complete', null],
  ]);
});

test.each([
  ['syntax', '{', {}, 'GRAPHQL_PARSE_FAILED'],
  ['the schema', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'the limits',
    '{ parties(first: 1000) { nodes { sites(first: 1000) { nodes { name } } } } }',
    {},
    'OPERATION_TOO_COMPLEX',
  ],
  ['its arguments', QUERY, { after: 'nonsense!' }, 'BAD_USER_INPUT'],
])('an operation against %s is refused with its code', async (_, query, variables, code) => {
  const response = await post({ query, variables });

  expect(eventsOf(await response.text())).toMatchObject([
    ['next', { errors: [{ extensions: { code } }] }],
    ['complete', null],
  ]);
});

test('a body that is no operation is refused with what is wanted', async () => {
  const response = await post([{ query: '{ feedCursor }' }]);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [
      {
        message: expect.stringContaining('"query"') as string,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  });
});

test('who only also accepts an event stream gets JSON', async () => {
  const accept = 'application/graphql-response+json, application/json, text/event-stream';
  const response = await post({ query: '{ feedCursor }' }, { accept });

  expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
});

test('a page of a named origin may read a stream, any other may not open one', async () => {
  const own = await startApp({ keep: true, env: { ALLOWED_ORIGINS: PAGE } });

  const good = await post({ query: '{ feedCursor }' }, { origin: PAGE }, own);
  const bad = await post({ query: '{ feedCursor }' }, { origin: 'https://evil.example' }, own);
  await Promise.all([good.text(), bad.text()]);
  await own.stop();

  expect(good.headers.get('access-control-allow-origin')).toBe(PAGE);
  expect(good.headers.get('vary')).toBe('Origin');
  expect(bad.status).toBe(403);
});

test('more streams than may be open are refused until one ends', async () => {
  const leave = new AbortController();
  const open = (): Promise<Response> =>
    post({ query: QUERY }, {}, { url: server.url, signal: leave.signal });
  for (let i = 0; i < 3; i++) await open();
  await subscribers(3);
  const refused = await open();
  leave.abort();
  await subscribers(0);

  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('30');
  let again = await post({ query: '{ feedCursor }' });
  while (again.status === 503) again = await post({ query: '{ feedCursor }' });
  expect(again.status).toBe(200);
});

test('who does not read is ended as slow while little waits, and finds the error when it reads', async () => {
  const body = JSON.stringify({ query: QUERY });
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.pause();
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await subscribers(1);

  let committed = 0;
  const long = 'x'.repeat(100_000);
  while (server.relay.stats().subscribers > 0 && committed < 2000) {
    await commit([aLocationMessage({ k: `slow:${committed++}:${long}` })]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.resume();
  await once(socket, 'close');

  expect(committed).toBeLessThan(2000);
  expect(text).toMatch(/event: next\ndata: \{"errors":\[.*"LAGGED".*event: complete\n/s);
  // What it was told before is without a gap.
  const told = [...text.matchAll(/"slow:(\d+):/g)].map(([, n]) => Number(n));
  expect(told).toEqual(told.map((_, i) => i));
}, 60_000);

test('an error of ours is masked, and the log has it', async () => {
  const logged: Record<string, unknown>[] = [];
  const logger = { ...silent(), error: (line: Record<string, unknown>) => logged.push(line) };
  const broken = await serverForTests(graph, {
    logger: logger as never,
    server: {
      graph: {
        ...graph,
        read: () => Promise.reject(new Error('secret of the database')),
      },
    },
  });

  const text = await (await post({ query: '{ sites { nodes { key } } }' }, {}, broken)).text();
  await broken.stop();

  expect(text).toContain('INTERNAL_SERVER_ERROR');
  expect(text).not.toContain('secret');
  expect(logged).toHaveLength(1);
});

function silent(): Record<string, () => undefined> {
  const nothing = (): undefined => undefined;
  return { debug: nothing, info: nothing, warn: nothing };
}

test('stopping ends streams without saying that they are complete', async () => {
  const other = await serverForTests(graph);
  const response = await post({ query: QUERY }, {}, other);
  const text = response.text();
  await subscribers(1, other);

  await other.stop();

  expect(eventsOf(await text)).toEqual([]);
});
