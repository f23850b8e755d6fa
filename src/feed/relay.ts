import type { View } from '../access/view.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import { Problem } from '../shared/problem.js';
import { END_OF_BATCH, cursorExpired, parseLogCursor } from './cursor.js';
import type { LogPlace } from './cursor.js';
import type { Feed, SubscribeOptions } from './feed.js';
import { readLog, readLogFloor } from './feed.read-model.js';
import type { Batch, FeedBatch } from './messages.js';
import { Subscription } from './subscription.js';
import type { Entry, Source } from './subscription.js';
import { Watchlist, readSurroundings } from './watch.js';

/** How a relay runs. */
export interface RelayOptions {
  readonly view: View;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often the log is asked when nothing nudges, ms; default 100. */
  readonly pollMs?: number;
  /** Most messages waiting for one subscriber; default 1,000. */
  readonly maxWaiting?: number;
  /** Batches and messages kept in memory for those who come back soon; default 1,000 and 50,000. */
  readonly ringBatches?: number;
  readonly ringMessages?: number;
}

const PAGE = 100;
const MAX_HANDED = 100;

/**
 * Reads the log, strictly in order, and hands it to this process's subscribers. One per process and database.
 *
 * Local commits nudge it (at once, without a read when the batch comes along); others are seen at the next poll.
 */
export class Relay implements Feed, Source {
  readonly maxWaiting: number;
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
  /** Highest batch whose surroundings are being read or known. */
  #inFlight = 0;
  #lagMs = 0;
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
  }

  /** Takes the log's head as its position and begins to poll. */
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

  /** Something was committed here: give the batch, and it need not be read. */
  nudge(batch?: Batch): void {
    if (batch && this.#handed.length < MAX_HANDED) this.#handed.push(batch);
    this.#loop.nudge();
  }

  /** Calls `listener` after each step forward in the log, whoever committed; returns what ends that. Keep it cheap, never throw. */
  onAdvance(listener: () => void): () => void {
    this.#advanceListeners.add(listener);
    return () => this.#advanceListeners.delete(listener);
  }

  /** Newest log position handed out. */
  get position(): number {
    return this.#position;
  }

  head(): Promise<number> {
    return this.#options.view.log.read();
  }

  /** For the metrics: subscribers now and ever, and how long after its commit the newest batch was handed out, ms. */
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
      lagMs: this.#lagMs,
    };
  }

  async subscribe(options: SubscribeOptions = {}): Promise<AsyncIterableIterator<FeedBatch>> {
    if (this.#loop.stopped) throw new Problem('SERVICE_UNAVAILABLE', 'The server is stopping');
    const place =
      options.after === undefined
        ? // Not this relay's own position: what another process committed before now is not news.
          { seq: await this.head(), index: END_OF_BATCH }
        : await this.#placeOf(parseLogCursor(options.after));
    const subscription = new Subscription(this, options, skipEnd(place));
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
    // Room is left for what is committed before it takes them.
    return messages > this.maxWaiting / 2 ? null : recent;
  }

  async readPage(seq: number, subscription: Subscription): Promise<readonly Entry[]> {
    const recent = this.#recent(seq, subscription)?.slice(0, PAGE) ?? [];
    return recent.length > 0 ? recent : this.#stored(seq, subscription);
  }

  /** The ring's entries from `seq` on; null when it does not hold all of them, or not what this subscriber watches. */
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

  async #placeOf(place: LogPlace): Promise<LogPlace> {
    const [top, floor] = await Promise.all([this.head(), readLogFloor(this.#options.view)]);
    if (place.seq > Math.max(top, this.#position))
      throw new Problem(
        'BAD_USER_INPUT',
        'Argument "after": this cursor is ahead of the log: it is of another database.',
        {
          details: { argument: 'after', found: place.seq, newestSeq: top },
        },
      );
    if (skipEnd(place).seq < floor) throw cursorExpired(floor);
    return place;
  }

  /** What was handed over is read again after a failure. */
  async #step(): Promise<boolean> {
    try {
      return await this.#publishNext();
    } catch (error) {
      this.#handed = [];
      throw error;
    }
  }

  /** Publishes what comes next; true when there may be more. */
  async #publishNext(): Promise<boolean> {
    this.#handed = this.#handed.filter((batch) => batch.seq > this.#position);
    const next = this.#handed.find((batch) => batch.seq === this.#position + 1);
    if (next) {
      await this.#publish([next]);
      return true;
    }
    const { view } = this.#options;
    const top = view.log.whole > this.#position ? view.log.whole : await this.head();
    if (top === this.#position) return false;
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
    this.#lagMs = Math.max(0, this.#options.clock.now() - entry.batch.at);
    for (const subscription of this.#subscriptions.keys()) subscription.publish(entry);
  }

  /** The log was replaced, or cut while this process slept: what lies between cannot be told. */
  #startOver(top: number, floor: number): void {
    this.#options.logger.warn(
      { position: this.#position, top, floor },
      'The log does not go on where this process stood',
    );
    this.#ring.length = 0;
    this.#ringMessages = 0;
    this.#position = top;
    this.#inFlight = top;
    for (const subscription of this.#subscriptions.keys()) subscription.fail(cursorExpired(floor));
    for (const listener of this.#advanceListeners) listener();
  }
}

/** The end of a batch is the beginning of the next: that batch itself need not exist any more. */
function skipEnd(place: LogPlace): LogPlace {
  return place.index >= END_OF_BATCH ? { seq: place.seq + 1, index: -1 } : place;
}
