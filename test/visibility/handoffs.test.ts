/** What partners are told of handoffs: of those that they see, and of these over what they see of them. */
import { systemClock } from '../../src/shared/clock.js';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  party,
  place,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const unit = (n: number | string): string => `https://id.gs1.org/01/${GTIN}/21/${n}`;
const keyOf = (n: number | string): string => `01/${GTIN}/21/${n}`;
const BOX = 'https://id.gs1.org/00/095060001343520017';
const BOX_KEY = '00/095060001343520017';
const TOTE = 'https://id.gs1.org/00/095060001343520024';
const TOTE_KEY = '00/095060001343520024';
const CASE = 'https://id.gs1.org/00/095060001343520031';
const CASE_KEY = '00/095060001343520031';
const NO_BOX = 'https://id.gs1.org/00/095060001343520048';
const NO_BOX_KEY = '00/095060001343520048';
const HOUR = 3_600_000;
const START = systemClock.now() - 100 * HOUR;
const at = (n: number): string => new Date(START + n * HOUR).toISOString();
const site = (gln: string): string => `https://id.gs1.org/414/${gln}`;

/** Sources and destinations of a transfer. */
const ends = (
  type: 'owning_party' | 'possessing_party',
  [from, to]: readonly [string, string],
  dest: string,
): object => ({
  sourceList: [{ type, source: party(from) }],
  destinationList: [
    { type, destination: party(to) },
    { type: 'location', destination: site(dest) },
  ],
});

let app: TestApp;
let client: AccessClient;
let alder: string;
let birch: string;
let cedar: string;

const send = (n: number, key: string, told: object): Promise<void> =>
  client.send(key, { eventID: `urn:x:h${n}`, eventTime: at(n), ...told });

const ilmd = (lot: string): object => ({ ilmd: { 'cbvmda:lotNumber': lot } });

beforeAll(async () => {
  const started = await startWithPartners();
  ({ app, client } = started);
  ({ alder, birch, cedar } = started.keys);
  const host = client.administrator;
  const plant = { readPoint: place(PLANT), bizLocation: place(PLANT) };
  const make = (epcs: readonly string[], lot: string): object => ({
    ...{ action: 'ADD', bizStep: 'commissioning', epcList: epcs, ...plant, ...ilmd(lot) },
  });
  await send(0, host, make([unit(1), unit(2), unit(3), unit(6)], 'A'));
  await send(1, host, make([unit(4), unit(5)], 'B'));
  await send(2, host, {
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', epcList: undefined },
    ...{ parentID: BOX, childEPCs: [unit(1), unit(2)], ...plant },
  });
  // From Alder to Birch: a box with two units, and one that does not arrive.
  await send(3, host, {
    ...{ bizStep: 'shipping', epcList: [BOX, unit(3)], readPoint: place(PLANT) },
    ...ends('owning_party', [MAKER, OTHER], DEPOT),
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:po:1' }],
    'ex:expectedArrival': at(4),
    '@context': { ex: 'https://example.org/' },
  });
  await send(5, host, { bizStep: 'receiving', epcList: [BOX], bizLocation: place(DEPOT) });
  // To the same depot: one unit that stays Alder's, and one that becomes Birch's.
  for (const [i, owner] of [MAKER, OTHER].entries()) {
    const to = ends('owning_party', [MAKER, owner], DEPOT);
    const epcList = [unit(4 + i)];
    await send(6 + i, host, { bizStep: 'shipping', epcList, readPoint: place(PLANT), ...to });
    await send(8 + i, host, { bizStep: 'receiving', epcList, bizLocation: place(DEPOT), ...to });
  }
  // Birch sends both to Cedar. They arrive one after the other.
  const on = ends('possessing_party', [OTHER, THIRD], SHOP);
  const both = [unit(4), unit(5)];
  await send(10, host, {
    ...{ bizStep: 'shipping', epcList: both, readPoint: place(DEPOT), ...on },
    ...{ 'ex:eta': at(11), '@context': { ex: 'https://example.org/' } },
  });
  await send(12, host, { bizStep: 'receiving', epcList: [unit(5)], bizLocation: place(SHOP) });
  // And it sends the box on, after Alder's sight.
  await send(14, host, {
    ...{ bizStep: 'shipping', epcList: [BOX], readPoint: place(DEPOT) },
    ...ends('owning_party', [OTHER, THIRD], SHOP),
  });
  await send(15, host, { bizStep: 'receiving', epcList: [BOX], bizLocation: place(SHOP) });
  // A tote with a unit of each owner, on a shipping that names Alder as one who looks after it.
  await send(16, host, make([unit(8), unit(9), unit(11)], 'C'));
  for (const [i, owner] of [MAKER, OTHER].entries()) {
    const to = ends('owning_party', [MAKER, owner], DEPOT);
    const epcList = [unit(8 + i)];
    await send(17 + i, host, { bizStep: 'shipping', epcList, readPoint: place(PLANT), ...to });
    await send(19 + i, host, { bizStep: 'receiving', epcList, bizLocation: place(DEPOT), ...to });
  }
  await send(21, host, {
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', epcList: undefined },
    ...{ parentID: TOTE, childEPCs: [unit(8), unit(9)], bizLocation: place(DEPOT) },
  });
  await send(22, host, {
    ...{ bizStep: 'shipping', epcList: [TOTE], readPoint: place(DEPOT) },
    sourceList: [{ type: 'possessing_party', source: party(OTHER) }],
    destinationList: [
      { type: 'possessing_party', destination: party(THIRD) },
      { type: 'location', destination: site(SHOP) },
      { type: 'urn:x:carrier', destination: party(MAKER) },
    ],
  });
  // What Alder owned at Birch's, Birch sells as its own. Alder's sight ends with that.
  const kept = ends('owning_party', [MAKER, MAKER], DEPOT);
  const sold = { epcList: [unit(11)] };
  await send(23, host, { bizStep: 'shipping', ...sold, readPoint: place(PLANT), ...kept });
  await send(24, host, { bizStep: 'receiving', ...sold, bizLocation: place(DEPOT), ...kept });
  const sale = ends('owning_party', [OTHER, THIRD], SHOP);
  await send(25, host, { bizStep: 'shipping', ...sold, readPoint: place(DEPOT), ...sale });
  await send(26, host, { bizStep: 'receiving', ...sold, bizLocation: place(SHOP), ...sale });
  // Cedar claims what is on its way to Birch, alone and in a box, what stands at Alder's, and what nobody ever named.
  await send(30, host, make([unit(7), unit(10)], 'A'));
  await send(31, host, {
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', epcList: undefined },
    ...{ parentID: CASE, childEPCs: [unit(10)], ...plant },
  });
  await send(32, host, {
    ...{ bizStep: 'shipping', epcList: [CASE, unit(7)], readPoint: place(PLANT) },
    ...ends('owning_party', [MAKER, OTHER], DEPOT),
  });
  const claimed = [CASE, unit(10), unit(7), unit(6), unit('NONE')];
  await send(33, cedar, {
    ...{ bizStep: 'receiving', epcList: [...claimed, NO_BOX] },
    bizLocation: place(SHOP),
  });
  await send(34, cedar, {
    ...{ bizStep: 'shipping', epcList: [...claimed, NO_BOX] },
    readPoint: place(SHOP),
  });
});
afterAll(() => app.stop());

async function ask(key: string, query: string): Promise<Record<string, unknown>> {
  const { data, errors } = await client.ask(key, query);
  expect(errors).toEqual([]);
  return data ?? {};
}

interface Listed {
  readonly nodes: readonly ({ readonly key: string } & Record<string, unknown>)[];
  readonly totalCount: { readonly exact: number };
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

async function list(key: string, args: string, fields = 'key'): Promise<Listed> {
  const found = await ask(
    key,
    `{ handoffs(${args}) { nodes { ${fields} } totalCount { exact } pageInfo { hasNextPage endCursor } } }`,
  );
  return found['handoffs'] as Listed;
}

/** Ids of handoffs without what is common to all. */
async function idsOf(key: string, args: string): Promise<string[]> {
  const { nodes, totalCount } = await list(key, `first: 50, ${args}`);
  expect(totalCount).toEqual({ exact: nodes.length });
  return nodes.map((node) => node.key.replace('urn:x:', ''));
}

const DETAILS = `key status shippedAt dueAt firstReceivedAt lastReceivedAt parts lateAgainstExpected
  from { key } to { key } fromParty { key } toParty { key } duration { firstMs lastMs }
  packageCount { shipped received outstanding short over } unitCount { shipped received outstanding short over }
  packages { key container shipped voided receivedAt eventId units site { key } }
  events { eventId } transactions { bizTransaction } lots { units }`;

async function detailsOf(key: string, id: string): Promise<unknown> {
  const { nodes } = await list(key, `first: 2, filter: { ids: ["${id}"] }`, DETAILS);
  return nodes[0];
}

test('both ends of a shipping see all of it, and who gets the goods later sees nothing of it', async () => {
  const host = await detailsOf(client.administrator, 'urn:x:h3');

  expect(host).toMatchObject({
    status: 'PARTIAL',
    transactions: [{ bizTransaction: 'urn:x:po:1' }],
  });
  expect(await detailsOf(alder, 'urn:x:h3')).toEqual(host);
  expect(await detailsOf(birch, 'urn:x:h3')).toEqual(host);
  for (const id of ['urn:x:h3', 'urn:x:none']) {
    expect(await detailsOf(cedar, id)).toBeUndefined();
    expect(await ask(cedar, `{ node(id: "Handoff:${id}") { id } }`)).toEqual({ node: null });
  }
});

test('an owner of a part sees its packages, their site and their receipts, and neither parties nor when they are due', async () => {
  expect(await detailsOf(alder, 'urn:x:h10')).toEqual({
    ...{ key: 'urn:x:h10', status: 'OUTSTANDING', shippedAt: at(10), parts: 0 },
    ...{ dueAt: null, lateAgainstExpected: false, firstReceivedAt: null, lastReceivedAt: null },
    ...{ from: { key: `414/${DEPOT}` }, to: null, toParty: null, transactions: [] },
    // The register tells who runs the site.
    fromParty: { key: `417/${OTHER}` },
    duration: { firstMs: null, lastMs: null },
    packageCount: { shipped: 1, received: 0, outstanding: 1, short: 0, over: 0 },
    unitCount: { shipped: 1, received: 0, outstanding: 1, short: 0, over: 0 },
    packages: [
      {
        ...{ key: keyOf(4), container: false, shipped: true, voided: false, units: 1 },
        ...{ receivedAt: null, eventId: null, site: null },
      },
    ],
    ...{ events: [{ eventId: 'urn:x:h10' }], lots: [{ units: 1 }] },
  });
  for (const key of [birch, cedar])
    expect(await detailsOf(key, 'urn:x:h10')).toMatchObject({
      ...{ status: 'PARTIAL', dueAt: at(11), lastReceivedAt: at(12), to: { key: `414/${SHOP}` } },
      packageCount: { shipped: 2, received: 1 },
    });
});

test('a receipt that somebody does not see changes nothing in what it is told of the shipping', async () => {
  expect(await detailsOf(alder, 'urn:x:h25')).toMatchObject({
    ...{ status: 'OUTSTANDING', lastReceivedAt: null, events: [{ eventId: 'urn:x:h25' }] },
    ...{ packageCount: { shipped: 1, received: 0 }, packages: [{ receivedAt: null }] },
  });
  for (const key of [birch, cedar])
    expect(await detailsOf(key, 'urn:x:h25')).toMatchObject({ status: 'RECEIVED' });
});

test('of a container, who sees the shipping sees the units that it saw then', async () => {
  expect(await detailsOf(birch, 'urn:x:h22')).toMatchObject({ unitCount: { shipped: 2 } });
  expect(await detailsOf(alder, 'urn:x:h22')).toMatchObject({
    ...{ packageCount: { shipped: 1 }, unitCount: { shipped: 1 }, lots: [{ units: 1 }] },
    packages: [{ key: TOTE_KEY, units: 1 }],
  });
});

test('a filter looks only at what is seen', async () => {
  const inAlders = async (filter: string): Promise<boolean> => {
    const ids = await idsOf(alder, `filter: { ids: ["urn:x:h10"], ${filter} }`);
    const filtered = await idsOf(alder, `filter: { ${filter} }`);
    expect(filtered.includes('h10')).toBe(ids.length > 0);
    return ids.length > 0;
  };

  for (const seen of [
    ...[`parties: ["${OTHER}"]`, `from: ["${DEPOT}"]`, `sites: ["${DEPOT}"]`],
    ...['statuses: [OUTSTANDING]', 'openLongerThanHours: 1', 'short: false'],
    ...['lateAgainstExpected: false', `lots: ["01/${GTIN}/10/B"]`],
  ])
    expect([seen, await inAlders(seen)]).toEqual([seen, true]);
  for (const leftOut of [
    ...[`parties: ["${THIRD}"]`, `parties: ["${OTHER}"], counterparts: ["${THIRD}"]`],
    ...[`to: ["${SHOP}"]`, `sites: ["${SHOP}"]`, 'statuses: [PARTIAL]', 'short: true'],
    ...['lateAgainstExpected: true', `dueFrom: "${at(0)}"`, `lots: ["01/${GTIN}/10/C"]`],
  ])
    expect([leftOut, await inAlders(leftOut)]).toEqual([leftOut, false]);
});

test('lists hold what is seen, in each order, page by page in both directions', async () => {
  const own = ['over:h33|', 'h34'];
  const others = (ids: readonly string[]): readonly string[] =>
    ids.filter((id) => !own.some((start) => id.startsWith(start)));
  const sent = ['h3', 'h6', 'h7', 'h10', 'h14', 'h17', 'h18', 'h22', 'h23', 'h25', 'h32'];
  const order = 'orderBy: { field: SHIPPED, direction: ASC }';
  const notAlders = ['h14'];
  const cedars = ['h10', 'h14', 'h22', 'h25'];

  expect(others(await idsOf(alder, order))).toEqual(sent.filter((id) => !notAlders.includes(id)));
  expect(others(await idsOf(birch, order))).toEqual(sent);
  expect(others(await idsOf(cedar, order))).toEqual(cedars);
  expect(others(await idsOf(cedar, ''))).toEqual(cedars.toReversed());
  expect(await idsOf(birch, 'orderBy: { field: DUE, direction: DESC }')).toEqual(['h10', 'h3']);
  expect(await idsOf(alder, 'orderBy: { field: DUE, direction: ASC }')).toEqual(['h3']);
  expect(
    await idsOf(
      alder,
      'orderBy: { field: RECEIVED, direction: ASC }, filter: { lots: ["01/09506000134352/10/B"] }',
    ),
  ).toEqual(['h6', 'h7']);
  for (const field of ['SHIPPED', 'RECEIVED'])
    for (const direction of ['ASC', 'DESC']) {
      const by = `orderBy: { field: ${field}, direction: ${direction} }`;
      const whole = await idsOf(birch, by);
      const paged: string[] = [];
      let after = '';
      for (let isMore = true; isMore;) {
        const { nodes, pageInfo } = await list(birch, `first: 2, ${by}${after}`);
        paged.push(...nodes.map((node) => node.key.replace('urn:x:', '')));
        after = `, after: "${pageInfo.endCursor}"`;
        isMore = pageInfo.hasNextPage;
      }
      expect(paged).toEqual(whole);
      const { nodes } = await list(birch, `last: 3, ${by}`);
      expect(nodes.map((node) => node.key.replace('urn:x:', ''))).toEqual(whole.slice(-3));
    }
});

test('handoffs of packages, sites, parties and lots are those that are seen', async () => {
  const of = async (key: string, subject: string): Promise<unknown> => {
    const found = await ask(
      key,
      `{ found: ${subject} { handoffs(first: 9) { nodes { key } totalCount { exact } } } }`,
    );
    const { handoffs } = (found['found'] ?? {}) as { handoffs?: Listed };
    expect(handoffs?.totalCount).toEqual(handoffs && { exact: handoffs.nodes.length });
    return handoffs?.nodes.map((node) => node.key.replace('urn:x:', ''));
  };

  for (const subject of [`packageById(id: "${keyOf(1)}")`, `packageById(id: "${BOX_KEY}")`]) {
    expect(await of(alder, subject)).toEqual(['h3']);
    expect(await of(birch, subject)).toEqual(['h14', 'h3']);
    expect(await of(cedar, subject)).toEqual(['h14']);
  }
  expect(await of(alder, `packageById(id: "${keyOf(8)}")`)).toEqual(['h22', 'h17']);
  expect(await of(birch, `packageById(id: "${keyOf(9)}")`)).toEqual(['h22', 'h18']);
  expect(await of(cedar, `site(gln: "${DEPOT}")`)).toEqual(['h25', 'h22', 'h14', 'h10']);
  // Alder is not told the claims on its goods.
  expect(await of(alder, `site(gln: "${SHOP}")`)).toEqual(['h22']);
  expect(await of(cedar, `party(gln: "${MAKER}")`)).toEqual([]);
  expect(await idsOf(cedar, `filter: { lots: ["01/${GTIN}/10/A"] }`)).toEqual(['h14']);
  expect(await idsOf(alder, `filter: { lots: ["01/${GTIN}/10/A"] }`)).toEqual(['h32', 'h3']);
  expect(await idsOf(alder, `filter: { gtins: ["${GTIN}"], lots: ["01/${GTIN}/10/C"] }`)).toEqual([
    'h25',
    'h23',
    'h22',
    'h18',
    'h17',
  ]);
});

test('who claims to have received or shipped something learns nothing of it', async () => {
  const claims = (
    await list(cedar, 'first: 50, filter: { shippedFrom: "' + at(33) + '" }', DETAILS)
  ).nodes;
  const over = claims.filter((claim) => claim['status'] === 'UNEXPECTED');
  const named = [CASE_KEY, keyOf(10), keyOf(7), keyOf(6), keyOf('NONE'), NO_BOX_KEY];
  const isBox = (key: string): boolean => key.startsWith('00/');
  const blank = (told: unknown, key: string): unknown =>
    JSON.parse(JSON.stringify(told).replaceAll(key, 'KEY'));

  expect(over.map(({ key }) => key).sort()).toEqual(
    named.map((key) => `over:urn:x:h33|${key}`).sort(),
  );
  const [units, boxes] = [false, true].map((box) =>
    named
      .filter((key) => isBox(key) === box)
      .map((key) =>
        blank(
          over.find((claim) => claim.key.endsWith(`|${key}`)),
          key,
        ),
      ),
  );
  expect(units).toEqual(units!.map(() => units!.at(-1)));
  expect(boxes).toEqual(boxes!.map(() => boxes!.at(-1)));
  expect(boxes![0]).toMatchObject({ unitCount: { over: 0 }, lots: [], parts: 1 });
  const shipped = claims.find(({ key }) => key === 'urn:x:h34');
  expect(shipped).toMatchObject({
    ...{ status: 'OUTSTANDING', fromParty: { key: `417/${THIRD}` }, to: null },
    ...{ packageCount: { shipped: 6 }, unitCount: { shipped: 4 }, lots: [{ units: 4 }] },
  });
  expect(
    await idsOf(cedar, `filter: { lots: ["01/${GTIN}/10/A"], shippedFrom: "${at(16)}" }`),
  ).toEqual([]);
  for (const key of [keyOf(7), keyOf('NONE')])
    expect(
      await ask(cedar, `{ packageById(id: "${key}") { handoffs(first: 1) { nodes { key } } } }`),
    ).toEqual({ packageById: null });
});
