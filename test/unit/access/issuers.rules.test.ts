import { issuersOf, mayHaveKeysAt, organisationOf } from '../../../src/access/issuers.rules.js';

const GLN = '9506000134352';
const ENTRY = { issuer: 'https://id.example', audience: 'custody-graph', organisations: [GLN] };

const faultOf = (entries: unknown): string => {
  try {
    issuersOf(JSON.stringify(entries));
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
};

test('issuers are read with their organisations as keys', () => {
  const host = { issuer: 'http://127.0.0.1:4139', audience: 'urn:custody-graph', host: true };
  const jwksUri = 'https://keys.example/jwks?tenant=1';

  expect(issuersOf(JSON.stringify([{ ...ENTRY, jwksUri }, host]))).toEqual([
    { ...ENTRY, jwksUri, host: false, organisations: [`417/${GLN}`] },
    { ...host, organisations: [] },
  ]);
});

test('an empty text has no issuers', () => {
  expect(issuersOf(' ')).toEqual([]);
});

test.each([
  ['another array in the place of an entry', [[]], 'entry 1 must be a JSON object'],
  ['no array', ENTRY, 'must be a JSON array in one line, such as [{"issuer"'],
  [
    'a field with another name',
    [ENTRY, { ...ENTRY, organizations: [] }],
    'entry 2, field "organizations": is not known. The fields are issuer,',
  ],
  [
    'a partner without organisations',
    [{ ...ENTRY, organisations: [] }],
    'entry 1, field "organisations": must list at least one GLN',
  ],
  [
    'a wrong check digit',
    [{ ...ENTRY, organisations: [GLN, '9506000134353'] }],
    'entry 1, field "organisations[1]": must be a GLN of 13 digits. The check digit of',
  ],
  [
    'a GLN without quotes',
    [{ ...ENTRY, organisations: [Number(GLN)] }],
    'entry 1, field "organisations[0]": must be a GLN of 13 digits in quotes',
  ],
  [
    'one GLN that is not in an array',
    [{ ...ENTRY, organisations: GLN }],
    'entry 1, field "organisations": must be an array of GLNs',
  ],
  ['no audience', [{ ...ENTRY, audience: ' ' }], 'entry 1, field "audience": must be a text'],
  ['host in quotes', [{ ...ENTRY, host: 'true' }], 'entry 1, field "host": must be true or false'],
  [
    'an issuer twice',
    [ENTRY, { ...ENTRY, audience: 'other' }],
    'entry 2, field "issuer": https://id.example is there already. Put all its',
  ],
  [
    'a query in the issuer',
    [{ ...ENTRY, issuer: 'https://id.example?x' }],
    'entry 1, field "issuer": must have no query',
  ],
])('%s is refused with its place and the rule', (_, entries, fault) => {
  expect(faultOf(entries)).toContain(fault);
});

test('a text that is not JSON is refused with an example', () => {
  expect(() => issuersOf('https://id.example')).toThrow('must be a JSON array in one line');
});

test.each([
  ...['http://id.example', 'http://10.0.0.1', 'http://localhost.example', 'id.example'],
  ...[
    'https://user@id.example',
    'https://:secret@id.example',
    'https://id.example/#a',
    'file:///keys',
    '',
  ],
])('an issuer or its keys cannot be at %p', (url) => {
  expect(faultOf([{ ...ENTRY, issuer: url }])).toContain('entry 1, field "issuer": must be a URL');
  expect(faultOf([{ ...ENTRY, jwksUri: url }])).toContain(
    'entry 1, field "jwksUri": must be a URL',
  );
});

test('discovery leads an issuer elsewhere neither to http nor to this machine by http', () => {
  expect(mayHaveKeysAt('https://keys.example', 'https://id.example')).toBe(true);
  expect(mayHaveKeysAt('http://127.0.0.1:1/jwks', 'http://localhost:1')).toBe(true);
  expect(mayHaveKeysAt('http://127.0.0.1:1/jwks', 'https://id.example')).toBe(false);
  expect(mayHaveKeysAt('http://keys.example', 'http://localhost:1')).toBe(false);
});

test.each([
  GLN,
  ` ${GLN} `,
  `urn:epc:id:pgln:950600013.435`,
  `urn:epc:id:sgln:950600013.435.0`,
  `urn:epc:id:sgln:950600013.435.dock1`,
  `https://id.gs1.org/417/${GLN}`,
  `https://id.gs1.org/414/${GLN}/254/dock1`,
])('%p names an organisation by its GLN', (text) => {
  expect(organisationOf(text)).toEqual({ ok: true, key: `417/${GLN}` });
});

test.each([
  '',
  '9506000134353',
  '950600013435',
  '00614141999996',
  'https://id.gs1.org/01/09506000134352',
  'urn:epc:id:sgtin:950600.0134352.1',
  'Pharma Wholesale Ltd',
])('%p names no organisation', (text) => {
  expect(organisationOf(text)).toMatchObject({ ok: false });
});
