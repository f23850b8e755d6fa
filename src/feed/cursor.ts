import { Problem } from '../shared/problem.js';
import { decodeCursor, encodeCursor } from '../shared/page.js';

/** A place in the log: just after message `index` of batch `seq`. */
export interface LogPlace {
  readonly seq: number;
  readonly index: number;
}

/** An index after every message of a batch. */
export const END_OF_BATCH = 2 ** 31;

/** An opaque cursor for a place in the log. */
export function logCursor(seq: number, index: number): string {
  return encodeCursor(['log', seq, index]);
}

/**
 * Reads a cursor of the log.
 *
 * @throws Problem BAD_USER_INPUT when the cursor is not one of the log
 */
export function parseLogCursor(cursor: string): LogPlace {
  const [log, seq, index] = decodeCursor(cursor, ['string', 'number', 'number']);
  const good =
    log === 'log' && typeof seq === 'number' && typeof index === 'number' && seq >= 0 && index >= 0;
  if (!good)
    throw new Problem(
      'BAD_USER_INPUT',
      'Argument "after": this cursor belongs to another list. Use the "cursor" of a message.',
      {
        details: { argument: 'after', found: cursor },
      },
    );
  return { seq, index };
}

/** The problem of a place that the log no longer keeps. */
export function cursorExpired(floor: number): Problem {
  return new Problem(
    'CURSOR_EXPIRED',
    'The log no longer reaches back to that cursor. Read the state again and subscribe without "after".',
    { details: { oldestSeq: floor } },
  );
}
