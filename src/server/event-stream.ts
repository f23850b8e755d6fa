import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { accessEnded } from '../access/refusals.js';
import { Slots } from '../access/view.js';
import { Problem } from '../shared/problem.js';
import { outcomeOf } from './auditing.js';
import { STREAM_PATH } from './graphql.js';
import { admission, presentResult, run } from './operations.js';
import type { Admit, OperationDeps, Payload } from './operations.js';

/** What GraphQL as server-sent events needs. */
export interface EventStreamDeps extends OperationDeps {
  /** Most open streams; default 1,000. */
  readonly maxStreams?: number;
}

/** Serves operations as server-sent events. */
export interface EventStreams {
  /**
   * Answers one operation: `next` for each result, then `complete`. Null when the request does not ask for an event stream before all else:
   * clients that only also accept one want JSON.
   *
   * @throws Problem BAD_USER_INPUT for a body that is no operation, SERVICE_UNAVAILABLE when too many streams are open
   * @see GraphQL over Server-Sent Events (graphql-sse), distinct connections mode
   */
  readonly serve: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> | null;
  /** Ends every stream, without `complete`: clients then come back. */
  readonly dispose: () => void;
}

const MAX_STREAMS = 1000;
/** How often a comment is sent, so that proxies keep the connection; and how long a client may take nothing. */
const KEEP_ALIVE_MS = 12_000;
const COMMENT = ':\n\n';
const END_WAIT_MS = 2000;

/** Makes the streams of one server. We do not use graphql-sse for it, because it buffers without a bound for a client that does not read. */
export function eventStreams(deps: EventStreamDeps): EventStreams {
  const admit = admission(deps);
  const open = new Set<EventStream>();
  let answering = 0;
  let stopping = false;
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (stopping || answering >= (deps.maxStreams ?? MAX_STREAMS)) throw unavailable();
    const payload = payloadOf(request.body);
    const over = new AbortController();
    answering++;
    reply.raw.once('close', () => {
      answering--;
      over.abort();
    });
    const results = await resultsOf(deps, admit, {
      ...{ payload, over },
      ...{ requestId: request.id, principal: request.principal },
      attempt: request.attempt,
    });
    const stream = new EventStream(results, deps);
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    request.endAccess = (why) => {
      stream.fail(accessEnded(why));
      // A client that does not read would keep the connection.
      setTimeout(() => request.raw.socket.destroy(), END_WAIT_MS).unref();
    };
    // Proxies that collect an answer before they pass it on are told not to.
    const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    return reply.headers(headers).type('text/event-stream; charset=utf-8').send(stream);
  };
  return {
    serve: (request, reply) => (wantsEvents(request) ? answer(request, reply) : null),
    dispose: () => {
      stopping = true;
      for (const stream of open) stream.end();
    },
  };
}

function wantsEvents({ method, url, headers: { accept = '' } }: FastifyRequest): boolean {
  if (url.split('?', 1)[0] === STREAM_PATH) return true;
  return method === 'POST' && /^\s*text\/event-stream\s*(?:[;,]|$)/i.test(accept);
}

function unavailable(): Problem {
  return new Problem('SERVICE_UNAVAILABLE', 'Too many event streams are open.', {
    retryAfterSeconds: 30,
  });
}

function payloadOf(body: unknown): Payload {
  const { query, operationName, variables } = isObject(body) ? body : {};
  const isOperation =
    typeof query === 'string' &&
    (operationName == null || typeof operationName === 'string') &&
    (variables == null || isObject(variables));
  if (!isOperation)
    throw new Problem(
      'BAD_USER_INPUT',
      'The body must be an object with "query" (a text), and perhaps "operationName" (a text) and "variables" (an object).',
    );
  return { query, operationName, variables };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Results = AsyncIterator<ExecutionResult>;

async function resultsOf(
  { shared }: EventStreamDeps,
  admit: Admit,
  asked: Omit<Parameters<Admit>[0], 'slots'>,
): Promise<Results> {
  const admitted = await admit({ ...asked, slots: new Slots() });
  const result = 'schema' in admitted ? await run(admitted, shared) : { errors: admitted };
  if (Symbol.asyncIterator in result) return result;
  asked.attempt.outcome = outcomeOf(result.errors);
  return only(result);
}

// eslint-disable-next-line @typescript-eslint/require-await -- there is nothing to wait for
async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield result;
}

/**
 * Results as text. The next result is asked for only when the client has taken the last one, so what a slow client has not read waits in
 * the subscription, which has a bound.
 */
class EventStream extends Readable {
  readonly #results: Results;
  readonly #deps: EventStreamDeps;
  readonly #timer: NodeJS.Timeout;
  #asking = false;
  #ended = false;
  /** How often in a row it was time for a comment while the client had not taken the last text. */
  #untaken = 0;

  constructor(results: Results, deps: EventStreamDeps) {
    super({ highWaterMark: 1 });
    this.#results = results;
    this.#deps = deps;
    // Some browsers see the head of the answer only with the first bytes of the body.
    this.push(COMMENT);
    this.#timer = setInterval(() => {
      this.#keepAlive();
    }, KEEP_ALIVE_MS).unref();
  }

  /** Ends it without `complete`. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.push(null);
    void this.#results.return?.();
  }

  /** Ends it with an error. */
  fail(originalError: Error): void {
    if (this.#ended) return;
    this.#tell({ errors: [new GraphQLError(originalError.message, { originalError })] });
    this.#complete();
  }

  override _read(): void {
    this.#untaken = 0;
    if (!this.#asking && !this.#ended) void this.#next();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ended = true;
    clearInterval(this.#timer);
    void this.#results.return?.();
    done(error);
  }

  async #next(): Promise<void> {
    this.#asking = true;
    try {
      const result = await this.#results.next();
      this.#asking = false;
      if (this.#ended) return;
      if (result.done === true) this.#complete();
      else this.#tell(result.value);
    } catch (error) {
      this.#asking = false;
      if (this.#ended) return;
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #tell(result: ExecutionResult): void {
    this.push(`event: next\ndata: ${JSON.stringify(presentResult(result, this.#deps))}\n\n`);
  }

  #complete(): void {
    this.push('event: complete\ndata:\n\n');
    this.end();
  }

  /** Like the pings of a WebSocket: who takes nothing from one to the next is gone. */
  #keepAlive(): void {
    if (this.#asking && !this.#ended) this.push(COMMENT);
    else if (++this.#untaken > 1) this.destroy();
  }
}
