import fc from 'fast-check';
import type { EpcisEvent } from '../../../src/epcis/event.js';
import { identifierInFormat, withEpcFormat } from '../../../src/epcis/translate-identifiers.js';
import { LearnedPrefixLengths } from '../../../src/gs1/prefix-lengths.js';
import { URNS } from '../gs1/arbitraries.js';

const NONE = new LearnedPrefixLengths();
const KNOWN = new LearnedPrefixLengths(new Map([['4012345', 7]]));

const SGTIN = 'urn:epc:id:sgtin:4012345.012345.a%2Fb';
const SGTIN_LINK = 'https://id.gs1.org/01/04012345123456/21/a%2Fb';
const LGTIN = 'urn:epc:class:lgtin:4012345.012345.L1';
const LGTIN_LINK = 'https://id.gs1.org/01/04012345123456/10/L1';
const CLASS = 'urn:epc:idpat:sgtin:4012345.012345.*';
const CLASS_LINK = 'https://id.gs1.org/01/04012345123456';
const SGLN = 'urn:epc:id:sgln:4012345.00001.0';
const SGLN_LINK = 'https://id.gs1.org/414/4012345000016';
const PGLN = 'urn:epc:id:pgln:4012345.00225';
const PGLN_LINK = 'https://id.gs1.org/417/4012345002256';
const GDTI = 'urn:epc:id:gdti:4012345.55555.98';
const GDTI_LINK = 'https://id.gs1.org/253/401234555555498';
const GIAI = 'urn:epc:id:giai:4012345.S1';
const GIAI_LINK = 'https://id.gs1.org/8004/4012345S1';

interface Ids {
  sgtin: string;
  lgtin: string;
  gtin: string;
  sgln: string;
  pgln: string;
  gdti: string;
  giai: string;
}
const AS_URN: Ids = {
  sgtin: SGTIN,
  lgtin: LGTIN,
  gtin: CLASS,
  sgln: SGLN,
  pgln: PGLN,
  gdti: GDTI,
  giai: GIAI,
};
const AS_LINK: Ids = {
  sgtin: SGTIN_LINK,
  lgtin: LGTIN_LINK,
  gtin: CLASS_LINK,
  sgln: SGLN_LINK,
  pgln: PGLN_LINK,
  gdti: GDTI_LINK,
  giai: GIAI_LINK,
};

/** An event of every field, more of them than one event type has. */
function eventWith(ids: Ids): EpcisEvent {
  return {
    type: 'TransformationEvent',
    eventID: SGTIN,
    eventTime: '2026-01-01T00:00:00Z',
    eventTimeZoneOffset: '+00:00',
    parentID: ids.sgtin,
    epcList: [ids.sgtin, 'https://example.com/x', 'urn:epc:id:gid:1.2.3'],
    childEPCs: [ids.sgtin],
    inputEPCList: [ids.sgtin],
    outputEPCList: [ids.sgtin],
    quantityList: [{ epcClass: ids.lgtin, quantity: 5, uom: 'KGM' }],
    childQuantityList: [{ epcClass: ids.gtin }],
    inputQuantityList: [{ epcClass: ids.lgtin, quantity: 1 }],
    outputQuantityList: [{ epcClass: ids.lgtin }],
    readPoint: { id: ids.sgln, 'ex:door': SGTIN },
    bizLocation: { id: ids.sgln },
    sourceList: [{ type: 'owning_party', source: ids.pgln }],
    destinationList: [{ type: 'location', destination: ids.sgln }],
    bizTransactionList: [
      { type: 'po', bizTransaction: ids.gdti },
      { type: 'desadv', bizTransaction: 'urn:epcglobal:cbv:bt:4012345000016:12' },
    ],
    transformationID: ids.gdti,
    sensorElementList: [
      {
        sensorMetadata: { deviceID: ids.giai },
        sensorReport: [{ type: 'Temperature', deviceID: ids.giai, value: 5, uriValue: SGTIN }],
      },
    ],
    errorDeclaration: { declarationTime: '2026-01-02T00:00:00Z', correctiveEventIDs: [SGTIN] },
    ilmd: { 'ex:made': SGTIN },
    'ex:field': SGTIN,
  } as unknown as EpcisEvent;
}

test('every identifier of an event becomes a Digital Link, and nothing else changes', () => {
  expect(withEpcFormat(eventWith(AS_URN), 'Always_GS1_Digital_Link', NONE)).toEqual(
    eventWith(AS_LINK),
  );
});

test('and a URN again, where the length of the company prefix is known', () => {
  expect(withEpcFormat(eventWith(AS_LINK), 'Always_EPC_URN', KNOWN)).toEqual(eventWith(AS_URN));
});

test('what cannot be translated, or is not asked for, is the same event', () => {
  const links = eventWith(AS_LINK);
  const urns = eventWith(AS_URN);

  expect(withEpcFormat(links, 'Always_EPC_URN', NONE)).toBe(links);
  expect(withEpcFormat(links, 'Always_GS1_Digital_Link', NONE)).toBe(links);
  expect(withEpcFormat(urns, 'Always_EPC_URN', KNOWN)).toBe(urns);
  for (const format of ['No_Preference', 'Never_Translates'] as const)
    expect(withEpcFormat(urns, format, KNOWN)).toBe(urns);
});

test('the order of the fields stays', () => {
  const translated = withEpcFormat(eventWith(AS_URN), 'Always_GS1_Digital_Link', NONE);

  expect(Object.keys(translated)).toEqual(Object.keys(eventWith(AS_URN)));
});

test('an event type of somebody else is left alone', () => {
  const event = { ...eventWith(AS_URN), type: 'ex:Event' } as EpcisEvent;

  expect(withEpcFormat(event, 'Always_GS1_Digital_Link', NONE)).toBe(event);
});

test.each([
  [
    'https://shop.example/p/01/4012345123456/10/L1/21/A1?17=271231',
    'urn:epc:id:sgtin:4012345.012345.A1',
  ],
  ['https://shop.example/01/04012345123457', 'https://shop.example/01/04012345123457'],
  [
    'https://id.gs1.org/8006/040123451234560102/10/L1',
    'https://id.gs1.org/8006/040123451234560102/10/L1',
  ],
  ['https://shop.example/products/1', 'https://shop.example/products/1'],
])('%s as a URN is %s', (link, urn) => {
  expect(identifierInFormat(link, 'Always_EPC_URN', KNOWN)).toBe(urn);
});

test('a Digital Link of another domain stays as it came when Digital Links are asked for', () => {
  const link = 'https://shop.example/p/01/4012345123456/21/A1?17=271231';

  expect(identifierInFormat(link, 'Always_GS1_Digital_Link', KNOWN)).toBe(link);
  expect(
    identifierInFormat(
      'urn:epc:tag:sgtin-96:3.0614141.812345.6789',
      'Always_GS1_Digital_Link',
      NONE,
    ),
  ).toBe('https://id.gs1.org/01/80614141123458/21/6789');
});

test.each(Object.keys(URNS))('%s: URN to Digital Link and back is the same URN', (scheme) => {
  fc.assert(
    fc.property(URNS[scheme]!, (urn) => {
      const learned = new LearnedPrefixLengths();
      learned.learnFrom(urn);
      const link = identifierInFormat(urn, 'Always_GS1_Digital_Link', learned);

      expect(link.startsWith('https://id.gs1.org/')).toBe(true);
      expect(identifierInFormat(link, 'Always_GS1_Digital_Link', learned)).toBe(link);
      expect(identifierInFormat(link, 'Always_EPC_URN', learned)).toBe(urn);
    }),
  );
});
