import { Problem } from '../shared/problem.js';
import { logCursor } from './cursor.js';
import type { LogPlace } from './cursor.js';
import type { SubscribeOptions } from './feed.js';
import type { Batch, FeedBatch, FeedItem } from './messages.js';
import type { Surroundings } from './surroundings.js';

/** A batch with what is known around it. */
export interface Entry {
  readonly batch: Batch;
  readonly around: Surroundings;
}

/** What a subscription needs of the relay. */
export interface Source {
  /** Most messages that may wait for one subscriber. */
  readonly maxWaiting: number;
  /** The ring's entries from `seq` on, when it holds all of them and they may wait; then `publish` brings the rest. Null otherwise. */
  joinLive(seq: number, subscription: Subscription): readonly Entry[] | null;
  /** The next batches from `seq` on, out of the ring or the store. */
  readPage(seq: number, subscription: Subscription): Promise<readonly Entry[]>;
  /** The subscription is over. */
  leave(subscription: Subscription): void;
}

interface Waiter {
  readonly resolve: (result: IteratorResult<FeedBatch>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One subscriber's way through the log: first what it missed, page by page and only as fast as it takes it, then live.
 *
 * An iterator by hand, not a generator: `return()` of a generator waits behind a pending `next()`, for ever on a quiet log.
 */
export class Subscription implements AsyncIterableIterator<FeedBatch> {
  readonly options: SubscribeOptions;
  readonly #source: Source;
  readonly #queue: FeedBatch[] = [];
  readonly #waiters: Waiter[] = [];
  #waiting = 0;
  #place: LogPlace;
  #live = false;
  #reading = false;
  #done = false;
  #failure: Error | undefined;

  constructor(source: Source, options: SubscribeOptions, place: LogPlace) {
    this.#source = source;
    this.options = options;
    this.#place = place;
  }

  /** Takes a batch as it is published. Ignored while still catching up: it will be read. */
  publish(entry: Entry): void {
    if (!this.#live || this.#done) return;
    this.#take(entry);
    this.#flush();
    // One commit always fits, however much it tells.
    if (this.#waiting > this.#source.maxWaiting && this.#queue.length > 1)
      this.fail(tooSlow(this.#source.maxWaiting));
  }

  /** Ends with an error; what still waits is dropped, the subscriber's last cursor leads back to it. */
  fail(error: Error): void {
    if (this.#done) return;
    this.#end();
    const waiter = this.#waiters.shift();
    if (waiter) waiter.reject(error);
    else this.#failure = error;
    this.#settleAll();
  }

  next(): Promise<IteratorResult<FeedBatch>> {
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      return Promise.reject(failure);
    }
    if (this.#done) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#flush();
      if (!this.#live && this.#waiters.length > 0) void this.#catchUp();
    });
  }

  return(): Promise<IteratorResult<FeedBatch>> {
    this.#failure = undefined;
    this.#end();
    this.#settleAll();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error: Error): Promise<IteratorResult<FeedBatch>> {
    void this.return();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #catchUp(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#done && !this.#live && this.#waiters.length > 0) {
        // Joining is one synchronous step, so no batch is published between the last one read and the first one pushed.
        const recent = this.#source.joinLive(this.#place.seq, this);
        this.#live = recent !== null;
        for (const entry of recent ?? (await this.#source.readPage(this.#place.seq, this)))
          this.#take(entry);
        this.#flush();
      }
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#reading = false;
    }
  }

  #take(entry: Entry): void {
    const { seq, at } = entry.batch;
    if (this.#done || seq < this.#place.seq) return;
    const behind = seq === this.#place.seq ? this.#place.index : -1;
    const items = this.#wanted(entry, behind);
    this.#place = { seq: seq + 1, index: -1 };
    if (items.length === 0) return;
    this.#queue.push({ seq, at, items });
    this.#waiting += items.length;
  }

  #wanted({ batch, around }: Entry, behind: number): FeedItem[] {
    const { wants } = this.options;
    const items: FeedItem[] = [];
    batch.messages.forEach((message, index) => {
      if (index <= behind || (wants !== undefined && !wants(message, around))) return;
      items.push({ seq: batch.seq, index, cursor: logCursor(batch.seq, index), message });
    });
    return items;
  }

  #flush(): void {
    while (this.#waiters.length > 0) {
      const value = this.#queue.shift();
      if (value === undefined) return;
      this.#waiting -= value.items.length;
      this.#waiters.shift()?.resolve({ value, done: false });
    }
  }

  #end(): void {
    if (this.#done) return;
    this.#done = true;
    this.#queue.length = 0;
    this.#source.leave(this);
  }

  #settleAll(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ value: undefined, done: true });
  }
}

function tooSlow(max: number): Problem {
  return new Problem(
    'SLOW_SUBSCRIBER',
    `More than ${max} messages wait for this subscriber. Subscribe again with "after": the cursor of the last message you took.`,
    { details: { maxWaiting: max } },
  );
}
