import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { HandoffStatus } from '../handoff/index.js';

/** A place in a message: at a site, in transit to a site, unknown, or for a partner with somebody else. Sites are keys; null when unknown. */
export interface PlaceView {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN' | 'PASSED_ON';
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
  /** Null when the package was not known before, or not seen. */
  readonly from: PlaceView | null;
  readonly to: PlaceView;
  readonly status: string | null;
  /** Units that moved with it. A unit counts itself. */
  readonly units: number;
  readonly lots: readonly LotCount[];
  /** Null for a partner that sees no event about it: somebody put right what was recorded. */
  readonly eventId: string | null;
  /** eventTime, epoch ms; null like `eventId`. */
  readonly t: number | null;
  /** Epoch ms. */
  readonly recordTime: number;
  /** The containers that it left by this change, innermost first. */
  readonly chainBefore?: readonly string[];
}

/** A change of custody began, progressed or ended. */
export interface HandoffMessage {
  readonly kind: 'handoff';
  readonly handoffId: string;
  /** Absent for partners: how they see a handoff is read when the message is given. */
  readonly status?: HandoffStatus;
  /** Site keys; absent for partners. */
  readonly from?: string | null;
  readonly to?: string | null;
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

/** An event became visible or other parts of it did, it is not visible any more, or it was declared in error. */
export interface EventMessage {
  readonly kind: 'event';
  readonly change: 'VISIBLE' | 'WITHDRAWN' | 'RETRACTED';
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly recordTime: number;
}

/** An exception about a package was raised, or is no longer one. */
export interface ExceptionMessage {
  readonly kind: 'exception';
  readonly change: 'RAISED' | 'CLEARED';
  /** Key of the package. */
  readonly k: string;
  readonly code: string;
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly recordTime: number;
}

/** A capture job finished. */
export interface JobMessage {
  readonly kind: 'job';
  readonly jobId: string;
  readonly success: boolean;
  /** Events that it stored, and that were stored before. */
  readonly captured: number;
  readonly repeated: number;
  /** When it finished, epoch ms. */
  readonly t: number;
  readonly recordTime: number;
}

/** One message of `Batch.messages`. */
export type FeedMessage =
  LocationMessage | HandoffMessage | EventMessage | ExceptionMessage | JobMessage;

type Unrecorded<M> = M extends FeedMessage ? Omit<M, 'recordTime'> : never;

/** A message before its batch is closed, when its record time is not known yet. */
export type NewMessage = Unrecorded<FeedMessage>;

/** The messages of a batch for each organisation that takes part, in order; each has only what the organisation sees. */
export type PartnerMessages = ReadonlyMap<string, readonly NewMessage[]>;

/** One `:Batch` of the log, or what an organisation is told of it. */
export interface Batch {
  /** Position in the log. */
  readonly seq: number;
  /** Record time of the commit, epoch ms. */
  readonly at: number;
  readonly messages: readonly FeedMessage[];
  /** Number of its last message in the organisation's own count; absent for the host. */
  readonly last?: number;
}

/** A message with its place in the feed. */
export interface FeedItem<M extends FeedMessage = FeedMessage> {
  /** For the host the position of its batch in the log. For an organisation the number of the message, without gaps. */
  readonly seq: number;
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

/** Longer texts are deflated: messages repeat the same names and keys, and each organisation keeps its own. */
const LONGEST_PLAIN = 400;
/** Before what is deflated; JSON begins with another letter. */
const DEFLATED = 'z';

/** Messages of a batch as they are stored: JSON, or base64 of it deflated. */
export function textOfMessages(messages: readonly FeedMessage[]): string {
  const text = JSON.stringify(messages);
  if (text.length <= LONGEST_PLAIN) return text;
  return DEFLATED + deflateRawSync(text, { level: 3 }).toString('base64');
}

/** What {@link textOfMessages} made; also of what was stored as plain JSON, however long. */
export function parseMessages(text: string | null): readonly FeedMessage[] {
  if (text === null) return [];
  const json = text.startsWith(DEFLATED)
    ? inflateRawSync(Buffer.from(text.slice(1), 'base64')).toString()
    : text;
  return JSON.parse(json) as readonly FeedMessage[];
}
