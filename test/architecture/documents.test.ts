import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problemCodes } from '../../src/shared/problem.js';
import { sourcesUnder } from '../support/imports.js';

const DOCUMENTS = [
  ...['.', 'src', 'src/projection', 'schema', 'seeds', 'test'].map((folder) =>
    join(folder, 'README.md'),
  ),
  '.github/CONTRIBUTING.md',
];

const read = (path: string): string => readFileSync(path, 'utf8');

/** Paths a document names: what its links point to, and what stands in backticks with a slash in it. */
function pathsIn(document: string): readonly string[] {
  const text = read(document).replaceAll(/^```[^]*?^```/gm, '');
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? '');
  const quoted = [...text.matchAll(/`([\w.@-]+\/[\w./@-]*)`/g)].map(([, path]) => path ?? '');
  return [...links.filter((path) => !path.includes(':')), ...quoted];
}

/** Made by a run, or beside the checkout: not in it. */
const isElsewhere = (path: string): boolean => /^(\.data|dist|\.\.)\//.test(path);

test.each(DOCUMENTS)('%s names only paths that exist', (document) => {
  const missing = pathsIn(document).filter(
    (path) => !isElsewhere(path) && !existsSync(path) && !existsSync(join(dirname(document), path)),
  );

  expect(missing).toEqual([]);
});

test('every document that a comment cites is in the repository', () => {
  const cited = ['src', 'test', 'bench', 'seeds'].flatMap(sourcesUnder).flatMap((file) =>
    [...read(file).matchAll(/^\s*(?:\/?\*|\/\/).*$/gm)].flatMap(([line]) =>
      [...line.matchAll(/(?<![\w`])(?:[\w.-]+\/)*[\w-]+\.md\b/g)].map(([path]) => ({
        file,
        path,
      })),
    ),
  );
  const missing = cited.filter(
    ({ file, path }) => !existsSync(path) && !existsSync(join(dirname(file), path)),
  );

  expect(cited.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

test('every package script that a document names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script ?? ''),
  );

  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

test('README.md has every error code with its status, whether to try again, and its meaning', () => {
  const rows = [
    ...read('README.md').matchAll(/^\| `([A-Z_]+)` +\| (\d+) +\| (\w+) +\| (.*?) +\|$/gm),
  ];
  const told = rows.map(([, code, status, retry, meaning]) => [code, status, retry, meaning]);

  const expected = Object.entries(problemCodes).map(([code, { status, retry, meaning }]) => [
    code,
    String(status),
    retry ? 'yes' : 'no',
    meaning,
  ]);
  expect(told.filter(([code]) => code !== undefined && code in problemCodes)).toEqual(expected);
});

test('every scenario has a README and answers', () => {
  const scenarios = readdirSync('seeds/scenarios').map((name) => join('seeds/scenarios', name));

  const incomplete = scenarios.filter(
    (folder) =>
      !existsSync(join(folder, 'README.md')) || !existsSync(join(folder, 'expected.json')),
  );
  expect(incomplete).toEqual([]);
});

test('schema/graph-model.md explains every name that schema/migrations/0021_names.cypher makes known', () => {
  const model = read('schema/graph-model.md');
  const names = [...read('schema/migrations/0021_names.cypher').matchAll(/'(\w+)'/g)].map(
    ([, name]) => name ?? '',
  );

  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(model))).toEqual([]);
});
