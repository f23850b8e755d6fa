import type { Move } from '../holdings/holding.js';
import type { TransferParties } from './event-text.rules.js';

/** When an event was. It also gives its place in the order of events of one instant. */
export interface EventMoment {
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly hash: string;
}

/** An event that changes the custody of a package, or that takes such a change back. */
export interface CustodyMove extends EventMoment {
  readonly move: Move;
  /** Absent when the event names no party. */
  readonly parties?: TransferParties;
}

/** An event that states where it happened or where its objects are afterwards. */
export interface Sighting extends EventMoment {
  readonly bizStep: string | null;
  readonly readPoint: string | null;
  readonly bizLocation: string | null;
}

/** The order of events: time, then content hash, then id. */
export function byMoment(a: EventMoment, b: EventMoment): number {
  return a.t - b.t || compare(a.hash, b.hash) || compare(a.eventId, b.eventId);
}

/** The newest of these events, or null. */
export function newestOf<E extends EventMoment>(events: readonly E[]): E | null {
  return events.reduce<E | null>(
    (newest, event) => (newest === null || byMoment(event, newest) > 0 ? event : newest),
    null,
  );
}

/**
 * Who owns a package: the owning_party of the newest completed transfer. A shipping states who owns it and who is to own it, a receiving
 * completes the transfer, and a void_shipping cancels it. Null while no owner was stated.
 *
 * @param moves in the order of events
 */
export function ownerOf(moves: readonly CustodyMove[]): string | null {
  let owner: string | null = null;
  let intended: string | null = null;
  for (const { move, parties } of moves) {
    const [from, to] = [parties?.source.owner, parties?.destination.owner];
    if (move === 'ship') {
      owner = from ?? owner;
      intended = to ?? intended;
    } else if (move === 'receive') {
      owner = to ?? intended ?? owner;
      intended = null;
    } else {
      intended = null;
    }
  }
  return owner;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
