/** What two partners are told of one pack that went from the one to the other. */
import { admitOrganisation } from '../../src/rebuild/index.js';
import { DEPOT, MAKER, OTHER, PLANT, startWithKeys } from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const PACK = 'https://id.gs1.org/01/09506000134352/21/S1';
const BESIDE = 'https://id.gs1.org/01/09506000134352/21/S2';
const minute = (n: number): string => new Date(Date.UTC(2026, 9, 1, 8, n)).toISOString();

let app: TestApp;
let client: AccessClient;
let alder: string;
let birch: string;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
  for (const organisation of [MAKER, OTHER])
    await admitOrganisation(
      app.graph,
      { organisation: `417/${organisation}`, prefixes: [] },
      () => undefined,
    );
  alder = (await client.partner()).secret;
  birch = (await client.make({ organisation: OTHER })).secret;
  const party = (gln: string): string => `https://id.gs1.org/417/${gln}`;
  const ends = {
    sourceList: [{ type: 'owning_party', source: party(MAKER) }],
    destinationList: [
      { type: 'owning_party', destination: party(OTHER) },
      { type: 'location', destination: `https://id.gs1.org/414/${DEPOT}` },
    ],
  };
  const place = (gln: string): object => ({ id: `https://id.gs1.org/414/${gln}` });
  const events = [
    {
      ...{ action: 'ADD', bizStep: 'commissioning', epcList: [PACK, BESIDE] },
      ...{ readPoint: place(PLANT), bizLocation: place(PLANT) },
      ilmd: { 'cbvmda:lotNumber': 'L1', 'cbvmda:itemExpirationDate': '2028-01-31' },
    },
    {
      bizStep: 'shipping',
      disposition: 'in_transit',
      epcList: [PACK],
      readPoint: place(PLANT),
      ...ends,
    },
    { bizStep: 'receiving', epcList: [PACK], bizLocation: place(DEPOT), ...ends },
    { bizStep: 'inspecting', epcList: [PACK], bizLocation: place(DEPOT) },
  ];
  for (const [i, told] of events.entries()) {
    const one = { ...client.event(), eventID: `urn:x:e${i}`, eventTime: minute(i), ...told };
    const { status, body } = await client.capture(client.administrator, one);
    if (status !== 202) throw new Error(JSON.stringify(body));
  }
});
afterAll(() => app.stop());

const ask = async (key: string, query: string): Promise<unknown> => {
  const { data, errors } = await client.ask(key, query);
  return errors.length > 0 ? errors : data;
};

test.each([
  [
    'events',
    '{ events(first: 10) { nodes { eventId redacted seq epcList { digitalLink } document } totalCount { exact } } }',
  ],
  [
    'recorded',
    '{ events(first: 10, orderBy: { field: RECORD_TIME, direction: DESC }) { nodes { eventId } pageInfo { hasNextPage } } }',
  ],
  [
    'lots',
    `{ events(first: 10, filter: { lot: "01/09506000134352/10/L1" }) { nodes { eventId } } }`,
  ],
  ['package', `{ events(first: 10, filter: { package: "${BESIDE}" }) { nodes { eventId } } }`],
  ['party', `{ events(first: 10, filter: { party: "417/${MAKER}" }) { nodes { eventId } } }`],
  [
    'locate',
    `{ locate(id: "${PACK}") { known state since site { key } status owner { key } holder { key } lastSeen { eventId } } }`,
  ],
  [
    'then',
    `{ locate(id: "${PACK}", asOf: "${minute(1)}") { known state since destination { key } status } }`,
  ],
  ['before', `{ locate(id: "${PACK}", asOf: "${minute(0)}") { known state since site { key } } }`],
  [
    'pack',
    `{ packageById(id: "${PACK}") { expiry lot { key } exceptions { code } journey { nodes { eventId readPoint { key } } totalCount { exact } } } }`,
  ],
  ['beside', `{ packageById(id: "${BESIDE}") { expiry } }`],
])('%s', async (_, query) => {
  console.log(JSON.stringify([await ask(alder, query), await ask(birch, query)], null, 1));
});
