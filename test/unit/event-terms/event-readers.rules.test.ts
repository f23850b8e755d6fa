import type { EpcisEvent } from '../../../src/epcis/event.js';
import {
  extensionFields,
  isEmpty,
  keyOf,
  sensorsOf,
} from '../../../src/event-terms/event-fields.rules.js';
import {
  classRoleOf,
  epcsOf,
  sensorText,
  transformationOf,
  typedOf,
} from '../../../src/event-terms/event-readers.rules.js';
import { termOf } from '../../../src/event-terms/term.rules.js';

const event = (given: object): EpcisEvent =>
  ({ type: 'ObjectEvent', ...given }) as unknown as EpcisEvent;
const PREFIXES = new Map([['ex', 'https://ns/']]);
const SGTIN = 'urn:epc:id:sgtin:9506000.013435.1';
const KEY = '01/09506000134352/21/1';

test('each role has the packages of its list, and a parent is a list of one or of none', () => {
  const named = event({
    ...{ epcList: ['urn:x:epc'], childEPCs: ['urn:x:child'], parentID: SGTIN },
    ...{ inputEPCList: ['urn:x:input'], outputEPCList: ['urn:x:output'] },
  });

  expect(
    (['epc', 'child', 'parent', 'input', 'output'] as const).map((role) => epcsOf(named, role)),
  ).toEqual([['urn:x:epc'], ['urn:x:child'], [KEY], ['urn:x:input'], ['urn:x:output']]);
  expect(epcsOf(event({}), 'parent')).toEqual([]);
  expect(
    (['quantity', 'childQuantity', 'inputQuantity', 'outputQuantity'] as const).map((role) =>
      classRoleOf({ role, classKey: KEY }),
    ),
  ).toEqual(['any', 'any', 'input', 'output']);
});

test('transactions, sources and destinations have a type in one word, an untyped transaction an empty one', () => {
  const transfer = event({
    bizTransactionList: [
      { type: 'urn:epcglobal:cbv:btt:po', bizTransaction: SGTIN },
      { bizTransaction: 'urn:x:7' },
    ],
    sourceList: [{ type: 'urn:epcglobal:cbv:sdt:location', source: 'urn:x:from' }],
    destinationList: [{ type: 'owning_party', destination: 'urn:x:to' }],
  });

  expect(typedOf(transfer, 'bizTransaction')).toEqual([
    { type: 'po', key: KEY },
    { type: '', key: 'urn:x:7' },
  ]);
  expect(typedOf(transfer, 'source')).toEqual([{ type: 'location', key: 'urn:x:from' }]);
  expect(typedOf(transfer, 'destination')).toEqual([{ type: 'owning_party', key: 'urn:x:to' }]);
  expect(typedOf(event({}), 'bizTransaction')).toEqual([]);
  expect(transformationOf(event({ transformationID: SGTIN }))).toBe(KEY);
  expect(transformationOf(event({}))).toBeUndefined();
});

test.each([
  ['type', 'https://gs1.org/voc/Temperature', 'Temperature'],
  ['hexBinaryValue', 'f0:a', 'F0:A'],
  ['stringValue', SGTIN, SGTIN],
  ['deviceID', SGTIN, KEY],
  ['deviceID', 'urn:x:d', 'urn:x:d'],
  ['deviceID', 'sensor 5', 'sensor 5'],
])('a sensor that says %s %s is compared as %s', (attribute, value, text) => {
  expect(sensorText(attribute, value)).toBe(text);
});

test.each([
  [undefined, true],
  [null, true],
  [[], true],
  [{}, true],
  [[0], false],
  [{ a: null }, false],
  ['', false],
  [0, false],
  [false, false],
])('a field with %j is empty: %s', (value, empty) => {
  expect(isEmpty(value)).toBe(empty);
});

test('extension fields are found wherever an event may have them, with the scalars in them', () => {
  const field = { 'ex:f': 1 };
  const all = event({
    ...{ ...field, ilmd: field, readPoint: { id: 'urn:x:1', ...field }, bizLocation: field },
    errorDeclaration: field,
    sensorElementList: [{ ...field, sensorMetadata: field, sensorReport: [field, field] }],
  });

  expect(extensionFields(all, PREFIXES).map(({ scope }) => scope)).toEqual([
    ...['event', 'ilmd', 'readPoint', 'bizLocation', 'errorDeclaration'],
    ...['sensorElement', 'sensorMetadata', 'sensorReport', 'sensorReport'],
  ]);
  expect(sensorsOf(event({}))).toEqual([]);
  expect(keyOf(SGTIN)).toBe(KEY);
});

test.each<[string, object, (readonly [string, boolean, readonly unknown[]])[]]>([
  ['a text, a number, a truth', { 'ex:f': ['a', 1, true] }, [['f', false, ['a', 1, true]]]],
  ['nothing', { 'ex:f': null, 'ex:g': [], 'ex:h': {} }, []],
  ['nothing in a list', { 'ex:f': ['a', null] }, [['f', false, ['a']]]],
  ['a list in a list', { 'ex:f': [['a'], 'b'] }, [['f', false, ['a', 'b']]]],
  [
    'what JSON-LD says of a value',
    { 'ex:f': { '@value': 5, '@type': 'xsd:int' }, 'ex:g': [{ '@id': 'urn:x' }, { '#text': 't' }] },
    [
      ['f', false, [5]],
      ['g', false, ['urn:x', 't']],
    ],
  ],
  [
    'a field in a field, also in a list, and under a name without a namespace',
    { 'ex:f': [{ 'ex:g': 2 }, { plain: { 'ex:h': 3 } }] },
    [
      ['f', false, []],
      ['g', true, [2]],
      ['h', true, [3]],
    ],
  ],
  ['a field without a namespace that is not inside one', { plain: { 'ex:h': 3 } }, []],
])('%s in an extension field: %j', (_, given, expected) => {
  const found = extensionFields(event(given), PREFIXES);

  expect(
    found.map(({ names, inner, values }) => [names[0]?.replace('https://ns#', ''), inner, values]),
  ).toEqual(expected);
});

test('a term is no longer than an index takes', () => {
  expect(termOf('is', 'x'.repeat(297))).toHaveLength(300);
  expect(termOf('is', 'x'.repeat(298))).toBe(termOf('is', 'x'.repeat(297)));
});
