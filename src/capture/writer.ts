import type { Warnings } from '../epcis/faults.js';
import { NO_WARNINGS } from '../epcis/faults.js';
import type { Graph } from '../graph/graph.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { Metrics } from '../shared/metrics.js';
import { Problem, isProblem } from '../shared/problem.js';
import type { Verdict } from './capture.rules.js';
import type { Retention } from './close-batch.store.js';
import { MOST_EPCS, MOST_EVENTS, epcsIn } from './portions.rules.js';
import type { Submission } from './write-batch.js';
import { writeBatch } from './write-batch.js';

/** What the writer works with. */
export interface WriterDeps {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Events that may wait. Over this limit, submissions are refused. */
  readonly queueLimitEvents: number;
  readonly retention: Retention;
  /** Called after each commit. */
  readonly onCommit: () => void;
}

/** A transaction gets WRITE_TIMEOUT_MS for each 10,000 events, rounded up. */
const EVENTS_A_TIMEOUT = 10_000;
/** Longest wait for clients that were just answered. */
const GATHER_MS = 5;

/** What became of a document, and when; epoch ms. */
export interface Written extends Verdict {
  readonly finishedAt: number;
  /** Warnings of parsing and of storing. */
  readonly warnings: Warnings;
}

interface Waiting {
  readonly submission: Submission;
  readonly weight: number;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The only writer of a process. Documents wait in a queue, and one transaction writes up to 1,000 events or 5,000 EPCs of them. A
 * longer document has a transaction of its own. A document is acknowledged after its commit. The log's lock orders several processes.
 */
export class Writer {
  private readonly queue: Waiting[] = [];
  private waitingEvents = 0;
  private running: Promise<void> | undefined;
  private closed = false;
  private arrived: (() => void) | undefined;

  constructor(private readonly deps: WriterDeps) {
    deps.metrics.queueDepth(() => this.waitingEvents);
  }

  /**
   * Stores a document and resolves after the commit.
   *
   * @throws Problem `SERVICE_UNAVAILABLE` with a time to try again when the queue is full or the process is stopping
   */
  submit(submission: Submission): Promise<Written> {
    const events = submission.events.length;
    if (this.closed) return Promise.reject(unavailable('The service is stopping.', 5));
    if (this.waitingEvents > 0 && this.waitingEvents + events > this.deps.queueLimitEvents)
      return Promise.reject(
        unavailable(
          `Too many events wait to be written: the limit is ${this.deps.queueLimitEvents}. Nothing of this document was stored.`,
          1,
        ),
      );
    this.waitingEvents += events;
    return new Promise((resolve, reject) => {
      this.queue.push({
        submission,
        weight: submission.events.reduce((sum, event) => sum + epcsIn(event), 0),
        resolve,
        reject,
      });
      this.arrived?.();
      this.running ??= this.run();
    });
  }

  /** Accepts no more documents and resolves when all accepted ones are written. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    // Documents that come in the same turn of the event loop go into the first batch too.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const batch = this.next();
      await this.write(batch);
      await this.gather(batch.length);
    }
    this.running = undefined;
  }

  /**
   * A client that was just answered usually sends its next request at once, so waiting a little fills the batch.
   * A single client never waits.
   */
  private async gather(answered: number): Promise<void> {
    const expected = answered + this.queue.length;
    if (answered < 2 || this.closed || this.waitingEvents >= MOST_EVENTS) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.arrived = () => {
        if (this.queue.length < expected) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.arrived = undefined;
  }

  private next(): readonly Waiting[] {
    let [events, epcs, count] = [0, 0, 0];
    for (const { submission, weight } of this.queue) {
      events += submission.events.length;
      epcs += weight;
      if (count > 0 && (events > MOST_EVENTS || epcs > MOST_EPCS)) break;
      count++;
    }
    return this.queue.splice(0, count);
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const { graph, clock, metrics, retention, onCommit } = this.deps;
    const started = performance.now();
    const events = batch.reduce((sum, { submission }) => sum + submission.events.length, 0);
    try {
      const receipt = await graph.write(
        (tx) =>
          writeBatch(
            tx,
            batch.map(({ submission }) => submission),
            { clock, retention },
          ),
        { pool: 'writer', times: Math.max(1, Math.ceil(events / EVENTS_A_TIMEOUT)) },
      );
      metrics.wrote({ ms: performance.now() - started, events });
      this.settle(batch);
      graph.log.committed(receipt.seq);
      onCommit();
      const finishedAt = receipt.at;
      receipt.verdicts.forEach((verdict, i) => {
        const warnings = receipt.warnings[i] ?? NO_WARNINGS;
        batch[i]?.resolve({ ...verdict, finishedAt, warnings });
      });
    } catch (error) {
      await this.bisect(batch, error);
    }
  }

  /** Writes the halves of a failed batch alone, so that one bad document does not fail the others. */
  private async bisect(batch: readonly Waiting[], error: unknown): Promise<void> {
    const only = batch[0];
    if (batch.length > 1 && !isUnanswered(error)) {
      const half = Math.ceil(batch.length / 2);
      await this.write(batch.slice(0, half));
      await this.write(batch.slice(half));
      return;
    }
    // When the graph does not answer, the documents in the queue would only wait for the same timeout.
    const behind = isUnanswered(error) ? this.queue.splice(0) : [];
    this.settle([...batch, ...behind]);
    if (only !== undefined)
      this.deps.logger.error(
        { err: error, jobId: only.submission.jobId },
        'a document could not be written',
      );
    for (const { reject } of [...batch, ...behind]) reject(error);
  }

  private settle(batch: readonly Waiting[]): void {
    for (const { submission } of batch) this.waitingEvents -= submission.events.length;
  }
}

function unavailable(message: string, retryAfterSeconds: number): Problem {
  return new Problem('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
}

/** Whether the graph is the cause of the failure, and not the documents. */
function isUnanswered(error: unknown): boolean {
  return isProblem(error, 'SERVICE_UNAVAILABLE') || isProblem(error, 'INSUFFICIENT_STORAGE');
}
