/** Whatever a partner sends of a package that it has no part in, it is told no more of it, and no more of anything else. */
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { minute, party, place } from '../support/epcis-partners.js';
import { fixedClock } from '../../src/shared/clock.js';

const GTIN = '09506000134352';
const unit = (serial: string): string => `https://id.gs1.org/01/${GTIN}/21/${serial}`;
const PALLET = 'https://id.gs1.org/00/095060001343520017';
/** Cedar's own: its company prefix begins it. */
const TOTE = 'https://id.gs1.org/8003/09506000150000T1';
/** Minutes after the story of the packages, so that Cedar's claims come after it, one after the other. */
const AFTER = 10;

const STATES = [
  ['stands at a site', unit('AT')],
  ['is on its way', unit('TO')],
  ['is inside a pallet', unit('IN')],
  ['is a pallet, with something damaged in it', PALLET],
] as const;

const AT_SHOP = { bizLocation: place(SHOP) };
const TO_CEDAR = {
  sourceList: [{ type: 'owning_party', source: party(MAKER) }],
  destinationList: [
    { type: 'owning_party', destination: party(THIRD) },
    { type: 'location', destination: `https://id.gs1.org/414/${SHOP}` },
  ],
};
const OF_TOTE = (of: string): object => ({
  epcList: undefined,
  parentID: TOTE,
  childEPCs: [of],
  ...AT_SHOP,
});

/** What Cedar may send, at its own site, of a package. */
const ATTEMPTS: Readonly<Record<string, (of: string, n: number) => object>> = {
  'a receipt': (of) => ({ bizStep: 'receiving', epcList: [of], ...AT_SHOP, ...TO_CEDAR }),
  'a shipping to itself': (of) => ({
    ...{ bizStep: 'shipping', epcList: [of], readPoint: place(SHOP), ...TO_CEDAR },
  }),
  'a pack into its box': (of) => ({
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', ...OF_TOTE(of) },
  }),
  'an unpacking': (of) => ({
    ...{ type: 'AggregationEvent', action: 'DELETE', bizStep: 'unpacking', ...AT_SHOP },
    ...{ epcList: undefined, parentID: of === PALLET ? TOTE : PALLET, childEPCs: [of] },
  }),
  'a pack of its own into it': (of, n) => ({
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', ...AT_SHOP },
    ...{ epcList: undefined, parentID: of, childEPCs: [unit(`OWN${n}`)] },
  }),
  'an emptying of it': (of) => ({
    ...{ type: 'AggregationEvent', action: 'DELETE', bizStep: 'unpacking', ...AT_SHOP },
    ...{ epcList: undefined, parentID: of, childEPCs: undefined },
  }),
  'an observation': (of) => ({ bizStep: 'inspecting', epcList: [of], ...AT_SHOP }),
  'an end': (of) => ({ action: 'DELETE', bizStep: 'dispensing', epcList: [of], ...AT_SHOP }),
  'a transformation that uses it': (of, n) => ({
    ...{ type: 'TransformationEvent', action: undefined, epcList: undefined, ...AT_SHOP },
    ...{ inputEPCList: [of], outputEPCList: [unit(`MADE${n}`)] },
  }),
  'an association': (of) => ({
    ...{ type: 'AssociationEvent', action: 'ADD', bizStep: 'assembling', ...OF_TOTE(of) },
  }),
  'an attempt to take back its first event': () => ({
    ...{ eventID: 'urn:x:e0', epcList: STATES.map(([, id]) => id), bizStep: 'commissioning' },
    errorDeclaration: { declarationTime: minute(9), reason: 'incorrect_data' },
  }),
  'a commissioning before all': (of) => ({
    ...{
      action: 'ADD',
      bizStep: 'commissioning',
      epcList: [of],
      ...AT_SHOP,
      eventTime: minute(-1),
    },
  }),
};

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;
/** What Alder is told of each package before anything is claimed. */
const honest = new Map<string, unknown>();

beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners(fixedClock(Date.parse(minute(600)))));
  const ids = STATES.map(([, id]) => id);
  const units = ids.filter((id) => id !== PALLET);
  const plant = { bizLocation: place(PLANT) };
  const sale = {
    sourceList: [{ type: 'owning_party', source: party(MAKER) }],
    destinationList: [
      { type: 'owning_party', destination: party(OTHER) },
      { type: 'location', destination: `https://id.gs1.org/414/${DEPOT}` },
    ],
  };
  const story = [
    {
      action: 'ADD',
      bizStep: 'commissioning',
      epcList: units,
      ...plant,
      ilmd: { 'cbvmda:lotNumber': 'L1' },
    },
    {
      type: 'AggregationEvent',
      action: 'ADD',
      bizStep: 'packing',
      epcList: undefined,
      parentID: PALLET,
      childEPCs: [unit('IN')],
      ...plant,
    },
    {
      bizStep: 'shipping',
      disposition: 'in_transit',
      epcList: [unit('TO')],
      readPoint: place(PLANT),
      ...sale,
    },
    { bizStep: 'inspecting', disposition: 'damaged', epcList: [unit('IN')], ...plant },
  ];
  for (const [n, event] of story.entries())
    await client.send(keys.host, { eventID: `urn:x:e${n}`, eventTime: minute(n), ...event });
  for (const id of ids) honest.set(id, await told(keys.alder, id));
}, 120_000);
afterAll(() => app.stop());

const ALL = `query ($id: ID!) {
  locate(id: $id) { known state site { key } destination { key } status since containers { identifier { key } } }
  packageById(id: $id) { key origin { manufacturer { key } } contents(first: 9) { nodes { key } } }
  lineage(id: $id, direction: BOTH) { nodes { key } }
  recallScope(input: { lots: [{ gtin: "${GTIN}", lot: "L1" }] }) { totals { units } rows { state site { key } status units }
    packages(first: 9, filter: { site: "414/${PLANT}", status: "damaged" }) { nodes { key } } }
  inventory(by: [LOT, SITE, STATUS]) { state site { key } status units }
  handoffs { nodes { key status } totalCount { exact } }
  packages(first: 9) { nodes { key } totalCount { exact } }
  lots { nodes { key } totalCount { exact } }
  journey(id: $id) { nodes { eventId } }
  events(first: 50) { nodes { eventId } } }`;

/** All that somebody is told of a package and in lists, without the events that Cedar sent itself, and in the order of keys. */
async function told(key: string, id: string): Promise<unknown> {
  const { data, errors } = await client.ask(key, ALL, { variables: { id } });
  expect(errors).toEqual([]);
  const isOwn = (one: unknown): boolean => JSON.stringify(one).includes('urn:x:lie');
  const text = JSON.stringify(data, (name, value: unknown) => {
    // Its own events name the package, and are handoffs that nobody else knows.
    if (name === 'journey') return value ?? { nodes: [] };
    if (name === 'handoffs') return { ...(value as object), totalCount: null };
    return Array.isArray(value)
      ? value
          .filter((one) => !isOwn(one))
          .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : value;
  });
  return JSON.parse(text);
}

describe.each(STATES)('of a package that %s', (_, id) => {
  test('whatever is sent by somebody without part in it, he is told nothing more', async () => {
    const nothing = await told(keys.cedar, id);
    for (const [n, [what, attempt]] of Object.entries(ATTEMPTS).entries()) {
      const eventID = `urn:x:lie${n}${id.slice(-2)}`;
      const eventTime = minute(AFTER + n);
      const event = { ...client.event(), eventID, eventTime, ...attempt(id, n) };
      const { status } = await client.capture(keys.cedar, event);
      expect([what, status === 202]).toEqual([what, !('errorDeclaration' in event)]);
      expect([what, await told(keys.cedar, id)]).toEqual([what, nothing]);
    }
  }, 120_000);
});

test('who has the packages is told what he was told before', async () => {
  for (const [, id] of STATES) expect(await told(keys.alder, id)).toEqual(honest.get(id));
});
