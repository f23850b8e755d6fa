import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { MAX_JSON_BYTES, parseJsonBodies } from '../../../src/server/json-body.js';

test('a long body is not read on for a sender who has left', async () => {
  const http = fastify({ bodyLimit: 4 * MAX_JSON_BYTES });
  let begun: (signal: AbortSignal) => void = () => undefined;
  const reading = new Promise<AbortSignal>((resolve) => (begun = resolve));
  parseJsonBodies(http, (_, signal) => {
    begun(signal);
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve({});
      });
    });
  });
  http.post('/', () => 'read');
  await http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = http.server.address() as AddressInfo;

  const sending = request({
    port,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  sending.on('error', () => undefined);
  sending.end(JSON.stringify('x'.repeat(MAX_JSON_BYTES)));
  const signal = await reading;
  const aborted = once(signal, 'abort');
  sending.destroy();

  await aborted;
  await http.close();
});
