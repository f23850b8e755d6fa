import type { EpcisEvent } from '../../../src/epcis/event.js';
import { prefixesOf } from '../../../src/epcis/namespaces.js';
import {
  lotOf,
  namesOf,
  partiesOf,
  quantitiesOf,
  sitesOf,
  unreadDatesOf,
} from '../../../src/epcis/readers.js';
import { bareWord } from '../../../src/epcis/vocabulary.js';
import { COMMISSIONING, CONTEXT, PACKING } from './fixtures.js';

const event = (fields: object): EpcisEvent =>
  ({ ...COMMISSIONING, ...fields }) as unknown as EpcisEvent;

describe('what an event names', () => {
  it('comes as canonical keys, each once, by the part it plays', () => {
    const childEPCs = [
      ...PACKING.childEPCs,
      'https://dl.example.com/01/09506000134352/21/A1',
      'https://example.com/tote/7',
    ];
    expect(namesOf({ ...PACKING, childEPCs } as unknown as EpcisEvent)).toEqual({
      parent: '00/095060001343520000',
      kids: ['01/09506000134352/21/A1', '01/09506000134352/21/A2', 'https://example.com/tote/7'],
      inputs: [],
      outputs: [],
      epcs: [],
    });
  });

  it('is nothing for an event of somebody else’s type', () => {
    expect(namesOf(event({ type: 'ours:Own' }))).toEqual({
      kids: [],
      inputs: [],
      outputs: [],
      epcs: [],
    });
  });

  it('includes quantities by class, with what is said of them and no more', () => {
    const quantityList = [
      { epcClass: 'urn:epc:class:lgtin:9506000.013435.L7', quantity: 2.5, uom: 'KGM' },
      { epcClass: 'urn:epc:idpat:sgtin:9506000.013435.*' },
    ];
    expect(quantitiesOf(event({ quantityList }))).toEqual([
      { role: 'quantity', classKey: '01/09506000134352/10/L7', quantity: 2.5, uom: 'KGM' },
      { role: 'quantity', classKey: '01/09506000134352' },
    ]);
  });

  it('includes the places and the parties', () => {
    const given = event({
      bizLocation: { id: 'urn:epc:id:sgln:9506000.00001.dock1' },
      sourceList: [
        {
          type: 'https://ref.gs1.org/cbv/SDT-owning_party',
          source: 'urn:epc:id:pgln:9506000.00001',
        },
      ],
      destinationList: [{ type: 'location', destination: 'urn:epc:id:sgln:9506000.00001.0' }],
    });
    expect(sitesOf(given)).toEqual({
      bizLocation: '414/9506000000015/254/dock1',
      readPoint: '414/9506000000015',
    });
    expect(partiesOf(given)).toEqual({
      sources: [{ type: 'owning_party', key: '417/9506000000015' }],
      destinations: [{ type: 'location', key: '414/9506000000015' }],
    });
  });
});

describe('what ilmd says of a lot', () => {
  it.each([
    [
      { 'cbvmda:lotNumber': 'L7', 'cbvmda:itemExpirationDate': '2028-01-31' },
      { lot: 'L7', expiry: '2028-01-31' },
    ],
    [
      {
        'https://gs1.org/voc/hasBatchLotNumber': 'L7',
        'gs1:expirationDate': '2028-01-31T00:00:00Z',
      },
      { lot: 'L7', expiry: '2028-01-31' },
    ],
    [
      { 'm:lotNumber': { '@value': ' L7 ' }, 'm:productionDate': '2026-01-02' },
      { lot: 'L7', madeAt: 1_767_312_000_000 },
    ],
    [{ 'urn:epcglobal:cbv:mda:lotNumber': 7 }, { lot: '7' }],
    [
      { 'ours:lotNumber': 'L7', 'cbvmda:itemExpirationDate': '2028-02-30', 'cbvmda:lotNumber': '' },
      {},
    ],
  ])('is read whatever the prefix: %j', (ilmd, facts) => {
    const prefixes = prefixesOf([...CONTEXT, { m: 'urn:epcglobal:cbv:mda' }]);
    expect(lotOf(event({ ilmd }), prefixes)).toEqual(facts);
  });
});

describe('an expiry', () => {
  const read = (date: unknown): unknown =>
    lotOf(event({ ilmd: { 'cbvmda:itemExpirationDate': date } })).expiry;

  it.each([
    '2028-05-31',
    '2028-05',
    '2028-05-00',
    '20280531',
    '20280500',
    '280531',
    '280500',
    '(17)280500',
    '2805311200',
    '2028-05-31T23:59:59Z',
    '2028-05-31T10:00:00',
    '2028-05-31+02:00',
    '2028-05Z',
    '20280531T100000Z',
    '2028-152',
    '2028-W22-3',
    280531,
    { '@value': '2028-05', '@type': 'xsd:gYearMonth' },
    { '@unit': 'x', '#text': '280531' },
  ])('is read in any form of ISO 8601 or GS1: %j', (date) => {
    expect(read(date)).toBe('2028-05-31');
  });

  it('ends with the last day of February, leap years too, and two digits are of the century around the event', () => {
    expect(['2028-02', '270200', '750101', '770101'].map(read)).toEqual([
      '2028-02-29',
      '2027-02-28',
      '2075-01-01',
      '1977-01-01',
    ]);
  });

  it.each([
    '31.05.2028',
    '2028-02-30',
    '2028-13',
    '281301',
    'never',
    { a: 1 },
    ['2028-05-31'],
    true,
  ])('that cannot be read is told of: %j', (date) => {
    const ilmd = { 'cbvmda:lotNumber': 'L', 'cbvmda:itemExpirationDate': date };
    expect(lotOf(event({ ilmd }))).toEqual({ lot: 'L' });
    expect(unreadDatesOf(event({ ilmd }))).toEqual([
      { name: 'cbvmda:itemExpirationDate', value: date },
    ]);
  });
});

describe('a class that stands where EPCs do', () => {
  const classes = [
    'urn:epc:class:lgtin:9506000.013435.L7',
    'https://id.gs1.org/01/09506000134352',
    'https://id.gs1.org/01/09506000134352/10/L7',
    'urn:epc:idpat:sgtin:9506000.013435.*',
    'https://id.gs1.org/8003/09506000134352',
  ];
  const things = [
    'urn:epc:id:sgtin:9506000.013435.A1',
    'https://id.gs1.org/01/09506000134352/235/T',
    'https://id.gs1.org/01/09506000134352/10/L7/21/A1',
    'urn:epc:id:grai:9506000.13435.S',
  ];

  it.each([
    ['epcList', 'epcs', 'quantity'],
    ['childEPCs', 'kids', 'childQuantity'],
    ['inputEPCList', 'inputs', 'inputQuantity'],
    ['outputEPCList', 'outputs', 'outputQuantity'],
  ] as const)('takes part by class, of unknown quantity: %s', (list, names, role) => {
    const given = event({ [list]: [...classes, ...things] });
    expect(namesOf(given)[names]).toEqual([
      '01/09506000134352/21/A1',
      '01/09506000134352/235/T',
      '8003/09506000134352S',
    ]);
    expect(quantitiesOf(given)).toEqual([
      { role, classKey: '01/09506000134352/10/L7' },
      { role, classKey: '01/09506000134352' },
      { role, classKey: '8003/09506000134352' },
    ]);
  });

  it('is not counted beside its quantity', () => {
    const quantityList = [{ epcClass: 'urn:epc:class:lgtin:9506000.013435.L7', quantity: 2 }];
    expect(quantitiesOf(event({ quantityList, epcList: classes.slice(0, 1) }))).toEqual([
      { role: 'quantity', classKey: '01/09506000134352/10/L7', quantity: 2 },
    ]);
  });
});

describe('a word of the standard', () => {
  it.each([
    'shipping',
    'urn:epcglobal:cbv:bizstep:shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'cbv:BizStep-shipping',
  ])('is one word in every spelling: %s', (spelling) => {
    expect(bareWord('bizStep', spelling)).toBe('shipping');
  });

  it.each([
    'https://ns.example.com/steps/shipping',
    'urn:epcglobal:cbv:bizstep:sailing',
    'urn:epcglobal:cbv:disp:shipping',
  ])('is not what a URI of somebody else means: %s', (uri) => {
    expect(bareWord('bizStep', uri)).toBe(uri);
  });
});
