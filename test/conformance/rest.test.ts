import { documentOf, anonymous, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn, nextOf, pagesFrom } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';

// The numbered points of "REST interface: where implementers go wrong" that are about HTTP; the other ones are beside what they are about.

const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'];
const PROCEED = { 'GS1-Capture-Error-Behaviour': 'proceed' };
const NEVER = { 'GS1-EPC-Format': 'Never_Translates' };

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ env: { MAX_EVENTS_PER_DOCUMENT: '100', MAX_DOCUMENT_BYTES: '100000' } });
});
afterAll(async () => {
  await app.stop();
});
beforeEach(() => emptyGraph(app.graph));

const capture = (...events: Record<string, unknown>[]): ReturnType<typeof epcis> =>
  epcis(app, 'POST', '/capture', { body: documentOf(...events) });
const post = (event: Record<string, unknown>): ReturnType<typeof epcis> =>
  epcis(app, 'POST', '/events', { body: { '@context': CONTEXT, ...event } });
const declared = (event: Record<string, unknown>, reason: string): Record<string, unknown> => ({
  ...event,
  errorDeclaration: { declarationTime: '2026-03-15T00:00:00Z', reason },
});

test('REST-01 a capture is 202 with the Location of its job, of EPCISDocument and EPCISQueryDocument', async () => {
  const { epcisBody, ...document } = documentOf(sighting('B'));
  const queried = {
    ...document,
    type: 'EPCISQueryDocument',
    epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: epcisBody } },
  };
  for (const body of [documentOf(sighting('A')), queried]) {
    const { status, headers } = await epcis(app, 'POST', '/capture', { body });

    expect([status, headers.get('location')]).toEqual([
      202,
      expect.stringMatching(/^\/epcis\/capture\/.+/),
    ]);
    expect((await epcis(app, 'GET', headers.get('location')!)).status).toBe(200);
  }
});

test('REST-02 a document that breaks the schema is 400 whole; what storage refuses is in the job', async () => {
  const broken = await capture(sighting('A', { action: 'add' }));
  expect(broken.json).toMatchObject({ type: 'epcisException:ValidationException', status: 400 });

  await capture(sighting('A'));
  const body = documentOf(sighting('A', { disposition: 'recalled' }), sighting('B'));
  const partly = await epcis(app, 'POST', '/capture', { body, headers: PROCEED });

  expect(partly.status).toBe(202);
  expect((await epcis(app, 'GET', partly.headers.get('location')!)).json).toMatchObject({
    success: false,
    errors: [{ type: 'epcisException:ResourceAlreadyExistsException', status: 409 }],
  });
});

test('REST-03 a job says what the OpenAPI wants, in JSON and in XML', async () => {
  const { headers } = await capture(sighting('A'));
  const location = headers.get('location')!;

  const { json } = await epcis(app, 'GET', location);
  const xml = await epcis(app, 'GET', location, { headers: { accept: 'application/xml' } });

  expect(json).toMatchObject({
    captureID: location.replace('/epcis/capture/', ''),
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    finishedAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    running: false,
    success: true,
    captureErrorBehaviour: 'rollback',
    errors: [],
  });
  expect(xml.text).toContain('<epcis:EPCISCaptureJob xmlns:epcis="urn:epcglobal:epcis:xsd:2" ');
  expect(xml.text).toContain('running="false" success="true"');
  expect(xml.text).toContain('<captureErrorBehaviour>rollback</captureErrorBehaviour>');
});

test('REST-04 rollback stores all or nothing; proceed what is good, and the job says what was not', async () => {
  const body = documentOf(sighting('A'), sighting('B', { eventTime: 'yesterday' }));

  expect((await epcis(app, 'POST', '/capture', { body })).status).toBe(400);
  expect(eventsIn(await epcis(app, 'GET', '/events'))).toEqual([]);

  const { headers } = await epcis(app, 'POST', '/capture', { body, headers: PROCEED });
  const job = await epcis(app, 'GET', headers.get('location')!);
  expect(job.json).toMatchObject({ running: false, success: false, captured: 1 });
  expect(job.json['errors']).toMatchObject([{ pointer: '/epcisBody/eventList/1/eventTime' }]);
  expect(eventsIn(await epcis(app, 'GET', '/events'))).toHaveLength(1);

  const bad = { 'GS1-Capture-Error-Behaviour': 'ignore' };
  const refused = await epcis(app, 'POST', '/capture', { body, headers: bad });
  expect(refused.status).toBe(400);
  expect(refused.json['detail']).toContain('GS1-Capture-Error-Behaviour');
});

test('REST-05 OPTIONS tells the limits with 204; over them is 413 with the limits', async () => {
  const { status, headers } = await epcis(app, 'OPTIONS', '/capture');
  expect(status).toBe(204);
  expect(Object.fromEntries(headers)).toMatchObject({
    'gs1-epcis-capture-limit': '100',
    'gs1-epcis-capture-file-size-limit': '100000',
    'gs1-capture-error-behaviour': 'all',
  });

  const many = Array.from({ length: 101 }, (_, i) => sighting(`A${i}`));
  for (const { status: refused, json, headers: told } of [
    await capture(...many),
    await capture(sighting('A', { 'https://example.com/x': 'x'.repeat(100_000) })),
  ]) {
    expect(refused).toBe(413);
    expect(json).toMatchObject({ type: 'epcisException:CaptureLimitExceededException' });
    expect(told.get('gs1-epcis-capture-limit')).toBe('100');
    expect(told.get('gs1-epcis-capture-file-size-limit')).toBe('100000');
  }
});

test('REST-06 one event is 201 with Location, 400, or 409', async () => {
  const stored = await post(sighting('A'));
  expect(stored.status).toBe(201);
  expect(stored.headers.get('location')).toBe('/epcis/events/urn%3Ax%3Aevent%3AA');
  expect(eventsIn(await epcis(app, 'GET', stored.headers.get('location')!))).toHaveLength(1);

  expect((await post(sighting('B', { action: 'add' }))).json).toMatchObject({
    type: 'epcisException:ValidationException',
    status: 400,
  });
  expect((await post(documentOf(sighting('B')))).status).toBe(400);
  expect((await post(sighting('A', { disposition: 'recalled' }))).status).toBe(409);
});

test('REST-07 recordTime is ours and always told; an eventID is minted where there is none', async () => {
  const { headers } = await post({ ...anonymous('A'), recordTime: '2001-01-01T00:00:00Z' });
  expect(headers.get('location')).toMatch(/^\/epcis\/events\/ni%3A%2F%2F%2Fsha-256%3B[0-9a-f]{64}/);

  const [event] = eventsIn(await epcis(app, 'GET', headers.get('location')!, { headers: NEVER }));

  const { recordTime, eventID, ...rest } = event!;
  expect(rest).toEqual(anonymous('A'));
  expect(eventID).toMatch(/^ni:\/\/\/sha-256;/);
  expect(Date.parse(String(recordTime))).toBeGreaterThan(Date.parse('2026-01-01'));
});

test('REST-08 the same event again is harmless, other content 409, a declaration of error accepted', async () => {
  await post(sighting('A'));

  expect((await post(sighting('A'))).status).toBe(201);
  const other = await post(sighting('A', { bizStep: 'shipping' }));
  expect([other.status, other.json['status']]).toEqual([409, 409]);
  expect(other.json['type']).toBe('epcisException:ResourceAlreadyExistsException');
  expect((await post(declared(sighting('A'), 'did_not_occur'))).status).toBe(201);
});

test('REST-09 master data in the header is part of the document', async () => {
  const vocabularyElementList = [
    {
      id: 'urn:epc:id:sgln:9506000.13435.0',
      attributes: [{ id: 'cbvmda:name', attribute: 'Hall 3' }],
    },
  ];
  const type = 'urn:epcglobal:epcis:vtype:BusinessLocation';
  const epcisMasterData = { vocabularyList: [{ type, vocabularyElementList }] };
  const body = { ...documentOf(sighting('A')), epcisHeader: { epcisMasterData } };

  expect((await epcis(app, 'POST', '/capture', { body })).status).toBe(202);

  expect((await app.graphql('{ site(gln: "9506000134352") { name } }')).data).toEqual({
    site: { name: 'Hall 3' },
  });
});

test('REST-10 an answer is an EPCISQueryDocument; one event comes with what was declared of it', async () => {
  await capture(sighting('A'), sighting('B'), declared(sighting('A'), 'incorrect_data'));

  const all = await epcis(app, 'GET', '/events');
  expect(all.json).toMatchObject({ type: 'EPCISQueryDocument', schemaVersion: '2.0' });
  expect(eventsIn(all)).toHaveLength(3);

  const one = await epcis(app, 'GET', `/events/${encodeURIComponent('urn:x:event:A')}`);
  expect(eventsIn(one).map((event) => 'errorDeclaration' in event)).toEqual([false, true]);
  expect((await epcis(app, 'GET', '/events/urn:x:event:C')).json).toMatchObject({
    type: 'epcisException:NoSuchResourceException',
    status: 404,
  });
});

describe('REST-11', () => {
  const serials = Array.from({ length: 40 }, (_, i) => `S${String(i).padStart(2, '0')}`);

  test('a page has 30 events unless asked otherwise; Link leads through all of them, though more arrive', async () => {
    await capture(...serials.map((serial) => sighting(serial)));
    const first = await epcis(app, 'GET', '/events');
    expect(eventsIn(first)).toHaveLength(30);
    expect(Date.parse(first.headers.get('gs1-next-page-token-expires')!)).toBeGreaterThan(0);

    await capture(sighting('late', { eventTime: '2026-03-14T09:00:00Z' }));
    const pages = await pagesFrom(app, nextOf(first)!);

    const seen = [first, ...pages].flatMap(eventsIn).map(({ eventID }) => String(eventID));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(serials.map((serial) => `urn:x:event:${serial}`)));
    expect(pages.at(-1)!.headers.has('link')).toBe(false);
  });

  test('the link keeps the query', async () => {
    await capture(...serials.slice(0, 5).map((serial) => sighting(serial)));

    const pages = await pagesFrom(app, '/events?perPage=2&EQ_action=OBSERVE&eventType=ObjectEvent');

    expect(pages.map((page) => eventsIn(page).length)).toEqual([2, 2, 1]);
    expect(nextOf(pages[0]!)).toContain('perPage=2&EQ_action=OBSERVE&eventType=ObjectEvent&next');
  });

  test('the link keeps a value that holds a question mark', async () => {
    const ids = ['ni:///sha-256;00?ver=CBV2.0', 'ni:///sha-256;11?ver=CBV2.0'];
    await capture(...ids.map((eventID, i) => sighting(`S${i}`, { eventID })));

    const pages = await pagesFrom(app, `/events?EQ_eventID=${ids.join('|')}&perPage=1`);

    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(pages.flatMap(eventsIn).map(({ eventID }) => String(eventID))).toEqual(
      expect.arrayContaining(ids),
    );
  });

  test('a token that was deleted, or is none, is refused', async () => {
    await capture(...serials.slice(0, 3).map((serial) => sighting(serial)));
    const next = nextOf(await epcis(app, 'GET', '/events?perPage=2'))!;
    const token = new URL(next, app.url).searchParams.get('nextPageToken')!;

    expect((await epcis(app, 'DELETE', `/nextPageToken/${token}`)).status).toBe(204);

    for (const path of [next, '/events?nextPageToken=abcdefghijk', '/events?perPage=0'])
      expect((await epcis(app, 'GET', path)).json).toMatchObject({
        type: 'epcisException:QueryParameterException',
        status: 400,
      });
  });
});

test('REST-14 an unknown parameter is refused, wherever it is given', async () => {
  const paths = ['/events?EQ_bizStp=shipping', '/epcs?x=1', '/capture?EQ_action=ADD', '/?a=b'];
  for (const path of [...paths, '/bizSteps/shipping/events?EQ_bizStep=packing']) {
    const { status, json } = await epcis(app, 'GET', path);

    expect([path, status, json['type']]).toEqual([
      path,
      400,
      'epcisException:QueryParameterException',
    ]);
  }
});
