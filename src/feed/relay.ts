import type { View } from '../access/view.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import { Problem } from '../shared/problem.js';
import {
  END_OF_BATCH,
  cursorExpired,
  cursorReplaced,
  logCursor,
  parseLogCursor,
} from './cursor.js';
import type { CursorPlace, LogPlace } from './cursor.js';
import type { Feed, SubscribeOptions } from './feed.js';
import { readLog, readLogPlace } from './feed.read-model.js';
import type { Batch, FeedBatch } from './messages.js';
import { Subscription } from './subscription.js';
import type { Entry, Source, Start } from './subscription.js';
import { Watchlist, readSurroundings } from './watch.js';

/** The options of a relay. */
export interface RelayOptions {
  readonly view: View;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often the log is read when nothing nudges the relay, in ms; default 100. */
  readonly pollMs?: number;
  /** Most messages waiting for one subscriber; default 1,000. */
  readonly maxWaiting?: number;
  /** Time between two heartbeats of a quiet subscription, in ms; default 0, which is none. */
  readonly heartbeatMs?: number;
  /** How many batches and messages stay in memory for subscribers that soon come back; default 1,000 and 50,000. */
  readonly ringBatches?: number;
  readonly ringMessages?: number;
}

const PAGE = 100;
const MAX_HANDED = 100;

/**
 * Reads the log strictly in order and gives it to the subscribers of this process. There is one relay for a process and database.
 *
 * A local commit nudges it at once, and needs no read when the batch is passed along. Other commits are seen at the next poll.
 */
export class Relay implements Feed, Source {
  readonly maxWaiting: number;
  readonly heartbeatMs: number;
  readonly #options: RelayOptions;
  readonly #subscriptions = new Map<
    Subscription,
    { readonly unwatch: () => void; readonly watchedBehind: number }
  >();
  readonly #watchlist = new Watchlist();
  readonly #advanceListeners = new Set<() => void>();
  readonly #ring: Entry[] = [];
  #ringMessages = 0;
  #handed: Batch[] = [];
  #position = 0;
  /** The highest batch whose surroundings are known or being read. */
  #inFlight = 0;
  /** When the oldest batch that was not given out yet was committed; null when there is none. */
  #behindSince: number | null = null;
  #opened = 0;
  readonly #loop = new Loop({
    step: () => this.#step(),
    waitMs: () => this.#options.pollMs ?? 100,
    failed: (error) => {
      this.#options.logger.error({ err: error }, 'The log cannot be read; trying again');
    },
  });

  constructor(options: RelayOptions) {
    this.#options = options;
    this.maxWaiting = options.maxWaiting ?? 1000;
    this.heartbeatMs = options.heartbeatMs ?? 0;
  }

  /** Begins to poll from the head of the log. */
  async start(): Promise<void> {
    const top = await this.head();
    this.#position = top;
    this.#inFlight = top;
    this.#loop.start();
  }

  /** Ends all subscriptions and the polling. */
  async stop(): Promise<void> {
    const stopped = this.#loop.stop();
    for (const subscription of this.#subscriptions.keys())
      subscription.fail(
        new Problem('SERVICE_UNAVAILABLE', 'The server is stopping. Connect again with "after".'),
      );
    await stopped;
  }

  /** Tells that this process committed something. A batch that is passed need not be read. */
  nudge(batch?: Batch): void {
    if (batch && this.#handed.length < MAX_HANDED) this.#handed.push(batch);
    if (batch) this.#behindSince ??= batch.at;
    this.#loop.nudge();
  }

  /** Calls `listener` after each step forward in the log and returns a function that ends this. The listener must be cheap and never throw. */
  onAdvance(listener: () => void): () => void {
    this.#advanceListeners.add(listener);
    return () => this.#advanceListeners.delete(listener);
  }

  /** The newest log position that was given to subscribers. */
  get position(): number {
    return this.#position;
  }

  head(): Promise<number> {
    return this.#options.view.log.read();
  }

  async cursor(): Promise<string> {
    return this.#cursorAt(await this.head());
  }

  /** For the metrics: subscribers now and in total, and how old the oldest batch is that was not given out yet, in ms. */
  stats(): {
    readonly subscribers: number;
    readonly opened: number;
    readonly position: number;
    readonly lagMs: number;
  } {
    return {
      subscribers: this.#subscriptions.size,
      opened: this.#opened,
      position: this.#position,
      lagMs:
        this.#behindSince === null ? 0 : Math.max(0, this.#options.clock.now() - this.#behindSince),
    };
  }

  async subscribe(options: SubscribeOptions = {}): Promise<AsyncIterableIterator<FeedBatch>> {
    if (this.#loop.stopped) throw new Problem('SERVICE_UNAVAILABLE', 'The server is stopping');
    const subscription = new Subscription(this, options, await this.#startAt(options.after));
    const watches = (options.packages?.length ?? 0) > 0 || options.holders === true;
    this.#opened++;
    this.#subscriptions.set(subscription, {
      unwatch: this.#watchlist.add(options.packages ?? [], options.holders ?? false),
      watchedBehind: watches ? Math.max(this.#position, this.#inFlight) : 0,
    });
    return subscription;
  }

  joinLive(seq: number, subscription: Subscription): readonly Entry[] | null {
    const recent = this.#recent(seq, subscription);
    const messages = recent?.reduce((sum, { batch }) => sum + batch.messages.length, 0) ?? 0;
    // Half of the room is left for messages that are committed before the subscriber takes these.
    return messages > this.maxWaiting / 2 ? null : recent;
  }

  async readPage(seq: number, subscription: Subscription): Promise<readonly Entry[]> {
    const recent = this.#recent(seq, subscription)?.slice(0, PAGE) ?? [];
    return recent.length > 0 ? recent : this.#stored(seq, subscription);
  }

  /** The ring's entries from `seq` on; null when the ring lacks some of them, or lacks the surroundings that this subscriber watches. */
  #recent(seq: number, subscription: Subscription): readonly Entry[] | null {
    const oldest = this.#ring[0]?.batch.seq ?? this.#position + 1;
    const watchedBehind = this.#subscriptions.get(subscription)?.watchedBehind ?? 0;
    if (seq <= watchedBehind || seq < oldest) return null;
    return this.#ring.filter((entry) => entry.batch.seq >= seq);
  }

  async #stored(seq: number, { options }: Subscription): Promise<readonly Entry[]> {
    const span = { after: seq - 1, upTo: this.#position };
    const { floor, batches } = await readLog(this.#options.view, span, PAGE);
    if (seq < floor) throw cursorExpired(floor);
    const around = await readSurroundings(this.#options.view, batches, {
      packages: options.packages ?? [],
      holders: options.holders ?? false,
    });
    return batches.map((batch) => ({ batch, around }));
  }

  leave(subscription: Subscription): void {
    this.#subscriptions.get(subscription)?.unwatch();
    this.#subscriptions.delete(subscription);
  }

  async #startAt(after: string | undefined): Promise<Start> {
    if (after !== undefined)
      return { place: skipEnd(await this.#placeOf(parseLogCursor(after))), cursor: after };
    // The relay's own position may be older, and what another process committed before now is not news.
    const seq = await this.head();
    return { place: { seq: seq + 1, index: -1 }, cursor: await this.#cursorAt(seq) };
  }

  async #cursorAt(seq: number): Promise<string> {
    const { at } = await readLogPlace(this.#options.view, seq);
    return logCursor({ seq, at, index: END_OF_BATCH });
  }

  async #placeOf(place: CursorPlace): Promise<LogPlace> {
    const top = await this.head();
    // Read after the head: what is behind the head can be read.
    const { floor, at } = await readLogPlace(this.#options.view, place.seq);
    if (place.seq > Math.max(top, this.#position)) throw cursorReplaced(top);
    if (skipEnd(place).seq < floor) throw cursorExpired(floor);
    if (at !== place.at) throw place.seq < floor ? cursorExpired(floor) : cursorReplaced(top);
    return place;
  }

  /** After a failure, batches that were passed along are read from the log instead. */
  async #step(): Promise<boolean> {
    try {
      return await this.#publishNext();
    } catch (error) {
      this.#handed = [];
      throw error;
    }
  }

  /** Publishes the next batches. @returns true when there may be more */
  async #publishNext(): Promise<boolean> {
    this.#handed = this.#handed.filter((batch) => batch.seq > this.#position);
    const next = this.#handed.find((batch) => batch.seq === this.#position + 1);
    if (next) {
      await this.#publish([next]);
      return true;
    }
    const { view } = this.#options;
    const top = view.log.whole > this.#position ? view.log.whole : await this.head();
    if (top === this.#position) {
      if (this.#handed.length === 0) this.#behindSince = null;
      return false;
    }
    const span = { after: this.#position, upTo: top };
    const { floor, batches } = await readLog(view, span, PAGE);
    if (top < this.#position || floor > this.#position + 1) this.#startOver(top, floor);
    else if (batches.length > 0) await this.#publish(batches);
    return (
      batches.length === PAGE || this.#handed.some((batch) => batch.seq === this.#position + 1)
    );
  }

  async #publish(batches: readonly Batch[]): Promise<void> {
    this.#inFlight = batches.at(-1)?.seq ?? this.#position;
    this.#behindSince = batches[0]?.at ?? null;
    const around = await readSurroundings(this.#options.view, batches, {
      packages: this.#watchlist.packages(),
      holders: this.#watchlist.holders,
    });
    for (const batch of batches) this.#hand({ batch, around });
    for (const listener of this.#advanceListeners) listener();
  }

  #hand(entry: Entry): void {
    this.#position = entry.batch.seq;
    this.#ring.push(entry);
    this.#ringMessages += entry.batch.messages.length;
    while (
      this.#ring.length > (this.#options.ringBatches ?? 1000) ||
      this.#ringMessages > (this.#options.ringMessages ?? 50_000)
    )
      this.#ringMessages -= this.#ring.shift()?.batch.messages.length ?? this.#ringMessages;
    for (const subscription of this.#subscriptions.keys()) subscription.publish(entry);
  }

  /** Begins at the head again, when the log was replaced, or was cut while this process slept. The batches between are lost. */
  #startOver(top: number, floor: number): void {
    this.#options.logger.warn(
      { position: this.#position, top, floor },
      'The log does not continue at the position of this process',
    );
    this.#ring.length = 0;
    this.#ringMessages = 0;
    this.#position = top;
    this.#inFlight = top;
    this.#behindSince = null;
    for (const subscription of this.#subscriptions.keys()) subscription.fail(cursorExpired(floor));
    for (const listener of this.#advanceListeners) listener();
  }
}

/** The end of a batch is the beginning of the next one, so the batch itself need not exist any more. */
function skipEnd(place: LogPlace): LogPlace {
  return place.index >= END_OF_BATCH ? { seq: place.seq + 1, index: -1 } : place;
}
