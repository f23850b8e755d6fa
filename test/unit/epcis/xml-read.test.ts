import { hashesOf } from '../../../src/epcis/document-hashes.js';
import {
  EPCS,
  TIMES,
  eventsOf,
  issuesOf,
  objectEvent,
  soundDocument,
  sourceOf,
  xmlDocument,
} from './xml-fixtures.js';

const EXT = 'xmlns:x="urn:example:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const XSD = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"';

const codesOf = (text: string): readonly string[] => issuesOf(text).map(({ code }) => code);
const onlyEvent = (text: string): Readonly<Record<string, unknown>> => eventsOf(text)[0] ?? {};

/** The event's JSON text, as it would be stored. */
const textIn = (text: string): string =>
  sourceOf(text).textOf('/epcisBody/eventList/0') ?? JSON.stringify(eventsOf(text)[0], null, 0);

describe('an event in XML', () => {
  it('becomes the JSON binding: lists stay lists, attributes fields, words as they came', () => {
    const event = `<AggregationEvent>${TIMES}<certificationInfo>https://a.example/1</certificationInfo>
      <parentID> urn:epc:id:sscc:9506000.0134352000 </parentID><childEPCs><epc>urn:epc:id:sgtin:9506000.013435.A1</epc></childEPCs>
      <action>ADD</action><bizStep>urn:epcglobal:cbv:bizstep:packing</bizStep>
      <bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:x:1</bizTransaction></bizTransactionList>
      <sensorElementList><sensorElement><sensorMetadata time="2026-03-14T09:00:00Z" x:by="me"/>
        <sensorReport type="gs1:Temperature" value="26.0" booleanValue="1" stringValue=" a "/></sensorElement></sensorElementList>
      <persistentDisposition><unset>urn:epcglobal:cbv:disp:active</unset><set>urn:epcglobal:cbv:disp:recalled</set></persistentDisposition>
      </AggregationEvent>`;
    expect(onlyEvent(xmlDocument(event, { attributes: EXT }))).toEqual({
      type: 'AggregationEvent',
      eventTime: '2026-03-14T09:00:00Z',
      eventTimeZoneOffset: '+01:00',
      certificationInfo: 'https://a.example/1',
      parentID: 'urn:epc:id:sscc:9506000.0134352000',
      childEPCs: ['urn:epc:id:sgtin:9506000.013435.A1'],
      action: 'ADD',
      bizStep: 'urn:epcglobal:cbv:bizstep:packing',
      bizTransactionList: [{ type: 'urn:epcglobal:cbv:btt:po', bizTransaction: 'urn:x:1' }],
      sensorElementList: [
        {
          sensorMetadata: { time: '2026-03-14T09:00:00Z', 'x:by': 'me' },
          sensorReport: [
            { type: 'gs1:Temperature', value: 26, booleanValue: true, stringValue: ' a ' },
          ],
        },
      ],
      persistentDisposition: {
        unset: ['urn:epcglobal:cbv:disp:active'],
        set: ['urn:epcglobal:cbv:disp:recalled'],
      },
    });
  });

  it('says the same in 1.2 and in 2.0, and has the same hash', () => {
    const parts = {
      error: `<errorDeclaration><declarationTime>2026-03-15T00:00:00Z</declarationTime></errorDeclaration>`,
      quantities: `<quantityList><quantityElement><epcClass>urn:epc:class:lgtin:9506000.013435.L1</epcClass><quantity>5</quantity></quantityElement></quantityList>`,
      ilmd: `<ilmd><x:lot xmlns:x="urn:example:x">L1</x:lot></ilmd>`,
    };
    const id = '<eventID>urn:uuid:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed</eventID>';
    const new2 = xmlDocument(
      `<ObjectEvent>${TIMES}${id}${parts.error}${EPCS}<action>ADD</action>${parts.quantities}${parts.ilmd}</ObjectEvent>`,
    );
    const old = xmlDocument(
      `<ObjectEvent>${TIMES}<baseExtension>${id}${parts.error}</baseExtension>${EPCS}<action>ADD</action><extension>${parts.quantities}${parts.ilmd}</extension></ObjectEvent>`,
      { version: '1' },
    );
    expect(sourceOf(old).syntax).toBe('XML 1.2');
    expect(eventsOf(old)).toEqual(eventsOf(new2));
    expect(hashesOf(sourceOf(old))).toEqual(hashesOf(sourceOf(new2)));
  });

  it('of 1.2 may stand in extensions of the event list, and a QuantityEvent is an ObjectEvent', () => {
    const transformation = `<TransformationEvent>${TIMES}<inputEPCList><epc>urn:epc:id:sgtin:9506000.013435.A1</epc></inputEPCList><outputEPCList><epc>urn:epc:id:sgtin:9506000.013435.A2</epc></outputEPCList></TransformationEvent>`;
    const quantity = `<QuantityEvent>${TIMES}<epcClass>urn:epc:idpat:sgtin:9506000.013435.*</epcClass><quantity>007</quantity><bizStep>urn:epcglobal:cbv:bizstep:storing</bizStep></QuantityEvent>`;
    const text = xmlDocument(`<extension>${transformation}</extension>${quantity}`, {
      version: '1',
    });
    const [first, second] = eventsOf(text);
    expect(first).toMatchObject({ type: 'TransformationEvent' });
    expect(second).toMatchObject({
      type: 'ObjectEvent',
      action: 'OBSERVE',
      epcList: [],
      quantityList: [{ epcClass: 'urn:epc:idpat:sgtin:9506000.013435.*', quantity: 7 }],
    });
  });

  it('of a type of somebody’s own is kept whole', () => {
    const own = `<extension><x:Checked xmlns:x="urn:example:x">${TIMES}<by>me</by><x:result>ok</x:result></x:Checked></extension>`;
    expect(onlyEvent(xmlDocument(own))).toMatchObject({
      type: 'x:Checked',
      eventTimeZoneOffset: '+01:00',
      by: 'me',
      'x:result': 'ok',
    });
  });

  it('keeps numbers as they were written, in the form that JSON has', () => {
    const reports = ['26.0', '+5', '.5', '05', '5.', '1E3', '-0.10', '12345678901234567890.1']
      .map((value) => `<sensorReport type="gs1:Temperature" value="${value}"/>`)
      .join('');
    const text = xmlDocument(
      objectEvent(
        `<sensorElementList><sensorElement>${reports}</sensorElement></sensorElementList>`,
      ),
    );
    const values = [...textIn(text).matchAll(/"value":([^,}]+)/g)].map(([, value]) => value);
    expect(values).toEqual([
      '26.0',
      '5',
      '0.5',
      '5',
      '5',
      '1e3',
      '-0.10',
      '12345678901234567890.1',
    ]);
  });

  it('keeps in an extension what no double holds, as JSON does', () => {
    const more =
      '<x:n xmlns:x="urn:x:" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="xsd:double">-1E999</x:n>';
    expect(textIn(xmlDocument(objectEvent(more)))).toContain('"x:n":-1e999');
  });

  it('takes a name of an extension with letters that no URI has', () => {
    const more = '<x:größe xmlns:x="urn:x:">3</x:größe>';
    expect(onlyEvent(xmlDocument(objectEvent(more)))).toMatchObject({ 'x:größe': '3' });
  });

  it.each(['INF', '-INF', 'NaN', 'ten', '', '1e999'])('cannot have %j for a number', (value) => {
    const report = `<sensorElementList><sensorElement>\n<sensorReport type="gs1:Temperature" value="${value}"/></sensorElement></sensorElementList>`;
    const [issue] = issuesOf(xmlDocument(objectEvent(report)));
    expect(issue).toMatchObject({
      code: 'NUMBER_INVALID',
      pointer: '/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/value',
      line: 5,
      column: 1,
    });
  });
});

describe('namespaces in XML', () => {
  it('count by their URI, never by their prefix', () => {
    const text = xmlDocument(objectEvent('<epcis:a xmlns:epcis="urn:example:x">1</epcis:a>'));
    expect(onlyEvent(text)['epcis:a']).toBe('1');
  });

  it('give one prefix each in JSON, another where it is taken', () => {
    const text = xmlDocument(
      objectEvent(
        '<x:a xmlns:x="urn:example:one">1</x:a><x:b xmlns:x="urn:example:two">2</x:b><y:c xmlns:y="urn:example:one">3</y:c><d xmlns="urn:example:three">4</d>',
      ),
    );
    const { events } = soundDocument(text);
    expect(events[0]?.event).toMatchObject({ 'x:a': '1', 'x1:b': '2', 'x:c': '3', 'ns:d': '4' });
    expect(JSON.parse(events[0]?.context ?? '')).toEqual({
      x: 'urn:example:one',
      x1: 'urn:example:two',
      ns: 'urn:example:three',
    });
  });

  it('are not wanted on the elements of EPCIS themselves', () => {
    const text = xmlDocument(objectEvent()).replace(
      '<ObjectEvent>',
      '<ObjectEvent xmlns="urn:epcglobal:epcis:xsd:2">',
    );
    expect(codesOf(text)).toContain('FIELD_UNKNOWN');
  });

  it('leave no context on events that use none', () => {
    const { events } = soundDocument(xmlDocument(objectEvent(), { attributes: EXT }));
    expect(events[0]?.context).toBeUndefined();
  });
});

describe('an extension in XML', () => {
  const valueOf = (inside: string): unknown =>
    onlyEvent(xmlDocument(objectEvent(inside), { attributes: `${EXT} ${XSD}` }))['x:a'];

  it.each([
    ['text', '<x:a>1</x:a>', '1'],
    ['nothing', '<x:a/>', ''],
    ['null', '<x:a xsi:nil="true"/>', null],
    ['a number', '<x:a xsi:type="xs:integer">12</x:a>', 12],
    ['a boolean', '<x:a xsi:type="xs:boolean">1</x:a>', true],
    ['blanks as text', '<x:a xsi:type="xs:string"> b </x:a>', ' b '],
    ['layout around text', '<x:a>\n   b\n  </x:a>', 'b'],
    ['escaped text', '<x:a><![CDATA[<b>]]>&amp;&#x41;</x:a>', '<b>&A'],
    ['siblings', '<x:a>1</x:a><x:a xsi:type="xs:double">2.50</x:a>', ['1', 2.5]],
    ['children', '<x:a><x:b>1</x:b><c>2</c><x:b>3</x:b></x:a>', { 'x:b': ['1', '3'], c: '2' }],
    ['attributes', '<x:a x:u="m" v="2">3</x:a>', { '@x:u': 'm', '@v': '2', '#text': '3' }],
    [
      'text between elements',
      '<x:a>one <x:b>two</x:b> three</x:a>',
      { '#text': 'one', 'x:b': 'two', '#content': ['one ', { 'x:b': 'two' }, ' three'] },
    ],
  ])('keeps %s', (_name, xml, json) => {
    expect(valueOf(xml)).toEqual(json);
  });

  it('has in the hash its attributes like elements', () => {
    const text = xmlDocument(objectEvent('<x:a x:u="m"><x:b>1</x:b></x:a>'), { attributes: EXT });
    expect(hashesOf(sourceOf(text))[0]?.prehash).toMatch(
      /\{urn:example:x\}a\{urn:example:x\}b=1\{urn:example:x\}u=m$/,
    );
  });
});

describe('what the schema does not allow', () => {
  it.each([
    [
      'elements out of order',
      objectEvent('<readPoint><id>urn:x:1</id></readPoint><bizStep>urn:x:b</bizStep>'),
      'ELEMENT_ORDER',
      'bizStep',
    ],
    [
      'an element twice',
      objectEvent('<bizStep>urn:x:a</bizStep><bizStep>urn:x:b</bizStep>'),
      'ELEMENT_TWICE',
      'bizStep',
    ],
    [
      'an element that is not of the standard',
      objectEvent('<colour>red</colour>'),
      'FIELD_UNKNOWN',
      'colour',
    ],
    [
      'an attribute that is not of the standard',
      objectEvent(
        '<bizTransactionList><bizTransaction kind="x">urn:x:1</bizTransaction></bizTransactionList>',
      ),
      'FIELD_UNKNOWN',
      'bizTransactionList/0/kind',
    ],
    [
      'a list without items',
      objectEvent('<bizTransactionList/>'),
      'LIST_EMPTY',
      'bizTransactionList',
    ],
    [
      'an extension before the standard’s own',
      objectEvent('<x:a xmlns:x="urn:x">1</x:a><bizStep>urn:x:b</bizStep>'),
      'ELEMENT_ORDER',
      'bizStep',
    ],
    [
      'a word that the CBV has not',
      objectEvent('\n<bizStep>urn:epcglobal:cbv:bizstep:shiping</bizStep>'),
      'WORD_UNKNOWN',
      'bizStep',
    ],
  ])('is refused with its place: %s', (_name, event, code, field) => {
    const [issue, ...more] = issuesOf(xmlDocument(event));
    expect(issue).toMatchObject({ code, pointer: `/epcisBody/eventList/0/${field}` });
    expect([4, 5]).toContain(issue?.line);
    expect(more).toEqual([]);
  });

  const epc = 'urn:epc:id:sgtin:9506000.013435.A1';

  it.each([
    [objectEvent().replace(EPCS, `<epcList>${epc}</epcList>`), '/eventList/0/epcList'],
    [
      objectEvent(`<sourceList>${epc}<source type="urn:x:t">urn:x:1</source></sourceList>`),
      '/eventList/0/sourceList',
    ],
    [objectEvent(`<extension>${epc}</extension>`), '/eventList/0'],
    [`${objectEvent()}${epc}`, '/eventList'],
    [`${objectEvent()}</EventList>${epc}<EventList>`, ''],
  ])('is no text where elements belong, which would be lost: %#', (events, pointer) => {
    const found = issuesOf(xmlDocument(events)).filter(({ code }) => code === 'TEXT_MISPLACED');
    expect(found.map((issue) => issue.pointer)).toEqual([`/epcisBody${pointer}`]);
  });

  it('is told where the event stands, when something is missing', () => {
    const text = xmlDocument(`\n  <ObjectEvent>${TIMES}${EPCS}</ObjectEvent>`);
    expect(issuesOf(text)).toMatchObject([{ code: 'FIELD_MISSING', line: 5, column: 3 }]);
  });

  it('leaves the other events of the document good', () => {
    const read = sourceOf(xmlDocument(objectEvent('<colour/>') + objectEvent()));
    expect(read.issues).toHaveLength(1);
  });

  it('takes words of earlier CBV versions, and those of any vocabulary', () => {
    const words =
      '<bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep><disposition>urn:epcglobal:cbv:disp:non_sellable_expired</disposition>';
    expect(issuesOf(xmlDocument(objectEvent(words)))).toEqual([]);
    expect(issuesOf(xmlDocument(objectEvent('<bizStep>cbv:BizStep-shipping</bizStep>')))).toEqual(
      [],
    );
    expect(issuesOf(xmlDocument(objectEvent('<bizStep>urn:mine:step</bizStep>')))).toEqual([]);
  });
});

describe('what stands around the events in XML', () => {
  const SBDH = `<s:StandardBusinessDocumentHeader xmlns:s="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
    <s:HeaderVersion>1.0</s:HeaderVersion><s:Sender><s:Identifier Authority="SGLN">urn:epc:id:sgln:9506000.00001.0</s:Identifier></s:Sender>
    </s:StandardBusinessDocumentHeader>`;
  const STATEMENT = `<g:dscsaTransactionStatement xmlns:g="http://epcis.gs1us.org/hc/ns"><g:affirmTransactionStatement>true</g:affirmTransactionStatement></g:dscsaTransactionStatement>`;
  const MASTER = `<extension><EPCISMasterData><VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:Location"><VocabularyElementList>
    <VocabularyElement id="urn:epc:id:sgln:9506000.00001.0"><attribute id="urn:epcglobal:cbv:mda#name">Plant</attribute>
    <attribute id="urn:x:more"><x:a xmlns:x="urn:example:x">1</x:a></attribute>
    <children><id>urn:epc:id:sgln:9506000.00001.1</id></children></VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension>`;

  it('is kept: business document header and transaction statement, without the master data', () => {
    const header = `<EPCISHeader>${SBDH}${MASTER}${STATEMENT}</EPCISHeader>`;
    const document = soundDocument(xmlDocument(objectEvent(), { header, version: '1' }));
    expect(JSON.parse(document.header?.text ?? '')).toEqual({
      '@context': {
        sbdh: 'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader',
        g: 'http://epcis.gs1us.org/hc/ns',
      },
      'sbdh:StandardBusinessDocumentHeader': {
        'sbdh:HeaderVersion': '1.0',
        'sbdh:Sender': {
          'sbdh:Identifier': { '@Authority': 'SGLN', '#text': 'urn:epc:id:sgln:9506000.00001.0' },
        },
      },
      'g:dscsaTransactionStatement': { 'g:affirmTransactionStatement': 'true' },
    });
    expect(document.events[0]?.header).toBe(document.header?.id);
  });

  it('gives master data with its hierarchy and nested attributes', () => {
    const header = `<EPCISHeader>${MASTER}</EPCISHeader>`;
    expect(soundDocument(xmlDocument('', { header })).masterData).toMatchObject([
      {
        type: 'site',
        key: '414/9506000000015',
        attributes: { name: 'Plant', 'urn:x:more': { 'x:a': '1' } },
        children: ['414/9506000000015/254/1'],
      },
    ]);
  });

  it.each(['1', '2'])('may be the results of a query, version %s', (version) => {
    const text = `<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:${version}" schemaVersion="2.0" creationDate="2026-03-14T10:00:00">
      <EPCISBody><q:QueryResults><queryName>SimpleEventQuery</queryName><subscriptionID>s1</subscriptionID><resultsBody><EventList>${objectEvent()}</EventList></resultsBody></q:QueryResults></EPCISBody>
      </q:EPCISQueryDocument>`;
    expect(eventsOf(text)).toHaveLength(1);
    expect(sourceOf(text).document).toMatchObject({
      creationDate: '2026-03-14T10:00:00Z',
      epcisBody: { queryResults: { queryName: 'SimpleEventQuery', subscriptionID: 's1' } },
    });
  });

  it('may be nothing: one event, with or without the namespace of EPCIS', () => {
    const alone = `<?xml version="1.0"?>${objectEvent('<x:a xmlns:x="urn:example:x">1</x:a>')}`;
    expect(sourceOf(alone)).toMatchObject({
      document: { type: 'ObjectEvent', 'x:a': '1' },
      context: expect.arrayContaining([expect.objectContaining({ x: 'urn:example:x' })]) as unknown,
    });
    const qualified = alone
      .replace('<ObjectEvent>', '<e:ObjectEvent xmlns:e="urn:epcglobal:epcis:xsd:2">')
      .replace('</ObjectEvent>', '</e:ObjectEvent>');
    expect(sourceOf(qualified).document).toMatchObject({ type: 'ObjectEvent' });
  });

  it('is refused out of order, unknown or twice', () => {
    const text = xmlDocument(objectEvent());
    expect(codesOf(text.replace('<EPCISBody>', '<Body/><EPCISBody>'))).toEqual(['FIELD_UNKNOWN']);
    expect(codesOf(text.replace('</EPCISBody>', '</EPCISBody><EPCISHeader/>'))).toEqual([
      'ELEMENT_ORDER',
    ]);
    expect(codesOf(text.replace('</EPCISBody>', '</EPCISBody><EPCISBody/>'))).toEqual([
      'ELEMENT_TWICE',
    ]);
    expect(codesOf(xmlDocument('<Event/>'))).toEqual(['FIELD_UNKNOWN']);
  });
});
