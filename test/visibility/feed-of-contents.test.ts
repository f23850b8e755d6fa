/** What an owner is told of its goods in the hands and the containers of others, and other things that no event of its own says. */
import { withCheckDigit } from '../../src/gs1/check-digit.js';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  now,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const unit = (n: string): string => `https://id.gs1.org/01/${GTIN}/21/${n}`;
const BOX = '00/095060001343520017';
/** Another site of Birch. */
const ANNEX = withCheckDigit('950600014010');

const CHANGE = `kind seq eventId location { packages { key } from { state } to { state site { key } } units lots { units lot { lot } } }
  exception { state code package { key } }`;

interface Page {
  readonly messages: readonly Record<string, unknown>[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;
beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners());
  await client.ask(
    keys.host,
    `mutation { registerSites(sites: [{ gln: "${ANNEX}", name: "Annex", operator: "${OTHER}" }]) { __typename } }`,
  );
});
afterAll(() => app.stop());

let sent = 0;
/** Sends an event a second later than the one before, in the last hour. */
const send = (told: object): Promise<void> =>
  client.send(keys.host, { eventTime: now(++sent * 1000 - 3_600_000), ...told });

async function read(key: string, after: string | null, first = 100): Promise<Page> {
  const { data, errors } = await client.ask(
    key,
    `query ($after: Cursor, $first: Int!) { changes(after: $after, first: $first) { messages { ${CHANGE} } cursor hasMore } }`,
    { variables: { after, first } },
  );
  expect(errors).toEqual([]);
  return data!['changes'] as unknown as Page;
}

const end = async (key: string): Promise<string> => (await read(key, null, 1000)).cursor;

const make = (...serials: readonly string[]): object => ({
  ...{ action: 'ADD', bizStep: 'commissioning', epcList: serials.map(unit) },
  ...{ bizLocation: place(PLANT), ilmd: { 'cbvmda:lotNumber': 'F1' } },
});

test('units that move alike share a message, which names each of them', async () => {
  const begin = await end(keys.alder);
  await send(make('C1', 'C2', 'C3'));
  const [made] = (await read(keys.alder, begin)).messages;

  expect(made).toMatchObject({ location: { units: 3 } });
  const { packages } = made!['location'] as { packages: object[] };
  expect(packages).toEqual(['C1', 'C2', 'C3'].map((n) => ({ key: `01/${GTIN}/21/${n}` })));
});

test('an owner is told that a holder packed its unit, and where the container goes, with no more than its own in it', async () => {
  await send({
    ...{ bizStep: 'shipping', epcList: [unit('C1')], readPoint: place(PLANT) },
    ...sold(MAKER, MAKER, DEPOT),
  });
  await send({
    ...{ bizStep: 'receiving', epcList: [unit('C1')], bizLocation: place(DEPOT) },
    ...sold(MAKER, MAKER, DEPOT),
  });
  await send({ ...make('D1', 'D2'), bizLocation: place(DEPOT) });
  const begin = await end(keys.alder);
  await send({
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', epcList: undefined },
    parentID: `https://id.gs1.org/${BOX}`,
    ...{ childEPCs: ['C1', 'D1', 'D2'].map(unit), bizLocation: place(DEPOT) },
  });
  const packed = await read(keys.alder, begin);
  await send({
    ...{ bizStep: 'storing', epcList: [`https://id.gs1.org/${BOX}`], bizLocation: place(ANNEX) },
  });
  const moved = await read(keys.alder, packed.cursor);

  const lots = [{ units: 1, lot: { lot: 'F1' } }];
  const at = (gln: string): object => ({ state: 'SITE', site: { key: `414/${gln}` } });
  expect(packed.messages).toEqual([
    expect.objectContaining({
      ...{ kind: 'LOCATION', eventId: null },
      location: { packages: [{ key: BOX }], units: 1, lots, from: null, to: at(DEPOT) },
    }),
    expect.objectContaining({
      ...{ kind: 'LOCATION', eventId: null },
      location: {
        ...{ packages: [{ key: `01/${GTIN}/21/C1` }], units: 1, lots },
        ...{ from: { state: 'SITE' }, to: at(DEPOT) },
      },
    }),
  ]);
  expect(moved.messages).toEqual([
    expect.objectContaining({
      ...{ kind: 'LOCATION', eventId: null },
      location: { packages: [{ key: BOX }], units: 1, lots, from: null, to: at(ANNEX) },
    }),
  ]);
});

test('whether there is more says nothing of what others are told', async () => {
  const begin = await end(keys.alder);
  await send(make('C4'));
  const before = await read(keys.alder, begin, 2);
  await send({ ...make('D4'), bizLocation: place(DEPOT) });

  expect(before.messages).toHaveLength(2);
  expect(await read(keys.alder, begin, 2)).toEqual(before);
  expect(before.hasMore).toBe(false);
});

test('a serial that no pool gave out is told to who sees it, and cleared when its event is declared in error', async () => {
  await client.ask(
    keys.host,
    `mutation { registerProducts(products: [{ gtin: "${GTIN}", serialsFromPools: true }]) { __typename } }`,
  );
  const [alder, birch] = [await end(keys.alder), await end(keys.birch)];
  const stray = { ...make('STRAY'), eventID: 'urn:x:stray', eventTime: now(-60_000) };
  await send(stray);
  await send({ ...stray, errorDeclaration: { declarationTime: now(), reason: 'incorrect_data' } });
  const exceptions = (page: Page): unknown[] =>
    page.messages.flatMap((one) => one['exception'] ?? []);

  const told = { code: 'SERIAL_NOT_ALLOCATED', package: { key: `01/${GTIN}/21/STRAY` } };
  expect(exceptions(await read(keys.alder, alder))).toEqual([
    { state: 'RAISED', ...told },
    { state: 'CLEARED', ...told },
  ]);
  expect(exceptions(await read(keys.birch, birch))).toEqual([]);
});
