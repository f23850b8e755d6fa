import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Ajv } from 'ajv';
import type { FormatsPlugin } from 'ajv-formats';
import type { ParsedDocument } from '../../../src/epcis/parse-document.js';
import { parseEventSource, parseSource } from '../../../src/epcis/parse-document.js';
import type { Issue } from '../../../src/epcis/faults.js';
import { readSource } from '../../../src/epcis/source-document.js';
import type { SourceRead } from '../../../src/epcis/source-document.js';
import { withVocabularyForm } from '../../../src/epcis/translate-vocabulary.js';
import type { OutputHeader } from '../../../src/epcis/write-json.js';
import { writeJsonDocument } from '../../../src/epcis/write-json.js';
import { writeXmlDocument } from '../../../src/epcis/xml/write-document.js';
import { diceFrom } from '../../support/dice.js';
import { mutationSeeds } from '../../support/mutate-seeds.js';
import { mutantFrom } from '../../support/mutate.js';
import type { Mutant } from '../../support/mutate.js';
import { describeWithStandards, standardsFolder } from '../../support/standards.js';
import { historiesToTry, seed } from '../../support/test-settings.js';
import { xsdFaults } from '../../support/xsd-validator.js';

const LIMITS = { maxEvents: 1000, maxEpcsPerEvent: 20_000, maxDepth: 32 };
const MEBIBYTE = 1024 * 1024;
/** What is kept while reading may not grow with what was read: ten thousand documents hold 200 MB. */
const MOST_GROWTH = 40 * MEBIBYTE;
/** The longest one document may take on a busy machine; what is not linear takes minutes. */
const MOST_MS = 5000;
const BATCH = 1500;
const BATCHES = historiesToTry({ daily: 7, nightly: 200 });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

interface Judged {
  readonly read: SourceRead;
  readonly issues: readonly Issue[];
  readonly accepted: number;
}

function judge({ bytes, contentType }: Mutant): Judged {
  const read = readSource(bytes, contentType, LIMITS);
  if (!read.ok) return { read, issues: read.issues, accepted: 0 };
  const parsed = parseSource(read.source, LIMITS);
  const alone = parseEventSource(read.source, LIMITS);
  if (parsed.ok) return { read, issues: [], accepted: parsed.document.events.length };
  if (alone.ok) return { read, issues: [], accepted: 1 };
  return { read, issues: [...parsed.issues, ...alone.issues], accepted: 0 };
}

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/s;

function isPlaced({ line, column }: Issue): boolean {
  return (
    Number.isInteger(line) && Number(line) >= 1 && Number.isInteger(column) && Number(column) >= 1
  );
}

/** What is wrong with a refusal; null when it says what, where and what to do. */
function untyped(issue: Issue, read: SourceRead): string | null {
  if (!/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(issue.code)) return `code ${issue.code}`;
  if (!POINTER.test(issue.pointer)) return `pointer ${issue.pointer.slice(0, 80)}`;
  for (const part of ['found', 'expected', 'remedy', 'message'] as const)
    if (issue[part].trim() === '' || issue[part].length > 100_000)
      return `${part} of ${issue.code}`;
  const needsPlace = !read.ok || read.source.syntax !== 'JSON';
  return needsPlace && !isPlaced(issue)
    ? `no line and column: ${issue.code} ${issue.pointer}`
    : null;
}

/** What a document showed that must not be; null when all is well. */
function complaint(mutant: Mutant): string | null {
  const begun = performance.now();
  const { read, issues, accepted } = judge(mutant);
  const took = performance.now() - begun;
  if (took > MOST_MS) return `${took} ms for ${mutant.bytes.length} bytes`;
  if (accepted === 0 && issues.length === 0 && !read.ok) return 'refused without a reason';
  for (const issue of issues) {
    const wrong = untyped(issue, read);
    if (wrong !== null) return wrong;
  }
  return null;
}

function safely(mutant: Mutant): string | null {
  try {
    return complaint(mutant);
  } catch (error) {
    return `thrown: ${error instanceof Error ? String(error.stack) : String(error)}`;
  }
}

/** Complaints about the mutants of one seed, at most ten. */
function complaintsOf(batchSeed: number): string[] {
  const dice = diceFrom(batchSeed);
  const seeds = mutationSeeds();
  const found: string[] = [];
  for (let left = BATCH; left > 0 && found.length < 10; left--) {
    const mutant = mutantFrom(dice, seeds);
    const wrong = safely(mutant);
    if (wrong !== null) found.push(`${mutant.how.slice(0, 400)} → ${wrong}`);
  }
  return found;
}

describe('mutated documents', () => {
  const heaps: number[] = [];
  const builtIn = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

  test.each(Array.from({ length: BATCHES }, (_, batch) => seed + batch))(
    `are read or refused with code and place, never thrown at: ${BATCH} of seed %d`,
    (batchSeed) => {
      expect(complaintsOf(batchSeed)).toEqual([]);
      heaps.push(heapInUse());
    },
    120_000,
  );

  test('leave no memory behind, and no prototype changed', () => {
    const [, ...later] = heaps;
    expect(Math.max(...later) - (later[0] ?? 0)).toBeLessThan(MOST_GROWTH);
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(builtIn);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('are the same for the same seed, and are both read and refused', () => {
    const [first, again] = [diceFrom(seed), diceFrom(seed)];
    const seeds = mutationSeeds();
    const outcomes = new Set<string>();
    for (let left = 300; left > 0; left--) {
      const mutant = mutantFrom(first, seeds);
      expect(mutantFrom(again, seeds).bytes.equals(mutant.bytes)).toBe(true);
      const { accepted, issues } = judge(mutant);
      outcomes.add(accepted > 0 ? 'accepted' : (issues[0]?.code ?? 'empty'));
    }
    expect([...outcomes]).toEqual(
      expect.arrayContaining([
        'accepted',
        'JSON_SYNTAX',
        'XML_SYNTAX',
        'CHARSET_MALFORMED',
        'LIMIT_DEPTH',
      ]),
    );
  });
});

/** What a validator may say of what is right all the same. */
const NO_FAULT: readonly RegExp[] = [
  /FEATURE_SECURE_PROCESSING/, // Java reads no names of more than 1,000 characters
  /'0000-/, // XML Schema 1.0 has no year 0, which 1.1, JSON and ISO 8601 have
  /sbdh:|StandardBusinessDocumentHeader/, // is kept as it came, not judged
];
/** The example has sensor reports without a type, which the JSON schema wants. */
const NOT_IN_JSON = /^\w*SensorDataExamples\.xml/;

function written(document: ParsedDocument): { readonly json: string; readonly xml: string } {
  const events = document.events.map(({ event, text, context }) => ({
    event: withVocabularyForm(event, 'BARE'),
    recordTimeMs: 0,
    ...(text === undefined ? {} : { text }),
    ...(context === undefined ? {} : { context: JSON.parse(context) as Record<string, string> }),
  }));
  const header = document.header;
  const options = {
    kind: 'EPCISQueryDocument' as const,
    creationDateMs: 0,
    ...(header === undefined ? {} : { headers: [JSON.parse(header.text) as OutputHeader] }),
  };
  const json = writeJsonDocument(events, options);
  return { json, xml: writeXmlDocument(events, { ...options, version: '2.0' }) };
}

function documentOf(bytes: Buffer, contentType: string): ParsedDocument | undefined {
  const read = readSource(bytes, contentType, { ...LIMITS, maxDepth: 2 * LIMITS.maxDepth });
  const parsed = read.ok ? parseSource(read.source, LIMITS) : undefined;
  return parsed?.ok === true ? parsed.document : undefined;
}

/** Binds a prefix of GS1's own words to something else; they are taken for GS1's all the same. */
function reboundWords(text: string): boolean {
  const isRebound = (prefix: string, namespace: string): boolean =>
    new RegExp(`[">]${prefix}:`).test(text) && !text.includes(`xmlns:${prefix}="${namespace}"`);
  return isRebound('gs1', 'https://gs1.org/voc/') || isRebound('cbv', 'https://ref.gs1.org/cbv/');
}

describeWithStandards('mutated documents that are accepted', () => {
  test('go out valid by both schemas, with the same hashes in JSON', async () => {
    const ajv = new Ajv({ strict: false, validateFormats: true });
    (createRequire(import.meta.url)('ajv-formats') as FormatsPlugin)(ajv);
    const folder = standardsFolder ?? '';
    const schema = readFileSync(join(folder, 'epcis-2.0.1/epcis-json-schema.json'), 'utf8');
    const accepts = ajv.compile(JSON.parse(schema) as object);
    const dice = diceFrom(seed + 5_000_000);
    const seeds = mutationSeeds().filter(({ name }) => !name.includes('IgnoreFields'));
    const complaints: string[] = [];
    const xml = new Map<string, string>();
    for (let left = 2 * BATCH; left > 0; left--) {
      const { bytes, contentType, how } = mutantFrom(dice, seeds);
      const document = documentOf(bytes, contentType);
      if (document === undefined) continue;
      const out = written(document);
      xml.set(`${left}: ${how.slice(0, 300)}`, out.xml);
      if (NOT_IN_JSON.test(how) || reboundWords(bytes.toString())) continue;
      // What is twice in a list is taken with a warning and given back as it came, as its hash has it.
      if (
        !accepts(JSON.parse(out.json)) &&
        !accepts.errors?.some((e) => e.keyword === 'uniqueItems')
      )
        complaints.push(`${how}: ${ajv.errorsText(accepts.errors)}`);
      const back = documentOf(Buffer.from(out.json), 'application/json');
      const hashes = [document, back].map((one) => one?.events.map(({ hash }) => hash).join());
      if (hashes[0] !== hashes[1]) complaints.push(`${how}: another hash in JSON`);
    }
    const faults = await xsdFaults(join(folder, 'gs1-epcis/xsd/EPCglobal-epcis-query-2_0.xsd'), [
      ...xml.values(),
    ]);
    const invalid = [...xml.keys()].flatMap((how, index) => {
      const said = faults[index] ?? '';
      return said === 'ok' || NO_FAULT.some((pattern) => pattern.test(said))
        ? []
        : [`${how}: ${said}`];
    });

    expect(xml.size).toBeGreaterThan(100);
    expect([...complaints, ...invalid]).toEqual([]);
  });
});
