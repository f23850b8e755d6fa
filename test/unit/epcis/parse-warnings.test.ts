import { readSource } from '../../../src/epcis/source-document.js';
import type { CaptureLimits } from '../../../src/epcis/parse-document.js';
import { parseDocument, parseSource } from '../../../src/epcis/parse-document.js';
import { writeXmlDocument } from '../../../src/epcis/xml/write-document.js';
import { COMMISSIONING, documentOf, LIMITS, PACKING } from './fixtures.js';

const FIRST = '/epcisBody/eventList/0';
const EPC = 'urn:epc:id:sgtin:9506000.013435.A1';
const SAME = 'https://id.gs1.org/01/09506000134352/21/A1';

/** Each fault and warning of a document of these events. */
function said(limits: CaptureLimits, ...events: readonly object[]): string[] {
  const parsed = parseDocument(documentOf(...events), limits);
  const told = (kind: string, issues: readonly { code: string; pointer: string }[]): string[] =>
    issues.map(({ code, pointer }) => `${kind} ${code} ${pointer.replace(FIRST, '')}`);
  return [
    ...told('fault', parsed.ok ? [] : parsed.issues),
    ...told('warning', parsed.warnings.kept),
  ];
}

const TRANSFORMATION = {
  type: 'TransformationEvent',
  eventTime: '2026-03-14T09:26:53Z',
  eventTimeZoneOffset: '+00:00',
};

describe('the same EPC twice in a list is one, with a warning', () => {
  it.each([
    ['epcList', { ...COMMISSIONING, epcList: [EPC, EPC] }],
    ['epcList', { ...COMMISSIONING, epcList: [EPC, SAME] }],
    ['childEPCs', { ...PACKING, childEPCs: [EPC, SAME] }],
    ['inputEPCList', { ...TRANSFORMATION, inputEPCList: [EPC, EPC], outputEPCList: ['urn:x:1'] }],
    ['outputEPCList', { ...TRANSFORMATION, inputEPCList: ['urn:x:1'], outputEPCList: [EPC, EPC] }],
    [
      'epcList',
      {
        ...COMMISSIONING,
        type: 'TransactionEvent',
        bizTransactionList: [{ bizTransaction: 'urn:x:po' }],
        epcList: [EPC, EPC],
      },
    ],
  ])('%s', (name, event) => {
    expect(said(LIMITS, event)).toEqual([`warning ITEM_DUPLICATE /${name}/1`]);
  });

  it('in XML of 1.2, with line and column', () => {
    const epc = `<epc>${EPC}</epc>`;
    const xml = `<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2026-03-14T10:00:00Z">
<EPCISBody><EventList><ObjectEvent><eventTime>2026-03-14T09:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
<epcList>${epc}
${epc}</epcList><action>OBSERVE</action></ObjectEvent></EventList></EPCISBody></e:EPCISDocument>`;
    const read = readSource(Buffer.from(xml), 'application/xml', LIMITS);
    expect(read.ok && parseSource(read.source, LIMITS)).toMatchObject({
      ok: true,
      warnings: { found: 1, kept: [{ code: 'ITEM_DUPLICATE', line: 4, column: 1 }] },
    });
  });
});

describe('an event that names nothing', () => {
  const empty = { epcList: [], quantityList: [], sensorElementList: [] };
  it.each([
    ['ObjectEvent', { ...COMMISSIONING, ...empty }],
    ['ObjectEvent', { ...COMMISSIONING, epcList: [] }],
    ['AggregationEvent', { ...PACKING, childEPCs: [], childQuantityList: [] }],
    [
      'TransactionEvent',
      {
        ...COMMISSIONING,
        type: 'TransactionEvent',
        bizTransactionList: [{ bizTransaction: 'urn:x:po' }],
        epcList: [],
      },
    ],
    ['TransformationEvent', { ...TRANSFORMATION, inputEPCList: [], outputEPCList: [] }],
    [
      'AssociationEvent',
      { ...PACKING, type: 'AssociationEvent', childEPCs: [], childQuantityList: [] },
    ],
  ])('%s with empty lists is refused as one without them is', (_type, event) => {
    expect(said(LIMITS, event)).toEqual(['fault WHAT_MISSING ']);
  });
});

test('an element of master data with more than a thousand attributes is refused', () => {
  const attributes = Array.from({ length: 1001 }, (_, i) => ({ id: `urn:x:${i}`, attribute: '' }));
  const vocabularyElementList = [{ id: 'urn:x:site', attributes }];
  const type = 'urn:epcglobal:epcis:vtype:BusinessLocation';
  const epcisMasterData = { vocabularyList: [{ type, vocabularyElementList }] };
  const document = { ...documentOf(COMMISSIONING), epcisHeader: { epcisMasterData } };
  const parsed = parseDocument(document, LIMITS);
  expect(!parsed.ok && parsed.issues.map(({ code }) => code)).toEqual(['LIMIT_ITEMS']);
});

describe('what is taken, and told of', () => {
  it.each([
    [
      'a year before 1990',
      { ...COMMISSIONING, eventTime: '1989-12-31T23:59:59Z' },
      'TIME_LONG_AGO /eventTime',
    ],
    [
      'a class among EPCs',
      { ...COMMISSIONING, epcList: [EPC, 'urn:epc:class:lgtin:9506000.013435.L7'] },
      'CLASS_AS_EPC /epcList/1',
    ],
    [
      'a product among children',
      { ...PACKING, childEPCs: ['https://id.gs1.org/01/09506000134352'] },
      'CLASS_AS_EPC /childEPCs/0',
    ],
    [
      'a lot as the parent',
      { ...PACKING, parentID: 'urn:epc:class:lgtin:9506000.013435.L7' },
      'CLASS_AS_EPC /parentID',
    ],
    [
      'an unread expiry',
      { ...COMMISSIONING, ilmd: { 'cbvmda:itemExpirationDate': '31.5.2028' } },
      'DATE_UNREAD /ilmd/cbvmda:itemExpirationDate',
    ],
    [
      'an unread date of making',
      { ...COMMISSIONING, ilmd: { 'gs1:productionDate': 'May' } },
      'DATE_UNREAD /ilmd/gs1:productionDate',
    ],
  ])('%s', (_what, event, warning) => {
    expect(said(LIMITS, event)).toEqual([`warning ${warning}`]);
  });

  it('nothing is told of what is usual', () => {
    const ilmd = { 'cbvmda:itemExpirationDate': '2028-05', 'cbvmda:lotNumber': '' };
    expect(
      said(LIMITS, { ...COMMISSIONING, eventTime: '1990-01-01T00:00:00Z', ilmd }, PACKING),
    ).toEqual([]);
  });
});

describe('a time of', () => {
  const at = (time: string): object => ({
    ...COMMISSIONING,
    eventTime: time,
    recordTime: time,
    errorDeclaration: { declarationTime: time },
    sensorElementList: [
      { sensorMetadata: { time }, sensorReport: [{ type: 'Temperature', time }] },
    ],
  });

  it.each(['2026-03-14 09:00:00Z', '2016-12-31T23:59:60Z', '2026-03-14T24:00:01Z'])(
    '%s is refused wherever it stands',
    (time) => {
      const faults = said(LIMITS, at(time));
      expect(faults).toHaveLength(5);
      expect(new Set(faults.map((fault) => fault.split(' ', 2).join(' ')))).toEqual(
        new Set(['fault TIME_INVALID']),
      );
    },
  );

  it('24:00:00 is taken, and is midnight', () => {
    const [late, early] = ['2026-03-14T24:00:00+01:00', '2026-03-15T00:00:00+01:00'].map((time) => {
      const parsed = parseDocument(documentOf(at(time)), LIMITS);
      return parsed.ok ? parsed.document.events[0] : undefined;
    });
    expect(late).toMatchObject({ eventTimeMs: early?.eventTimeMs, hash: early?.hash });
  });
});

describe('an element of a newer standard', () => {
  const xml = (inside: string, more = ''): string =>
    `<?xml version="1.0"?><e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:1" xmlns:x="https://ns.example.com/x/" schemaVersion="1.2" creationDate="2026-03-14T10:00:00Z"><EPCISBody><EventList><ObjectEvent><eventTime>2026-03-14T09:00:00.000Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList><epc>urn:epc:id:sgtin:9506000.013435.X1</epc></epcList><action>OBSERVE</action><extension>${more}<extension>${inside}</extension></extension><x:note>n</x:note></ObjectEvent></EventList></EPCISBody></e:EPCISDocument>`;
  const read = (text: string): ReturnType<typeof parseSource> => {
    const source = readSource(Buffer.from(text), 'application/xml', LIMITS);
    if (!source.ok) throw new Error('no XML');
    return parseSource(source.source, LIMITS);
  };
  const newer = '<coldChain><limit unit="CEL">8</limit></coldChain><grade>A</grade>';

  it('is kept where 1.2 leaves room for it, told of, and hashes as with the reference program', () => {
    const parsed = read(xml(newer));
    expect(parsed).toMatchObject({
      ok: true,
      document: {
        events: [
          {
            event: { coldChain: { limit: { '@unit': 'CEL', '#text': '8' } }, grade: 'A' },
            hash: 'ni:///sha-256;ebe6d1ac3bf9868c93ae599580c3cce153df5fd86f899cb938648fcad9468644?ver=CBV2.0',
          },
        ],
      },
      warnings: { kept: [{ code: 'ELEMENT_NEWER', line: 1 }, { code: 'ELEMENT_NEWER' }] },
    });
  });

  it.each(['1.2', '2.0'] as const)(
    'is given back in XML %s so that it reads as the same event',
    (version) => {
      const quantities =
        '<quantityList><quantityElement><epcClass>urn:x:c</epcClass></quantityElement></quantityList>';
      const parsed = read(xml(newer, quantities));
      const given = parsed.ok ? parsed.document.events : [];
      const outputs = given.map(({ event, context = '{}' }) => ({
        event,
        context: JSON.parse(context) as Record<string, string>,
      }));
      const text = writeXmlDocument(outputs, { kind: 'EPCISDocument', creationDateMs: 0, version });
      const back = read(text);
      expect(back.ok && back.document.events[0]?.hash).toBe(given[0]?.hash);
      expect(text.match(/<extension>/g)).toHaveLength(version === '1.2' ? 2 : 1);
    },
  );

  it.each([
    ['', newer],
    ['<childEPCs><epc>urn:x:1</epc></childEPCs>', ''],
    ['<type>x</type>', ''],
  ])(
    'is refused elsewhere, and so is one that the standard has on other events: %s',
    (inside, more) => {
      const parsed = read(xml(inside, more));
      expect(parsed.ok ? [] : new Set(parsed.issues.map(({ code }) => code))).toEqual(
        new Set(['FIELD_UNKNOWN']),
      );
    },
  );
});

describe('a URI that only looks like a Digital Link', () => {
  const site = 'https://acme.example/site/00/123456789012345678';
  const at = (id: string): object => ({ ...COMMISSIONING, readPoint: { id } });

  it.each([
    [at(site), '/readPoint/id'],
    [at('https://acme.example/01/09506000134352?21=A1'), '/readPoint/id'],
    [{ ...COMMISSIONING, epcList: ['https://acme.example/8003/030013450007718765'] }, '/epcList/0'],
    [{ ...PACKING, parentID: site }, '/parentID'],
    [
      { ...COMMISSIONING, sourceList: [{ type: 'location', source: site }] },
      '/sourceList/0/source',
    ],
  ])('is a private one, with a warning: %j', (event, pointer) => {
    expect(said(LIMITS, event)).toEqual([`warning LOOKS_LIKE_GS1_ID ${pointer}`]);
  });

  it.each(['acme.example', 'other.example', 'example'])(
    'is refused on a domain that is told, here %s, and on those under it',
    (domain) => {
      const kind =
        domain === 'other.example' ? 'warning LOOKS_LIKE_GS1_ID' : 'fault GS1_ID_INVALID';
      const limits = { ...LIMITS, digitalLinkDomains: [domain] };
      expect(said(limits, at(site), at('https://notacme.example2/00/1'))).toEqual([
        `${kind} /readPoint/id`,
      ]);
      expect(
        said(limits, at(site.replace('acme.', 'a.acme.').replace('.example/', '.example:8443/'))),
      ).toEqual([`${kind} /readPoint/id`]);
    },
  );

  it('is refused on id.gs1.org', () => {
    expect(said(LIMITS, at(site.replace('acme.example', 'id.gs1.org')))).toEqual([
      'fault GS1_ID_INVALID /readPoint/id',
    ]);
  });
});
