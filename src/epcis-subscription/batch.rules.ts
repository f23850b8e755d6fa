import { greatest } from '../shared/append.js';

/** What gives an event its place in the order of delivery: the log position, and within one commit the event time. */
export interface Placed {
  readonly seq: number;
  readonly eventTimeMs: number;
  readonly id: string;
  /** Distinguishes entries with the same id: empty for the event, which comes first, and a text for each of its error declarations. */
  readonly mark: string;
}

/** How far a subscriber has got: everything up to and including `after`, or all of `seq` when that is null. */
export interface Position {
  /** Position in the log. */
  readonly seq: number;
  /** The last event taken from commit `seq`, when only a part of the commit was taken. */
  readonly after: Omit<Placed, 'seq'> | null;
}

/** The largest size of one document. */
export interface BatchLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** The order of delivery. It never changes. */
export function comparePlaces(a: Placed, b: Placed): number {
  return (
    a.seq - b.seq ||
    a.eventTimeMs - b.eventTimeMs ||
    compareTexts(a.id, b.id) ||
    compareTexts(a.mark, b.mark)
  );
}

/** Compares by code units, whatever the locale. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The position after taking `event` and everything before it. */
export function positionBehind({ seq, eventTimeMs, id, mark }: Placed): Position {
  return { seq, after: { eventTimeMs, id, mark } };
}

/** The last commit that was taken completely. Reads begin after it. */
export function wholeCommitsBefore({ seq, after }: Position): number {
  return after === null ? seq : seq - 1;
}

/** Whether `event` still has to be sent at `position`. */
export function isBehind(event: Placed, { seq, after }: Position): boolean {
  if (after === null) return event.seq > seq;
  return comparePlaces(event, { seq, ...after }) > 0;
}

/**
 * The whole commits of a read. A read that reached its limit may have cut the last commit, so this commit is left for the next read. Null
 * when the limit was too small for one commit: then read again with a larger limit.
 */
export function wholeCommits<E extends Placed>(
  read: readonly E[],
  limit: number,
): { readonly events: readonly E[]; readonly upTo: number | null } | null {
  if (read.length < limit) return { events: read, upTo: null };
  const last = greatest(read.map(({ seq }) => seq));
  const events = read.filter(({ seq }) => seq < last);
  return events.length === 0 ? null : { events, upTo: last - 1 };
}

/** The first events that fit into a document: at least one, however large. */
export function cutBatch<E extends { readonly text: string }>(
  events: readonly E[],
  { maxEvents, maxBytes }: BatchLimits,
): readonly E[] {
  let bytes = 0;
  let count = 0;
  for (const { text } of events.slice(0, Math.max(1, maxEvents))) {
    bytes += text.length;
    if (count > 0 && bytes > maxBytes) break;
    count++;
  }
  return events.slice(0, count);
}

/** How many events to send next, when the receiver found this many (at least two) too large. */
export function half(events: number): number {
  return Math.floor(events / 2);
}
