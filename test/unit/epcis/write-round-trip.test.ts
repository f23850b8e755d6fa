import fc from 'fast-check';
import { isLosslessNumber } from 'lossless-json';
import type { JsonObject } from '../../../src/epcis/checks.js';
import { isObject } from '../../../src/epcis/checks.js';
import { prefixesOf } from '../../../src/epcis/namespaces.js';
import type { ParsedEvent } from '../../../src/epcis/parse-document.js';
import { parseSource } from '../../../src/epcis/parse-document.js';
import { readSource } from '../../../src/epcis/source-document.js';
import { withVocabularyForm } from '../../../src/epcis/translate-vocabulary.js';
import type { OutputEvent, OutputOptions } from '../../../src/epcis/write-json.js';
import { writeJsonDocument } from '../../../src/epcis/write-json.js';
import { withNumbersAsWritten } from '../../../src/epcis/write-numbers.js';
import { writeXmlDocument } from '../../../src/epcis/xml/write-document.js';
import type { RandomEvent } from '../../support/random-events.js';
import { randomEvent } from '../../support/random-events.js';
import { historiesToTry, seed } from '../../support/test-settings.js';

const LIMITS = { maxEvents: 100, maxEpcsPerEvent: 100, maxDepth: 40 };
const OPTIONS: OutputOptions = { kind: 'EPCISQueryDocument', creationDateMs: 0 };

function read(text: string, type: 'json' | 'xml'): readonly ParsedEvent[] {
  const source = readSource(Buffer.from(text), `application/${type}`, LIMITS);
  if (!source.ok) throw new Error(`${JSON.stringify(source.issues)}\n${text}`);
  const parsed = parseSource(source.source, LIMITS);
  if (!parsed.ok) throw new Error(`${JSON.stringify(parsed.issues, null, 1)}\n${text}`);
  return parsed.document.events;
}

/** As a query gives it out: bare words in JSON, and XML of its own accord has URNs of them. */
const asOutput = ({ event, text, context }: ParsedEvent): OutputEvent => ({
  event: withVocabularyForm(
    text === undefined ? event : (JSON.parse(text) as ParsedEvent['event']),
    'BARE',
  ),
  ...(text === undefined ? {} : { text }),
  ...(context === undefined ? {} : { context: JSON.parse(context) as Record<string, string> }),
});

/** Names with their namespaces instead of prefixes; numbers and truth values as XML has them, in letters; null says nothing. */
function meaning(value: unknown, context: Readonly<Record<string, string>>): unknown {
  if (isLosslessNumber(value)) return value.value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map((item: unknown) => meaning(item, context));
  if (!isObject(value)) return value;
  const said = Object.entries(value).filter(([, inner]) => inner !== null);
  // An element without anything in it is the empty text.
  if (said.length === 0) return '';
  return Object.fromEntries(
    said.map(([key, inner]) => {
      const [prefix = '', local] = key.split(/:(.*)/s);
      const namespace = context[prefix];
      const name = namespace === undefined ? key : `{${namespace}}${local ?? ''}`;
      return [name, meaning(inner, context)];
    }),
  );
}

function meaningOf(parsed: ParsedEvent): unknown {
  const { text, context } = parsed;
  const event = withVocabularyForm(parsed.event, 'BARE');
  const { '@context': own, ...fields } = withNumbersAsWritten(event, text) as JsonObject;
  const around: unknown = context === undefined ? undefined : JSON.parse(context);
  return meaning(fields, Object.fromEntries(prefixesOf(around, own)));
}

const written = ({ text, context }: RandomEvent): OutputEvent => ({
  event: JSON.parse(text) as OutputEvent['event'],
  text,
  context,
});

const stages: readonly (readonly [
  string,
  'json' | 'xml',
  (events: readonly OutputEvent[]) => string,
])[] = [
  ['XML 2.0', 'xml', (events) => writeXmlDocument(events, { ...OPTIONS, version: '2.0' })],
  ['XML 1.2', 'xml', (events) => writeXmlDocument(events, { ...OPTIONS, version: '1.2' })],
  ['JSON', 'json', (events) => writeJsonDocument(events, OPTIONS)],
];

it('an event is the same, and has the same hash, from JSON to XML 2.0 to XML 1.2 and back to JSON', () => {
  const property = fc.property(fc.array(randomEvent, { minLength: 1, maxLength: 3 }), (random) => {
    const first = read(writeJsonDocument(random.map(written), OPTIONS), 'json');
    let events = first;
    for (const [syntax, type, write] of stages) {
      events = read(write(events.map(asOutput)), type);
      expect([syntax, ...events.map(meaningOf)]).toEqual([syntax, ...first.map(meaningOf)]);
      expect([syntax, ...events.map(({ hash }) => hash)]).toEqual([
        syntax,
        ...first.map(({ hash }) => hash),
      ]);
    }
  });
  fc.assert(property, { numRuns: historiesToTry({ daily: 60, nightly: 20_000 }), seed });
}, 600_000);
