import type { View } from '../access/view.js';
import type { EpcFormat } from '../epcis/translate-identifiers.js';
import { createHash } from 'node:crypto';
import { writeFound } from '../epcis-query/index.js';
import type { AnswerForm, EventQuery, QueryDeps } from '../epcis-query/index.js';
import type { Logger } from '../shared/logger.js';
import type { Metrics } from '../shared/metrics.js';
import type { Position } from './batch.rules.js';
import { deliverEvents } from './deliver-events.js';
import type { Receiver, RunEnd } from './deliver-events.js';
import { EventReader } from './event-reader.js';
import type { PlacedEvent } from './event-reader.js';
import { nextRunMs } from './next-run.js';
import { waitAfterFailureMs } from '../delivery/retry.rules.js';
import type { RetryTimes } from '../delivery/retry.rules.js';
import type { Schedule } from './schedule.rules.js';
import { noteProgress } from './subscription.store.js';
import type { Progress } from './subscription.store.js';
import type { LeasedSubscription } from './subscription.js';
import { failureDocument, xmlForm } from './xml-document.js';
import type { PostOutcome, WebhookClient } from '../delivery/webhook.js';

/** What the receivers of one process share. */
export interface ReceiverDeps extends QueryDeps {
  readonly view: View;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'delivered'>;
  readonly client: WebhookClient;
  /** The holder of the leases, who notes the progress. */
  readonly holder: string;
  readonly retry: RetryTimes;
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/** The bounds of one run. */
export interface RunBounds {
  readonly head: number;
  /** When aborted, no further document is begun. */
  readonly stop: AbortSignal;
  /** When aborted, the document under way is given up. */
  readonly cut: AbortSignal;
}

const versionHeaders = (version: string): Readonly<Record<string, string>> => ({
  'gs1-epcis-version': `${version}.0`,
  'gs1-cbv-version': `${version}.0`,
});

/** A webhook subscription whose lease this process holds. Its position moves only when the receiver answered 2xx. */
export class WebhookReceiver implements Receiver {
  readonly id: string;
  readonly schedule: Schedule | null;
  readonly reader: EventReader;
  /** Tells whether the lease lasts for one more document. The holder sets this function. */
  ready: () => Promise<boolean> = () => Promise.resolve(true);
  readonly #deps: ReceiverDeps;
  readonly #subscription: LeasedSubscription;
  /** A count limit of the query limits each document. Further events come in the next one, so nothing is lost. */
  readonly #mostOfQuery: number;
  #dueAt: number;
  #failures: number;
  #batchEvents: number | null;
  #retryEvents: number | null;
  /** Set when a note failed: the subscription was deleted, or another process has it. */
  #isLost = false;
  #cut: AbortSignal | undefined;

  constructor(deps: ReceiverDeps, subscription: LeasedSubscription, query: EventQuery) {
    const { id, schedule, sinceRecordTime, position } = subscription;
    this.#deps = deps;
    this.#subscription = subscription;
    this.id = id;
    this.schedule = schedule;
    this.reader = new EventReader(deps.view, { query, sinceRecordTime }, position);
    this.#mostOfQuery = query.eventCountLimit ?? query.maxEventCount ?? Infinity;
    this.#dueAt = subscription.dueAt;
    this.#failures = subscription.failures;
    this.#batchEvents = subscription.batchEvents;
    this.#retryEvents = subscription.retryEvents;
  }

  /** Next run or next try, epoch ms. */
  get dueAt(): number {
    return this.#dueAt;
  }

  get failures(): number {
    return this.#failures;
  }

  get queryName(): string {
    return this.#subscription.queryName;
  }

  get position(): Position {
    return this.reader.position;
  }

  /** Makes one run and notes how it ended; false when another process has the subscription. Never rejects. */
  async run({ head, stop, cut }: RunBounds): Promise<boolean> {
    this.#cut = cut;
    try {
      const end = await deliverEvents(this, {
        head,
        stop,
        limits: { maxEvents: this.#limit(), maxBytes: this.#deps.maxBytes },
        retryEvents: this.#retryEvents,
        reportIfEmpty: this.schedule !== null && this.#subscription.reportIfEmpty,
      });
      this.reader.rest();
      if (end.kind === 'left' || cut.aborted) return !this.#isLost;
      return await (end.kind === 'done' ? this.#done(end) : this.#failed(end));
    } catch (error) {
      this.reader.rest();
      return !cut.aborted && (await this.#broke(error));
    }
  }

  async send(events: readonly PlacedEvent[]): Promise<PostOutcome> {
    const { client, metrics } = this.#deps;
    const { id, queryName, epcFormat, format, dest, token } = this.#subscription;
    const form =
      format === null
        ? jsonForm(epcFormat, queryName, id)
        : xmlForm({ epcFormat, format, queryName, subscriptionID: id });
    const outcome = await client.post(
      {
        dest,
        token,
        body: await writeFound(this.#deps, events, form),
        deliveryId: deliveryIdOf(id, events, this.#dueAt),
        contentType: format === null ? 'application/json' : 'text/xml; charset=utf-8',
        headers: { ...versionHeaders(form.version), 'gs1-epc-format': epcFormat },
      },
      this.#cut,
    );
    metrics.delivered(outcome.kind === 'taken' ? 'ok' : 'failed', events.length);
    return outcome;
  }

  arrived(): Promise<boolean> {
    const now = this.#deps.clock.now();
    this.#failures = 0;
    this.#retryEvents = null;
    return this.#note({
      position: this.reader.position,
      lastNotifiedAt: now,
      lastExecutedAt: now,
      failures: 0,
      lastError: null,
      retryEvents: null,
    });
  }

  #limit(): number {
    return Math.min(this.#batchEvents ?? Infinity, this.#mostOfQuery, this.#deps.maxEvents);
  }

  async #done({ maxEvents }: Extract<RunEnd, { kind: 'done' }>): Promise<boolean> {
    const now = this.#deps.clock.now();
    const smaller = this.#smallerThan(maxEvents);
    if (this.schedule === null) {
      this.#dueAt = 0;
      return smaller === undefined || this.#note(smaller);
    }
    // A schedule without any run was refused when the subscription was made.
    this.#dueAt = nextRunMs(this.schedule, now) ?? Number.MAX_SAFE_INTEGER;
    this.#failures = 0;
    return this.#note({
      ...smaller,
      position: this.reader.position,
      lastExecutedAt: now,
      dueAt: this.#dueAt,
      failures: 0,
      lastError: null,
    });
  }

  async #failed(end: Extract<RunEnd, { kind: 'failed' }>): Promise<boolean> {
    const { clock, retry, random, logger } = this.#deps;
    const { error, events, maxEvents, askedMs = 0 } = end;
    this.#failures++;
    const waitMs = waitAfterFailureMs(this.#failures, retry, { random: random(), askedMs });
    this.#dueAt = clock.now() + waitMs;
    this.#retryEvents = events === 0 ? null : events;
    logger.warn(
      { subscriptionID: this.id, failures: this.#failures, waitMs, reason: error },
      'A subscriber could not be reached; trying again',
    );
    return this.#note({
      ...this.#smallerThan(maxEvents),
      failures: this.#failures,
      lastError: error,
      dueAt: this.#dueAt,
      retryEvents: this.#retryEvents,
    });
  }

  /**
   * The query or the graph failed, not the receiver. The receiver is told once, as the standard requires, and the run is repeated later.
   */
  async #broke(error: unknown): Promise<boolean> {
    const { logger, client } = this.#deps;
    logger.error({ err: error, subscriptionID: this.id }, 'A standing query failed');
    const { dest, token } = this.#subscription;
    try {
      if (this.#failures === 0 && (await this.ready()))
        await client.post(
          {
            dest,
            token,
            ...failureDocument(this.#subscription, this.#deps.clock.now()),
            deliveryId: deliveryIdOf(this.id, [], this.#deps.clock.now()),
          },
          this.#cut,
        );
      return await this.#failed({
        kind: 'failed',
        error: 'The query could not be executed',
        events: this.#retryEvents ?? 0,
        maxEvents: this.#limit(),
      });
    } catch {
      // The graph is unavailable: the lease will tell whether this subscription is still ours.
      return true;
    }
  }

  #smallerThan(maxEvents: number): { batchEvents: number } | undefined {
    if (maxEvents >= this.#limit()) return undefined;
    this.#batchEvents = maxEvents;
    return { batchEvents: maxEvents };
  }

  async #note(progress: Progress): Promise<boolean> {
    const isOurs = await noteProgress(this.#deps.view, this.#deps.holder, this.id, progress);
    this.#isLost ||= !isOurs;
    return isOurs;
  }
}

/** The form of a JSON document for a subscriber. */
export function jsonForm(
  epcFormat: EpcFormat,
  queryName: string,
  subscriptionID: string,
): AnswerForm {
  return {
    syntax: 'JSON',
    version: '2.0',
    epcFormat,
    cbvXmlFormat: 'No_Preference',
    queryName,
    subscriptionID,
  };
}

/** Equal for the same events, so that a receiver recognizes a repeated document. For an empty document it is equal within one run. */
function deliveryIdOf(
  subscriptionID: string,
  events: readonly PlacedEvent[],
  dueAt: number,
): string {
  const hash = createHash('sha256').update(subscriptionID);
  for (const { id, mark } of events) hash.update(`\n${id}\t${mark}`);
  if (events.length === 0) hash.update(`\n${dueAt}`);
  return hash.digest('base64url').slice(0, 32);
}
