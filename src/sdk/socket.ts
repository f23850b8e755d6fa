import { CustodyError, errorOf } from './errors.js';
import type { GraphqlError } from './errors.js';

/** What the kit uses of a WebSocket. */
export interface SocketLike {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(): void;
}

/** A class like `WebSocket`. */
export type SocketConstructor = new (url: string, protocol: string) => SocketLike;

/** One subscription. */
export interface Subscribing {
  readonly url: URL;
  readonly webSocket: SocketConstructor | undefined;
  readonly authorization: string | undefined;
  readonly query: string;
  readonly variables: unknown;
}

const LIMITS = {
  /** How often it is looked whether the other side still answers, ms; three times without a word, and it does not. */
  lookMs: 15_000,
  /** Most messages that wait to be taken. What is too much is read again later. */
  waiting: 10_000,
};

interface Message {
  readonly type: string;
  readonly payload?: unknown;
}

/**
 * One subscription over a socket of its own, by graphql-transport-ws. graphql-ws would do it too; a page could not load it without a
 * bundler, and the renewal by Ping is done by hand with it as well.
 *
 * @see GraphQL over WebSocket Protocol (graphql-transport-ws), in the repository of graphql-ws
 */
export class Subscription<Data> implements AsyncIterable<Data> {
  readonly #socket: SocketLike;
  readonly #waiting: Data[] = [];
  readonly #look: ReturnType<typeof setInterval>;
  #quiet = 0;
  #failure: CustodyError | undefined;
  #wake = (): void => undefined;

  constructor(
    { url, webSocket = platformSocket(), authorization, ...payload }: Subscribing,
    private readonly limits = LIMITS,
  ) {
    const address = new URL(url);
    address.protocol = url.protocol.replace('http', 'ws');
    const socket = new webSocket(address.href, 'graphql-transport-ws');
    this.#socket = socket;
    socket.onopen = () => {
      this.#send({ type: 'connection_init', payload: { authorization } });
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      this.#quiet = 0;
      const message = JSON.parse(String(data)) as Message;
      if (message.type === 'connection_ack') this.#send({ id: '1', type: 'subscribe', payload });
      else this.#take(message);
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      this.#fail(closedWith(code, reason));
    };
    // What was wrong, the close tells.
    socket.onerror = () => undefined;
    this.#look = setInterval(() => {
      if (++this.#quiet > 3) this.#fail(lost('nothing was heard of it for a while'));
      else if (this.#quiet > 1) this.#send({ type: 'ping' });
    }, limits.lookMs);
  }

  /** Says who asks from now on. */
  renew(authorization: string): void {
    this.#send({ type: 'ping', payload: { authorization } });
  }

  /** Ends it; what waits may still be taken. */
  close(): void {
    this.#fail(lost('it was closed'));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Data, never> {
    for (;;) {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        yield next;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take({ type, payload }: Message): void {
    if (type === 'ping') this.#send({ type: 'pong' });
    else if (type === 'complete') this.#fail(lost('the service ended it'));
    else if (type === 'error') this.#fail(firstOf(payload as GraphqlError[]));
    else if (type === 'next') {
      const { data, errors } = payload as { data: Data; errors?: GraphqlError[] };
      if (errors !== undefined) this.#fail(firstOf(errors));
      else this.#push(data);
    }
  }

  #push(data: Data): void {
    if (this.#failure !== undefined) return;
    this.#waiting.push(data);
    if (this.#waiting.length > this.limits.waiting) this.#fail(lost('too much waited to be taken'));
    this.#wake();
  }

  #fail(error: CustodyError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    clearInterval(this.#look);
    this.#socket.close();
    this.#wake();
  }

  #send(message: object): void {
    // A socket that closes takes nothing more, and some say so with an exception.
    try {
      this.#socket.send(JSON.stringify(message));
    } catch (cause) {
      this.#fail(lost('nothing can be sent', cause));
    }
  }
}

function platformSocket(): SocketConstructor {
  const { WebSocket: own } = globalThis as { WebSocket?: SocketConstructor };
  if (own !== undefined) return own;
  throw new TypeError('There is no WebSocket here: give connect() a `webSocket`, that of "ws".');
}

function firstOf([error]: readonly GraphqlError[]): CustodyError {
  return errorOf(error ?? { message: 'The service failed.' });
}

function closedWith(code: number, reason: string): CustodyError {
  const refusal = { 4401: 'UNAUTHENTICATED', 4403: 'ACCESS_ENDED', 4429: 'RATE_LIMITED' }[code];
  if (refusal !== undefined) return errorOf({ message: reason, extensions: { code: refusal } });
  return lost(reason === '' ? `closed with ${code}` : reason);
}

function lost(why: string, cause?: unknown): CustodyError {
  return new CustodyError('CONNECTION_LOST', `The connection is lost: ${why}.`, {}, { cause });
}
