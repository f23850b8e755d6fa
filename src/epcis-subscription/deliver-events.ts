import { half } from './batch.rules.js';
import type { BatchLimits } from './batch.rules.js';
import type { EventReader, PlacedEvent } from './event-reader.js';
import type { PostOutcome } from '../delivery/webhook.js';

/** A receiver of events: a webhook or a socket. */
export interface Receiver {
  readonly reader: EventReader;
  /** Whether a document may be sent to it now; false when another process delivers it, or when it is gone. */
  ready(): Promise<boolean>;
  /** Sends one document. Without events it is the empty document of a schedule. */
  send(events: readonly PlacedEvent[]): Promise<PostOutcome>;
  /** Notes that the events arrived, after the reader has moved on; false when another process delivers to this receiver now. */
  arrived(events: readonly PlacedEvent[]): Promise<boolean>;
}

/** The settings of a run. */
export interface Run {
  /** Events are sent up to this log position. */
  readonly head: number;
  readonly limits: BatchLimits;
  /** How many events the last failed document had. The first document repeats it. */
  readonly retryEvents: number | null;
  /** True sends a document even when nothing matched. */
  readonly reportIfEmpty: boolean;
  /** When aborted, no further document is begun. */
  readonly stop: AbortSignal;
}

/** How a run ended. */
export type RunEnd =
  | { readonly kind: 'done'; readonly sent: number; readonly maxEvents: number }
  /** It was told to stop, or another process delivers now: there is nothing to note. */
  | { readonly kind: 'left' }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly askedMs?: number;
      /** How many events the failed document had. */
      readonly events: number;
      readonly maxEvents: number;
    };

/**
 * Sends what matched since the receiver's position, document by document, in the order of the log, until `head` or the first failure. A
 * receiver that finds a document too large gets half of it.
 */
export async function deliverEvents(receiver: Receiver, run: Run): Promise<RunEnd> {
  const { reader } = receiver;
  let { maxEvents } = run.limits;
  let retryEvents = run.retryEvents;
  for (let sent = 0; ;) {
    const limits = retryEvents === null ? { ...run.limits, maxEvents } : again(retryEvents);
    const events = await reader.next(run.head, limits);
    if (events.length === 0 && (sent > 0 || !run.reportIfEmpty))
      return { kind: 'done', sent, maxEvents };
    const became = await sendOne(receiver, events, run.stop);
    if (became === 'left') return { kind: 'left' };
    retryEvents = null;
    if (became === 'taken') sent++;
    else if (became.kind === 'too-large' && events.length > 1) maxEvents = half(events.length);
    else return failure(became, events.length, maxEvents);
  }
}

type NotTaken = Exclude<PostOutcome, { kind: 'taken' }>;

async function sendOne(
  receiver: Receiver,
  events: readonly PlacedEvent[],
  stop: AbortSignal,
): Promise<'taken' | 'left' | NotTaken> {
  if (stop.aborted || !(await receiver.ready())) return 'left';
  const outcome = await receiver.send(events);
  if (outcome.kind !== 'taken') return outcome;
  receiver.reader.taken(events);
  return (await receiver.arrived(events)) ? 'taken' : 'left';
}

/** The same events as before, however many bytes they have. */
const again = (maxEvents: number): BatchLimits => ({ maxEvents, maxBytes: Infinity });

function failure(outcome: NotTaken, events: number, maxEvents: number): RunEnd {
  const said =
    outcome.kind === 'failed'
      ? outcome
      : { error: 'The receiver answered HTTP 413 to a document that cannot be made smaller' };
  return { ...said, kind: 'failed', events, maxEvents };
}
