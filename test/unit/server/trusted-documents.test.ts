import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { EVERYBODY, HOST } from '../../../src/access/principal.js';
import { TrustedDocuments, readTrustedDocuments } from '../../../src/server/trusted-documents.js';

const folder = mkdtempSync(join(tmpdir(), 'custody-trusted-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function read(text: string): TrustedDocuments {
  const file = join(folder, 'documents.json');
  writeFileSync(file, text);
  return readTrustedDocuments(file, buildSchema('type Query { a: Int }'));
}

test.each([
  ['{', 'cannot be read as JSON'],
  ['{"a": 1}', 'must hold a list of texts, or an object with a text for each id'],
  ['["{ a }", "{ b }"]', 'the document "1" is not valid: Cannot query field "b"'],
  ['{"x": "{ a"}', 'the document "x" is not valid: Syntax Error'],
])('the file %s is refused, with the setting and the reason', (text, reason) => {
  expect(() => read(text)).toThrow(/^TRUSTED_DOCUMENTS=/);
  expect(() => read(text)).toThrow(reason);
});

test('a file that is not there is refused', () => {
  expect(() =>
    readTrustedDocuments(join(folder, 'none'), buildSchema('type Query { a: Int }')),
  ).toThrow('cannot be read');
});

test('the place of a text in a list is no id of it, its hash is', () => {
  const trusted = read('["{ a }"]');
  // SHA-256 of the text, by sha256sum.
  const sha256Hash = '1c7e1e347f726166b5b1c55afd61f278cc9b45e00c108ec33d540a566379811b';

  expect(() => trusted.withText({ documentId: '0' })).toThrow('There is no document "0"');
  expect(trusted.withText({ documentId: sha256Hash, variables: { n: 1 } })).toEqual({
    query: '{ a }',
    variables: { n: 1 },
  });
});

test('a request with a text of its own, and one that names none, stay as they are', () => {
  const trusted = read('{"x": "{ a }"}');

  for (const request of [
    { query: '{ b }', documentId: 'x' },
    { variables: {} },
    null,
    'text',
    [{ documentId: 'x' }],
  ])
    expect(trusted.withText(request)).toBe(request);
});

test('any document may be run by an administrator and when the service is open, and by nobody else', () => {
  const trusted = new TrustedDocuments(new Map([['x', '{ a }']]));
  trusted.demand('{ b }', HOST);
  trusted.demand('{ b }', { ...EVERYBODY, roles: [] });
  trusted.demand('{ a }', { ...HOST, roles: ['analyst'] });

  expect(() => {
    trusted.demand('{ b }', { ...HOST, roles: ['analyst'] });
  }).toThrow('TRUSTED_DOCUMENTS');
});
