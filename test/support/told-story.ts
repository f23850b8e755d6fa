/** A story in which something of every kind happens; for tests that ask for every field. */
import type { TestApp } from './app-for-tests.js';
import { startApp } from './app-for-tests.js';
import { epcisDocument } from './history-document.js';
import type { EpcisJson } from './history-document.js';

export const GTIN = '09506000134352';
export const MADE = '09506000134369';
export const [U1, U2, U3] = ['U1', 'U2', 'U3'].map((s) => `01/${GTIN}/21/${s}`) as [
  string,
  string,
  string,
];
export const V1 = `01/${MADE}/21/V1`;
export const CASE = '00/095060001343520017';
export const PALLET = '00/095060001343520000';
export const PLANT = '414/9506000000008';
export const HUB = '414/9506000000015';
export const [MAKER, WHOLESALER] = ['417/9506000000008', '417/9506000000015'];
export const uri = (key: string): string => `https://id.gs1.org/${key}`;
export const urn = (serial: string): string => `urn:epc:id:sgtin:9506000.013435.${serial}`;

const T = Date.UTC(2026, 2, 1, 8);
export const at = (minute: number): string => new Date(T + minute * 60_000).toISOString();

export function event(id: string, minute: number, more: EpcisJson): EpcisJson {
  return {
    type: 'ObjectEvent',
    eventID: `urn:x:${id}`,
    eventTime: at(minute),
    eventTimeZoneOffset: '+01:00',
    ...(more['type'] === 'TransformationEvent' ? {} : { action: 'OBSERVE' }),
    ...more,
  };
}
const place = (site: string): EpcisJson => ({
  readPoint: { id: uri(site) },
  bizLocation: { id: uri(site) },
});
const ends = (kind: 'source' | 'destination', party: string, site: string): EpcisJson[] => [
  { type: 'owning_party', [kind]: uri(party) },
  { type: 'location', [kind]: uri(site) },
];

export const SENSOR = [{ sensorReport: [{ type: 'Temperature', value: 26, uom: 'CEL' }] }];
const STORY: readonly EpcisJson[] = [
  event('made', 1, {
    action: 'ADD',
    bizStep: 'commissioning',
    epcList: ['U1', 'U2', 'U3'].map(urn),
    ...place(PLANT),
    ilmd: { 'cbvmda:lotNumber': 'A1', 'cbvmda:itemExpirationDate': '2028-05-31' },
  }),
  event('made-too', 2, {
    action: 'ADD',
    bizStep: 'commissioning',
    epcList: [urn('U4')],
    ...place(PLANT),
  }),
  event('cased', 3, {
    type: 'AggregationEvent',
    action: 'ADD',
    bizStep: 'packing',
    parentID: uri(CASE),
    childEPCs: ['U1', 'U2'].map(urn),
    childQuantityList: [
      { epcClass: 'urn:epc:class:lgtin:9506000.013435.A1', quantity: 2.5, uom: 'KGM' },
    ],
    ...place(PLANT),
  }),
  event('stacked', 4, {
    type: 'AggregationEvent',
    action: 'ADD',
    bizStep: 'packing',
    parentID: uri(PALLET),
    childEPCs: [uri(CASE)],
    ...place(PLANT),
  }),
  event('checked', 5, {
    bizStep: 'inspecting',
    disposition: 'sellable_accessible',
    epcList: [urn('U4')],
    certificationInfo: 'https://example.com/certificate/1',
    persistentDisposition: { set: ['completeness_verified'] },
    sensorElementList: SENSOR,
    ...place(PLANT),
  }),
  event('blended', 6, {
    type: 'TransformationEvent',
    transformationID: 'urn:x:blend:1',
    bizStep: 'creating_class_instance',
    inputEPCList: [urn('U3')],
    inputQuantityList: [
      { epcClass: 'urn:epc:class:lgtin:9506000.013435.A1', quantity: 4, uom: 'KGM' },
    ],
    outputEPCList: [uri(V1)],
    outputQuantityList: [
      { epcClass: 'urn:epc:class:lgtin:9506000.013436.C1', quantity: 3, uom: 'KGM' },
    ],
    ...place(PLANT),
    ilmd: { 'cbvmda:lotNumber': 'C1' },
  }),
  event('sent', 10, {
    bizStep: 'shipping',
    disposition: 'in_transit',
    epcList: [uri(PALLET)],
    readPoint: { id: uri(PLANT) },
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:po:1' }],
    sourceList: ends('source', MAKER, PLANT),
    destinationList: ends('destination', WHOLESALER, HUB),
  }),
];
const LATER: readonly EpcisJson[] = [
  event('came', 20, { bizStep: 'receiving', epcList: [uri(CASE)], ...place(HUB) }),
  event('given', 30, {
    action: 'OBSERVE',
    bizStep: 'dispensing',
    disposition: 'dispensed',
    epcList: [urn('U1')],
    ...place(HUB),
  }),
];
const WRONG = event('wrong', 25, { bizStep: 'inspecting', epcList: [urn('U4')], ...place(HUB) });

/** Anything of a kind: ids, cursors, log positions, when something was recorded. */
export const text = expect.any(String) as string;
export const number = expect.any(Number) as number;
export const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string;

export const PRODUCT = {
  gtin: GTIN,
  name: 'Pills',
  description: 'Small and round',
  manufacturer: 'Maker',
  activeIngredient: 'Placebo',
  strength: '5 mg',
  form: 'TABLET',
  packSize: '30',
  ndc: '55555-0134-35',
  marketAuthorisations: ['EU/1/26/001'],
  storageMinCelsius: 2,
  storageMaxCelsius: 8,
};
export const ADDRESS = {
  address: '1 Street',
  city: 'Town',
  region: 'ZH',
  postalCode: '8000',
  country: 'CH',
};

/** The service after the story, and what asks it. */
export interface ToldApp {
  readonly app: TestApp;
  /** Cursor of the log behind the shipping. */
  readonly feedStart: string;
  /** Of the capture of the event that was declared in error. */
  readonly jobId: string;
  readonly ask: <T = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
  ) => Promise<T>;
}

/** Starts the service and tells it the story, then the register. */
export async function tellStory(options: Parameters<typeof startApp>[0] = {}): Promise<ToldApp> {
  const app = await startApp(options);
  const ask: ToldApp['ask'] = async <T>(query: string, variables = {}) => {
    const { data, errors } = await app.graphql(query, variables);
    expect(errors).toBeUndefined();
    return data as T;
  };
  await capture(app, STORY);
  const { feedCursor } = await ask<{ feedCursor: string }>('{ feedCursor }');
  await capture(app, LATER);
  const jobId = await capture(app, [WRONG]);
  await capture(app, [
    { ...WRONG, errorDeclaration: { declarationTime: at(40), reason: 'did_not_occur' } },
  ]);
  await register(ask);
  return { app, feedStart: feedCursor, jobId, ask };
}

async function capture(app: TestApp, events: readonly EpcisJson[]): Promise<string> {
  const { status, body, headers } = await app.capture(epcisDocument(events));
  expect([status, body['faults']]).toEqual([202, []]);
  return headers.get('location')!.split('/').pop()!;
}

async function register(ask: ToldApp['ask']): Promise<void> {
  const registered = await ask(
    `mutation ($product: ProductInput!, $site: SiteInput!, $party: PartyInput!) {
      registerProducts(products: [$product]) { ... on MasterDataRegistered { keys created updated } }
      registerParties(parties: [$party]) { ... on MasterDataRegistered { keys } }
      registerSites(sites: [$site]) { ... on MasterDataRegistered { keys } } }`,
    {
      product: PRODUCT,
      site: {
        gln: uri(HUB),
        name: 'Hub',
        type: 'warehouse',
        lat: 47.4,
        lon: 8.5,
        ...ADDRESS,
        operator: uri(WHOLESALER),
      },
      party: { gln: uri(WHOLESALER), name: 'Wholesaler', licences: ['CH-1'], ...ADDRESS },
    },
  );
  expect(registered).toEqual({
    registerProducts: { keys: [GTIN], created: 1, updated: 0 },
    registerParties: { keys: [WHOLESALER] },
    registerSites: { keys: [HUB] },
  });
}
