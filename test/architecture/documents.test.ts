import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { parse as parseYaml, parseAllDocuments } from 'yaml';
import { makeProgram } from '../../src/cli/program.js';
import { settings } from '../../src/config.js';
import { makeMetrics } from '../../src/server/metrics.http.js';
import { problemCodes } from '../../src/shared/problem.js';
import { sourcesUnder } from '../support/imports.js';

const PAGES = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));

/** For users: what they name must be there. */
const FOR_USERS = ['README.md', ...PAGES];

const DOCUMENTS = [
  ...FOR_USERS,
  ...['src', 'src/projection', 'schema', 'seeds', 'test'].map((folder) =>
    join(folder, 'README.md'),
  ),
  ...['.github/CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
];

const read = (path: string): string => readFileSync(path, 'utf8');
const allOf = (paths: readonly string[]): string => paths.map(read).join('\n');

/** Paths a document names: what its links point to, and what stands in backticks with a slash in it. */
function pathsIn(document: string): readonly string[] {
  const text = read(document).replaceAll(/^```[^]*?^```/gm, '');
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? '');
  const quoted = [...text.matchAll(/`([\w.@-]+\/[\w./@-]*)`/g)].map(([, path]) => path ?? '');
  return [...links.filter((path) => !path.includes(':')), ...quoted];
}

/** Made by a run, or beside the checkout: not in it. Nor are keys of GS1, media types and the name of the client kit. */
const isElsewhere = (path: string): boolean =>
  /^(\.data|dist|\.\.\/shared|DATA_DIR|\d{2}|application|@custody-graph)\//.test(path);

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

test('docs/operations.md has every error code with its status, whether to try again, and its meaning', () => {
  const rows = [
    ...read('docs/operations.md').matchAll(/^\| `([A-Z_]+)` +\| (\d+) +\| (\w+) +\| (.*?) +\|$/gm),
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

test('docs/operations.md has every setting with its default, its unit and its meaning', () => {
  const rows = [
    ...read('docs/operations.md').matchAll(
      /^\| `([A-Z0-9_]+)` +\| (.*?) +\| (.*?) +\| (.*?) +\|$/gm,
    ),
  ].map(([, name, standard, unit, meaning]) => ({ name, standard, unit, meaning }));
  const known = settings();

  expect(rows.filter(({ name }) => known.some((one) => one.name === name))).toEqual(known);
});

test('README.md is read in a few minutes: at most 9 KB', () => {
  expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(9 * 1024);
});

test.each(FOR_USERS)('every heading that %s links to exists', (document) => {
  const links = [...read(document).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)];
  const missing = links.filter(([, path = '', heading = '']) => {
    const target = path === '' ? document : join(dirname(document), path);
    return !headingsOf(read(target)).includes(heading);
  });

  expect(missing.map(([link]) => link)).toEqual([]);
});

/** As GitHub makes them: lower case, no marks, blanks become hyphens. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** GraphQL of a document: its blocks, and what shell blocks write into a file, print or send. */
function operationsIn(text: string): readonly string[] {
  const found = [
    ...text.matchAll(/^```graphql\n([^]*?)^```/gm),
    ...text.matchAll(/\.graphql <<'END'\n([^]*?)^END$/gm),
    ...text.matchAll(/^echo '([^']*)' \| node/gm),
  ].map(([, operation = '']) => operation);
  const sent = [...text.matchAll(/-d '(\{"query".*?\})'/g)].map(
    ([, body = '']) => (JSON.parse(body) as { query: string }).query,
  );
  return [...found, ...sent];
}

test('every GraphQL operation that a document shows is valid', () => {
  const schema = buildSchema(read('schema/schema.graphql'));
  const operations = FOR_USERS.flatMap((document) =>
    operationsIn(read(document)).map((operation) => ({ document, operation })),
  );
  const faults = operations.flatMap(({ document, operation }) =>
    validate(schema, parse(operation)).map(({ message }) => `${document}: ${message}`),
  );

  expect(operations.length).toBeGreaterThan(20);
  expect(faults).toEqual([]);
});

test('every command that a document names exists', () => {
  const known = makeProgram().commands.map((command) => command.name());
  // In backticks or at the begin of a command: `custody-graph.service` and `app: custody-graph` are no commands.
  const named = [
    ...allOf(DOCUMENTS).matchAll(/(?:npx |`|^)custody-graph(?:\.js)? ([a-z][\w-]*)/gm),
  ].map(([, command = '']) => command);

  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((command) => !known.includes(command))).toEqual([]);
});

test('the table of commands in docs/operations.md has every command', () => {
  const [, chapter = ''] = /^## Commands$([^]*?)^## /m.exec(read('docs/operations.md')) ?? [];
  const told = [...chapter.matchAll(/^\| `([a-z]+)\b/gm)].map(([, command]) => command);

  expect(new Set(told)).toEqual(new Set(makeProgram().commands.map((one) => one.name())));
});

/** Words in capitals with an underscore that are no settings: of other programs and the client kit, or made up in an example. */
const NOT_SETTINGS = new Set([
  ...['NEO4J_AUTH', 'NEO4J_PORT', 'NEO4J_URL', 'POD_IP'],
  ...['CUSTODY_URL', 'CUSTODY_KEY', 'COMMIT_CURSOR', 'COMMITTED_CURSOR'],
]);

test('every setting that a document names exists', () => {
  const schema = read('schema/schema.graphql');
  const known = new Set([
    ...settings().map(({ name }) => name),
    ...Object.keys(problemCodes),
    ...NOT_SETTINGS,
  ]);
  const files = [...FOR_USERS, 'SECURITY.md', 'docs/deploy/custody-graph.service'];
  const text = allOf(files).replaceAll(/^```json\n[^]*?^```/gm, '');
  const named = [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)].map(([word]) => word);
  const unknown = named.filter(
    (word) => !known.has(word) && !new RegExp(`^ {2}${word}$`, 'm').test(schema),
  );

  expect(named.length).toBeGreaterThan(50);
  expect(unknown.filter((word) => !word.startsWith('GRAPHQL_'))).toEqual([]);
});

test('the manifests for Kubernetes set only settings that exist', () => {
  const manifests = parseAllDocuments(read('docs/deploy/kubernetes.yml')).map(
    (document) => document.toJS() as Manifest,
  );
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  const known = settings().map(({ name }) => name);
  const set = deployment?.spec.template?.spec.containers.flatMap(({ env }) => env) ?? [];

  expect(manifests.map(({ kind }) => kind)).toEqual([
    ...['Service', 'StatefulSet', 'Service', 'Deployment', 'NetworkPolicy', 'NetworkPolicy'],
  ]);
  expect(set.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual(['POD_IP']);
});

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly template?: {
      readonly spec: {
        readonly containers: readonly { readonly env: readonly { name: string }[] }[];
      };
    };
  };
}

/** Expressions of PromQL in the alert rules and the dashboard. */
function expressions(): readonly string[] {
  const rules = parseYaml(read('docs/monitoring/alerts.yml')) as {
    groups: { rules: { expr: string }[] }[];
  };
  const { panels } = JSON.parse(read('docs/monitoring/grafana-dashboard.json')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  return [
    ...rules.groups.flatMap((group) => group.rules),
    ...panels.flatMap(({ targets = [] }) => targets),
  ].map(({ expr }) => expr);
}

/** Names of metrics in an expression of PromQL: what is neither function, label, text, range nor number. */
function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(?:by|without) \([^)]*\)/g, '');
  return [...bare.matchAll(/(?<![\w.])[a-z_]\w*\b(?! *\()/g)]
    .map(([name]) => name)
    .filter((name) => name !== 'sum' && name !== 'up');
}

test('alert rules and dashboard ask only for metrics that the service exports', async () => {
  const { registry } = makeMetrics({
    graph: {
      onStatement: () => () => undefined,
      pool: () => ({ inUse: 0, idle: 0 }),
    } as unknown as Parameters<typeof makeMetrics>[0]['graph'],
    relay: { stats: () => ({ subscribers: 0, opened: 0, position: 0, lagMs: 0 }) },
    space: { bytes: () => 0 },
    build: { version: '1.2.3', neo4j: '5.26.0' },
  });
  const exported = (await registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
    String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
  );
  const asked = expressions().flatMap(metricsIn);

  expect(asked.length).toBeGreaterThan(35);
  expect(asked.filter((name) => !exported.includes(name))).toEqual([]);
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
