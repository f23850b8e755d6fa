/** Where something stands in a message: at a site, on its way to one, or unknown. Sites are keys, null when unknown. */
export interface PlaceView {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN';
  /** For TO the destination. */
  readonly site: string | null;
  /** For TO the place before the shipping. */
  readonly origin: string | null;
}

/** Units of one lot that a message speaks of. `lot` is a lot id, `01/<gtin>` for "lot unknown", or `?`. */
export interface LotCount {
  readonly lot: string;
  readonly units: number;
}

/** A package that stands alone changed place or status, and all inside it with it. */
export interface LocationMessage {
  readonly kind: 'location';
  /** Key of the package; of the first one when the message speaks of several units. */
  readonly k: string;
  /** All of several units that went the same way by the same event. */
  readonly keys?: readonly string[];
  readonly level: 'UNIT' | 'CONTAINER';
  /** Null: it was not known before. */
  readonly from: PlaceView | null;
  readonly to: PlaceView;
  readonly status: string | null;
  /** Units that went with it, itself included when it is one. */
  readonly units: number;
  readonly lots: readonly LotCount[];
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  /** Epoch ms. */
  readonly recordTime: number;
  /** Containers it stood in before, innermost first, when it left them by this. */
  readonly chainBefore?: readonly string[];
}

/** A change of custody began, went on or ended. */
export interface HandoffMessage {
  readonly kind: 'handoff';
  readonly handoffId: string;
  readonly status: string;
  /** Site keys. */
  readonly from: string | null;
  readonly to: string | null;
  /** Keys of the parties named; absent where none is: then who runs the site. */
  readonly fromParty?: string;
  readonly toParty?: string;
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly recordTime: number;
  readonly units?: number;
  /** Keys of the packages it covers, as named by the event; bounded by the writer. */
  readonly packages?: readonly string[];
  readonly lots?: readonly LotCount[];
}

/** What one batch of the log tells the feeds, in the order of `Batch.messages`. */
export type FeedMessage = LocationMessage | HandoffMessage;

/** A message before its batch is closed: when it is recorded is not known yet. */
export type NewMessage = Omit<LocationMessage, 'recordTime'> | Omit<HandoffMessage, 'recordTime'>;

/** One `:Batch` of the log. */
export interface Batch {
  readonly seq: number;
  /** Commit's record time, epoch ms. */
  readonly at: number;
  readonly messages: readonly FeedMessage[];
}

/** A message with its place in the log. */
export interface FeedItem<M extends FeedMessage = FeedMessage> {
  readonly seq: number;
  /** Position in its batch. */
  readonly index: number;
  /** Opaque: give it to `subscribe({ after })` to go on behind this message. */
  readonly cursor: string;
  readonly message: M;
}

/** What one subscriber gets of a batch: its wanted messages, at least one. */
export interface FeedBatch {
  readonly seq: number;
  /** Record time of the commit, epoch ms. */
  readonly at: number;
  readonly items: readonly FeedItem[];
}
