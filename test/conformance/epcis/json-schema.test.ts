import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import type { FormatsPlugin } from 'ajv-formats';
import fc from 'fast-check';
import { parseDocument } from '../../../src/epcis/parse-document.js';
import type { Issue } from '../../../src/epcis/faults.js';
import { describeWithStandards, standardsFolder } from '../../support/standards.js';

const SCHEMA = `${standardsFolder ?? ''}/epcis-2.0.1/epcis-json-schema.json`;
const FOLDERS = ['gs1-epcis/json/', 'event-hash/'].map(
  (name) => `${standardsFolder ?? ''}/${name}`,
);
const LIMITS = { maxEvents: 1000, maxEpcsPerEvent: 10_000, maxDepth: 40 };

/**
 * Where we are stricter than the schema, knowingly:
 * - PARENT_MISSING: an AggregationEvent that adds or deletes names its parent (EPCIS 2.0 section 7.4.3); the schema lets it be absent.
 * - GS1_ID_INVALID: what claims to be a GS1 key, by its scheme or path, is well-formed and has the right check digit.
 * - TIME_INVALID: seconds end at 59, and T stands between date and time, as in xsd:dateTime; the schema takes a leap second and a blank.
 * - WHAT_MISSING: an empty epcList alone is an event about nothing (EPCIS 2.0 section 7.4.2); the schema takes it.
 * - WORD_UNKNOWN: the type of a sensor report is a word of CBV or a URI; the schema takes some texts that are neither.
 * - persistentDisposition is judged on all five types; the schema forgot it in three.
 */
function isOurOwn(issue: Issue): boolean {
  return (
    ['PARENT_MISSING', 'GS1_ID_INVALID', 'WHAT_MISSING'].includes(issue.code) ||
    issue.pointer.includes('/persistentDisposition') ||
    (issue.code === 'WORD_UNKNOWN' && /\/sensorReport\/\d+\/type$/.test(issue.pointer)) ||
    (issue.code === 'TIME_INVALID' && /:60|\d \d/.test(issue.found))
  );
}

type Step = string | number;

/** `structuredClone` gives objects of another realm under jest, which ajv takes for different ones. */
function clone(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** Every place in a JSON value, as a path. */
function places(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Array.isArray(value)
    ? value.flatMap((item: unknown, index) => places(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]));
  return [path, ...inside];
}

type Holder = Record<Step, unknown>;

function holderOf(root: unknown, path: readonly Step[]): Holder {
  return path.slice(0, -1).reduce<Holder>((inner, step) => inner[step] as Holder, root as Holder);
}

const WRONG: readonly unknown[] = [
  null,
  true,
  7,
  -0.5,
  '',
  'word',
  'ADD',
  'OBSERVE',
  'DELETE',
  'no spaces please',
  'ex:curie',
  'urn:',
  'urn:x',
  'http://[::1]/a',
  'http://[zz]/a',
  'http://example.com:port/',
  'https://example.com/%zz',
  'urn:epcglobal:cbv:bizstep:shipping',
  'https://ref.gs1.org/cbv/BizStep-shipping',
  'https://ns.gs1.org/cbv/BizStep-shipping',
  'https://gs1.org/voc/Temperature',
  '2026-02-30T00:00:00Z',
  '2024-02-29T23:59:60Z',
  '2024-02-29T00:00:00',
  '2024-02-29 00:00:00.123456789+0130',
  '+14:00',
  '+14:01',
  'KGM',
  'kgm',
  [],
  ['urn:x:y'],
  ['urn:x:y', 'urn:x:y'],
  {},
  { id: 'urn:x:y' },
  { set: [] },
  { 'ex:a': 1 },
];

const FIELDS = [
  'unknown',
  'ex:known',
  'https://ns.example.com/f',
  'persistentDisposition',
  'epcList',
  'childEPCs',
  'ilmd',
  'parentID',
  'id',
];

type Mutate = (root: unknown, path: readonly Step[], wrong: unknown, field: string) => void;

const MUTATIONS: Readonly<Record<string, Mutate>> = {
  drop: (root, path) => {
    const holder = holderOf(root, path);
    const step = path.at(-1) ?? '';
    if (Array.isArray(holder)) holder.splice(Number(step), 1);
    else Reflect.deleteProperty(holder, step);
  },
  replace: (root, path, wrong) => {
    holderOf(root, path)[path.at(-1) ?? ''] = clone(wrong);
  },
  add: (root, path, wrong, field) => {
    const holder = holderOf(root, path);
    if (Array.isArray(holder)) holder.push(clone(wrong));
    else holder[field] = clone(wrong);
  },
  repeat: (root, path) => {
    const holder = holderOf(root, path);
    if (Array.isArray(holder)) holder.push(clone(holder[Number(path.at(-1))]));
  },
  rename: (root, path, _wrong, field) => {
    const holder = holderOf(root, path);
    const step = path.at(-1) ?? '';
    if (Array.isArray(holder)) return;
    holder[field] = holder[step];
    Reflect.deleteProperty(holder, step);
  },
};

function loadSchema(): ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: true });
  (createRequire(import.meta.url)('ajv-formats') as FormatsPlugin)(ajv);
  return ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
}

function examples(): [string, unknown][] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.jsonld'))
      .map((file): [string, unknown] => [file, JSON.parse(readFileSync(folder + file, 'utf8'))]),
  );
}

/** What is wrong with our judgement of a document, or null when it is the schema's (or knowingly stricter). */
function disagreement(document: unknown, accepts: ValidateFunction | undefined): unknown {
  if (accepts === undefined) throw new Error('The schema is absent');
  const schemaAccepts = accepts(document);
  const ours = parseDocument(document, LIMITS);
  // The same item twice is a warning here, and refused by the schema.
  const isTwice = ours.warnings.kept.some(({ code }) => code === 'ITEM_DUPLICATE');
  if (ours.ok)
    return schemaAccepts || isTwice
      ? null
      : { schema: accepts.errors?.slice(-3), ours: 'accepted' };
  const unexpected = ours.issues.filter((issue) => !isOurOwn(issue));
  return schemaAccepts && unexpected.length > 0 ? { schema: 'accepted', ours: unexpected } : null;
}

describeWithStandards('a document', () => {
  const all = standardsFolder === undefined ? [] : examples();
  const accepts = standardsFolder === undefined ? undefined : loadSchema();

  it.each(all)('is judged as by the EPCIS 2.0.1 schema: %s', (_file, document) => {
    expect(disagreement(document, accepts)).toBeNull();
  });

  it('is judged as by the schema after any few changes', () => {
    const mutation = fc.record({
      kind: fc.constantFrom(...Object.keys(MUTATIONS)),
      place: fc.nat(),
      wrong: fc.constantFrom(...WRONG),
      field: fc.constantFrom(...FIELDS),
    });
    const property = fc.property(
      fc.constantFrom(...all.map(([, document]) => document)),
      fc.array(mutation, { minLength: 1, maxLength: 2 }),
      (document, mutations) => {
        const changed = clone(document);
        for (const { kind, place, wrong, field } of mutations) {
          const paths = places(changed).filter((path) => path.length > 0);
          MUTATIONS[kind]?.(changed, paths[place % paths.length] ?? ['type'], wrong, field);
        }
        expect(disagreement(changed, accepts)).toBeNull();
      },
    );
    fc.assert(property, { numRuns: 4000, seed: 20_260_314 });
  });
});
