import type { Batch } from './messages.js';

/** How to subscribe. */
export interface SubscribeOptions {
  /** Cursor of the last message seen: what came after it is given first. Absent: from now on. */
  readonly after?: string;
}

/** The log as it is read: every committed batch once, in order, without gaps. */
export interface Feed {
  /**
   * Batches from `after` (or from now) on, in order. Of the first batch only the messages behind the cursor are given.
   *
   * `next()` rejects once, as the last thing, with a Problem: CURSOR_EXPIRED, SLOW_SUBSCRIBER, SERVICE_UNAVAILABLE (stopping).
   * `return()` settles at once.
   *
   * @throws Problem BAD_USER_INPUT for a malformed cursor
   */
  subscribe(options?: SubscribeOptions): AsyncIterableIterator<Batch>;
  /** Newest position handed out. */
  readonly position: number;
}
