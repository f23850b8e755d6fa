import { request } from 'node:http';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { PROCEED, captureEvents, eventOf, idsStored } from './capture-client.js';
import { documentOf, sighting } from './capture-event-types.js';

const disk = { free: 10 ** 9 };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    space: {
      bytes: () => disk.free,
      whyFull: () => (disk.free < 10 ** 8 ? 'the disk is full' : null),
    },
    env: {
      MAX_DOCUMENT_BYTES: '20000',
      MAX_EVENTS_PER_DOCUMENT: '12',
      MAX_EPCS_PER_EVENT: '5',
      MAX_NESTING: '8',
      WRITER_QUEUE_EVENTS: '20',
    },
  });
}, 60_000);
afterAll(async () => {
  await app.stop();
});
beforeEach(() => emptyGraph(app.graph));

const numbered = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));
const nested = (levels: number): unknown => (levels === 0 ? 1 : { deep: nested(levels - 1) });
const manyEpcs = sighting('B', {
  epcList: numbered(6, (i) => `https://id.gs1.org/01/09506000134352/21/B${i}`),
});

describe('over a limit', () => {
  test.each([
    ['events', documentOf(...numbered(13, (i) => sighting(`A${i}`))), 'at most 12 events'],
    ['EPCs', documentOf(manyEpcs), 'at most 5 EPCs'],
    ['nesting', documentOf(sighting('C', { 'ours:x': nested(9) })), 'at most 8 levels'],
    ['nesting around', { ...documentOf(), 'ours:x': nested(9) }, 'at most 8 levels'],
  ])(
    'of %s is 413 with the limit in the message, and nothing is stored',
    async (_, document, told) => {
      const { status, body } = await app.capture(document);

      expect(status).toBe(413);
      expect(body).toMatchObject({
        type: 'epcisException:CaptureLimitExceededException',
        detail: expect.stringContaining(told) as unknown,
      });
      await expect(captureEvents(app, document)).resolves.toMatchObject({
        __typename: 'CaptureRejected',
        faults: [{ expected: expect.stringContaining(told) as unknown }],
      });
      await expect(idsStored(app)).resolves.toEqual([]);
    },
  );

  test('of bytes is 413 with the limit in the message', async () => {
    const document = documentOf(sighting('A', { 'ours:x': 'x'.repeat(20_000) }));

    const { status, body } = await app.capture(document);

    expect([status, body['detail']]).toEqual([413, expect.stringContaining('20000 bytes')]);
  });

  test.each([
    ['/epcis/capture', 'application/json'],
    ['/epcis/events', 'application/xml'],
    ['/graphql', 'application/json'],
  ])(
    'of bytes by far is read to its end, so that the sender sees the answer: %s',
    async (path, type) => {
      const piece = Buffer.alloc(1024 * 1024, ' ');
      const send = (headers: Record<string, string | number>): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          const sent = request(`${app.url}${path}`, {
            method: 'POST',
            headers: { 'content-type': type, connection: 'close', ...headers },
          });
          sent.on('error', reject);
          sent.on('response', (answer) => {
            answer.resume();
            // One that looks for its answer when all is sent.
            sent.on('finish', () => {
              resolve(answer.statusCode);
            });
            if (sent.writableFinished) resolve(answer.statusCode);
          });
          for (let i = 0; i < 32; i++) sent.write(piece);
          sent.end();
        });

      const answers = [
        await send({ 'content-length': 32 * piece.length }),
        await send({ 'transfer-encoding': 'chunked' }),
      ];

      expect(answers).toEqual([413, 413]);
    },
  );

  test('of nesting beyond all measure is refused like any other', async () => {
    const levels = 3000;
    const body = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

    const response = await fetch(`${app.url}/epcis/capture`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

    expect(response.status).toBe(413);
  });

  test('one event with PROCEED leaves the others in', async () => {
    const { status, body } = await app.capture(documentOf(manyEpcs, sighting('A')), PROCEED);

    expect(status).toBe(202);
    expect(body).toMatchObject({ captured: 1, faults: [{ code: 'LIMIT_EPCS' }] });
    await expect(idsStored(app)).resolves.toEqual(['urn:x:event:A']);
  });

  test('at the limit all goes in', async () => {
    const { status } = await app.capture(documentOf(...numbered(12, (i) => sighting(`A${i}`))));

    expect(status).toBe(202);
  });
});

describe('back-pressure', () => {
  test('documents beyond the queue get 503 with a time to try again, and none is half accepted', async () => {
    const documents = numbered(60, (d) =>
      documentOf(...numbered(7, (i) => sighting(`D${d}x${i}`))),
    );

    const answers = await Promise.all(documents.map((document) => app.capture(document)));

    const accepted = answers.flatMap(({ status }, d) => (status === 202 ? [d] : []));
    const refused = answers.filter(({ status }) => status !== 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers, body } of refused) {
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body['detail']).toContain('the limit is 20');
    }
    const acknowledged = accepted.flatMap((d) => numbered(7, (i) => `urn:x:event:D${d}x${i}`));
    const stored = await Promise.all(
      documents.flatMap((_, d) =>
        numbered(7, async (i) => (await eventOf(app, `urn:x:event:D${d}x${i}`))?.id),
      ),
    );
    expect(stored.filter((id) => id !== undefined).sort()).toEqual(acknowledged.sort());
  }, 60_000);

  test('what was refused goes in when it is sent again', async () => {
    const documents = numbered(30, (d) =>
      documentOf(...numbered(7, (i) => sighting(`D${d}x${i}`))),
    );
    const untilTaken = async (document: unknown): Promise<number> => {
      for (let tries = 1; ; tries++) {
        const { status } = await app.capture(document);
        if (status === 202) return tries;
        expect(status).toBe(503);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    const tries = await Promise.all(documents.map(untilTaken));

    expect(Math.max(...tries)).toBeGreaterThan(1);
    const { data } = await app.graphql('{ events(first: 1000) { nodes { id: eventId } } }');
    expect((data['events'] as { nodes: unknown[] }).nodes).toHaveLength(210);
  }, 60_000);

  test('is told through GraphQL with a code', async () => {
    const query = `mutation ($document: JSON!) { captureEvents(document: $document) { __typename } }`;
    const documents = numbered(40, (d) =>
      documentOf(...numbered(7, (i) => sighting(`G${d}x${i}`))),
    );

    const answers = await Promise.all(
      documents.map((document) => app.graphql(query, { document })),
    );

    const codes = answers.flatMap(({ errors }) => errors?.map((error) => error.extensions) ?? []);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes)
      expect(code).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 });
  });
});

test('without space nothing is stored, by whichever way, and reads go on; with space again it goes in', async () => {
  const get = async (path: string): Promise<[number, string]> => {
    const answer = await fetch(`${app.url}${path}`);
    return [answer.status, await answer.text()];
  };
  await app.capture(documentOf(sighting('A')));

  disk.free = 10 ** 6;
  const { status, body, headers } = await app.capture(documentOf(sighting('B')));
  const mutations = await Promise.all([
    app.graphql(
      'mutation ($document: JSON!) { captureEvents(document: $document) { __typename } }',
      { document: documentOf(sighting('C')) },
    ),
    app.graphql(
      'mutation { registerParties(parties: [{ gln: "9506000134352", name: "A", roles: ["manufacturer"] }]) { __typename } }',
    ),
  ]);
  const read = await idsStored(app);
  const ready = await get('/health/ready');
  const metrics = await get('/metrics');
  disk.free = 10 ** 9;

  expect([status, body['code'], headers.get('retry-after')]).toEqual([
    507,
    'INSUFFICIENT_STORAGE',
    '60',
  ]);
  expect(body['detail']).toContain('the disk is full');
  expect(mutations.map(({ errors }) => errors?.[0]?.extensions['code'])).toEqual([
    'INSUFFICIENT_STORAGE',
    'INSUFFICIENT_STORAGE',
  ]);
  expect(read).toEqual(['urn:x:event:A']);
  expect([ready[0], JSON.parse(ready[1])]).toEqual([
    200,
    { status: 'ready', waitsFor: 'captures are refused: the disk is full' },
  ]);
  expect(metrics[1]).toContain('\ncustody_store_free_bytes 1000000\n');
  await expect(app.capture(documentOf(sighting('B')))).resolves.toMatchObject({ status: 202 });
  await expect(get('/health/ready')).resolves.toEqual([200, '{"status":"ready"}']);
});

test('a service starts and answers while the disk is full', async () => {
  const full = { bytes: () => 0, whyFull: () => 'the disk is full' };
  const other = await startApp({ keep: true, space: full });
  const { data } = await other.graphql('{ me { open } }');
  await other.stop();

  expect(data).toEqual({ me: { open: true } });
});
