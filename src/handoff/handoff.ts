import type { Direction } from '../shared/page.js';

/** The progress of a change of custody. */
export type HandoffStatus = 'OUTSTANDING' | 'RECEIVED' | 'PARTIAL' | 'VOIDED' | 'UNEXPECTED';

/** A change of custody: a shipping and what became of it. The writer makes it from shipping and receiving events. */
export interface Handoff {
  /** Id of the shipping event, or `over:…` for a receipt of something that nobody shipped. */
  readonly id: string;
  readonly status: HandoffStatus;
  /** Epoch ms. For UNEXPECTED, it is the time of the receipt. */
  readonly shippedAt: number;
  /** When the shipping says it is expected, epoch ms; null when it does not say. */
  readonly dueAt: number | null;
  /** Site keys; null when unknown. */
  readonly from: string | null;
  readonly to: string | null;
  readonly fromParty: string | null;
  readonly toParty: string | null;
  /** Number of packages that the shipping names. */
  readonly expected: number;
  /** How many of these were received under their own key. */
  readonly direct: number;
  /** How many packages inside them were received on their own. */
  readonly parts: number;
  readonly firstReceivedAt: number | null;
  readonly lastReceivedAt: number | null;
}

/** Compares shipped and received, in packages or in units. */
export interface HandoffCount {
  readonly shipped: number;
  readonly received: number;
  /** Not received yet, but more may come: status OUTSTANDING or PARTIAL. */
  readonly outstanding: number;
  /** Not received although something else was. */
  readonly short: number;
  /** Received although nobody shipped it. */
  readonly over: number;
}

/** A package of a handoff. */
export interface HandoffPackage {
  readonly key: string;
  readonly container: boolean;
  /** A partner named it and does not see it, so nothing else is told of it. */
  readonly isClaimed?: boolean;
  /** True when the shipping names it. Otherwise it came as part of a named package, or nobody shipped it. */
  readonly shipped: boolean;
  /** True when its shipping was voided. */
  readonly voided: boolean;
  readonly receivedAt: number | null;
  readonly site: string | null;
  readonly eventId: string | null;
}

/** The wanted handoffs, in canonical keys. Null means no condition. */
export interface HandoffFilter {
  readonly ids: readonly string[] | null;
  /** Lots and products (GTINs) of which units were inside at shipping. */
  readonly lots: readonly string[] | null;
  readonly gtins: readonly string[] | null;
  readonly parties: readonly string[] | null;
  /** The party at the other end from `parties`. */
  readonly counterparts: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly from: readonly string[] | null;
  readonly to: readonly string[] | null;
  readonly statuses: readonly string[] | null;
  readonly shippedFrom: number | null;
  readonly shippedUntil: number | null;
  readonly dueFrom: number | null;
  readonly dueUntil: number | null;
  /** Shipped before this and still open. */
  readonly openBefore: number | null;
  /** Something was received, but not all. */
  readonly short: boolean | null;
  /** Open after it was due, or received after it was due. */
  readonly late: boolean | null;
}

/** The order of a list of handoffs. By receipt or due time, the list has only those that have one. */
export interface HandoffOrder {
  readonly field: 'SHIPPED' | 'DUE' | 'RECEIVED';
  readonly direction: Direction;
}
