/** How long a question may take, over each way to ask. */
import { setTimeout as sleep } from 'node:timers/promises';
import { viewsOf } from '../../src/access/view.js';
import { registerEpcis } from '../../src/epcis-rest/routes.js';
import { cypher } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import { silentLogger } from '../../src/shared/logger.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import { serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

const QUESTION_MS = 500;
const ENDLESS = cypher.host('test.endlessQuestion')`
UNWIND range(1, 100000000000) AS n WITH n WHERE n % 2 = 3 RETURN n`;
const RUNNING = cypher<{ running: number }>('test.questionsRunning')`
SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH '/* test.endlessQuestion */'
RETURN count(*) AS running`;
const LONG = { timeoutMs: 3_600_000 };
/** More pages than are read at a time. */
const SITES = `{ ${[1, 2, 3, 4, 5, 6].map((i) => `s${i}: sites { nodes { key } }`).join(' ')} }`;
const TOO_LONG = {
  ...{ code: 'TIMEOUT', limitMs: QUESTION_MS },
  reason: expect.stringContaining('500 ms of QUESTION_TIMEOUT_MS') as string,
  remedy: expect.stringContaining('Ask for fewer rows') as string,
};

let graph: Graph;
let server: TestServer;
/** How many endless statements a test began. */
let started = 0;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  const endless: Graph['read'] = (statement, params, options) => {
    started++;
    return graph.read(statement, params, { ...options, ...LONG });
  };
  // The page of sites never ends.
  const read: Graph['read'] = (statement, params, options) =>
    statement.name === 'master-data.sitePageUp'
      ? (endless(ENDLESS, {}, options) as never)
      : graph.read(statement, params, options);
  const epcis = {
    ...{
      viewFor: viewsOf({ ...graph, read: endless }),
      logger: silentLogger,
      questionTimeoutMs: QUESTION_MS,
    },
    ...{ bodyLimitBytes: 1000, vendorVersion: 'test', isRevoked: () => Promise.resolve(false) },
  };
  server = await serverForTests(graph, {
    server: {
      ...{ graph: { ...graph, log: graph.log, read }, questionTimeoutMs: QUESTION_MS },
      routes: (http) => {
        registerEpcis(http, epcis, [
          (routes) => {
            routes.resource({
              path: '/endless',
              operations: [
                {
                  ...{ method: 'GET', scope: 'read', about: { summary: 'x', responses: {} } },
                  handle: async ({ view }) => {
                    await view.read(ENDLESS);
                    return { status: 200 };
                  },
                },
              ],
            });
          },
        ]);
      },
    },
  });
});
beforeEach(() => (started = 0));
afterAll(async () => {
  await server.stop();
  await graph.close();
});

/** An answer; waits until what was asked runs in Neo4j no more. Without a limit that would be longer than a test may take. */
async function ended<T>(asked: Promise<T>): Promise<T> {
  const answer = await asked;
  expect(started).toBeGreaterThan(0);
  while ((await graph.read(RUNNING, {}, LONG))[0]!.running > 0) await sleep(20);
  return answer;
}

test('over HTTP it ends in Neo4j with a TIMEOUT that says what to do, also what waits for its turn', async () => {
  const { status, errors, data } = await ended(server.graphql(SITES));

  expect([status, data]).toEqual([200, null]);
  expect(errors.map(({ extensions }) => extensions)).toContainEqual(TOO_LONG);
});

test('over WebSocket likewise, and the socket stays', async () => {
  const client = server.webSocket();
  const first = await ended(client.iterate({ query: SITES }).next());
  const second = await client.iterate({ query: '{ __typename }' }).next();
  await client.dispose();

  expect(first.value).toMatchObject({ errors: [{ extensions: TOO_LONG }] });
  expect(second.value).toEqual({ data: { __typename: 'Query' } });
});

test('as an event stream likewise', async () => {
  const asked = fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: SITES }),
  });

  expect(await ended(asked.then((response) => response.text()))).toMatch(
    /"code":"TIMEOUT"[^]*event: complete/,
  );
});

test('over EPCIS it is too complex, as the standard calls it', async () => {
  const response = await ended(fetch(`${server.url}/epcis/endless`));

  expect([response.status, await response.json()]).toEqual([
    413,
    expect.objectContaining({ type: 'epcisException:QueryTooComplexException', ...TOO_LONG }),
  ]);
});

test('a subscription goes on for longer', async () => {
  const client = server.webSocket();
  const live = client.iterate({ query: 'subscription { locationChanges { cursor } }' });
  const outcome = await Promise.race([live.next(), sleep(2 * QUESTION_MS, 'goes on')]);
  await client.dispose();

  expect(outcome).toBe('goes on');
});
