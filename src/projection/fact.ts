import type { Move } from '../holdings/holding.js';

/** What an event does to membership; also its class in the order of one instant (README.md, rules 2 and 3). */
export type Act = 'commission' | 'unpack' | 'pack' | 'see' | 'end';

/**
 * One event, reduced to what the projection reads. Packages and sites are canonical keys (see `src/gs1/key.ts`).
 *
 * A TransformationEvent gives two facts: its outputs commission (`id` = the event's), its inputs are seen (`id` ends in `~in`).
 */
export interface Fact {
  /** Unique; the event's id, or that and `~in`. */
  readonly id: string;
  readonly eventId: string;
  /** Content hash: orders the facts of one instant and class. */
  readonly hash: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly act: Act;
  readonly move?: Move;
  /** Aggregation parent (`pack`, `unpack`, or `see` of an OBSERVE). */
  readonly parent?: string;
  /** An unpack that empties its parent. Decided when parsed, never from an empty list. */
  readonly all?: true;
  /** Packages named, the parent apart. No repeats. */
  readonly kids: readonly string[];
  /** bizLocation. */
  readonly site?: string;
  /** Where a shipping goes: the destination of type `location`. */
  readonly dest?: string;
  /** Stated disposition, CBV bare word or URI. */
  readonly disposition?: string;
  /** For `end`: dispensed, destroyed or decommissioned. */
  readonly end?: string;
  /** Lot number in the ilmd of a commissioning. */
  readonly lot?: string;
}
