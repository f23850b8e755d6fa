import { namedThingsOf } from '../../../src/capture/named-things.rules.js';
import type { EpcisEvent } from '../../../src/epcis/event.js';

const event = (given: object): EpcisEvent =>
  ({ type: 'ObjectEvent', ...given }) as unknown as EpcisEvent;
const things = (...given: object[]): ReturnType<typeof namedThingsOf> =>
  namedThingsOf(
    given.map((one) => ({ event: event(one) })),
    () => false,
  );

const SITE = { urn: 'urn:epc:id:sgln:9506000.13435.0', key: '414/9506000134352' };
const GTIN = '09506000134352';
const COMPANY = '9506000';

test('places where things are read or are then, and the ends of a transfer that are locations, are sites', () => {
  const named = things(
    { readPoint: { id: SITE.urn }, bizLocation: { id: 'urn:epc:id:sgln:9506000.13436.7' } },
    { sourceList: [{ type: 'urn:epcglobal:cbv:sdt:location', source: 'urn:x:gate' }] },
    {
      destinationList: [{ type: 'location', destination: 'https://id.gs1.org/414/4012345000009' }],
    },
  );

  expect(named).toEqual({
    sites: [
      { key: SITE.key, gcp: COMPANY },
      { key: '414/9506000134369/254/7', gcp: COMPANY },
      { key: 'urn:x:gate', gcp: null },
      { key: '414/4012345000009', gcp: null },
    ],
    ...{ parties: [], products: [], packages: [] },
  });
});

test('who owns or holds is a party, a company prefix being told only by an EPC with one', () => {
  const { parties, sites } = things({
    sourceList: [{ type: 'owning_party', source: 'urn:epc:id:pgln:9506000.13435' }],
    destinationList: [
      { type: 'possessing_party', destination: 'urn:epc:id:bic:CSQU3054383' },
      { type: 'urn:x:own', destination: 'urn:x:taker' },
    ],
  });

  expect(parties).toEqual([
    { key: '417/9506000134352', gcp: COMPANY },
    { key: 'urn:epc:id:bic:CSQU3054383', gcp: null },
    { key: 'urn:x:taker', gcp: null },
  ]);
  expect(sites).toEqual([]);
});

test('items, lots and classes name their product once, and other keys name packages when an EPC tells the company', () => {
  const named = things(
    {
      type: 'AggregationEvent',
      parentID: 'urn:epc:id:sscc:9506000.0134352000',
      childEPCs: ['urn:epc:id:sgtin:9506000.013435.1', 'urn:epc:id:sgtin:9506000.013435.2'],
      childQuantityList: [{ epcClass: 'urn:epc:class:lgtin:9506000.013436.L1' }],
    },
    { epcList: ['https://id.gs1.org/00/095060001343520017', 'urn:x:thing', 'urn:epc:id:sscc:1'] },
  );

  expect(named.products).toEqual([
    { key: GTIN, gcp: COMPANY },
    { key: '09506000134369', gcp: COMPANY },
  ]);
  expect(named.packages).toEqual([{ key: '00/095060001343520000', gcp: COMPANY }]);
});

test.each([
  ['first', [0, 1]],
  ['last', [1, 0]],
])('the company is kept when the spelling that tells it comes %s', (_, order) => {
  const both = [
    { readPoint: { id: SITE.urn }, epcList: ['urn:epc:id:sgtin:9506000.013435.1'] },
    {
      readPoint: { id: `https://id.gs1.org/${SITE.key}` },
      epcList: [`https://id.gs1.org/01/${GTIN}/21/1`],
    },
  ];
  const named = things(...order.map((i) => both[i] ?? {}));

  expect(named.sites).toEqual([{ key: SITE.key, gcp: COMPANY }]);
  expect(named.products).toEqual([{ key: GTIN, gcp: COMPANY }]);
});

test('an event of a type of its own names nothing that we know', () => {
  const own = { type: 'https://ns.example.com/Weighing', readPoint: { id: SITE.urn } };

  expect(Object.values(things({ ...own, epcList: ['urn:epc:id:sgtin:9506000.013435.1'] }))).toEqual(
    [[], [], [], []],
  );
});

test('others tell a company prefix only where they may begin what has it', () => {
  const told = {
    epcList: ['urn:epc:id:sgtin:95060001.03435.1', 'urn:epc:id:sscc:9506000.0134352000'],
  };
  const mayBegin = (key: string, by: string): boolean =>
    `${by} ${key}` === `urn:x:maker 8004/9506000`;
  const { products, packages } = namedThingsOf(
    [{ event: event(told), sentBy: 'urn:x:maker' }],
    mayBegin,
  );

  expect(products).toEqual([{ key: GTIN, gcp: null }]);
  expect(packages).toEqual([{ key: '00/095060001343520000', gcp: COMPANY }]);
});
