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
}
