import type { EpcisEvent } from '../../../src/epcis/event.js';
import { prefixesOf } from '../../../src/epcis/namespaces.js';
import { convert } from '../../../src/epcis/units.js';
import type { Filter } from '../../../src/epcis-query/event-query.js';
import { matchesEvent } from '../../../src/epcis-query/match-event.rules.js';
import {
  parametersOfUrl,
  parseEventQuery,
} from '../../../src/epcis-query/query-parameters.rules.js';

const CONTEXT = { ex: 'https://example.org/ns/' };

function matches(search: string, fields: object): boolean {
  const event = {
    type: 'ObjectEvent',
    action: 'OBSERVE',
    eventTime: '2026-03-01T12:00:00.000Z',
    eventTimeZoneOffset: '+00:00',
    epcList: [],
    ...fields,
  } as EpcisEvent;
  const query = parseEventQuery(parametersOfUrl(new URLSearchParams(search)), CONTEXT);
  return matchesEvent(query, {
    id: 'urn:example:e',
    event,
    prefixes: prefixesOf(CONTEXT),
    recordTimeMs: 0,
  });
}

const sensors = (report: object, metadata: object = {}): object => ({
  sensorElementList: [
    { sensorMetadata: metadata, sensorReport: [{ type: 'Temperature', ...report }] },
  ],
});

const twoSensors = (report: object): object => ({
  sensorElementList: [
    { sensorReport: [{ type: 'Humidity' }, report] },
    { sensorReport: [{ type: 'Other' }] },
  ],
});
const declared = {
  errorDeclaration: {
    ...{ declarationTime: '2026-03-02T12:00:00Z', reason: 'incorrect_data' },
    correctiveEventIDs: ['urn:example:1', 'urn:example:2'],
  },
};

test.each([
  ['GE_value_FAH=68', sensors({ value: 20, uom: 'CEL' }), true],
  ['GT_value_FAH=68', sensors({ value: 20, uom: 'CEL' }), false],
  ['EQ_value_KEL=293.15', sensors({ value: 20, uom: 'CEL' }), true],
  ['GE_value_CEL=10', sensors({ value: 20 }), false],
  ['GE_value_KGM=10', sensors({ value: 20, uom: 'CEL' }), false],
  ['GE_value=10', sensors({ value: 20, uom: 'CEL' }), true],
  ['EQ_sensorUOM=FAH&LT_value=69', sensors({ value: 20, uom: 'CEL' }), true],
  ['EQ_sDev_FAH=9', sensors({ sDev: 5, uom: 'CEL' }), true],
  ['EQ_value_CEL=0', sensors({ value: 32, uom: 'FAH' }), true],
  ['GT_value_CEL=0', sensors({ value: 32, uom: 'FAH' }), false],
  ['LE_value_CEL=0', sensors({ value: 32, uom: 'FAH' }), true],
  ['EQ_value=1000000001', sensors({ value: 1_000_000_000 }), false],
  ['LT_value_CEL=1000000001', sensors({ value: 1_000_000_000, uom: 'CEL' }), true],
  ['LT_percRank=50', sensors({ percRank: 49.9 }), true],
  ['EQ_type=Temperature', sensors({}), true],
  ['EQ_type=RelativeHumidity', sensors({}), false],
  [
    'EQ_deviceID=urn:epc:id:giai:9506000.77',
    sensors({}, { deviceID: 'https://id.gs1.org/8004/950600077' }),
    true,
  ],
  ['EQ_SENSORREPORT_deviceID=urn:example:d', sensors({}, { deviceID: 'urn:example:d' }), false],
  ['EQ_stringValue=a_b', sensors({ stringValue: 'axb' }), false],
  ['EQ_booleanValue=false', sensors({ booleanValue: false }), true],
  ['EQ_exception=ALARM_CONDITION', sensors({ exception: 'ALARM_CONDITION' }), true],
  ['EQ_component=x', sensors({ component: 'https://ref.gs1.org/cbv/Comp-x' }), true],
  ['GE_time=2026-03-01T11:00:00Z', sensors({ time: '2026-03-01T12:00:00+01:00' }), true],
  ['LT_endTime=2026-03-01T11:00:00Z', sensors({}, { endTime: '2026-03-01T12:00:00+01:00' }), false],
  ['EXISTS_sensorElementList', sensors({}), true],
  [
    'GE_quantity_KGM=2',
    { quantityList: [{ epcClass: 'urn:example:c', quantity: 2500, uom: 'GRM' }] },
    true,
  ],
  ['GE_quantity_KGM=2', { quantityList: [{ epcClass: 'urn:example:c', quantity: 2500 }] }, false],
  ['EQ_ex:when=2026-03-01T12:00:00Z', { 'ex:when': '2026-03-01T13:00:00+01:00' }, true],
  ['GT_ex:when=2026-03-01T12:00:00Z', { 'ex:when': '2026-03-01T13:00:01+01:00' }, true],
  ['EQ_ex:code=7', { 'ex:code': '007' }, false],
  ['GE_ex:code=7', { 'ex:code': '007' }, true],
  ['EQ_ex:code=7.0', { 'ex:code': 7 }, true],
  ['GT_ex:code=1000000000', { 'ex:code': 1_000_000_001 }, true],
  ['EQ_ex:code=9506000134369', { 'ex:code': 9_506_000_134_352 }, false],
  ['EXISTS_ex:code', { 'ex:code': 0 }, true],
  ['EXISTS_ex:code', { 'ex:code': [] }, false],
  ['EXISTS_ex:code', { 'ex:code': null }, false],
  ['EXISTS_ilmd', { ilmd: {} }, false],
  ['EXISTS_epcList', { epcList: [] }, false],
  ['EXISTS_epcList', { epcList: ['urn:example:a'] }, true],
  [
    'EQ_bizTransaction_ex:own=urn:example:1',
    {
      bizTransactionList: [{ type: 'https://example.org/ns/own', bizTransaction: 'urn:example:1' }],
    },
    true,
  ],
  ['EQ_ex:flag=true', { 'ex:flag': true }, true],
  ['EQ_ex:code=b', { 'ex:code': ['a', { '@value': 'b' }] }, true],
  ['EQ_INNER_ex:code=b', { 'ex:code': 'b' }, false],
  ['EQ_INNER_ex:code=b', { 'ex:box': { 'ex:deep': [{ 'ex:code': 'b' }] } }, true],
  ['EQ_urn:example:other:code=b', { 'urn:example:other:code': 'b' }, true],
  ['eventType=QuantityEvent', { quantityList: [{ epcClass: 'urn:x:c', quantity: 7 }] }, true],
  ['eventType=ObjectEvent', { quantityList: [{ epcClass: 'urn:x:c', quantity: 7 }] }, true],
  ['eventType=QuantityEvent', { quantityList: [{ epcClass: 'urn:x:c', quantity: 1.5 }] }, false],
  [
    'eventType=QuantityEvent',
    { epcList: ['urn:x:1'], quantityList: [{ epcClass: 'urn:x:c', quantity: 7 }] },
    false,
  ],
  ['LT_eventTime=2026-03-01T12:00:00.000Z', {}, false],
  ['LT_eventTime=2026-03-01T12:00:00.000001Z', {}, true],
  ['GE_eventTime=2026-03-01T12:00:00.000Z', {}, true],
  ['GE_eventTime=2026-03-01T12:00:00.000001Z', {}, false],
  ['GE_recordTime=1970-01-01T00:00:00Z', {}, true],
  ['GE_recordTime=1970-01-01T00:00:00.001Z', {}, false],
  ['GE_ex:code=7', { 'ex:code': 'Infinity' }, false],
  ['LE_ex:code=7', { 'ex:code': ' ' }, false],
  ['LE_ex:code=7', { 'ex:code': true }, false],
  ['GT_ex:code=7', { 'ex:code': '7' }, false],
  ['LE_ex:code=7', { 'ex:code': '7' }, true],
  ['LT_ex:code=7', { 'ex:code': '7' }, false],
  ['LT_ex:code=7', { 'ex:code': ['8', '6'] }, true],
  ['GT_ex:when=2026-03-01T12:00:00Z', { 'ex:when': 5 }, false],
  ['EXISTS_eventID', {}, true],
  ['EQ_eventID=urn:example:e', {}, true],
  ['LT_eventTime=2026-03-01T12:00:00Z', { eventTime: 'some time' }, false],
  ['EQ_value=1|20', sensors({ value: 20 }), true],
  ['EQ_value_FAH=1|68', sensors({ value: 20, uom: 'CEL' }), true],
  ['EQ_ex:code=x|b', { 'ex:code': 'b' }, true],
  ['MATCH_epc=urn:example:9|urn:example:1', { epcList: ['urn:example:1'] }, true],
  [
    'MATCH_epcClass=urn:example:9|urn:example:c',
    { quantityList: [{ epcClass: 'urn:example:c' }] },
    true,
  ],
  ['eventType=AggregationEvent', { quantityList: [{ epcClass: 'urn:x:c', quantity: 7 }] }, false],
  ['EQ_eventID=urn:example:f', {}, false],
  ['EXISTS_errorDeclaration', {}, false],
  ['GE_errorDeclarationTime=2026-03-01T12:00:00Z', {}, false],
  ['EXISTS_errorDeclaration', declared, true],
  ['GE_errorDeclarationTime=2026-03-02T12:00:00Z', declared, true],
  ['LT_errorDeclarationTime=2026-03-02T12:00:00Z', declared, false],
  ['EQ_errorReason=incorrect_data', declared, true],
  ['EQ_errorReason=did_not_occur', declared, false],
  ['EQ_correctiveEventID=urn:example:2', declared, true],
  ['EQ_correctiveEventID=urn:example:3', declared, false],
  [
    'EQ_persistentDisposition_set=damaged',
    { persistentDisposition: { set: ['x', 'damaged'] } },
    true,
  ],
  [
    'EQ_persistentDisposition_unset=damaged',
    { persistentDisposition: { set: ['damaged'] } },
    false,
  ],
  [
    'EQ_transformationID=urn:example:t',
    { type: 'TransformationEvent', transformationID: 'urn:example:t' },
    true,
  ],
  ['EQ_transformationID=urn:example:t', {}, false],
  ['EQ_readPoint=urn:example:dock', { readPoint: { id: 'urn:example:dock' } }, true],
  ['EQ_readPoint=urn:example:dock', { bizLocation: { id: 'urn:example:dock' } }, false],
  ['MATCH_epc=urn:example:1', { epcList: ['urn:example:2', 'urn:example:1'] }, true],
  ['MATCH_parentID=urn:example:1', { epcList: ['urn:example:1'] }, false],
  ['MATCH_anyEPC=urn:example:1', { epcList: ['urn:example:1'] }, true],
  [
    'MATCH_epcClass=urn:example:c',
    { quantityList: [{ epcClass: 'urn:example:d' }, { epcClass: 'urn:example:c' }] },
    true,
  ],
  ['MATCH_inputEPCClass=urn:example:c', { quantityList: [{ epcClass: 'urn:example:c' }] }, false],
  ['GE_quantity=2', { quantityList: [{ epcClass: 'urn:example:c' }] }, false],
  [
    'GE_quantity=2',
    {
      quantityList: [
        { epcClass: 'urn:example:c', quantity: 1 },
        { epcClass: 'urn:example:c', quantity: 2 },
      ],
    },
    true,
  ],
  [
    'EQ_source_owning_party=urn:example:p',
    { sourceList: [{ type: 'possessing_party', source: 'urn:example:p' }] },
    false,
  ],
  ['EQ_SENSORMETADATA_deviceID=urn:example:d', sensors({ deviceID: 'urn:example:d' }), false],
  ['EQ_SENSORREPORT_deviceID=urn:example:d', sensors({ deviceID: 'urn:example:d' }), true],
  ['EQ_deviceID=urn:example:d', twoSensors({ deviceID: 'urn:example:d' }), true],
  ['GE_time=2026-03-01T11:00:00Z', twoSensors({ time: '2026-03-01T11:00:00Z' }), true],
  ['GE_time=2026-03-01T11:00:00Z', sensors({}, { time: '2026-03-01T11:00:00Z' }), true],
  ['GE_startTime=2026-03-01T11:00:00Z', sensors({ time: '2026-03-01T11:00:00Z' }), false],
  ['GE_value=10', twoSensors({ value: 10 }), true],
])('%s', (search, fields, expected) => {
  expect(matches(search, fields)).toBe(expected);
});

describe('what only master data tells', () => {
  const event = {
    ...{ type: 'ObjectEvent', readPoint: { id: 'urn:example:dock' } },
    bizLocation: { id: 'urn:example:hub' },
    quantityList: [{ epcClass: 'urn:example:c' }, { epcClass: 'urn:example:d' }],
    sourceList: [{ type: 'owning_party', source: 'urn:example:p' }],
    'ex:line': 'urn:example:7',
  } as unknown as EpcisEvent;
  const meets = (filter: Filter, ...found: string[]): boolean =>
    matchesEvent(
      { filters: [filter] },
      { id: 'e', event, prefixes: prefixesOf(CONTEXT), recordTimeMs: 0 },
      new Map([[filter, new Set(found)]]),
    );
  const place = { kind: 'place', descend: true, values: ['urn:example:dock'] } as const;

  test.each<[string, Filter]>([
    ['urn:example:dock', { ...place, field: 'readPoint' }],
    ['urn:example:d', { kind: 'classWithin', values: [] }],
    ['urn:example:dock', { kind: 'attribute', field: 'readPoint', names: [] }],
    ['urn:example:hub', { kind: 'attribute', field: 'bizLocation', names: [] }],
    ['urn:example:d', { kind: 'attribute', field: 'epcClass', names: [] }],
    ['urn:example:p', { kind: 'attribute', field: 'source', names: [] }],
    [
      'urn:example:7',
      { kind: 'attribute', field: { name: 'https://example.org/ns#line' }, names: [] },
    ],
  ])('decides whether %s meets %j', (key, filter) => {
    expect([meets(filter, 'x', key), meets(filter, 'x')]).toEqual([true, false]);
    expect(
      matchesEvent({ filters: [filter] }, { id: 'e', event, prefixes: new Map(), recordTimeMs: 0 }),
    ).toBe(false);
  });

  test('of a field that the event does not have decides nothing', () => {
    expect(meets({ ...place, field: 'bizLocation' }, 'urn:example:dock')).toBe(false);
    expect(meets({ kind: 'attribute', field: 'destination', names: [] }, 'urn:example:p')).toBe(
      false,
    );
  });
});

test('an own event type with fields of the same names is not taken for one of the standard', () => {
  expect(matches('EQ_bizStep=shipping', { type: 'ex:Own', bizStep: 'shipping' })).toBe(false);
  expect(matches('eventType=https://example.org/ns%23Own', { type: 'ex:Own' })).toBe(true);
});

test.each([
  [-40, 'CEL', 'FAH', -40],
  [1, 'ATM', 'PAL', 101_325],
  [1, 'LBR', 'GRM', 453.592_37],
  [36, 'KMH', 'MTS', 10],
  [1, 'P1', 'NX', 10],
  [1, 'HUR', 'SEC', 3600],
])('%s %s in %s is %s', (value, from, to, expected) => {
  expect(convert(value, from, to)).toBeCloseTo(expected, 6);
});

test('units of other quantities, and unknown ones, do not convert', () => {
  expect(convert(1, 'CEL', 'KGM')).toBeNull();
  expect(convert(1, 'XYZ', 'KGM')).toBeNull();
  expect(convert(1, 'XYZ', 'XYZ')).toBe(1);
});
