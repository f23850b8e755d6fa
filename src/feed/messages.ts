import type { HandoffStatus } from '../handoff/index.js';

/** A place in a message: at a site, in transit to a site, or unknown. Sites are keys; null when unknown. */
export interface PlaceView {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN';
  /** For TO, the destination. */
  readonly site: string | null;
  /** For TO, the site before the shipping. */
  readonly origin: string | null;
}

/** Units of one lot in a message. `lot` is a lot id, `01/<gtin>` when the lot is unknown, or `?`. */
export interface LotCount {
  readonly lot: string;
  readonly units: number;
}

/** A package that stands alone changed place or status, together with all its contents. */
export interface LocationMessage {
  readonly kind: 'location';
  /** Key of the package, or of the first one when the message is about several units. */
  readonly k: string;
  /** Keys of all units, when several moved the same way by the same event. */
  readonly keys?: readonly string[];
  readonly level: 'UNIT' | 'CONTAINER';
  /** Null when the package was not known before. */
  readonly from: PlaceView | null;
  readonly to: PlaceView;
  readonly status: string | null;
  /** Units that moved with it. A unit counts itself. */
  readonly units: number;
  readonly lots: readonly LotCount[];
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  /** Epoch ms. */
  readonly recordTime: number;
  /** The containers that it left by this change, innermost first. */
  readonly chainBefore?: readonly string[];
}

/** A change of custody began, progressed or ended. */
export interface HandoffMessage {
  readonly kind: 'handoff';
  readonly handoffId: string;
  readonly status: HandoffStatus;
  /** Site keys. */
  readonly from: string | null;
  readonly to: string | null;
  /** Keys of the named parties. When a party is not named, it is the operator of the site. */
  readonly fromParty?: string;
  readonly toParty?: string;
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly recordTime: number;
  readonly units?: number;
  /** Keys of the packages that the shipping names. The writer limits their number. */
  readonly packages?: readonly string[];
  readonly lots?: readonly LotCount[];
}

/** One message of `Batch.messages`. */
export type FeedMessage = LocationMessage | HandoffMessage;

/** A message before its batch is closed, when its record time is not known yet. */
export type NewMessage = Omit<LocationMessage, 'recordTime'> | Omit<HandoffMessage, 'recordTime'>;

/** One `:Batch` of the log. */
export interface Batch {
  readonly seq: number;
  /** Record time of the commit, epoch ms. */
  readonly at: number;
  readonly messages: readonly FeedMessage[];
}

/** A message with its place in the log. */
export interface FeedItem<M extends FeedMessage = FeedMessage> {
  readonly seq: number;
  /** Position in its batch. */
  readonly index: number;
  /** An opaque text. Pass it to `subscribe({ after })` to continue after this message. */
  readonly cursor: string;
  readonly message: M;
}

/** Tells a subscriber how far the log was read for it: everything up to this cursor that it wants was given before. */
export interface Heartbeat {
  readonly seq: number;
  readonly cursor: string;
  readonly heartbeat: true;
}

/** What one subscriber gets from a batch: its wanted messages, at least one; or a heartbeat and no message. */
export interface FeedBatch {
  readonly seq: number;
  readonly items: readonly FeedItem[];
  readonly heartbeat?: Heartbeat;
}

/** The messages of a batch in order, or its heartbeat. */
export function partsOf({ items, heartbeat }: FeedBatch): readonly (FeedItem | Heartbeat)[] {
  return heartbeat === undefined ? items : [heartbeat];
}
