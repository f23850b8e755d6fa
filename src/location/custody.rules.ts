import type { TransferParties } from './event-text.rules.js';
import type { Whereabouts } from './whereabouts.rules.js';

/** What every event tells of when it was; also its place in the order of events of one instant. */
export interface EventMoment {
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly hash: string;
}

/** A shipping, receiving or void_shipping that touched a package. */
export interface CustodyMove extends EventMoment {
  readonly bizStep: string;
  /** Absent when the event names no party. */
  readonly parties?: TransferParties;
}

/** An event that says where it happened or where its objects are afterwards. */
export interface Sighting extends EventMoment {
  readonly bizStep: string | null;
  readonly readPoint: string | null;
  readonly bizLocation: string | null;
}

/** Steps of the CBV that hand something over. */
export const CUSTODY_STEPS = ['shipping', 'receiving', 'void_shipping'] as const;

/** The order of events: time, then content hash, then id. */
export function byMoment(a: EventMoment, b: EventMoment): number {
  return a.t - b.t || compare(a.hash, b.hash) || compare(a.eventId, b.eventId);
}

/** The newest of some events, or null. */
export function newestOf<E extends EventMoment>(events: readonly E[]): E | null {
  return events.reduce<E | null>(
    (newest, event) => (newest === null || byMoment(event, newest) > 0 ? event : newest),
    null,
  );
}

/**
 * Who has a package: the party operating its site, in transit the operator of the site it left; unless the possessing_party of the
 * newest handing over says otherwise. A shipping speaks while the package is in transit, a receiving or a void_shipping afterwards.
 *
 * @param operatorOf the party that operates a site
 */
export function holderOf(
  where: Whereabouts,
  newest: CustodyMove | null,
  operatorOf: (site: string) => string | null,
): string | null {
  const site = where.state === 'IN_TRANSIT' ? where.origin : where.site;
  return statedHolder(where, newest) ?? (site === null ? null : operatorOf(site));
}

/**
 * Who owns a package: the owning_party of the newest completed transfer. A shipping tells who owns it and who is meant to, a
 * receiving completes that, a void_shipping takes it back. Null while nobody told.
 *
 * @param moves in the order of events
 */
export function ownerOf(moves: readonly CustodyMove[]): string | null {
  let owner: string | null = null;
  let intended: string | null = null;
  for (const { bizStep, parties } of moves) {
    const [from, to] = [parties?.source.owner, parties?.destination.owner];
    if (bizStep === 'shipping') {
      owner = from ?? owner;
      intended = to ?? intended;
    } else if (bizStep === 'receiving') {
      owner = to ?? intended ?? owner;
      intended = null;
    } else {
      intended = null;
    }
  }
  return owner;
}

function statedHolder(where: Whereabouts, newest: CustodyMove | null): string | undefined {
  if (newest === null) return undefined;
  const onTheWay = where.state === 'IN_TRANSIT';
  if ((newest.bizStep === 'shipping') !== onTheWay) return undefined;
  const end = newest.bizStep === 'receiving' ? 'destination' : 'source';
  return newest.parties?.[end].possessor;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
