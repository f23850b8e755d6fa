import {
  classLinksOf,
  declarationNodeOf,
  eventNodeOf,
  ghostsOf,
  lotFactsOf,
  nameGroupsOf,
  shippingOf,
} from '../../../src/capture/event-batch.rules.js';
import type { NewlyAdmitted } from '../../../src/capture/event-batch.rules.js';
import { factsOf } from '../../../src/capture/event-facts.rules.js';
import { namedThingsOf } from '../../../src/capture/named-things.rules.js';
import type { EpcisEvent } from '../../../src/epcis/event.js';
import { objectEvent, parsed, without } from './parsed-event.js';

const A1 = '01/09506000134352/21/A1';
const B1 = '01/09506000134369/21/B1';
const PALLET = '00/095060001343520000';
const URN = {
  a1: 'urn:epc:id:sgtin:9506000.013435.A1',
  b1: 'https://id.gs1.org/01/09506000134369/21/B1',
  pallet: 'urn:epc:id:sscc:9506000.0134352000',
  site: 'urn:epc:id:sgln:9506000.13435.0',
  other: 'https://id.gs1.org/414/9506000134369',
};
const LGTIN = 'https://id.gs1.org/01/09506000134376/10/API-7';

function admitted(event: EpcisEvent): NewlyAdmitted {
  const one = { ...parsed(event), sentBy: 'host' };
  const lot = lotFactsOf(one);
  return { parsed: one, lot, facts: factsOf({ ...one, lot }) };
}

const transformation = (given: Readonly<Record<string, unknown>>): EpcisEvent =>
  ({
    eventID: 'urn:x:t:1',
    type: 'TransformationEvent',
    eventTime: '2026-03-14T09:00:00Z',
    eventTimeZoneOffset: '+00:00',
    ...given,
  }) as unknown as EpcisEvent;

describe('the event node', () => {
  test('has the dimensions as words and keys, and the event as it came', () => {
    const event = objectEvent({
      eventID: 'urn:x:1',
      action: 'ADD',
      eventTime: '2026-03-14T10:00:00+01:00',
      eventTimeZoneOffset: '+01:00',
      bizStep: 'commissioning',
      disposition: 'https://ns.example.com/disp/quarantined',
      readPoint: { id: URN.site },
      bizLocation: { id: URN.other },
      ilmd: { 'cbvmda:lotNumber': 'L1' },
      'ext:note': { deep: [1, null] },
    });

    const node = eventNodeOf(admitted(event), 'active');

    expect(node).toEqual({
      id: 'urn:x:1',
      sentBy: 'host',
      hash: parsed(event).hash,
      type: 'ObjectEvent',
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'https://ns.example.com/disp/quarantined',
      eventTime: Date.UTC(2026, 2, 14, 9),
      eventTimeZoneOffset: '+01:00',
      readPoint: '414/9506000134352',
      bizLocation: '414/9506000134369',
      text: JSON.stringify(event),
      ilmdLot: 'L1',
      retracted: null,
      giver: null,
      taker: null,
      waits: null,
    });
  });

  test('leaves out what is not said, and says when it is in error', () => {
    expect(
      eventNodeOf(
        admitted(transformation({ inputEPCList: [URN.a1], outputEPCList: [URN.b1] })),
        'inError',
      ),
    ).toMatchObject({
      action: null,
      bizStep: null,
      disposition: null,
      readPoint: null,
      bizLocation: null,
      ilmdLot: null,
      retracted: true,
    });
  });

  test('says until when it waits, what it was meant to say, and what stood around it', () => {
    const one = admitted(objectEvent());
    const around = { meant: '{}', text: ' {}', context: '[]', header: 'h' };

    expect(eventNodeOf({ ...one, parsed: { ...one.parsed, ...around } }, 'ahead')).toMatchObject({
      ...around,
      ...{ retracted: null, waits: Date.UTC(2026, 2, 14, 9) },
    });
    expect(Object.keys(eventNodeOf(one, 'active'))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/meant|context|header/)]),
    );
  });

  test('names who has it before and after, who owns it only where nobody else is told', () => {
    const [owner, possessor] = ['owning_party', 'possessing_party'].map((type, i) => ({
      ...{ type, source: `urn:x:${i}`, destination: `urn:x:${i}` },
    }));
    const event = objectEvent({
      sourceList: [owner, possessor].map((end) => ({ type: end!.type, source: end!.source })),
      destinationList: [{ type: owner!.type, destination: owner!.destination }],
    });

    expect(eventNodeOf(admitted(event), 'active')).toMatchObject({
      ...{ giver: 'urn:x:1', taker: 'urn:x:0' },
    });
  });
});

test('packages that only silent events name are there once, each as what its key says', () => {
  const event = objectEvent({ epcList: [URN.a1, URN.pallet] });
  const silent = [admitted(event), admitted(event)];

  expect(ghostsOf(silent)).toEqual([
    { key: A1, lot: '01/09506000134352', container: false },
    { key: PALLET, lot: '?', container: true },
  ]);
});

describe('packages are named by role', () => {
  test.each([
    [objectEvent(), [['epc', [A1]]]],
    [
      objectEvent({
        type: 'AggregationEvent',
        parentID: URN.pallet,
        childEPCs: [URN.a1],
        epcList: undefined,
      }),
      [
        ['parent', [PALLET]],
        ['child', [A1]],
      ],
    ],
    [
      transformation({ inputEPCList: [URN.a1], outputEPCList: [URN.b1] }),
      [
        ['input', [A1]],
        ['output', [B1]],
      ],
    ],
    [
      objectEvent({
        type: 'AssociationEvent',
        parentID: URN.site,
        childEPCs: [URN.a1],
        epcList: undefined,
      }),
      [['child', [A1]]],
    ],
  ])('%#', (event, groups) => {
    const given = 'childEPCs' in event ? without(event, 'epcList') : event;

    expect(nameGroupsOf(admitted(given)).map(({ role, keys }) => [role, keys])).toEqual(groups);
  });
});

describe('classes', () => {
  test('quantities keep amount and unit, and what is not said is null', () => {
    const event = objectEvent({
      eventID: 'urn:x:1',
      quantityList: [
        { epcClass: LGTIN, quantity: 2.5, uom: 'KGM' },
        { epcClass: 'https://id.gs1.org/01/09506000134376' },
      ],
    });

    expect(classLinksOf(admitted(event))).toEqual([
      {
        id: 'urn:x:1',
        role: 'quantity',
        lot: '01/09506000134376/10/API-7',
        quantity: 2.5,
        uom: 'KGM',
        expiry: null,
        madeAt: null,
      },
      {
        id: 'urn:x:1',
        role: 'quantity',
        lot: '01/09506000134376',
        quantity: null,
        uom: null,
        expiry: null,
        madeAt: null,
      },
    ]);
  });

  test('ilmd speaks of the lot of each product commissioned, with expiry and time of making', () => {
    const event = objectEvent({
      action: 'ADD',
      epcList: [URN.a1, URN.b1, 'urn:epc:id:sgtin:9506000.013435.A2'],
      ilmd: {
        'cbvmda:lotNumber': 'L1',
        'cbvmda:itemExpirationDate': '2027-01-31',
        'gs1:productionDate': '2026-01-31',
      },
    });

    const said = { role: 'ilmd', expiry: '2027-01-31', madeAt: Date.UTC(2026, 0, 31) };
    expect(classLinksOf(admitted(event))).toMatchObject([
      { ...said, lot: '01/09506000134352/10/L1' },
      { ...said, lot: '01/09506000134369/10/L1' },
    ]);
  });

  test('ilmd of a transformation speaks of its outputs, not of its inputs', () => {
    const event = transformation({
      inputEPCList: [URN.a1],
      outputEPCList: [URN.b1],
      ilmd: { 'cbvmda:lotNumber': 'L2' },
    });

    expect(classLinksOf(admitted(event)).map(({ lot }) => lot)).toEqual([
      '01/09506000134369/10/L2',
    ]);
  });
});

test('an event of a type of its own may hold anything under the names of the standard', () => {
  const event = objectEvent({
    type: 'https://ns.example.com/Weighing',
    action: { a: 1 },
    epcList: 7,
    readPoint: null,
    bizLocation: 'here',
    parentID: [],
    transformationID: {},
    sourceList: {},
    quantityList: [null],
  });
  const one = { parsed: { ...parsed(event), sentBy: 'host' }, lot: {}, facts: [] };

  expect(eventNodeOf(one, 'active')).toMatchObject({
    action: null,
    readPoint: null,
    bizLocation: null,
  });
  expect([...nameGroupsOf(one), ...classLinksOf(one)]).toEqual([]);
  expect(namedThingsOf([{ event }], () => false)).toEqual({
    sites: [],
    parties: [],
    products: [],
    packages: [],
  });
});

test('what an event names is told once, with the company prefix where an URN tells it', () => {
  const event = objectEvent({
    epcList: [URN.a1, URN.b1, 'urn:epc:id:sgtin:9506000.013435.A2', URN.pallet],
    quantityList: [{ epcClass: LGTIN }],
    readPoint: { id: URN.site },
    bizLocation: { id: URN.other },
    sourceList: [
      { type: 'location', source: URN.site },
      { type: 'owning_party', source: 'urn:epc:id:pgln:0614141.00001' },
    ],
  });

  expect(namedThingsOf([{ event }, { event }], () => false)).toEqual({
    sites: [
      { key: '414/9506000134352', gcp: '9506000' },
      { key: '414/9506000134369', gcp: null },
    ],
    parties: [{ key: '417/0614141000012', gcp: '0614141' }],
    products: [
      { key: '09506000134352', gcp: '9506000' },
      { key: '09506000134369', gcp: null },
      { key: '09506000134376', gcp: null },
    ],
    packages: [{ key: PALLET, gcp: '9506000' }],
  });
});

describe('a shipping', () => {
  const ends = {
    sourceList: [
      { type: 'possessing_party', source: 'urn:epc:id:pgln:9506000.13435' },
      { type: 'location', source: URN.site },
    ],
    destinationList: [
      { type: 'owning_party', destination: 'https://id.gs1.org/417/9506000134369' },
      { type: 'location', destination: URN.other },
    ],
  };

  test('goes from the source to the destination, with its parties', () => {
    const event = objectEvent({ eventID: 'urn:x:1', bizStep: 'shipping', ...ends });

    expect(shippingOf(admitted({ ...event, 'ex:eta': '2026-03-15' }))).toEqual({
      id: 'urn:x:1',
      shippedAt: Date.UTC(2026, 2, 14, 9),
      from: '414/9506000134352',
      to: '414/9506000134369',
      fromParty: '417/9506000134352',
      toParty: '417/9506000134369',
      dueAt: Date.UTC(2026, 2, 15),
      keys: [A1],
    });
  });

  test('without ends leaves from the business location, else from where it was read, to nobody knows where', () => {
    const read = { readPoint: { id: URN.site } };
    const shipping = objectEvent({ bizStep: 'shipping', ...read, bizLocation: { id: URN.other } });

    expect(shippingOf(admitted(shipping))).toMatchObject({ from: '414/9506000134369', to: '?' });
    expect(shippingOf(admitted(objectEvent({ bizStep: 'shipping', ...read })))).toMatchObject({
      from: '414/9506000134352',
      fromParty: null,
    });
    expect(shippingOf(admitted(objectEvent({ bizStep: 'shipping' })))?.from).toBe('?');
  });

  test('that packs takes the parent along, not child by child', () => {
    const event = objectEvent({
      type: 'AggregationEvent',
      action: 'ADD',
      bizStep: 'shipping',
      parentID: URN.pallet,
      childEPCs: [URN.a1],
    });

    expect(shippingOf(admitted(without(event, 'epcList')))?.keys).toEqual([PALLET]);
  });

  test('is no handoff when nothing is shipped', () => {
    expect(shippingOf(admitted(objectEvent({ bizStep: 'receiving', ...ends })))).toBeNull();
  });
});

test('a declaration keeps what it says and the event it repeats', () => {
  const event = objectEvent({
    eventID: 'urn:x:1',
    errorDeclaration: {
      declarationTime: '2026-03-15T00:00:00Z',
      reason: 'incorrect_data',
      correctiveEventIDs: ['urn:x:2'],
    },
  });

  expect(declarationNodeOf({ id: 'd', event: { ...parsed(event), sentBy: 'host' } })).toEqual({
    id: 'd',
    of: 'urn:x:1',
    reason: 'incorrect_data',
    declarationTime: Date.UTC(2026, 2, 15),
    sentBy: 'host',
    correctiveEventIDs: ['urn:x:2'],
    text: JSON.stringify(event),
  });
});
