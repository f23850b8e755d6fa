import type { FeedBatch, FeedMessage } from './messages.js';
import type { Surroundings } from './surroundings.js';

/** What a subscriber wants of the log. */
export interface SubscribeOptions {
  /** Cursor of the last message seen: what came after it is given first. Absent: from now on. */
  readonly after?: string;
  /** Packages whose containers `wants` asks for: then a message about a pallet can be matched to a unit inside it. */
  readonly packages?: readonly string[];
  /** True when `wants` asks who has what stands at a site. */
  readonly holders?: boolean;
  /** Which messages; all when absent. Called once per message: keep it cheap. */
  readonly wants?: (message: FeedMessage, around: Surroundings) => boolean;
}

/** The log as it is read: every committed message once, in order, without gaps. */
export interface Feed {
  /**
   * Wanted messages from `after` (or from now) on, in order, batch by batch; batches with none are left out.
   *
   * `next()` rejects at most once, as the last thing, with a Problem: CURSOR_EXPIRED (the log was cut meanwhile),
   * SLOW_SUBSCRIBER (more waiting messages than the bound), SERVICE_UNAVAILABLE. `return()` settles at once.
   *
   * @throws Problem BAD_USER_INPUT for a cursor this log never gave, CURSOR_EXPIRED for one it no longer reaches back to
   */
  subscribe(options?: SubscribeOptions): Promise<AsyncIterableIterator<FeedBatch>>;
  /** Newest log position committed, by whatever process. */
  head(): Promise<number>;
}
