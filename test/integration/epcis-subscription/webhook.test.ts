import { DestinationGuard } from '../../../src/epcis-subscription/destination.js';
import type { Resolver } from '../../../src/epcis-subscription/destination.js';
import { makeWebhookClient } from '../../../src/epcis-subscription/webhook.js';
import type { PostOutcome } from '../../../src/epcis-subscription/webhook.js';
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

async function post(guard: DestinationGuard, dest: string, timeoutMs = 5000): Promise<PostOutcome> {
  const client = makeWebhookClient({ guard, timeoutMs });
  try {
    return await client.post({
      dest,
      body: '{"a":1}',
      token: 'hush',
      deliveryId: 'd1',
      contentType: 'application/json',
    });
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
  [410, { kind: 'failed', error: 'The receiver answered HTTP 410' }],
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

test('a receiver that is not there is a failure with its reason', async () => {
  const { url } = receiver;
  await receiver.stop();
  receiver = await startReceiver();

  expect(await post(new DestinationGuard(true), url)).toEqual({
    kind: 'failed',
    error: 'The receiver could not be reached (ECONNREFUSED)',
  });
});
