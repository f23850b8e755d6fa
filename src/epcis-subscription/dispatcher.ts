import { setMaxListeners } from 'node:events';
import { Loop } from '../shared/loop.js';
import { parseStoredQuery } from '../epcis-query/index.js';
import { lastsForOne } from '../delivery/retry.rules.js';
import { isDue, msUntilDue } from './due.rules.js';
import { noteProgress, releaseLeases, renewLeases, takeLeases } from './subscription.store.js';
import type { LeasedSubscription } from './subscription.js';
import { WebhookReceiver } from './webhook-receiver.js';
import type { ReceiverDeps } from './webhook-receiver.js';

/** What a dispatcher needs. */
export interface DispatcherDeps extends ReceiverDeps {
  /** The newest committed log position, whichever process committed it. */
  readonly head: () => Promise<number>;
  /** How long a receiver may take to answer, ms. */
  readonly timeoutMs: number;
  /** How often it looks for subscriptions that no process delivers; default 2,000 ms. */
  readonly pollMs?: number;
}

/** What a dispatcher is doing now, for the metrics. */
export interface DispatcherStats {
  /** How many subscriptions this process delivers. */
  readonly held: number;
  /** How many of them failed at their last try. */
  readonly failing: number;
  /** How many commits the slowest subscription still has to read. */
  readonly lagCommits: number;
}

interface Held {
  readonly receiver: WebhookReceiver;
  /** By this process's own clock (`performance.now()`), counted from before the lease was requested. */
  leaseEndsAt: number;
  running?: Promise<void>;
}

const POLL_MS = 2000;
const MOST_AT_ONCE = 64;
/** Part of these: receivers that failed before may hang again, and must not keep the others waiting. */
const MOST_FAILING_AT_ONCE = MOST_AT_ONCE / 2;
const MOST_TAKEN_AT_ONCE = 200;

/**
 * Delivers the webhook subscriptions: takes those that no process holds, keeps their leases, and runs each one that is due. A subscription
 * gets one document at a time; several subscriptions run in parallel.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #held = new Map<string, Held>();
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  readonly #leaseMs: number;
  #head = 0;
  #polledAt = -Infinity;
  readonly #loop = new Loop({
    step: () => this.#step(),
    waitMs: () => this.#msUntilDue(),
    failed: (error) => {
      this.#deps.logger.error({ err: error }, 'Subscriptions cannot be read; trying again');
    },
  });

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    // A lease lasts much longer than one document takes. It is still short, so another process soon takes over from one that died.
    this.#leaseMs = Math.max(20_000, deps.timeoutMs * 2);
    // Each document under way listens to this signal.
    setMaxListeners(0, this.#cut.signal);
  }

  /** Begins to deliver. */
  start(): void {
    this.#loop.nudge();
  }

  /** Call this after a commit. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Call this after a subscription was made, to look for it now. */
  look(): void {
    this.#polledAt = -Infinity;
    this.#loop.nudge();
  }

  /** Call this after subscriptions were deleted: nothing more is sent to them. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#held.delete(id);
  }

  /** Begins nothing new, lets running documents finish for `graceMs`, and gives the leases back. */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    const late = setTimeout(() => {
      this.#cut.abort();
    }, graceMs);
    await this.#loop.stop();
    for (const { running } of [...this.#held.values()]) await running;
    clearTimeout(late);
    try {
      await releaseLeases(this.#deps.view, this.#deps.holder, this.#seen());
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'Leases of subscriptions were not given back');
    }
    this.#deps.client.close();
  }

  stats(): DispatcherStats {
    const receivers = [...this.#held.values()].map(({ receiver }) => receiver);
    return {
      held: receivers.length,
      failing: receivers.filter(({ failures }) => failures > 0).length,
      lagCommits: Math.max(
        0,
        ...receivers
          .filter(({ schedule }) => schedule === null)
          .map(({ position }) => this.#head - position.seq),
      ),
    };
  }

  async #step(): Promise<boolean> {
    if (performance.now() - this.#polledAt >= (this.#deps.pollMs ?? POLL_MS)) {
      this.#polledAt = performance.now();
      await this.#renew([...this.#held.values()]);
      await this.#take();
    }
    if (this.#held.size === 0) return false;
    this.#head = await this.#deps.head();
    this.#beginDue();
    return false;
  }

  #beginDue(): void {
    const now = this.#deps.clock.now();
    const all = [...this.#held.values()];
    const running = all.filter((held) => held.running !== undefined);
    let free = MOST_AT_ONCE - running.length;
    let freeForFailing =
      MOST_FAILING_AT_ONCE - running.filter(({ receiver }) => receiver.failures > 0).length;
    for (const held of all) {
      if (held.running !== undefined || !isDue(held.receiver, now, this.#head)) continue;
      if (free === 0) return;
      if (held.receiver.failures > 0 && freeForFailing-- <= 0) continue;
      free--;
      this.#begin(held);
    }
  }

  #begin(held: Held): void {
    const { receiver } = held;
    // Moves to the end, so that subscriptions that are always behind the log do not keep the others waiting.
    this.#held.delete(receiver.id);
    this.#held.set(receiver.id, held);
    const bounds = { head: this.#head, stop: this.#stop.signal, cut: this.#cut.signal };
    held.running = receiver.run(bounds).then((isOurs) => {
      delete held.running;
      if (!isOurs && this.#held.get(receiver.id) === held) this.#held.delete(receiver.id);
      this.#loop.nudge();
    });
  }

  #msUntilDue(): number {
    const idle = [...this.#held.values()].filter(({ running }) => running === undefined);
    return msUntilDue(
      idle.map(({ receiver }) => receiver),
      this.#deps.clock.now(),
      this.#deps.pollMs ?? POLL_MS,
    );
  }

  async #take(): Promise<void> {
    const { view, holder } = this.#deps;
    const askedAt = performance.now();
    const lease = { limit: MOST_TAKEN_AT_ONCE, leaseMs: this.#leaseMs };
    const taken = await takeLeases(view, holder, lease);
    if (taken.length === MOST_TAKEN_AT_ONCE) this.look();
    for (const subscription of taken) {
      const receiver = await this.#receiverOf(subscription);
      if (receiver !== null && !this.#held.has(receiver.id))
        this.#hold(receiver, askedAt + this.#leaseMs);
    }
  }

  #hold(receiver: WebhookReceiver, leaseEndsAt: number): void {
    const held: Held = { receiver, leaseEndsAt };
    receiver.ready = async () => {
      if (this.#held.get(receiver.id) !== held) return false;
      const { timeoutMs } = this.#deps;
      if (lastsForOne(held.leaseEndsAt, performance.now(), timeoutMs)) return true;
      await this.#renew([held]);
      return lastsForOne(held.leaseEndsAt, performance.now(), timeoutMs);
    };
    this.#held.set(receiver.id, held);
  }

  /** Null when its query is no longer valid, which can happen only after an upgrade. The subscription then has the error. */
  async #receiverOf(subscription: LeasedSubscription): Promise<WebhookReceiver | null> {
    const { view, holder, clock, retry } = this.#deps;
    const { id } = subscription;
    try {
      const parsed = parseStoredQuery(subscription);
      return new WebhookReceiver(this.#deps, subscription, parsed);
    } catch (error) {
      const lastError = error instanceof Error ? error.message : 'The query is not valid';
      const dueAt = clock.now() + retry.maxMs;
      await noteProgress(view, holder, id, { failures: 1, lastError, dueAt });
      return null;
    }
  }

  async #renew(some: readonly Held[]): Promise<void> {
    if (some.length === 0) return;
    const { view, holder } = this.#deps;
    const endsAt = performance.now() + this.#leaseMs;
    const seen = some.map(({ receiver: { id, position } }) => ({ id, position }));
    const ours = await renewLeases(view, holder, { seen, leaseMs: this.#leaseMs });
    for (const held of some) {
      if (ours.has(held.receiver.id)) held.leaseEndsAt = endsAt;
      else if (this.#held.get(held.receiver.id) === held) this.#held.delete(held.receiver.id);
    }
  }

  #seen(): { id: string; position: WebhookReceiver['position'] }[] {
    return [...this.#held.values()].map(({ receiver: { id, position } }) => ({ id, position }));
  }
}
