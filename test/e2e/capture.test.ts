import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rebuildProjection } from '../../src/rebuild/index.js';
import { storeSubscription } from '../../src/epcis-subscription/subscription.store.js';
import { hostView } from '../../src/access/view.js';
import { cypher } from '../../src/graph/cypher.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { describeWithStandards, standardsFolder } from '../support/standards.js';
import { PROCEED, captureEvents, eventOf, idsStored, jobAt } from './capture-client.js';
import type { Captured } from './capture-client.js';
import { EVENTS, anonymous, documentOf, givenBack, sighting } from './capture-event-types.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
});
beforeEach(() => emptyGraph(app.graph));

const SENDERS = cypher<{ label: string; sentBy: string | null }>('test.senders')`
MATCH (n:Event|CaptureJob|ErrorDeclaration|NamedQuery|QuerySubscription)
RETURN DISTINCT labels(n)[0] AS label, n.sentBy AS sentBy ORDER BY label`;

test('who sent it stands with all that is stored for somebody', async () => {
  const declared = {
    ...sighting('A'),
    errorDeclaration: { declarationTime: '2026-03-15T00:00:00Z' },
  };
  await app.capture(documentOf(sighting('A'), declared));
  await captureEvents(app, documentOf(sighting('B')));
  const { status } = await fetch(`${app.url}/epcis/queries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'all', query: {} }),
  });
  await storeSubscription(hostView(app.graph), {
    ...{ id: 's', queryName: 'all', dest: 'https://example.com/', token: null, schedule: null },
    ...{ reportIfEmpty: false, epcFormat: 'Never_Translates', initialRecordTime: null },
    ...{ createdAt: 1, dueAt: 0, position: 0 },
  });

  expect(status).toBe(201);
  // No organisation sent what the host captured; queries keep the subject.
  expect(await app.graph.read(SENDERS)).toEqual([
    ...['CaptureJob', 'ErrorDeclaration', 'Event'].map((label) => ({ label, sentBy: null })),
    ...['NamedQuery', 'QuerySubscription'].map((label) => ({ label, sentBy: 'host' })),
  ]);
});

describe('a capture job', () => {
  test('is told with 202 and Location, and can be read afterwards, after a restart too', async () => {
    const { status, body, headers } = await app.capture(documentOf(sighting('A'), sighting('B')));
    const location = headers.get('location')!;

    expect(status).toBe(202);
    expect(body).toMatchObject({ success: true, captured: 2, repeated: 0, faults: [] });
    expect(location).toBe(`/epcis/capture/${String(body['captureID'])}`);
    const job = await jobAt(app, location);
    expect(job).toMatchObject({
      status: 200,
      body: {
        captureID: body['captureID'],
        running: false,
        success: true,
        captureErrorBehaviour: 'rollback',
        captured: 2,
        repeated: 0,
        errors: [],
      },
    });
    expect(Date.parse(String(job.body['finishedAt']))).toBeGreaterThanOrEqual(
      Date.parse(String(job.body['createdAt'])),
    );

    await app.stop();
    app = await startApp({ keep: true });

    await expect(jobAt(app, location)).resolves.toEqual(job);
    await expect(idsStored(app)).resolves.toEqual(['urn:x:event:A', 'urn:x:event:B']);
  });

  test('of GraphQL is the same job', async () => {
    const { jobId } = await captureEvents(app, documentOf(sighting('A')));

    const { data } = await app.graphql(
      'query ($id: ID!) { captureJob(id: $id) { id: jobId success errorBehaviour captured repeated faults { code } } none: captureJob(id: "x") { id: jobId } }',
      { id: jobId },
    );

    expect(data).toEqual({
      captureJob: {
        id: jobId,
        success: true,
        errorBehaviour: 'ROLLBACK',
        captured: 1,
        repeated: 0,
        faults: [],
      },
      none: null,
    });
    await expect(jobAt(app, `/epcis/capture/${jobId!}`)).resolves.toMatchObject({ status: 200 });
  });

  test('that is not there is 404', async () => {
    await expect(jobAt(app, '/epcis/capture/none')).resolves.toMatchObject({ status: 404 });
  });

  test('says which events failed, and that not all of it went in', async () => {
    const bad = sighting('B', { eventTime: 'yesterday' });

    const { body, headers } = await app.capture(documentOf(sighting('A'), bad), PROCEED);

    const job = await jobAt(app, headers.get('location')!);
    expect(job.body).toMatchObject({
      success: false,
      captureErrorBehaviour: 'proceed',
      captured: 1,
      errors: [
        {
          type: 'epcisException:ValidationException',
          code: 'TIME_INVALID',
          pointer: '/epcisBody/eventList/1/eventTime',
          found: '"yesterday"',
        },
      ],
    });
    expect(body['success']).toBe(false);
  });

  test('limits are told by OPTIONS', async () => {
    const response = await fetch(`${app.url}/epcis/capture`, { method: 'OPTIONS' });

    expect(response.status).toBe(204);
    expect(response.headers.get('gs1-epcis-capture-limit')).toBe('50000');
    expect(response.headers.get('gs1-epcis-capture-file-size-limit')).toBe('67108864');
  });
});

describe('what is captured is given back', () => {
  test.each(Object.entries(EVENTS))('%s, with every field and extension', async (_, event) => {
    const { status, body } = await app.capture(documentOf(event));
    expect([status, body['faults']]).toEqual([202, []]);

    const given = await eventOf(app, event['eventID'] as string);

    const expected = givenBack(event);
    expect(given?.document).toEqual(expected);
    expect(Object.keys(given!.document)).toEqual(Object.keys(expected));
  });

  test.each(Object.entries(EVENTS))('%s, through GraphQL too', async (_, event) => {
    const { faults, eventIds } = await captureEvents(app, documentOf(event));

    expect(faults).toEqual([]);
    expect(eventIds).toEqual([event['eventID']]);
    const given = await eventOf(app, event['eventID'] as string);
    expect(given?.document).toEqual(givenBack(event));
  });

  test('an URN tells the company prefix: what it names is shown as URN again, after a rebuild too', async () => {
    const urns = ['urn:epc:id:sscc:0614141.0000000001', 'urn:epc:id:sgtin:0614141.012345.A1'];
    await app.capture(documentOf(sighting('A', { epcList: urns })));
    const shown = async (): Promise<unknown> => {
      const query =
        'query ($ids: [ID!]!) { packages: packagesById(ids: $ids) { identifier { urn } } }';
      return (await app.graphql(query, { ids: urns })).data['packages'];
    };
    const expected = urns.map((urn) => ({ identifier: { urn } }));

    await expect(shown()).resolves.toEqual(expected);
    await rebuildProjection(app.graph, () => undefined);
    await expect(shown()).resolves.toEqual(expected);
  });

  test('an EPCISQueryDocument is captured as well', async () => {
    const { epcisBody, ...document } = documentOf(sighting('A'));
    const queryDocument = {
      ...document,
      type: 'EPCISQueryDocument',
      epcisBody: { queryResults: { queryName: 'q', resultsBody: epcisBody } },
    };

    await expect(app.capture(queryDocument)).resolves.toMatchObject({ status: 202 });
    await expect(idsStored(app)).resolves.toEqual(['urn:x:event:A']);
  });

  test('application/ld+json is taken, other types are not', async () => {
    const body = JSON.stringify(documentOf(sighting('A')));
    const post = (type: string): Promise<Response> =>
      fetch(`${app.url}/epcis/capture`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });

    expect((await post('application/ld+json')).status).toBe(202);
    expect((await post('text/csv')).status).toBe(415);
  });

  test('without an eventID the event hash is minted, and says the same each time', async () => {
    const event = anonymous('A');

    const first = await captureEvents(app, documentOf(event));
    const again = await captureEvents(
      app,
      documentOf({ ...event, recordTime: '2026-01-01T00:00:00Z' }),
    );

    const id = first.eventIds![0]!;
    expect(id).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
    expect(again).toMatchObject({ captured: 0, repeated: 1, eventIds: [id] });
    expect((await eventOf(app, id))?.document).toEqual(event);
  });
});

// A declaration whose event never came is kept, and has no event to be read with.
const DECLARED = cypher<{ text: string }>('test.declarationsOf')`
MATCH (d:ErrorDeclaration {of: $id}) RETURN d.text AS text`;

describeWithStandards('the examples of GS1', () => {
  test('are captured and given back, every one', async () => {
    const folder = join(standardsFolder!, 'gs1-epcis', 'json');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonld'));
    expect(names.length).toBeGreaterThan(20);
    const refused: unknown[] = [];
    for (const name of names) {
      const document = JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<
        string,
        unknown
      >;
      await emptyGraph(app.graph);
      const given = await captureEvents(app, document);
      refused.push(...given.faults.map((fault) => [name, fault.code, fault.pointer, fault.found]));
      for (const [i, sent] of eventsOf(document).entries()) {
        const id = given.eventIds?.[i] ?? 'none';
        const texts = [
          JSON.stringify(withoutContext(sent, (await eventOf(app, id))?.document)),
          ...(await app.graph.read(DECLARED, { id })).map(({ text }) => text),
        ];
        if (!texts.includes(JSON.stringify(sent))) refused.push([name, i, 'not given back', id]);
      }
    }
    expect(refused).toEqual([]);
  });
});

/** What an event was given beside itself: the prefixes of its document. */
function withoutContext(sent: unknown, given: Record<string, unknown> | undefined): unknown {
  if (given === undefined || Object.hasOwn(sent as object, '@context')) return given;
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== '@context'));
}

function eventsOf(document: Record<string, unknown>): unknown[] {
  const body = document['epcisBody'] as Record<string, unknown>;
  const results = body['queryResults'] as { resultsBody: { eventList: unknown[] } } | undefined;
  return results?.resultsBody.eventList ?? (body['eventList'] as unknown[]);
}

describe('faults', () => {
  const bad = [
    sighting('A', { eventTime: 'yesterday', action: 'add', bizStep: 'shiping' }),
    sighting('B'),
    sighting('C', { epcList: ['urn:epc:id:sgtin:9506000.013435'], 'a/b': 1 }),
  ];

  test('are reported all, each with place, finding, expectation and remedy, and nothing is stored', async () => {
    const { status, body, headers } = await app.capture(documentOf(...bad));

    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({
      ...{ type: 'epcisException:ValidationException', status: 400, code: 'BAD_USER_INPUT' },
    });
    const faults = body['faults'] as Captured['faults'];
    expect(body['detail']).toContain('/epcisBody/eventList/0/action: found "add"');
    expect(faults.map(({ code, pointer, found }) => [code, pointer, found])).toEqual([
      ['ACTION_INVALID', '/epcisBody/eventList/0/action', '"add"'],
      ['TIME_INVALID', '/epcisBody/eventList/0/eventTime', '"yesterday"'],
      ['WORD_UNKNOWN', '/epcisBody/eventList/0/bizStep', '"shiping"'],
      ['GS1_ID_INVALID', '/epcisBody/eventList/2/epcList/0', '"urn:epc:id:sgtin:9506000.013435"'],
      ['FIELD_UNKNOWN', '/epcisBody/eventList/2/a~1b', '"a/b"'],
    ]);
    for (const { expected, remedy } of faults) {
      expect(expected).not.toBe('');
      expect(remedy).not.toBe('');
    }
    await expect(idsStored(app)).resolves.toEqual([]);
  });

  test('are the same through GraphQL', async () => {
    const { body } = await app.capture(documentOf(...bad));

    const rejected = await captureEvents(app, documentOf(...bad));

    expect(rejected).toEqual({ __typename: 'CaptureRejected', faults: body['faults'] });
  });

  test('with PROCEED keep only their own events out', async () => {
    const { status, body } = await app.capture(documentOf(...bad), PROCEED);

    expect(status).toBe(202);
    expect(body).toMatchObject({ success: false, captured: 1 });
    expect(body['faults']).toHaveLength(5);
    await expect(idsStored(app)).resolves.toEqual(['urn:x:event:B']);
  });

  test('in every event refuse the document with PROCEED too', async () => {
    const { status } = await app.capture(documentOf(bad[0], bad[2]), PROCEED);

    expect(status).toBe(400);
    await expect(captureEvents(app, documentOf(bad[0]), 'PROCEED')).resolves.toMatchObject({
      __typename: 'CaptureRejected',
    });
  });

  test.each([
    ['not JSON', '{"type":'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a prototype', '{"__proto__": {"a": 1}}'],
  ])('%s is 400, no 500', async (_, body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${app.url}/epcis/capture`, { method: 'POST', headers, body });

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test('an unknown error behaviour is refused', async () => {
    const asked = { 'GS1-Capture-Error-Behaviour': 'ignore' };

    expect((await app.capture(documentOf(sighting('A')), asked)).status).toBe(400);
    await expect(idsStored(app)).resolves.toEqual([]);
  });

  test.each([
    ['an eventID', { eventID: `urn:x:${'e'.repeat(20_000)}` }],
    ['an EPC', { epcList: [`https://example.com/${'e'.repeat(20_000)}`] }],
    ['a place', { bizLocation: { id: `https://example.com/${'e'.repeat(20_000)}` } }],
    ['a class', { quantityList: [{ epcClass: `https://example.com/${'e'.repeat(20_000)}` }] }],
    ['a lot', { action: 'ADD', ilmd: { 'cbvmda:lotNumber': 'l'.repeat(20_000) } }],
  ])('%s longer than an index takes is refused with the limit, not with 500', async (_, given) => {
    const { status, body } = await app.capture(documentOf(sighting('A', given)));

    expect([status, body['detail']]).toEqual([413, expect.stringContaining('at most 1000 char')]);
  });
});

describe('master data', () => {
  const GTIN = '09506000134352';
  const header = {
    epcisHeader: {
      epcisMasterData: {
        vocabularyList: [
          {
            type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
            vocabularyElementList: [
              {
                id: 'urn:epc:id:sgln:9506000.13435.0',
                attributes: [{ id: 'cbvmda:name', attribute: 'Packaging hall 3' }],
              },
            ],
          },
          {
            type: 'urn:epcglobal:epcis:vtype:EPCClass',
            vocabularyElementList: [
              {
                id: `https://id.gs1.org/01/${GTIN}`,
                attributes: [{ id: 'cbvmda:descriptionShort', attribute: 'Sleepwell 5 mg' }],
              },
            ],
          },
        ],
      },
    },
  };
  const names = `{
    product(gtin: "${GTIN}") { name } site(gln: "9506000134352") { name }
    unregistered { sites(first: 10) { nodes { key } } products(first: 10) { nodes { gtin } } }
  }`;
  const gaps = {
    product: { name: null },
    site: { name: null },
    unregistered: {
      sites: { nodes: [{ key: '414/9506000134352' }] },
      products: { nodes: [{ gtin: GTIN }] },
    },
  };

  test('that nobody gave keeps no event out; the gap is listed', async () => {
    expect((await app.capture(documentOf(sighting('A')))).status).toBe(202);

    expect((await app.graphql(names)).data).toEqual(gaps);
  });

  test('in the header is stored with the events and fills the gap', async () => {
    await app.capture(documentOf(sighting('A')));
    await app.capture({ ...documentOf(), ...header });

    expect((await app.graphql(names)).data).toEqual({
      product: { name: 'Sleepwell 5 mg' },
      site: { name: 'Packaging hall 3' },
      unregistered: { sites: { nodes: [] }, products: { nodes: [] } },
    });
  });

  test('of a refused document is not stored', async () => {
    await app.capture(documentOf(sighting('A')));
    const other = sighting('A', { disposition: 'recalled' });

    expect((await app.capture({ ...documentOf(other), ...header })).status).toBe(409);
    expect((await app.graphql(names)).data).toEqual(gaps);
  });

  test('is stored with PROCEED where no event is good, and the answer says so', async () => {
    const document = { ...documentOf(sighting('A', { eventTime: 'never' })), ...header };

    const { status, body, headers } = await app.capture(document, PROCEED);

    expect(status).toBe(202);
    expect(body).toMatchObject({ success: false, captured: 0 });
    expect((await jobAt(app, headers.get('location')!)).body).toMatchObject({ success: false });
    expect((await app.graphql('{ site(gln: "9506000134352") { name } }')).data).toEqual({
      site: { name: 'Packaging hall 3' },
    });
    expect((await captureEvents(app, document, 'PROCEED')).__typename).toBe('CaptureAccepted');
  });
});
