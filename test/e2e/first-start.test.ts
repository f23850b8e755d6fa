import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.js';
import { startService } from '../../src/service.js';
import { silentLogger } from '../../src/shared/logger.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../support/neo4j-for-tests.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The first answer of a service that is starting. */
async function firstAnswer(url: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return answer;
    await sleep(5);
  }
}

const RECALL = `{ recallScope(input: {lots: [{gtin: "09506000134352", lot: "A2611"}]}) { totals { units } } }`;

test('an empty store is answered about only when the demo is in it', async () => {
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
  const starting = startService(config, {
    logger: silentLogger,
    onProgress: (line) => told.push(line),
  });

  const ready = await firstAnswer(`${url}/health/ready`);
  const recall = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: RECALL }),
  });
  const found: unknown = await recall.json();
  await (await starting).stop();

  expect(ready.status).toBe(200);
  expect(found).toEqual({ data: { recallScope: { totals: { units: 20 } } } });
  expect(told.join()).toContain('Demo: ');
});
