import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Loop } from '../shared/loop.js';
import { Delivery } from './delivery.js';
import type { DeliveryDeps } from './delivery.js';
import { releaseWebhooks, renewWebhooks, takeWebhooks } from './webhook.store.js';

/** How often it looks for webhooks that no process delivers, ms. */
const POLL_MS = 2000;
const MOST_TAKEN_AT_ONCE = 200;

/** Delivers webhooks: takes those that no process holds, keeps their leases, and begins each one that is due. */
export class Dispatcher {
  readonly #deps: DeliveryDeps;
  readonly #held = new Map<string, Delivery>();
  readonly #cut = new AbortController();
  readonly #leaseMs: number;
  #polledAt = -Infinity;
  readonly #loop = new Loop({
    step: () => this.#step(),
    waitMs: () => this.#msUntilDue(),
    failed: (error) => {
      this.#deps.logger.error({ err: error }, 'Webhooks cannot be read; trying again');
    },
  });

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
    // Much longer than one message takes, and still short, so that another process soon goes on for one that died.
    this.#leaseMs = Math.max(20_000, deps.timeoutMs * 2);
    // Each message under way listens to this signal.
    setMaxListeners(0, this.#cut.signal);
  }

  /** Begins to deliver. */
  start(): void {
    this.#loop.nudge();
  }

  /** Call this after a webhook was made or changed: what goes on with it ends, and it begins as it is now. */
  changed(id: string): void {
    const delivery = this.#held.get(id);
    if (delivery !== undefined) this.#drop(delivery);
    this.#polledAt = -Infinity;
    this.#loop.nudge();
  }

  /** Begins nothing new, waits `graceMs` for what is under way, and gives the leases back. */
  async stop(graceMs: number): Promise<void> {
    const late = setTimeout(() => {
      this.#cut.abort();
    }, graceMs);
    await this.#loop.stop();
    const all = [...this.#held.values()];
    await Promise.all(all.map((delivery) => delivery.stop()));
    clearTimeout(late);
    try {
      if (all.length > 0) await releaseWebhooks(this.#deps.view, all.map(rowOf));
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'Leases of webhooks were not given back');
    }
    this.#deps.client.close();
  }

  /** How many webhooks this process delivers, and how many of them failed at their last try. */
  stats(): { readonly held: number; readonly failing: number } {
    const all = [...this.#held.values()];
    return { held: all.length, failing: all.filter(({ failures }) => failures > 0).length };
  }

  async #step(): Promise<boolean> {
    const now = performance.now();
    const isFull = now - this.#polledAt >= POLL_MS && (await this.#poll(now));
    for (const delivery of this.#held.values()) {
      const { dueAt } = delivery;
      if (dueAt !== null && dueAt <= this.#deps.clock.now()) this.#begin(delivery);
    }
    return isFull;
  }

  #begin(delivery: Delivery): void {
    delivery.begin(() => {
      if (delivery.isLost) this.#drop(delivery);
      this.#loop.nudge();
    });
  }

  /** @returns true when there may be more to take */
  async #poll(now: number): Promise<boolean> {
    this.#polledAt = now;
    await this.#renew([...this.#held.values()]);
    const isFull = (await this.#take()) === MOST_TAKEN_AT_ONCE;
    if (isFull) this.#polledAt = -Infinity;
    return isFull;
  }

  async #take(): Promise<number> {
    const askedAt = performance.now();
    // A text of its own each time: what this process still does with a webhook that it lost and took again is not noted.
    const holder = randomUUID();
    const lease = { limit: MOST_TAKEN_AT_ONCE, leaseMs: this.#leaseMs };
    const taken = await takeWebhooks(this.#deps.view, holder, lease);
    for (const webhook of taken) {
      const before = this.#held.get(webhook.id);
      if (before !== undefined) this.#drop(before);
      const delivery = new Delivery(this.#deps, webhook, {
        holder,
        lease: { askedAt, endsAt: askedAt + this.#leaseMs },
        renew: (one) => this.#renew([one]),
        cut: this.#cut.signal,
      });
      this.#held.set(webhook.id, delivery);
    }
    return taken.length;
  }

  async #renew(some: readonly Delivery[]): Promise<void> {
    if (some.length === 0) return;
    const askedAt = performance.now();
    const held = await renewWebhooks(this.#deps.view, some.map(rowOf), this.#leaseMs);
    for (const delivery of some) {
      const suspended = held.get(delivery.id);
      if (suspended === undefined) this.#drop(delivery);
      else {
        delivery.suspended = suspended;
        delivery.lease = { askedAt, endsAt: askedAt + this.#leaseMs };
      }
    }
  }

  #drop(delivery: Delivery): void {
    delivery.isLost = true;
    void delivery.stop();
    if (this.#held.get(delivery.id) === delivery) this.#held.delete(delivery.id);
  }

  #msUntilDue(): number {
    const now = this.#deps.clock.now();
    const waits = [...this.#held.values()].flatMap(({ dueAt }) =>
      dueAt === null ? [] : [dueAt - now],
    );
    return Math.max(0, Math.min(POLL_MS, ...waits));
  }
}

function rowOf({ id, holder }: Delivery): { readonly id: string; readonly holder: string } {
  return { id, holder };
}
