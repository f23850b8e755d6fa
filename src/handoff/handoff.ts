/** How far a change of custody has come. */
export type HandoffStatus = 'OUTSTANDING' | 'RECEIVED' | 'PARTIAL' | 'VOIDED' | 'UNEXPECTED';

/** A change of custody: something shipped, and what became of it. Built by the writer from shipping and receiving. */
export interface Handoff {
  /** Id of the shipping event, or `over:…` for a receipt of something nobody shipped. */
  readonly id: string;
  readonly status: HandoffStatus;
  /** Epoch ms; of an UNEXPECTED one its receipt. */
  readonly shippedAt: number;
  /** Site keys; null when unknown. */
  readonly from: string | null;
  readonly to: string | null;
  readonly fromParty: string | null;
  readonly toParty: string | null;
  /** Packages named by the shipping. */
  readonly expected: number;
  /** Of these, received under their own key. */
  readonly direct: number;
  /** Receipts of things inside them. */
  readonly parts: number;
  readonly firstReceivedAt: number | null;
  readonly lastReceivedAt: number | null;
}

/** Shipped against received, in packages or in units. */
export interface HandoffCount {
  readonly shipped: number;
  readonly received: number;
  /** Not received yet while more may come: status OUTSTANDING or PARTIAL. */
  readonly outstanding: number;
  /** Not received although something was. */
  readonly short: number;
  /** Received though nobody shipped it. */
  readonly over: number;
}

/** A package of a handoff. */
export interface HandoffPackage {
  readonly key: string;
  readonly container: boolean;
  /** Named by the shipping; otherwise it came as a part of something named, or nobody shipped it. */
  readonly shipped: boolean;
  /** Its shipping was voided. */
  readonly voided: boolean;
  readonly receivedAt: number | null;
  readonly site: string | null;
  readonly eventId: string | null;
}

/** Which handoffs are wanted, in canonical keys; null is no condition. */
export interface HandoffFilter {
  readonly ids: readonly string[] | null;
  readonly parties: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly statuses: readonly string[] | null;
  readonly shippedFrom: number | null;
  readonly shippedUntil: number | null;
}
