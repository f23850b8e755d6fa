import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { DAY_MS } from '../shared/ahead.js';
import { append } from '../shared/append.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import { Problem } from '../shared/problem.js';
import { storeCommittedCursor } from './committed-cursor.store.js';
import { cursorExpired } from './cursor.js';
import type { CommittedCursor, Feed, FeedPage, SubscribeOptions } from './feed.js';
import { readLog } from './feed.read-model.js';
import type { Batch, FeedBatch, FeedItem, FeedMessage } from './messages.js';
import { OLDEST, oldestOf, startInFeed, startInLog } from './start.js';
import type { After } from './start.js';
import { Subscription, endOf, freshItems } from './subscription.js';
import type { Entry, EntryPage, Source, Start } from './subscription.js';
import { NO_SURROUNDINGS } from './surroundings.js';
import type { Surroundings, Watched } from './surroundings.js';
import { readTold, readToldIn } from './told.read-model.js';
import { Watchlist, readSurroundings } from './watch.js';

/** The options of a relay. */
export interface RelayOptions {
  readonly view: View;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long partners can get again what they were told, ms; default 30 days. */
  readonly toldMs?: number;
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
const TOLD_MS = 30 * DAY_MS;

/** A batch in memory, also as the organisations were told of it that had subscribers then; null told nothing. */
interface Remembered extends Entry {
  readonly told: ReadonlyMap<string, Batch | null>;
}

/** What somebody subscribes to: the feed of an organisation, or the log for the host. */
type Whose = string | null;

interface Subscribed {
  readonly unwatch: () => void;
  readonly watchedBehind: number;
}
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
  readonly #subscriptions = new Map<Subscription, Subscribed>();
  readonly #byOrganisation = new Map<Whose, Set<Subscription>>();
  readonly #watchlist = new Watchlist();
  readonly #advanceListeners = new Set<() => void>();
  readonly #ring: Remembered[] = [];
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

  around(view: View, messages: readonly FeedMessage[], watched: Watched): Promise<Surroundings> {
    return readSurroundings(view, messages, watched);
  }

  head(): Promise<number> {
    return this.#options.view.log.read();
  }

  async cursor(view: View): Promise<string> {
    return (await this.#startAt(view, undefined)).reached.cursor;
  }

  async commit(view: View, name: string, cursor: string): Promise<CommittedCursor> {
    await this.#startAt(view, cursor);
    const committed = { name, cursor, committedAt: this.#options.clock.now() };
    const { organisation } = view.principal;
    await this.#options.view.write((tx) => storeCommittedCursor(tx, organisation, committed));
    return committed;
  }

  async page(view: View, after: string | undefined, first: number): Promise<FeedPage> {
    const upTo = await this.head();
    const { place, reached } = await this.#startAt(view, after ?? OLDEST, upTo);
    const items: FeedItem[] = [];
    let end = reached;
    let seq = place.seq;
    for (;;) {
      const batches = isPartner(view)
        ? await readTold(view, { after: end.seq, upTo }, PAGE)
        : await this.#logFrom(seq, upTo);
      for (const batch of batches) {
        // Known by a batch of its own: that the log goes on would tell a partner of others.
        if (items.length >= first) return { items, ...end, hasMore: true };
        append(items, freshItems(batch, place, end.seq));
        end = endOf(batch);
        seq = batch.seq + 1;
      }
      if (batches.length < PAGE) return { items, ...end, hasMore: false };
    }
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
    const start = await this.#startAt(options.view ?? this.#options.view, options.after);
    const subscription = new Subscription(this, options, start);
    this.#opened++;
    this.#join(subscription);
    return subscription;
  }

  #join(subscription: Subscription): void {
    const { packages = [], holders = false } = subscription.options;
    const organisation = whose(subscription.options);
    const watches = packages.length > 0 || holders || organisation !== null;
    const sharing = this.#byOrganisation.get(organisation) ?? new Set();
    this.#byOrganisation.set(organisation, sharing.add(subscription));
    this.#subscriptions.set(subscription, {
      unwatch: organisation === null ? this.#watchlist.add(packages, holders) : () => undefined,
      watchedBehind: watches ? Math.max(this.#position, this.#inFlight) : 0,
    });
  }

  joinLive(seq: number, subscription: Subscription): readonly Entry[] | null {
    const recent = this.#recent(seq, subscription);
    const messages = recent?.reduce((sum, { batch }) => sum + batch.messages.length, 0) ?? 0;
    // Half of the room is left for messages that are committed before the subscriber takes these.
    return messages > this.maxWaiting / 2 ? null : recent;
  }

  async readPage(seq: number, subscription: Subscription): Promise<EntryPage> {
    const recent = this.#recent(seq, subscription)?.slice(0, PAGE) ?? [];
    const newest = recent.at(-1);
    if (newest !== undefined) return { entries: recent, until: newest.batch.seq };
    const organisation = whose(subscription.options);
    return organisation === null ? this.#storedLog(seq, subscription) : this.#told(subscription);
  }

  /** The ring's entries from `seq` on; null when the ring lacks some of them, or lacks what this subscriber watches or is told. */
  #recent(seq: number, subscription: Subscription): readonly Entry[] | null {
    const oldest = this.#ring[0]?.batch.seq ?? this.#position + 1;
    const watchedBehind = this.#subscriptions.get(subscription)?.watchedBehind ?? 0;
    if (seq <= watchedBehind || seq < oldest) return null;
    const recent = this.#ring.filter((entry) => entry.batch.seq >= seq);
    const organisation = whose(subscription.options);
    if (organisation === null) return recent;
    if (!recent.every(({ told }) => told.has(organisation))) return null;
    return recent.flatMap((entry) => toldTo(organisation, entry) ?? []);
  }

  async #storedLog(seq: number, { options }: Subscription): Promise<EntryPage> {
    const batches = await this.#logFrom(seq, this.#position);
    const around = await readSurroundings(this.#options.view, messagesIn(batches), {
      packages: options.packages ?? [],
      holders: options.holders ?? false,
    });
    const entries = batches.map((batch) => ({ batch, around }));
    return { entries, until: batches.at(-1)?.seq ?? seq - 1 };
  }

  async #logFrom(seq: number, upTo: number): Promise<readonly Batch[]> {
    const span = { after: seq - 1, upTo };
    const { floor, batches } = await readLog(this.#options.view, span, PAGE);
    if (seq < floor) throw cursorExpired(await oldestOf(this.#options.view, floor));
    return batches;
  }

  async #told({ options: { view }, reached }: Subscription): Promise<EntryPage> {
    const upTo = this.#position;
    const told = view === undefined ? [] : await readTold(view, { after: reached, upTo }, PAGE);
    const entries = told.map((batch) => ({ batch, around: NO_SURROUNDINGS }));
    return { entries, until: told.length < PAGE ? upTo : (told.at(-1)?.seq ?? upTo) };
  }

  leave(subscription: Subscription): void {
    this.#subscriptions.get(subscription)?.unwatch();
    this.#subscriptions.delete(subscription);
    const organisation = whose(subscription.options);
    const sharing = this.#byOrganisation.get(organisation);
    sharing?.delete(subscription);
    if (sharing?.size === 0) this.#byOrganisation.delete(organisation);
  }

  /** @param upTo the head of the log, if it was just read: what another process committed before now is not news, and can be read */
  async #startAt(view: View, after: After, upTo?: number): Promise<Start> {
    const head = upTo ?? (await this.head());
    if (!isPartner(view))
      return startInLog(this.#options.view, after, { head, position: this.#position });
    const since = this.#options.clock.now() - (this.#options.toldMs ?? TOLD_MS);
    return startInFeed(view, after, { head, since });
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
    if (top < this.#position || floor > this.#position + 1) await this.#startOver(top, floor);
    else if (batches.length > 0) await this.#publish(batches);
    return (
      batches.length === PAGE || this.#handed.some((batch) => batch.seq === this.#position + 1)
    );
  }

  async #publish(batches: readonly Batch[]): Promise<void> {
    const upTo = batches.at(-1)?.seq ?? this.#position;
    this.#inFlight = upTo;
    this.#behindSince = batches[0]?.at ?? null;
    const { view } = this.#options;
    const organisations = [...this.#byOrganisation.keys()].filter((one) => one !== null);
    const [around, told] = await Promise.all([
      readSurroundings(view, messagesIn(batches), {
        packages: this.#watchlist.packages(),
        holders: this.#watchlist.holders,
      }),
      organisations.length === 0
        ? undefined
        : readToldIn(view, organisations, { after: this.#position, upTo }),
    ]);
    for (const batch of batches) {
      const toldOf = told?.get(batch.seq);
      const each = organisations.map((one) => [one, toldOf?.get(one) ?? null] as const);
      this.#hand({ batch, around, told: new Map(each) });
    }
    for (const listener of this.#advanceListeners) listener();
  }

  #hand(entry: Remembered): void {
    this.#position = entry.batch.seq;
    this.#remember(entry);
    for (const subscription of this.#byOrganisation.get(null) ?? []) subscription.publish(entry);
    for (const organisation of entry.told.keys()) {
      const told = toldTo(organisation, entry);
      if (told === null) continue;
      for (const subscription of this.#byOrganisation.get(organisation) ?? [])
        subscription.publish(told);
    }
  }

  #remember(entry: Remembered): void {
    this.#ring.push(entry);
    this.#ringMessages += entry.batch.messages.length;
    while (
      this.#ring.length > (this.#options.ringBatches ?? 1000) ||
      this.#ringMessages > (this.#options.ringMessages ?? 50_000)
    )
      this.#ringMessages -= this.#ring.shift()?.batch.messages.length ?? this.#ringMessages;
  }

  /** Begins at the head again, when the log was replaced, or was cut while this process slept. The batches between are lost. */
  async #startOver(top: number, floor: number): Promise<void> {
    const why = cursorExpired(await oldestOf(this.#options.view, floor));
    this.#options.logger.warn(
      { position: this.#position, top, floor },
      'The log does not continue at the position of this process',
    );
    this.#ring.length = 0;
    this.#ringMessages = 0;
    this.#position = top;
    this.#inFlight = top;
    this.#behindSince = null;
    for (const subscription of this.#subscriptions.keys()) subscription.fail(why);
    for (const listener of this.#advanceListeners) listener();
  }
}

function messagesIn(batches: readonly Batch[]): readonly FeedMessage[] {
  return batches.flatMap(({ messages }) => messages);
}

/** Whose feed is subscribed to. */
function whose({ view }: SubscribeOptions): Whose {
  return view !== undefined && isPartner(view) ? view.principal.organisation : null;
}

function toldTo(organisation: string, { told }: Remembered): Entry | null {
  const batch = told.get(organisation) ?? null;
  return batch === null ? null : { batch, around: NO_SURROUNDINGS };
}
