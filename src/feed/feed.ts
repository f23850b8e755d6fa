import type { View } from '../access/view.js';
import type { FeedBatch, FeedItem, FeedMessage } from './messages.js';
import type { Surroundings, Watched } from './surroundings.js';

/** What a subscriber wants from the log. */
export interface SubscribeOptions {
  /** Who asks. An organisation has its own feed, which has only what it sees. Without it, the host. */
  readonly view?: View;
  /** Cursor of the last message seen. What came after it is given first. Without it, the subscription begins now. */
  readonly after?: string;
  /** Packages whose containers `wants` asks for. With them, a message about a pallet can be matched to a unit inside it. */
  readonly packages?: readonly string[];
  /** True when `wants` asks for the holder at a site. */
  readonly holders?: boolean;
  /** Selects messages; without it, all are wanted. It is called once for each message, so keep it cheap. */
  readonly wants?: (message: FeedMessage, around: Surroundings) => boolean;
}

/** How far a consumer has taken a feed. */
export interface CommittedCursor {
  readonly name: string;
  readonly cursor: string;
  /** Epoch ms. */
  readonly committedAt: number;
}

/** Some messages of a feed, read at once. */
export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** A cursor behind the last message that was read. */
  readonly cursor: string;
  /** Its number. */
  readonly seq: number;
  /** There may be more now. */
  readonly hasMore: boolean;
}

/** Reads the log: every committed message once, in order, without gaps. */
export interface Feed {
  /**
   * The wanted messages from `after` (or from now) on, in order and by batch. Batches without a wanted message are left out.
   * While nothing is wanted, a heartbeat comes now and then. Without `after`, a heartbeat comes first.
   *
   * `next()` rejects at most once, at the end, with a Problem: CURSOR_EXPIRED (the log was cut meanwhile),
   * LAGGED (more waiting messages than the bound), SERVICE_UNAVAILABLE. `return()` settles at once.
   *
   * @throws Problem BAD_USER_INPUT for what is no cursor of a log, CURSOR_EXPIRED for a place that this log no longer keeps or does not have
   */
  subscribe(options?: SubscribeOptions): Promise<AsyncIterableIterator<FeedBatch>>;
  /** What messages do not contain, as who asks sees it: the containers around packages, and the holders at sites. */
  around(view: View, messages: readonly FeedMessage[], watched: Watched): Promise<Surroundings>;
  /** The newest committed log position, of any process. */
  head(): Promise<number>;
  /** A cursor for the end of the feed of who asks, now. */
  cursor(view: View): Promise<string>;
  /**
   * The messages after a cursor, or from the oldest that is kept, without waiting; at least `first` unless there are no more, and whole batches.
   *
   * @throws Problem like {@link subscribe}
   */
  page(view: View, after: string | undefined, first: number): Promise<FeedPage>;
  /**
   * Keeps a cursor under the name of a consumer.
   *
   * @throws Problem like {@link subscribe}
   */
  commit(view: View, name: string, cursor: string): Promise<CommittedCursor>;
}
