import { hostView } from '../../../src/access/view.js';
import {
  eventsSince,
  findEvents,
  parametersOfUrl,
  parseEventQuery,
} from '../../../src/epcis-query/index.js';
import type {
  EventQuery,
  FoundEvent,
  PageAsked,
  TopLevelResource,
} from '../../../src/epcis-query/index.js';
import { listResource } from '../../../src/epcis-query/resource-list.read-model.js';
import { EVENT_TYPES } from '../../../src/epcis/event.js';
import { wordsOf } from '../../../src/epcis/vocabulary.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';

const SGTIN = (serial: number): string => `urn:epc:id:sgtin:9506000.013435.${serial}`;
const SSCC = 'urn:epc:id:sscc:9506000.0000000001';

const eventOf = (n: number, fields: object = {}): object => ({
  eventID: `urn:example:event:${n}`,
  type: 'ObjectEvent',
  action: 'OBSERVE',
  eventTime: `2026-03-01T10:00:0${Math.floor(n / 3)}.000Z`,
  eventTimeZoneOffset: '+00:00',
  epcList: [SGTIN(n)],
  bizStep: n % 2 === 0 ? 'shipping' : 'receiving',
  readPoint: { id: 'urn:epc:id:sgln:9506000.12345.0' },
  'ex:rank': [5, 3, '10', 'b', 'a'][n] ?? undefined,
  ...fields,
});

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  for (const n of [4, 3, 2, 1, 0]) await capture(eventOf(n));
  await capture({
    ...eventOf(5, {
      type: 'AggregationEvent',
      epcList: undefined,
      parentID: SSCC,
      childEPCs: [SGTIN(50)],
      action: 'ADD',
    }),
  });
  await capture(
    eventOf(1, {
      errorDeclaration: { declarationTime: '2026-03-02T00:00:00Z', reason: 'incorrect_data' },
    }),
  );
});
afterAll(() => app.stop());

async function capture(event: object): Promise<void> {
  const { status, body } = await app.capture({
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { ex: 'https://example.org/ns/' },
    ],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-01T00:00:00Z',
    epcisBody: { eventList: [event] },
  });
  if (status !== 202) throw new Error(JSON.stringify(body));
}

const queryOf = (search: string): EventQuery =>
  parseEventQuery(parametersOfUrl(new URLSearchParams(search)), { ex: 'https://example.org/ns/' });
const shortOf = ({ id, isDeclaration }: FoundEvent): string =>
  `${id.replace('urn:example:event:', '')}${isDeclaration ? 'e' : ''}`;
const page = (fields: Partial<PageAsked> = {}): PageAsked => ({
  perPage: 30,
  nowMs: 1000,
  ...fields,
});

async function ids(search: string): Promise<string[]> {
  return (await findEvents(hostView(app.graph), queryOf(search), page())).events.map(shortOf);
}

test('an event asked for by its id comes with its error declaration', async () => {
  const { events } = await findEvents(
    hostView(app.graph),
    queryOf('EQ_eventID=urn:example:event:1'),
    page(),
  );
  expect(events.map(shortOf).sort()).toEqual(['1', '1e']);
  const declared = events.find(({ isDeclaration }) => isDeclaration);
  expect(JSON.parse(declared?.text ?? '{}')).toMatchObject({
    errorDeclaration: { reason: 'incorrect_data' },
  });
});

test('record order is the order of the log, either way', async () => {
  expect(await ids('orderBy=recordTime&orderDirection=ASC')).toEqual([
    '4',
    '3',
    '2',
    '1',
    '0',
    '5',
    '1e',
  ]);
  expect(await ids('orderBy=recordTime')).toEqual(['1e', '5', '0', '1', '2', '3', '4']);
});

test('record times are those of the log, the earlier end within', async () => {
  const { events } = await findEvents(
    hostView(app.graph),
    queryOf('orderBy=recordTime&orderDirection=ASC'),
    page(),
  );
  const [first, second] = events.map(({ recordTimeMs }) => new Date(recordTimeMs).toISOString());
  expect(await ids(`GE_recordTime=${String(first)}`)).toHaveLength(7);
  expect(await ids(`LT_recordTime=${String(first)}`)).toEqual([]);
  expect(await ids(`GE_recordTime=${String(second)}&orderBy=recordTime`)).toHaveLength(6);
  expect(await ids(`LT_recordTime=${String(second)}&EQ_bizStep=shipping`)).toEqual(['4']);
  expect(await ids('GE_recordTime=2999-01-01T00:00:00Z')).toEqual([]);
  expect(await ids('LT_recordTime=1999-01-01T00:00:00Z')).toEqual([]);
});

test('an extension field orders by number, then text; what lacks it comes last', async () => {
  const order = 'orderBy=ex:rank&orderDirection=';
  expect((await ids(`${order}ASC&EQ_action=OBSERVE`)).map((id) => id[0])).toEqual([
    '1',
    '1',
    '0',
    '2',
    '4',
    '3',
  ]);
  expect((await ids(`${order}DESC`)).map((id) => id[0])).toEqual([
    '3',
    '4',
    '2',
    '0',
    '1',
    '1',
    '5',
  ]);
});

test('maxEventCount refuses one event too many, and takes exactly as many', async () => {
  expect(await ids('EQ_bizStep=shipping&maxEventCount=3')).toHaveLength(3);
  await expect(ids('EQ_bizStep=shipping&maxEventCount=2')).rejects.toMatchObject({
    code: 'QUERY_TOO_LARGE',
    status: 413,
  });
  const first = findEvents(hostView(app.graph), queryOf('maxEventCount=6'), page({ perPage: 2 }));
  await expect(first).rejects.toMatchObject({ code: 'QUERY_TOO_LARGE' });
});

test('eventCountLimit ends the answer, over pages too', async () => {
  const query = queryOf('orderBy=eventTime&orderDirection=ASC&eventCountLimit=3&EQ_action=OBSERVE');
  const first = await findEvents(hostView(app.graph), query, page({ perPage: 2 }));
  const second = await findEvents(
    hostView(app.graph),
    query,
    page({ perPage: 2, token: first.next ?? '' }),
  );
  expect([...first.events, ...second.events].map(({ id }) => id)).toHaveLength(3);
  expect(second.next).toBeUndefined();
});

test('a token works for an hour, for its own query, and only as it was given', async () => {
  const query = queryOf('EQ_action=OBSERVE');
  const { next = '', expiresAtMs = 0 } = await findEvents(
    hostView(app.graph),
    query,
    page({ perPage: 2 }),
  );
  expect(expiresAtMs).toBe(3_601_000);
  const again = (token: string, nowMs = 2000, of = query): Promise<unknown> =>
    findEvents(hostView(app.graph), of, { perPage: 2, token, nowMs });
  await expect(again(next)).resolves.toBeDefined();
  const refused = { code: 'QUERY_PARAMETER', details: { parameter: 'nextPageToken' } };
  await expect(again(next, expiresAtMs)).rejects.toMatchObject(refused);
  await expect(again(next, 2000, queryOf('EQ_action=ADD'))).rejects.toMatchObject(refused);
  for (const token of ['', 'x', `${next}x`, next.slice(1), next.replace('.', '')])
    await expect(again(token)).rejects.toMatchObject(refused);
});

test.each([0, -1, 1.5, 1001])('a page of %d events is refused', async (perPage) => {
  const asked = findEvents(hostView(app.graph), queryOf(''), page({ perPage }));
  await expect(asked).rejects.toMatchObject({
    code: 'QUERY_PARAMETER',
    details: { parameter: 'perPage' },
  });
});

test('a stretch of the log comes in its order, declarations in their place', async () => {
  const since = async (seqAfter: number, seqTo: number, limit = 10): Promise<string[]> =>
    (
      await eventsSince(hostView(app.graph), queryOf('EQ_bizStep=receiving'), {
        seqAfter,
        seqTo,
        limit,
      })
    ).map(shortOf);
  expect(await since(0, 7)).toEqual(['3', '1', '5', '1e']);
  expect(await since(2, 6)).toEqual(['1', '5']);
  expect(await since(0, 7, 2)).toEqual(['3', '1']);
});

test.each<[TopLevelResource, readonly string[]]>([
  [
    'epcs',
    [
      'https://id.gs1.org/00/095060000000000015',
      ...[0, 1, 2, 3, 4, 50].map((n) => `https://id.gs1.org/01/09506000134352/21/${n}`),
    ],
  ],
  ['bizSteps', [...wordsOf('bizStep')]],
  ['dispositions', [...wordsOf('disposition')]],
  ['readPoints', ['https://id.gs1.org/414/9506000123455']],
  ['bizLocations', []],
  ['eventTypes', EVENT_TYPES],
])(
  '%s lists each value once, parents and children too, a page at a time',
  async (resource, expected) => {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const { values, next }: { values: readonly string[]; next?: string } = await listResource(
        hostView(app.graph),
        resource,
        page({ perPage: 2, ...(token === undefined ? {} : { token }) }),
      );
      found.push(...values);
      token = next;
    } while (token !== undefined);
    expect(found.sort()).toEqual([...expected].sort());
  },
);
