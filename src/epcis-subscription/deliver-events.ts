import { half } from './batch.rules.js';
import type { BatchLimits } from './batch.rules.js';
import type { EventReader, PlacedEvent } from './event-reader.js';
import type { PostOutcome } from '../delivery/webhook.js';

/** One who gets events: a webhook or a socket. */
export interface Receiver {
  readonly reader: EventReader;
  /** Whether it may be sent to now; false when it is somebody else's business, or gone. */
  ready(): Promise<boolean>;
  /** Sends one document; with no events the empty one of a schedule. */
  send(events: readonly PlacedEvent[]): Promise<PostOutcome>;
  /** The events arrived and the reader stands behind them; false when they are somebody else's business now. */
  arrived(events: readonly PlacedEvent[]): Promise<boolean>;
}

/** How a run is made. */
export interface Run {
  /** Log position up to which events are sent. */
  readonly head: number;
  readonly limits: BatchLimits;
  /** Events of the document that failed last: the first one is that again. */
  readonly retryEvents: number | null;
  /** Send a document even when nothing matched. */
  readonly reportIfEmpty: boolean;
  /** Aborted when no further document shall be begun. */
  readonly stop: AbortSignal;
}

/** How a run ended. */
export type RunEnd =
  | { readonly kind: 'done'; readonly sent: number; readonly maxEvents: number }
  /** Told to stop, or not ours any more: nothing is to be noted. */
  | { readonly kind: 'left' }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly askedMs?: number;
      /** Events of the document that failed. */
      readonly events: number;
      readonly maxEvents: number;
    };

/**
 * Sends what matched since the receiver's position, document by document, in the order of the log, until `head` or the first failure.
 * A receiver that calls a document too large gets half of it.
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
