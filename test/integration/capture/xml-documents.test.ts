import { hostView } from '../../../src/access/view.js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writer, importFile } from '../../../src/capture/index.js';
import { cypher } from '../../../src/graph/cypher.js';
import { systemClock } from '../../../src/shared/clock.js';
import { silentLogger } from '../../../src/shared/logger.js';
import { noMetrics } from '../../../src/shared/metrics.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { epcis } from '../../support/epcis-client.js';
import { standardsFolder } from '../../support/standards.js';
import { xsdFaults } from '../../support/xsd-validator.js';
import { documentOf, sighting } from '../../e2e/capture-event-types.js';

const LIMITS = { maxEvents: 1000, maxEpcsPerEvent: 1000, maxDepth: 30 };
const MAY = { mayScan: 'a handful of nodes' };
const COUNT_HEADERS = cypher<{ n: number }>('test.countHeaders', MAY)`
MATCH (h:DocumentHeader) RETURN count(h) AS n`;
const TEXT_OF = cypher<{ text: string; header: string | null }>('test.textOfEvent')`
MATCH (e:Event {id: $id}) RETURN e.text AS text, e.header AS header`;

const HEADER = `<EPCISHeader><g:dscsaTransactionStatement xmlns:g="http://epcis.gs1us.org/hc/ns">
  <g:affirmTransactionStatement>true</g:affirmTransactionStatement></g:dscsaTransactionStatement></EPCISHeader>`;

const event = (id: string, more = ''): string =>
  `<ObjectEvent><eventTime>2026-03-14T09:00:00Z</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
   <baseExtension><eventID>urn:uuid:${id}</eventID></baseExtension>
   <epcList><epc>urn:epc:id:sgtin:9506000.013435.X1</epc></epcList><action>OBSERVE</action>
   <bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>${more}</ObjectEvent>`;

const document = (events: string, header = HEADER): string =>
  `<?xml version="1.0"?><e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:1" xmlns:x="urn:example:x" xmlns:unused="urn:example:unused"
   schemaVersion="1.2" creationDate="2026-03-14T10:00:00Z">${header}<EPCISBody><EventList>${events}</EventList></EPCISBody></e:EPCISDocument>`;

const FIRST = '11111111-1111-4111-8111-111111111111';
const SECOND = '22222222-2222-4222-8222-222222222222';
const THIRD = '33333333-3333-4333-8333-333333333333';
const FOURTH = '55555555-5555-4555-8555-555555555555';
const QUERY = `query ($id: ID!) { event(id: $id) { bizStep document documentHeader declarations { document } } }`;

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await startApp();
  folder = await mkdtemp(join(tmpdir(), 'custody-xml-'));
}, 60_000);
afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

async function importXml(text: string): Promise<Awaited<ReturnType<typeof importFile>>> {
  const path = join(folder, 'document.xml');
  await writeFile(path, text);
  const { graph } = app;
  const writer = new Writer({
    graph,
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
    queueLimitEvents: 1000,
    retention: { batches: 1000, toldMs: 86_400_000 },
    onCommit: () => undefined,
  });
  const capture = {
    ...{ writer, clock: systemClock, metrics: noMetrics, limits: LIMITS },
    ...{ view: hostView(graph), partnerBackdateDays: 30 },
  };
  const imported = await importFile({ capture, graph }, path, () => undefined);
  await writer.close();
  return imported;
}

async function eventOf(id: string): Promise<unknown> {
  const { data, errors } = await app.graphql(QUERY, { id: `urn:uuid:${id}` });
  expect(errors).toBeUndefined();
  return data['event'];
}

test('an event of an XML 1.2 file comes back with its prefixes and what its document said around it', async () => {
  const declaration =
    '<errorDeclaration><declarationTime>2026-03-15T00:00:00Z</declarationTime><x:by>me</x:by></errorDeclaration>';
  const wrong = event(FIRST).replace('</eventID>', `</eventID>${declaration}`);
  const { captured, faults } = await importXml(
    document(event(FIRST, '<x:note>a</x:note>') + event(SECOND) + wrong),
  );

  expect([captured, faults]).toEqual([3, []]);
  const statement = {
    documentHeader: {
      '@context': { g: 'http://epcis.gs1us.org/hc/ns' },
      'g:dscsaTransactionStatement': { 'g:affirmTransactionStatement': 'true' },
    },
  };
  expect(await eventOf(FIRST)).toMatchObject({
    bizStep: 'shipping',
    document: { '@context': { x: 'urn:example:x' }, 'x:note': 'a' },
    ...statement,
    declarations: [{ document: { '@context': { x: 'urn:example:x' } } }],
  });
  const second = (await eventOf(SECOND)) as { document: object };
  expect(second).toMatchObject(statement);
  expect(second.document).not.toHaveProperty('@context');
});

test('documents that say the same around their events share one header; a JSON document may have none', async () => {
  await importXml(document(event(SECOND) + event(THIRD)));
  const { data } = await app.graphql(
    `{ events { nodes { id: eventId } } event(id: "urn:uuid:${THIRD}") { documentHeader } }`,
  );
  expect(data['event']).toMatchObject({
    documentHeader: { '@context': expect.anything() as unknown },
  });
  const headers = await app.graph.read(COUNT_HEADERS);
  expect(headers).toEqual([{ n: 1 }]);
});

test('a fault in an XML file says in which line it is, and the good events are stored', async () => {
  const id = '44444444-4444-4444-8444-444444444444';
  const { captured, faults } = await importXml(
    document(`${event(id)}\n\n${event(FIRST, '<colour/>')}`, ''),
  );
  expect(captured).toBe(1);
  expect(faults).toMatchObject([
    { code: 'FIELD_UNKNOWN', pointer: '/epcisBody/eventList/1/colour', line: 10 },
  ]);
});

test('what is strange and yet taken is told in every answer and on the job, with its line, and is no fault', async () => {
  const twice = event(FOURTH).replace(/<epc>.*<\/epc>/, '$&$&');
  const warning = {
    code: 'ITEM_DUPLICATE',
    pointer: '/epcisBody/eventList/0/epcList/1',
    line: 4,
    found: '"urn:epc:id:sgtin:9506000.013435.X1"',
    remedy: expect.stringContaining('counts once') as string,
  };
  const sent = (accept: string): ReturnType<typeof epcis> =>
    epcis(app, 'POST', '/capture', {
      headers: { 'content-type': 'application/xml', accept },
      body: document(twice, ''),
    });
  const json = await sent('application/json');
  expect([json.status, json.json]).toMatchObject([
    202,
    { success: true, captured: 1, errors: [], faults: [], warnings: [warning] },
  ]);
  const id = String(json.json['captureID']);
  const job = await epcis(app, 'GET', `/capture/${id}`);
  expect(job.json).toMatchObject({ success: true, errors: [], warnings: [warning] });
  const query = `query ($id: ID!) { captureJob(id: $id) { success faults { code } warnings { code pointer line found remedy } } }`;
  const { data } = await app.graphql(query, { id });
  expect(data['captureJob']).toEqual({ success: true, faults: [], warnings: [warning] });

  const xml = await sent('application/xml');
  expect(xml.text).toContain('<warnings xmlns="urn:custody-graph:epcis"><warning><code>ITEM_DUP');
  expect(await importXml(document(twice, ''))).toMatchObject({ faults: [], warnings: [warning] });

  const epcs = ['urn:epc:id:sgtin:9506000.013435.X1', 'https://id.gs1.org/01/09506000134352/21/X1'];
  const parts = { childEPCs: epcs, parentID: 'urn:epc:id:sscc:9506000.0134352000' };
  const captured = await app.graphql(
    `mutation ($document: JSON!) { captureEvents(document: $document) {
       ... on CaptureAccepted { captured faults { code } warnings { code pointer line } } } }`,
    {
      document: documentOf({
        ...sighting('W'),
        type: 'AggregationEvent',
        epcList: undefined,
        ...parts,
      }),
    },
  );
  expect(captured.data['captureEvents']).toEqual({
    captured: 1,
    faults: [],
    warnings: [
      { code: 'ITEM_DUPLICATE', pointer: '/epcisBody/eventList/0/childEPCs/1', line: null },
    ],
  });

  if (standardsFolder === undefined) return;
  const schema = join(standardsFolder, 'gs1-epcis/xsd/EPCglobal-epcis-2_0.xsd');
  expect(await xsdFaults(schema, [xml.text])).toEqual(['ok']);
});

test('numbers of a JSON document are stored as they were written', async () => {
  const text = JSON.stringify({
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { x: 'urn:example:x' },
    ],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: {
      eventList: [
        {
          type: 'ObjectEvent',
          eventID: 'urn:example:number',
          eventTime: '2026-03-14T09:00:00Z',
          eventTimeZoneOffset: '+01:00',
          action: 'OBSERVE',
          epcList: ['urn:x:1'],
          'x:weight': 0,
        },
      ],
    },
  }).replace('"x:weight":0', '"x:weight": 12.500');
  const response = await fetch(`${app.url}/epcis/capture`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  expect(response.status).toBe(202);
  expect(await app.graph.read(TEXT_OF, { id: 'urn:example:number' })).toEqual([
    { text: expect.stringContaining('"x:weight":12.500') as string, header: null },
  ]);
});
