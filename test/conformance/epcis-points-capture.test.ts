import { gzipSync } from 'node:zlib';
import { anonymous, documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { inXml12, inXml2, queryDocumentOf } from './epcis-points-documents.js';

// Points 1 to 9 of "REST interface: where implementers go wrong", judged by GS1's OpenAPI.

const LIMIT_EVENTS = 300;
const LIMIT_BYTES = 200_000;
const PROCEED = { 'GS1-Capture-Error-Behaviour': 'proceed' };
const NEVER = { 'GS1-EPC-Format': 'Never_Translates' };
const XML = { 'content-type': 'application/xml' };
const CONTEXT = documentOf()['@context'];

let app: TestApp;
beforeAll(async () => {
  const env = {
    MAX_EVENTS_PER_DOCUMENT: String(LIMIT_EVENTS),
    MAX_DOCUMENT_BYTES: String(LIMIT_BYTES),
  };
  app = await startApp({ env });
});
afterAll(() => app.stop());
beforeEach(() => emptyGraph(app.graph));

const capture = (body: unknown, headers: Record<string, string> = {}): Promise<EpcisAnswer> =>
  epcis(app, 'POST', '/capture', { body, headers });
const post = (event: Record<string, unknown>): Promise<EpcisAnswer> =>
  epcis(app, 'POST', '/events', { body: { '@context': CONTEXT, ...event } });
const stored = async (headers = {}): Promise<Record<string, unknown>[]> =>
  eventsIn(await epcis(app, 'GET', '/events?perPage=1000', { headers }));
const idsStored = async (): Promise<string[]> =>
  (await stored()).map(({ eventID }) => String(eventID)).sort();
const jobOf = async ({ headers }: EpcisAnswer): Promise<Record<string, unknown>> => {
  const { status, json } = await epcis(app, 'GET', headers.get('location') ?? '/none');
  expect(status).toBe(200);
  return json;
};
const serials = (count: number, prefix = 'S'): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, i) => sighting(`${prefix}${i}`));

describe('EPCIS-01 POST /capture', () => {
  test.each([
    ['EPCISDocument in JSON-LD', JSON.stringify(documentOf(sighting('A'))), 'application/ld+json'],
    [
      'EPCISDocument in JSON',
      JSON.stringify(documentOf(sighting('A'))),
      'application/json; charset=utf-8',
    ],
    [
      'EPCISQueryDocument in JSON',
      JSON.stringify(queryDocumentOf(sighting('A'))),
      'application/json',
    ],
    ['EPCISDocument in XML 2.0', inXml2('A'), 'application/xml'],
    ['EPCISQueryDocument in XML 2.0', inXml2('A', { isQuery: true }), 'text/xml'],
    ['EPCISDocument in XML 1.2', inXml12('A'), 'application/xml'],
    ['EPCISQueryDocument in XML 1.2', inXml12('A', { isQuery: true }), 'text/xml; charset=UTF-8'],
  ])('takes an %s with 202 and the Location of its job', async (_, body, type) => {
    const answer = await capture(body, { 'content-type': type });

    expect([answer.status, answer.status === 202 ? '' : answer.text]).toEqual([202, '']);
    expect(answer.headers.get('gs1-epcis-version')).toMatch(/^\d+(\.\d+)*$/);
    expect(answer.headers.get('gs1-cbv-version')).toMatch(/^\d+(\.\d+)*$/);
    await expect(jobOf(answer)).resolves.toMatchObject({ success: true, running: false });
    await expect(idsStored()).resolves.toEqual(['urn:x:event:A']);
  });
});

describe('EPCIS-02 errors of POST /capture', () => {
  test.each([
    ['no JSON', '{', 'application/json'],
    ['no EPCIS document', '{"type":"Collection"}', 'application/json'],
    [
      'a document against the schema',
      JSON.stringify(documentOf(sighting('A'), sighting('B', { action: 'add' }))),
      'application/json',
    ],
    ['no XML', '<a', 'application/xml'],
    ['XML against the schema', inXml2('A').replace('OBSERVE', 'LOOK'), 'application/xml'],
    ['an empty body', '', 'application/json'],
  ])('%s is 400 ValidationException, all rejected', async (_, body, type) => {
    const { status, json, headers } = await capture(body, { 'content-type': type });

    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(json).toMatchObject({
      type: 'epcisException:ValidationException',
      status: 400,
      title: expect.any(String) as string,
    });
    await expect(idsStored()).resolves.toEqual([]);
  });

  test('what storage refuses is in the job, which says that all was rolled back', async () => {
    await capture(documentOf(sighting('A')));
    const answer = await capture(
      documentOf(sighting('A', { disposition: 'recalled' }), sighting('B')),
    );

    // The OpenAPI has 202 here; the 409 of the events resource says it at once. Both name the job.
    expect([202, 409]).toContain(answer.status);
    await expect(jobOf(answer)).resolves.toMatchObject({
      running: false,
      success: false,
      captureErrorBehaviour: 'rollback',
      errors: [{ type: 'epcisException:ResourceAlreadyExistsException', status: 409 }],
    });
    await expect(idsStored()).resolves.toEqual(['urn:x:event:A']);
  });
});

test('EPCIS-03 a job tells id, times, state and errors, in JSON and XML, alone and in the list', async () => {
  const good = await capture(documentOf(sighting('A')));
  const bad = await capture(documentOf(sighting('B'), sighting('C', { action: 'add' })), PROCEED);

  const job = await jobOf(good);
  const failed = await jobOf(bad);
  const { text } = await epcis(app, 'GET', bad.headers.get('location')!, {
    headers: { accept: 'application/xml' },
  });
  const list = (await epcis(app, 'GET', '/capture')).json as unknown as Record<string, unknown>[];

  expect(good.headers.get('location')).toMatch(new RegExp(`/capture/${String(job['captureID'])}$`));
  expect(job).toMatchObject({
    running: false,
    success: true,
    captureErrorBehaviour: 'rollback',
    errors: [],
  });
  const [begun, ended] = [job['createdAt'], job['finishedAt']].map((time) =>
    Date.parse(String(time)),
  );
  expect(begun).toBeLessThanOrEqual(ended!);
  expect(failed).toMatchObject({
    running: false,
    success: false,
    captureErrorBehaviour: 'proceed',
  });
  expect(failed['errors']).toMatchObject([
    {
      type: 'epcisException:ValidationException',
      title: expect.any(String) as string,
      status: 400,
    },
  ]);
  expect(text).toMatch(/<(\w+):EPCISCaptureJob[^>]*xmlns:\1="urn:epcglobal:epcis:xsd:2"/);
  expect(text).toContain('success="false"');
  expect(text).toContain('epcisException:ValidationException');
  expect(list.map(({ captureID }) => captureID)).toEqual([failed['captureID'], job['captureID']]);
  expect((await epcis(app, 'GET', '/capture/none')).status).toBe(404);
});

describe('EPCIS-04 GS1-Capture-Error-Behaviour', () => {
  test('rollback is the default: one fault keeps all out', async () => {
    const broken = documentOf(...serials(3), sighting('B', { eventTime: 'yesterday' }));
    for (const headers of [{}, { 'gs1-capture-error-behaviour': 'ROLLBACK' }])
      expect((await capture(broken, headers)).status).toBe(400);
    await expect(idsStored()).resolves.toEqual([]);
  });

  test('nobody sees a part of a document', async () => {
    const seen = new Set<number>();
    let isDone = false;
    const look = async (): Promise<void> => {
      while (!isDone) seen.add((await stored()).length);
    };
    const looking = [look(), look()];
    expect((await capture(documentOf(...serials(LIMIT_EVENTS)))).status).toBe(202);
    isDone = true;
    await Promise.all(looking);
    seen.add((await stored()).length);

    expect([...seen].filter((count) => count !== 0)).toEqual([LIMIT_EVENTS]);
  });

  test('proceed stores what is good and the job says which failed', async () => {
    await capture(documentOf(sighting('known')));
    const events = [
      sighting('A'),
      sighting('B', { action: 'add' }),
      sighting('known', { disposition: 'recalled' }),
      sighting('C'),
    ];
    const job = await jobOf(await capture(documentOf(...events), PROCEED));

    expect(job).toMatchObject({ running: false, success: false, captureErrorBehaviour: 'proceed' });
    expect(JSON.stringify(job['errors'])).toContain('/epcisBody/eventList/1/action');
    expect(JSON.stringify(job['errors'])).toContain('/epcisBody/eventList/2');
    await expect(idsStored()).resolves.toEqual(
      ['A', 'C', 'known'].map((id) => `urn:x:event:${id}`),
    );
  });

  test('the same in XML, with line and column', async () => {
    const events = ['A', 'B', 'C'].map((id) => inXml2(id, { isAlone: true }));
    const body = inXml2('', {
      events: events.join('\n').replace(/(event:B[\s\S]*?)OBSERVE/, '$1LOOK'),
    });
    const job = await jobOf(await capture(body, { ...XML, ...PROCEED }));

    expect(job['errors']).toMatchObject([
      { pointer: '/epcisBody/eventList/1/action', line: expect.any(Number) as number },
    ]);
    await expect(idsStored()).resolves.toEqual(['A', 'C'].map((id) => `urn:x:event:${id}`));
  });
});

describe('EPCIS-05 the limits of capture', () => {
  test('OPTIONS tells them with 204, and what is done about errors', async () => {
    const { status, headers, text } = await epcis(app, 'OPTIONS', '/capture');

    expect([status, text]).toEqual([204, '']);
    expect(headers.get('gs1-epcis-capture-limit')).toBe(String(LIMIT_EVENTS));
    expect(headers.get('gs1-epcis-capture-file-size-limit')).toBe(String(LIMIT_BYTES));
    expect(headers.get('gs1-capture-error-behaviour')).toBe('all');
    expect(headers.get('allow')!.split(/, */)).toEqual(
      expect.arrayContaining(['OPTIONS', 'GET', 'POST']),
    );
  });

  test('a document at the limit of events is taken, one over it 413 with nothing stored', async () => {
    const { status, json } = await capture(documentOf(...serials(LIMIT_EVENTS + 1)));
    expect([status, json['type'], json['status']]).toEqual([
      413,
      'epcisException:CaptureLimitExceededException',
      413,
    ]);
    await expect(idsStored()).resolves.toEqual([]);
    expect((await capture(documentOf(...serials(LIMIT_EVENTS)))).status).toBe(202);
  });

  test.each([
    ['as it is', {}, (body: string) => body],
    ['after it was unpacked', { 'content-encoding': 'gzip' }, (body: string) => gzipSync(body)],
  ])('a body over the limit of bytes, %s, is 413', async (_, headers, packed) => {
    const note = { 'https://example.com/x': 'x'.repeat(LIMIT_BYTES) };
    for (const path of ['/capture', '/events']) {
      const body = packed(JSON.stringify(documentOf(sighting('A', note))));
      const answer = await epcis(app, 'POST', path, {
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
      expect([answer.status, answer.json['type']]).toEqual([
        413,
        'epcisException:CaptureLimitExceededException',
      ]);
      expect(answer.headers.get('gs1-epcis-capture-file-size-limit')).toBe(String(LIMIT_BYTES));
    }
  });
});

describe('EPCIS-06 POST /events', () => {
  test('one event is 201 with the Location it is read at', async () => {
    const answer = await post(sighting('A'));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('gs1-epcis-version')).not.toBeNull();
    expect(eventsIn(await epcis(app, 'GET', answer.headers.get('location')!))).toMatchObject([
      { eventID: 'urn:x:event:A' },
    ]);
  });

  test('it comes back with its eventID, everything else as it was sent', async () => {
    const rest =
      '"ex:grade":1.50,"epcList":["urn:epc:id:sgtin:9506000.013435.A"],"action":"OBSERVE"}';
    const sent = `{"@context":[${JSON.stringify([CONTEXT].flat()[0])},{"ex":"https://example.com/"}],"type":"ObjectEvent","eventTime":"2026-03-14T09:00:00Z","eventTimeZoneOffset":"+00:00",${rest}`;
    const headers = { 'content-type': 'application/json' };
    const { status, text, json } = await epcis(app, 'POST', '/events', { body: sent, headers });

    expect([status, json['eventID']]).toEqual([201, expect.stringMatching(/^ni:/)]);
    expect(text.replace(/,"eventID":"[^"]*"/, '')).toBe(sent);
    const again = await epcis(app, 'POST', '/events', { body: text, headers });
    expect([again.status, again.text]).toEqual([201, text]);
  });

  test('so it is in XML', async () => {
    const body = inXml2('A', { isAlone: true });
    const { status, headers } = await epcis(app, 'POST', '/events', { body, headers: XML });
    expect(status).toBe(201);
    expect(eventsIn(await epcis(app, 'GET', headers.get('location')!))).toMatchObject([
      { eventID: 'urn:x:event:A' },
    ]);
  });

  test('what is no right event is 400, a document too', async () => {
    for (const body of [
      { '@context': CONTEXT, ...sighting('A', { action: 'add' }) },
      documentOf(sighting('A')),
      sighting('A'),
      [],
    ]) {
      const { status, json } = await epcis(app, 'POST', '/events', { body });
      expect([status, json['type']]).toEqual([400, 'epcisException:ValidationException']);
    }
    await expect(idsStored()).resolves.toEqual([]);
  });

  test('a known eventID with other content is 409', async () => {
    await post(sighting('A'));
    const { status, json } = await post(sighting('A', { disposition: 'recalled' }));
    expect([status, json['type'], json['status']]).toEqual([
      409,
      'epcisException:ResourceAlreadyExistsException',
      409,
    ]);
  });

  test('a media type that is none of the standard is 415', async () => {
    for (const path of ['/events', '/capture']) {
      const { status, json } = await epcis(app, 'POST', path, {
        body: 'a,b',
        headers: { 'content-type': 'text/csv' },
      });
      expect([status, json['type']]).toEqual([415, 'epcisException:UnsupportedMediaTypeException']);
    }
  });
});

describe('EPCIS-07 recordTime and eventID', () => {
  const old = '2001-01-01T00:00:00Z';

  test('a recordTime that came is ignored, ours is in every answer', async () => {
    const before = Math.floor(performance.timeOrigin + performance.now()) - 1;
    await capture(documentOf(sighting('A', { recordTime: old }), sighting('B')));

    const events = await stored();
    const xml = await epcis(app, 'GET', '/events', { headers: { accept: 'application/xml' } });

    expect(events).toHaveLength(2);
    for (const { recordTime } of events)
      expect(Date.parse(String(recordTime))).toBeGreaterThanOrEqual(before);
    expect(xml.text.match(/<recordTime>/g)).toHaveLength(2);
    expect(xml.text).not.toContain('2001-01-01');
    expect(eventsIn(await epcis(app, 'GET', `/events?LT_recordTime=2002-01-01T00:00:00Z`))).toEqual(
      [],
    );
  });

  test('an event without eventID gets one, which leads to it; nothing else of it changes', async () => {
    await capture(documentOf(anonymous('A')));
    const [event] = await stored(NEVER);
    const { recordTime, eventID, ...rest } = event!;

    expect([typeof recordTime, rest]).toEqual(['string', anonymous('A')]);
    expect(
      eventsIn(
        await epcis(app, 'GET', `/events/${encodeURIComponent(String(eventID))}`, {
          headers: NEVER,
        }),
      ),
    ).toEqual([event]);
    expect(
      eventsIn(
        await epcis(app, 'GET', `/events?EQ_eventID=${encodeURIComponent(String(eventID))}`),
      ),
    ).toHaveLength(1);
  });
});

describe('EPCIS-08 the same event again', () => {
  test('with identical content is harmless, whatever the syntax and the form of its identifiers', async () => {
    await capture(inXml2('A'), XML);
    const { epcList, ...rest } = sighting('A');
    const forms = [
      epcList,
      ['urn:epc:id:sgtin:9506000.013435.A'],
      ['https://example.com/01/09506000134352/21/A'],
    ];

    for (const body of [
      ...forms.map((list) => JSON.stringify(documentOf({ ...rest, epcList: list }))),
      inXml12('A'),
    ]) {
      const headers = body.startsWith('<') ? XML : { 'content-type': 'application/json' };
      await expect(jobOf(await capture(body, headers))).resolves.toMatchObject({
        success: true,
        errors: [],
      });
    }
    await expect(idsStored()).resolves.toEqual(['urn:x:event:A']);
  });

  test('with other content is 409, with an error declaration accepted, and then known too', async () => {
    await post(sighting('A'));
    const declared = {
      ...sighting('A'),
      errorDeclaration: { declarationTime: '2026-03-15T00:00:00Z', reason: 'did_not_occur' },
    };

    expect((await post(sighting('A', { bizStep: 'shipping' }))).status).toBe(409);
    expect((await post(declared)).status).toBe(201);
    expect((await post(declared)).status).toBe(201);
    expect((await post(sighting('A'))).status).toBe(201);
    await expect(idsStored()).resolves.toEqual(['urn:x:event:A', 'urn:x:event:A']);
  });
});

describe('EPCIS-09 master data in the header', () => {
  const element = {
    id: 'urn:epc:id:sgln:9506000.13435.0',
    attributes: [{ id: 'cbvmda:name', attribute: 'Hall 3' }],
  };
  const type = 'urn:epcglobal:epcis:vtype:BusinessLocation';
  const epcisHeader = {
    epcisMasterData: { vocabularyList: [{ type, vocabularyElementList: [element] }] },
  };

  test.each([
    ['JSON', JSON.stringify({ ...documentOf(sighting('A')), epcisHeader }), 'application/json'],
    ['XML 2.0', inXml2('A', { place: 'Hall 3' }), 'application/xml'],
    ['XML 1.2', inXml12('A', { place: 'Hall 3' }), 'application/xml'],
  ])('is part of the document, in %s: it can be queried by', async (_, body, contentType) => {
    const { status } = await capture(body, { 'content-type': contentType });

    expect(status).toBe(202);
    const found = await epcis(
      app,
      'GET',
      `/events?EQATTR_bizLocation_${encodeURIComponent('urn:epcglobal:cbv:mda#name')}=Hall%203`,
    );
    expect(eventsIn(found)).toMatchObject([{ eventID: 'urn:x:event:A' }]);
    expect((await app.graphql('{ site(gln: "9506000134352") { name } }')).data).toEqual({
      site: { name: 'Hall 3' },
    });
  });
});
