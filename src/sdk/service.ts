import type { TypedDocument } from './documents.js';
import { CustodyError, errorOf } from './errors.js';
import type { GraphqlError } from './errors.js';
import type { SocketConstructor } from './socket.js';

/** How to reach the service. */
export interface ConnectOptions {
  /** Its address, such as `https://custody.example`. */
  readonly url: string;
  /**
   * A key or a token. A function is asked for each request and each connection, and before a token ends: keep the token in it as long as
   * it is good.
   */
  readonly authorization?: string | (() => string | Promise<string>) | undefined;
  /** A class like `WebSocket`, where the platform has none: in Node.js 20, that of the package `ws`. */
  readonly webSocket?: SocketConstructor | undefined;
  /** First wait before something is tried again, ms; each next one is twice as long, up to 30 s. Default 1,000. */
  readonly retryMs?: number | undefined;
}

/** Longest time until an answer, ms. */
const ANSWER_MS = 120_000;
const LONGEST_WAIT_MS = 30_000;

/** What answers over HTTP, asked as one caller. */
export class Service {
  constructor(readonly options: ConnectOptions) {}

  /** The address of something of the service, which may be below a path. */
  at(path: string): URL {
    const { url } = this.options;
    return new URL(path, url.endsWith('/') ? url : `${url}/`);
  }

  /**
   * What says who asks, as it is now; undefined for an open service.
   *
   * @throws CustodyError `CONNECTION_LOST` when the function that gives it fails: who issues tokens may be back soon
   */
  async authorization(): Promise<string | undefined> {
    const { authorization: given } = this.options;
    const own = typeof given === 'function' ? await asked(given) : given;
    return own === undefined || own.includes(' ') ? own : `Bearer ${own}`;
  }

  /**
   * Asks one question.
   *
   * @throws CustodyError for the first error of the answer
   */
  async ask<Answer, Variables>(
    document: TypedDocument<Answer, Variables>,
    variables: Variables,
    { authorization, signal }: Asking = {},
  ): Promise<Answer> {
    const body = JSON.stringify({ query: document.toString(), variables });
    const headers = { 'content-type': 'application/json' };
    const { data, errors } = await this.post('graphql', { body, headers, authorization, signal });
    const [error] = (errors ?? []) as GraphqlError[];
    if (error !== undefined) throw errorOf(error);
    return data as Answer;
  }

  /**
   * Posts a body, and reads the answer.
   *
   * @throws CustodyError for what the answer refuses, and `CONNECTION_LOST` when none came
   */
  async post(
    path: string,
    { body, headers, authorization, signal }: Posting,
  ): Promise<Record<string, unknown>> {
    const who = authorization ?? (await this.authorization());
    const limits = [AbortSignal.timeout(ANSWER_MS), ...(signal === undefined ? [] : [signal])];
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.at(path), {
        method: 'POST',
        ...{ body, signal: AbortSignal.any(limits) },
        headers: { ...headers, ...(who === undefined ? {} : { authorization: who }) },
      });
      text = await response.text();
    } catch (cause) {
      throw new CustodyError('CONNECTION_LOST', 'The service did not answer.', {}, { cause });
    }
    const read = objectIn(text);
    if (response.ok && read !== undefined) return read;
    throw refusalIn(response, read);
  }

  /** How long to wait after so many failures in a row, ms: not all clients come back at once, and none before it was told to. */
  waitMs(failures: number, { details }: CustodyError): number {
    const { retryMs = 1000 } = this.options;
    const own = Math.min(LONGEST_WAIT_MS, retryMs * 2 ** failures) * (0.5 + Math.random() / 2);
    return Math.max(own, 1000 * (Number(details['retryAfterSeconds']) || 0));
  }
}

async function asked(give: () => string | Promise<string>): Promise<string> {
  try {
    return await give();
  } catch (cause) {
    const message = `\`authorization\` gave nothing: ${String(cause)}.`;
    throw new CustodyError('CONNECTION_LOST', message, {}, { cause });
  }
}

/** As whom, and for how long. */
interface Asking {
  readonly authorization?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Posting extends Asking {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

function refusalIn(
  { status, headers }: Response,
  read: Record<string, unknown> = {},
): CustodyError {
  const [error = { extensions: read }] = (read['errors'] ?? []) as Partial<GraphqlError>[];
  const { message = read['detail'] ?? `The answer has the status ${status}.`, extensions } = error;
  const retryAfterSeconds = Number(headers.get('retry-after') ?? 0);
  const told = { code: codeOf(status), retryAfterSeconds, ...extensions };
  return errorOf({ message: message as string, extensions: told });
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Of an answer that has no code, because a proxy gave it. */
function codeOf(status: number): string {
  if (status === 429) return 'RATE_LIMITED';
  return [408, 502, 503, 504].includes(status) ? 'SERVICE_UNAVAILABLE' : `HTTP_${status}`;
}

/** Epoch ms. */
export function now(): number {
  // eslint-disable-next-line no-restricted-properties -- the kit runs where no clock is handed to it
  return Date.now();
}

/** Waits, but not after it was told to stop. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
  });
}
