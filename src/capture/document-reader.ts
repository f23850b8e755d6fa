import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CaptureLimits } from '../epcis/capture-limits.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { EpcisEvent } from '../epcis/event.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import { append } from '../shared/append.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import type { GivenDocument, ReadDocument } from './read-document.js';
import { readDocument } from './read-document.js';
import type { ReadingEnd, ReadingJob, ReadingPart } from './reading-protocol.js';

/** Longer documents are read in a thread of their own. This much is read here within milliseconds. */
const SMALL_BYTES = 64 * 1024;
/** A document of this size need not wait for its turn. */
const TINY_BYTES = 8 * 1024;
/** Bytes of documents that may wait for a thread. Over this limit, captures are refused. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;
const MAX_THREADS = Math.min(2, availableParallelism());
/** Memory that reading one document may take. */
const THREAD_HEAP_MB = 2048;
/** A thread without work ends after this time, which frees its memory. */
const IDLE_MS = 30_000;

/** A document read from a GraphQL request. It replaces the value of its variable. */
export class DocumentRead {
  constructor(readonly read: ReadDocument) {}
}

type Answer = Omit<ReadingEnd, 'rest'> & { readonly read: ReadDocument | undefined };

interface Waiting {
  readonly job: ReadingJob;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads documents, the long ones in up to two threads, so that the service answers others meanwhile. When a thread dies, the sender
 * of its document gets an error. When the sender goes away, the thread is ended.
 */
export class DocumentReader {
  private readonly waiting: Waiting[] = [];
  private readonly running = new Map<Waiting, Worker>();
  private readonly idle: Worker[] = [];
  private waitingBytes = 0;
  private closed = false;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly limits: CaptureLimits,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /**
   * @throws Problem `SERVICE_UNAVAILABLE` when too much waits, the process is stopping, or the thread died
   */
  async read(given: GivenDocument, signal?: AbortSignal): Promise<ReadDocument> {
    if (given.bytes.length <= SMALL_BYTES) return this.readHere(given);
    const { read } = await this.inThread(
      { kind: 'document', ...given, limits: this.limits },
      signal,
    );
    if (read === undefined) throw new Error('A document was read without an answer');
    return read;
  }

  /** Reads a document of which the JSON was parsed before. */
  readJson(document: unknown, signal?: AbortSignal): Promise<ReadDocument> {
    const bytes = Buffer.from(JSON.stringify(document));
    return this.read({ bytes, contentType: 'application/json', alone: false }, signal);
  }

  /** Reads a long GraphQL request. The document among its variables becomes a {@link DocumentRead}. */
  async readOperation(bytes: Uint8Array, signal?: AbortSignal): Promise<unknown> {
    const job = { kind: 'graphql', bytes, limits: this.limits } as const;
    const { read, operation, refused } = await this.inThread(job, signal);
    if (refused !== undefined) throw new Problem(refused.code, refused.message);
    if (read === undefined || operation === undefined)
      throw new Error('An operation was read without an answer');
    const { request, variable } = operation;
    const { variables, ...rest } = request as { readonly variables: object };
    return { ...rest, variables: { ...variables, [variable]: new DocumentRead(read) } };
  }

  /** Ends all reading. Senders that wait get an error. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.waiting.splice(0)) reject(stopping());
    for (const { reject } of this.running.keys()) reject(stopping());
    const workers = [...this.idle.splice(0), ...this.running.values()];
    this.running.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** Reads documents one after the other. Many may come at once, so other work gets its turn in between. */
  private async readHere(given: GivenDocument): Promise<ReadDocument> {
    if (given.bytes.length > TINY_BYTES) {
      const turn = this.turn.then(() => setImmediate());
      this.turn = turn;
      await turn;
    }
    return readDocument(given, this.limits);
  }

  private inThread(job: ReadingJob, signal: AbortSignal | undefined): Promise<Answer> {
    if (this.closed) return Promise.reject(stopping());
    if (signal?.aborted === true) return Promise.reject(gone());
    if (this.waitingBytes > 0 && this.waitingBytes + job.bytes.length > MAX_WAITING_BYTES)
      return Promise.reject(unavailable('Too many long documents wait to be read.', 5));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { job, resolve, reject };
      this.waitingBytes += job.bytes.length;
      this.waiting.push(waiting);
      signal?.addEventListener(
        'abort',
        () => {
          this.abandon(waiting);
        },
        { once: true },
      );
      this.start();
    });
  }

  private start(): void {
    while (this.running.size < MAX_THREADS) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.waitingBytes -= next.job.bytes.length;
      void this.run(next);
    }
  }

  private async run(waiting: Waiting): Promise<void> {
    let worker: Worker | undefined;
    try {
      worker = this.idle.pop() ?? this.spawn();
      this.running.set(waiting, worker);
      worker.ref();
      waiting.resolve(await answerOf(worker, waiting.job));
      if (this.running.delete(waiting)) this.rest(worker);
    } catch (error) {
      this.running.delete(waiting);
      if (!(error instanceof Problem)) this.logger.error({ err: error }, 'A reading thread died');
      waiting.reject(problemOf(error));
      void worker?.terminate();
    }
    this.start();
  }

  private spawn(): Worker {
    const worker = newWorker();
    // While a thread works, `answerOf` hears its errors too.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      this.forget(worker);
    });
    return worker;
  }

  /** Drops a document that nobody waits for any more. */
  private abandon(waiting: Waiting): void {
    const at = this.waiting.indexOf(waiting);
    if (at >= 0) {
      this.waiting.splice(at, 1);
      this.waitingBytes -= waiting.job.bytes.length;
      waiting.reject(gone());
    }
    const worker = this.running.get(waiting);
    if (worker === undefined) return;
    waiting.reject(gone());
    // The thread is ending, so it must not get another document.
    this.running.delete(waiting);
    void worker.terminate();
    this.start();
  }

  /** @returns whether it was idle */
  private forget(worker: Worker): boolean {
    const at = this.idle.indexOf(worker);
    if (at >= 0) this.idle.splice(at, 1);
    return at >= 0;
  }

  private rest(worker: Worker): void {
    if (this.closed) {
      void worker.terminate();
      return;
    }
    worker.unref();
    this.idle.push(worker);
    // A thread that is ending must not get a document, so it is forgotten first.
    const end = setTimeout(() => {
      if (this.forget(worker)) void worker.terminate();
    }, IDLE_MS);
    end.unref();
  }
}

/** Starts a thread: as JavaScript when built, through tsx when run from the TypeScript source. */
function newWorker(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const url = new URL(`./reading.worker.${isSource ? 'ts' : 'js'}`, import.meta.url);
  const options = { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB } };
  if (!isSource) return new Worker(url, options);
  const tsx = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/cjs$/, 'mjs');
  const [api, code] = [pathToFileURL(tsx), url].map(({ href }) => JSON.stringify(href));
  const load = `import(${api}).then(({ tsImport }) => tsImport(${code}, ${code}))`;
  return new Worker(load, { ...options, eval: true });
}

/** Gives a thread its job and takes the answer in parts, one in each turn of the event loop. */
function answerOf(worker: Worker, job: ReadingJob): Promise<Answer> {
  const events: ParsedEvent[] = [];
  const masterData: MasterDataEntry[] = [];
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off('message', take);
      worker.off('error', failed);
      worker.off('exit', ended);
    };
    const take = (part: ReadingPart): void => {
      if (part.kind === 'end') {
        done();
        const { rest, ...end } = part.end;
        resolve({ ...end, read: rest && { ...rest, events, masterData } });
        return;
      }
      if (part.kind === 'masterData') append(masterData, part.masterData);
      else
        for (const sent of part.events)
          events.push({ ...sent, event: JSON.parse(sent.meant ?? sent.text) as EpcisEvent });
      void setImmediate().then(() => {
        worker.postMessage('next');
      });
    };
    const failed = (error: Error): void => {
      done();
      reject(error);
    };
    const ended = (): void => {
      done();
      reject(unavailable('Reading the document was stopped. Send it again.', 1));
    };
    worker.on('message', take);
    worker.on('error', failed);
    worker.on('exit', ended);
    const { buffer, byteLength } = job.bytes;
    // Bytes that own their whole buffer are transferred. Others are copied.
    const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    worker.postMessage(job, isWhole ? [buffer] : []);
  });
}

/** Tells the sender why a thread gave no answer. The cause of its death is in the log. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code } = error as { readonly code?: unknown };
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new Problem(
        'PAYLOAD_TOO_LARGE',
        'Reading the document takes more memory than is allowed for one. Send it in parts.',
        { cause: error },
      )
    : new Problem('SERVICE_UNAVAILABLE', 'Reading the document failed. Send it again.', {
        cause: error,
        retryAfterSeconds: 1,
      });
}

const unavailable = (message: string, retryAfterSeconds: number): Problem =>
  new Problem('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
const stopping = (): Problem => unavailable('The service is stopping.', 5);
const gone = (): Problem => new Problem('BAD_USER_INPUT', 'The sender went away.');
