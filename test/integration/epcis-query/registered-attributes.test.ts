import { hostView } from '../../../src/access/view.js';
import { findEvents, parametersOfUrl, parseEventQuery } from '../../../src/epcis-query/index.js';
import { documentOf, sighting } from '../../e2e/capture-event-types.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';

// HASATTR_ and EQATTR_ find what somebody registered as they find what documents told.

let app: TestApp;
const place = (serial: string): string => `urn:epc:id:sgln:9506000.13435.${serial}`;
const PARTY = 'urn:epc:id:pgln:9506000.13435';
const PRODUCT = 'urn:epc:idpat:sgtin:9506000.013435.*';
const TOLD = {
  epcisMasterData: {
    vocabularyList: [
      {
        type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
        vocabularyElementList: [
          {
            id: place('told'),
            attributes: [{ id: 'urn:epcglobal:cbv:mda#city', attribute: 'Bonn' }],
          },
        ],
      },
    ],
  },
};

beforeAll(async () => {
  app = await startApp();
  const events = [
    ...['told', 'registered', 'unknown'].map((name) =>
      sighting(name, { bizLocation: { id: place(name) } }),
    ),
    sighting('sold', { sourceList: [{ type: 'owning_party', source: PARTY }] }),
    sighting('counted', { epcList: [], quantityList: [{ epcClass: PRODUCT, quantity: 5 }] }),
  ];
  const { status } = await app.capture({ ...documentOf(...events), epcisHeader: TOLD });
  expect(status).toBe(202);
});
afterAll(() => app.stop());

async function found(parameters: Readonly<Record<string, string>>): Promise<string[]> {
  const query = parseEventQuery(parametersOfUrl(new URLSearchParams(parameters)), {});
  const { events } = await findEvents(hostView(app.graph), query, { perPage: 30, nowMs: 1000 });
  return events.map(({ id }) => id.replace('urn:x:event:', '')).sort();
}

async function register(kind: string, records: string): Promise<void> {
  const { data, errors } = await app.graphql(
    `mutation { register${kind}(${kind.toLowerCase()}: ${records}) { __typename } }`,
  );
  expect([errors, data[`register${kind}`]]).toEqual([
    undefined,
    expect.objectContaining({ __typename: expect.not.stringContaining('Reject') as string }),
  ]);
}

test('a registered site, product or party has the attributes it was registered with', async () => {
  await register(
    'Sites',
    `[{ gln: "${place('registered')}", name: "Plant", city: "Bonn", attributes: { dock: "7", ring: null } }]`,
  );
  await register('Products', `[{ gtin: "${PRODUCT}", name: "Amoxil 500" }]`);
  await register('Parties', `[{ gln: "${PARTY}", name: "Maker" }]`);

  expect(await found({ HASATTR_bizLocation: 'city' })).toEqual(['registered', 'told']);
  expect(await found({ EQATTR_bizLocation_city: 'Bonn' })).toEqual(['registered', 'told']);
  expect(await found({ 'EQATTR_bizLocation_cbvmda:dock': '7' })).toEqual(['registered']);
  expect(await found({ HASATTR_bizLocation: 'ring' })).toEqual([]);
  expect(await found({ EQATTR_epcClass_regulatedProductName: 'Amoxil 500' })).toEqual(['counted']);
  expect(await found({ EQATTR_source_name: 'Maker' })).toEqual(['sold']);
});

test('what is registered later replaces what was known, null takes it away', async () => {
  await register('Sites', `[{ gln: "${place('told')}", city: "Paris" }]`);
  expect(await found({ EQATTR_bizLocation_city: 'Paris' })).toEqual(['told']);
  expect(await found({ EQATTR_bizLocation_city: 'Bonn' })).toEqual(['registered']);

  await register(
    'Sites',
    `[{ gln: "${place('registered')}", city: "Rome" }, { gln: "${place('registered')}", city: null }]`,
  );
  expect(await found({ HASATTR_bizLocation: 'city' })).toEqual(['told']);
  expect(await found({ EQATTR_bizLocation_name: 'Plant' })).toEqual(['registered']);
});
