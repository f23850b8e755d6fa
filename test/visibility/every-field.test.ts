/** Every field of the schema, asked by a partner who has something, and by one who has nothing. */
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  codeOf,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, Answer } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { FOR_HOST, argumentsOf } from '../support/partner-fields.js';
import { everyField } from '../support/walk-schema.js';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const GTIN = '09506000134352';
/** What is named in the questions: things of the story, or the like that nobody ever named. With a dot, which no sealed cursor has. */
const TOLD = { unit: 'S.1', box: '095060001343520109', lot: 'L.1', event: 'urn:x:e2' };
const UNHEARD = { unit: 'S.9', box: '095060001343529997', lot: 'L.9', event: 'urn:x:e9' };
const COMMON = { gtin: GTIN, party: MAKER, site: DEPOT };
const link = (key: string): string => `https://id.gs1.org/${key}`;
const unit = (serial: string): string => link(`01/${GTIN}/21/${serial}`);
const minute = (n: number): string => new Date(Date.UTC(2026, 9, 1, 8, n)).toISOString();

/** Not alike: pictures of what was asked for, and what somebody has spent. */
const OF_THE_QUESTION = ['Barcode.png', 'Barcode.svg', 'Limits.cost', 'CostLimit.left'];

let app: TestApp;
let client: AccessClient;
let [birch, cedar] = ['', ''];
beforeAll(async () => {
  const started = await startWithPartners();
  ({ app, client } = started);
  ({ birch, cedar } = started.keys);
  const { host } = started.keys;
  await client.ask(
    host,
    `mutation { registerProducts(products: [{ gtin: "${GTIN}", name: "Aldermol" }]) { __typename } }`,
  );
  for (const [i, told] of story().entries())
    await client.send(host, { eventID: `urn:x:e${i}`, eventTime: minute(i), ...told });
});
afterAll(() => app.stop());

/** Two packs are made and packed on a pallet, which is sold, received, and opened in part. One more pack is made too late. */
function story(): object[] {
  const [plant, depot] = [{ bizLocation: place(PLANT) }, { bizLocation: place(DEPOT) }];
  const pallet = link(`00/${TOLD.box}`);
  const packs = [unit(TOLD.unit), unit('S2')];
  const ends = sold(MAKER, OTHER, DEPOT);
  const ilmd = { 'cbvmda:lotNumber': TOLD.lot, 'cbvmda:itemExpirationDate': '2028-01-31' };
  const box = { type: 'AggregationEvent', parentID: pallet, childEPCs: packs };
  const boxed = { epcList: [pallet] };
  return [
    { action: 'ADD', bizStep: 'commissioning', epcList: packs, ...plant, ilmd },
    { ...box, epcList: undefined, action: 'ADD', bizStep: 'packing', ...plant },
    { bizStep: 'shipping', disposition: 'in_transit', ...boxed, readPoint: place(PLANT), ...ends },
    { bizStep: 'receiving', disposition: 'in_progress', ...boxed, ...depot, ...ends },
    { bizStep: 'inspecting', ...boxed, ...depot },
    { action: 'ADD', bizStep: 'commissioning', epcList: [unit('S3')], ...plant, ilmd },
  ];
}

const without = new Set([...FOR_HOST, ...OF_THE_QUESTION]);
const told = everyField(schema, { args: argumentsOf({ ...TOLD, ...COMMON }), without });
const unheard = new Map(
  everyField(schema, { args: argumentsOf({ ...UNHEARD, ...COMMON }), without }).map(
    ({ type, query }) => [type, query],
  ),
);

/** As text, with what the question named. */
function textOf({ data, errors }: Answer): string {
  return JSON.stringify([data, errors.map(({ extensions }) => extensions)]);
}

test.each(told)(
  '$type: a partner is answered, and what it does not see is as what nobody named',
  async ({ type, query }) => {
    const { errors } = await client.ask(birch, query);
    expect(errors).toEqual([]);

    const [nothing, never] = await Promise.all(
      [query, unheard.get(type)!].map(async (asked) => textOf(await client.ask(cedar, asked))),
    );
    const named = Object.entries(UNHEARD) as [keyof typeof TOLD, string][];
    const alike = named.reduce((text, [what, name]) => text.replaceAll(name, TOLD[what]), never!);
    expect(nothing).toBe(alike);
  },
);

test.each(FOR_HOST)('%s is for the host alone', async (field) => {
  const [type = '', name = ''] = field.split('.');
  const args = argumentsOf({ ...TOLD, ...COMMON })[field];
  const call = args === undefined ? name : `${name}(${args})`;
  const query = type === 'Query' ? call : `unregistered { ${call}`;
  const ending = type === 'Query' ? '' : '}';
  const answer = await client.ask(birch, `{ ${query} { __typename } ${ending} }`);
  expect(codeOf(answer)).toBe('FORBIDDEN');
});
