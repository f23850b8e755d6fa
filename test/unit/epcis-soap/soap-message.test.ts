import { ENVELOPES, readSoapMessage } from '../../../src/epcis-soap/soap-message.js';

const NAMES = '<GetQueryNames xmlns="urn:epcglobal:epcis-query:xsd:1"/>';

function envelope(body: string, header = '', uri: string = ENVELOPES['1.1']): string {
  return `<s:Envelope xmlns:s="${uri}"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

const read = (text: string): ReturnType<typeof readSoapMessage> =>
  readSoapMessage(new TextEncoder().encode(text), 'text/xml');

test.each(['1.1', '1.2'] as const)(
  'SOAP %s is told by the namespace of its envelope',
  (version) => {
    const message = read(envelope(NAMES, '', ENVELOPES[version]));
    expect(message).toMatchObject({
      kind: 'message',
      version,
      operation: { local: 'GetQueryNames' },
    });
  },
);

test.each([
  [
    'a header that must be understood',
    '<w:S xmlns:w="urn:x" s:mustUnderstand="1"/>',
    'MustUnderstand',
  ],
  [
    'one for whoever comes next',
    `<w:S xmlns:w="urn:x" s:mustUnderstand="1" s:actor="http://schemas.xmlsoap.org/soap/actor/next"/>`,
    'MustUnderstand',
  ],
  ['one that need not be', '<w:S xmlns:w="urn:x" s:mustUnderstand="0"/>', undefined],
  [
    'one for somebody else',
    '<w:S xmlns:w="urn:x" s:mustUnderstand="1" s:actor="urn:x:proxy"/>',
    undefined,
  ],
])('%s', (_, header, code) => {
  expect(read(envelope(NAMES, header))).toMatchObject(
    code === undefined ? { kind: 'message' } : { kind: 'fault', code },
  );
});

test('another SOAP is a mismatch; none or two operations are the client’s fault', () => {
  expect(read(envelope(NAMES, '', 'urn:x:soap'))).toMatchObject({ code: 'VersionMismatch' });
  expect(read(envelope(''))).toMatchObject({ code: 'Client' });
  expect(read(envelope(NAMES + NAMES))).toMatchObject({ code: 'Client' });
});

test.each([
  ['no XML', 'hello'],
  ['nothing', ''],
  ['an empty document type', `<!DOCTYPE s:Envelope>${envelope(NAMES)}`],
  ['entities', `<!DOCTYPE x [<!ENTITY a "b">]>${envelope('&a;')}`],
  ['another document', '<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1"/>'],
  ['depth', '<a>'.repeat(5000)],
  ['an unbound prefix', '<s:Envelope/>'],
])('%s is no envelope', (_, text) => {
  expect(read(text)).toMatchObject({ kind: 'none' });
});

test('a comment that speaks of document types is none', () => {
  expect(read(`<!-- <!DOCTYPE x> -->${envelope(NAMES)}`)).toMatchObject({ kind: 'message' });
});
