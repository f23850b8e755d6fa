import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DestinationGuard } from '../../../src/delivery/destination.js';
import type { Resolver } from '../../../src/delivery/destination.js';
import { makeWebhookClient } from '../../../src/delivery/webhook.js';
import type { PostOutcome, WebhookPost } from '../../../src/delivery/webhook.js';
import { startReceiver } from '../../support/webhook-receiver.js';
import type { WebhookReceiverForTests } from '../../support/webhook-receiver.js';

let receiver: WebhookReceiverForTests;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

const inside: Resolver = (_host, done) => {
  done(null, [{ address: '127.0.0.1', family: 4 }]);
};

const aPost = (dest: string): WebhookPost => ({
  dest,
  body: '{"a":1}',
  token: 'hush',
  deliveryId: 'd1',
  contentType: 'application/json',
});

async function post(guard: DestinationGuard, dest: string, timeoutMs = 5000): Promise<PostOutcome> {
  const client = makeWebhookClient({ guard, timeoutMs });
  try {
    return await client.post(aPost(dest));
  } finally {
    client.close();
  }
}

test('a name that led outside when it was checked, and inside when it is sent to, is not connected to', async () => {
  let asked = 0;
  const rebinding: Resolver = (_host, done) => {
    asked++;
    const address = asked === 1 ? '8.8.8.8' : '127.0.0.1';
    done(null, [{ address, family: 4 }]);
  };
  const guard = new DestinationGuard(['10.0.0.1'], rebinding);
  const dest = receiver.url.replace('http://127.0.0.1', 'https://rebind.example');
  await guard.admit(dest);

  const outcome = await post(guard, dest);

  expect(outcome).toMatchObject({
    kind: 'failed',
    error: expect.stringContaining('127.0.0.1') as string,
  });
  expect(receiver.received).toEqual([]);
});

test.each(['http://127.0.0.1:1/', 'https://[::1]:1/', 'http://rebind.example:1/'])(
  '%s, stored before the operator closed it, is not connected to',
  async (dest) => {
    expect(await post(new DestinationGuard([], inside), dest)).toMatchObject({
      kind: 'failed',
      error: expect.stringMatching(/^Not sent/) as string,
    });
  },
);

test('a host the operator allows is sent to by its name', async () => {
  const guard = new DestinationGuard(['erp.internal'], inside);

  const outcome = await post(guard, receiver.url.replace('127.0.0.1', 'erp.internal'));

  expect(outcome).toEqual({ kind: 'taken' });
  expect(receiver.received[0]?.headers.host).toMatch(/^erp\.internal:\d+$/);
});

test.each([
  [200, { kind: 'taken' }],
  [204, { kind: 'taken' }],
  [302, { kind: 'failed', error: 'The receiver answered HTTP 302; redirects are not followed' }],
  [410, { kind: 'failed', error: 'The receiver answered HTTP 410', isGone: true }],
  [413, { kind: 'too-large' }],
])('the answer %i is %j', async (status, outcome) => {
  receiver.answer = () => status;

  expect(await post(new DestinationGuard(true), receiver.url)).toEqual(outcome);
});

test('a receiver that does not answer is given up, and the token is in no reason', async () => {
  receiver.answer = () => new Promise<number>(() => undefined);

  expect(await post(new DestinationGuard(true), receiver.url, 150)).toEqual({
    kind: 'failed',
    error: 'No answer within 150 ms',
  });
});

test('a receiver that does not answer is given up too when the code is hot and memory is collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const cut = new AbortController().signal;
  setMaxListeners(50, cut);
  const client = makeWebhookClient({ guard: new DestinationGuard(true), timeoutMs: 10_000 });
  const many = Array.from({ length: 50 });
  for (let i = 0; i < 20; i++)
    await Promise.all(many.map(() => client.post(aPost(receiver.url), cut)));
  client.close();
  receiver.answer = () => new Promise<number>(() => undefined);
  const collecting = setInterval(collect, 20);

  const impatient = makeWebhookClient({ guard: new DestinationGuard(true), timeoutMs: 500 });
  const outcome = await impatient.post(aPost(receiver.url), cut);

  clearInterval(collecting);
  impatient.close();
  expect(outcome).toMatchObject({ error: 'No answer within 500 ms' });
});

test('a connection that the receiver closed after the last document fails no delivery', async () => {
  const served = new WeakSet<Socket>();
  let connections = 0;
  const closing = createServer(({ socket }, response) => {
    if (served.has(socket)) socket.destroy();
    else response.end();
    served.add(socket);
  }).on('connection', () => connections++);
  await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
  const { port } = closing.address() as AddressInfo;
  const client = makeWebhookClient({ guard: new DestinationGuard(true), timeoutMs: 5000 });

  const first = await client.post(aPost(`http://127.0.0.1:${port}/`));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const second = await client.post(aPost(`http://127.0.0.1:${port}/`));

  client.close();
  await new Promise((resolve) => closing.close(resolve));
  expect([first, second]).toEqual([{ kind: 'taken' }, { kind: 'taken' }]);
  expect(connections).toBe(2);
});

test('a connection that is closed at once is a failure, and is not tried again at once', async () => {
  let connections = 0;
  const closing = createServer(({ socket }) => {
    socket.destroy();
  }).on('connection', () => connections++);
  await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
  const { port } = closing.address() as AddressInfo;

  const outcome = await post(new DestinationGuard(true), `http://127.0.0.1:${port}/`);

  await new Promise((resolve) => closing.close(resolve));
  expect(outcome).toEqual({
    kind: 'failed',
    error: 'The receiver could not be reached (ECONNRESET)',
  });
  expect(connections).toBe(1);
});

test('a receiver that is not there is a failure with its reason', async () => {
  const { url } = receiver;
  await receiver.stop();
  receiver = await startReceiver();

  expect(await post(new DestinationGuard(true), url)).toEqual({
    kind: 'failed',
    error: 'The receiver could not be reached (ECONNREFUSED)',
  });
});
