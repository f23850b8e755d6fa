/** What can be known of docker-compose.yml and the Dockerfile without an engine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { settings } from '../../src/config.js';

const read = (path: string): string => readFileSync(path, 'utf8');
const text = read('docker-compose.yml');
const dockerfile = read('Dockerfile');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly healthcheck: object;
  readonly deploy: { readonly resources: { readonly limits: object } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
}

/** Puts the defaults in place of variables, as Compose does; `$$` is a dollar. */
function resolved(source: string): string {
  return source
    .replaceAll(
      /(?<!\$)\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}/g,
      (_all, name: string, value?: string) => value ?? `value-of-${name}`,
    )
    .replaceAll('$$', '$');
}

const compose = parse(resolved(text)) as Compose;
const services = Object.values(compose.services);

test('docker-compose.yml is valid by the schema of the Compose specification', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addFormat('duration', true);
  const schema = JSON.parse(read('test/support/compose-spec/compose-spec.json')) as object;

  const isValid = ajv.validate(schema, compose);

  expect([isValid, ajv.errors]).toEqual([true, null]);
});

test('every variable has a default, or says what to set', () => {
  expect(resolved(text.replaceAll('$$', ''))).not.toContain('${');
});

test('it has Neo4j and the service, each with limits and a health check', () => {
  expect(Object.keys(compose.services)).toEqual(['neo4j', 'api']);
  for (const { healthcheck, deploy } of services) {
    expect(healthcheck).toMatchObject({ test: expect.any(Array) as unknown });
    expect(Object.keys(deploy.resources.limits)).toEqual(['cpus', 'memory']);
  }
});

test('what it builds and mounts is there', () => {
  const sources = services.flatMap(({ volumes }) => volumes.map((one) => one.split(':', 1)[0]));

  expect(sources.filter((source) => source?.startsWith('.'))).toEqual(['./imports']);
  expect(sources.filter((source) => !source?.startsWith('.'))).toEqual(
    Object.keys(compose.volumes),
  );
  for (const { build = '.' } of services) expect(existsSync(join(build, 'Dockerfile'))).toBe(true);
});

test('the service is given settings that it knows', () => {
  const known = settings().map(({ name }) => name);
  const given = Object.keys(compose.services['api']?.environment ?? {});

  expect(given.filter((name) => !known.includes(name))).toEqual([]);
});

test('every image is pinned by its digest', () => {
  const images = [
    ...services.flatMap(({ image }) => image ?? []),
    ...[...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image),
  ];

  expect(images).toHaveLength(3);
  for (const image of images) expect(image).toMatch(/^\w+:\d[\w.-]+@sha256:[0-9a-f]{64}$/);
});

test('the Dockerfile copies what is there, and runs the service as another user than root', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(
    ([, sources = '']) => sources.split(' '),
  );

  expect(copied).toContain('src');
  expect(copied.filter((source) => !existsSync(source))).toEqual([]);
  expect(/^USER (.*)/m.exec(dockerfile)?.[1]).toBe('node');
});
