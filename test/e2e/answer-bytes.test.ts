import type { StatementRun } from '../../src/graph/graph.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn, pagesFrom } from '../support/epcis-client.js';
import { documentOf, sighting } from './capture-event-types.js';

const LIMIT = 65_536;
const LENGTH = 20_000;
const EVENTS = 12;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ env: { MAX_ANSWER_BYTES: String(LIMIT) } });
  const events = Array.from({ length: EVENTS }, (_, i) =>
    sighting(`L${i}`, {
      'https://example.com/long': 'x'.repeat(LENGTH),
      'https://example.com/n': i,
    }),
  );
  const { status } = await app.capture(documentOf(...events));
  expect(status).toBe(202);
});
afterAll(async () => {
  await app.stop();
});

/** What reads of events gave while `work` went on. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const runs: StatementRun[] = [];
  const stop = app.graph.onStatement((run) => {
    if (run.name.startsWith('events.')) runs.push(run);
  });
  await work();
  stop();
  return runs.reduce((sum, { rows }) => sum + rows, 0);
}

const tooLarge = { code: 'ANSWER_TOO_LARGE', limitBytes: LIMIT };

test('an answer of more bytes than allowed is refused with a code, and reading stops when it is clear', async () => {
  const asked = Array.from(
    { length: 4 },
    (_, i) => `e${i}: events(first: 100) { nodes { document } }`,
  );
  let answer: Awaited<ReturnType<TestApp['graphql']>> | undefined;
  const rows = await rowsRead(async () => {
    answer = await app.graphql(`{ ${asked.join(' ')} }`);
  });

  expect(answer).toEqual({
    data: null,
    errors: [{ message: expect.any(String) as unknown, extensions: tooLarge }],
  });
  expect(rows).toBeLessThanOrEqual(LIMIT / LENGTH + asked.length);
});

test('what is read once and told many times counts each time', async () => {
  const asked = Array.from(
    { length: 5 },
    (_, i) => `e${i}: event(id: "urn:x:event:L0") { document }`,
  );

  const { errors } = await app.graphql(`{ ${asked.join(' ')} }`);
  const one = await app.graphql(`{ ${asked[0] ?? ''} }`);

  expect(errors).toMatchObject([{ extensions: tooLarge }]);
  expect(one.errors).toBeUndefined();
});

test('over a socket it is the same', async () => {
  const query = '{ events(first: 100) { nodes { document } } }';
  const { value } = (await app.webSocket().iterate({ query }).next()) as { value: unknown };

  expect(value).toMatchObject({ data: null, errors: [{ extensions: tooLarge }] });
});

test.each([
  '',
  '&orderBy=recordTime&orderDirection=ASC',
  '&EQ_bizLocation=https://id.gs1.org/414/9506000134352',
])(
  'a page of long events is shorter than asked for, and the pages hold each event once%s',
  async (more) => {
    const pages = await pagesFrom(app, `/events?perPage=100${more}`);

    const ids = pages.flatMap((page) => eventsIn(page).map(({ eventID }) => eventID));
    expect(pages.length).toBeGreaterThanOrEqual(EVENTS / 3);
    for (const { text } of pages) expect(text.length).toBeLessThan(LIMIT * 1.5);
    expect([...ids].sort()).toEqual(
      Array.from({ length: EVENTS }, (_, i) => `urn:x:event:L${i}`).sort(),
    );
  },
);

test('maxEventCount counts all that match, however short the page', async () => {
  expect((await epcis(app, 'GET', `/events?maxEventCount=${EVENTS - 1}`)).status).toBe(413);
  expect((await epcis(app, 'GET', `/events?maxEventCount=${EVENTS}`)).status).toBe(200);
});

test('what cannot be paged is refused: sorted by a field that has no index, and polled', async () => {
  const sorted = await epcis(app, 'GET', '/events?orderBy=https://example.com/n');
  const poll = await fetch(`${app.url}/epcis/soap`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><q:Poll xmlns:q="urn:epcglobal:epcis-query:xsd:1"><queryName>SimpleEventQuery</queryName><params/></q:Poll></s:Body></s:Envelope>',
  });

  expect([sorted.status, sorted.json['code']]).toEqual([413, 'QUERY_TOO_LARGE']);
  expect(await poll.text()).toContain('QueryTooLargeException');
});
