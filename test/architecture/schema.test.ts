import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, buildSchema, parse, validate } from 'graphql';
import { makeSchema, sdlOf } from '../../src/server/schema.js';
import { unannounced } from '../support/breaking-changes.js';

const SDL = 'schema/schema.graphql';
const EXAMPLES = 'schema/examples';

const read = (path: string): string => readFileSync(path, 'utf8');
const examples = readdirSync(EXAMPLES).filter((name) => name.endsWith('.graphql'));

test('schema.graphql is what the code says; otherwise `npm run schema`', () => {
  expect(read(SDL)).toBe(sdlOf(makeSchema()));
});

test('the schema breaks no client of the last release, unless schema/CHANGES.md says so', async () => {
  const found = await unannounced(
    read('schema/baseline.graphql'),
    read(SDL),
    read('schema/CHANGES.md'),
  );

  expect(found).toEqual([]);
});

test('codegen.ts says what every scalar of ours is', () => {
  const ours = [...read(SDL).matchAll(/^scalar (\w+)/gm)].map(([, name]) => name!);

  expect(ours.length).toBeGreaterThan(0);
  for (const name of ours)
    expect(read('schema/codegen.ts')).toMatch(new RegExp(`^ +${name}: '`, 'm'));
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(0);
});

test.each(examples)('the example %s is valid, and its variables are those it declares', (name) => {
  const document = parse(read(join(EXAMPLES, name)));
  const variables: unknown = JSON.parse(
    read(join(EXAMPLES, name.replace('.graphql', '.variables.json'))),
  );

  expect(validate(buildSchema(read(SDL)), document).map(({ message }) => message)).toEqual([]);

  const declared = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
      : [],
  );
  expect(declared).toEqual(expect.arrayContaining(Object.keys(variables as object)));
});
