import type { EpcisEvent } from '../../../src/epcis/event.js';
import { prefixesOf } from '../../../src/epcis/namespaces.js';
import { lotOf, namesOf, partiesOf, quantitiesOf, sitesOf } from '../../../src/epcis/readers.js';
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
