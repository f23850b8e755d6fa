import { randomUUID } from 'node:crypto';
import { readOrganisationsOf } from '../access/own-sites.read-model.js';
import type { Principal } from '../access/principal.js';
import type { View } from '../access/view.js';
import { toldWarnings } from '../epcis/faults.js';
import type { CaptureLimits } from '../epcis/capture-limits.js';
import type { SourceDocument } from '../epcis/source-document.js';
import type { Clock } from '../shared/clock.js';
import type { Metrics } from '../shared/metrics.js';
import type { CaptureFault } from './capture-fault.js';
import { toFault } from './capture-fault.js';
import { partnersPart, sitesNamedIn } from './partner-document.rules.js';
import type { ReadDocument } from './read-document.js';
import { readFrom } from './read-document.js';
import { refusalsIn } from './write-batch.js';
import type { Writer } from './writer.js';

/** What happens to a document when some of its events are refused: nothing is stored, or the rest is. */
export type ErrorBehaviour = 'ROLLBACK' | 'PROCEED';

/** Who sends a document, and what happens when some of its events are refused. */
export interface Sending {
  readonly errorBehaviour: ErrorBehaviour;
  readonly sender: Principal;
}

/** What became of a document. */
export interface CaptureOutcome {
  /** Null when the document was refused before the writer saw it: then there is no job. */
  readonly jobId: string | null;
  /** Times of the job in epoch ms. Without a job, both are the time of the refusal. */
  readonly createdAt: number;
  readonly finishedAt: number;
  readonly errorBehaviour: ErrorBehaviour;
  readonly success: boolean;
  /** True when nothing was stored because of the document's faults. */
  readonly refused: boolean;
  /** Events and error declarations stored now. */
  readonly captured: number;
  /** Events that were known before with the same content. */
  readonly repeated: number;
  /** Ids of the document's valid events, given by the sender or minted here. */
  readonly eventIds: readonly string[];
  readonly faults: readonly CaptureFault[];
  /** What is unusual but accepted. A document that has only warnings is a success. */
  readonly warnings: readonly CaptureFault[];
}

/** What capturing needs. */
export interface CaptureDeps {
  readonly writer: Writer;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly limits: CaptureLimits;
  /** The host's, to learn which sites are a partner's. */
  readonly view: View;
  /** How long ago events of partners may have happened. */
  readonly partnerBackdateDays: number;
}

/**
 * Captures one EPCIS document: parse, admit, store. It answers after the commit, so what is acknowledged can be read.
 *
 * The outcome holds all faults, each with a JSON Pointer, and in XML with line and column. With ROLLBACK, one fault is enough to
 * store nothing.
 *
 * @throws Problem `SERVICE_UNAVAILABLE` when the writer's queue is full; then nothing was stored
 * @see EPCIS 2.0, 8.2.7 (capture interface)
 */
export function captureDocument(
  deps: CaptureDeps,
  source: SourceDocument,
  sending: Sending,
): Promise<CaptureOutcome> {
  return captureRead(deps, readFrom(source, deps.limits, false), sending);
}

/**
 * Captures a document that was read before.
 *
 * @throws Problem `SERVICE_UNAVAILABLE` when the writer's queue is full
 * @see EPCIS 2.0, 8.2.7 (capture interface)
 */
export async function captureRead(
  deps: CaptureDeps,
  given: ReadDocument,
  { errorBehaviour, sender }: Sending,
): Promise<CaptureOutcome> {
  const read = sender.kind === 'HOST' ? given : await allowed(deps, given, sender);
  const { faults, ...document } = read;
  const { masterData } = document;
  const nothingLeft = document.events.length === 0 && masterData.length === 0;
  if (faults.length > 0 && (errorBehaviour === 'ROLLBACK' || nothingLeft)) {
    deps.metrics.captured('refused', document.events.length);
    return refusedWith(read, errorBehaviour, deps.clock.now());
  }
  const jobId = randomUUID();
  const { organisation: sentBy } = sender;
  const events = document.events.map((event) => ({ ...event, sentBy }));
  const receivedAt = deps.clock.now();
  const sent = { ...document, events, sentBy, receivedAt };
  const submission = { jobId, errorBehaviour, ...sent, errors: faults };
  const verdict = await deps.writer.submit(submission);
  const refusals = refusalsIn(verdict);
  deps.metrics.captured('captured', verdict.captured);
  deps.metrics.captured('repeated', verdict.repeated);
  deps.metrics.captured('refused', refusals.length);
  return {
    jobId,
    createdAt: receivedAt,
    finishedAt: Math.max(verdict.finishedAt, receivedAt),
    errorBehaviour,
    success: faults.length + refusals.length === 0,
    refused:
      verdict.refused ||
      (refusals.length > 0 && verdict.captured + verdict.repeated + masterData.length === 0),
    captured: verdict.captured,
    repeated: verdict.repeated,
    eventIds: verdict.refused ? [] : events.map(({ id }) => id),
    faults: [...faults, ...refusals],
    warnings: toldWarnings(verdict.warnings).map(toFault),
  };
}

/** What this partner may send of a document. */
async function allowed(
  { view, clock, partnerBackdateDays: backdateDays }: CaptureDeps,
  read: ReadDocument,
  sender: Principal,
): Promise<ReadDocument> {
  const runBy = await readOrganisationsOf(view, sitesNamedIn(read));
  return partnersPart(read, {
    ...{ sender, backdateDays },
    runBy,
    now: clock.now(),
  });
}

function refusedWith(
  { faults, warnings }: Pick<ReadDocument, 'faults' | 'warnings'>,
  errorBehaviour: ErrorBehaviour,
  now: number,
): CaptureOutcome {
  const nothing = { captured: 0, repeated: 0, eventIds: [] };
  const job = { jobId: null, createdAt: now, finishedAt: now, errorBehaviour };
  const told = { faults, warnings: toldWarnings(warnings).map(toFault) };
  return { ...job, success: false, refused: true, ...nothing, ...told };
}
