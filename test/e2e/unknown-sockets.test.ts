/** Sockets of those who do not say who they are. */
import { once } from 'node:events';
import WebSocket from 'ws';
import { startWithKeys } from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { openSocket } from '../support/graphql-socket.js';

/** As in `socket-places.ts`. */
const MOST_OF_ADDRESS = 100;
const MOST = 500;

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
});
afterAll(() => app.stop());

/** Sockets that say nothing after the handshake, from an address of this machine. */
function idle(count: number, localAddress: string): Promise<readonly WebSocket[]> {
  const url = `${app.url.replace('http', 'ws')}/graphql`;
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { localAddress });
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'open'), once(socket, 'close')]);
    return socket;
  };
  return Promise.all(Array.from({ length: count }, open));
}

function stillOpen(sockets: readonly WebSocket[]): number {
  return sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
}

async function isServed(key: string): Promise<void> {
  const { next, ask, socket } = await openSocket(key, app);
  expect((await next()).type).toBe('connection_ack');
  ask('1', '{ me { subject } }');
  expect(await next()).toMatchObject({ type: 'next', id: '1' });
  socket.terminate();
}

test('a thousand of them keep nobody out: the oldest of an address end, and of all', async () => {
  const { secret } = await client.partner();
  const known = await openSocket(secret, app);
  expect((await known.next()).type).toBe('connection_ack');
  const sockets: WebSocket[] = [];
  for (let last = 2; last <= 9; last++) {
    sockets.push(...(await idle(125, `127.0.0.${last}`)));
    await isServed(secret);
    expect(stillOpen(sockets)).toBeLessThanOrEqual(Math.min((last - 1) * MOST_OF_ADDRESS, MOST));
  }

  expect(stillOpen(sockets)).toBeGreaterThan(MOST / 2);
  expect(stillOpen(sockets.slice(0, 125))).toBe(0);
  expect(known.socket.readyState).toBe(WebSocket.OPEN);
  known.socket.terminate();
  for (const socket of sockets) socket.terminate();
});
