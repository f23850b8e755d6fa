import { createHmac } from 'node:crypto';
import type { Environment } from '../../src/config.js';
import { cypher } from '../../src/graph/cypher.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { eventIDsOf, startReceiver } from '../support/webhook-receiver.js';
import type { WebhookReceiverForTests } from '../support/webhook-receiver.js';
import { aQuery as aQueryOn, call as callOn, ship as shipOn } from './query-client.js';
import type { Answer } from './query-client.js';

const ENV: Environment = {
  WEBHOOK_ALLOW_INTERNAL: '127.0.0.1',
  WEBHOOK_RETRY_MIN_MS: '20',
  WEBHOOK_RETRY_MAX_MS: '80',
  WEBHOOK_BATCH_EVENTS: '10',
};
const TOKEN = '13df38d8275b13f05704629e5f1cf3d45d6132d5';

let app: TestApp;
let receiver: WebhookReceiverForTests;
beforeAll(async () => {
  app = await startApp({ env: ENV });
  // Every statement's first plan is made by a cold JVM: 20 s were seen on two cores at load 12.
  receiver = await startReceiver();
  const path = await subscribe(await aQuery(), { stream: true });
  await ship(1);
  await receiver.until(() => receiver.takenIDs().length === 1);
  await call('DELETE', path);
  await receiver.stop();
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  // What is left would be tried again every few ms, through all the tests that follow.
  for (const name of queries.splice(0))
    await call('DELETE', `/queries/${encodeURIComponent(name)}`);
  await receiver.stop();
});
afterAll(() => app.stop());

const ship = (count: number, on: TestApp = app, bizStep?: string): Promise<string[]> =>
  shipOn(on, count, bizStep);
const call = (method: string, path: string, body?: unknown, on: TestApp = app): Promise<Answer> =>
  callOn(on, method, path, body);
const queries: string[] = [];
const aQuery = async (query?: unknown): Promise<string> => {
  const name = await aQueryOn(app, query);
  queries.push(name);
  return name;
};

async function subscribe(name: string, controls: object, on: TestApp = app): Promise<string> {
  const path = `/queries/${encodeURIComponent(name)}/subscriptions`;
  const body = { dest: receiver.url, ...controls };
  const { status, text, headers } = await call('POST', path, body, on);
  if (status !== 201) throw new Error(text);
  return (headers.get('location') ?? '').replace('/epcis', '');
}

async function stateOf(path: string, on: TestApp = app): Promise<Record<string, unknown>> {
  return JSON.parse((await call('GET', path, undefined, on)).text) as Record<string, unknown>;
}

/** The state once it says that the last document was taken: the receiver knows of its 2xx before the store does. */
async function settled(path: string): Promise<Record<string, unknown>> {
  for (;;) {
    const state = await stateOf(path);
    if (state['failures'] === 0 && 'lastNotifiedAt' in state) return state;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const POSITION = cypher<{ position: number }>('test.subscriptionPosition')`
  MATCH (s:QuerySubscription {id: $id}) RETURN s.position AS position`;

async function positionOf(path: string): Promise<unknown> {
  const [row] = await app.graph.read(POSITION, { id: path.split('/').at(-1) });
  return row?.position;
}

const until = (isDone: () => boolean): Promise<void> => receiver.until(isDone);

describe('named queries', () => {
  test('a query is stored, shown, answered and deleted; its name is taken meanwhile', async () => {
    const name = await aQuery();
    const path = `/queries/${encodeURIComponent(name)}`;
    const [shipped] = await ship(1);
    await ship(1, app, 'receiving');

    expect((await call('POST', '/queries', { name, query: {} })).status).toBe(409);
    expect(await stateOf(path)).toMatchObject({ name, query: { EQ_bizStep: ['shipping'] } });
    const { text } = await call('GET', `${path}/events?perPage=1`);
    expect(text).toContain(shipped);
    expect(JSON.parse(text)).toMatchObject({ epcisBody: { queryResults: { queryName: name } } });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect(JSON.parse((await call('GET', `${path}/events`)).text)).toMatchObject({
      type: 'epcisException:NoSuchNameException',
    });
  });

  test('queries are listed page by page', async () => {
    const made = [await aQuery(), await aQuery(), await aQuery()];
    const found: string[] = [];
    for (let path: string | undefined = '/queries?perPage=2'; path !== undefined;) {
      const { text, headers } = await call('GET', path);
      found.push(...(JSON.parse(text) as { name: string }[]).map(({ name }) => name));
      path = /<\/epcis([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }

    expect(found).toEqual(expect.arrayContaining(made));
    expect(new Set(found).size).toBe(found.length);
  });

  test('a query that cannot be run is refused when it is stored', async () => {
    const { status, text } = await call('POST', '/queries', {
      name: 'wrong',
      query: { EQ_bizSteps: ['shipping'] },
    });

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ type: 'epcisException:QueryParameterException' });
    expect((await call('GET', '/queries/wrong')).status).toBe(404);
  });
});

describe('webhooks', () => {
  test('a stream brings what matches, signed, in the order of the log, and never the token', async () => {
    const name = await aQuery();
    const path = await subscribe(name, { stream: true, signatureToken: TOKEN });
    const first = await ship(2);
    await ship(1, app, 'receiving');
    const second = await ship(1);
    await until(() => receiver.takenIDs().length === 3);

    expect(receiver.takenIDs()).toEqual([...first, ...second]);
    const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
    expect(headers['gs1-signature']).toBe(
      `sha256=${createHmac('sha256', TOKEN).update(body).digest('hex')}`,
    );
    expect(headers['content-type']).toBe('application/json');
    expect(headers['idempotency-key']).toMatch(/^"[\w-]+"$/);
    expect(JSON.parse(body)).toMatchObject({
      type: 'EPCISQueryDocument',
      epcisBody: {
        queryResults: { queryName: name, subscriptionID: path.split('/').at(-1) },
      },
    });
    const shown = [path, path.replace(/\/[^/]+$/, ''), `/queries/${encodeURIComponent(name)}`];
    for (const one of shown) expect((await call('GET', one)).text).not.toContain(TOKEN);
    expect(receiver.received.map((one) => JSON.stringify(one)).join()).not.toContain(TOKEN);
    expect(await settled(path)).toMatchObject({ stream: true });
  });

  test('five failures move nothing; then all arrive once, in order, under the same delivery id', async () => {
    const path = await subscribe(await aQuery(), { stream: true });
    const before = await positionOf(path);
    let isBroken = true;
    receiver.answer = () => (isBroken ? 500 : 200);
    const ids = await ship(3);
    await until(() => receiver.received.length >= 5);
    const during = await stateOf(path);
    const position = await positionOf(path);
    isBroken = false;
    await until(() => receiver.takenIDs().length >= 3);

    expect(during).toMatchObject({ lastError: 'The receiver answered HTTP 500' });
    expect(during).not.toHaveProperty('lastNotifiedAt');
    expect(position).toBe(before);
    expect(receiver.takenIDs()).toEqual(ids);
    const deliveries = receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(deliveries)).toHaveProperty('size', 1);
    expect(await settled(path)).not.toHaveProperty('lastError');
  });

  test('what comes while a receiver is away is delivered behind it, none lost and none twice', async () => {
    await subscribe(await aQuery(), { stream: true });
    let isAway = true;
    receiver.answer = () => (isAway ? 503 : 200);
    const ids: string[] = [];
    for (let i = 0; i < 15; i++) ids.push(...(await ship(3)));
    isAway = false;
    await until(() => receiver.takenIDs().length >= 45);

    expect(receiver.takenIDs()).toEqual(ids);
  });

  test('whatever a receiver answers meanwhile, all arrive in order and what it took comes once', async () => {
    await subscribe(await aQuery(), { stream: true });
    const answers = [500, 200, 413, 503, 200, 302, 200, 429, 413, 200, 404];
    receiver.answer = (_received, nth) => answers[(nth * 7 + (nth % 3)) % answers.length] ?? 200;
    const shipped = await Promise.all([5, 1, 17, 2, 30, 1, 8].map((count) => ship(count)));
    const ids = shipped.flat();
    await until(() => receiver.takenIDs().length >= ids.length);
    await new Promise((resolve) => setTimeout(resolve, 200));

    const taken = receiver.takenIDs();
    expect([...taken].sort()).toEqual([...ids].sort());
    // Within a document that was captured the order is kept, whatever came beside it.
    for (const some of shipped) expect(taken.filter((id) => some.includes(id))).toEqual(some);
  });

  test('a document that is too large is halved until it is taken', async () => {
    await subscribe(await aQuery(), { stream: true });
    const sizes: number[] = [];
    receiver.answer = ({ body }) => {
      sizes.push(eventIDsOf(body).length);
      return eventIDsOf(body).length > 3 ? 413 : 200;
    };
    const ids = await ship(12);
    await until(() => receiver.takenIDs().length >= 12);

    expect(receiver.takenIDs()).toEqual(ids);
    expect(sizes).toEqual([10, 5, 2, 2, 2, 2, 2, 2]);
  });

  test('a redirect is a failure and is not followed', async () => {
    const path = await subscribe(await aQuery(), { stream: true });
    receiver.answer = (_received, nth) => (nth === 1 ? 307 : 200);
    await ship(1);
    await until(() => receiver.takenIDs().length === 1);

    expect(receiver.received.map(({ path: at }) => at)).toEqual(['/hook', '/hook']);
    expect(await settled(path)).toMatchObject({ failures: 0 });
  });

  test('a subscription begins with what is new, or at an initialRecordTime', async () => {
    const old = await ship(2);
    const name = await aQuery();
    await subscribe(name, { stream: true, dest: `${receiver.url}/new` });
    const initialRecordTime = '2026-01-01T00:00:00Z';
    await subscribe(name, { stream: true, initialRecordTime, dest: `${receiver.url}/all` });
    const [fresh] = await ship(1);
    const gotAt = (path: string): string[] =>
      receiver.received.filter((one) => one.path === path).flatMap(({ body }) => eventIDsOf(body));
    await until(() => gotAt('/hook/new').length > 0 && gotAt('/hook/all').includes(fresh ?? ''));

    expect(gotAt('/hook/new')).toEqual([fresh]);
    expect(gotAt('/hook/all')).toEqual(expect.arrayContaining([...old, fresh]));
    await call('DELETE', `/queries/${encodeURIComponent(name)}`);
  });

  test('a schedule reports at its time, and an empty result only where that is asked for', async () => {
    const name = await aQuery({ EQ_bizStep: ['packing'] });
    await subscribe(name, { schedule: { second: '*' }, dest: `${receiver.url}/quiet` });
    const path = await subscribe(name, { schedule: { second: '*' }, reportIfEmpty: true });
    await until(() => receiver.received.length >= 2);
    const [packed] = await ship(1, app, 'packing');
    await until(() => receiver.takenIDs().length >= 2);

    expect(receiver.received.filter(({ body }) => eventIDsOf(body).length === 0)).not.toEqual([]);
    expect(receiver.takenIDs()).toEqual([packed, packed]);
    const quiet = receiver.received.filter((one) => one.path === '/hook/quiet');
    expect(quiet.map(({ body }) => eventIDsOf(body))).toEqual([[packed]]);
    expect(await stateOf(path)).toMatchObject({ schedule: { second: '*' }, reportIfEmpty: true });
    await call('DELETE', `/queries/${encodeURIComponent(name)}`);
  });

  test('a deleted subscription, and one whose query is deleted, gets nothing more', async () => {
    const name = await aQuery();
    const gone = await subscribe(name, { stream: true });
    const left = await subscribe(name, { stream: true });
    expect((await call('DELETE', gone)).status).toBe(204);
    expect((await call('DELETE', gone)).status).toBe(404);
    await ship(1);
    await until(() => receiver.received.length === 1);
    expect((await call('DELETE', `/queries/${encodeURIComponent(name)}`)).status).toBe(204);
    await ship(1);
    await new Promise((resolve) => setTimeout(resolve, 300));

    expect(receiver.received).toHaveLength(1);
    expect((await call('GET', left)).status).toBe(404);
  });

  test.each([
    ['another host inside', { dest: 'http://127.0.0.2:1/hook', stream: true }],
    ['a service beside us', { dest: 'https://169.254.169.254/latest', stream: true }],
    ['stream and schedule', { dest: 'https://a.example/', stream: true, schedule: { hour: '1' } }],
    [
      'a schedule that never comes',
      { dest: 'https://a.example/', schedule: { dayOfMonth: '31', month: '2' } },
    ],
  ])('%s is refused', async (_what, body) => {
    const path = `/queries/${encodeURIComponent(await aQuery())}/subscriptions`;
    const { status, text } = await call('POST', path, { ...body, signatureToken: TOKEN });

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      type: 'epcisException:SubscriptionControlsException',
    });
    expect(text).not.toContain(TOKEN);
  });

  test('credentials of the destination are sent to it and shown to nobody', async () => {
    const dest = receiver.url.replace('//', '//user:pa55word@');
    const path = await subscribe(await aQuery(), { stream: true, dest });
    await ship(1);
    await until(() => receiver.received.length === 1);

    expect(receiver.received[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('user:pa55word').toString('base64')}`,
    );
    expect(await stateOf(path)).toMatchObject({ dest: receiver.url });
  });
});

describe('several processes', () => {
  test('a service that comes back goes on where the last one was', async () => {
    const path = await subscribe(await aQuery(), { stream: true });
    const first = await ship(1);
    await until(() => receiver.takenIDs().length === 1);
    await app.stop();
    receiver.answer = () => 500;
    app = await startApp({ keep: true, env: ENV });
    const second = await ship(2);
    await until(() => receiver.received.length >= 2);
    await app.stop();
    receiver.answer = () => 200;
    app = await startApp({ keep: true, env: ENV });
    await until(() => receiver.takenIDs().length === 3);

    expect(receiver.takenIDs()).toEqual([...first, ...second]);
    expect((await call('GET', path)).status).toBe(200);
  });

  test('two services on one store deliver each event once', async () => {
    const other = await startApp({ keep: true, env: ENV });
    for (let i = 0; i < 4; i++) {
      const name = await aQuery();
      await subscribe(name, { stream: true, dest: `${receiver.url}/${i}` }, i % 2 ? app : other);
    }
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) ids.push(...(await ship(2, i % 2 ? app : other)));
    await until(() => receiver.takenIDs().length >= 80);
    await other.stop();
    ids.push(...(await ship(1)));
    await until(() => receiver.takenIDs().length >= 84);

    for (let i = 0; i < 4; i++) {
      const got = receiver.received.filter((one) => one.path === `/hook/${i}`);
      expect(got.flatMap(({ body }) => eventIDsOf(body))).toEqual(ids);
    }
  });

  test('a document under way when the service stops is finished and counted', async () => {
    const one = app;
    const path = await subscribe(await aQuery(), { stream: true }, one);
    let release = (): void => undefined;
    receiver.answer = () =>
      new Promise((resolve) => {
        release = () => {
          resolve(200);
        };
      });
    const ids = await ship(1, one);
    await until(() => receiver.received.length === 1);
    const stopped = one.stop();
    setTimeout(() => {
      release();
    }, 100);
    await stopped;
    receiver.answer = () => 200;
    app = await startApp({ keep: true, env: ENV });
    const more = await ship(1);
    await until(() => receiver.takenIDs().length >= 2);

    expect(receiver.takenIDs()).toEqual([...ids, ...more]);
    expect(await settled(path)).toMatchObject({ failures: 0 });
  });
});
