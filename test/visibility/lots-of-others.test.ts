/** What a lot is, only its maker says: nobody makes the goods of a competitor look expired. */
import { admitOrganisation } from '../../src/rebuild/index.js';
import { DEPOT, OTHER, SHOP, now, place, startWithPartners } from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

/** Of Cedar's company prefix. */
const GTIN = '09506000151007';
const MADE = now(-7_200_000);

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;

beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners());
});
afterAll(() => app.stop());

/** Says that a pack of the lot was made, by an event with an id. */
const say = (key: string, told: object): Promise<void> =>
  client.send(key, { action: 'ADD', bizStep: 'commissioning', ...told });

const ilmd = (expiry: string): object => ({
  ilmd: { 'cbvmda:lotNumber': 'A', 'cbvmda:itemExpirationDate': expiry },
});
const pack = (serial: string): object => ({
  epcList: [`https://id.gs1.org/01/${GTIN}/21/${serial}`],
});

const LOT = `{ lot(gtin: "${GTIN}", lot: "A") { expiry expiries madeAt exceptions { code } } }`;
async function lot(key: string): Promise<unknown> {
  const { data, errors } = await client.ask(key, LOT);
  expect(errors).toEqual([]);
  return data!['lot'];
}

async function lotOfTrue(key: string): Promise<unknown> {
  const ask = `{ packageById(id: "(01)${GTIN}(21)TRUE") { lot { lot } } }`;
  return (await client.ask(key, ask)).data!['packageById'];
}
const inLot = (number: string): unknown => ({ lot: { lot: number } });

const TRUE = { expiry: '2027-06-30', expiries: ['2027-06-30'], madeAt: MADE, exceptions: [] };
const LIE = { eventID: 'urn:x:lie', eventTime: now(-7_300_000), ...ilmd('2020-01-31') };

test('an expiry that a competitor states changes nothing, for the host or the maker, in either order', async () => {
  await say(keys.birch, { ...LIE, ...pack('FALSE'), bizLocation: place(DEPOT) });
  await say(keys.cedar, {
    ...{ eventTime: MADE, ...pack('TRUE'), ...ilmd('2027-06-30'), bizLocation: place(SHOP) },
  });
  expect(await lot(keys.cedar)).toEqual(TRUE);

  await say(keys.birch, {
    ...LIE,
    eventID: 'urn:x:again',
    ...pack('AGAIN'),
    bizLocation: place(DEPOT),
  });
  expect(await lot(keys.cedar)).toEqual(TRUE);
  expect(await lot(keys.host)).toMatchObject({ expiry: '2027-06-30', madeAt: MADE });
});

test('a pack stays in the lot that its maker told, whoever commissions it again', async () => {
  await say(keys.birch, {
    ...{ ...pack('TRUE'), ilmd: { 'cbvmda:lotNumber': 'B' } },
    ...{ eventTime: now(-7_000_000), bizLocation: place(DEPOT) },
  });
  expect(await lotOfTrue(keys.cedar)).toEqual(inLot('A'));
  expect(await lotOfTrue(keys.host)).toEqual(inLot('A'));
});

const COMPANY = '950600015';
const WRONG = '9506000';

/** Cedar and Birch name a pack by a URN, which tells where the company prefix ends. */
const byUrn = (key: string, urn: string, gln: string): Promise<void> =>
  client.send(key, { epcList: [`urn:epc:id:sgtin:${urn}`], bizLocation: place(gln) });

async function urnOf(gtin: string): Promise<unknown> {
  const ask = `{ product(gtin: "${gtin}") { identifier { urn } } }`;
  return (await client.ask(keys.host, ask)).data!['product']!['identifier'];
}

test('where a company prefix ends, the host is told by its company, and by no competitor before or after it', async () => {
  await byUrn(keys.birch, `${WRONG}.015100.X`, DEPOT);
  expect(await urnOf(GTIN)).toEqual({ urn: null });
  await byUrn(keys.cedar, `${COMPANY}.0100.Y`, SHOP);
  await byUrn(keys.cedar, `${COMPANY}.0200.Y`, SHOP);
  await byUrn(keys.birch, `${WRONG}.015200.X`, DEPOT);

  expect(await urnOf(GTIN)).toEqual({ urn: expect.stringContaining(`${COMPANY}.0100`) as unknown });
  expect(await urnOf('09506000152004')).toEqual({
    urn: expect.stringContaining(`${COMPANY}.0200`) as unknown,
  });
});

test('it is the same after the projection was derived again, and counts once its sender may begin such packages', async () => {
  const admit = (prefixes: string[]): Promise<void> =>
    admitOrganisation(app.graph, { organisation: `417/${OTHER}`, prefixes }, () => undefined);
  await admit([]);
  expect(await lot(keys.cedar)).toEqual(TRUE);
  expect(await lotOfTrue(keys.host)).toEqual(inLot('A'));

  await admit(['950600015']);
  expect(await lot(keys.cedar)).toMatchObject({ expiry: '2020-01-31', madeAt: LIE.eventTime });
  expect(await lotOfTrue(keys.host)).toEqual(inLot('B'));

  await admit([]);
  expect(await lot(keys.cedar)).toEqual(TRUE);
});
