import { Problem } from '../shared/problem.js';
import { END_OF_BATCH, feedCursor, logCursor } from './cursor.js';
import type { LogPlace } from './cursor.js';
import type { SubscribeOptions } from './feed.js';
import type { Batch, FeedBatch, FeedItem, Heartbeat } from './messages.js';
import type { Surroundings } from './surroundings.js';

/** A batch with its surroundings. */
export interface Entry {
  readonly batch: Batch;
  readonly around: Surroundings;
}

/** Some entries in order, and how far the log was read for them. */
export interface EntryPage {
  readonly entries: readonly Entry[];
  /** Position in the log: nothing up to it is missing. */
  readonly until: number;
}

/** What a subscription needs from the relay. */
export interface Source {
  /** Most messages that may wait for one subscriber. */
  readonly maxWaiting: number;
  /** Time between two heartbeats of a quiet subscription; 0 for none. */
  readonly heartbeatMs: number;
  /** The ring's entries from `seq` on, after which `publish` brings the rest. Null when the ring lacks some of them or they are too many to wait. */
  joinLive(seq: number, subscription: Subscription): readonly Entry[] | null;
  /** The next batches from `seq` on, from the ring or the store. */
  readPage(seq: number, subscription: Subscription): Promise<EntryPage>;
  /** Ends the subscription. */
  leave(subscription: Subscription): void;
}

/** Where a subscription begins. */
export interface Start {
  readonly place: LogPlace;
  /** A cursor of that place, and what a heartbeat there tells. */
  readonly reached: Omit<Heartbeat, 'heartbeat'>;
}

interface Waiter {
  readonly resolve: (result: IteratorResult<FeedBatch>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The way of one subscriber through the log. It gets what it missed first, page by page and only as fast as it takes them, then live.
 *
 * It is not a generator: `return()` of a generator waits for a pending `next()`, which never ends on a quiet log.
 */
export class Subscription implements AsyncIterableIterator<FeedBatch> {
  readonly options: SubscribeOptions;
  readonly #source: Source;
  readonly #queue: FeedBatch[] = [];
  readonly #waiters: Waiter[] = [];
  #waiting = 0;
  readonly #beat: NodeJS.Timeout | undefined;
  #place: LogPlace;
  /** Everything up to it was taken from the log. */
  #reached: Heartbeat;
  /** Whether something was given since the last beat. */
  #gave = false;
  #live = false;
  #reading = false;
  #done = false;
  #failure: Error | undefined;

  constructor(source: Source, options: SubscribeOptions, { place, reached }: Start) {
    this.#source = source;
    this.options = options;
    this.#place = place;
    this.#reached = { ...reached, heartbeat: true };
    if (source.heartbeatMs === 0) return;
    this.#beat = setInterval(() => {
      if (!this.#gave) this.#giveHeartbeat();
      this.#gave = false;
    }, source.heartbeatMs).unref();
    // Who has no cursor yet must have one before the first message, or it would lose what comes while it is away.
    if (options.after === undefined) this.#queue.push(this.#heartbeat());
  }

  /** The number up to which everything was taken; for the host a position in the log. */
  get reached(): number {
    return this.#reached.seq;
  }

  /** Takes a published batch. While the subscription still catches up, it ignores the batch and reads it later. */
  publish(entry: Entry): void {
    if (!this.#live || this.#done) return;
    this.#take(entry);
    this.#flush();
    // One commit is always accepted, whatever its number of messages.
    if (this.#waiting > this.#source.maxWaiting && this.#queue.length > 1)
      this.fail(lagged(this.#waiting));
  }

  /** Ends with an error. Waiting messages are dropped, but the subscriber can get them again with its last cursor. */
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
        // Joining is one synchronous step, so no batch is published between the last batch that is read and the first that is pushed.
        const recent = this.#source.joinLive(this.#place.seq, this);
        this.#live = recent !== null;
        const { entries, until } =
          recent === null
            ? await this.#source.readPage(this.#place.seq, this)
            : { entries: recent, until: 0 };
        for (const entry of entries) this.#take(entry);
        if (until >= this.#place.seq) this.#place = { seq: until + 1, index: -1 };
        this.#flush();
      }
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#reading = false;
    }
  }

  #take(entry: Entry): void {
    const { batch } = entry;
    if (this.#done || batch.seq < this.#place.seq) return;
    const { wants } = this.options;
    const wanted = freshItems(batch, this.#place, this.reached).filter(
      ({ message }) => wants?.(message, entry.around) ?? true,
    );
    this.#place = { seq: batch.seq + 1, index: -1 };
    this.#reached = { ...endOf(batch), heartbeat: true };
    if (wanted.length === 0) return;
    this.#queue.push({ seq: batch.seq, items: wanted });
    this.#waiting += wanted.length;
  }

  /**
   * Only for a subscriber that waits: then it has taken every message up to the place that was reached. One that
   * does not wait has messages before it, or is slow.
   */
  #giveHeartbeat(): void {
    if (this.#queue.length > 0 || this.#waiters.length === 0) return;
    this.#queue.push(this.#heartbeat());
    this.#flush();
  }

  #heartbeat(): FeedBatch {
    return { seq: this.#reached.seq, items: [], heartbeat: this.#reached };
  }

  #flush(): void {
    while (this.#waiters.length > 0) {
      const value = this.#queue.shift();
      if (value === undefined) return;
      this.#waiting -= value.items.length;
      this.#gave = true;
      this.#waiters.shift()?.resolve({ value, done: false });
    }
  }

  #end(): void {
    if (this.#done) return;
    this.#done = true;
    clearInterval(this.#beat);
    this.#queue.length = 0;
    this.#source.leave(this);
  }

  #settleAll(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ value: undefined, done: true });
  }
}

/**
 * The messages of a batch that were not taken yet, each with its number and cursor.
 *
 * @param place for the host, what was taken
 * @param reached for an organisation, the number that was reached
 */
export function freshItems(batch: Batch, place: LogPlace, reached: number): FeedItem[] {
  const { seq, at, last, messages } = batch;
  if (last !== undefined)
    return messages
      .map((message, i) => ({ n: last - messages.length + 1 + i, message }))
      .filter(({ n }) => n > reached)
      .map(({ n, message }) => ({ seq: n, cursor: feedCursor({ n, at }), message }));
  const first = seq === place.seq ? place.index + 1 : 0;
  return messages.slice(first).map((message, i) => {
    const cursor = logCursor({ seq, at, index: first + i });
    return { seq, cursor, message };
  });
}

/** The place behind a batch. */
export function endOf({ seq, at, last }: Batch): Start['reached'] {
  return last === undefined
    ? { seq, cursor: logCursor({ seq, at, index: END_OF_BATCH }) }
    : { seq: last, cursor: feedCursor({ n: last, at }) };
}

function lagged(waiting: number): Problem {
  return new Problem(
    'LAGGED',
    `${waiting} messages wait for this subscriber, which are too many. Subscribe again with "after", the cursor of the last message you took.`,
    { details: { waiting } },
  );
}
