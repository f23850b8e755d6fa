/** What partners are told of stock and recalls: of one lot that goes from a maker to two others, each has its own part. */
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  party,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const unit = (serial: string): string => `https://id.gs1.org/01/${GTIN}/21/${serial}`;
const [CASE, PALLET, TOTE, CARTON] = [
  '00/095060001343520017',
  '00/095060001343520024',
  '00/095060001343520031',
  '00/095060001343520048',
];
const box = (key: string): string => `https://id.gs1.org/${key}`;

let app: TestApp;
let client: AccessClient;
let alder: string;
let birch: string;
let cedar: string;
let told = 0;

function tell(event: object): Promise<void> {
  const eventTime = new Date(Date.UTC(2026, 9, 1, 8, ++told)).toISOString();
  return client.send(client.administrator, { eventID: `urn:x:e${told}`, eventTime, ...event });
}

const commission = (serials: readonly string[], lot: string): Promise<void> =>
  tell({
    ...{ action: 'ADD', bizStep: 'commissioning', epcList: serials.map(unit) },
    ...{ readPoint: place(PLANT), bizLocation: place(PLANT) },
    ilmd: { 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': '2028-01-31' },
  });
const pack = (parent: string, children: readonly string[], site: string): Promise<void> =>
  tell({
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', epcList: undefined },
    ...{ parentID: box(parent), childEPCs: children, bizLocation: place(site) },
  });
const ship = (
  epcList: readonly string[],
  from: readonly [string, string],
  to: readonly [string, string],
): Promise<void> =>
  tell({
    ...{ bizStep: 'shipping', epcList, readPoint: place(from[1]) },
    ...sold(from[0], to[0], to[1]),
  });
const receive = (
  epcList: readonly string[],
  [owner, site]: readonly [string, string],
): Promise<void> =>
  tell({
    ...{ bizStep: 'receiving', epcList, bizLocation: place(site) },
    destinationList: [{ type: 'owning_party', destination: party(owner) }],
  });

beforeAll(async () => {
  const started = await startWithPartners();
  ({ app, client } = started);
  ({ alder, birch, cedar } = started.keys);
  const [maker, wholesaler, shop] = [
    [MAKER, PLANT],
    [OTHER, DEPOT],
    [THIRD, SHOP],
  ] as const;
  await commission(['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'V1', 'V2'], 'L1');
  await commission(['W1'], 'L2');
  await pack(CASE, [unit('U1'), unit('U2'), unit('U3')], PLANT);
  await pack(PALLET, [box(CASE)], PLANT);
  await ship([box(PALLET), unit('U4'), unit('U5'), unit('U6')], maker, wholesaler);
  await receive([box(PALLET), unit('U4'), unit('U6')], wholesaler);
  await ship([unit('V1')], maker, shop);
  await receive([unit('V1')], shop);
  await tell({
    bizStep: 'inspecting',
    disposition: 'damaged',
    epcList: [unit('U1')],
    bizLocation: place(DEPOT),
  });
  await ship([unit('U4'), unit('U6')], wholesaler, shop);
  await receive([unit('U4'), unit('U6')], shop);
  await ship([unit('U6')], shop, wholesaler);
  await receive([unit('U6')], wholesaler);
  // A case of Cedar's and one of Birch's in one tote at Birch's depot.
  await commission(['X1', 'X2'], 'L3');
  await ship([unit('X1'), unit('X2')], maker, shop);
  await receive([unit('X1'), unit('X2')], shop);
  await pack(TOTE, [unit('X1'), unit('X2'), unit('V1')], SHOP);
  await ship([box(TOTE)], shop, [THIRD, DEPOT]);
  await receive([box(TOTE)], [THIRD, DEPOT]);
  await pack(TOTE, [unit('U6')], DEPOT);
  await commission(['Y1'], 'L4');
  await pack(CARTON, [unit('Y1')], PLANT);
  await ship([box(CARTON)], maker, wholesaler);
  await receive([box(CARTON)], wholesaler);
  await ship([box(CARTON)], wholesaler, shop);
  await receive([box(CARTON)], shop);
});
afterAll(() => app.stop());

/** The data, which must have come without an error. */
async function dataOf<T>(key: string, query: string): Promise<T> {
  const { data, errors } = await client.ask(key, query);
  expect(errors).toEqual([]);
  return data as T;
}

interface Row {
  readonly state: string;
  readonly site: { readonly name: string } | null;
  readonly status: string;
  readonly units: number;
  readonly containers: number;
  readonly holder: { readonly name: string } | null;
}
const ROW = 'state site { name } status units containers holder { name }';
const lineOf = ({ state, site, status, units, containers, holder }: Row): string =>
  `${state} ${site?.name ?? '-'} ${status}: ${units} in ${containers}, ${holder?.name ?? '-'}`;

async function stockOf(key: string, filter = ''): Promise<string[]> {
  const { inventory } = await dataOf<{ inventory: (Row & { lot: { lot: string } })[] }>(
    key,
    `{ inventory(by: [LOT, SITE, STATUS, HOLDER]${filter}) { lot { lot } ${ROW} } }`,
  );
  return inventory.map((row) => `${row.lot.lot} ${lineOf(row)}`).sort();
}

const ofLot = (lot: string): string => `lots: [{ gtin: "${GTIN}", lot: "${lot}" }]`;

async function scopeOf<T>(key: string, input: string, fields: string): Promise<T> {
  const { recallScope } = await dataOf<{ recallScope: T }>(
    key,
    `{ recallScope(input: { ${input} }) { ${fields} } }`,
  );
  return recallScope;
}

async function rowsOf(key: string, input: string): Promise<string[]> {
  const { rows } = await scopeOf<{ rows: Row[] }>(key, input, `rows { ${ROW} }`);
  return rows.map(lineOf).sort();
}

const ALDERS = ['IN_TRANSIT Depot active: 1 in 0, Alder', 'SITE Plant active: 1 in 0, Alder'];
const BIRCHS = [
  'IN_TRANSIT Depot active: 1 in 0, Alder',
  'SITE Depot active: 4 in 2, Birch',
  'SITE Depot damaged: 1 in 0, Birch',
];
const CEDARS = ['SITE Depot active: 1 in 1, Birch', 'SITE Shop active: 1 in 0, Cedar'];

test('stock is what a partner has, what is on its way, and what it owns in the hands of another', async () => {
  expect(await stockOf(alder)).toEqual([
    ...ALDERS.map((line) => `L1 ${line}`),
    'L2 SITE Plant active: 1 in 0, Alder',
  ]);
  expect(await stockOf(birch)).toEqual([
    ...BIRCHS.map((line) => `L1 ${line}`),
    'L3 SITE Depot active: 2 in 1, Birch',
  ]);
  expect(await stockOf(cedar)).toEqual([
    ...CEDARS.map((line) => `L1 ${line}`),
    'L3 SITE Depot active: 2 in 1, Birch',
    'L4 SITE Shop active: 1 in 1, Cedar',
  ]);
});

test('stock is filtered by lot, status and holder', async () => {
  const filter = (one: string): string => `, filter: { ${one} }`;
  expect(await stockOf(birch, filter('statuses: ["damaged"]'))).toEqual([`L1 ${BIRCHS[2]}`]);
  expect(await stockOf(birch, filter(`parties: ["${party(MAKER)}"]`))).toEqual([`L1 ${BIRCHS[0]}`]);
  expect(await stockOf(birch, filter(`lots: ["01/${GTIN}/10/L2"]`))).toEqual([]);
  expect(await stockOf(alder, filter(`lots: ["01/${GTIN}/10/L2"]`))).toHaveLength(1);
});

test('a recall of a lot gives each its own rows, packages and totals, and no position in the log', async () => {
  expect(await rowsOf(alder, ofLot('L1'))).toEqual(ALDERS);
  expect(await rowsOf(birch, ofLot('L1'))).toEqual(BIRCHS);
  expect(await rowsOf(cedar, ofLot('L1'))).toEqual(CEDARS);
  const fields = `logPosition totals { units containers } notFound lots { units } completeness { complete }
    packages(first: 2) { totalCount { exact } pageInfo { hasNextPage } }`;
  expect(await scopeOf(cedar, ofLot('L1'), fields)).toEqual({
    logPosition: null,
    totals: { units: 2, containers: 1 },
    notFound: [],
    lots: [{ units: 2 }],
    completeness: { complete: true },
    packages: { totalCount: { exact: 2 }, pageInfo: { hasNextPage: false } },
  });
  expect(await scopeOf(client.administrator, ofLot('L1'), 'logPosition totals { units }')).toEqual({
    logPosition: expect.any(Number) as number,
    totals: { units: 8 },
  });
});

test('packages and explanations are of units that are seen now', async () => {
  const packagesOf = async (key: string, filter = ''): Promise<string[]> => {
    const { packages } = await scopeOf<{ packages: { nodes: { key: string }[] } }>(
      key,
      ofLot('L1'),
      `packages(first: 20${filter}) { nodes { key } }`,
    );
    return packages.nodes.map(({ key }) => key.slice(-2)).sort();
  };
  expect(await packagesOf(birch)).toEqual(['U1', 'U2', 'U3', 'U5', 'U6', 'V1']);
  expect(await packagesOf(birch, ', filter: { status: "damaged" }')).toEqual(['U1']);
  expect(await packagesOf(cedar)).toEqual(['U4', 'V1']);
  const explained = async (key: string, id: string): Promise<string> => {
    const fields = `explain(id: "${id}") { inScope links { text } }`;
    return JSON.stringify(await scopeOf(key, ofLot('L1'), fields)).replaceAll(id.slice(19), '…');
  };
  expect(await explained(birch, box(PALLET))).toContain('3 affected units are inside it.');
  expect(await explained(cedar, box(TOTE))).toContain('1 affected unit is inside it.');
  for (const id of [box(PALLET), unit('U1')])
    expect(await explained(cedar, id)).toEqual(await explained(cedar, unit('NO')));
});

test('what was sent on is told by counterpart, as far as the receipts that are seen', async () => {
  const sentOn = async (key: string, lot: string): Promise<string[]> => {
    const { passedOn } = await scopeOf<{ passedOn: Sent[] }>(
      key,
      ofLot(lot),
      'passedOn { counterpart { name } units containers received outstanding }',
    );
    return passedOn.map(
      ({ counterpart, units, containers, received, outstanding }) =>
        `${counterpart?.name}: ${units} in ${containers}, ${received} received, ${outstanding} outstanding`,
    );
  };
  expect(await sentOn(alder, 'L1')).toEqual([
    'Birch: 6 in 1, 5 received, 1 outstanding',
    'Cedar: 1 in 0, 1 received, 0 outstanding',
  ]);
  // U6 came back.
  expect(await sentOn(birch, 'L1')).toEqual(['Cedar: 1 in 0, 1 received, 0 outstanding']);
  expect(await sentOn(birch, 'L3')).toEqual([]);
  expect(await sentOn(client.administrator, 'L1')).toEqual([]);
});

interface Sent {
  readonly counterpart: { readonly name: string } | null;
  readonly units: number;
  readonly containers: number;
  readonly received: number;
  readonly outstanding: number;
}

const ANSWER = `totals { units } rows { ${ROW} } notFound lots { lot { key } units } classLevel { quantity } suggestions { asked }
  completeness { complete reasons gaps { code } } passedOn { units } consignees { everHeld } containersOfLot unitsWithoutLot { units }
  packages(first: 5) { nodes { key } totalCount { exact } }`;

test('a lot of which a partner never saw anything is not found, exactly as one that nobody ever named', async () => {
  const answer = async (key: string, lot: string): Promise<string> =>
    JSON.stringify(await scopeOf(key, ofLot(lot), ANSWER)).replaceAll(`/${lot}`, '/…');
  expect(await answer(birch, 'L2')).toEqual(await answer(birch, 'L9'));
  expect(await answer(alder, 'L2')).not.toEqual(await answer(alder, 'L9'));
});

test('a lot that was all sent on is known to who had it, by its number and by its product', async () => {
  const fields =
    'notFound totals { units } passedOn { units containers received } lots { lot { lot } }';
  expect(await scopeOf(birch, ofLot('L4'), fields)).toMatchObject({
    ...{ notFound: [], totals: { units: 0 } },
    passedOn: [{ units: 1, containers: 1, received: 1 }],
  });
  const { lots } = await scopeOf<{ lots: object[] }>(
    birch,
    `products: [{ gtin: "${GTIN}" }]`,
    'lots { units }',
  );
  expect(lots).toEqual([{ units: 6 }, { units: 2 }, { units: 0 }]);
  expect(await scopeOf(alder, ofLot('L4'), fields)).toMatchObject({
    passedOn: [{ units: 1, containers: 1, received: 1 }],
  });
});

test('a serial or a container that is not seen is not found, and one that was seen is', async () => {
  const notFound = async (key: string, serial: string): Promise<unknown> =>
    scopeOf(key, `serials: ["${serial}"]`, 'notFound totals { units }');
  expect(await notFound(birch, unit('V2'))).toEqual({
    notFound: [`01/${GTIN}/21/V2`],
    totals: { units: 0 },
  });
  expect(await notFound(birch, unit('U4'))).toEqual({ notFound: [], totals: { units: 0 } });
  expect(await notFound(birch, box(PALLET))).toEqual({ notFound: [], totals: { units: 3 } });
  expect(await notFound(cedar, box(TOTE))).toEqual({ notFound: [], totals: { units: 3 } });
});

test('what would have to be read from what others have is refused, with the remedy', async () => {
  const refused = async (query: string): Promise<unknown> => {
    const { errors } = await client.ask(birch, query);
    return [errors[0]?.extensions['code'], errors[0]?.extensions['argument']];
  };
  const recall = (input: string): string =>
    `{ recallScope(input: { ${input} }) { totals { units } } }`;
  const then = '"2026-10-01T08:04:00Z"';
  expect(await refused(`{ inventory(by: [SITE], asOf: ${then}) { units } }`)).toEqual([
    'BAD_USER_INPUT',
    'asOf',
  ]);
  expect(await refused(recall(`${ofLot('L1')}, asOf: ${then}`))).toEqual([
    'BAD_USER_INPUT',
    'input.asOf',
  ]);
  expect(
    await refused(
      recall(`siteWindow: { site: "414/${PLANT}", from: ${then}, until: "2026-10-02" }`),
    ),
  ).toEqual(['BAD_USER_INPUT', 'input.siteWindow']);
  expect(await refused(recall(`serialRanges: [{ gtin: "${GTIN}", from: "1", to: "9" }]`))).toEqual([
    'BAD_USER_INPUT',
    'input.serialRanges',
  ]);
});

test('consignees are those whom the rows of the partner name', async () => {
  const fields = 'consignees { party { name } holdingNow inbound everHeld }';
  expect(await scopeOf(alder, ofLot('L1'), fields)).toEqual({
    consignees: [
      { party: { name: 'Alder' }, holdingNow: 2, inbound: 0, everHeld: 2 },
      { party: { name: 'Birch' }, holdingNow: 0, inbound: 1, everHeld: 0 },
    ],
  });
});

test('stock of a site and of a lot is what is seen there', async () => {
  const stock = `{ site(gln: "${DEPOT}") { stock(by: [LOT]) { units state } } }`;
  expect(await dataOf(cedar, stock)).toEqual({
    site: { stock: [2, 1].map((units) => ({ units, state: 'SITE' })) },
  });
  const lot = `{ lot(gtin: "${GTIN}", lot: "L1") { inventory { units } recallScope { totals { units } } } }`;
  expect(await dataOf(cedar, lot)).toEqual({
    lot: { inventory: [{ units: 1 }, { units: 1 }], recallScope: { totals: { units: 2 } } },
  });
});
