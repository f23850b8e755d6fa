/** What a move of a pallet costs when others take part: what is in it is read only where something in it is owned otherwise. */
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  now,
  party,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const PACKS = ['P1', 'P2', 'P3'].map((serial) => `https://id.gs1.org/01/${GTIN}/21/${serial}`);
const [CASE, PALLET] = ['062', '079'].map(
  (end) => `https://id.gs1.org/00/095060001343520${end}`,
) as [string, string];

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;

beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners());
});
afterAll(() => app.stop());

let sent = 0;
/** Sends an event a second later than the one before. @returns how often it read what is in containers, and packages */
async function send(told: object): Promise<{ members: number; heads: number }> {
  const read = { members: 0, heads: 0 };
  const stop = app.graph.onStatement(({ name }) => {
    if (name === 'projection.members') read.members++;
    if (name === 'projection.heads') read.heads++;
  });
  await client.send(keys.host, { eventTime: now(++sent * 1000 - 3_600_000), ...told });
  stop();
  return read;
}

const packing = (parentID: string, childEPCs: readonly string[]): object => ({
  ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', parentID, childEPCs },
  ...{ bizLocation: place(PLANT), epcList: undefined },
});
const receiving = (epc: string, site: string): object => ({
  ...{ bizStep: 'receiving', epcList: [epc], bizLocation: place(site) },
});

/** Units of the lot that an organisation sees. */
async function units(key: string): Promise<unknown> {
  const { data } = await client.ask(
    key,
    `{ recallScope(input: { lots: [{ gtin: "${GTIN}", lot: "P" }] }) { totals { units } } }`,
  );
  return (data!['recallScope']!['totals'] as { units: number }).units;
}

test('a pallet of packs with titles of their own is shipped and received without reading what is in it', async () => {
  const ilmd = { 'cbvmda:lotNumber': 'P' };
  const made = { action: 'ADD', bizStep: 'commissioning', bizLocation: place(PLANT) };
  await send({ ...made, epcList: PACKS, ilmd });
  await send(packing(CASE, PACKS));
  await send(packing(PALLET, [CASE]));
  const shipped = await send({
    bizStep: 'shipping',
    epcList: [PALLET],
    ...sold(MAKER, OTHER, DEPOT),
  });
  const received = await send(receiving(PALLET, DEPOT));

  expect([shipped, received]).toEqual([
    { members: 0, heads: 1 },
    { members: 0, heads: 1 },
  ]);
  expect(await Promise.all([keys.alder, keys.birch].map(units))).toEqual([0, 3]);
});

test('what is owned by another than the rest is read and counted, until the owner of all is stated', async () => {
  const owned = { type: 'owning_party', destination: party(THIRD) };
  await send({
    bizStep: 'receiving',
    epcList: [PACKS[0]],
    bizLocation: place(DEPOT),
    destinationList: [owned],
  });
  expect(await Promise.all([keys.birch, keys.cedar].map(units))).toEqual([3, 1]);

  const shipped = await send({
    ...{ bizStep: 'shipping', epcList: [PALLET], ...sold(OTHER, MAKER, SHOP) },
  });
  expect(shipped.members).toBe(0);
  await send({ bizStep: 'receiving', epcList: [PALLET], bizLocation: place(SHOP) });
  expect(await Promise.all([keys.alder, keys.birch, keys.cedar].map(units))).toEqual([3, 0, 3]);
});
