/** What two partners are told of one pack that went from the one to the other, and a third who has nothing to do with it. */
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  codeOf,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const PACK = 'https://id.gs1.org/01/09506000134352/21/S1';
const BESIDE = 'https://id.gs1.org/01/09506000134352/21/S2';
const UNHEARD = 'https://id.gs1.org/01/09506000134352/21/NOBODY';
const LOT = '01/09506000134352/10/L1';
const minute = (n: number): string => new Date(Date.UTC(2026, 9, 1, 8, n)).toISOString();

let app: TestApp;
let client: AccessClient;
/** By name: who made the packs, who bought one, and who knows nothing of them. */
const keys = { alder: '', birch: '', cedar: '', host: '' };

beforeAll(async () => {
  const started = await startWithPartners();
  ({ app, client } = started);
  Object.assign(keys, started.keys);
  for (const [i, told] of events().entries())
    await client.send(keys.host, { eventID: `urn:x:e${i}`, eventTime: minute(i), ...told });
});
afterAll(() => app.stop());

/** Two packs are made, one is sold, and what its buyer does with it later is his own. */
function events(): object[] {
  const ends = {
    ...sold(MAKER, OTHER, DEPOT),
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:order' }],
  };
  const ilmd = { 'cbvmda:lotNumber': 'L1', 'cbvmda:itemExpirationDate': '2028-01-31' };
  const [at, there] = [{ bizLocation: place(PLANT) }, { bizLocation: place(DEPOT) }];
  return [
    { action: 'ADD', bizStep: 'commissioning', epcList: [PACK, BESIDE], ...at, ilmd },
    { bizStep: 'shipping', epcList: [PACK], readPoint: place(PLANT), ...ends },
    { bizStep: 'receiving', disposition: 'in_progress', epcList: [PACK], ...there, ...ends },
    { bizStep: 'inspecting', epcList: [PACK], ...there, 'ext:secret': 'private' },
  ].map((one) => ({ '@context': [{ ext: 'https://ext.example/' }], ...one }));
}

async function ask(who: keyof typeof keys, query: string): Promise<Record<string, unknown>> {
  const { data, errors } = await client.ask(keys[who], query);
  expect(errors).toEqual([]);
  return data!;
}

/** What each of the three is answered: keys or words, in order. */
const LISTS: readonly [what: string, field: string, key: string, ...answers: string[][]][] = [
  [
    'events',
    'events',
    'eventId',
    ['urn:x:e0', 'urn:x:e1', 'urn:x:e2'],
    ['urn:x:e1', 'urn:x:e2', 'urn:x:e3'],
    [],
  ],
  [
    ...[
      'events, the last recorded first',
      'events(orderBy: { field: RECORD_TIME, direction: DESC })',
      'eventId',
    ],
    ...[['urn:x:e2', 'urn:x:e1', 'urn:x:e0'], ['urn:x:e3', 'urn:x:e2', 'urn:x:e1'], []],
  ] as never,
  [
    'events that begin the lot',
    `events(filter: { lot: "${LOT}" })`,
    'eventId',
    ['urn:x:e0'],
    [],
    [],
  ],
  [
    'events of the pack beside',
    `events(filter: { package: "${BESIDE}" })`,
    'eventId',
    ['urn:x:e0'],
    [],
    [],
  ],
  [
    'events that name the maker',
    `events(filter: { party: "417/${MAKER}" })`,
    'eventId',
    ['urn:x:e1', 'urn:x:e2'],
    ['urn:x:e1', 'urn:x:e2'],
    [],
  ],
  ['lots', 'lots', 'key', [LOT], [LOT], []],
  ['lots by a part of the number', 'lots(filter: { text: "L" })', 'key', [LOT], [LOT], []],
  ['packages', 'packages', 'key', ['01/09506000134352/21/S2'], ['01/09506000134352/21/S1'], []],
  ['sites', 'sites', 'key', [`414/${PLANT}`], [`414/${DEPOT}`], [`414/${SHOP}`]],
  ['companies', 'parties', 'key', [`417/${MAKER}`], [`417/${OTHER}`], [`417/${THIRD}`]],
];

test.each(LISTS)('lists and counts what each sees: %s', async (_, field, key, ...answers) => {
  const found = [];
  for (const who of ['alder', 'birch', 'cedar'] as const) {
    const data = await ask(who, `{ list: ${field} { nodes { ${key} } totalCount { exact } } }`);
    const { nodes, totalCount } = data['list'] as {
      nodes: Record<string, string>[];
      totalCount: { exact: number };
    };
    expect(totalCount.exact).toBe(nodes.length);
    found.push(nodes.map((node) => node[key]));
  }
  expect(found).toEqual(answers);
});

describe('of a pack that was passed on', () => {
  const query = (more = ''): string => `{ locate(id: "${PACK}"${more}) { known state since
    site { key } destination { key } status passedOn { at to { name } received } lastSeen { eventId } } }`;

  test('who gave it knows to whom and that it was received, and nothing of later', async () => {
    const { locate } = await ask('alder', query());
    expect(locate).toEqual({
      ...{ known: true, state: 'PASSED_ON', since: minute(2), site: null, destination: null },
      ...{ status: null, lastSeen: { eventId: 'urn:x:e2' } },
      passedOn: { at: minute(2), to: { name: 'Birch' }, received: true },
    });
  });

  test('a recall tells who gave it what went to whom, and the country it comes from is told to both', async () => {
    const asked = `{ recallScope(input: { lots: [{ gtin: "09506000134352", lot: "L1" }] }) { logPosition totals { units }
        passedOn { counterpart { name } units containers received outstanding at } }
      locate(id: "${PACK}") { passedOn { at to { name } received } } packageById(id: "${PACK}") { origin { country } } }`;
    const { recallScope } = await ask('alder', asked);
    expect(recallScope).toEqual({
      ...{ logPosition: null, totals: { units: 1 } },
      passedOn: [
        {
          ...{ counterpart: { name: 'Birch' }, units: 1, containers: 0 },
          ...{ received: 1, outstanding: 0, at: minute(1) },
        },
      ],
    });
    expect(await ask('birch', asked)).toMatchObject({
      recallScope: { totals: { units: 1 }, passedOn: [] },
      packageById: { origin: { country: null } },
    });
  });

  test('who has it knows where it is, since when it sees it, and where it comes from', async () => {
    const { locate } = await ask('birch', query());
    expect(locate).toMatchObject({
      state: 'SITE',
      site: { key: `414/${DEPOT}` },
      since: minute(2),
    });
    expect(locate).toMatchObject({ status: 'in_progress', lastSeen: { eventId: 'urn:x:e3' } });
    const { packageById } = await ask(
      'birch',
      `{ packageById(id: "${PACK}") { expiry origin { manufacturer { name } madeAt lot { key expiry } } } }`,
    );
    expect(packageById).toEqual({
      expiry: '2028-01-31',
      origin: {
        ...{ manufacturer: { name: 'Alder' }, madeAt: minute(0) },
        lot: { key: LOT, expiry: '2028-01-31' },
      },
    });
  });

  test('both saw it on its way, and only who had it knows of before', async () => {
    for (const who of ['alder', 'birch'] as const)
      expect((await ask(who, query(`, asOf: "${minute(1)}"`)))['locate']).toMatchObject({
        ...{ state: 'IN_TRANSIT', destination: { key: `414/${DEPOT}` }, since: minute(1) },
      });
    const before = query(`, asOf: "${minute(0)}"`);
    expect((await ask('alder', before))['locate']).toMatchObject({ state: 'SITE' });
    expect((await ask('birch', before))['locate']).toMatchObject({ known: false, since: null });
  });
});

test('an event that is seen in part has what was done when and where, and no more', async () => {
  const { event } = await ask(
    'birch',
    '{ event(id: "urn:x:e3") { redacted seq sentBy { key } document } }',
  );
  expect(event).toEqual({
    ...{ redacted: true, seq: null, sentBy: null },
    document: {
      '@context': [{ cg: 'urn:custody-graph:epcis' }],
      ...{ type: 'ObjectEvent', eventID: 'urn:x:e3', eventTime: minute(3) },
      ...{ eventTimeZoneOffset: '+00:00', action: 'OBSERVE', bizStep: 'inspecting' },
      bizLocation: { id: `https://id.gs1.org/414/${DEPOT}` },
      ...{ epcList: [PACK], 'cg:redacted': true },
    },
  });
  const whole = await ask(
    'birch',
    '{ event(id: "urn:x:e1") { redacted bizTransactionList { type } } }',
  );
  expect(whole['event']).toEqual({ redacted: false, bizTransactionList: [{ type: 'po' }] });
});

test('what is not in sight is answered as what nobody ever named', async () => {
  const questions = (id: string, event: string, lot: string): string => `{
    locate(id: "${id}") { known state since site { key } status containers { key } lastSeen { eventId } owner { key } holder { key } passedOn { at } }
    packageById(id: "${id}") { key } packagesById(ids: ["${id}"]) { key } journey(id: "${id}") { nodes { eventId } }
    event(id: "${event}") { eventId } lot(gtin: "09506000134352", lot: "${lot}") { key }
    search(text: "${id}") { key } node(id: "Event:${event}") { id }
    barcode(id: "${id}", format: DATAMATRIX) { text } }`;
  const answer = async (who: keyof typeof keys, ...[id, event, lot]: string[]): Promise<string> =>
    JSON.stringify(await ask(who, questions(id!, event!, lot!))).replaceAll(
      id!.split('/').at(-1)!,
      '…',
    );
  expect(await answer('birch', BESIDE, 'urn:x:e0', 'L2')).toBe(
    await answer('birch', UNHEARD, 'urn:x:never', 'L3'),
  );
  expect(await answer('cedar', PACK, 'urn:x:e3', 'L1')).toBe(
    await answer('cedar', UNHEARD, 'urn:x:never', 'L2'),
  );
});

test('what tells of everybody is for the host alone', async () => {
  const everything = '{ unregistered { sites { nodes { key } } } }';
  expect(codeOf(await client.ask(keys.alder, everything))).toBe('FORBIDDEN');
  expect(
    codeOf(
      await client.ask(keys.alder, '{ events(filter: { seqFrom: 1 }) { nodes { eventId } } }'),
    ),
  ).toBe('BAD_USER_INPUT');
});

test('who passed a pack on is not told that it was made anew at another site', async () => {
  const madeBy = async (who: 'alder' | 'birch'): Promise<unknown> =>
    (await ask(who, `{ packageById(id: "${PACK}") { origin { manufacturer { key } } } }`))[
      'packageById'
    ];
  const by = (party: string): unknown => ({ origin: { manufacturer: { key: `417/${party}` } } });
  await client.send(keys.host, {
    ...{ eventID: 'urn:x:anew', eventTime: minute(30), bizLocation: place(DEPOT) },
    ...{ action: 'ADD', bizStep: 'commissioning', epcList: [PACK] },
  });
  expect(await madeBy('birch')).toEqual(by(OTHER));
  expect(await madeBy('alder')).toEqual(by(MAKER));
});
