import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { FormatsPlugin } from 'ajv-formats';
import fc from 'fast-check';
import type { EpcisEvent } from '../../src/epcis/event.js';
import type { ParsedDocument } from '../../src/epcis/parse-document.js';
import { parseSource } from '../../src/epcis/parse-document.js';
import { readSource } from '../../src/epcis/source-document.js';
import { withVocabularyForm } from '../../src/epcis/translate-vocabulary.js';
import type { OutputEvent, OutputHeader, OutputOptions } from '../../src/epcis/write-json.js';
import { writeJsonDocument } from '../../src/epcis/write-json.js';
import { writeXmlDocument } from '../../src/epcis/xml/write-document.js';
import { randomEvent } from '../support/random-events.js';
import { describeWithStandards, standardsFolder } from '../support/standards.js';
import { historiesToTry, seed } from '../support/test-settings.js';
import { xsdFaults } from '../support/xsd-validator.js';

const LIMITS = { maxEvents: 1000, maxEpcsPerEvent: 10_000, maxDepth: 60 };
const FOLDERS = ['gs1-epcis/xml', 'gs1-epcis/json', 'event-hash'];
const KINDS = ['EPCISDocument', 'EPCISQueryDocument'] as const;
/** Each holds the schema of EPCISDocument too. */
const SCHEMA = 'gs1-epcis/xsd/EPCglobal-epcis-query-2_0.xsd';
const SCHEMAS = { '2.0': SCHEMA, '1.2': 'epcis-1.2-xsd/EPCglobal-epcis-query-1_2.xsd' } as const;

function standard(path: string): string {
  return join(standardsFolder ?? '', path);
}

function read(text: Buffer | string, type: string): ParsedDocument | undefined {
  const read = readSource(Buffer.from(text), `application/${type}`, LIMITS);
  const parsed = read.ok ? parseSource(read.source, LIMITS) : undefined;
  return parsed?.ok === true ? parsed.document : undefined;
}

/** The examples that are right; what is wrong with the others is told where reading is tested. */
function examples(): (readonly [name: string, document: ParsedDocument])[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(standard(folder)).flatMap((file) => {
      const type = /\.(xml|json)(?:ld)?$/.exec(file)?.[1];
      const text = readFileSync(standard(join(folder, file)));
      const document = type === undefined ? undefined : read(text, type);
      return document === undefined ? [] : [[`${folder}/${file}`, document] as const];
    }),
  );
}

function outputs({ events }: ParsedDocument): OutputEvent[] {
  return events.map(({ event, text, context }) => ({
    event: withVocabularyForm(event, 'BARE'),
    recordTimeMs: Date.UTC(2026, 2, 14),
    ...(text === undefined ? {} : { text }),
    ...(context === undefined ? {} : { context: JSON.parse(context) as Record<string, string> }),
  }));
}

function optionsFor(kind: OutputOptions['kind'], document?: ParsedDocument): OutputOptions {
  const header = document?.header;
  return {
    kind,
    creationDateMs: Date.UTC(2026, 2, 14),
    subscriptionID: 'ours & theirs',
    ...(header === undefined ? {} : { headers: [JSON.parse(header.text) as OutputHeader] }),
  };
}

describeWithStandards('a document that is written', () => {
  const all = standardsFolder === undefined ? [] : examples();

  it('is told from one that the schema refuses', async () => {
    const right = writeXmlDocument([], { ...optionsFor('EPCISDocument'), version: '2.0' });
    const wrong = right.replace('EventList', 'EventLists');
    const [accepted, refused, broken] = await xsdFaults(standard(SCHEMA), [right, wrong, '<a>']);
    expect(accepted).toBe('ok');
    expect(refused).toMatch(/^2:\d+ cvc-complex-type/);
    expect(broken).toMatch(/^1:\d+ /);
  });

  it.each(['2.0', '1.2'] as const)(
    'is valid XML %s for every example, as EPCISDocument and as EPCISQueryDocument',
    async (version) => {
      expect(all.length).toBeGreaterThan(40);
      const documents = all.flatMap(([name, document]) =>
        KINDS.map((kind): [string, string] => [
          `${kind} of ${name}`,
          writeXmlDocument(outputs(document), { ...optionsFor(kind, document), version }),
        ]),
      );
      const faults = await xsdFaults(
        standard(SCHEMAS[version]),
        documents.map(([, text]) => text),
      );
      const invalid = documents.flatMap(([name], index) =>
        faults[index] === 'ok' ? [] : [`${name}: ${faults[index] ?? ''}`],
      );
      expect(invalid).toEqual([]);
    },
    60_000,
  );

  it('is valid by the schemas of XML 2.0, XML 1.2 and JSON for any events', async () => {
    const numRuns = historiesToTry({ daily: 100, nightly: 5000 });
    const events = fc.sample(randomEvent, { numRuns, seed }).map(({ text, context }) => ({
      event: JSON.parse(text) as EpcisEvent,
      text,
      context,
    }));
    const groups = events.map((_, index) => events.slice(index, index + 3));
    for (const version of ['2.0', '1.2'] as const) {
      const xml = groups.map((group, index) =>
        writeXmlDocument(group, { ...optionsFor(KINDS[index % 2] ?? KINDS[0]), version }),
      );
      const faults = await xsdFaults(standard(SCHEMAS[version]), xml);
      expect([version, ...faults.filter((said) => said !== 'ok')]).toEqual([version]);
    }

    const ajv = new Ajv({ strict: false, validateFormats: true });
    (createRequire(import.meta.url)('ajv-formats') as FormatsPlugin)(ajv);
    const schema = readFileSync(standard('epcis-2.0.1/epcis-json-schema.json'), 'utf8');
    const accepts = ajv.compile(JSON.parse(schema) as object);
    const refused = groups.filter((group, index) => {
      const json = writeJsonDocument(group, optionsFor(KINDS[index % 2] ?? KINDS[0]));
      return !accepts(JSON.parse(json));
    });
    expect(refused).toEqual([]);
  }, 600_000);

  // Events of the others hash without fields that their documents name (`ignoreFields`), and answers to queries do not.
  const comparable = all.filter(([name]) => !name.includes('IgnoreFields'));

  it.each(comparable)(
    'has the events of %s, by their hashes, in every syntax',
    (name, document) => {
      const hashes = document.events.map(({ hash }) => hash);
      for (const kind of KINDS) {
        const options = optionsFor(kind, document);
        for (const version of ['2.0', '1.2'] as const) {
          const back = read(writeXmlDocument(outputs(document), { ...options, version }), 'xml');
          expect([version, ...(back?.events ?? []).map(({ hash }) => hash)]).toEqual([
            version,
            ...hashes,
          ]);
        }
        // XML may have a sensor report without a type, JSON may not.
        if (name.endsWith('SensorDataExamples.xml')) continue;
        const back = read(writeJsonDocument(outputs(document), options), 'json');
        expect(back?.events.map(({ hash }) => hash)).toEqual(hashes);
        expect(back?.header).toEqual(document.header);
      }
    },
  );
});
