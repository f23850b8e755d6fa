import { unannounced } from '../../support/breaking-changes.js';

const BEFORE = `
type Query { pack(id: ID!): Pack packs(first: Int): [Pack!]! }
type Pack { key: ID! lot: String status: Status! }
enum Status { ACTIVE ENDED }
input PackInput { key: ID! lot: String }`;

const changes = (entries: string): string =>
  `# Changes\n\n## Breaking since the last release\n\n${entries}\n\n## Before\n\nGone: \`Pack.lot\`.\n`;

const change = (from: string, to: string): string => {
  expect(BEFORE).toContain(from);
  return BEFORE.replace(from, to);
};

test('a field that is gone is refused, with its name and what to do', async () => {
  const found = await unannounced(BEFORE, change(' lot: String status', ' status'), changes(''));

  expect(found).toEqual([
    `Field 'lot' was removed from object type 'Pack'. Clients break: keep what was there, or write \`Pack.lot\` and why in schema/CHANGES.md, under "Breaking since the last release".`,
  ]);
});

test('a field that is gone is accepted when it is named under the heading, and not when only the beginning of its name is', async () => {
  const now = change(' lot: String status', ' status');

  expect(await unannounced(BEFORE, now, changes('`Pack.lot`: a pack has many.'))).toEqual([]);
  expect(await unannounced(BEFORE, now, changes('`Pack.lots`, `Pack`'))).toHaveLength(1);
});

test.each([
  [
    'a kind that may be null now',
    'key: ID! lot: String status',
    'key: ID lot: String status',
    'Pack.key',
  ],
  ['an argument that is gone', 'packs(first: Int)', 'packs', 'Query.packs.first'],
  ['an argument that must be given now', 'first: Int', 'first: Int!', 'Query.packs.first'],
  ['a word that is gone', 'ACTIVE ENDED', 'ACTIVE', 'Status.ENDED'],
  ['an input that must be given now', 'ID! lot: String }', 'ID! lot: String! }', 'PackInput.lot'],
])('%s breaks clients', async (_, from, to, path) => {
  const now = change(from, to);

  expect(await unannounced(BEFORE, now, changes(''))).toEqual([
    expect.stringContaining(`\`${path}\``),
  ]);
  expect(await unannounced(BEFORE, now, changes(`\`${path}\``))).toEqual([]);
});

test('a schema that grows breaks nobody: a field, a type, an argument and a word are new', async () => {
  const grown =
    `${change('status: Status!', 'status: Status! site(of: Int): Site')} type Site { key: ID! }`
      .replace('ACTIVE ENDED', 'ACTIVE ENDED UNKNOWN')
      .replace('first: Int', 'first: Int, after: ID');

  expect(await unannounced(BEFORE, grown, changes(''))).toEqual([]);
});
