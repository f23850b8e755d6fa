import type { View } from '../access/view.js';
import { createHash } from 'node:crypto';
import { eventsSince } from '../epcis-query/index.js';
import type { EventQuery, FoundEvent } from '../epcis-query/index.js';
import type { BatchLimits, Placed, Position } from './batch.rules.js';
import {
  comparePlaces,
  cutBatch,
  isBehind,
  positionBehind,
  wholeCommits,
  wholeCommitsBefore,
} from './batch.rules.js';

/** What a reader looks for. */
export interface Wanted {
  readonly query: EventQuery;
  /** Only events recorded from this time on, epoch ms; null means all. */
  readonly sinceRecordTime: number | null;
}

/** An event on its way to a subscriber. */
export interface PlacedEvent extends FoundEvent, Placed {}

/** How many matching events are read at first. A commit with more is read whole. */
const READ = 200;

/**
 * The matching events after a position, in the order of delivery, read slightly ahead.
 *
 * Events are returned again until {@link taken} says that they arrived.
 */
export class EventReader {
  readonly #view: View;
  readonly #wanted: Wanted;
  #position: Position;
  #ahead: readonly PlacedEvent[] = [];
  /** Up to this log position, `#ahead` has all events. */
  #readUpTo: number;

  constructor(view: View, wanted: Wanted, position: Position) {
    this.#view = view;
    this.#wanted = wanted;
    this.#position = position;
    this.#readUpTo = wholeCommitsBefore(position);
  }

  /** Everything up to this position arrived, or does not match. */
  get position(): Position {
    return this.#position;
  }

  /** The next events that fit into a document, up to the log position `head`; empty when there are none. */
  async next(head: number, limits: BatchLimits): Promise<readonly PlacedEvent[]> {
    while (this.#ahead.length === 0 && this.#readUpTo < head) await this.#read(head, READ);
    // Also after the last event of a commit that was read whole: a position inside a commit would be due again and again.
    if (this.#ahead.length === 0 && this.#readUpTo >= this.#position.seq)
      this.#position = { seq: this.#readUpTo, after: null };
    return cutBatch(this.#ahead, limits);
  }

  /** Notes that the last returned events have arrived. */
  taken(events: readonly PlacedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#ahead = this.#ahead.slice(events.length);
    this.#position = positionBehind(last);
  }

  /** Forgets what was read ahead. It is read again when needed. */
  rest(): void {
    if (this.#ahead.length === 0) return;
    this.#ahead = [];
    this.#readUpTo = wholeCommitsBefore(this.#position);
  }

  async #read(head: number, limit: number): Promise<void> {
    const { query, sinceRecordTime } = this.#wanted;
    const span = { seqAfter: this.#readUpTo, seqTo: head, limit };
    const found = (await eventsSince(this.#view, query, span)).map(placed);
    const whole = wholeCommits(found, limit);
    if (whole === null) {
      await this.#read(head, limit * 4);
      return;
    }
    this.#ahead = whole.events
      .filter((event) => isBehind(event, this.#position))
      .filter(({ recordTimeMs }) => sinceRecordTime === null || recordTimeMs >= sinceRecordTime)
      .sort(comparePlaces);
    this.#readUpTo = whole.upTo ?? head;
  }
}

/** An event may have several declarations. Their text distinguishes them. */
function placed(event: FoundEvent): PlacedEvent {
  const mark = event.isDeclaration ? createHash('sha256').update(event.text).digest('base64') : '';
  return { ...event, mark };
}
