import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from '../../../src/sdk/client.js';
import { systemClock } from '../../../src/shared/clock.js';
import { makeSecret, signedHeaders } from '../../../src/webhook/signature.js';

type IsGenuine = (secret: string, headers: Record<string, string>, body: string) => boolean;

const FOLDER = resolve('.data/test', String(process.pid), 'receiver');
let isGenuine: IsGenuine;
beforeAll(async () => {
  const [, program = ''] =
    /^```js\n([^`]*function isGenuine[^]*?)^```/m.exec(readFileSync('docs/clients.md', 'utf8')) ??
    [];
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'receiver.mjs'), program);
  const module = (await import(pathToFileURL(join(FOLDER, 'receiver.mjs')).href)) as object;
  ({ isGenuine } = module as { isGenuine: IsGenuine });
});
afterAll(() => rm(FOLDER, { recursive: true }));

const [SECRET, OLD, OTHER] = [makeSecret(), makeSecret(), makeSecret()];
const BODY = '{"type":"webhook.test","timestamp":"2026-11-30T19:12:08.722Z","data":{"ü":1}}';

/** The headers of the service, at a time from now. */
function signed(s = 0, body = BODY): Record<string, string> {
  const at = systemClock.now() + 1000 * s;
  const secrets = { secret: SECRET, oldSecret: OLD, oldSecretUntil: at + 1000 };
  return { ...signedHeaders({ messageId: 'msg_1', body }, secrets, at) };
}

const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(signed()).filter(([key]) => key !== name));

interface Case {
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly secret?: string;
}

async function verdicts({ headers, body = BODY, secret = SECRET }: Case): Promise<unknown[]> {
  const read = await verifyWebhook(headers, body, secret).catch((error: unknown) => error);
  return [read, isGenuine(secret, headers, body)];
}

describe('verifyWebhook, and isGenuine of docs/clients.md', () => {
  it.each<[string, () => Case]>([
    ['what the service signs', () => ({ headers: signed() })],
    ['the secret before, while both sign', () => ({ headers: signed(), secret: OLD })],
    ['what is a little old', () => ({ headers: signed(-290) })],
    ['what is a little ahead', () => ({ headers: signed(290) })],
    [
      'what Standard Webhooks signs',
      () => {
        const at = new Date(systemClock.now());
        const signature = new Webhook(SECRET).sign('msg_2', at, BODY);
        const timestamp = String(Math.floor(at.getTime() / 1000));
        return {
          headers: {
            ...{ 'webhook-id': 'msg_2', 'webhook-timestamp': timestamp },
            'webhook-signature': `v0,AAAA v1a,AAAA ${signature}`,
          },
        };
      },
    ],
  ])('take %s', async (_, make) => {
    expect(await verdicts(make())).toEqual([JSON.parse(BODY), true]);
  });

  it.each<[string, () => Case]>([
    ['another secret', () => ({ headers: signed(), secret: OTHER })],
    ['a body that was changed', () => ({ headers: signed(), body: BODY.replace('1', '2') })],
    ['an id that was changed', () => ({ headers: { ...signed(), 'webhook-id': 'msg_2' } })],
    ['what is too old', () => ({ headers: signed(-310) })],
    ['what is too far ahead', () => ({ headers: signed(310) })],
    ['no time', () => ({ headers: without('webhook-timestamp') })],
    ['no signature', () => ({ headers: without('webhook-signature') })],
    [
      'a signature that is cut',
      () => ({ headers: { ...signed(), 'webhook-signature': 'v1,AAA=' } }),
    ],
    [
      'a signature that is no base64',
      () => ({ headers: { ...signed(), 'webhook-signature': 'v1,!' } }),
    ],
  ])('refuse %s', async (_, make) => {
    expect(await verdicts(make())).toEqual([
      expect.objectContaining({ name: 'CustodyError', code: 'NOT_GENUINE' }),
      false,
    ]);
  });

  it('take either of two secrets, headers of fetch, and bytes', async () => {
    const bytes = new TextEncoder().encode(BODY);

    expect(await verifyWebhook(new Headers(signed()), bytes, [OTHER, OLD])).toEqual(
      JSON.parse(BODY),
    );
  });
});
