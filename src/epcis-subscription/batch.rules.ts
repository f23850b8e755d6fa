import { greatest } from '../shared/append.js';

/** What places an event in the order of delivery: the log first, within one commit the event time. */
export interface Placed {
  readonly seq: number;
  readonly eventTimeMs: number;
  readonly id: string;
  /** Tells apart what has the same id: empty for the event, which comes first, something for each declaration of its error. */
  readonly mark: string;
}

/** How far a subscriber has got: everything up to and including `after`, or all of `seq` when that is null. */
export interface Position {
  /** Position in the log. */
  readonly seq: number;
  /** The last event taken of commit `seq`, when not all of it was. */
  readonly after: Omit<Placed, 'seq'> | null;
}

/** How much goes into one document. */
export interface BatchLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** The order of delivery; the same whenever it is asked. */
export function comparePlaces(a: Placed, b: Placed): number {
  return (
    a.seq - b.seq ||
    a.eventTimeMs - b.eventTimeMs ||
    compareTexts(a.id, b.id) ||
    compareTexts(a.mark, b.mark)
  );
}

/** By code units: never by what a locale thinks. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The position of one who has taken `event` and all before it. */
export function positionBehind({ seq, eventTimeMs, id, mark }: Placed): Position {
  return { seq, after: { eventTimeMs, id, mark } };
}

/** The position up to which no event of a commit is left over: reads begin behind it. */
export function wholeCommitsBefore({ seq, after }: Position): number {
  return after === null ? seq : seq - 1;
}

/** Whether `event` is still to come for one who stands at `position`. */
export function isBehind(event: Placed, { seq, after }: Position): boolean {
  if (after === null) return event.seq > seq;
  return comparePlaces(event, { seq, ...after }) > 0;
}

/**
 * What of a read is whole: a read that met its limit may have cut the last commit in two, so that one is left for the next read.
 * Null when the limit was too small for a single commit: read again with a larger one.
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

/** The first events that fit a document; always one, however large. */
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

/** Events of the next try when the receiver called this many, at least two, too large. */
export function half(events: number): number {
  return Math.floor(events / 2);
}
