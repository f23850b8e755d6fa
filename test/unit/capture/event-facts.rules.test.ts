import type { EpcisEvent } from '../../../src/epcis/event.js';
import { factsOf } from '../../../src/capture/event-facts.rules.js';
import { lotFactsOf } from '../../../src/capture/event-batch.rules.js';
import type { Fact } from '../../../src/projection/fact.js';
import { objectEvent, parsed, without } from './parsed-event.js';

const A1 = '01/09506000134352/21/A1';
const A2 = '01/09506000134352/21/A2';
const PALLET = '00/095060001343520000';
const SITE = '414/9506000134352';
const URN = {
  a1: 'urn:epc:id:sgtin:9506000.013435.A1',
  a2: 'urn:epc:id:sgtin:9506000.013435.A2',
  pallet: 'urn:epc:id:sscc:9506000.0134352000',
  site: 'urn:epc:id:sgln:9506000.13435.0',
};
const LGTIN = 'urn:epc:class:lgtin:9506000.013435.L1';

/** Facts of an event, without what every fact repeats of it. */
function facts(event: EpcisEvent): Partial<Fact>[] {
  const one = parsed(event);
  return factsOf({ ...one, lot: lotFactsOf(one) }).map(({ id, eventId, hash, t, ...rest }) => {
    expect([id.replace(/~in$/, ''), eventId, hash, t]).toEqual([
      one.id,
      one.id,
      one.hash,
      one.eventTimeMs,
    ]);
    return rest;
  });
}

const aggregation = (given: Readonly<Record<string, unknown>>): EpcisEvent => {
  return {
    ...without(objectEvent(), 'epcList'),
    type: 'AggregationEvent',
    parentID: URN.pallet,
    ...given,
  } as unknown as EpcisEvent;
};

test('a fact carries id, hash and time of its event', () => {
  const one = parsed(
    objectEvent({ eventID: 'urn:uuid:1', eventTime: '2026-03-14T10:00:00+01:00' }),
  );

  expect(factsOf({ ...one, lot: {} })).toEqual([
    {
      id: 'urn:uuid:1',
      eventId: 'urn:uuid:1',
      hash: one.hash,
      t: Date.UTC(2026, 2, 14, 9),
      act: 'see',
      kids: [A1],
    },
  ]);
});

test.each([
  ['the host', 'host', {}],
  ['the host, before it was kept', null, {}],
  ['an organisation', '417/9506000134352', { by: '417/9506000134352' }],
])('a fact carries its sender: %s', (_, sentBy, told) => {
  const one = parsed(objectEvent());

  expect(factsOf({ ...one, lot: {}, sentBy })).toMatchObject([{ act: 'see', ...told }]);
  expect('by' in factsOf({ ...one, lot: {}, sentBy })[0]!).toBe('by' in told);
});

test('a fact carries who owned and had the packages, who is to, and every party that is named', () => {
  const [from, to] = ['urn:epc:id:pgln:9506000.13435', 'urn:epc:id:pgln:9506000.13436'];
  const event = objectEvent({
    bizStep: 'shipping',
    sourceList: [
      { type: 'owning_party', source: from },
      { type: 'location', source: URN.site },
    ],
    destinationList: [{ type: 'possessing_party', destination: to }],
  });

  expect(facts(event)).toEqual([
    {
      act: 'see',
      kids: [A1],
      move: 'ship',
      giver: { owner: '417/9506000134352' },
      taker: { possessor: '417/9506000134369' },
      parties: ['417/9506000134352', SITE, '417/9506000134369'],
    },
  ]);
});

describe('AggregationEvent', () => {
  test('ADD puts the children in the parent', () => {
    expect(facts(aggregation({ action: 'ADD', childEPCs: [URN.a1, URN.a2] }))).toEqual([
      { act: 'pack', parent: PALLET, kids: [A1, A2] },
    ]);
  });

  test('OBSERVE puts nothing in and takes nothing out', () => {
    expect(facts(aggregation({ childEPCs: [URN.a1] }))).toEqual([
      { act: 'see', parent: PALLET, kids: [A1] },
    ]);
  });

  test('OBSERVE without a parent sees the children', () => {
    const bare = without(aggregation({ childEPCs: [URN.a1] }), 'parentID');

    expect(facts(bare)).toEqual([{ act: 'see', kids: [A1] }]);
  });

  test('DELETE takes the named children out', () => {
    expect(facts(aggregation({ action: 'DELETE', childEPCs: [URN.a1] }))).toEqual([
      { act: 'unpack', parent: PALLET, kids: [A1] },
    ]);
  });

  test.each([{}, { childEPCs: [] }, { childEPCs: [], childQuantityList: [] }])(
    'DELETE that names no child empties the parent: %j',
    (lists) => {
      expect(facts(aggregation({ action: 'DELETE', ...lists }))).toEqual([
        { act: 'unpack', parent: PALLET, kids: [], all: true },
      ]);
    },
  );

  test('DELETE that names a class only does not empty the parent', () => {
    const some = { action: 'DELETE', childQuantityList: [{ epcClass: LGTIN, quantity: 5 }] };

    expect(facts(aggregation(some))).toEqual([{ act: 'unpack', parent: PALLET, kids: [] }]);
  });

  test('that is a shipping packs and ships', () => {
    const event = aggregation({
      action: 'ADD',
      bizStep: 'shipping',
      childEPCs: [URN.a1],
      destinationList: [
        { type: 'owning_party', destination: 'urn:epc:id:pgln:9506000.13435' },
        { type: 'location', destination: URN.site },
      ],
    });

    expect(facts(event)).toEqual([
      {
        act: 'pack',
        parent: PALLET,
        kids: [A1],
        move: 'ship',
        dest: SITE,
        taker: { owner: '417/9506000134352' },
        parties: ['417/9506000134352', SITE],
      },
    ]);
  });
});

describe('AssociationEvent', () => {
  const association = (given: Readonly<Record<string, unknown>>): EpcisEvent =>
    ({ ...aggregation(given), type: 'AssociationEvent' }) as EpcisEvent;

  test.each(['ADD', 'DELETE', 'OBSERVE'])('%s is a sighting, no packing', (action) => {
    expect(facts(association({ action, childEPCs: [URN.a1] }))).toEqual([
      { act: 'see', parent: PALLET, kids: [A1] },
    ]);
  });

  test('with a place as parent sees the children only', () => {
    expect(facts(association({ action: 'ADD', parentID: URN.site, childEPCs: [URN.a1] }))).toEqual([
      { act: 'see', kids: [A1] },
    ]);
  });
});

describe('ObjectEvent', () => {
  test('ADD commissions, with the lot of its ilmd', () => {
    expect(facts(objectEvent({ action: 'ADD', ilmd: { 'cbvmda:lotNumber': 'L1' } }))).toEqual([
      { act: 'commission', kids: [A1], lot: 'L1' },
    ]);
    expect(facts(objectEvent({ action: 'ADD' }))).toEqual([{ act: 'commission', kids: [A1] }]);
  });

  test('OBSERVE sees: place and disposition as stated', () => {
    const event = objectEvent({
      bizStep: 'urn:epcglobal:cbv:bizstep:inspecting'.split(':').pop(),
      disposition: 'recalled',
      bizLocation: { id: URN.site },
    });

    expect(facts(event)).toEqual([{ act: 'see', kids: [A1], site: SITE, disposition: 'recalled' }]);
  });

  test('a readPoint is not where things are afterwards; absent stays absent', () => {
    expect(facts(objectEvent({ readPoint: { id: URN.site } }))).toEqual([
      { act: 'see', kids: [A1] },
    ]);
  });

  test.each([
    [{ action: 'DELETE', bizStep: 'decommissioning' }, 'decommissioned'],
    [{ action: 'DELETE' }, 'decommissioned'],
    [{ action: 'DELETE', bizStep: 'destroying' }, 'destroyed'],
    [{ action: 'DELETE', disposition: 'destroyed' }, 'destroyed'],
    [{ action: 'DELETE', disposition: 'dispensed' }, 'dispensed'],
    [{ action: 'DELETE', bizStep: 'dispensing' }, 'dispensed'],
    [{ action: 'OBSERVE', bizStep: 'dispensing' }, 'dispensed'],
    [{ action: 'OBSERVE', bizStep: 'dispensing', disposition: 'dispensed' }, 'dispensed'],
  ])('%j ends a package: %s', (given, end) => {
    expect(facts(objectEvent(given))).toMatchObject([{ act: 'end', kids: [A1], end }]);
  });

  test.each([
    { bizStep: 'dispensing', disposition: 'partially_dispensed' },
    { bizStep: 'destroying' },
    { disposition: 'destroyed' },
  ])('%j observed does not end it', (given) => {
    expect(facts(objectEvent(given))).toMatchObject([{ act: 'see', kids: [A1] }]);
  });

  test.each([
    ['shipping', 'ship'],
    ['departing', 'ship'],
    ['receiving', 'receive'],
    ['arriving', 'receive'],
    ['accepting', 'receive'],
    ['void_shipping', 'void'],
  ])('%s moves: %s', (bizStep, move) => {
    expect(facts(objectEvent({ bizStep }))).toEqual([{ act: 'see', kids: [A1], move }]);
  });

  test.each([
    { epcList: [], quantityList: [{ epcClass: LGTIN, quantity: 5 }] },
    {
      epcList: [],
      readPoint: { id: URN.site },
      sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 5, uom: 'CEL' }] }],
    },
  ])('that names no package says nothing of packages: %j', (given) => {
    expect(facts(objectEvent(given))).toEqual([]);
  });

  test('an EPC in two forms is one package', () => {
    const event = objectEvent({ epcList: [URN.a1, 'https://example.com/01/09506000134352/21/A1'] });

    expect(facts(event)).toEqual([{ act: 'see', kids: [A1] }]);
  });
});

test.each(['ADD', 'OBSERVE', 'DELETE'])(
  'a TransactionEvent %s is a sighting of what it names',
  (action) => {
    const event = objectEvent({
      type: 'TransactionEvent',
      action,
      parentID: URN.pallet,
      bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:po:1' }],
    });

    expect(facts(event)).toEqual([{ act: 'see', parent: PALLET, kids: [A1] }]);
  },
);

describe('TransformationEvent', () => {
  const transformation = (given: Readonly<Record<string, unknown>>): EpcisEvent =>
    ({
      type: 'TransformationEvent',
      eventTime: '2026-03-14T09:00:00Z',
      eventTimeZoneOffset: '+00:00',
      ...given,
    }) as unknown as EpcisEvent;

  test('commissions its outputs and sees its inputs; what it states is stated of the outputs', () => {
    const event = transformation({
      inputEPCList: [URN.a1],
      outputEPCList: [URN.a2],
      bizLocation: { id: URN.site },
      disposition: 'active',
      ilmd: { 'cbvmda:lotNumber': 'L2' },
    });

    expect(facts(event)).toEqual([
      {
        act: 'commission',
        kids: [A2],
        lot: 'L2',
        site: SITE,
        disposition: 'active',
        beside: [A1],
      },
      { act: 'see', kids: [A1], site: SITE, beside: [A2] },
    ]);
    const one = parsed(event);
    expect(factsOf({ ...one, lot: {} }).map(({ id }) => id)).toEqual([one.id, `${one.id}~in`]);
  });

  test('one half of a transformationID gives one fact, classes only give none', () => {
    const half = { transformationID: 'urn:x:t:1' };
    const classes = [{ epcClass: LGTIN, quantity: 5, uom: 'KGM' }];

    expect(facts(transformation({ ...half, inputEPCList: [URN.a1] }))).toEqual([
      { act: 'see', kids: [A1] },
    ]);
    expect(facts(transformation({ ...half, outputEPCList: [URN.a2] }))).toEqual([
      { act: 'commission', kids: [A2] },
    ]);
    expect(
      facts(transformation({ inputQuantityList: classes, outputQuantityList: classes })),
    ).toEqual([]);
  });
});

test('an event of a type of its own says nothing we understand', () => {
  expect(facts(objectEvent({ type: 'https://ns.example.com/Weighing' }))).toEqual([]);
});
