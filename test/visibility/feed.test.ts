/** What partners are told as it is recorded: their own feed, numbered without gaps, with nothing of what they do not see. */
import { closeBatch } from '../../src/capture/close-batch.store.js';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  codeOf,
  now,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const unit = (n: string): string => `https://id.gs1.org/01/${GTIN}/21/${n}`;
const BOX = 'https://id.gs1.org/00/095060001343520017';
const BOX_KEY = '00/095060001343520017';
const LOT = { ilmd: { 'cbvmda:lotNumber': 'F1' } };

const CHANGE = `kind cursor seq eventId version
  location { package { key } from { state site { key } } to { state site { key } } status units lots { lot { lot } units } }
  handoff { handoffKey status from { key } to { key } }
  event { visibility eventId event { bizStep } }
  exception { state code package { key } }
  job { jobId success captured }`;

interface Change {
  readonly kind: string | null;
  readonly cursor: string;
  readonly seq: number;
  readonly eventId: string | null;
  readonly location: Record<string, unknown> | null;
  readonly handoff: Record<string, unknown> | null;
  readonly event: Record<string, unknown> | null;
  readonly exception: Record<string, unknown> | null;
  readonly job: Record<string, unknown> | null;
}

interface Page {
  readonly messages: readonly Change[];
  readonly cursor: string;
  readonly seq: number;
  readonly hasMore: boolean;
}

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;

beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners());
});
afterAll(() => app.stop());

let sent = 0;
/** Sends an event a second later than the one before, in the last hour. */
const send = (key: string, told: object): Promise<void> =>
  client.send(key, { eventTime: now(++sent * 1000 - 3_600_000), ...told });

async function read(key: string, after: string | null, more = ''): Promise<Page> {
  const { data, errors } = await client.ask(
    key,
    `query ($after: Cursor) { changes(after: $after, first: 100${more}) { messages { ${CHANGE} } cursor seq hasMore } }`,
    { variables: { after } },
  );
  expect(errors).toEqual([]);
  return data!['changes'] as unknown as Page;
}

const end = async (key: string): Promise<string> =>
  (await client.ask(key, '{ feedCursor }')).data!['feedCursor'] as unknown as string;

/** Messages of one kind, without envelope. */
const only = (page: Page, kind: 'location' | 'handoff' | 'event' | 'exception'): unknown[] =>
  page.messages.flatMap((one) => one[kind] ?? []);

test('a sale is told to both sides, each as far as it sees it, and to nobody else', async () => {
  const [alder, birch, cedar] = [
    await end(keys.alder),
    await end(keys.birch),
    await end(keys.cedar),
  ];
  await send(keys.host, {
    ...{ action: 'ADD', bizStep: 'commissioning', epcList: [unit('S1'), unit('S2')], ...LOT },
    bizLocation: place(PLANT),
  });
  await send(keys.host, {
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', parentID: BOX },
    ...{ childEPCs: [unit('S1'), unit('S2')], epcList: undefined, bizLocation: place(PLANT) },
  });
  const packed = await read(keys.birch, birch);
  await send(keys.alder, {
    ...{ bizStep: 'shipping', epcList: [BOX], readPoint: place(PLANT) },
    ...{ eventID: 'urn:x:sale', ...sold(MAKER, OTHER, DEPOT) },
  });
  const shipped = await read(keys.birch, birch);
  await send(keys.birch, {
    ...{ bizStep: 'receiving', epcList: [BOX], bizLocation: place(DEPOT) },
    ...{ eventID: 'urn:x:bought', ...sold(MAKER, OTHER, DEPOT) },
  });
  const received = await read(keys.birch, shipped.cursor);
  const seller = await read(keys.alder, alder);

  expect(packed.messages).toEqual([]);
  expect(only(shipped, 'location')).toEqual([
    expect.objectContaining({
      ...{ package: { key: BOX_KEY }, from: null, units: 2 },
      to: { state: 'IN_TRANSIT', site: { key: `414/${DEPOT}` } },
      lots: [{ lot: { lot: 'F1' }, units: 2 }],
    }),
  ]);
  expect(only(shipped, 'handoff')).toEqual([
    expect.objectContaining({ handoffKey: 'urn:x:sale', status: 'OUTSTANDING' }),
  ]);
  expect(only(shipped, 'event')).toEqual([
    { visibility: 'VISIBLE', eventId: 'urn:x:sale', event: { bizStep: 'shipping' } },
  ]);
  expect(only(received, 'location')).toEqual([
    expect.objectContaining({ to: { state: 'SITE', site: { key: `414/${DEPOT}` } }, units: 2 }),
  ]);
  expect(only(seller, 'location').at(-1)).toMatchObject({
    package: { key: BOX_KEY },
    from: { state: 'IN_TRANSIT', site: { key: `414/${DEPOT}` } },
    to: { state: 'PASSED_ON', site: null },
    units: 2,
  });
  expect(only(seller, 'handoff').at(-1)).toMatchObject({
    ...{ handoffKey: 'urn:x:sale', status: 'RECEIVED', to: { key: `414/${DEPOT}` } },
  });
  expect((await read(keys.cedar, cedar)).messages).toEqual([]);
});

test('what happens to goods that were passed on is not told, and leaves no gap in the numbers', async () => {
  const alder = await end(keys.alder);
  await send(keys.birch, {
    ...{ bizStep: 'shipping', epcList: [BOX], readPoint: place(DEPOT) },
    ...{ eventID: 'urn:x:resold', ...sold(OTHER, THIRD, SHOP) },
  });
  await send(keys.host, {
    ...{ action: 'ADD', bizStep: 'commissioning', epcList: [unit('S3')], ...LOT },
    bizLocation: place(PLANT),
  });
  const { messages, cursor, hasMore } = await read(keys.alder, alder);

  expect(messages.map(({ kind }) => kind)).toEqual(['LOCATION', 'EVENT']);
  const whole = await read(keys.alder, null);
  expect(whole.messages.map(({ seq }) => seq)).toEqual(whole.messages.map((_, i) => i + 1));
  expect({ cursor, hasMore }).toEqual({ cursor: whole.cursor, hasMore: false });
});

test('whether more is to come does not depend on what others do', async () => {
  const { messages } = await read(keys.alder, null);
  const after = messages.at(-2)!.cursor;
  await send(keys.birch, { epcList: [unit('OTHERS')], bizLocation: place(DEPOT) });
  const ask = 'query ($after: Cursor) { changes(after: $after, first: 1) { seq hasMore } }';
  const { data } = await client.ask(keys.alder, ask, { variables: { after } });
  expect(data!['changes']).toEqual({ seq: messages.length, hasMore: false });
});

test('a subscription gives the same messages as the page, live and after a cursor', async () => {
  const start = await end(keys.alder);
  const socket = createClient({
    url: `${app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${keys.alder}` },
  });
  const take = async (after: string | null, n: number): Promise<Change[]> => {
    const taken: Change[] = [];
    const query = `subscription ($after: Cursor) { changes(after: $after) { ${CHANGE} } }`;
    for await (const { data, errors } of socket.iterate<{ changes: Change }>({
      ...{ query, variables: { after } },
    })) {
      expect(errors).toBeUndefined();
      if (data!.changes.kind !== null) taken.push(data!.changes);
      if (taken.length >= n) break;
    }
    return taken;
  };
  const live = take(start, 4);
  for (const n of ['S4', 'S5'])
    await send(keys.host, {
      ...{ action: 'ADD', bizStep: 'commissioning', epcList: [unit(n)], ...LOT },
      bizLocation: place(PLANT),
    });
  const { messages } = await read(keys.alder, start);

  expect(await live).toEqual(messages);
  expect(await take(messages[0]!.cursor, 3)).toEqual(messages.slice(1));
  await socket.dispose();
});

test('an event that is declared in error is told to those who see it, and what it opened is withdrawn', async () => {
  await send(keys.alder, {
    ...{ bizStep: 'shipping', epcList: [unit('S3')], readPoint: place(PLANT) },
    ...{ eventID: 'urn:x:wrong', ...sold(MAKER, OTHER, DEPOT) },
  });
  await send(keys.birch, {
    ...{ bizStep: 'receiving', epcList: [unit('S3')], bizLocation: place(DEPOT) },
    eventID: 'urn:x:in',
  });
  const [alder, birch] = [await end(keys.alder), await end(keys.birch)];
  await send(keys.alder, {
    ...{ eventID: 'urn:x:wrong', bizStep: 'shipping', epcList: [unit('S3')] },
    ...{ eventTime: now(3_600_000 * -1 + (sent - 1) * 1000), readPoint: place(PLANT) },
    ...sold(MAKER, OTHER, DEPOT),
    errorDeclaration: { declarationTime: now(), reason: 'incorrect_data' },
  });
  const told = await read(keys.birch, birch);

  expect(only(told, 'event')).toEqual([
    expect.objectContaining({ visibility: 'RETRACTED', eventId: 'urn:x:wrong' }),
  ]);
  expect(only(told, 'location')).toEqual([
    expect.objectContaining({ to: { state: 'PASSED_ON', site: null } }),
  ]);
  expect(only(await read(keys.alder, alder), 'location')).toHaveLength(1);
});

test('filters keep the messages about a package, a product, a site, a step or a kind', async () => {
  const count = async (filter: string): Promise<number> =>
    (await read(keys.birch, null, ` filter: {${filter}}`)).messages.length;

  expect(await count(`ids: ["${unit('S1')}"] kinds: [LOCATION]`)).toBeGreaterThan(1);
  expect(await count(`ids: ["${unit('S4')}"]`)).toBe(0);
  expect(await count(`gtins: ["${GTIN}"] kinds: [LOCATION]`)).toBeGreaterThan(1);
  expect(await count(`gtins: ["09506000134376"]`)).toBe(0);
  expect(await count(`sites: ["${DEPOT}"] kinds: [HANDOFF]`)).toBeGreaterThan(0);
  expect(await count(`sites: ["${SHOP}"] kinds: [EVENT]`)).toBe(0);
  expect(await count(`bizSteps: ["receiving"] kinds: [EVENT]`)).toBe(2);
  expect(await count(`dispositions: ["recalled"]`)).toBe(0);
  expect(await count(`parties: ["${OTHER}"] kinds: [LOCATION]`)).toBeGreaterThan(1);
});

test('changes of custody are kept by the status that a partner sees', async () => {
  const { messages } = await read(keys.birch, null);
  const socket = createClient({
    url: `${app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${keys.birch}` },
  });
  const given = socket.iterate<{ handoffChanges: { change: object | null } }>({
    query: `subscription ($after: Cursor) {
      handoffChanges(filter: { statuses: [OUTSTANDING] }, after: $after) { change { handoffKey status } } }`,
    variables: { after: messages[0]!.cursor },
  });
  const first: unknown = (await given.next()).value;
  await socket.dispose();

  expect(messages[1]).toMatchObject({ handoff: { handoffKey: 'urn:x:sale', status: 'RECEIVED' } });
  expect(first).toMatchObject({
    data: { handoffChanges: { change: { handoffKey: 'urn:x:resold', status: 'OUTSTANDING' } } },
  });
});

test('a cursor is good only in the feed that gave it', async () => {
  const [alder, host] = [await end(keys.alder), await end(keys.host)];
  const ask = (key: string, after: string): Promise<unknown> =>
    client
      .ask(key, 'query ($after: Cursor) { changes(after: $after) { seq } }', {
        variables: { after },
      })
      .then(codeOf);

  expect(await ask(keys.alder, host)).toBe('BAD_USER_INPUT');
  expect(await ask(keys.host, alder)).toBe('BAD_USER_INPUT');
  expect(await ask(keys.birch, alder)).toBe('CURSOR_EXPIRED');
});

test('a consumer keeps its cursor here, by a name of its organisation', async () => {
  const cursor = await end(keys.alder);
  const commit = `mutation { commitCursor(name: "portal", cursor: "${cursor}") { name cursor committedAt } }`;
  const committed = '{ committedCursor(name: "portal") { name cursor } }';

  expect((await client.ask(keys.alder, commit)).data).toEqual({
    commitCursor: { name: 'portal', cursor, committedAt: expect.any(String) as unknown },
  });
  expect((await client.ask(keys.alder, committed)).data).toEqual({
    committedCursor: { name: 'portal', cursor },
  });
  expect((await client.ask(keys.birch, committed)).data).toEqual({ committedCursor: null });
  expect(codeOf(await client.ask(keys.birch, commit))).toBe('CURSOR_EXPIRED');
});

test('a cursor stays good while nothing is told, however much others write meanwhile', async () => {
  const [cursor, { seq }] = [await end(keys.alder), await read(keys.alder, null)];
  // With each 500th batch, what is older than is kept goes.
  const batch = { seq: 500, at: Date.parse(now()), messages: [], partners: new Map(), jobs: [] };
  await app.graph.write((tx) => closeBatch(tx, batch, { batches: 10_000, toldMs: 0 }));
  expect(await end(keys.alder)).toBe(cursor);
  expect(await read(keys.alder, cursor)).toMatchObject({ messages: [], cursor, seq });
});
