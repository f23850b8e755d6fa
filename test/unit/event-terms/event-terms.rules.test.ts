import type { EpcisEvent } from '../../../src/epcis/event.js';
import { termsOfDeclaration, termsOfEvent } from '../../../src/event-terms/event-terms.rules.js';

const SITE = 'urn:epc:id:sgln:9506000.13435.0';
const SGTIN = 'urn:epc:id:sgtin:9506000.013435.1';
const LGTIN = 'urn:epc:class:lgtin:9506000.013435.L1';
const LOT = '01/09506000134352/10/L1';
const source = (given: object) => ({
  id: 'urn:x:1',
  event: {
    ...{ type: 'ObjectEvent', action: 'OBSERVE', epcList: [SGTIN] },
    ...given,
  } as unknown as EpcisEvent,
  prefixes: new Map([['ex', 'https://ns/']]),
});
const terms = (given: object): readonly string[] => termsOfEvent(source(given));
const reports = (...sensorReport: object[]): object => ({ sensorElementList: [{ sensorReport }] });

describe('an event is found beyond its packages', () => {
  test('by nothing when it says nothing unusual', () => {
    const plain = { bizStep: 'shipping', disposition: 'in_transit', readPoint: { id: SITE } };

    expect(terms(plain)).toEqual([]);
    expect(terms({ type: 'AggregationEvent', parentID: SGTIN, childEPCs: [SGTIN] })).toEqual([]);
  });

  test('by its type where that has no action, an own one in both spellings', () => {
    expect(terms({ type: 'TransformationEvent', inputEPCList: [SGTIN] })).toEqual([
      'type TransformationEvent',
    ]);
    expect(terms({ type: 'ex:Own' })).toEqual(['type ex:Own', 'type https://ns#Own']);
    expect(terms({ epcList: [], quantityList: [{ epcClass: LGTIN, quantity: 2 }] })).toEqual([
      ...['type QuantityEvent', 'quantity', `class any ${LOT}`],
    ]);
  });

  test.each([
    ['epc', { epcList: [SGTIN, SITE] }],
    ['child', { type: 'AssociationEvent', childEPCs: [SITE] }],
    ['parent', { type: 'AssociationEvent', parentID: SITE, childEPCs: [SGTIN] }],
    ['input', { type: 'TransformationEvent', inputEPCList: [SITE] }],
    ['output', { type: 'TransformationEvent', outputEPCList: ['https://x/414/9506000134352'] }],
  ])('by a place that it names as %s, which is no package', (role, given) => {
    expect(terms(given).filter((term) => term.startsWith('epc '))).toEqual([
      `epc ${role} 414/9506000134352`,
    ]);
  });

  test('by what it is part of, sets and unsets, and by its transactions and ends, each once', () => {
    const order = { type: 'urn:epcglobal:cbv:btt:po', bizTransaction: 'urn:x:po' };

    expect(
      terms({
        persistentDisposition: { set: ['damaged'], unset: ['recalled'] },
        bizTransactionList: [order, order],
        sourceList: [{ type: 'owning_party', source: 'urn:x:p' }],
      }),
    ).toEqual([
      ...['set damaged', 'unset recalled'],
      ...['bizTransaction po urn:x:po', 'source owning_party urn:x:p'],
    ]);
    expect(terms({ type: 'TransformationEvent', transformationID: 'urn:x:t' })).toContain(
      'tid urn:x:t',
    );
  });

  test('by its classes, and by having a quantity when it says how many', () => {
    expect(terms({ quantityList: [{ epcClass: LGTIN }] })).toEqual([`class any ${LOT}`]);
    expect(
      terms({ type: 'TransformationEvent', inputQuantityList: [{ epcClass: LGTIN, quantity: 1 }] }),
    ).toEqual(['type TransformationEvent', 'quantity', `class input ${LOT}`]);
  });

  test('by its extension fields and their values, in it and inside of each other', () => {
    expect(terms({ 'ex:box': { 'ex:size': [7, true] } })).toEqual([
      ...['has event https://ns#box', 'has event ex#box'],
      ...[
        'has event/ https://ns#size',
        'is event/ https://ns#size 7',
        'is event/ https://ns#size true',
      ],
      ...['has event/ ex#size', 'is event/ ex#size 7', 'is event/ ex#size true'],
    ]);
  });

  test('by having fields at all where these are more than a hundred terms', () => {
    const fields = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`urn:x:f${i}`, 'v']));

    expect(terms(fields(50))).toHaveLength(100);
    expect(terms(fields(51))).toEqual(['has *']);
  });

  test('by its sensors and what these say in words, or by saying anything where that is much', () => {
    const devices = (count: number): object =>
      reports(...Array.from({ length: count }, (_, i) => ({ deviceID: `urn:x:${i}` })));
    const element = {
      sensorMetadata: { bizRules: 'urn:x:r' },
      sensorReport: [{ type: 'Temperature', value: 5 }],
    };

    expect(terms({ sensorElementList: [] })).toEqual([]);
    expect(terms({ sensorElementList: [element] })).toEqual([
      ...['sensor', 'reads bizRules urn:x:r', 'reads type Temperature'],
    ]);
    expect(terms(devices(99))).toHaveLength(100);
    expect(terms(devices(100))).toEqual([
      'sensor',
      ...['type', 'deviceID', 'dataProcessingMethod', 'bizRules', 'microorganism'].map(
        (name) => `reads ${name} *`,
      ),
      'reads chemicalSubstance *',
    ]);
  });
});

test('a declaration of error is found by all that it says and all that its event says', () => {
  const errorDeclaration = {
    ...{ declarationTime: '2026-03-02T12:00:00Z', reason: 'urn:epcglobal:cbv:er:incorrect_data' },
    correctiveEventIDs: ['urn:x:2'],
  };
  const given = {
    ...{
      errorDeclaration,
      bizStep: 'shipping',
      disposition: 'in_transit',
      epcList: [SGTIN, SGTIN],
    },
    ...{ readPoint: { id: SITE }, bizLocation: { id: SITE } },
  };

  expect(termsOfDeclaration(source(given))).toEqual(
    [
      ...['all', 'id urn:x:1', 'reason incorrect_data', 'corrects urn:x:2', 'type ObjectEvent'],
      ...['action OBSERVE', 'bizStep shipping', 'disposition in_transit'],
      ...['readPoint 414/9506000134352', 'bizLocation 414/9506000134352'],
      'epc epc 01/09506000134352/21/1',
    ].map((term) => `~${term}`),
  );
  expect(
    termsOfDeclaration(
      source({ type: 'TransformationEvent', epcList: undefined, action: undefined }),
    ),
  ).toEqual([...['~all', '~id urn:x:1', '~type TransformationEvent']]);
});
