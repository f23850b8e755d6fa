/** What somebody may use of the service, and what he is told when it is too much. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { OTHER, codeOf, startWithKeys } from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import { systemClock } from '../../src/shared/clock.js';
import type { TestApp } from '../support/app-for-tests.js';
import { startApp } from '../support/app-for-tests.js';
import { openSocket } from '../support/graphql-socket.js';
import type { Message } from '../support/graphql-socket.js';

/** What each request costs besides. */
const REQUEST = 500;
const PER_MINUTE = 20_000;
const LIMITS = '{ me { limits { cost { limit left resetAt } subscriptions { limit used } } } }';

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
});
afterAll(() => app.stop());

/** A service on the same store, which allows little. */
async function strict(env: Record<string, string> = {}): Promise<TestApp> {
  return startApp({
    keep: true,
    env: { ACCESS: 'required', RATE_COST_PER_MINUTE: String(PER_MINUTE), ...env },
  });
}

interface Told {
  readonly cost: { readonly limit: number; readonly left: number; readonly resetAt: string } | null;
  readonly subscriptions: { readonly limit: number; readonly used: number };
}

async function limits(key: string, at: TestApp): Promise<Told> {
  const { data, errors } = await client.ask(key, LIMITS, { at });
  expect(errors).toEqual([]);
  return data!['me']!['limits'] as Told;
}

describe('the cost of a minute', () => {
  let small: TestApp;
  beforeAll(async () => (small = await strict()));
  afterAll(() => small.stop());

  it('is taken by each operation as it weighs, and is shared by the keys of a partner', async () => {
    const keys = [await client.partner(), await client.partner()];
    const first = await limits(keys[0]!.secret, small);
    const second = await limits(keys[1]!.secret, small);
    // me, limits, cost and its three fields, subscriptions and its two.
    const weight = 9;

    expect(first.cost).toMatchObject({ limit: PER_MINUTE, left: PER_MINUTE - REQUEST - weight });
    expect(second.cost?.left).toBe(PER_MINUTE - 2 * (REQUEST + weight));
    const waitMs = Date.parse(first.cost!.resetAt) - systemClock.now();
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  it('ends with 429 and the time to wait, over GraphQL and REST, and for nobody else', async () => {
    const { secret } = await client.make({ organisation: OTHER });
    const analyst = await client.role('ANALYST');
    const large = '{ events(first: 1000) { edges { node { id eventTime action bizStep } } } }';
    let answer = await client.ask(analyst.secret, large, { at: small });
    let asked = 1;
    while (answer.status === 200 && asked++ < 10)
      answer = await client.ask(analyst.secret, large, { at: small });
    const retryAfter = Number(answer.headers.get('retry-after'));

    expect([answer.status, codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
    // The small ones go on until they have spent the rest too.
    let rest = await client.ask(analyst.secret, LIMITS, { at: small });
    while (rest.status === 200) rest = await client.ask(analyst.secret, LIMITS, { at: small });
    expect([rest.status, codeOf(rest)]).toEqual([429, 'RATE_LIMITED']);
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(answer.errors[0]?.extensions['retryAfter']).toBe(retryAfter);
    for (const path of ['/epcis/events', '/barcode/datamatrix.svg?id=x']) {
      const rested = await fetch(small.url + path, { headers: { 'x-api-key': analyst.secret } });
      expect([rested.status, await rested.json()]).toEqual([
        429,
        expect.objectContaining({ code: 'RATE_LIMITED' }),
      ]);
      expect(Number(rested.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await limits(secret, small)).cost?.left).toBeGreaterThan(PER_MINUTE / 2);
    expect(JSON.stringify([answer.errors, rest.errors])).not.toMatch(/key:|cg_|417/);
  });

  it('is taken over WebSocket too, when an operation begins, and each message is free', async () => {
    const { secret } = await client.role('RECALL');
    const { next, ask, socket } = await openSocket(secret, small);
    expect((await next()).type).toBe('connection_ack');
    const before = (await limits(secret, small)).cost!.left;
    ask('1', 'subscription { locationChanges { cursor } }');
    await untilUsed(secret, small, 1);
    const after = (await limits(secret, small)).cost!.left;
    for (let i = 0; i < 3; i++)
      await client.capture(client.administrator, client.event({ readPoint: '9506000134369' }));
    for (let i = 0; i < 3; i++) expect((await next()).type).toBe('next');
    const later = (await limits(secret, small)).cost!.left;
    const asking = after - later;
    let refused: Message | undefined;
    for (let i = 2; refused === undefined && i < 60; i++) {
      ask(String(i), '{ me { subject } }');
      const message = await next();
      if (message.type === 'error') refused = message;
      else expect((await next()).type).toBe('complete');
    }
    socket.close();

    expect(before - after).toBeGreaterThanOrEqual(REQUEST + 2 + asking);
    expect(asking).toBe(REQUEST + 9);
    expect(refused?.payload).toEqual([
      {
        message: expect.stringContaining('RATE_COST_PER_MINUTE') as string,
        extensions: {
          code: 'RATE_LIMITED',
          retryAfter: expect.any(Number) as number,
          retryAfterSeconds: expect.any(Number) as number,
        },
      },
    ]);
  });

  it('has no end with 0, and nothing is limited when the service is open', async () => {
    const { secret } = await client.partner();
    const free = await strict({ RATE_COST_PER_MINUTE: '0' });
    const everybody = await startApp({
      keep: true,
      env: { ACCESS: 'open', RATE_COST_PER_MINUTE: '1' },
    });
    const told = await limits(secret, free);
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => client.ask(null, LIMITS, { at: everybody })),
    );

    expect(told).toEqual({ cost: null, subscriptions: { limit: 1000, used: 0 } });
    expect(asked.map(({ data }) => data)).toEqual(Array(5).fill({ me: { limits: null } }));
    await free.stop();
    await everybody.stop();
  });
});

/** Waits until as many subscriptions go on. */
async function untilUsed(key: string, at: TestApp, used: number): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if ((await limits(key, at)).subscriptions.used === used) return;
    await sleep(50);
  }
  expect((await limits(key, at)).subscriptions.used).toBe(used);
}

describe('what goes on', () => {
  const ACKNOWLEDGED = 'connection_ack,connection_ack';
  /** Waits until two sockets are taken at once. */
  async function hasPlaces(key: string): Promise<void> {
    let taken: readonly string[] = [];
    for (let i = 0; i < 20 && taken.join() !== ACKNOWLEDGED; i++) {
      const sockets = await Promise.all([1, 2].map(() => openSocket(key, small)));
      taken = await Promise.all(
        sockets.map(({ next, closed }) =>
          Promise.race([next().then(({ type }) => type), closed.then(([code]) => String(code))]),
        ),
      );
      for (const { socket } of sockets) socket.close();
      await Promise.all(sockets.map(({ closed }) => closed));
    }
    expect(taken.join()).toBe(ACKNOWLEDGED);
  }

  const LIVE = 'subscription { locationChanges { cursor } }';
  let small: TestApp;
  beforeAll(async () => {
    small = await strict({
      ...{ RATE_COST_PER_MINUTE: '0' },
      ...{ MAX_SOCKETS_EACH: '2', MAX_SUBSCRIPTIONS_EACH: '2' },
    });
  });
  afterAll(() => small.stop());

  async function stream(key: string): Promise<{ end: () => void; text: Promise<string> }> {
    const over = new AbortController();
    const response = await fetch(`${small.url}/graphql`, {
      method: 'POST',
      signal: over.signal,
      headers: {
        ...{ 'content-type': 'application/json', accept: 'text/event-stream' },
        'x-api-key': key,
      },
      body: JSON.stringify({ query: LIVE }),
    });
    const text = response.text().catch(() => '');
    const end = (): void => {
      over.abort();
    };
    return { end, text };
  }

  it('is at most as many sockets as set: one more is closed with 4429', async () => {
    const { secret } = await client.partner();
    const other = await client.make({ organisation: OTHER });
    const sockets = [await openSocket(secret, small), await openSocket(secret, small)];
    for (const { next } of sockets) expect((await next()).type).toBe('connection_ack');

    expect(await (await openSocket(secret, small)).closed).toEqual([
      4429,
      expect.stringMatching(/2 sockets open.*MAX_SOCKETS_EACH/) as string,
    ]);
    const others = await openSocket(other.secret, small);
    expect((await others.next()).type).toBe('connection_ack');
    for (const { socket } of [...sockets, others]) socket.close();
  });

  it('comes back however a socket ends: closed, cut off, refused, or left before it was known', async () => {
    const { secret } = await client.role('QUALITY');
    const ends: ((socket: WebSocket) => void)[] = [
      (socket) => {
        socket.close();
      },
      (socket) => {
        socket.terminate();
      },
      // Two of the same id: graphql-ws closes it with 4409.
      (socket) => {
        const payload = { query: LIVE };
        socket.send(JSON.stringify({ id: 'twice', type: 'subscribe', payload }));
        socket.send(JSON.stringify({ id: 'twice', type: 'subscribe', payload }));
      },
      (socket) => {
        socket.send('{');
      },
    ];
    for (const end of [...ends, ...ends]) {
      const { socket, next, ask, closed } = await openSocket(secret, small);
      expect((await next()).type).toBe('connection_ack');
      ask('1', LIVE);
      ask('2', LIVE);
      await untilUsed(secret, small, 2);
      end(socket);
      await closed;
    }
    for (let i = 0; i < 5; i++) (await openSocket(secret, small)).socket.terminate();
    await untilUsed(secret, small, 0);
    await hasPlaces(secret);
  });

  it('is at most as many subscriptions as set, on sockets and streams together', async () => {
    const { secret } = await client.role('OPERATOR');
    const { next, ask, socket } = await openSocket(secret, small);
    await next();
    ask('1', LIVE);
    await untilUsed(secret, small, 1);
    const streamed = await stream(secret);
    await untilUsed(secret, small, 2);
    ask('2', LIVE);
    const refused = await next();
    const other = await stream(secret);
    const told = await other.text;
    streamed.end();
    await untilUsed(secret, small, 1);
    ask('3', LIVE);
    await untilUsed(secret, small, 2);
    socket.send(JSON.stringify({ id: '3', type: 'complete' }));
    await untilUsed(secret, small, 1);
    ask('3', LIVE);
    await untilUsed(secret, small, 2);
    socket.close();
    await untilUsed(secret, small, 0);

    expect(refused).toMatchObject({ id: '2', type: 'error' });
    expect(JSON.stringify(refused.payload)).toMatch(/2 subscriptions open.*RATE_LIMITED/);
    expect(told).toMatch(/RATE_LIMITED[^]*event: complete/);
  });
});

describe('introspection', () => {
  it('is for everybody, or with INTROSPECTION=host for the host, also behind a fragment', async () => {
    const { secret } = await client.partner();
    const closed = await strict({ INTROSPECTION: 'host' });
    const told = [
      await client.ask(secret, '{ __schema { queryType { name } } }'),
      await client.ask(client.administrator, '{ __type(name: "Me") { name } }', { at: closed }),
      await client.ask(secret, '{ me { __typename } }', { at: closed }),
    ];
    const hidden = '{ ...F } fragment F on Query { mine: __type(name: "Me") { name } }';
    const refused = await client.ask(secret, hidden, { at: closed });
    const sdl = await fetch(`${closed.url}/schema.graphql`);
    await closed.stop();

    expect(told.map(({ status, errors }) => [status, errors])).toEqual(Array(3).fill([200, []]));
    expect([refused.status, codeOf(refused)]).toEqual([403, 'FORBIDDEN']);
    expect(refused.errors[0]?.message).toContain('/schema.graphql');
    expect([sdl.status, await sdl.text()]).toEqual([
      200,
      expect.stringContaining('type Query') as string,
    ]);
  });
});

describe('an answer', () => {
  it.each([
    ['/graphql?query=%7Bme%7Bsubject%7D%7D', 200, 'no-store', 'same-origin'],
    ['/epcis/events?perPage=1', 200, 'no-store', 'same-origin'],
    ['/epcis/events?wrong=1', 400, 'no-store', 'same-origin'],
    ['/metrics', 200, 'no-store', 'same-origin'],
    ['/barcode/no.svg', 404, 'no-store', 'same-origin'],
    [
      '/barcode/datamatrix.svg?id=(01)09506000134352(21)A1',
      200,
      'private, max-age=60',
      'cross-origin',
    ],
    ['/schema.graphql', 200, null, 'same-origin'],
    ['/health/live', 200, null, 'same-origin'],
    ['/nothing', 404, null, 'same-origin'],
    ['/epcis/events/%', 400, null, 'same-origin'],
  ])('has the headers that keep browsers careful: %s', async (path, status, cache, resource) => {
    const headers = { 'x-api-key': client.administrator, 'apollo-require-preflight': 'true' };
    const response = await fetch(app.url + path, { headers });

    expect([
      response.status,
      ...[
        'x-content-type-options',
        'referrer-policy',
        'cross-origin-resource-policy',
        'cache-control',
      ].map((name) => response.headers.get(name)),
    ]).toEqual([status, 'nosniff', 'no-referrer', resource, cache]);
  });

  it('to a handshake that is refused has them too', async () => {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/nothing`);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [
      unknown,
      { readonly headers: Record<string, string> },
    ];

    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });
});
