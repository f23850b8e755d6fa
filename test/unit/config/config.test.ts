import { readFileSync } from 'node:fs';
import { misspelt, readConfig, settings } from '../../../src/config.js';
import { sourcesUnder } from '../../support/imports.js';

function faultsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

test('an empty environment gives a service on loopback with its own Neo4j', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 4000, DATA_DIR: '.data', DEMO: true });
  expect(config).not.toHaveProperty('NEO4J_URI');
});

test('all faults are told at once, with what was found', () => {
  const faults = faultsOf({
    PORT: '99999',
    LOG_LEVEL: 'loud',
    ACCESS: 'open',
    HOST: '0.0.0.0',
    NEO4J_URI: 'http://x',
  });
  expect(faults.map((line) => line.trim().split(':')[0])).toEqual([
    'PORT="99999"',
    'NEO4J_URI="http',
    'LOG_LEVEL="loud"',
    'ACCESS="open"',
  ]);
});

test.each([{ HOST: '0.0.0.0' }, { ALLOWED_HOSTS: 'custody.example' }])(
  'a service that others can reach is not open: %j',
  (env) => {
    expect(faultsOf({ ...env, ACCESS: 'open' }).join()).toContain('set ACCESS=required');
    expect(readConfig({ ...env, ACCESS: 'required' }).ACCESS).toBe('required');
    expect(readConfig(env).ACCESS).toBeUndefined();
  },
);

test('another database needs a Neo4j of your own', () => {
  expect(faultsOf({ NEO4J_DATABASE: 'market' }).join()).toContain('NEO4J_URI');
  const given = { NEO4J_DATABASE: 'market', NEO4J_URI: 'neo4j://x' };
  expect(readConfig(given)).toMatchObject(given);
});

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s is loopback', (host) => {
  expect(readConfig({ HOST: host }).HOST).toBe(host);
});

test.each(['127.0.0.1.example.org', '10.0.0.1', '::', ' 0.0.0.0 '])(
  '%s is not loopback',
  (host) => {
    expect(faultsOf({ HOST: host, ACCESS: 'open' })).toHaveLength(1);
  },
);

test.each([
  ['NEO4J_URL', 'NEO4J_URI'],
  ['NEO4J_USERNAME', 'NEO4J_USER'],
  ['neo4j_uri', 'NEO4J_URI'],
  ['DATADIR', 'DATA_DIR'],
])('%s is taken for a misspelt %s', (name, meant) => {
  expect(misspelt({ [name]: 'x' })).toEqual([
    `Warning: ${name} is not a setting and has no effect. Did you mean ${meant}?`,
  ]);
});

test('what others mean is no misspelt setting, nor is a name beside the right one', () => {
  const env = { HOME: '/', PATH: '/', HOSTNAME: 'x', NEO4J_PORT: '7687', NEO4J_HOME: '/neo4j' };
  expect(misspelt(env)).toEqual([]);
  expect(misspelt({ NEO4J_URL: 'bolt://x', NEO4J_URI: 'bolt://x' })).toEqual([]);
});

test('an empty variable counts as absent', () => {
  expect(readConfig({ PORT: '', NEO4J_URI: ' ' })).toEqual(readConfig({}));
});

test('a password at fault is not printed', () => {
  expect(faultsOf({ NEO4J_PASSWORD: 'hunter2', PORT: 'x' }).join()).not.toContain('hunter2');
});

test('origins are a list', () => {
  const { ALLOWED_ORIGINS } = readConfig({
    ALLOWED_ORIGINS: 'https://a.example, https://b.example',
  });
  expect(ALLOWED_ORIGINS).toEqual(['https://a.example', 'https://b.example']);
});

test('hosts are names without a port, and origins are as browsers tell them', () => {
  expect(readConfig({ ALLOWED_HOSTS: 'Custody.Example, [::2]' }).ALLOWED_HOSTS).toEqual([
    'custody.example',
    '[::2]',
  ]);
  for (const host of ['custody.example:443', 'https://custody.example', '*', '127.1', 'a@b'])
    expect([host, faultsOf({ ALLOWED_HOSTS: host })]).toEqual([host, [expect.any(String)]]);
  for (const origin of ['custody.example', 'https://custody.example/', 'null', '*'])
    expect([origin, faultsOf({ ALLOWED_ORIGINS: origin })]).toEqual([origin, [expect.any(String)]]);
});

test('issuers of JWTs are told, and what is wrong with one', () => {
  const issuer = { issuer: 'https://id.example', audience: 'custody-graph' };
  const { OIDC_ISSUERS } = readConfig({
    OIDC_ISSUERS: JSON.stringify([{ ...issuer, host: true }]),
  });
  expect(OIDC_ISSUERS).toEqual([{ ...issuer, host: true, organisations: [] }]);
  expect(readConfig({}).OIDC_ISSUERS).toEqual([]);
  expect(faultsOf({ OIDC_ISSUERS: JSON.stringify([issuer]), JWT_MAX_AGE_S: '59' })).toEqual([
    expect.stringContaining('entry 1, field "organisations": must list'),
    expect.stringContaining('JWT_MAX_AGE_S="59": must be a whole number from 60 to 86400'),
  ]);
});

test('every setting is listed with its default, unit and meaning', () => {
  const all = settings();
  expect(all.filter((s) => s.meaning === '' || s.unit === '' || s.standard === '')).toEqual([]);
  expect(all.find((s) => s.name === 'MAX_DOCUMENT_BYTES')).toMatchObject({
    standard: '67108864',
    unit: 'bytes',
  });
});

test('every setting is used', () => {
  const sources = sourcesUnder('src').map((file) => readFileSync(file, 'utf8'));
  const isUsed = ({ name }: { name: string }): boolean =>
    sources.some((text) =>
      new RegExp(String.raw`\bconfig\.${name}\b|\{[^}]*\b${name}\b[^}]*\} = config\b`).test(text),
    );

  const unused = settings().filter((setting) => !isUsed(setting));
  expect(unused.map(({ name }) => name)).toEqual([]);
});
