import { randomUUID } from 'node:crypto';
import type { View } from '../access/view.js';
import { lastsForOne } from '../delivery/retry.rules.js';
import type { Feed, FeedBatch, FeedItem } from '../feed/index.js';
import type { Logger } from '../shared/logger.js';
import type { Metrics } from '../shared/metrics.js';
import { isProblem } from '../shared/problem.js';
import { afterFailure } from './after-failure.rules.js';
import type { Patience } from './after-failure.rules.js';
import { sendMessage } from './send-message.js';
import type { Answer, SendDeps } from './send-message.js';
import { messageIdOf } from './signature.js';
import { notePaused, noteReached, storeDeadLetter } from './webhook.store.js';
import type { Reached } from './webhook.store.js';
import type { LeasedWebhook, OutgoingMessage, PauseReason, StoredFilter } from './webhook.js';

/** A message of the feed for a receiver. */
export interface MessageBody {
  /** Behind it. */
  readonly cursor: string;
  /** Epoch ms. */
  readonly recordTime: number;
  readonly body: string;
}

/** What the deliveries of one process share. */
export interface DeliveryDeps extends SendDeps {
  /** The host's. */
  readonly view: View;
  /** The view of an organisation, by the key of its party, or `host`; a new one each time. */
  readonly viewOf: (organisation: string) => View;
  readonly feed: Pick<Feed, 'subscribe'>;
  /** The wanted ones of some messages, as who has the view sees them now. */
  readonly bodiesOf: (
    view: View,
    items: readonly FeedItem[],
    filter: StoredFilter | null,
  ) => Promise<readonly MessageBody[]>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'sentToWebhook'>;
  readonly patience: Patience;
  /** How long dead letters are kept, ms. */
  readonly lettersMs: number;
  /** How long a receiver may take to answer, ms. */
  readonly timeoutMs: number;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/** The lease of a webhook. Times are by this process's own clock (`performance.now()`). */
export interface LeaseTimes {
  readonly endsAt: number;
  /** When it was asked for: how the organisation stands was read then. */
  readonly askedAt: number;
}

/** Asks for a longer lease, and how the organisation stands. */
export type Renew = (delivery: Delivery) => Promise<void>;

/** For so long it is believed that an organisation is not suspended, ms. */
const STANDING_MS = 1000;
/** In a long batch, how far it came is noted this often, ms. */
const NOTE_MS = 250;
/** After a failure of ours. */
const AGAIN_MS = 2000;

/**
 * A webhook whose lease this process holds. It follows the feed of its organisation and sends one message at a time, in order. All messages
 * wait behind one that fails: so the order is kept for each package, whatever packages a message tells of, and a receiver that is down is asked
 * once for each wait.
 */
export class Delivery {
  readonly id: string;
  readonly holder: string;
  lease: LeaseTimes;
  suspended: boolean;
  /** Another process has it, or somebody changed it. */
  isLost = false;
  readonly #deps: DeliveryDeps;
  readonly #webhook: LeasedWebhook;
  readonly #renew: Renew;
  readonly #cut: AbortSignal;
  #reached: Reached;
  #isNoted = true;
  #notedAt = 0;
  #stopped = false;
  #running: Promise<void> | undefined;
  #leave: () => void = () => undefined;

  constructor(
    deps: DeliveryDeps,
    webhook: LeasedWebhook,
    {
      holder,
      lease,
      renew,
      cut,
    }: Pick<Delivery, 'holder' | 'lease'> & { renew: Renew; cut: AbortSignal },
  ) {
    const { id, suspended, cursor, failures, failingSince, lastError, dueAt } = webhook;
    this.#deps = deps;
    this.#webhook = webhook;
    this.#renew = renew;
    this.#cut = cut;
    this.#reached = { cursor, failures, failingSince, lastError, dueAt, takenAt: null };
    this.id = id;
    this.holder = holder;
    this.lease = lease;
    this.suspended = suspended;
  }

  /** When it is to begin, epoch ms; null while it goes on, or must not. */
  get dueAt(): number | null {
    return this.#running !== undefined || this.suspended || this.isLost
      ? null
      : this.#reached.dueAt;
  }

  get failures(): number {
    return this.#reached.failures;
  }

  /** Follows the feed until something fails. It never rejects. */
  begin(ended: () => void): void {
    this.#running = this.#run()
      .catch((error: unknown) => this.#broke(error))
      .then(() => {
        this.#running = undefined;
        ended();
      });
  }

  /** Sends nothing more; resolves when what is under way is answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#leave();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { feed, viewOf } = this.#deps;
    const view = viewOf(this.#webhook.organisation);
    const batches = await feed.subscribe({ view, after: this.#reached.cursor });
    this.#leave = () => void batches.return?.();
    if (this.#stopped) this.#leave();
    for await (const batch of batches) if (!(await this.#deliver(batch))) break;
    if (!this.#isNoted) await this.#note();
  }

  /** @returns false when it must not go on */
  async #deliver({ items, heartbeat }: FeedBatch): Promise<boolean> {
    const { bodiesOf, viewOf } = this.#deps;
    const { organisation, filter } = this.#webhook;
    const bodies = items.length === 0 ? [] : await bodiesOf(viewOf(organisation), items, filter);
    for (const message of bodies) if (!(await this.#send(message))) return false;
    this.#move({ cursor: heartbeat?.cursor ?? items.at(-1)?.cursor ?? this.#reached.cursor });
    return this.#isNoted || (await this.#note());
  }

  async #send(message: MessageBody): Promise<boolean> {
    if (!(await this.#mayPost())) return false;
    const { cursor, body } = message;
    const outgoing = { messageId: messageIdOf(this.id, cursor), body };
    const answer = await sendMessage(this.#deps, this.#webhook, outgoing, this.#cut);
    if (!answer.taken && this.#cut.aborted) return false;
    this.#deps.metrics.sentToWebhook(answer.taken ? 'ok' : 'failed');
    if (!answer.taken) return this.#failed(message, outgoing, answer);
    const fine = { failures: 0, failingSince: null, lastError: null, dueAt: 0 };
    this.#move({ ...fine, cursor, takenAt: this.#deps.clock.now() });
    return performance.now() - this.#notedAt < NOTE_MS || (await this.#note());
  }

  async #mayPost(): Promise<boolean> {
    const lasts = (): boolean =>
      lastsForOne(this.lease.endsAt, performance.now(), this.#deps.timeoutMs);
    if (this.#isOver()) return false;
    if (!lasts() || performance.now() - this.lease.askedAt > STANDING_MS) await this.#renew(this);
    if (this.suspended)
      this.#deps.logger.warn(
        { webhook: this.id },
        'A webhook waits: its organisation is suspended',
      );
    return !this.#isOver() && !this.suspended && lasts();
  }

  #isOver(): boolean {
    return this.#stopped || this.isLost;
  }

  /** @returns true when it goes on behind the message */
  async #failed(
    { cursor, recordTime }: MessageBody,
    outgoing: OutgoingMessage,
    { error, isGone, askedMs }: Answer,
  ): Promise<boolean> {
    const { clock, patience, random, logger } = this.#deps;
    const now = clock.now();
    const failures = this.#reached.failures + 1;
    const failingSince = this.#reached.failingSince ?? now;
    const failure = { isGone, askedMs, recordTime, failingSince, failures };
    const verdict = afterFailure(failure, patience, { now, random: random() });
    const lastError = error ?? '';
    logger.warn({ webhook: this.id, failures, verdict, reason: error }, 'A webhook failed');
    this.#move({ failures, failingSince, lastError });
    if (verdict.kind === 'gone') return this.#pause('GONE');
    if (verdict.kind === 'retry') {
      this.#move({ dueAt: now + verdict.waitMs });
      await this.#note();
      return false;
    }
    this.#move({ cursor });
    return this.#giveUp({ ...outgoing, lastError, at: now });
  }

  #giveUp(letter: OutgoingMessage & { lastError: string; at: number }): Promise<boolean> {
    const since = letter.at - this.#deps.lettersMs;
    const dead = { ...letter, id: randomUUID() };
    return this.#note((tx) => storeDeadLetter(tx, this.id, dead, since));
  }

  async #pause(why: PauseReason): Promise<false> {
    const paused = { at: this.#deps.clock.now(), why };
    this.#isNoted = true;
    this.isLost = true;
    await notePaused(this.#deps.view, this, this.#reached, paused);
    return false;
  }

  /** The feed or the graph failed, not the receiver. */
  async #broke(error: unknown): Promise<void> {
    if (this.#stopped || isProblem(error, 'LAGGED')) return;
    const { logger, clock } = this.#deps;
    this.#move({ dueAt: clock.now() + AGAIN_MS });
    if (!isProblem(error, 'CURSOR_EXPIRED')) {
      logger.error({ err: error, webhook: this.id }, 'A webhook cannot go on; trying again');
      return;
    }
    await this.#pause('CURSOR_EXPIRED').catch((fault: unknown) => {
      // It is taken again when its lease ends.
      logger.error({ err: fault, webhook: this.id }, 'A webhook could not be paused');
    });
  }

  #move(more: Partial<Reached>): void {
    if (
      Object.entries(more).some(([name, value]) => this.#reached[name as keyof Reached] !== value)
    )
      this.#isNoted = false;
    this.#reached = { ...this.#reached, ...more };
  }

  async #note(more?: Parameters<typeof noteReached>[3]): Promise<boolean> {
    const isOurs = await noteReached(this.#deps.view, this, this.#reached, more);
    this.#isNoted = true;
    this.#notedAt = performance.now();
    this.isLost ||= !isOurs;
    return isOurs;
  }
}
