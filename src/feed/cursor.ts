import { Problem } from '../shared/problem.js';
import { decodeCursor, encodeCursor } from '../shared/page.js';

/** A place in the log: just after message `index` of batch `seq`, or with -1 before its first. */
export interface LogPlace {
  readonly seq: number;
  readonly index: number;
}

/** An index after every message of a batch. */
export const END_OF_BATCH = 2 ** 31;

/**
 * What a cursor says of its place. The record time tells the batch from another one that has its number: a database that was put back
 * to an earlier state, whatever did that, gives the same numbers to other batches later.
 */
export interface CursorPlace extends LogPlace {
  /** Record time of the batch, epoch ms; 0 for the place before the first batch. */
  readonly at: number;
}

/** An opaque cursor for a place in the log. */
export function logCursor({ seq, at, index }: CursorPlace): string {
  return encodeCursor(['log', seq, at, index]);
}

/**
 * Reads a cursor of the log.
 *
 * @throws Problem BAD_USER_INPUT when the cursor is not one of the log
 */
export function parseLogCursor(cursor: string): CursorPlace {
  const [log, ...numbers] = decodeCursor(cursor, ['string', 'number', 'number', 'number']);
  const [seq = -1, at = -1, index = -2] = numbers.map(Number);
  if (log !== 'log' || Math.min(seq, at, index + 1) < 0) throw ofAnotherList(cursor);
  return { seq, at, index };
}

/** What a cursor says of a place in the feed of an organisation: just after its message `n`. */
export interface FeedPlace {
  /** 0 for the place before the first message. */
  readonly n: number;
  /** Record time of the message, epoch ms; it tells a database that was put back. 0 for the place before the first. */
  readonly at: number;
}

/** An opaque cursor for a place in the feed of an organisation. It says nothing of what others are told. */
export function feedCursor({ n, at }: FeedPlace): string {
  return encodeCursor(['feed', n, at]);
}

/**
 * Reads a cursor of the feed of an organisation.
 *
 * @throws Problem BAD_USER_INPUT when the cursor is not one of a feed
 */
export function parseFeedCursor(cursor: string): FeedPlace {
  const [feed, ...numbers] = decodeCursor(cursor, ['string', 'number', 'number']);
  const [n = -1, at = -1] = numbers.map(Number);
  if (feed !== 'feed' || Math.min(n, at) < 0) throw ofAnotherList(cursor);
  return { n, at };
}

function ofAnotherList(cursor: string): Problem {
  return new Problem(
    'BAD_USER_INPUT',
    'Argument "after": this cursor belongs to another list. Use the "cursor" of a message.',
    { details: { argument: 'after', found: cursor } },
  );
}

/**
 * The problem of a place that the feed no longer keeps.
 *
 * @param oldest the oldest cursor that is kept
 */
export function cursorExpired(oldest: string): Problem {
  return new Problem(
    'CURSOR_EXPIRED',
    'The feed no longer reaches back to that cursor. Read the state again and subscribe without "after".',
    { details: { oldest } },
  );
}

/** The problem of a place that the feed had before the database was put back to an earlier state. */
export function cursorReplaced(): Problem {
  return new Problem(
    'CURSOR_EXPIRED',
    'The feed does not have the place of that cursor: the database was restored from a backup, or it is another one. Read the state again and subscribe without "after".',
    { details: { oldest: null } },
  );
}
