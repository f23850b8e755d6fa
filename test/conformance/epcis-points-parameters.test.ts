import { documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn } from '../support/epcis-client.js';

// Points 15 to 19 of "REST interface: where implementers go wrong": what the parameters of SimpleEventQuery find.

type Event = Record<string, unknown>;
const SGTIN = 'urn:epc:id:sgtin:9506000.013435.';
const OTHER = 'urn:epc:id:sgtin:9506000.013436.';
const SSCC = 'urn:epc:id:sscc:9506000.0134352000';
const LOT = 'urn:epc:class:lgtin:9506000.013435.L1';
const OTHER_LOT = 'urn:epc:class:lgtin:9506000.013435.L2';
/** A product, and the group of products that it is in. */
const TONIC = 'urn:epc:idpat:sgtin:9506000.013435.*';
const TONICS = 'urn:epc:idpat:sgtin:9506000.013499.*';
const PLAIN = 'https://example.com/objects/100%25_x';
const AT = '2026-03-14T09:00:00Z';
const TIMES = { eventTime: AT, eventTimeZoneOffset: '+00:00' };

let app: TestApp;
const idOf = (serial: string): string => `urn:x:event:${serial.replaceAll(' ', '_')}`;
const event = (serial: string, fields: Event): Event => ({
  ...TIMES,
  eventID: idOf(serial),
  ...fields,
});
const object = (serial: string, fields: Event = {}): Event =>
  event(serial, {
    type: 'ObjectEvent',
    action: 'OBSERVE',
    epcList: [`https://example.com/objects/${serial.replaceAll(' ', '_')}`],
    ...fields,
  });
const declared = (of: Event, reason: string, declarationTime: string): Event => ({
  ...of,
  errorDeclaration: { declarationTime, reason, correctiveEventIDs: ['urn:x:event:right'] },
});
const sensing = (report: Event): Event => ({
  sensorElementList: [{ sensorReport: [{ type: 'Temperature', ...report }] }],
});
const place = (last: string): Event => ({ id: `urn:epc:id:sgln:9506000.13435.${last}` });

const EVENTS: readonly Event[] = [
  object('listed', { epcList: [`${SGTIN}A`, PLAIN] }),
  object('other product', { epcList: [`${OTHER}A`] }),
  object('by class', {
    epcList: [],
    quantityList: [
      { epcClass: LOT, quantity: 5 },
      { epcClass: OTHER_LOT, quantity: 2500, uom: 'GRM' },
    ],
  }),
  object('by product', { epcList: [], quantityList: [{ epcClass: TONIC }] }),
  event('packed', {
    type: 'AggregationEvent',
    action: 'ADD',
    parentID: SSCC,
    childEPCs: [`${SGTIN}B`],
    childQuantityList: [{ epcClass: LOT, quantity: 2.5, uom: 'KGM' }],
  }),
  event('made', {
    type: 'TransformationEvent',
    inputEPCList: [`${SGTIN}C`],
    inputQuantityList: [{ epcClass: LOT }],
    outputEPCList: [`${SGTIN}D`],
    outputQuantityList: [{ epcClass: OTHER_LOT }],
  }),
  event('ordered', {
    type: 'TransactionEvent',
    action: 'ADD',
    parentID: 'urn:epc:id:sscc:9506000.0134352001',
    epcList: [`${SGTIN}E`],
    bizTransactionList: [
      { type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:9506000134352:1' },
      { type: 'inv', bizTransaction: 'urn:epcglobal:cbv:bt:9506000134352:2' },
    ],
    sourceList: [
      { type: 'owning_party', source: 'urn:epc:id:pgln:9506000.13435' },
      { type: 'possessing_party', source: 'urn:epc:id:pgln:9506000.13436' },
    ],
    destinationList: [{ type: 'location', destination: 'urn:epc:id:sgln:9506000.13437.0' }],
  }),
  object('warm', sensing({ value: 26, uom: 'CEL' })),
  object('in Fahrenheit', sensing({ value: 50, uom: 'FAH' })),
  object('humid', sensing({ type: 'RelativeHumidity', value: 26, uom: 'P1' })),
  object('in the hall', { bizLocation: place('hall'), readPoint: place('hall') }),
  object('at the shelf', { bizLocation: place('shelf'), readPoint: place('shelf') }),
  object('at a place named alike', { bizLocation: place('hall2'), readPoint: place('hall2') }),
  object('wrong'),
  declared(object('wrong'), 'incorrect_data', '2026-03-16T00:00:00Z'),
  declared(object('never was'), 'did_not_occur', '2026-03-17T00:00:00Z'),
];

/** The site holds the hall, the hall the shelf; the product group holds a product. */
const WITHIN = [
  ['BusinessLocation', 'urn:epc:id:sgln:9506000.13435.0', 'urn:epc:id:sgln:9506000.13435.hall'],
  ['BusinessLocation', 'urn:epc:id:sgln:9506000.13435.hall', 'urn:epc:id:sgln:9506000.13435.shelf'],
  ['ReadPoint', 'urn:epc:id:sgln:9506000.13435.hall', 'urn:epc:id:sgln:9506000.13435.shelf'],
  ['EPCClass', TONICS, TONIC],
].map(([type, id, child]) => ({
  type: `urn:epcglobal:epcis:vtype:${type ?? ''}`,
  vocabularyElementList: [{ id, children: [child] }],
}));

beforeAll(async () => {
  app = await startApp();
  const body = {
    ...documentOf(...EVENTS),
    epcisHeader: { epcisMasterData: { vocabularyList: WITHIN } },
  };
  const { status, text } = await epcis(app, 'POST', '/capture', { body });
  expect([status, status === 202 ? '' : text]).toEqual([202, '']);
});
afterAll(() => app.stop());

/** Serials of what the parameters find, each once, sorted. */
async function found(parameters: Readonly<Record<string, string>>): Promise<string[]> {
  const query = new URLSearchParams(parameters).toString();
  const answer = await epcis(app, 'GET', `/events?perPage=100&${query}`);
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  const serials = eventsIn(answer).map(({ eventID }) =>
    String(eventID).replace('urn:x:event:', '').replaceAll('_', ' '),
  );
  return [...new Set(serials)].sort();
}

type Case = readonly [parameter: string, value: string, expected: readonly string[]];

describe('EPCIS-15 MATCH parameters look where the standard says', () => {
  const ALL = `urn:epc:idpat:sgtin:9506000.013435.*`;
  const cases: readonly Case[] = [
    ['MATCH_epc', ALL, ['listed', 'ordered', 'packed']],
    ['MATCH_epc', `${SGTIN}A`, ['listed']],
    ['MATCH_epc', 'https://id.gs1.org/01/09506000134352/21/B', ['packed']],
    ['MATCH_epc', `${SGTIN}A|${SGTIN}B`, ['listed', 'packed']],
    ['MATCH_epc', SSCC, []],
    ['MATCH_epc', `${SGTIN}C`, []],
    ['MATCH_parentID', SSCC, ['packed']],
    ['MATCH_parentID', 'urn:epc:idpat:sscc:9506000.*', ['ordered', 'packed']],
    ['MATCH_parentID', `${SGTIN}B`, []],
    ['MATCH_inputEPC', ALL, ['made']],
    ['MATCH_inputEPC', `${SGTIN}D`, []],
    ['MATCH_outputEPC', `${SGTIN}D`, ['made']],
    ['MATCH_outputEPC', `${SGTIN}C`, []],
    ['MATCH_anyEPC', ALL, ['listed', 'made', 'ordered', 'packed']],
    ['MATCH_anyEPC', SSCC, ['packed']],
    [
      'MATCH_anyEPC',
      'urn:epc:idpat:sgtin:9506000.*.*',
      ['listed', 'made', 'ordered', 'other product', 'packed'],
    ],
    ['MATCH_epcClass', LOT, ['by class', 'packed']],
    ['MATCH_epcClass', 'https://id.gs1.org/01/09506000134352/10/L1', ['by class', 'packed']],
    ['MATCH_epcClass', 'urn:epc:class:lgtin:9506000.013435.*', ['by class', 'packed']],
    ['MATCH_inputEPCClass', LOT, ['made']],
    ['MATCH_outputEPCClass', OTHER_LOT, ['made']],
    ['MATCH_outputEPCClass', LOT, []],
    ['MATCH_anyEPCClass', LOT, ['by class', 'made', 'packed']],
  ];
  test.each(cases)('%s=%s', async (parameter, value, expected) => {
    expect(await found({ [parameter]: value })).toEqual(expected);
  });

  test('% and _ are data, and no pattern', async () => {
    expect(await found({ MATCH_epc: PLAIN })).toEqual(['listed']);
    for (const like of [
      'https://example.com/objects/%',
      'https://example.com/objects/100%25__',
      `${SGTIN}%`,
      `${SGTIN}_`,
    ])
      expect(await found({ MATCH_epc: like })).toEqual([]);
  });

  test('a pattern in the middle of a field is refused', async () => {
    const { status, json } = await epcis(
      app,
      'GET',
      `/events?MATCH_epc=urn:epc:idpat:sgtin:9506000.0134*.A`,
    );
    expect([status, json['type']]).toEqual([400, 'epcisException:QueryParameterException']);
  });
});

describe('EPCIS-16 type and value are those of one element', () => {
  const bt = (n: number): string => `urn:epcglobal:cbv:bt:9506000134352:${n}`;
  const pgln = (n: number): string => `urn:epc:id:pgln:9506000.${n}`;
  const cases: readonly Case[] = [
    ['EQ_bizTransaction_po', bt(1), ['ordered']],
    ['EQ_bizTransaction_po', bt(2), []],
    ['EQ_bizTransaction_inv', bt(2), ['ordered']],
    ['EQ_bizTransaction_urn:epcglobal:cbv:btt:po', bt(1), ['ordered']],
    ['EQ_bizTransaction_https://ref.gs1.org/cbv/BTT-po', `${bt(9)}|${bt(1)}`, ['ordered']],
    ['EQ_source_owning_party', pgln(13_435), ['ordered']],
    ['EQ_source_owning_party', pgln(13_436), []],
    ['EQ_source_possessing_party', 'https://id.gs1.org/417/9506000134369', ['ordered']],
    ['EQ_destination_location', 'urn:epc:id:sgln:9506000.13437.0', ['ordered']],
    ['EQ_destination_owning_party', 'urn:epc:id:sgln:9506000.13437.0', []],
  ];
  test.each(cases)('%s=%s', async (parameter, value, expected) => {
    expect(await found({ [parameter]: value })).toEqual(expected);
  });
});

describe('EPCIS-17 quantities and readings compare after conversion of units', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, readonly string[]])[] = [
    [{ EQ_quantity: '5' }, ['by class']],
    [{ EQ_quantity: '5.0' }, ['by class']],
    [{ GT_quantity: '5' }, ['by class']],
    [{ LE_quantity: '2.5' }, ['packed']],
    [{ EQ_quantity_KGM: '2.5' }, ['by class', 'packed']],
    [{ EQ_quantity_GRM: '2500' }, ['by class', 'packed']],
    [{ GE_value: '25', EQ_sensorUOM: 'CEL' }, ['warm']],
    [{ LT_value: '25', EQ_sensorUOM: 'CEL' }, ['in Fahrenheit']],
    [{ GE_value_CEL: '10', LT_value_CEL: '10.1' }, ['in Fahrenheit']],
    [{ EQ_value_FAH: '78.8' }, ['warm']],
    [{ EQ_value_KEL: '299.15' }, ['warm']],
    [{ GE_value_P1: '26' }, ['humid']],
    [{ GE_value_KGM: '0' }, []],
  ];
  test.each(cases)('%j', async (parameters, expected) => {
    expect(await found(parameters)).toEqual(expected);
  });
});

describe('EPCIS-18 WD parameters follow the hierarchy of master data', () => {
  const sgln = (last: string): string => `urn:epc:id:sgln:9506000.13435.${last}`;
  const cases: readonly Case[] = [
    ['WD_bizLocation', sgln('0'), ['at the shelf', 'in the hall']],
    ['WD_bizLocation', sgln('hall'), ['at the shelf', 'in the hall']],
    [
      'WD_bizLocation',
      'https://id.gs1.org/414/9506000134352/254/hall',
      ['at the shelf', 'in the hall'],
    ],
    ['WD_bizLocation', sgln('shelf'), ['at the shelf']],
    ['EQ_bizLocation', sgln('hall'), ['in the hall']],
    ['WD_readPoint', sgln('hall'), ['at the shelf', 'in the hall']],
    ['WD_readPoint', sgln('ha'), []],
    ['WD_epcClass', TONICS, ['by product']],
    ['WD_epcClass', 'https://id.gs1.org/01/09506000134352', ['by product']],
    ['WD_epcClass', 'urn:epc:idpat:sgtin:9506000.013.*', []],
  ];
  test.each(cases)('%s=%s', async (parameter, value, expected) => {
    expect(await found({ [parameter]: value })).toEqual(expected);
  });
});

describe('EPCIS-19 fields that are there, and error declarations', () => {
  const cases: readonly Case[] = [
    ['EXISTS_errorDeclaration', 'true', ['never was', 'wrong']],
    ['EQ_errorReason', 'did_not_occur', ['never was']],
    ['EQ_errorReason', 'did_not_occur|urn:epcglobal:cbv:er:incorrect_data', ['never was', 'wrong']],
    ['EQ_errorReason', 'https://example.com/reasons/1', []],
    ['GE_errorDeclarationTime', '2026-03-17T00:00:00Z', ['never was']],
    ['LT_errorDeclarationTime', '2026-03-17T00:00:00Z', ['wrong']],
    ['EQ_correctiveEventID', 'urn:x:event:right', ['never was', 'wrong']],
    ['EXISTS_bizTransactionList', 'true', ['ordered']],
    ['EXISTS_sensorElementList', 'true', ['humid', 'in Fahrenheit', 'warm']],
    ['EXISTS_parentID', 'true', ['ordered', 'packed']],
  ];
  test.each(cases)('%s=%s', async (parameter, value, expected) => {
    expect(await found({ [parameter]: value })).toEqual(expected);
  });

  test('what is declared wrong is found beside its declaration, also when that came first', async () => {
    const serial = 'declared_first';
    const body = documentOf(declared(sighting(serial), 'did_not_occur', AT));
    await epcis(app, 'POST', '/capture', { body });
    await epcis(app, 'POST', '/capture', { body: documentOf(sighting(serial)) });
    const events = eventsIn(
      await epcis(app, 'GET', `/events?EQ_eventID=${encodeURIComponent(`urn:x:event:${serial}`)}`),
    );
    expect(events.map((one) => 'errorDeclaration' in one).sort()).toEqual([false, true]);
  });
});
