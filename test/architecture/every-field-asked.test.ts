import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { fieldsAskedIn, fieldsOf, filesIn } from '../support/asked-fields.js';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const OWN = 'test/architecture/every-field-asked.test.ts';
const TESTS = filesIn('test', '.ts').filter((file) => file !== OWN);

test('every field of the schema is asked by some test', () => {
  const asked = fieldsAskedIn(TESTS, schema);
  const fields = fieldsOf(schema);

  expect(fields.length).toBeGreaterThan(400);
  expect(fields.filter((field) => !asked.has(field))).toEqual([]);
});

test('what is asked is read out of documents, constants of the file put in, and nothing else counts', () => {
  const asked = fieldsAskedIn([OWN], schema);
  const PART = 'key';
  const document = `{ site(gln: "1") { ${PART} operator { name } } }`;

  expect(document).toContain('{ key operator');
  expect([...asked].sort()).toEqual(['Party.name', 'Query.site', 'Site.key', 'Site.operator']);
  expect(asked.has('Site.city')).toBe(false);
});
