import type { Change } from './documents.js';
import { CustodyError } from './errors.js';
import { now } from './service.js';

/** What a webhook sends: a message of the feed, or of `testWebhook`. */
export interface WebhookMessage {
  /** `change.event`, `change.location`, …, or `webhook.test`. */
  readonly type: string;
  readonly timestamp: string;
  /** The message; of the fields of kinds it has only its own. */
  readonly data: Partial<Change>;
}

type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const TOLERANCE_S = 300;
const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/**
 * The message of a webhook, if one of your secrets signed it within five minutes. While a secret is rotated, give both.
 *
 * @param headers as `fetch` or Node.js have them
 * @param body as it came, before it was parsed
 * @throws CustodyError `NOT_GENUINE`
 * @see Standard Webhooks, "Verifying webhook authenticity"
 */
export async function verifyWebhook(
  headers: WebhookHeaders,
  body: string | Uint8Array,
  secrets: string | readonly string[],
): Promise<WebhookMessage> {
  const [id, at, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    headerOf(headers, `webhook-${name}`),
  ) as [string, string, string];
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (!(Math.abs(now() / 1000 - Number(at)) <= TOLERANCE_S))
    throw notGenuine('it was signed at another time than within five minutes');
  const signed = new TextEncoder().encode(`${id}.${at}.${text}`);
  const given = signatures.split(' ').filter((one) => one.startsWith('v1,'));
  // Web Crypto knows no empty key.
  const keys = [secrets].flat().map((secret) => bytesOf(secret.replace(/^whsec_/, '')));
  for (const bytes of keys.filter(({ length }) => length > 0)) {
    const key = await crypto.subtle.importKey('raw', bytes, HMAC, false, ['verify']);
    for (const one of given)
      // It compares in constant time.
      if (await crypto.subtle.verify('HMAC', key, bytesOf(one.slice(3)), signed))
        return JSON.parse(text) as WebhookMessage;
  }
  throw notGenuine('no signature is of these secrets');
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return typeof value === 'string' ? value : '';
}

/** Nothing, for what is not base64: that is no signature. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function notGenuine(why: string): CustodyError {
  return new CustodyError('NOT_GENUINE', `This is no message of your webhook: ${why}.`);
}
