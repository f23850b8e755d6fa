import type { View } from '../access/view.js';
import {
  END_OF_BATCH,
  cursorExpired,
  cursorReplaced,
  feedCursor,
  logCursor,
  parseFeedCursor,
  parseLogCursor,
} from './cursor.js';
import type { FeedPlace, LogPlace } from './cursor.js';
import { readLogPlace } from './feed.read-model.js';
import type { Batch } from './messages.js';
import { endOf } from './subscription.js';
import type { Start } from './subscription.js';
import { readToldEnds } from './told.read-model.js';
import type { ToldEnds } from './told.read-model.js';

/** A cursor, or an end of the feed: the oldest that is kept, or now. */
export type After = string | typeof OLDEST | undefined;
export const OLDEST = Symbol('the oldest that is kept');

/**
 * Where the host's reading of the log begins: after a cursor, or at the head.
 *
 * @param position how far this process has given out the log; it may know more than the head that was just read
 * @throws Problem BAD_USER_INPUT for what is no cursor of the log, CURSOR_EXPIRED for a place that the log no longer keeps or does not have
 */
export async function startInLog(
  view: View,
  after: After,
  { head, position }: { readonly head: number; readonly position: number },
): Promise<Start> {
  if (after === undefined) {
    const { at } = await readLogPlace(view, head);
    const cursor = logCursor({ seq: head, at, index: END_OF_BATCH });
    return { place: { seq: head + 1, index: -1 }, reached: { seq: head, cursor } };
  }
  if (after === OLDEST) {
    const { floor } = await readLogPlace(view, 0);
    const cursor = await oldestOf(view, floor);
    return { place: { seq: floor, index: -1 }, reached: { seq: Math.max(floor - 1, 0), cursor } };
  }
  const place = parseLogCursor(after);
  const { floor, at } = await readLogPlace(view, place.seq);
  if (place.seq > Math.max(head, position)) throw cursorReplaced();
  const isForgotten = place.seq < floor;
  if (skipEnd(place).seq < floor) throw cursorExpired(await oldestOf(view, floor));
  if (at !== place.at)
    throw isForgotten ? cursorExpired(await oldestOf(view, floor)) : cursorReplaced();
  return { place: skipEnd(place), reached: { seq: place.seq, cursor: after } };
}

/** The cursor before the oldest batch of the log that is kept. */
export async function oldestOf(view: View, floor: number): Promise<string> {
  const { at } = await readLogPlace(view, floor);
  return logCursor({ seq: floor, at, index: -1 });
}

/** The end of a batch is the beginning of the next one, so the batch itself need not exist any more. */
function skipEnd(place: LogPlace): LogPlace {
  return place.index >= END_OF_BATCH ? { seq: place.seq + 1, index: -1 } : place;
}

/**
 * Where an organisation's reading of its own feed begins: after a cursor, or at its end.
 *
 * @param since the record time before which nothing is given any more; epoch ms
 * @throws Problem like {@link startInLog}
 */
export async function startInFeed(
  view: View,
  after: After,
  span: { readonly head: number; readonly since: number },
): Promise<Start> {
  const asked = typeof after === 'string' ? parseFeedCursor(after) : null;
  const ends = await readToldEnds(view, asked?.n ?? 0, span);
  const { oldest, next } = ends;
  const now = { place: { seq: span.head + 1, index: -1 }, reached: endOfTold(ends) };
  const begin = oldest === null ? now : before(oldest);
  if (asked === null) return after === OLDEST ? begin : now;
  if (isReplaced(asked, ends)) throw cursorReplaced();
  if (isForgotten(asked, ends, span.since)) throw cursorExpired(begin.reached.cursor);
  const { place } = next === null ? now : before(next);
  return { place, reached: { seq: asked.n, cursor: feedCursor(asked) } };
}

function endOfTold({ newest }: ToldEnds): Start['reached'] {
  return newest === null ? { seq: 0, cursor: feedCursor({ n: 0, at: 0 }) } : endOf(newest);
}

function isForgotten({ n }: FeedPlace, { next }: ToldEnds, since: number): boolean {
  return next !== null && (firstOf(next) > n + 1 || next.at < since);
}

/** Whether the feed never had that message, or has another one in its place. */
function isReplaced({ n, at }: FeedPlace, { newest, here }: ToldEnds): boolean {
  if (n > (newest?.last ?? 0)) return true;
  return here !== null && n > 0 && firstOf(here) <= n && here.at !== at;
}

/** The number of the first message of a batch. */
function firstOf({ last = 0, messages }: Batch): number {
  return last - messages.length + 1;
}

/** The place just before a batch. */
function before(batch: Batch): Start {
  const n = firstOf(batch) - 1;
  return {
    place: { seq: batch.seq, index: -1 },
    reached: { seq: n, cursor: feedCursor({ n, at: batch.at }) },
  };
}
