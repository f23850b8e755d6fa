import WebSocket from 'ws';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { eventIDsOf } from '../support/webhook-receiver.js';
import { aQuery, call, ship } from './query-client.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  // Every statement's first plan is made by a cold JVM.
  await ship(app, 1);
  await call(app, 'GET', `/queries/${encodeURIComponent(await aQuery(app))}/events`);
});
afterAll(() => app.stop());

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const socketTo = (name: string, search: string): WebSocket =>
  new WebSocket(
    `${app.url.replace('http', 'ws')}/epcis/queries/${encodeURIComponent(name)}/events?${search}`,
  );
const opened = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
const closed = (socket: WebSocket): Promise<[number, string]> =>
  new Promise((resolve) => {
    socket.once('close', (code, reason) => {
      resolve([code, reason.toString()]);
    });
  });

test('a stream brings what is captured while it is open', async () => {
  const name = await aQuery(app);
  const socket = socketTo(name, 'stream=true');
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString()));
  await opened(socket);
  const ids = [...(await ship(app, 2)), ...(await ship(app, 1))];
  await ship(app, 1, 'receiving');
  await until(() => messages.flatMap(eventIDsOf).length >= 3);
  const end = closed(socket);
  await call(app, 'DELETE', `/queries/${encodeURIComponent(name)}`);

  expect(messages.flatMap(eventIDsOf)).toEqual(ids);
  expect(JSON.parse(messages[0] ?? '')).toMatchObject({
    type: 'EPCISQueryDocument',
    epcisBody: { queryResults: { queryName: name } },
  });
  expect(await end).toEqual([1000, 'The query was deleted']);
});

test('a schedule in the address reports, also when empty', async () => {
  const socket = socketTo(
    await aQuery(app, { EQ_bizStep: ['loading'] }),
    'second=*&reportIfEmpty=true',
  );
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString()));
  await opened(socket);
  await until(() => messages.length >= 2);
  socket.close();

  expect(messages.flatMap(eventIDsOf)).toEqual([]);
});

test.each([
  ['a query nobody made', 'nobody', 'stream=true', 404],
  ['neither stream nor schedule', undefined, '', 400],
  ['stream and schedule', undefined, 'stream=true&second=0', 400],
])('%s is refused before the socket opens', async (_what, given, search, status) => {
  const socket = socketTo(given ?? (await aQuery(app)), search);
  const refused = new Promise((resolve) => {
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
    });
  });

  socket.on('error', () => undefined);

  expect(await refused).toBe(status);
  socket.terminate();
});

test('the end of the service closes a socket with 1001', async () => {
  const socket = socketTo(await aQuery(app), 'stream=true');
  await opened(socket);
  const end = closed(socket);
  await app.stop();

  expect(await end).toEqual([1001, 'The service is stopping']);
  app = await startApp({ keep: true });
});
