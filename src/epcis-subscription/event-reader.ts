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
  /** Only events recorded from then on, epoch ms; null: all. */
  readonly sinceRecordTime: number | null;
}

/** An event on its way to a subscriber. */
export interface PlacedEvent extends FoundEvent, Placed {}

/** Matching events first read at once; a commit that has more is read whole. */
const READ = 200;

/**
 * The matching events behind a position, in the order of delivery, read a little ahead.
 *
 * What was handed out is handed out again until {@link taken} says that it arrived.
 */
export class EventReader {
  readonly #view: View;
  readonly #wanted: Wanted;
  #position: Position;
  #ahead: readonly PlacedEvent[] = [];
  /** Log position up to which `#ahead` is all there is. */
  #readUpTo: number;

  constructor(view: View, wanted: Wanted, position: Position) {
    this.#view = view;
    this.#wanted = wanted;
    this.#position = position;
    this.#readUpTo = wholeCommitsBefore(position);
  }

  /** Everything up to here arrived, or does not match. */
  get position(): Position {
    return this.#position;
  }

  /** The next events that fit a document, up to the log position `head`; empty when there are none. */
  async next(head: number, limits: BatchLimits): Promise<readonly PlacedEvent[]> {
    while (this.#ahead.length === 0 && this.#readUpTo < head) await this.#read(head, READ);
    // Also where the commit was read whole and its last event taken: who still stands inside it is asked again and again.
    if (this.#ahead.length === 0 && this.#readUpTo >= this.#position.seq)
      this.#position = { seq: this.#readUpTo, after: null };
    return cutBatch(this.#ahead, limits);
  }

  /** The events handed out last have arrived. */
  taken(events: readonly PlacedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#ahead = this.#ahead.slice(events.length);
    this.#position = positionBehind(last);
  }

  /** Forgets what was read ahead: it is read again when it is wanted. */
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

/** Several declarations may be made of one event: what they say is what tells them apart. */
function placed(event: FoundEvent): PlacedEvent {
  const mark = event.isDeclaration ? createHash('sha256').update(event.text).digest('base64') : '';
  return { ...event, mark };
}
