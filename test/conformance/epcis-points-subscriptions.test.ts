import { createHmac } from 'node:crypto';
import WebSocket from 'ws';
import { documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { eventIDsOf, startReceiver } from '../support/webhook-receiver.js';
import type { WebhookReceiverForTests } from '../support/webhook-receiver.js';

// Paragraph "Queries & subscriptions" (Q). Deliveries under failure, several processes and schedules: test/e2e/epcis-subscription.

const TOKEN = '13df38d8275b13f05704629e5f1cf3d45d6132d5';
const CONTROLS = [400, 'epcisException:SubscriptionControlsException'];

let app: TestApp;
let guarded: TestApp;
let receiver: WebhookReceiverForTests;
beforeAll(async () => {
  const retry = {
    WEBHOOK_RETRY_MIN_MS: '20',
    WEBHOOK_RETRY_MAX_MS: '80',
    WEBHOOK_BATCH_EVENTS: '4',
  };
  app = await startApp({ env: { ...retry, WEBHOOK_ALLOW_INTERNAL: '127.0.0.1' } });
  guarded = await startApp({ keep: true });
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());
afterAll(async () => {
  await guarded.stop();
  await app.stop();
});

let count = 0;
const names = (): string => `query-${++count}`;
const post = (path: string, body: unknown, on = app): Promise<EpcisAnswer> =>
  epcis(on, 'POST', path, { body });

async function aQuery(query: unknown = {}): Promise<string> {
  const name = names();
  expect((await post('/queries', { name, query })).status).toBe(201);
  return name;
}

const subscribe = (name: string, controls: object, on = app): Promise<EpcisAnswer> =>
  post(
    `/queries/${name}/subscriptions`,
    { dest: receiver.url, signatureToken: TOKEN, ...controls },
    on,
  );

async function capture(...serials: string[]): Promise<string[]> {
  const body = documentOf(...serials.map((serial) => sighting(serial)));
  expect((await post('/capture', body)).status).toBe(202);
  return serials.map((serial) => `urn:x:event:${serial}`);
}

describe('EPCIS-Q1 POST /queries', () => {
  test('is 201 with Location; the name is taken then: 409', async () => {
    const query = { eventType: ['ObjectEvent'], EQ_bizStep: ['shipping', 'receiving'] };
    const name = names();
    const created = await post('/queries', { name, query });

    expect([created.status, created.headers.get('location')]).toEqual([
      201,
      expect.stringMatching(new RegExp(`/queries/${name}$`)),
    ]);
    expect((await epcis(app, 'GET', `/queries/${name}`)).json).toMatchObject({ name, query });
    expect(JSON.stringify((await epcis(app, 'GET', '/queries')).json)).toContain(name);
    const again = await post('/queries', { name, query: {} });
    expect([again.status, again.json['type']]).toEqual([
      409,
      'epcisException:ResourceAlreadyExistsException',
    ]);
  });

  test('is 400 for a query that cannot be run, and 415 for what is no JSON', async () => {
    for (const query of [
      { EQ_foo: ['a'] },
      { eventCountLimit: 1 },
      { GE_eventTime: 'yesterday' },
      { orderBy: ['a', 'b'] },
    ])
      expect((await post('/queries', { name: names(), query })).json['type']).toBe(
        'epcisException:QueryParameterException',
      );
    const headers = { 'content-type': 'text/plain' };
    expect((await epcis(app, 'POST', '/queries', { body: '{}', headers })).status).toBe(415);
    expect(
      (
        await epcis(app, 'POST', '/queries', {
          body: '{',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(400);
  });
});

test('EPCIS-Q2 DELETE of a query ends its subscriptions, webhooks and sockets', async () => {
  const name = await aQuery();
  const subscription = await subscribe(name, { stream: true });
  const socket = new WebSocket(
    `${app.url.replace('http', 'ws')}/epcis/queries/${name}/events?stream=true`,
  );
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const closed = new Promise((resolve) => socket.once('close', resolve));

  expect((await epcis(app, 'DELETE', `/queries/${name}`)).status).toBe(204);
  await closed;
  await capture('after deletion'.replace(' ', '-'));
  for (const path of [
    `/queries/${name}`,
    `/queries/${name}/events`,
    subscription.headers.get('location')!,
  ])
    expect((await epcis(app, 'GET', path)).json['type']).toBe('epcisException:NoSuchNameException');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(receiver.received).toEqual([]);
});

test('EPCIS-Q3 GET of its events is an EPCISQueryDocument in pages, under its name', async () => {
  const name = await aQuery({ EQ_eventID: await capture('q3-a', 'q3-b', 'q3-c') });
  const first = await epcis(app, 'GET', `/queries/${name}/events?perPage=2`);
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
  const second = await epcis(app, 'GET', next!);

  expect(first.json).toMatchObject({
    type: 'EPCISQueryDocument',
    epcisBody: { queryResults: { queryName: name } },
  });
  expect([...eventsIn(first), ...eventsIn(second)].map(({ eventID }) => eventID).sort()).toEqual(
    ['q3-a', 'q3-b', 'q3-c'].map((id) => `urn:x:event:${id}`),
  );
  const xml = await epcis(app, 'GET', `/queries/${name}/events`, {
    headers: { accept: 'application/xml' },
  });
  expect(xml.text).toContain(`<queryName>${name}</queryName>`);
  expect((await epcis(app, 'GET', `/queries/${name}/events?EQ_action=ADD`)).status).toBe(400);
});

test('EPCIS-Q4 a WebSocket is opened by stream=true or by parts of a schedule, with the same answers', async () => {
  const name = await aQuery();
  const documents: string[] = [];
  const at = `${app.url.replace('http', 'ws')}/epcis/queries/${name}/events`;
  const socket = new WebSocket(`${at}?stream=true`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const came = new Promise<void>((resolve) =>
    socket.on('message', (data: Buffer) => {
      documents.push(data.toString());
      resolve();
    }),
  );
  const ids = await capture('q4');
  await came;
  socket.close();

  expect(documents.flatMap(eventIDsOf)).toEqual(ids);
  for (const wrong of ['', '?stream=true&minute=5', '?minute=60', '?stream=false', '?foo=1']) {
    const refused = new WebSocket(at + wrong);
    const status = await new Promise((resolve) =>
      refused
        .once('unexpected-response', (_request, { statusCode }) => {
          resolve(statusCode);
        })
        .once('open', () => {
          resolve('open');
        })
        .once('error', () => undefined),
    );
    expect([wrong, status]).toEqual([wrong, 400]);
  }
});

describe('EPCIS-Q5 controls of a subscription', () => {
  test.each([
    ['neither stream nor schedule', {}],
    ['both', { stream: true, schedule: { minute: '5' } }],
    ['stream false', { stream: false }],
    ['an empty schedule', { schedule: {} }],
    ['an unknown part', { schedule: { year: '2026' } }],
    ['a minute beyond 59', { schedule: { minute: '60' } }],
    ['no destination', { dest: undefined, stream: true }],
    ['a destination that is no URL', { dest: 'here', stream: true }],
    ['a time that is none', { stream: true, initialRecordTime: 'now' }],
    ['a flag that is none', { schedule: { minute: '5' }, reportIfEmpty: 'yes' }],
  ])('%s is 400 SubscriptionControlsException', async (_, controls) => {
    const { status, json } = await subscribe(await aQuery(), controls);
    expect([status, json['type']]).toEqual(CONTROLS);
  });

  test('what is answered has what the OpenAPI wants, and never the secret', async () => {
    const name = await aQuery();
    const created = await subscribe(name, {
      schedule: { hour: '1', minute: '5' },
      reportIfEmpty: true,
    });
    const location = created.headers.get('location')!;
    const one = await epcis(app, 'GET', location);
    const list = await epcis(app, 'GET', `/queries/${name}/subscriptions`);

    expect(created.status).toBe(201);
    for (const { json } of [created, one])
      expect(json).toMatchObject({
        subscriptionID: location.split('/').at(-1),
        dest: receiver.url,
        createdAt: expect.stringMatching(/Z$/) as string,
        initialRecordTime: expect.stringMatching(/Z$/) as string,
        schedule: { hour: '1', minute: '5' },
        reportIfEmpty: true,
      });
    expect(list.json).toMatchObject([{ subscriptionID: location.split('/').at(-1) }]);
    for (const { text } of [created, one, list]) expect(text).not.toContain(TOKEN);
    expect((await epcis(app, 'DELETE', location)).status).toBe(204);
    expect((await epcis(app, 'GET', location)).status).toBe(404);
  });

  test('OPTIONS of a subscription tells GS1-Query-Min-Record-Time', async () => {
    const { headers } = await subscribe(await aQuery(), { stream: true });
    const options = await epcis(app, 'OPTIONS', headers.get('location')!);
    expect(options.status).toBe(204);
    expect(options.headers.get('gs1-query-min-record-time')).toMatch(/^\d{4}-.*(Z|[+-]\d\d:\d\d)$/);
  });
});

test('EPCIS-Q6 days of the week are 1, Monday, to 7; ranges, lists and steps as the standard and its examples write them', async () => {
  for (const dayOfWeek of ['1', '7', '1,3', '[1-5]', '[1-5],7', 1])
    expect([
      dayOfWeek,
      (await subscribe(await aQuery(), { schedule: { dayOfWeek } })).status,
    ]).toEqual([dayOfWeek, 201]);
  expect((await subscribe(await aQuery(), { schedule: { second: '0/30' } })).status).toBe(201);
  for (const dayOfWeek of ['0', '8', 'MON', '[5-1]', '', '1,,2'])
    expect([
      dayOfWeek,
      (await subscribe(await aQuery(), { schedule: { dayOfWeek } })).status,
    ]).toEqual([dayOfWeek, 400]);
});

test('EPCIS-Q7 (and U1) events go out in order, signed, none lost and none twice though the receiver fails, and position moves on 2xx only', async () => {
  const name = await aQuery();
  receiver.answer = (_received, nth) => [500, 413, 200, 503][nth - 1] ?? 200;
  const location = (await subscribe(name, { stream: true })).headers.get('location')!;
  const before = (await epcis(app, 'GET', location)).json;
  expect(before['lastNotifiedAt']).toBeUndefined();

  const ids = [...(await capture('q7-1', 'q7-2', 'q7-3')), ...(await capture('q7-4', 'q7-5'))];
  await receiver.until(() => receiver.takenIDs().length >= ids.length);

  expect(receiver.takenIDs()).toEqual(ids);
  for (const { headers, body } of receiver.received) {
    expect(headers['content-type']).toMatch(/^application\/(ld\+)?json/);
    expect(String(headers['gs1-signature'])).toContain(
      createHmac('sha256', TOKEN).update(body).digest('hex'),
    );
    expect(body + JSON.stringify(headers)).not.toContain(TOKEN);
    expect(JSON.parse(body)).toMatchObject({
      type: 'EPCISQueryDocument',
      epcisBody: { queryResults: { subscriptionID: location.split('/').at(-1) } },
    });
  }
});

test('EPCIS-Q8 a destination inside is refused unless it is allowed', async () => {
  const name = await aQuery();
  const inside = [
    'http://127.0.0.1:1/',
    'https://localhost/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/latest',
    'https://2130706433/',
    'https://0x7f.1/',
    'ftp://example.com/',
    'file:///etc/passwd',
  ];
  for (const dest of inside) {
    const { status, json } = await subscribe(name, { dest, stream: true }, guarded);
    expect([dest, status, json['type']]).toEqual([dest, ...CONTROLS]);
  }
});
