import { readSource } from '../../../src/epcis/source-document.js';
import type { CaptureLimits } from '../../../src/epcis/parse-document.js';
import { parseDocument, parseSource } from '../../../src/epcis/parse-document.js';
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
