import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import type { EpcisEvent } from '../../../src/epcis/event.js';
import type { OutputEvent, OutputOptions } from '../../../src/epcis/write-json.js';
import { nameFor, textOfName } from '../../../src/epcis/xml/name-escapes.js';
import { writeXmlDocument, writeXmlEvent } from '../../../src/epcis/xml/write-document.js';
import { decimalText, timeText } from '../../../src/epcis/xml/write-text.js';
import { seed } from '../../support/test-settings.js';

const OPTIONS: OutputOptions = { kind: 'EPCISDocument', creationDateMs: Date.UTC(2026, 2, 14) };
const WHEN = { eventTime: '2026-03-14T09:26:53Z', eventTimeZoneOffset: '+00:00' };
const WHEN_XML =
  '<eventTime>2026-03-14T09:26:53Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>';

function event(fields: Readonly<Record<string, unknown>>): EpcisEvent {
  return { ...WHEN, ...fields } as unknown as EpcisEvent;
}

/** The EventList of the document written. */
function listOf(outputs: readonly OutputEvent[], version: '2.0' | '1.2'): string {
  const text = writeXmlDocument(outputs, { ...OPTIONS, version });
  return /<EventList>(.*)<\/EventList>/s.exec(text)?.[1] ?? text;
}

function complaintOf(text: string): string | undefined {
  const parser = new SaxesParser({ xmlns: true });
  let complaint: string | undefined;
  parser.on('error', ({ message }) => {
    complaint ??= message;
  });
  parser.write(text).close();
  return complaint;
}

const SHIPPING = event({
  type: 'ObjectEvent',
  action: 'OBSERVE',
  eventID: 'urn:uuid:1',
  certificationInfo: ['https://example.com/c1', 'https://example.com/c2'],
  errorDeclaration: { reason: 'incorrect_data', declarationTime: WHEN.eventTime },
  'ours:note': 'fragile',
  bizStep: 'https://ref.gs1.org/cbv/BizStep-shipping',
  disposition: 'in_transit',
  quantityList: [{ uom: 'KGM', epcClass: 'urn:epc:class:lgtin:9506000.013435.A' }],
  sourceList: [{ type: 'location', source: 'urn:epc:id:sgln:9506000.00001.0' }],
  persistentDisposition: { set: ['completeness_verified'], unset: ['available'] },
  sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 26, component: 'x' }] }],
  ilmd: { 'ours:lot': 'A' },
});
const OURS = { ours: 'https://ns.example.com/' };

it('XML 2.0 has the elements of an event in the order of the schema, bare words as URN', () => {
  expect(listOf([{ event: SHIPPING, context: OURS }], '2.0')).toBe(
    `<ObjectEvent>${WHEN_XML}<eventID>urn:uuid:1</eventID>` +
      '<errorDeclaration><declarationTime>2026-03-14T09:26:53Z</declarationTime>' +
      '<reason>urn:epcglobal:cbv:er:incorrect_data</reason></errorDeclaration>' +
      '<certificationInfo>https://example.com/c1 https://example.com/c2</certificationInfo>' +
      '<action>OBSERVE</action><bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep>' +
      '<disposition>urn:epcglobal:cbv:disp:in_transit</disposition>' +
      '<quantityList><quantityElement><epcClass>urn:epc:class:lgtin:9506000.013435.A</epcClass>' +
      '<quantity xsi:nil="true"/><uom>KGM</uom></quantityElement></quantityList>' +
      '<sourceList><source type="urn:epcglobal:cbv:sdt:location">urn:epc:id:sgln:9506000.00001.0</source></sourceList>' +
      '<sensorElementList><sensorElement><sensorReport type="https://gs1.org/voc/Temperature" value="26"' +
      ' component="https://ref.gs1.org/cbv/Comp-x"/></sensorElement></sensorElementList>' +
      '<persistentDisposition><unset>urn:epcglobal:cbv:disp:available</unset>' +
      '<set>urn:epcglobal:cbv:disp:completeness_verified</set></persistentDisposition>' +
      '<ilmd><ours:lot>A</ours:lot></ilmd><ours:note>fragile</ours:note></ObjectEvent>',
  );
});

it('XML 1.2 has newer elements in extension and baseExtension, the list it requires, words as URN', () => {
  const text = listOf([{ event: SHIPPING, context: OURS }], '1.2');
  expect(text).toContain(
    `${WHEN_XML}<baseExtension><eventID>urn:uuid:1</eventID><errorDeclaration>`,
  );
  expect(text).toMatch(
    /<extension><certificationInfo>[^<]*<\/certificationInfo><\/extension><\/baseExtension><epcList\/><action>/,
  );
  expect(text).toContain('<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>');
  expect(text).toMatch(
    /<extension><quantityList>.*<\/sourceList><ilmd>.*<\/ilmd><extension><sensorElementList>.*<\/persistentDisposition><\/extension><\/extension><ours:note>/,
  );
});

it.each([
  ['TransformationEvent', 1],
  ['AssociationEvent', 2],
  ['https://ns.example.com/OwnEvent', 3],
])('XML 1.2 has %s in %i extensions of the list', (type, levels) => {
  const text = listOf([{ event: event({ type }), context: OURS }], '1.2');
  const name = type.includes(':') ? 'ours:OwnEvent' : type;
  expect(text).toBe(
    `${'<extension>'.repeat(levels)}<${name}>${WHEN_XML}</${name}>${'</extension>'.repeat(levels)}`,
  );
});

it('an extension keeps its numbers as written, and has no attribute that would be part of the event hash', () => {
  const fields = {
    type: 'ObjectEvent',
    'ours:all': {
      'ours:n': 1,
      'ours:d': 1.5,
      'ours:b': true,
      'ours:none': null,
      plain: ' x',
      'ours:line': 'x\n',
    },
    'ours:list': ['a', 2, null],
    'ours:weight': { '@unit': 'KGM', '#text': '5' },
    'ours:mixed': { '#text': 'see', 'ours:b': 'this', '#content': ['see ', { 'ours:b': 'this' }] },
  };
  const text = JSON.stringify({ ...WHEN, ...fields })
    .replace('1.5', '1.50')
    .replace(':1,', ':1e0,');
  expect(listOf([{ event: event(fields), text, context: OURS }], '2.0')).toBe(
    `<ObjectEvent>${WHEN_XML}<ours:all><ours:n>1e0</ours:n><ours:d>1.50</ours:d>` +
      '<ours:b>true</ours:b><plain> x</plain><ours:line xsi:type="xsd:string">x\n</ours:line></ours:all>' +
      '<ours:list>a</ours:list><ours:list>2</ours:list><ours:list/>' +
      '<ours:weight unit="KGM">5</ours:weight><ours:mixed>see <ours:b>this</ours:b></ours:mixed></ObjectEvent>',
  );
});

it('a prefix that means different things in two events is declared by each; one they share by the root', () => {
  const note = event({ type: 'ObjectEvent', 'ours:note': 'x', 'both:note': 'y' });
  const both = 'https://both.example.com/';
  const text = writeXmlDocument(
    [
      { event: note, context: { ours: 'https://one.example.com/', both } },
      { event: note, context: { ours: 'https://two.example.com/', both } },
    ],
    { ...OPTIONS, version: '2.0' },
  );
  expect(text).toContain(
    '<epcis:EPCISDocument xmlns:both="https://both.example.com/" xmlns:epcis=',
  );
  expect(text).toContain('<ObjectEvent xmlns:ours="https://one.example.com/">');
  expect(text).toContain('<ObjectEvent xmlns:ours="https://two.example.com/">');
});

it('a query document names the query and the subscription, and has recordTime', () => {
  const text = writeXmlDocument(
    [{ event: event({ type: 'ObjectEvent', recordTime: 'ignored' }), recordTimeMs: 0 }],
    { ...OPTIONS, kind: 'EPCISQueryDocument', subscriptionID: 'a<b', version: '1.2' },
  );
  expect(text).toContain(
    '<epcisq:EPCISQueryDocument xmlns:epcisq="urn:epcglobal:epcis-query:xsd:1" schemaVersion="1.2" creationDate="2026-03-14T00:00:00.000Z">' +
      '<EPCISBody><epcisq:QueryResults><queryName>SimpleEventQuery</queryName><subscriptionID>a&lt;b</subscriptionID><resultsBody><EventList>',
  );
  expect(text).toContain('<recordTime>1970-01-01T00:00:00.000Z</recordTime>');
});

it('master data is the answer of a query document without events, and stands in the header otherwise', () => {
  const masterData = [
    {
      type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
      vocabularyElementList: [
        {
          id: 'urn:epc:id:sgln:9506000.00001.0',
          attributes: [
            { id: 'urn:epcglobal:cbv:mda#name', attribute: 'Depot & yard' },
            { id: 'urn:x:y', attribute: { 'ours:a': 1 } },
          ],
          children: ['urn:epc:id:sgln:9506000.00001.1'],
        },
      ],
    },
  ];
  const list =
    '<VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList>' +
    '<VocabularyElement id="urn:epc:id:sgln:9506000.00001.0"><attribute id="urn:epcglobal:cbv:mda#name">Depot &amp; yard</attribute>' +
    '<attribute id="urn:x:y"><ours:a>1</ours:a></attribute>' +
    '<children><id>urn:epc:id:sgln:9506000.00001.1</id></children></VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList>';
  const answer = { ...OPTIONS, kind: 'EPCISQueryDocument', masterData, version: '1.2' } as const;
  expect(writeXmlDocument([], answer)).toContain(`<resultsBody>${list}</resultsBody>`);
  expect(writeXmlDocument([], { ...OPTIONS, masterData, version: '2.0' })).toContain(
    `<EPCISHeader><extension><EPCISMasterData>${list}</EPCISMasterData></extension></EPCISHeader>`,
  );
});

it('a statement goes out when all documents carried it, in EPCISHeader in 1.2 and after the body in 2.0', () => {
  const statement = {
    '@context': { gs1ushc: 'http://epcis.gs1us.org/hc/ns' },
    'gs1ushc:affirm': 'true',
  };
  const sbdh = { 'sbdh:StandardBusinessDocumentHeader': { 'sbdh:HeaderVersion': '1.0' } };
  const both = { ...statement, ...sbdh };
  const written = (
    version: '2.0' | '1.2',
    ...headers: readonly Record<string, unknown>[]
  ): string => writeXmlDocument([], { ...OPTIONS, headers, version });
  const header =
    '<sbdh:StandardBusinessDocumentHeader><sbdh:HeaderVersion>1.0</sbdh:HeaderVersion></sbdh:StandardBusinessDocumentHeader>';
  const affirm = '<gs1ushc:affirm>true</gs1ushc:affirm>';
  expect(written('1.2', both, both)).toContain(`<EPCISHeader>${header}${affirm}</EPCISHeader>`);
  expect(written('2.0', both)).toContain(`<EPCISHeader>${header}</EPCISHeader><EPCISBody>`);
  expect(written('2.0', both)).toContain(`</EPCISBody>${affirm}</epcis:EPCISDocument>`);
  expect(written('2.0', both, sbdh)).not.toContain('affirm');
  expect(written('1.2', both, {})).not.toContain('Header');
});

it('one event is a document of its own', () => {
  expect(writeXmlEvent({ event: event({ type: 'AssociationEvent' }) }, '1.2')).toMatch(
    /^<\?xml [^>]*\?>\n<AssociationEvent><eventTime>/,
  );
});

it.each([
  ['2026-03-14t09:26:53z', '2026-03-14T09:26:53.000Z'],
  ['2026-03-14T09:26:53.123456789+0130', '2026-03-14T07:56:53.123456Z'],
  ['2016-12-31T24:00:00Z', '2017-01-01T00:00:00.000Z'],
  ['2026-03-14T09:26:53.1+01:00', '2026-03-14T09:26:53.1+01:00'],
])('the time %s is %s in XML Schema', (time, text) => {
  expect(timeText(time)).toBe(text);
});

it.each([
  ['1.50', '1.50'],
  ['1.5e3', '1500'],
  ['-15e-3', '-0.015'],
  ['1.25E1', '12.5'],
  ['1e-400000', '0'],
])('the quantity %s is %s in XML, which has no exponents there', (number, text) => {
  expect(decimalText(number)).toBe(text);
});

it('any text is a name that gives the text back', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[_x0-9AF ]{0,12}$/)),
      (text) => {
        expect(complaintOf(`<${nameFor(text)}/>`)).toBeUndefined();
        expect(textOfName(nameFor(text))).toBe(text);
      },
    ),
    { seed, numRuns: 500 },
  );
});

it('whatever an event says, and whatever its prefixes are, the document is well-formed', () => {
  const prefix = fc.oneof(
    fc.constantFrom(
      'ext',
      'xml',
      'xmlns',
      'xsi',
      'epcis',
      '__proto__',
      'constructor',
      '',
      '1',
      'a b',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const namespace = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      'urn:a',
      'http://www.w3.org/2000/xmlns/',
      'http://www.w3.org/2001/XMLSchema-instance',
      'urn:epcglobal:epcis:xsd:2',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const key = fc.oneof(
    fc.tuple(prefix, fc.string({ unit: 'binary', maxLength: 3 })).map((parts) => parts.join(':')),
    fc.constantFrom(
      '#text',
      '#content',
      '@',
      '@xsi:type',
      '@ext:a',
      '@other:a',
      '@xmlns',
      '@xmlns:ext',
      '@context',
      'https://a/b',
      'urn:',
      ':',
      '@:',
    ),
  );
  const value = fc.jsonValue({ noUnicodeString: false, maxDepth: 2 });
  const anything = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { maxKeys: 3 })), {
    maxKeys: 4,
  });
  const output = fc.record({
    fields: anything,
    inside: anything,
    type: fc.constantFrom('ObjectEvent', 'ext:Own', 'TransformationEvent', ''),
    context: fc.dictionary(prefix, namespace, { maxKeys: 3 }),
  });
  const header = fc.tuple(anything, fc.dictionary(prefix, namespace, { maxKeys: 2 }));
  fc.assert(
    fc.property(fc.array(output, { maxLength: 2 }), header, (outputs, [fields, bound]) => {
      const events = outputs.map(({ fields: own, inside, type, context }) => ({
        event: event({
          ...own,
          type,
          ilmd: inside,
          readPoint: inside,
          sensorElementList: [{ sensorReport: [inside] }],
        }),
        context,
      }));
      const headers = [{ ...fields, '@context': bound }];
      for (const version of ['2.0', '1.2'] as const) {
        const text = writeXmlDocument(events, { ...OPTIONS, headers, version });
        expect([complaintOf(text), complaintOf(text) === undefined ? '' : text]).toEqual([
          undefined,
          '',
        ]);
      }
    }),
    { seed, numRuns: 300 },
  );
});
