/** The client kit against the service: nothing missed and nothing twice, whatever the network does. */
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { CHANGE_PAGE, WHERE, connect, verifyWebhook } from '../../src/sdk/client.js';
import type { Change, Custody } from '../../src/sdk/client.js';
import { AccessRefused, CursorExpired, SequenceBroken } from '../../src/sdk/errors.js';
import { Subscription } from '../../src/sdk/socket.js';
import { PLANT, now, startWithPartners } from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { cuttingProxy } from '../support/cutting-proxy.js';
import type { CuttingProxy } from '../support/cutting-proxy.js';
import { stallingProxy } from '../support/stalling-proxy.js';
import { startReceiver, verifies } from '../support/webhook-receiver.js';
import type { WebhookReceiverForTests } from '../support/webhook-receiver.js';

const ENV = { HEARTBEAT_S: '1', WEBHOOK_ALLOW_INTERNAL: '127.0.0.1', WEBHOOK_RETRY_MIN_MS: '10' };

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;
let proxy: CuttingProxy;
let receiver: WebhookReceiverForTests;
beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners(undefined, ENV));
  proxy = await cuttingProxy(app.url);
  receiver = await startReceiver();
});
afterAll(async () => {
  await proxy.stop();
  await receiver.stop();
  await app.stop();
});

/** Sockets that were made. */
let sockets = 0;
class Counted extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    sockets++;
  }
}

function kit(authorization: string | (() => Promise<string>) = keys.alder, retryMs = 10): Custody {
  return connect({ url: proxy.url, authorization, webSocket: Counted, retryMs });
}

let made = 0;
/** An event of Alder about a new pack. It is told as a change of place, an event and a job. */
function pack(more: object = {}): object {
  return {
    ...client.event({ bizLocation: PLANT }),
    ...{ action: 'ADD', bizStep: 'commissioning', eventTime: now(++made * 1000 - 3_600_000) },
    ...more,
  };
}

async function happen(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { status, body } = await client.capture(keys.host, pack());
    expect([status, body]).toEqual([202, expect.anything()]);
  }
}

/** What the feed of Alder has after a cursor, read without the kit. */
async function told(after: string): Promise<Pick<Change, 'cursor' | 'seq'>[]> {
  const all: Pick<Change, 'cursor' | 'seq'>[] = [];
  for (let cursor = after; ;) {
    const { data } = await client.ask(
      keys.alder,
      'query ($after: Cursor) { changes(after: $after, first: 500) { messages { cursor seq } cursor hasMore } }',
      { variables: { after: cursor } },
    );
    const page = data!['changes'] as { messages: []; cursor: string; hasMore: boolean };
    all.push(...page.messages);
    ({ cursor } = page);
    if (!page.hasMore) return all;
  }
}

async function end(): Promise<string> {
  const { data } = await client.ask(keys.alder, '{ feedCursor }');
  return data!['feedCursor'] as unknown as string;
}

interface Following {
  readonly got: Change[];
  /** Resolves when it ended, with the error that ended it. */
  readonly ended: Promise<unknown>;
  readonly until: (cursor: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Takes messages in the background; heartbeats are left out. */
function follow(custody: Custody, options: Parameters<Custody['changes']>[0] = {}): Following {
  const got: Change[] = [];
  const over = new AbortController();
  let at: string | undefined;
  const take = async (): Promise<void> => {
    for await (const message of custody.changes({ ...options, signal: over.signal })) {
      if (message.kind !== null) got.push(message);
      at = message.cursor;
    }
  };
  const ended = take().catch((error: unknown) => error);
  return {
    ...{ got, ended },
    until: async (cursor) => {
      while (at !== cursor) await sleep(5);
    },
    stop: async () => {
      over.abort();
      expect(await ended).toBeUndefined();
    },
  };
}

const placesOf = (messages: readonly Pick<Change, 'cursor' | 'seq'>[]): unknown[] =>
  messages.map(({ cursor, seq }) => ({ cursor, seq }));

describe('changes', () => {
  test('go on by themselves after 20 cuts of the connection: nothing missed, nothing twice, no hole', async () => {
    const after = await end();
    const [gaps, retries]: [unknown[], string[]] = [[], []];
    const following = follow(kit(), {
      ...{ after, onGap: (gap) => gaps.push(gap) },
      onRetry: ({ code }) => retries.push(code),
    });
    for (let i = 0; i < 20; i++) {
      await happen(2);
      if (i % 2 === 0) await sleep(30);
      proxy.cut();
    }
    await happen(1);
    const all = await told(after);
    await following.until(all.at(-1)!.cursor);
    await following.stop();

    expect(all.length).toBe(2 * 41);
    expect(placesOf(following.got)).toEqual(all);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => all[0]!.seq + i));
    expect(gaps).toEqual([]);
    expect(retries.length).toBeGreaterThan(10);
    expect(new Set(retries)).toEqual(new Set(['CONNECTION_LOST']));
  });

  test('without a cursor begin now, with a heartbeat, and go on after a cut', async () => {
    const following = follow(kit(keys.alder, 2000));
    await following.until(await end());
    const after = await end();
    proxy.cut();
    await happen(1);
    const all = await told(after);
    await following.until(all.at(-1)!.cursor);
    await following.stop();

    expect(placesOf(following.got)).toEqual(all);
  });

  test('with a filter give only what was asked for, where a hole in the numbers is none', async () => {
    const after = await end();
    const gaps: unknown[] = [];
    const options = { after, filter: { kinds: ['EVENT' as const] } };
    const following = follow(kit(), { ...options, onGap: (gap) => gaps.push(gap) });
    await happen(3);
    await following.until((await told(after)).at(-1)!.cursor);
    await following.stop();

    expect(following.got.map(({ kind }) => kind)).toEqual(['EVENT', 'EVENT', 'EVENT']);
    expect(gaps).toEqual([]);
  });

  /** A socket that loses or repeats its n-th message of the feed. */
  function faulty(nth: number, fault: 'lost' | 'twice'): typeof WebSocket {
    let count = 0;
    return class extends WebSocket {
      override emit(name: string | symbol, ...args: unknown[]): boolean {
        const isMessage = name === 'message' && String(args[0]).includes('"recordTime":"');
        if (!isMessage || ++count !== nth) return super.emit(name, ...args);
        return fault === 'lost' || (super.emit(name, ...args) && super.emit(name, ...args));
      }
    };
  }

  test.each(['lost', 'twice'] as const)(
    'name both numbers when a message is %s, and are whole all the same',
    async (fault) => {
      const after = await end();
      const gaps: SequenceBroken[] = [];
      const custody = connect({
        ...{ url: app.url, authorization: keys.alder, webSocket: faulty(3, fault), retryMs: 10 },
      });
      const following = follow(custody, { after, onGap: (gap) => gaps.push(gap) });
      await happen(3);
      const all = await told(after);
      await following.until(all.at(-1)!.cursor);
      await following.stop();
      const third = all[2]!.seq;

      expect(placesOf(following.got)).toEqual(all);
      expect(gaps.map(({ message }) => message)).toEqual([
        fault === 'lost'
          ? `Message ${third} of the feed was expected, and ${third + 1} came.`
          : `Message ${third + 1} of the feed was expected, and ${third} came.`,
      ]);
    },
  );

  test('end with both numbers when the hole stays', async () => {
    await happen(1);
    const [first, ...rest] = await told(await startOfFeed());
    // A consumer that kept a message whose number is too low for its cursor.
    const following = follow(kit(), { after: { cursor: rest[1]!.cursor, seq: first!.seq } });
    const error = (await following.ended) as SequenceBroken;

    expect(error).toBeInstanceOf(SequenceBroken);
    expect([error.expected, error.found]).toEqual([first!.seq + 1, rest[2]!.seq]);
  });

  async function startOfFeed(): Promise<string> {
    const { changes } = await kit().ask(CHANGE_PAGE, {});
    return changes.messages[0]!.cursor;
  }

  test('go on with new keys that come before the old ones end, on one socket', async () => {
    const after = await end();
    let asked = 0;
    const issued = async (): Promise<string> => {
      if (++asked === 2) throw new Error('The issuer does not answer.');
      return (await client.partner({ expiresAt: now(8000) })).secret;
    };
    const before = sockets;
    const following = follow(kit(issued), { after });
    await sleep(15_000);
    await happen(1);
    const all = await told(after);
    await following.until(all.at(-1)!.cursor);
    await following.stop();

    expect(asked).toBeGreaterThan(3);
    expect(sockets - before).toBe(1);
    expect(placesOf(following.got)).toEqual(all);
  });

  test('end for good when the key is revoked or expires, and say why', async () => {
    const revoked = await client.partner();
    const expires = await client.partner({ expiresAt: now(1500) });
    const all = [revoked, expires].map(({ secret }) => follow(kit(secret)));
    await sleep(500);
    await client.ask(
      client.administrator,
      `mutation { revokeKey(id: "${revoked.key.keyId}") { keyId } }`,
    );
    const errors = (await Promise.all(all.map(({ ended }) => ended))) as AccessRefused[];

    expect(errors.map((error) => error instanceof AccessRefused)).toEqual([true, true]);
    expect(errors.map(({ code, reason }) => [code, reason])).toEqual([
      ['ACCESS_ENDED', 'REVOKED'],
      ['ACCESS_ENDED', 'EXPIRED'],
    ]);
    // This one is refused before it connects.
    expect(await follow(kit(revoked.secret)).ended).toMatchObject({ reason: 'REVOKED' });
  });

  test('end for good when the renewal is of somebody else', async () => {
    const { secret } = await client.partner({ expiresAt: now(3000) });
    const given = [secret, keys.birch];
    const following = follow(kit(() => Promise.resolve(given.shift()!)));

    expect(await following.ended).toMatchObject({ reason: 'OTHER_CALLER' });
  });

  function subscribe(
    url: string,
    limits: { lookMs: number; waiting: number },
  ): Subscription<unknown> {
    const query = 'subscription { changes { kind } }';
    const who = { authorization: `Bearer ${keys.alder}`, webSocket: WebSocket };
    return new Subscription(
      { ...who, url: new URL(`${url}/graphql`), query, variables: {} },
      limits,
    );
  }

  test('are cut when the other side says nothing any more, and not while it only has nothing to say', async () => {
    const stalling = await stallingProxy(app.url);
    const socket = subscribe(stalling.uri.replace('bolt', 'http'), { lookMs: 100, waiting: 10 });
    const messages = socket[Symbol.asyncIterator]();
    await messages.next();
    // Longer than three looks, and without a message but the answer to a Ping.
    const second = await messages.next();
    stalling.stall();

    expect(second.value).toEqual({ changes: { kind: null } });
    await expect(messages.next()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    stalling.close();
  });

  test('are read again later when too many wait to be taken', async () => {
    const socket = subscribe(app.url, { lookMs: 15_000, waiting: 3 });
    await sleep(500);
    await happen(4);
    await sleep(500);
    const taken: unknown[] = [];
    const take = async (): Promise<void> => {
      for await (const message of socket) taken.push(message);
    };

    await expect(take()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(taken.length).toBe(4);
  });

  test('that cannot begin at a cursor end with the oldest that is kept', async () => {
    // Of the first message, with another record time: the database was put back since.
    const other = Buffer.from(JSON.stringify(['feed', 1, 1])).toString('base64url');
    const error = (await follow(kit(), { after: other }).ended) as CursorExpired;

    expect(error).toBeInstanceOf(CursorExpired);
    expect(error.oldest).toBeNull();
  });
});

const documentOf = (events: readonly object[]): object => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
  ...{ type: 'EPCISDocument', schemaVersion: '2.0', creationDate: now() },
  epcisBody: { eventList: events },
});

describe('capture', () => {
  test.each([
    ['with ids', {}],
    ['without ids, which are then made of their content', { eventID: undefined }],
  ])('stores events %s once when answers are lost', async (_, more) => {
    const after = await end();
    proxy.cut();
    proxy.dropAnswers(2);
    const job = await kit().capture(documentOf([pack(more), pack(more)]));
    const events = (await messagesAfter(after)).filter(({ kind }) => kind === 'EVENT');

    expect(job).toMatchObject({ success: true, captured: 0, repeated: 2, faults: [] });
    expect(events.length).toBe(2);
  });

  async function messagesAfter(after: string): Promise<Change[]> {
    return (await kit().ask(CHANGE_PAGE, { after })).changes.messages;
  }

  test('waits as long as it is told to', async () => {
    const refusal = (status: string): string =>
      `HTTP/1.1 ${status}\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    // Else the plans of a cold Neo4j take as long.
    await kit().capture(documentOf([pack()]));
    const began = performance.now();
    proxy.cut();
    proxy.answerWith(refusal('429 Too Many Requests'), 1);
    const first = await kit().capture(documentOf([pack()]));
    proxy.cut();
    proxy.answerWith(refusal('503 Service Unavailable'), 1);
    const second = await kit().capture(documentOf([pack()]));

    expect([first.captured, second.captured]).toEqual([1, 1]);
    expect(performance.now() - began).toBeGreaterThan(2000);
  });

  test('tells every fault of a document that is refused, and sends it once', async () => {
    const { opened } = proxy;
    proxy.cut();
    const refused = kit().capture(
      documentOf([pack({ action: 'SHIP' }), pack({ eventTime: 'soon' })]),
    );

    await expect(refused).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { faults: [{ code: 'ACTION_INVALID' }, { code: 'TIME_INVALID' }] },
    });
    expect(proxy.opened - opened).toBe(1);
  });

  test('takes XML as a text, and stores the good events if it is told to', async () => {
    const xml = `<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2026-01-01T00:00:00Z"><EPCISBody><EventList><ObjectEvent>
      <eventTime>${now(-5000)}</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList><epc>urn:epc:id:sgtin:9506000.013435.XML</epc></epcList><action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:inspecting</bizStep><bizLocation><id>urn:epc:id:sgln:950600013436..0</id></bizLocation>
    </ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>`;
    const job = await kit(keys.host).capture(xml);
    const half = [pack(), pack({ eventTime: 'soon' })];
    const partly = await kit().capture(documentOf(half), { onFault: 'proceed' });

    expect(job).toMatchObject({ captured: 1 });
    expect(partly).toMatchObject({ captured: 1, success: false, faults: [{}] });
  });
});

test('ask answers with types, and tells an error by its code', async () => {
  await happen(1);
  const id = 'https://id.gs1.org/01/09506000134352/21/A1';
  const { locate } = await kit().ask(WHERE, { id });

  expect(locate).toMatchObject({ known: true, state: 'SITE', site: { name: 'Plant' } });
  await expect(kit('cg_no').ask(WHERE, { id })).rejects.toMatchObject({
    ...{ code: 'UNAUTHENTICATED', reason: 'BAD' },
  });
  await expect(kit().ask('{ nothing }')).rejects.toMatchObject({
    code: 'GRAPHQL_VALIDATION_FAILED',
  });
  await expect(connect({ url: 'http://127.0.0.1:9' }).ask('{ a }')).rejects.toMatchObject({
    ...{ code: 'CONNECTION_LOST', isPassing: true },
  });
});

test('verifyWebhook takes what the service delivers, by the old and by the new secret while they change', async () => {
  const { webhook, secret } = await mutation<{ webhook: { webhookId: string }; secret: string }>(
    `createWebhook(input: { url: "${receiver.url}", label: "kit" }) { webhook { webhookId } secret }`,
  );
  const rotated = await mutation<{ secret: string }>(
    `rotateWebhookSecret(id: "${webhook.webhookId}", overlapHours: 1) { secret }`,
  );
  await mutation(`testWebhook(id: "${webhook.webhookId}") { taken }`);
  const [received] = receiver.received;
  const { headers, body } = received!;
  const check = (...secrets: string[]): Promise<unknown> => verifyWebhook(headers, body, secrets);

  expect(await check(secret)).toMatchObject({ type: 'webhook.test' });
  expect(await check(rotated.secret)).toMatchObject({ type: 'webhook.test' });
  expect([secret, rotated.secret].map((one) => verifies(one, received!))).toEqual([true, true]);
  await expect(check('whsec_AAAA', 'whsec_!')).rejects.toMatchObject({ code: 'NOT_GENUINE' });
});

async function mutation<T>(field: string): Promise<T> {
  const { data, errors } = await client.ask(keys.alder, `mutation { ${field} }`);
  expect(errors).toEqual([]);
  return Object.values(data!)[0] as T;
}
