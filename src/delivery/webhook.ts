import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ForbiddenDestination } from './destination.js';
import type { DestinationGuard } from './destination.js';

/** One POST to a receiver. */
export interface WebhookPost {
  /** The URL as the subscriber gave it. */
  readonly dest: string;
  readonly body: string;
  readonly token: string | null;
  /** It stays the same when the same events are sent again. */
  readonly deliveryId: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The outcome of a POST. */
export type PostOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'too-large' }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly askedMs?: number;
      /** HTTP 410: it does not want any more. */
      readonly isGone?: true;
      /** Nothing was sent, because the name leads nowhere, or where webhooks must not go. Who does not run this service must not learn which. */
      readonly isNowhere?: true;
    };

/** Posts documents to receivers. */
export interface WebhookClient {
  post(post: WebhookPost, signal?: AbortSignal): Promise<PostOutcome>;
  close(): void;
}

/** Options of a client. */
export interface WebhookClientOptions {
  readonly guard: DestinationGuard;
  /** Time from the connection to the end of the answer's headers. */
  readonly timeoutMs: number;
}

const MAX_RETRY_AFTER_SECONDS = 3600;

/**
 * The signature of a body for the header GS1-Signature: `sha256=` and the hex HMAC-SHA256 of its
 * bytes with the subscriber's token. The body has a `creationDate`, so that an old body cannot be
 * replayed as a new one.
 */
function signatureOf(body: string, token: string): string {
  return `sha256=${createHmac('sha256', token).update(body).digest('hex')}`;
}

/** Makes a client that follows no redirects, uses no proxy, and reads only the answer's headers. */
export function makeWebhookClient({ guard, timeoutMs }: WebhookClientOptions): WebhookClient {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxFreeSockets: 16 }),
    'https:': new HttpsAgent({ keepAlive: true, maxFreeSockets: 16 }),
  };
  return {
    post: async (post, signal) => {
      try {
        const url = guard.checkUrl(post.dest);
        const endsAt = performance.now() + timeoutMs;
        const isPlain = url.protocol === 'http:';
        const attempt = (agent: RequestOptions['agent']): Promise<PostOutcome> => {
          const bounds = { leftMs: endsAt - performance.now(), signal };
          const request = isPlain ? httpRequest : httpsRequest;
          return send(bounds, url, post, { request, options: { agent, lookup: guard.lookup } });
        };
        try {
          return await attempt(agents[isPlain ? 'http:' : 'https:']);
        } catch (error) {
          if (!(error instanceof ClosedMeanwhile)) throw error;
          return await attempt(false);
        }
      } catch (error) {
        const nowhere = leadsNowhere(error) ? { isNowhere: true as const } : {};
        return { kind: 'failed', error: reasonOf(error, timeoutMs), ...nowhere };
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** The receiver just closed a kept-alive connection, which says nothing about the receiver. */
class ClosedMeanwhile extends Error {}
class NoAnswer extends Error {}

interface Bounds {
  readonly leftMs: number;
  readonly signal: AbortSignal | undefined;
}

function send(
  { leftMs, signal }: Bounds,
  url: URL,
  { body, token, deliveryId, contentType, headers }: WebhookPost,
  { request, options }: { readonly request: typeof httpsRequest; readonly options: RequestOptions },
): Promise<PostOutcome> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        ...options,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': contentType,
          'content-length': Buffer.byteLength(body),
          'user-agent': 'custody-graph',
          'idempotency-key': `"${deliveryId}"`,
          ...(token === null ? {} : { 'gs1-signature': signatureOf(body, token) }),
        },
      },
      (answer) => {
        answer.on('error', () => undefined);
        resolve(outcomeOf(answer));
        discard(answer);
      },
    );
    outgoing.on('error', (error: NetworkError) => {
      const isStale = outgoing.reusedSocket && STALE.includes(error.code ?? '');
      reject(isStale ? new ClosedMeanwhile() : (error as Error));
    });
    giveUp(outgoing, { leftMs, signal });
    outgoing.end(body);
  });
}

const STALE = ['ECONNRESET', 'EPIPE'];

/** Uses its own timer: optimised code may collect AbortSignal.timeout before it fires (Node 20). */
function giveUp(outgoing: ClientRequest, { leftMs, signal }: Bounds): void {
  const cut = (): void => {
    outgoing.destroy(new NoAnswer());
  };
  const late = setTimeout(cut, leftMs);
  if (signal?.aborted === true) cut();
  signal?.addEventListener('abort', cut, { once: true });
  outgoing.on('close', () => {
    clearTimeout(late);
    signal?.removeEventListener('abort', cut);
  });
}

/** Reads a short answer, so that the connection can be reused; cuts a long one off. */
function discard(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > 65_536) answer.destroy();
  });
}

function outcomeOf(answer: IncomingMessage): PostOutcome {
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 413) return { kind: 'too-large' };
  const seconds = Number(answer.headers['retry-after']);
  const error =
    status >= 300 && status < 400
      ? `The receiver answered HTTP ${status}; redirects are not followed`
      : `The receiver answered HTTP ${status}`;
  return seconds > 0
    ? { kind: 'failed', error, askedMs: Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1000 }
    : { kind: 'failed', error, ...(status === 410 ? { isGone: true as const } : {}) };
}

/** Network errors are told by name and code. */
interface NetworkError {
  readonly name?: string;
  readonly code?: string;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof ForbiddenDestination) return `Not sent: ${error.message}`;
  if (error instanceof NoAnswer) return `No answer within ${timeoutMs} ms`;
  const { name, code } = error as NetworkError;
  return `The receiver could not be reached (${code ?? name ?? 'unknown'})`;
}

/** Codes of a name that cannot be resolved. */
const UNRESOLVED = ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'ESERVFAIL'];

function leadsNowhere(error: unknown): boolean {
  return (
    error instanceof ForbiddenDestination || UNRESOLVED.includes((error as NetworkError).code ?? '')
  );
}
