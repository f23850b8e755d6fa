import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { FormatsPlugin } from 'ajv-formats';
import { createRequire } from 'node:module';
import { parseDocument } from '../../../src/epcis/parse-document.js';
import type { ParsedDocument } from '../../../src/epcis/parse-document.js';
import { lotOf, namesOf, partiesOf, quantitiesOf, sitesOf } from '../../../src/epcis/readers.js';
import { gtinOfKey, keyOfUri, parseIdentifier } from '../../../src/gs1/identifier.js';
import { stories } from '../../scenarios/stories.js';
import type { Story } from '../../scenarios/stories.js';
import { describeWithStandards, standardsFolder } from '../../support/standards.js';

const LIMITS = { maxEvents: 1000, maxEpcsPerEvent: 1000, maxDepth: 20 };
const NAMES = [
  '01-bottle-to-pharmacy',
  '02-recall-after-repack',
  '03-pallet-broken-at-wholesaler',
  '04-late-and-repeated-events',
  '05-same-serial-twice',
  '06-corrected-event',
  '07-cold-chain-excursion',
];

function parsed(document: unknown): ParsedDocument {
  const result = parseDocument(document, LIMITS);
  if (!result.ok) throw new Error(JSON.stringify(result.issues, null, 2));
  return result.document;
}

function eventsOf(story: Story): ParsedDocument['events'] {
  return story.documents.flatMap((document) => parsed(document).events);
}

function packagesOf(story: Story): Set<string> {
  const keys = eventsOf(story).flatMap(({ event }) => {
    const { parent, kids, epcs, inputs, outputs } = namesOf(event);
    return [...(parent === undefined ? [] : [parent]), ...kids, ...epcs, ...inputs, ...outputs];
  });
  return new Set(keys);
}

/** GTIN and lot of everything made. */
function lotsOf(story: Story): Set<string> {
  const lots = eventsOf(story).flatMap(({ event, prefixes }) => {
    const { epcs, outputs } = namesOf(event);
    const { lot } = lotOf(event, prefixes);
    const made = quantitiesOf(event).map(({ classKey }) => classKey);
    const units = lot === undefined ? [] : [...epcs, ...outputs];
    return [...made, ...units.map((key) => `01/${gtinOfKey(key) ?? ''}/10/${lot ?? ''}`)];
  });
  return new Set(lots);
}

function idsAsked(value: unknown): string[] {
  if (typeof value === 'string')
    return value.includes('/') || value.startsWith('urn:') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsAsked) : [];
}

test('the seven stories are there', () => {
  expect(stories.map(({ name }) => name)).toEqual(NAMES);
});

describe.each(stories)('$name', (story) => {
  test('its documents are valid EPCIS', () => {
    for (const document of story.documents) expect(parseDocument(document, LIMITS).ok).toBe(true);
  });

  test('its events happened in 2026, before November', () => {
    for (const { event } of eventsOf(story)) {
      expect(event.eventTime >= '2026-01-01').toBe(true);
      expect(event.eventTime < '2026-11-01').toBe(true);
    }
  });

  test('its header names every product, site and party of its events', () => {
    const named = new Set(
      story.documents.flatMap((document) => parsed(document).masterData).map(({ key }) => key),
    );
    for (const { event } of eventsOf(story)) {
      const stated = Object.values(sitesOf(event) as Record<string, string>);
      const { sources, destinations } = partiesOf(event);
      const places = [...sources, ...destinations].map(({ key }) => key);
      for (const key of [...places, ...stated]) expect(named).toContain(key);
    }
    for (const key of packagesOf(story))
      if (key.startsWith('01/')) expect(named).toContain(`01/${gtinOfKey(key) ?? ''}`);
  });

  test('what is asked about is in it', () => {
    const known = new Set([...packagesOf(story), ...lotsOf(story)]);
    for (const { variables } of story.answers)
      for (const id of idsAsked(variables)) expect(known).toContain(keyOfUri(id));
  });

  test('it asks for locate, journey, lineage and recall scope', () => {
    const asked = new Set(story.answers.map(({ query }) => query));
    for (const query of ['locate', 'journey', 'lineage', 'recallScope'])
      expect(asked).toContain(query);
  });
});

test('the stories share no package and no lot, so all of them fit in one store', () => {
  for (const namesIn of [packagesOf, lotsOf]) {
    const all = stories.flatMap((story) => [...namesIn(story)]);
    expect(all.filter((key, i) => all.indexOf(key) !== i && !isReusable(key))).toEqual([]);
  }
});

function isReusable(key: string): boolean {
  return key.startsWith('8003/');
}

test('identifiers come as URNs and as Digital Links', () => {
  const text = stories.map((story) => JSON.stringify(story.documents)).join('');
  for (const form of ['urn:epc:id:sgtin:', 'id.gs1.org/01/', 'urn:epc:id:sscc:', 'id.gs1.org/00/'])
    expect(text).toContain(form);
});

test('the repeated commissioning of story 4 has one hash, however it is written', () => {
  const made = eventsOf(stories[3]!).filter(({ givenId }) => !givenId);
  expect(made).toHaveLength(3);
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
});

test('the playground opens on a unit and a lot of story 1', () => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(`schema/examples/${name}.variables.json`, 'utf8'));
  for (const name of ['locate', 'journey', 'lineage']) {
    const { id } = read(name) as { id: string };
    const identifier = parseIdentifier(id);
    expect(identifier.ok && packagesOf(stories[0]!).has(identifier.id.key)).toBe(true);
  }
  expect(read('recall-scope')).toEqual({
    input: { lots: [{ gtin: '09506000134352', lot: 'A2611' }] },
  });
  expect(lotsOf(stories[0]!)).toContain('01/09506000134352/10/A2611');
});

describeWithStandards('by the official JSON schema 2.0.1', () => {
  test.each(stories)('$name is valid', ({ documents }) => {
    const file = `${standardsFolder ?? ''}/epcis-2.0.1/epcis-json-schema.json`;
    const ajv = new Ajv({ strict: false, allErrors: true });
    const addFormats = createRequire(import.meta.url)('ajv-formats') as FormatsPlugin;
    addFormats(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    for (const document of documents) {
      validate(document);
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});
