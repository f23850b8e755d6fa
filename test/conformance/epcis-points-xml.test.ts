import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn, pagesFrom } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { inXml12, inXml2 } from './epcis-points-documents.js';

// Paragraphs "XML" (X) and "Schema" (S).

let app: TestApp;
let outside: Server;
let asked = 0;
let url: string;
beforeAll(async () => {
  app = await startApp();
  outside = createServer((_request, response) => {
    asked += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.stop();
  outside.close();
});
beforeEach(() => emptyGraph(app.graph));

const XML = { 'content-type': 'application/xml' };
const AS_XML = { accept: 'application/xml' };
const AS_1_2 = { ...AS_XML, 'GS1-EPCIS-Max': '1.2' };
const send = (body: unknown, headers: Record<string, string> = XML): Promise<EpcisAnswer> =>
  epcis(app, 'POST', '/capture', { body, headers: typeof body === 'string' ? headers : {} });
const read = async (headers = {}): Promise<string> =>
  (await epcis(app, 'GET', '/events', { headers })).text;
const stored = async (): Promise<Record<string, unknown>[]> =>
  eventsIn(
    await epcis(app, 'GET', '/events', { headers: { 'GS1-EPC-Format': 'Never_Translates' } }),
  );

const DECLARATION =
  '<errorDeclaration><declarationTime>2026-03-15T00:00:00Z</declarationTime><reason>urn:epcglobal:cbv:er:did_not_occur</reason></errorDeclaration>';

describe('EPCIS-X1 wrappers', () => {
  test('1.2 has eventID and errorDeclaration in baseExtension, 2.0 has not', async () => {
    const right12 = inXml12('A').replace('</eventID>', `</eventID>${DECLARATION}`);
    const right2 = inXml2('A').replace('</eventID>', `</eventID>${DECLARATION}`);
    expect((await send(right2)).status).toBe(202);
    const again = await send(right12);
    expect([again.status, again.json['repeated']]).toEqual([202, 1]);

    expect(await stored()).toMatchObject([
      { errorDeclaration: { reason: expect.stringMatching(/did_not_occur$/) as string } },
    ]);
    expect(await read(AS_1_2)).toMatch(
      /<baseExtension><eventID>urn:x:event:A<\/eventID><errorDeclaration>/,
    );
    expect(await read(AS_XML)).toMatch(
      /<\/eventTimeZoneOffset><eventID>urn:x:event:A<\/eventID><errorDeclaration>/,
    );
  });

  test('what came after 1.0 is in extension in 1.2, and comes out of it', async () => {
    const quantities =
      '<quantityList><quantityElement><epcClass>urn:epc:class:lgtin:9506000.013435.L1</epcClass><quantity>2</quantity></quantityElement></quantityList>';
    expect(
      (await send(inXml12('A', { more: `<extension>${quantities}</extension>` }))).status,
    ).toBe(202);
    expect(await stored()).toMatchObject([
      { quantityList: [{ epcClass: 'urn:epc:class:lgtin:9506000.013435.L1', quantity: 2 }] },
    ]);
    expect(await read(AS_1_2)).toContain(`<extension><quantityList>`);
    expect(await read(AS_XML)).not.toContain('<extension>');
  });

  test('the order of elements counts', async () => {
    const wrong = inXml2('A').replace(
      /(<action>OBSERVE<\/action>)(<bizLocation>.*<\/bizLocation>)/,
      '$2$1',
    );
    const { status, json } = await send(wrong);
    expect([status, json['faults']]).toEqual([
      400,
      [expect.objectContaining({ code: 'ELEMENT_ORDER', line: 3 })],
    ]);
  });
});

test('EPCIS-X2 events of one list that share all their times keep one order, in every answer and across pages', async () => {
  const serials = ['D', 'B', 'A', 'C'];
  await send(
    inXml2('', { events: serials.map((serial) => inXml2(serial, { isAlone: true })).join('\n') }),
  );

  const { data } = await app.graphql(
    '{ events(first: 10, orderBy: { field: RECORD_TIME }) { nodes { id: eventId } } }',
  );
  const page = data['events'] as { nodes: { id: string }[] } | undefined;
  expect(page?.nodes).toHaveLength(4);
  const first = eventsIn(await epcis(app, 'GET', '/events')).map(({ eventID }) => eventID);
  const pages = await pagesFrom(app, '/events?perPage=1');
  const again = pages.flatMap(eventsIn).map(({ eventID }) => eventID);
  expect(new Set(first).size).toBe(4);
  expect(again).toEqual(first);
});

describe('EPCIS-X3 document types and entities', () => {
  const withType = (type: string, said = 'OBSERVE'): string =>
    inXml2('A').replace('?>', `?>${type}`).replace('>OBSERVE<', `>${said}<`);

  test.each([
    ['an external DTD', (at: string) => withType(`<!DOCTYPE a SYSTEM "${at}/x.dtd">`)],
    [
      'an external entity',
      (at: string) => withType(`<!DOCTYPE a [<!ENTITY b SYSTEM "${at}/x">]>`, '&b;'),
    ],
    [
      'a parameter entity',
      (at: string) => withType(`<!DOCTYPE a [<!ENTITY % p SYSTEM "${at}/x"> %p;]>`),
    ],
    ['a file', () => withType('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', '&b;')],
    [
      'entities that multiply',
      () => withType('<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>', '&c;'),
    ],
    ['an entity that nobody declared', () => withType('', '&b;')],
  ])('%s is 400, and nothing is fetched', async (_, make) => {
    const before = asked;
    for (const body of [make(url), make(url).replaceAll('xsd:2', 'xsd:1')]) {
      const { status, json } = await send(body);
      expect([status, json['type']]).toEqual([400, 'epcisException:ValidationException']);
      expect(json['faults']).toEqual([
        expect.objectContaining({
          line: expect.any(Number) as number,
          column: expect.any(Number) as number,
        }),
      ]);
    }
    expect(asked).toBe(before);
    expect(await stored()).toEqual([]);
  });
});

test('EPCIS-X4 namespaces count by URI, whatever the prefixes; another namespace is no EPCIS', async () => {
  const body = inXml2('A', { more: '<ext:a>1</ext:a>' });
  const other = body
    .replaceAll('ext:', 'e2:')
    .replace('xmlns:ext', 'xmlns:e2')
    .replaceAll('e:EPCIS', 'ext:EPCIS')
    .replace('xmlns:e=', 'xmlns:ext=');

  expect((await send(body)).status).toBe(202);
  const again = await send(other);
  expect([again.status, again.json['repeated']]).toEqual([202, 1]);
  for (const wrong of [body.replace('xsd:2', 'xsd:3'), body.replaceAll('e:EPCIS', 'EPCIS')])
    expect((await send(wrong)).status).toBe(400);
});

test('EPCIS-X5 what a 1.2 document says in its header goes out again with its events', async () => {
  const header =
    '<sbdh:StandardBusinessDocumentHeader xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><sbdh:HeaderVersion>1.0</sbdh:HeaderVersion><sbdh:Sender><sbdh:Identifier Authority="SGLN">urn:epc:id:sgln:9506000.13435.0</sbdh:Identifier></sbdh:Sender></sbdh:StandardBusinessDocumentHeader>';
  const statement =
    '<g:dscsaTransactionStatement xmlns:g="http://epcis.gs1us.org/hc/ns"><g:affirmTransactionStatement>true</g:affirmTransactionStatement><g:legalNotice>Seller has complied &amp; so on</g:legalNotice></g:dscsaTransactionStatement>';
  expect((await send(inXml12('A', { header: header + statement }))).status).toBe(202);

  for (const headers of [AS_XML, AS_1_2]) {
    const text = await read(headers);
    expect(text).toContain('urn:epc:id:sgln:9506000.13435.0');
    expect(text).toContain('Authority="SGLN"');
    expect(text).toMatch(/<\w+:affirmTransactionStatement>true</);
    expect(text).toContain('Seller has complied &amp; so on');
    // It can be sent on as it is.
    const sentOn = await send(text);
    expect([sentOn.status, sentOn.json['repeated']]).toEqual([202, 1]);
  }
  expect(await read()).toContain('affirmTransactionStatement');
});

describe('EPCIS-S1 formats are checked', () => {
  test.each([
    ['a day that is none', { eventTime: '2026-02-30T00:00:00Z' }, '/eventTime'],
    ['a time without offset', { eventTime: '2026-03-14T09:00:00' }, '/eventTime'],
    ['an offset beyond 14 hours', { eventTimeZoneOffset: '+15:00' }, '/eventTimeZoneOffset'],
    ['an eventID that is no URI', { eventID: 'A 1' }, '/eventID'],
    ['an EPC that is no URI', { epcList: ['0614141'] }, '/epcList/0'],
    ['a place that is no URI', { bizLocation: { id: 'here' } }, '/bizLocation/id'],
    ['an unknown bare word', { bizStep: 'swimming' }, '/bizStep'],
    ['the URN of a bare word', { disposition: 'urn:epcglobal:cbv:disp:active' }, '/disposition'],
    ['a field without namespace', { colour: 'red' }, '/colour'],
    [
      'a declaration without time',
      { errorDeclaration: { reason: 'did_not_occur' } },
      '/errorDeclaration',
    ],
  ])('%s is 400 with its place', async (_, fields, place) => {
    const { status, json } = await send(documentOf(sighting('A', fields)));
    const pointers = (json['faults'] as { pointer: string }[] | undefined)?.map(
      ({ pointer }) => pointer,
    );
    expect([status, pointers]).toEqual([
      400,
      [expect.stringContaining(`/epcisBody/eventList/0${place}`)],
    ]);
  });

  test('words of somebody’s own are URIs, and open', async () => {
    const own = {
      bizStep: 'https://example.com/steps/bless',
      disposition: 'urn:example:disp:blessed',
      type: 'ours:Blessing',
    };
    expect((await send(documentOf(sighting('A', own)))).status).toBe(202);
    expect(await stored()).toMatchObject([own]);
  });
});

test('EPCIS-S2 extensions need no schema and come back whole', async () => {
  const extension = {
    'ours:note': {
      'ours:deep': [{ 'ours:a': 1 }, { 'ours:a': 2.5 }],
      '@id': 'https://example.com/1',
    },
    'https://ns.example.org/never/heard/of': ['x', true, null],
  };
  expect((await send(documentOf(sighting('A', extension)))).status).toBe(202);
  expect(await stored()).toMatchObject([extension]);
});

test('EPCIS-S3 a context that is elsewhere is not fetched', async () => {
  const before = asked;
  const body = documentOf(sighting('A', { 'ours:a': 1 }));
  const context = [`${url}/context.jsonld`, ...(body['@context'] as unknown[])];

  const { status } = await send({ ...body, '@context': context });

  expect([status, asked]).toEqual([202, before]);
});
