import { readFileSync } from 'node:fs';
import { getIntrospectionQuery } from 'graphql';
import { beginRebuild, endRebuild } from '../../src/rebuild/rebuild.store.js';
import type { Graph } from '../../src/graph/graph.js';
import { silentLogger } from '../../src/shared/logger.js';
import type { LogFields } from '../../src/shared/logger.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import { appendBatch, aLocationMessage, serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

let graph: Graph;
let server: TestServer;
const logged: LogFields[] = [];
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  const logger = { ...silentLogger, error: (fields: LogFields) => void logged.push(fields) };
  server = await serverForTests(graph, { logger });
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

describe('limits', () => {
  test('too many fields are refused with the limit by name', async () => {
    const query = `{${Array.from({ length: 900 }, (_, i) => `a${i}:__typename`).join(' ')}}`;

    const answer = await server.graphql(query);

    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'OPERATION_TOO_COMPLEX',
      limit: 'rootFields',
      found: 900,
      allowed: 50,
    });
  });

  test('a page size in a variable counts as what the variable holds', async () => {
    const query =
      'query ($n: Int!) { parties(first: $n) { nodes { sites(first: $n) { nodes { key name } } } } }';

    expect((await server.graphql(query, { n: 20 })).errors).toEqual([]);
    expect((await server.graphql(query, { n: 1000 })).errors[0]?.extensions).toMatchObject({
      code: 'OPERATION_TOO_COMPLEX',
      limit: 'cost',
    });
  });

  test('introspection counts, as often as it is asked for', async () => {
    const types =
      '__schema { types { fields { args { type { ofType { ofType { ofType { name } } } } } } } }';
    const ask = async (times: number): Promise<unknown> => {
      const asked = Array.from({ length: times }, (_, i) => `s${i}: ${types}`);
      return (await server.graphql(`{ ${asked.join(' ')} }`)).errors[0]?.extensions['limit'];
    };

    expect((await server.graphql(getIntrospectionQuery())).errors).toEqual([]);
    expect(await ask(2)).toBeUndefined();
    expect(await ask(30)).toBe('cost');
  });

  test('a field that may hold a whole document counts as many', async () => {
    const ask = async (fields: string): Promise<unknown> => {
      const asked = Array.from(
        { length: 6 },
        (_, i) => `e${i}: events(first: 1000) { nodes { ${fields} } }`,
      );
      return (await server.graphql(`{ ${asked.join(' ')} }`)).errors[0]?.extensions['limit'];
    };

    expect(await ask('id type')).toBeUndefined();
    expect(await ask('document')).toBe('cost');
  });

  test('a document of too many tokens is refused before it is read', async () => {
    const answer = await server.graphql(`{${'a '.repeat(5000)}}`);

    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toContain('4000 tokens');
  });

  test('a fragment within itself is refused', async () => {
    const answer = await server.graphql('{ ...A } fragment A on Query { ...A __typename }');

    expect(answer.errors[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('a body over the limit gets 413 with the limit in it', async () => {
    const answer = await server.graphql(`{ __typename } # ${'x'.repeat(1024 * 1024)}`);

    expect(answer.status).toBe(413);
    expect(answer.errors[0]?.message).toContain('1048576 bytes');
    expect(answer.errors[0]?.extensions).toEqual({
      code: 'PAYLOAD_TOO_LARGE',
      limitBytes: 1048576,
    });
  });

  test('a page of more than 1,000 rows is refused', async () => {
    const answer = await server.graphql('{ sites(first: 1001) { nodes { key } } }');

    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'first',
      found: 1001,
    });
  });
});

describe('errors', () => {
  test('a wrong identifier is refused with argument, rule and remedy', async () => {
    const answer = await server.graphql('{ product(gtin: "09506000134353") { name } }');

    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'gtin',
      found: '09506000134353',
      reason: 'CHECK_DIGIT',
      remedy: 'Give a GTIN, e.g. "09506000134352".',
    });
  });

  test('what we did not foresee is masked and logged under its reference', async () => {
    const broken = await serverForTests(graph, {
      logger: { ...silentLogger, error: (fields: LogFields) => void logged.push(fields) },
      server: {
        graph: {
          ...graph,
          read: () => Promise.reject(new Error('secret of the database')),
        },
      },
    });

    const answer = await broken.graphql('{ sites { nodes { key } } }');
    await broken.stop();

    const [error] = answer.errors;
    expect(JSON.stringify(answer.errors)).not.toContain('secret');
    expect(error?.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    expect(logged.some(({ ref }) => ref === error?.extensions['ref'])).toBe(true);
  });

  test('a subscription over HTTP is told where subscriptions are', async () => {
    const answer = await server.graphql('subscription { locationChanges { seq } }');

    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toContain('WebSocket');
    expect(answer.errors[0]?.message).toContain('text/event-stream');
    expect(answer.errors[0]?.extensions['code']).toBe('OPERATION_NOT_ALLOWED');
  });

  test('the schema is served as text, as it stands in the repository', async () => {
    const response = await fetch(`${server.url}/schema.graphql`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/graphql; charset=utf-8');
    expect(await response.text()).toBe(readFileSync('schema/schema.graphql', 'utf8'));
  });

  test('a request a form of another page could send is refused', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"query":"{__typename}"}',
    });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });

  test.each([
    ['a document that nests', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['objects that nest', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ])('%s 20,000 deep: no server error', async (_what, document) => {
    const query = 'mutation($d: JSON!) { captureEvents(document: $d) { __typename } }';
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":{"d":${document}}}`,
    });

    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('deeper than 600 levels'),
    ]);
  });

  test('a malformed body is no server error', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":',
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});

describe('operation', () => {
  test('live and ready', async () => {
    expect(await (await fetch(`${server.url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(await (await fetch(`${server.url}/health/ready`)).json()).toEqual({ status: 'ready' });
  });

  test('not ready while the migrations of the database are others', async () => {
    const other = await serverForTests(graph, { server: { migrations: [] } });

    const response = await fetch(`${other.url}/health/ready`);
    await other.stop();

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      reason: expect.stringContaining('migrations') as unknown,
    });
  });

  test('not ready while the first plans are made, though it answers', async () => {
    const other = await serverForTests(graph, { server: { plans: { waitsFor: () => 'plans' } } });
    const [live, ready] = [`${other.url}/health/live`, `${other.url}/health/ready`];

    const answers = [await fetch(live), await fetch(ready)];
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    const { data } = await other.graphql('{ __typename }');
    await other.stop();

    expect(answers.map(({ status }) => status)).toEqual([200, 503]);
    expect(bodies).toMatchObject([{ waitsFor: 'plans' }, { waitsFor: 'plans' }]);
    expect(data).toEqual({ __typename: 'Query' });
  });

  test('not ready while the projection is rebuilt, when answers lack what is not derived yet', async () => {
    await graph.write(beginRebuild);

    const response = await fetch(`${server.url}/health/ready`);
    await graph.write(endRebuild);

    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'not ready', reason: expect.stringContaining('rebuilt') as unknown },
    ]);
  });

  test('metrics name operations, statements, the log and the versions', async () => {
    await server.graphql('{ unregistered { sites { nodes { key } } } }');
    const text = await (await fetch(`${server.url}/metrics`)).text();

    expect(text).toMatch(
      /custody_graphql_operation_seconds_count\{operation="query unregistered",ok="true"\} 1/,
    );
    expect(text).toMatch(
      /custody_statement_seconds_count\{statement="master-data.sitePageUp",ok="true"\}/,
    );
    for (const name of [
      'queue_events',
      'subscriptions',
      'log_position',
      'relay_lag_seconds',
      'neo4j_connections_idle',
    ])
      expect(text).toMatch(new RegExp(`^custody_${name} \\d`, 'm'));
    const { node } = process.versions;
    expect(text).toContain(
      `\ncustody_build_info{version="1.2.3",node="${node}",neo4j="5.26.0"} 1\n`,
    );
  });

  test('a request id is given back, or made', async () => {
    const given = await fetch(`${server.url}/health/live`, {
      headers: { 'x-request-id': 'abc-1' },
    });
    const made = await fetch(`${server.url}/health/live`);

    expect(given.headers.get('x-request-id')).toBe('abc-1');
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('stopping closes sockets with 1001', async () => {
    const other = await serverForTests(graph);
    const client = other.webSocket();
    const closed = new Promise<number>((resolve) =>
      client.on('closed', (event) => {
        resolve((event as { code: number }).code);
      }),
    );
    const messages = client.iterate<{ locationChanges: { seq: number } }>({
      query: 'subscription { locationChanges { seq } }',
    });
    const first = messages.next();
    while (other.relay.stats().subscribers === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    other.relay.nudge(await appendBatch(graph, [aLocationMessage({ k: '00/095060001343520000' })]));
    await first;
    const next = messages.next().catch(() => undefined);

    await other.stop();

    expect(await closed).toBe(1001);
    await next;
  });

  test('a page of another host may not open a socket', async () => {
    const { default: WebSocket } = await import('ws');
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      { origin: 'https://evil.example' },
    );

    await expect(
      new Promise((resolve, reject) => {
        socket.on('open', resolve).on('error', reject);
      }),
    ).rejects.toThrow('403');
  });
});
