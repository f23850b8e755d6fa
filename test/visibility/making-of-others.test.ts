/** What is made of what, only its maker and the host say: nobody makes a recall reach the goods of a competitor, or joins his own to a making of others. */
import { admitOrganisation, rebuildProjection } from '../../src/rebuild/index.js';
import {
  DEPOT,
  OTHER,
  PLANT,
  SHOP,
  now,
  place,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

/** Of Cedar's company prefix, and of nobody's. */
const [CEDARS, RAW] = ['09506000151007', '09506000134352'];
const uri = (key: string): string => `https://id.gs1.org/${key}`;
const lot = (gtin: string, number: string): string => `01/${gtin}/10/${number}`;
const unit = (gtin: string, serial: string): string => `01/${gtin}/21/${serial}`;
const quantity = (...lots: string[]): object[] =>
  lots.map((one) => ({ epcClass: uri(one), quantity: 5 }));

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;

beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners());
  await commission(keys.cedar, unit(CEDARS, 'C1'), 'C', SHOP);
  const made = { transformationID: ID, outputQuantityList: quantity(lot(CEDARS, 'C')) };
  await turn(keys.cedar, 'made', { minute: 5, gln: SHOP, ...made });
  const used = { transformationID: ID, inputQuantityList: quantity(lot(RAW, 'GOOD')) };
  await turn(keys.cedar, 'used', { minute: 6, gln: SHOP, ...used });
  const worse = { ...BAD, outputQuantityList: quantity(lot(RAW, 'WORSE')) };
  await turn(keys.host, 'bad', { minute: 7, gln: DEPOT, ...worse });
});
afterAll(() => app.stop());

/** Minutes after a day ago. */
const at = (minute: number): string => now(minute * 60_000 - 24 * 3_600_000);
const turn = (
  key: string,
  id: string,
  { minute, gln, ...told }: { minute: number; gln: string },
): Promise<void> =>
  client.send(key, {
    ...{ type: 'TransformationEvent', eventID: `urn:x:${id}`, eventTime: at(minute) },
    ...{ action: undefined, epcList: undefined, bizLocation: place(gln), ...told },
  });
const commission = (key: string, pack: string, number: string, gln: string) =>
  client.send(key, {
    ...{ action: 'ADD', bizStep: 'commissioning', eventTime: at(2) },
    ...{ epcList: [uri(pack)], bizLocation: place(gln) },
    ilmd: { 'cbvmda:lotNumber': number },
  });

/** What a recall of a source lot reaches, and what comes before and after something. */
async function told(key: string, source: string, of: string): Promise<unknown> {
  const number = source.split('/')[3];
  const { data, errors } = await client.ask(
    key,
    `{ recallScope(input: { sourceLots: [{ gtin: "${RAW}", lot: "${number}" }] }) { lots { lot { lot } } packages(first: 9) { nodes { key } } }
      recallOfLot: recallScope(input: { lots: [{ gtin: "${RAW}", lot: "${number}" }] }) { completeness { gaps { code detail } } }
      lineage(id: "${of}", direction: BOTH) { edges { from to eventId } } }`,
  );
  expect(errors).toEqual([]);
  const { completeness } = data!['recallOfLot'] as unknown as {
    completeness: { gaps: { code: string }[] };
  };
  // How many report quantities is told to the host, whoever they are.
  return { ...data, recallOfLot: completeness.gaps.filter(({ code }) => code === 'MADE_INTO') };
}

const questions = async (): Promise<unknown[]> => [
  await told(keys.host, lot(RAW, 'BAD'), lot(CEDARS, 'C')),
  await told(keys.host, lot(RAW, 'GOOD'), unit(CEDARS, 'C1')),
  await told(keys.cedar, lot(RAW, 'BAD'), unit(CEDARS, 'C1')),
  await told(keys.cedar, lot(RAW, 'GOOD'), lot(CEDARS, 'C')),
];

const ID = 'urn:epc:id:gdti:0614141.12345.400';
const BAD = { inputQuantityList: quantity(lot(RAW, 'BAD')) };

test.each([
  ['the transformationID of others', { transformationID: ID, ...BAD }],
  ['the lot of others as made', { ...BAD, outputQuantityList: quantity(lot(CEDARS, 'C')) }],
  ['a package of others as made', { ...BAD, outputEPCList: [uri(unit(CEDARS, 'C1'))] }],
])('a partner that names %s changes no recall and no lineage, in any order', async (lie, event) => {
  const before = await questions();
  await turn(keys.birch, lie.replaceAll(' ', '-'), { minute: 1, gln: DEPOT, ...event });

  expect(await questions()).toEqual(before);
  await rebuildProjection(app.graph, () => undefined);
  expect(await questions()).toEqual(before);
});

test('a partner that takes the eventID of others for a transformationID tells them nothing by it', async () => {
  await admitOrganisation(
    app.graph,
    { organisation: `417/${OTHER}`, prefixes: ['950600014'] },
    () => undefined,
  );
  const quantityList = quantity(lot(RAW, 'SEEN'));
  await client.send(keys.cedar, {
    ...{ type: 'AggregationEvent', action: 'ADD', epcList: undefined, bizLocation: place(SHOP) },
    ...{ parentID: uri('00/095060001500000017'), childQuantityList: quantityList },
  });
  const outputEPCList = [uri(unit(CEDARS, 'D1'))];
  const ilmd = { 'cbvmda:lotNumber': 'D' };
  await turn(keys.cedar, 'serial', { minute: 3, gln: SHOP, ...{ outputEPCList, ilmd, ...BAD } });
  const ask = async (): Promise<unknown[]> => [
    await told(keys.cedar, lot(RAW, 'SEEN'), lot(RAW, 'SEEN')),
    await told(keys.cedar, lot(RAW, 'SEEN'), lot(CEDARS, 'D')),
  ];
  const before = await ask();
  const own = quantity(lot('09506000140018', 'Z'));
  const joined = {
    transformationID: 'urn:x:serial',
    inputQuantityList: quantityList,
    outputQuantityList: own,
  };
  await turn(keys.birch, 'joined', { minute: 1, gln: DEPOT, ...joined });

  expect(await ask()).toEqual(before);
});

test('the host may say what went into the outputs of others, and who makes something what was made', async () => {
  const other = 'urn:epc:id:gdti:0614141.12345.401';
  await commission(keys.host, unit(RAW, 'R1'), 'USED', PLANT);
  const ilmd = { 'cbvmda:lotNumber': 'NEW' };
  const made = { transformationID: other, outputEPCList: [uri(unit(CEDARS, 'N1'))], ilmd };
  await turn(keys.cedar, 'half', { minute: 9, gln: SHOP, ...made });
  const used = { transformationID: other, inputEPCList: [uri(unit(RAW, 'R1'))] };
  await turn(keys.host, 'other', { minute: 8, gln: PLANT, ...used });

  const both = (): Promise<unknown> => told(keys.host, lot(RAW, 'USED'), lot(CEDARS, 'NEW'));
  const edge = { from: lot(RAW, 'USED'), to: lot(CEDARS, 'NEW') };
  const packages = { nodes: expect.arrayContaining([{ key: unit(CEDARS, 'N1') }]) as unknown };
  const edges = expect.arrayContaining([expect.objectContaining(edge)]) as unknown;
  expect(await both()).toMatchObject({ recallScope: { packages }, lineage: { edges } });
  await rebuildProjection(app.graph, () => undefined);
  expect(await both()).toMatchObject({ recallScope: { packages }, lineage: { edges } });
});
