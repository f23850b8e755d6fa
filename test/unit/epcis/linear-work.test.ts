/**
 * Built-in functions are replaced, and what is counted has to be compiled after that.
 *
 * @jest-environment node
 */
import type { CaptureLimits } from '../../../src/epcis/capture-limits.js';
import { countWork } from '../../support/work.js';
import type { WorkCounter } from '../../support/work.js';

const LIMITS: CaptureLimits = { maxEvents: 50_000, maxEpcsPerEvent: 20_000, maxDepth: 32 };

/** Reads, judges and hashes a document, spells it anew and writes it in every syntax. */
async function loadPipeline() {
  const { readSource } = await import('../../../src/epcis/source-document.js');
  const { parseSource } = await import('../../../src/epcis/parse-document.js');
  const { withEpcFormat } = await import('../../../src/epcis/translate-identifiers.js');
  const { withVocabularyForm } = await import('../../../src/epcis/translate-vocabulary.js');
  const { writeJsonDocument } = await import('../../../src/epcis/write-json.js');
  const { writeXmlDocument } = await import('../../../src/epcis/xml/write-document.js');
  return (text: string, mediaType: string): string => {
    const read = readSource(Buffer.from(text), mediaType, LIMITS);
    if (!read.ok) return read.issues[0]?.code ?? '';
    const parsed = parseSource(read.source, LIMITS);
    if (!parsed.ok) return parsed.issues[0]?.code ?? '';
    const events = parsed.document.events.map(({ event, text: given, context }) => ({
      event: withVocabularyForm(
        withEpcFormat(event, 'Always_GS1_Digital_Link', { lengthFor: () => null } as never),
        'WEB_URI',
      ),
      ...(given === undefined ? {} : { text: given }),
      ...(context === undefined ? {} : { context: JSON.parse(context) as Record<string, string> }),
    }));
    const options = { kind: 'EPCISDocument', creationDateMs: 0 } as const;
    writeJsonDocument(events, options);
    writeXmlDocument(events, { ...options, version: '2.0' });
    writeXmlDocument(events, { ...options, version: '1.2' });
    return 'ok';
  };
}

let counter: WorkCounter<Awaited<ReturnType<typeof loadPipeline>>>;
beforeAll(async () => {
  counter = await countWork(loadPipeline);
});
afterAll(() => counter.stop());

const times = (n: number, one: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => one(i)).join('');
const list = <T>(n: number, one: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => one(i));
const fields = (n: number, one: (i: number) => [string, unknown]): object =>
  Object.fromEntries(list(n, one));

const EPC = 'urn:epc:id:sgtin:0614141.107346.';
const EVENT = {
  type: 'ObjectEvent',
  eventTime: '2026-03-14T09:26:53Z',
  eventTimeZoneOffset: '+00:00',
  epcList: [`${EPC}1`],
  action: 'OBSERVE',
};

function json(events: readonly object[], context: object = { e: 'urn:x:e:' }): string {
  return JSON.stringify({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', context],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: EVENT.eventTime,
    epcisBody: { eventList: events.map((event) => ({ ...EVENT, ...event })) },
  });
}

const xmlEvent = (inside: string, epcs = `<epc>${EPC}1</epc>`): string =>
  `<ObjectEvent><eventTime>2026-03-14T09:26:53Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>` +
  `<epcList>${epcs}</epcList><action>OBSERVE</action>${inside}</ObjectEvent>`;
const xml = (events: string, attributes = ' xmlns:e="urn:x:e"'): string =>
  `<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" creationDate="2026-03-14T09:26:53Z"${attributes}>` +
  `<EPCISBody><EventList>${events}</EventList></EPCISBody></epcis:EPCISDocument>`;

const report = (i: number): object => ({ type: 'Temperature', value: i, uom: 'CEL' });
const sensors = (n: number): object => ({ sensorElementList: [{ sensorReport: list(n, report) }] });
const xmlReport = (i: number): string =>
  `<sensorReport type="gs1:Temperature" value="${i}" uom="CEL"/>`;
const nested = (depth: number): unknown => (depth === 0 ? 'x' : { 'e:a': nested(depth - 1) });
const quantity = (i: number): object => ({
  epcClass: `urn:epc:class:lgtin:0614141.107346.${i}`,
  quantity: 1.5,
});
const xmlQuantity = (i: number): string =>
  `<quantityElement><epcClass>urn:epc:class:lgtin:0614141.107346.${i}</epcClass><quantity>1.50</quantity></quantityElement>`;

/** Shape, syntax, n, the document of that size, and what becomes of it (`ok`, or the first fault's code). */
const SHAPES: readonly (readonly [
  string,
  'JSON' | 'XML',
  number,
  (n: number) => string,
  string,
])[] = [
  [
    'namespaces of one prefix',
    'XML',
    100,
    (n) => xml(xmlEvent(times(n, (i) => `<p:a xmlns:p="urn:x:${i}">1</p:a>`))),
    'ok',
  ],
  [
    'namespaces in scope of many events',
    'XML',
    60,
    (n) =>
      xml(
        times(n, () => xmlEvent('<e0:a>1</e0:a>')),
        times(n, (i) => ` xmlns:e${i}="urn:x:${i}"`),
      ),
    'ok',
  ],
  [
    'namespaces in scope of many events',
    'JSON',
    100,
    (n) =>
      json(
        list(n, () => ({ '@context': { a: 'urn:a:' }, 'e0:a': 1 })),
        fields(n, (i) => [`e${i}`, `urn:x:${i}:`]),
      ),
    'ok',
  ],
  [
    'namespaces declared inside of objects',
    'JSON',
    100,
    (n) =>
      json(
        [{ 'e0:a': list(n, (i) => ({ [`@xmlns:p${i % 7}`]: `urn:p:${i}`, 'p1:b': 1 })) }],
        fields(n, (i) => [`e${i}`, `urn:x:${i}:`]),
      ),
    'ok',
  ],
  ['attributes', 'XML', 60, (n) => xml(xmlEvent(`<e:a${times(n, (i) => ` a${i}="1"`)}/>`)), 'ok'],
  [
    'attributes over many elements',
    'XML',
    100,
    (n) => xml(xmlEvent(times(n, () => `<e:a${times(20, (i) => ` a${i}="1"`)}/>`))),
    'ok',
  ],
  ['empty elements of an extension', 'XML', 1000, (n) => xml(xmlEvent('<e:a/>'.repeat(n))), 'ok'],
  [
    'empty elements that are unknown',
    'XML',
    300,
    (n) => xml(xmlEvent('<a/>'.repeat(n))),
    'FIELD_UNKNOWN',
  ],
  [
    'empty elements in the list of events',
    'XML',
    300,
    (n) => xml('<a/>'.repeat(n)),
    'FIELD_UNKNOWN',
  ],
  [
    'empty objects in the list of events',
    'JSON',
    300,
    (n) => json([]).replace('[]}', `[{}${',{}'.repeat(n)}]}`),
    'EVENT_TYPE_INVALID',
  ],
  ['deep nesting', 'JSON', 6, (n) => json(list(40, () => ({ 'e:n': nested(n) }))), 'ok'],
  [
    'deep nesting',
    'XML',
    6,
    (n) => xml(times(40, () => xmlEvent('<e:a>'.repeat(n) + '</e:a>'.repeat(n)))),
    'ok',
  ],
  [
    'deep nesting of mixed text',
    'XML',
    2,
    (n) => xml(times(40, () => xmlEvent(`${'<e:a>x'.repeat(n)}<e:b/>${'</e:a>'.repeat(n)}`))),
    'ok',
  ],
  ['nesting without end', 'JSON', 20_000, (n) => '['.repeat(n), 'LIMIT_DEPTH'],
  ['a long list of an extension', 'JSON', 2000, (n) => json([{ 'e:a': list(n, (i) => i) }]), 'ok'],
  [
    'a long list of an extension',
    'XML',
    300,
    (n) => xml(xmlEvent(times(n, (i) => `<e:a>${i}</e:a>`))),
    'ok',
  ],
  [
    'a long list of EPCs',
    'JSON',
    1000,
    (n) => json([{ epcList: list(n, (i) => `${EPC}${i}`) }]),
    'ok',
  ],
  [
    'a long list of EPCs',
    'XML',
    300,
    (n) =>
      xml(
        xmlEvent(
          '',
          times(n, (i) => `<epc>${EPC}${i}</epc>`),
        ),
      ),
    'ok',
  ],
  ['a long list of events', 'JSON', 300, (n) => json(list(n, (i) => ({ 'e:a': i }))), 'ok'],
  [
    'a long list of events',
    'XML',
    100,
    (n) => xml(times(n, (i) => xmlEvent(`<e:a>${i}</e:a>`))),
    'ok',
  ],
  [
    'numbers as written, below a long name',
    'JSON',
    300,
    (n) => json([{ [`e:${'a'.repeat(400)}`]: [] }]).replace('[]}', `[1.0${',[1.0]'.repeat(n)}]}`),
    'ok',
  ],
  ['wide extensions', 'JSON', 1000, (n) => json([fields(n, (i) => [`e:a${i}`, i])]), 'ok'],
  [
    'wide extensions',
    'XML',
    300,
    (n) => xml(xmlEvent(times(n, (i) => `<e:a${i}>1</e:a${i}>`))),
    'ok',
  ],
  [
    'wide extensions of sensors, in a namespace that ends in a slash',
    'JSON',
    300,
    (n) =>
      json(
        [
          {
            sensorElementList: [
              { sensorMetadata: fields(n, (i) => [`e:a${i}`, i]), sensorReport: [report(1)] },
            ],
          },
        ],
        { e: 'http://x.org/' },
      ),
    'ok',
  ],
  ['long texts', 'JSON', 20_000, (n) => json([{ 'e:a': 'a &<'.repeat(n) }]), 'ok'],
  ['long texts', 'XML', 20_000, (n) => xml(xmlEvent(`<e:a>${'a &amp;'.repeat(n)}</e:a>`)), 'ok'],
  [
    'texts in pieces',
    'XML',
    500,
    (n) => xml(xmlEvent(`<e:a>${'a<!-- -->'.repeat(n)}</e:a>`)),
    'ok',
  ],
  [
    'many CURIEs',
    'JSON',
    300,
    (n) => json([{ 'e:a': list(n, (i) => `e:b${i}`), 'e:c': list(n, (i) => `gs1:b${i}`) }]),
    'ok',
  ],
  ['many faults', 'JSON', 1000, (n) => json([{ epcList: list(n, (i) => i) }]), 'URI_INVALID'],
  [
    'many faults',
    'XML',
    300,
    (n) =>
      xml(
        xmlEvent(
          '',
          times(n, () => '<epc>no uri</epc>'),
        ),
      ),
    'URI_INVALID',
  ],
  [
    'many events with faults',
    'XML',
    100,
    (n) => xml(times(n, () => xmlEvent('<bad/>'))),
    'FIELD_UNKNOWN',
  ],
  ['sensor reports', 'JSON', 500, (n) => json([sensors(n)]), 'ok'],
  [
    'sensor reports',
    'XML',
    150,
    (n) =>
      xml(
        xmlEvent(
          `<sensorElementList><sensorElement>${times(n, xmlReport)}</sensorElement></sensorElementList>`,
        ),
      ),
    'ok',
  ],
  ['quantity lists', 'JSON', 500, (n) => json([{ quantityList: list(n, quantity) }]), 'ok'],
  [
    'quantity lists',
    'XML',
    150,
    (n) => xml(xmlEvent(`<quantityList>${times(n, xmlQuantity)}</quantityList>`)),
    'ok',
  ],
  [
    'white space in a text',
    'XML',
    2000,
    (n) => xml(xmlEvent(`<e:a>a${'\n '.repeat(n)}b</e:a>`)),
    'ok',
  ],
  [
    'white space between elements',
    'XML',
    2000,
    (n) => xml(xmlEvent(`<e:a>${'\n '.repeat(n)}<e:b/></e:a>`)),
    'ok',
  ],
  [
    'white space',
    'JSON',
    8000,
    (n) => json([{}]).replace('"epcisBody":', `"epcisBody":${' \n'.repeat(n)}`),
    'ok',
  ],
];

const TYPES = { JSON: 'application/json', XML: 'application/xml' };

test.each(SHAPES)('work is linear: %s, %s', async (...[, syntax, n, make, outcome]) => {
  const outcomes: string[] = [];
  const workOf = (size: number): Promise<number> => {
    const text = make(size);
    return counter.workOf(() => outcomes.push(counter.loaded(text, TYPES[syntax])));
  };
  // The first of a shape fills what is kept between documents.
  await workOf(1);
  const [once, four] = [await workOf(n), await workOf(4 * n)];

  expect(outcomes.slice(1)).toEqual([outcome, outcome]);
  // Sorting takes n log n; what does not grow with n makes it less than four.
  expect(four / once).toBeLessThan(4.6);
  expect(once).toBeGreaterThan(n);
});
