/** Webhooks of the feed: what an organisation is told arrives, signed, once under each id and in order, whatever the receiver does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/shared/clock.js';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  codeOf,
  now,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { diceFrom } from '../support/dice.js';
import { historiesToTry, seed } from '../support/test-settings.js';
import { startReceiver, verifies } from '../support/webhook-receiver.js';
import type { Received, WebhookReceiverForTests } from '../support/webhook-receiver.js';

const ENV = {
  WEBHOOK_ALLOW_INTERNAL: '127.0.0.1',
  WEBHOOK_RETRY_MIN_MS: '10',
  WEBHOOK_TIMEOUT_MS: '250',
  WEBHOOK_GIVE_UP_HOURS: '1',
};
const HOUR = 3_600_000;
let skew = 0;
const clock = { now: () => systemClock.now() + skew };

const unit = (serial: string): string => `https://id.gs1.org/01/09506000134352/21/${serial}`;

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;
let receiver: WebhookReceiverForTests;
beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners(clock, ENV));
});
afterAll(() => app.stop());
beforeEach(async () => {
  receiver = await startReceiver();
});
const made: string[] = [];
afterEach(async () => {
  for (const id of made.splice(0))
    await client.ask(keys.alder, `mutation { deleteWebhook(id: "${id}") { webhookId } }`);
  await receiver.stop();
});

async function ask<T>(key: string, query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await client.ask(key, query, { variables });
  expect(errors).toEqual([]);
  return Object.values(data!)[0] as T;
}

interface Made {
  readonly webhook: { readonly webhookId: string };
  readonly secret: string;
}

async function hook(more: object = {}, key = keys.alder): Promise<Made & { id: string }> {
  const one = await ask<Made>(
    key,
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { webhookId } secret } }',
    { input: { url: receiver.url, label: 'a portal', ...more } },
  );
  const id = one.webhook.webhookId;
  if (key === keys.alder) made.push(id);
  return { ...one, id };
}

const WEBHOOK =
  'webhookId url label filter createdAt state reason cursor takenAt failures lastError nextTryAt oldSecretUntil';

async function stateOf(id: string): Promise<Record<string, unknown>> {
  const all = await ask<{ webhookId: string }[]>(keys.alder, `{ webhooks { ${WEBHOOK} } }`);
  return all.find(({ webhookId }) => webhookId === id)!;
}

/** The webhook once it is so. */
async function settled(
  id: string,
  isSo: (webhook: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  for (;;) {
    const webhook = await stateOf(id);
    if (isSo(webhook)) return webhook;
    await sleep(20);
  }
}

let sent = 0;
/** Alder's packs: each is made at its plant, and then looked at, a second later than what was sent before. */
function packs(count: number, name = `P${sent}`): { ids: string[]; events: object[] } {
  const ids = Array.from({ length: count }, (_, i) => unit(`${name}-${i}`));
  const events = ids.flatMap((id, i) =>
    [
      { action: 'ADD', bizStep: 'commissioning', ilmd: { 'cbvmda:lotNumber': 'L1' } },
      { bizStep: 'inspecting', disposition: i % 2 ? 'damaged' : 'conformant' },
    ].map((told) => ({
      ...client.event(),
      ...{ epcList: [id], bizLocation: place(PLANT), eventTime: now(++sent - HOUR), ...told },
    })),
  );
  return { ids, events };
}

async function capture(events: readonly object[], key = keys.host): Promise<void> {
  const { status, body } = await client.capture(key, events);
  if (status !== 202) throw new Error(JSON.stringify(body));
}

const idOf = ({ headers }: Received): string => String(headers['webhook-id']);
interface Body {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown> & { readonly cursor: string; readonly kind: string };
}
const bodyOf = ({ body }: Received): Body => JSON.parse(body) as Body;
const CHANGES = `cursor seq eventId recordTime version kind
  location { eventId eventTime recordTime package { key level } packages { key level } from { state site { key } origin { key } } to { state site { key } origin { key } } status units lots { lot { key } units } }
  handoff { eventId eventTime recordTime handoffKey status from { key } to { key } }
  event { visibility eventId eventTime recordTime }
  exception { state code package { key level } eventId eventTime recordTime }
  job { jobId finishedAt success captured repeated }`;
const KINDS = ['location', 'handoff', 'event', 'exception', 'job'];

/** What the pull gives, without the fields of other kinds. */
async function changes(key: string, after: string): Promise<Body['data'][]> {
  const all: Body['data'][] = [];
  for (let cursor = after; ;) {
    const page = await ask<{ messages: Body['data'][]; cursor: string; hasMore: boolean }>(
      key,
      `query ($after: Cursor) { changes(after: $after, first: 500) { messages { ${CHANGES} } cursor hasMore } }`,
      { after: cursor },
    );
    all.push(...page.messages);
    cursor = page.cursor;
    if (!page.hasMore) break;
  }
  return all.map(
    (one) =>
      Object.fromEntries(
        Object.entries(one).filter(([name, value]) => !(KINDS.includes(name) && value === null)),
      ) as Body['data'],
  );
}

const end = (key: string): Promise<string> => ask(key, '{ feedCursor }');

test('a receiver that fails three times of ten gets everything in order, what comes again has the same id, and nothing is of others', async () => {
  const wanted = historiesToTry({ daily: 200, nightly: 10_000 });
  const dice = diceFrom(seed);
  const held: (() => void)[] = [];
  receiver.answer = () => {
    const roll = dice.below(100);
    if (roll < 12) return dice.one([500, 502, 503, 429]);
    if (roll < 25) return 0;
    if (roll < 30)
      return new Promise<number>((resolve) =>
        held.push(() => {
          resolve(200);
        }),
      );
    return 200;
  };
  const [after, host] = [await end(keys.alder), keys.host];
  const { secret } = await hook();
  const other = await startApp({ keep: true, clock, env: { ...ENV, ACCESS: 'required' } });
  const secretGoods = packs(3, 'OTHERS').events.map((event) => ({
    ...event,
    bizLocation: place(SHOP),
  }));
  for (let count = 0; count < wanted; count += 60) {
    await capture([...packs(20).events, ...secretGoods.splice(0, 2)], host);
    // The other process goes away, and this one goes on.
    if (count === 60) await other.stop();
  }
  const shipped = packs(1);
  await capture(shipped.events);
  await client.send(keys.alder, {
    ...{
      bizStep: 'shipping',
      epcList: shipped.ids,
      readPoint: place(PLANT),
      ...sold(MAKER, OTHER, DEPOT),
    },
  });
  const told = await changes(keys.alder, after);
  const last = told.at(-1)!.cursor;
  await receiver.until(() => receiver.received.some((one) => bodyOf(one).data.cursor === last));
  for (const answer of held) answer();

  expect(told.length).toBeGreaterThan(wanted);
  expect([...new Set(told.map(({ kind }) => kind))].sort()).toEqual([
    'EVENT',
    'HANDOFF',
    'JOB',
    'LOCATION',
  ]);
  const first = new Map<string, Received>();
  for (const one of receiver.received) if (!first.has(idOf(one))) first.set(idOf(one), one);
  expect([...first.values()].map((one) => bodyOf(one).data)).toEqual(told);
  for (const one of receiver.received) expect(one.body).toBe(first.get(idOf(one))!.body);
  expect(receiver.received.length).toBeGreaterThan(told.length * 1.1);
  expect(receiver.received.every((one) => verifies(secret, one))).toBe(true);
  expect(receiver.received.filter(({ body }) => body.includes('OTHERS'))).toEqual([]);
});

test('a message says its type and its time, and the filter of the webhook selects messages', async () => {
  await hook({ filter: { kinds: ['EVENT'], bizSteps: ['inspecting'] }, label: 'inspections' });
  await capture(packs(2).events);
  await receiver.until(() => receiver.received.length === 2);

  const [one] = receiver.received.map(bodyOf);
  expect(one).toMatchObject({ type: 'change.event', data: { kind: 'EVENT', version: 1 } });
  expect(one!.timestamp).toBe(one!.data['recordTime']);
  expect(receiver.received[0]!.headers['content-type']).toBe('application/json');
});

test('while a secret is changed both sign, and after that the new one alone', async () => {
  const { id, secret: old } = await hook();
  const rotate = (overlapHours: number): Promise<Made> =>
    ask(
      keys.alder,
      'mutation ($id: ID!, $hours: Int!) { rotateWebhookSecret(id: $id, overlapHours: $hours) { webhook { webhookId } secret } }',
      { id, hours: overlapHours },
    );
  const { secret: second } = await rotate(1);
  await capture(packs(1).events);
  await receiver.until(() => receiver.received.length > 0);
  const overlapping = receiver.received[0]!;
  const { secret: third } = await rotate(0);
  const before = receiver.received.length;
  await capture(packs(1).events);
  await receiver.until(() => receiver.received.length > before);
  const after = receiver.received.at(-1)!;

  expect([old, second, third].map((secret) => verifies(secret, overlapping))).toEqual([
    true,
    true,
    false,
  ]);
  expect([old, second, third].map((secret) => verifies(secret, after))).toEqual([
    false,
    false,
    true,
  ]);
  expect(
    (
      await client.ask(
        keys.alder,
        `mutation { rotateWebhookSecret(id: "${id}", overlapHours: -1) { secret } }`,
      )
    ).errors[0]!.extensions,
  ).toMatchObject({ argument: 'overlapHours' });
});

test('what is paused is sent after, and what was sent is sent again with the same id', async () => {
  const after = await end(keys.alder);
  const { id } = await hook({ filter: { kinds: ['LOCATION'] } });
  const does = (what: string): Promise<unknown> =>
    ask(keys.alder, `mutation { ${what} { ${WEBHOOK} } }`);
  const replay =
    'mutation ($id: ID!, $from: Cursor!) { replayWebhook(id: $id, from: $from) { state } }';
  expect(await does(`pauseWebhook(id: "${id}")`)).toMatchObject({
    state: 'PAUSED',
    reason: 'ASKED',
  });
  await capture(packs(2).events);
  const told = (await changes(keys.alder, after)).filter(({ kind }) => kind === 'LOCATION');
  await sleep(300);
  const whilePaused = receiver.received.length;
  expect(await does(`resumeWebhook(id: "${id}")`)).toMatchObject({ state: 'ACTIVE', reason: null });
  await receiver.until(() => receiver.received.length >= told.length);
  await ask(keys.alder, replay, { id, from: told[0]!.cursor });
  await receiver.until(() => receiver.received.length >= 2 * told.length - 1);
  const ids = receiver.received.map(idOf);

  expect(whilePaused).toBe(0);
  expect(ids.slice(told.length)).toEqual(ids.slice(1, told.length));
  const webhook = await settled(id, ({ takenAt }) => takenAt !== null);
  expect(webhook).toMatchObject({
    ...{ url: receiver.url, label: 'a portal', filter: { kinds: ['LOCATION'] } },
    ...{ failures: 0, lastError: null, nextTryAt: null },
  });
});

test('a receiver that is gone pauses its webhook, which loses nothing', async () => {
  const { id } = await hook();
  receiver.answer = () => 410;
  await capture(packs(1).events);
  await settled(id, ({ state }) => state === 'PAUSED');
  const gone = receiver.received.length;
  expect(await stateOf(id)).toMatchObject({
    reason: 'GONE',
    lastError: 'The receiver answered HTTP 410',
  });
  receiver.answer = () => 200;
  await ask(keys.alder, `mutation { resumeWebhook(id: "${id}") { state } }`);
  await receiver.until(() => receiver.received.length > gone);

  expect(gone).toBe(1);
  expect(idOf(receiver.received[1]!)).toBe(idOf(receiver.received[0]!));
});

test('nothing is sent for an organisation that is suspended, and everything after that', async () => {
  await hook({ filter: { kinds: ['EVENT'] } });
  const suspend = `suspendOrganisation(organisation: "${MAKER}", reason: "a test")`;
  await ask(keys.host, `mutation { ${suspend} { key } }`);
  // What is known of an organisation is believed for a second.
  await sleep(1100);
  await capture(packs(1).events);
  await sleep(2500);
  expect(receiver.received).toEqual([]);
  await ask(keys.host, `mutation { resumeOrganisation(organisation: "${MAKER}") { key } }`);
  await receiver.until(() => receiver.received.length === 2);
});

test('a webhook and its dead letters are there for their organisation alone', async () => {
  const { id } = await hook();
  const own = await hook({}, keys.host);
  const calls = ['pauseWebhook', 'resumeWebhook', 'testWebhook', 'rotateWebhookSecret'].map(
    (name) => `${name}(id: "ID") { __typename }`,
  );
  const from = await end(keys.birch);
  calls.push(
    `replayWebhook(id: "ID", from: "${from}") { __typename }`,
    'deleteWebhook(id: "ID") { __typename }',
  );
  for (const call of calls)
    for (const webhook of [id, own.id, 'nobodys']) {
      const answer = await client.ask(keys.birch, `mutation { ${call.replace('ID', webhook)} }`);
      expect([codeOf(answer), answer.errors[0]!.message]).toEqual([
        'NOT_FOUND',
        `There is no webhook "${webhook}". Ask webhooks for their ids.`,
      ]);
    }
  expect(await ask(keys.birch, '{ webhooks { webhookId } }')).toEqual([]);
  expect(
    await ask(keys.birch, `{ deadLetters(webhook: "${id}", first: 1) { nodes { deadLetterId } } }`),
  ).toEqual({ nodes: [] });
  expect(await ask(keys.host, '{ webhooks { webhookId } }')).toEqual([{ webhookId: own.id }]);
  expect(await ask(keys.host, `mutation { deleteWebhook(id: "${own.id}") { webhookId } }`)).toEqual(
    { webhookId: own.id },
  );
});

test('a test message tells at once what the receiver said', async () => {
  const { id, secret } = await hook();
  const trial = `mutation { testWebhook(id: "${id}") { taken error ms } }`;
  const taken = await ask(keys.alder, trial);
  receiver.answer = () => 404;
  const refused = await ask(keys.alder, trial);

  expect(taken).toEqual({ taken: true, error: null, ms: expect.any(Number) as number });
  expect(refused).toMatchObject({ taken: false, error: 'The receiver answered HTTP 404' });
  expect(bodyOf(receiver.received[0]!)).toMatchObject({
    type: 'webhook.test',
    data: { webhookId: id },
  });
  expect(verifies(secret, receiver.received[0]!)).toBe(true);
});

test.each([
  'http://example.com/hook',
  'https://10.0.0.1/hook',
  'https://no-such-name.invalid/hook',
  'nothing',
])(
  'a webhook to %s is refused, and nobody is told why of the inside of the network',
  async (url) => {
    const answer = await client.ask(
      keys.alder,
      'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }',
      { variables: { input: { url, label: 'out' } } },
    );
    expect(answer.errors[0]!.extensions).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', argument: 'input.url' },
      rule: 'must be an https URL of up to 2000 characters, whose name leads to a public address now.',
    });
  },
);

test('what a receiver does not take for too long is a dead letter, what comes after goes on, and the letter is sent again with its id', async () => {
  const { id } = await hook({ filter: { kinds: ['EVENT'], bizSteps: ['inspecting'] } });
  receiver.answer = () => 500;
  await capture(packs(1).events);
  await settled(id, ({ failures }) => Number(failures) > 0);
  skew += 2 * HOUR;
  const dead = `{ deadLetters(webhook: "${id}", first: 10) { edges { cursor node { deadLetterId } } nodes { deadLetterId messageId body at lastError } pageInfo { hasNextPage } totalCount { exact } } }`;
  interface Dead {
    readonly nodes: readonly {
      readonly deadLetterId: string;
      readonly messageId: string;
      readonly body: string;
    }[];
  }
  let found: Dead = { nodes: [] };
  while (found.nodes.length === 0) found = await ask<Dead>(keys.alder, dead);
  receiver.answer = () => 200;
  await capture(packs(1).events);
  await settled(id, ({ failures }) => failures === 0);
  const [letter] = found.nodes;
  const replay = await ask(
    keys.alder,
    `mutation { replayDeadLetter(id: "${letter!.deadLetterId}") { taken error ms } }`,
  );
  const again = receiver.received.at(-1)!;

  expect(found).toMatchObject({
    nodes: [{ lastError: 'The receiver answered HTTP 500' }],
    totalCount: { exact: 1 },
  });
  expect(replay).toMatchObject({ taken: true });
  expect([idOf(again), again.body]).toEqual([letter!.messageId, letter!.body]);
  expect(again.body).toBe(receiver.received[0]!.body);
  expect(await ask(keys.alder, dead)).toMatchObject({ nodes: [], totalCount: { exact: 0 } });
});

test('a webhook that the feed does not reach back to any more is paused, and says so', async () => {
  const { id } = await hook();
  await ask(keys.alder, `mutation { pauseWebhook(id: "${id}") { state } }`);
  await capture(packs(1).events);
  skew += 31 * 24 * HOUR;
  await ask(keys.alder, `mutation { resumeWebhook(id: "${id}") { state } }`);
  await settled(id, ({ state }) => state === 'PAUSED');
  expect(await stateOf(id)).toMatchObject({ reason: 'CURSOR_EXPIRED' });
  expect(receiver.received).toEqual([]);
});
