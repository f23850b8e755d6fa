/** Metrics at a port of their own, which needs no key. */
import { Registry } from 'prom-client';
import { readConfig } from '../../src/config.js';
import { serveMetrics } from '../../src/server/metrics-port.js';
import { silentLogger } from '../../src/shared/logger.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { freePort } from '../support/free-port.js';
import { rawRequest } from '../support/raw-http.js';

let app: TestApp;
let url: string;
let port: number;
beforeAll(async () => {
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
  app = await startApp({ env: { ACCESS: 'required', METRICS_PORT: String(port) } });
});
afterAll(() => app.stop());

async function get(address: string): Promise<readonly [number, string]> {
  const response = await fetch(address);
  return [response.status, await response.text()];
}

test('are answered there without a key, and at the main port only with one', async () => {
  expect(await get(`${url}/metrics`)).toEqual([
    200,
    expect.stringContaining('\ncustody_queue_events 0\n') as string,
  ]);
  expect((await get(`${app.url}/metrics`))[0]).toBe(401);
});

test.each(['/graphql', '/epcis/events', '/health/ready', '/schema.graphql', '/'])(
  'are all that is answered there: not %s',
  async (path) => {
    expect((await get(url + path))[0]).toBe(404);
  },
);

test('are refused to a page that made a name of its own point there', async () => {
  const head = ['GET /metrics HTTP/1.1', 'Host: evil.example', 'Connection: close'];

  expect((await rawRequest(url, head)).status).toBe(421);
});

test('need a port that is free', async () => {
  const config = readConfig({ METRICS_PORT: String(port) });
  const taken = serveMetrics(config, { registry: new Registry(), logger: silentLogger });

  await expect(taken).rejects.toThrow(`METRICS_PORT=${port} is in use`);
});
