import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Secrets } from './webhook.js';

const PREFIX = 'whsec_';

/** A new key of 256 random bits, in the form that Standard Webhooks knows. */
export function makeSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/** The id of a message of a webhook: the same whenever the same message is sent again. */
export function messageIdOf(webhook: string, cursor: string): string {
  return `msg_${createHash('sha256').update(`${webhook}\n${cursor}`).digest('base64url').slice(0, 32)}`;
}

/**
 * The headers of a message, signed with each key that is good.
 *
 * @param now epoch ms
 * @see Standard Webhooks, "Signature scheme"
 */
export function signedHeaders(
  { messageId, body }: { readonly messageId: string; readonly body: string },
  { secret, oldSecret, oldSecretUntil }: Secrets,
  now: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const old = oldSecret !== null && (oldSecretUntil ?? 0) > now ? [oldSecret] : [];
  const signatures = [secret, ...old].map((one) => {
    const key = Buffer.from(one.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
