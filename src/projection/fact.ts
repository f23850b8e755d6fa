import type { Move } from '../holdings/holding.js';

/** What an event does to membership. It is also the class that orders facts of one instant (README.md, rules 2 and 3). */
export type Act = 'commission' | 'unpack' | 'pack' | 'see' | 'end';

/**
 * One event, reduced to what the projection reads. Packages and sites are canonical keys (see `src/gs1/key.ts`).
 *
 * A TransformationEvent gives two facts: one commissions its outputs (`id` of the event), one sees its inputs (`id` ends in `~in`).
 */
export interface Fact {
  /** Unique: the event's id, or the event's id and `~in`. */
  readonly id: string;
  readonly eventId: string;
  /** Content hash, which orders the facts of one instant and class. */
  readonly hash: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly act: Act;
  readonly move?: Move;
  /** Aggregation parent (`pack`, `unpack`, or `see` of an OBSERVE). */
  readonly parent?: string;
  /** True for an unpack that empties its parent. This is decided at parsing and never from an empty list. */
  readonly all?: true;
  /** The named packages without the parent, each once. */
  readonly kids: readonly string[];
  /** bizLocation. */
  readonly site?: string;
  /** Where a shipping goes, from its destination of type `location`. */
  readonly dest?: string;
  /** The stated disposition, as a bare word of the CBV or a URI. */
  readonly disposition?: string;
  /** For `end`: dispensed, destroyed or decommissioned. */
  readonly end?: string;
  /** Lot number in the ilmd of a commissioning. */
  readonly lot?: string;
  /** Key of the organisation that sent the event; absent for the host. */
  readonly by?: string;
  /** Who owned and had the packages, from the sources. */
  readonly giver?: TransferEnd;
  /** Who is to own and have them, from the destinations. */
  readonly taker?: TransferEnd;
  /** Every party and place that the sources and destinations name. */
  readonly parties?: readonly string[];
  /** What the other fact of the same event names. */
  readonly beside?: readonly string[];
}

/** The parties of one end of a transfer: `owning_party` and `possessing_party`. */
export interface TransferEnd {
  readonly owner?: string;
  readonly possessor?: string;
}
