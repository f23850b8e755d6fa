import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.js';
import { startService } from '../../src/service.js';
import { silentLogger } from '../../src/shared/logger.js';
import { freePort } from '../support/free-port.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../support/neo4j-for-tests.js';

/** A connection of the first moment in which somebody listens. */
async function firstConnection(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    if (await once(socket, 'connect').catch(() => null)) return socket;
    await sleep(5);
  }
}

const RECALL = `{ recallScope(input: {lots: [{gtin: "09506000134352", lot: "A2611"}]}) { totals { units } } }`;

test('an empty store is answered about only when the demo is in it; until then every request gets 503, and none is lost', async () => {
  const graph = await graphForTests();
  await emptyGraph(graph);
  await graph.close();
  const { uri, user, password } = neo4jOfTests();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = readConfig({
    ...{ NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password },
    ...{ PORT: String(port), DEMO: 'true', LOG_LEVEL: 'silent', PREPARE_PLANS: 'false' },
  });
  const told: string[] = [];
  let failure: unknown;
  const starting = startService(config, {
    logger: silentLogger,
    onProgress: (line) => told.push(line),
  });
  starting.catch((error: unknown) => {
    failure = error;
  });
  const early = await firstConnection(port);
  const waitedFor = new Set<unknown>();
  const statuses = new Set<number>();
  let found: unknown;
  while (!statuses.has(200)) {
    if (failure !== undefined) throw failure as Error;
    const { waitsFor } = (await (await fetch(`${url}/livez`)).json()) as { waitsFor?: string };
    waitedFor.add(waitsFor);
    const recall = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: RECALL }),
    });
    statuses.add(recall.status);
    found = await recall.json();
  }
  early.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(early, 'data')) as [Buffer];
  await (await starting).stop();

  expect([...statuses]).toEqual([503, 200]);
  expect([...waitedFor]).toContain('demo');
  expect(found).toEqual({ data: { recallScope: { totals: { units: 20 } } } });
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
  expect(told.join()).toContain('Demo: ');
});
