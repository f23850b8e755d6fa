import { once } from 'node:events';
import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { FeedBatch, FeedMessage } from '../../src/feed/index.js';
import { cypher } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import {
  aLocationMessage,
  appendBatch,
  cutLog,
  serverForTests,
} from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

interface Told {
  readonly cursor: string;
  readonly seq: number;
  readonly change: { readonly package: { readonly key: string } } | null;
}
interface Message {
  readonly data?: { readonly locationChanges: Told } | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string };
  }[];
}

const PALLET = '00/095060001343520003';
const CASE = '00/095060001343520010';
const UNIT = '01/09506000134352/21/U1';

const PACK = cypher('test.packUnit')`
  CREATE (u:Package:Unit {k: $unit}), (c:Package:Container {k: $case}), (p:Package:Container {k: $pallet}),
    (f:Holding {id: 'F ' + $case + ' 0', kind: 'FILLING', box: $case}), (g:Holding {id: 'F ' + $pallet + ' 0', kind: 'FILLING', box: $pallet}),
    (c)-[:FILLED]->(f), (p)-[:FILLED]->(g),
    (u)-[:IN {from: toInteger(100)}]->(f), (c)-[:IN {from: toInteger(200), to: toInteger(5000)}]->(g)
  CREATE (s:Site {k: '414/9506000134352', name: 'Plant', registered: true})-[:OPERATED_BY]->(:Party {k: '417/9506000134352'})`;

let graph: Graph;
let server: TestServer;
let client: Client;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await graph.write((tx) => tx.run(PACK, { unit: UNIT, case: CASE, pallet: PALLET }));
  server = await serverForTests(graph, { relay: { maxWaiting: 20, ringBatches: 5 } });
  client = server.webSocket();
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

function subscribe(
  variables: Record<string, unknown> = {},
  from: Client = client,
): AsyncIterableIterator<Message> {
  const query = `subscription ($filter: LocationFilter, $after: Cursor) {
    locationChanges(filter: $filter, after: $after) { cursor seq change { package { key } } }
  }`;
  return from.iterate({ query, variables }) as AsyncIterableIterator<Message>;
}

/** Waits until a subscription just made is open (the client subscribes at once, not at `next`); the caller awaits the first message. */
async function opened(
  messages: AsyncIterableIterator<Message>,
  on: TestServer = server,
): Promise<() => Promise<IteratorResult<Message>>> {
  const before = on.relay.stats().opened;
  const first = messages.next();
  while (on.relay.stats().opened === before) await new Promise((resolve) => setTimeout(resolve, 2));
  return () => first;
}

async function commit(messages: readonly FeedMessage[], on: TestServer = server): Promise<number> {
  const batch = await appendBatch(graph, messages);
  on.relay.nudge(batch);
  return batch.seq;
}

const keyOf = (result: IteratorResult<Message>): string | undefined =>
  (result.value as Message | undefined)?.data?.locationChanges.change?.package.key;

async function codeOf(messages: AsyncIterableIterator<Message>): Promise<string | undefined> {
  try {
    for (;;) {
      const result: IteratorResult<Message, undefined> = await messages.next();
      if (result.done === true) return 'completed';
      const [error] = result.value.errors ?? [];
      if (error) return error.extensions.code;
    }
  } catch (errors) {
    return (errors as Message['errors'])?.[0]?.extensions.code;
  }
}

test('a message carries its place in the log, the package and named sites', async () => {
  const messages = client.iterate({
    query: `subscription { locationChanges { seq change { eventId eventTime recordTime status units package { key level identifier { digitalLink } }
      from { state } to { state site { key name operator { key } } } lots { units lot { lot } } } } }`,
  }) as AsyncIterableIterator<{ data: { locationChanges: unknown } }>;
  const first = await opened(messages as never);

  const seq = await commit([
    aLocationMessage({ k: PALLET, units: 10, lots: [{ lot: '?', units: 10 }] }),
  ]);

  expect((await first()).value).toEqual({
    data: {
      locationChanges: {
        seq,
        change: {
          eventId: `urn:test:event:${PALLET}`,
          eventTime: '1970-01-01T00:00:01.000Z',
          recordTime: '1970-01-01T00:00:02.000Z',
          status: 'in_progress',
          units: 10,
          package: {
            key: PALLET,
            level: 'CONTAINER',
            identifier: { digitalLink: `https://id.gs1.org/${PALLET}` },
          },
          from: null,
          to: {
            state: 'SITE',
            site: {
              key: '414/9506000134352',
              name: 'Plant',
              operator: { key: '417/9506000134352' },
            },
          },
          lots: [{ units: 10, lot: null }],
        },
      },
    },
  });
  await messages.return?.();
});

test('with a cursor the missed messages come first, in order, then live ones, none twice', async () => {
  const early = subscribe();
  const first = await opened(early);
  await commit([aLocationMessage({ k: 'm:1' }), aLocationMessage({ k: 'm:2' })]);
  const { cursor } = ((await first()).value as Message).data!.locationChanges;
  await early.return?.();
  for (const k of ['m:3', 'm:4', 'm:5', 'm:6', 'm:7', 'm:8', 'm:9'])
    await commit([aLocationMessage({ k })]);

  const later = subscribe({ after: cursor });
  const seen = [keyOf(await later.next())];
  await commit([aLocationMessage({ k: 'm:10' })]);
  for (let i = 0; i < 8; i++) seen.push(keyOf(await later.next()));

  expect(seen).toEqual(['m:2', 'm:3', 'm:4', 'm:5', 'm:6', 'm:7', 'm:8', 'm:9', 'm:10']);
  await later.return?.();
});

test('a subscriber that joins while the log grows misses nothing and sees nothing twice', async () => {
  const { data } = await server.graphql<{ feedCursor: string }>('{ feedCursor }');
  const from = server.relay.position;
  let writing = true;
  const writer = (async () => {
    for (let i = 0; i < 60; i++) await commit([aLocationMessage({ k: `g:${i}` })]);
    writing = false;
  })();
  await new Promise((resolve) => setTimeout(resolve, 20));

  const messages = subscribe({ after: data.feedCursor });
  const seen: number[] = [];
  while (seen.length < 60)
    seen.push(((await messages.next()).value as Message).data!.locationChanges.seq);
  await writer;

  expect(writing).toBe(false);
  expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => from + 1 + i));
  await messages.return?.();
});

test('who filters on a unit gets the message of the pallet around it, as of when it happened', async () => {
  const messages = subscribe({ filter: { ids: [UNIT] } });
  const first = await opened(messages);

  await commit([
    aLocationMessage({ k: PALLET, t: 9_000, eventId: 'after the case left' }),
    aLocationMessage({ k: '00/095060001343520027' }),
  ]);
  const seq = await commit([aLocationMessage({ k: PALLET, t: 1_000 })]);

  expect(((await first()).value as Message).data!.locationChanges).toMatchObject({
    seq,
    change: { package: { key: PALLET } },
  });
  await messages.return?.();
});

test('missed messages are matched through containers too', async () => {
  const { data } = await server.graphql<{ feedCursor: string }>('{ feedCursor }');
  await commit([aLocationMessage({ k: 'other:1' })]);
  const seq = await commit([aLocationMessage({ k: PALLET })]);

  const messages = subscribe({
    filter: { ids: [UNIT] },
    after: data.feedCursor,
  });

  expect(((await messages.next()).value as Message).data!.locationChanges.seq).toBe(seq);
  await messages.return?.();
});

test('filters of lots, products, sites and parties take what meets all of them', async () => {
  const lot = '01/09506000134352/10/L1';
  const byLot = subscribe({
    filter: { lots: ['(01)09506000134352(10)L1'], gtins: ['9506000134352'] },
  });
  const firstLot = await opened(byLot);
  const byParty = subscribe({
    filter: { parties: ['urn:epc:id:pgln:9506000.13435'], sites: ['9506000134352'] },
  });
  const elsewhere = { mode: 'AT', site: '414/9506000134369', origin: null } as const;
  const firstParty = await opened(byParty);

  await commit([
    aLocationMessage({ k: 'f:1', to: elsewhere }),
    aLocationMessage({ k: 'f:2', to: elsewhere, lots: [{ lot, units: 1 }] }),
    aLocationMessage({ k: 'f:3' }),
  ]);

  expect(keyOf(await firstLot())).toBe('f:2');
  expect(keyOf(await firstParty())).toBe('f:3');
  await byLot.return?.();
  await byParty.return?.();
});

test('a subscriber that ends leaves nothing behind', async () => {
  const messages = subscribe({ filter: { ids: [UNIT] } });
  const pending = await opened(messages);

  await messages.return?.();

  await pending().catch(() => undefined);
  while (server.relay.stats().subscribers > 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
});

/** The statements that it costs to tell so many subscribers of one pallet, and what they were told. */
async function toldOf(
  variables: readonly Record<string, unknown>[],
): Promise<{ readonly statements: readonly string[]; readonly told: readonly unknown[] }> {
  const query = `subscription ($filter: LocationFilter, $named: Boolean = true) {
    locationChanges(filter: $filter) { change { package { key } to { site { key name @include(if: $named) operator { name } } } } }
  }`;
  const all = [];
  for (const one of variables) {
    const messages = client.iterate({ query, variables: one });
    all.push({ messages, first: await opened(messages as never) });
  }
  const statements: string[] = [];
  // What the relay asks of the log depends on whether it is told of a commit or finds it, and not on who listens.
  const stop = graph.onStatement(({ name, mode }) => {
    if (mode === 'read' && !/^(graph|feed)\./.test(name)) statements.push(name);
  });
  await commit([aLocationMessage({ k: PALLET })]);
  const told = await Promise.all(
    all.map(async ({ first }) => ((await first()).value as { data: unknown }).data),
  );
  stop();
  for (const { messages } of all) await messages.return?.();
  return { statements: statements.toSorted(), told };
}

test('equal subscriptions are answered by as many statements as one of them', async () => {
  const alone = await toldOf([{}]);
  const many = await toldOf(Array.from({ length: 40 }, () => ({})));

  expect(alone.statements.length).toBeGreaterThan(0);
  expect(many.statements).toEqual(alone.statements);
  expect(many.told).toEqual(Array.from({ length: 40 }, () => alone.told[0]));
});

test('those with other variables get an answer of their own, and read the names together', async () => {
  const site = { key: '414/9506000134352', operator: { name: 'Plant' } };
  const place = { package: { key: PALLET }, to: { site } };
  const alone = await toldOf([{}]);

  const { statements, told } = await toldOf([
    { named: true },
    { named: false },
    { named: true, filter: { sites: ['9506000134352'] } },
  ]);

  expect(told).toEqual([
    { locationChanges: { change: { ...place, to: { site: { ...site, name: 'Plant' } } } } },
    { locationChanges: { change: place } },
    { locationChanges: { change: { ...place, to: { site: { ...site, name: 'Plant' } } } } },
  ]);
  expect(statements).toEqual(alone.statements);
});

test('a name that changes is seen with the next message', async () => {
  const named = async (name: string): Promise<unknown> => {
    const { errors } = await server.graphql(
      'mutation ($name: String!) { registerSites(sites: [{ gln: "9506000134352", name: $name }]) { __typename } }',
      { name },
    );
    expect(errors).toEqual([]);
    return (await toldOf([{}])).told[0];
  };

  expect(await named('Works')).toMatchObject({
    locationChanges: { change: { to: { site: { name: 'Works' } } } },
  });
  expect(await named('Plant')).toMatchObject({
    locationChanges: { change: { to: { site: { name: 'Plant' } } } },
  });
});

test('a slow subscriber is ended with a typed error, and its last cursor leads on', async () => {
  const slow = await server.relay.subscribe();
  const first = slow.next();
  await new Promise((resolve) => setImmediate(resolve));
  await commit([aLocationMessage({ k: 's:0' })]);
  const { items } = ((await first) as IteratorYieldResult<FeedBatch>).value;
  for (let i = 1; i <= 25; i++) await commit([aLocationMessage({ k: `s:${i}` })]);
  while (server.relay.stats().subscribers > 0)
    await new Promise((resolve) => setTimeout(resolve, 5));

  await expect(slow.next()).rejects.toMatchObject({ code: 'LAGGED' });
  await expect(slow.next()).resolves.toEqual({ value: undefined, done: true });

  const again = subscribe({ after: items[0]!.cursor });
  expect(keyOf(await again.next())).toBe('s:1');
  await again.return?.();
});

test('a cursor that is none or of another list is refused, and one ahead of the log has expired', async () => {
  expect(await codeOf(subscribe({ after: 'nonsense!' }))).toBe('BAD_USER_INPUT');
  expect(await codeOf(subscribe({ after: Buffer.from('["414/1"]').toString('base64url') }))).toBe(
    'BAD_USER_INPUT',
  );
  expect(
    await codeOf(subscribe({ after: Buffer.from('["log",99999999,5,0]').toString('base64url') })),
  ).toBe('CURSOR_EXPIRED');
});

test('an identifier that is none is refused when subscribing', async () => {
  expect(await codeOf(subscribe({ filter: { ids: ['(00)095060001343520009'] } }))).toBe(
    'BAD_USER_INPUT',
  );
});

test('a batch written by one process reaches subscribers of another within 300 ms', async () => {
  const other = await serverForTests(graph);
  const messages = subscribe({}, other.webSocket());
  let next = await opened(messages, other);
  const keys: (string | undefined)[] = [];
  const took: number[] = [];
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 130));
    const began = performance.now();
    await commit([aLocationMessage({ k: `two:${i}` })]);
    keys.push(keyOf(await next()));
    took.push(performance.now() - began);
    next = () => messages.next();
  }
  await other.stop();

  expect(keys).toEqual(['two:0', 'two:1', 'two:2', 'two:3', 'two:4']);
  // The middle one: a machine with other things to do may hold one of them up.
  expect(took.sort((a, b) => a - b)[2]).toBeLessThan(300);
});

test('queries and mutations are served over the socket too, under the same limits', async () => {
  const sites = client.iterate({ query: '{ sites { nodes { name } } }' });
  expect((await sites.next()).value).toEqual({ data: { sites: { nodes: [{ name: 'Plant' }] } } });

  const greedy = client.iterate({
    query: '{ parties(first: 1000) { nodes { sites(first: 1000) { nodes { name } } } } }',
  });
  await expect(greedy.next()).rejects.toMatchObject([
    { extensions: { code: 'OPERATION_TOO_COMPLEX' } },
  ]);

  const wrong = client.iterate({ query: '{ nothing }' });
  await expect(wrong.next()).rejects.toMatchObject([
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ]);
});

test('variables that nest 20,000 deep are refused, or left aside where none is declared, and the socket stays open', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const sent = [
    `{"query":"subscription ($filter: LocationFilter) { locationChanges(filter: $filter) { seq } }","variables":{"filter":${deep}}}`,
    `{"query":"subscription { locationChanges { seq } }","variables":{"other":${deep}}}`,
    '{"query":"{ feedCursor }"}',
  ];
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  const heard: { type: string; id?: string; payload?: Message }[] = [];
  const over = new Promise((resolve) => {
    socket.on('close', resolve).on('message', (data: Buffer) => {
      heard.push(JSON.parse(data.toString()) as (typeof heard)[number]);
      if (heard.some(({ type, id }) => type === 'complete' && id === '2')) resolve('answered');
    });
  });

  for (const [id, payload] of sent.entries())
    socket.send(`{"type":"subscribe","id":"${id}","payload":${payload}}`);

  expect(await over).toBe('answered');
  expect(heard.map(({ type, id }) => `${type} ${id ?? ''}`)).toEqual([
    'next 0',
    'complete 0',
    'next 2',
    'complete 2',
  ]);
  expect(heard[0]!.payload!.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  socket.terminate();
});

test('a cursor older than the log gets CURSOR_EXPIRED', async () => {
  const { data } = await server.graphql<{ feedCursor: string }>('{ feedCursor }');
  const after = data.feedCursor;
  await commit([aLocationMessage({ k: 'x:1' })]);
  await commit([aLocationMessage({ k: 'x:2' })]);
  await cutLog(graph, await commit([aLocationMessage({ k: 'x:3' })]));

  expect(await codeOf(subscribe({ after }))).toBe('CURSOR_EXPIRED');
});

test('a recall of the past is not watched: asOf is refused, with the remedy', async () => {
  const query = `subscription ($input: RecallScopeInput!) { recallScopeChanges(input: $input) { cursor } }`;
  const input = {
    lots: [{ gtin: '09506000134352', lot: 'A1' }],
    asOf: '2026-01-01T00:00:00Z',
  };
  const messages = client.iterate({ query, variables: { input } });

  const answer: unknown = await messages.next().then(
    ({ value }: { value?: unknown }) => value,
    (errors: unknown) => ({ errors }),
  );

  expect(answer).toMatchObject({
    errors: [
      {
        message: expect.stringContaining('ask recallScope for that instant') as string,
        extensions: { code: 'BAD_USER_INPUT', argument: 'input.asOf' },
      },
    ],
  });
});
