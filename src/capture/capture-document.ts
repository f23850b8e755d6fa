import { randomUUID } from 'node:crypto';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { Warnings } from '../epcis/faults.js';
import { toldWarnings } from '../epcis/faults.js';
import type { DocumentHeader } from '../epcis/document-header.js';
import type {
  CaptureLimits,
  Parsed,
  ParsedDocument,
  ParsedEvent,
} from '../epcis/parse-document.js';
import { parseEventSource, parseSource } from '../epcis/parse-document.js';
import type { SourceDocument } from '../epcis/source-document.js';
import type { Clock } from '../shared/clock.js';
import type { Metrics } from '../shared/metrics.js';
import type { CaptureFault } from './capture-fault.js';
import { toFault } from './capture-fault.js';
import { lengthFaultsOf, masterDataFaultsOf } from './identifier-length.rules.js';
import { conflictFault } from './write-batch.js';
import type { Writer } from './writer.js';

/** What to do with a document in which some events are refused: store nothing, or the rest. */
export type ErrorBehaviour = 'ROLLBACK' | 'PROCEED';

/** What became of a document. */
export interface CaptureOutcome {
  /** Null when the document was refused before the writer saw it: then there is no job. */
  readonly jobId: string | null;
  /** Of the job, epoch ms; the same without one. */
  readonly createdAt: number;
  readonly finishedAt: number;
  readonly errorBehaviour: ErrorBehaviour;
  readonly success: boolean;
  /** Nothing of it is stored, and that is due to its faults. */
  readonly refused: boolean;
  /** Events and error declarations stored now. */
  readonly captured: number;
  /** Known already, with the same content. */
  readonly repeated: number;
  /** Ids of the document's good events, given or minted. */
  readonly eventIds: readonly string[];
  readonly faults: readonly CaptureFault[];
  /** What was strange and yet taken; a document that has only these is a success. */
  readonly warnings: readonly CaptureFault[];
}

/** What capturing needs. */
export interface CaptureDeps {
  readonly writer: Writer;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly limits: CaptureLimits;
}

/**
 * Captures one EPCIS document: parse, admit, store; answers after the commit, so what is acknowledged is there.
 *
 * Faults come back in the outcome: all of them, each with a JSON Pointer, those of XML with line and column. With ROLLBACK one
 * fault keeps everything out.
 *
 * @throws Problem `SERVICE_UNAVAILABLE` when the writer's queue is full; nothing was taken then
 * @see EPCIS 2.0, 8.2.7 (capture interface)
 */
export function captureDocument(
  deps: CaptureDeps,
  source: SourceDocument,
  errorBehaviour: ErrorBehaviour,
): Promise<CaptureOutcome> {
  return store(deps, soundOf(parseSource(source, deps.limits)), errorBehaviour);
}

/**
 * Captures one event on its own, as `POST /events` takes it; in JSON it needs its `@context`. Otherwise as `captureDocument`.
 *
 * @throws Problem `SERVICE_UNAVAILABLE` when the writer's queue is full
 * @see EPCIS 2.0, 8.2.7 (capture interface)
 */
export async function captureEvent(
  deps: CaptureDeps,
  source: SourceDocument,
): Promise<CaptureOutcome & { readonly event: ParsedEvent | undefined }> {
  const parsed = parseEventSource(source, deps.limits);
  const { warnings } = parsed;
  const read = parsed.ok
    ? { events: [parsed.event], masterData: [], faults: [], warnings }
    : { events: [], masterData: [], faults: parsed.issues.map(toFault), warnings };
  const outcome = await store(deps, read, 'ROLLBACK');
  return { ...outcome, event: outcome.refused ? undefined : read.events[0] };
}

interface Read {
  readonly events: readonly ParsedEvent[];
  readonly masterData: readonly MasterDataEntry[];
  readonly header?: DocumentHeader;
  readonly faults: readonly CaptureFault[];
  readonly warnings: Warnings;
}

async function store(
  deps: CaptureDeps,
  sound: Read,
  errorBehaviour: ErrorBehaviour,
): Promise<CaptureOutcome> {
  const { faults, ...document } = withoutLongIds(sound);
  const { events, masterData } = document;
  const nothingLeft = events.length === 0 && masterData.length === 0;
  if (faults.length > 0 && (errorBehaviour === 'ROLLBACK' || nothingLeft)) {
    deps.metrics.captured('refused', events.length);
    return refusedWith({ ...sound, faults }, errorBehaviour, deps.clock.now());
  }
  const jobId = randomUUID();
  const receivedAt = deps.clock.now();
  const submission = { jobId, errorBehaviour, ...document, receivedAt, errors: faults };
  const verdict = await deps.writer.submit(submission);
  const conflicts = verdict.conflicts.map(conflictFault);
  deps.metrics.captured('captured', verdict.captured);
  deps.metrics.captured('repeated', verdict.repeated);
  deps.metrics.captured('refused', conflicts.length);
  return {
    jobId,
    createdAt: receivedAt,
    finishedAt: Math.max(verdict.finishedAt, receivedAt),
    errorBehaviour,
    success: faults.length + conflicts.length === 0,
    refused:
      verdict.refused ||
      (conflicts.length > 0 && verdict.captured + verdict.repeated + masterData.length === 0),
    captured: verdict.captured,
    repeated: verdict.repeated,
    eventIds: verdict.refused ? [] : events.map(({ id }) => id),
    faults: [...faults, ...conflicts],
    warnings: toldWarnings(verdict.warnings).map(toFault),
  };
}

function refusedWith(
  { faults, warnings }: Pick<Read, 'faults' | 'warnings'>,
  errorBehaviour: ErrorBehaviour,
  now: number,
): CaptureOutcome {
  const nothing = { captured: 0, repeated: 0, eventIds: [] };
  const job = { jobId: null, createdAt: now, finishedAt: now, errorBehaviour };
  const told = { faults, warnings: toldWarnings(warnings).map(toFault) };
  return { ...job, success: false, refused: true, ...nothing, ...told };
}

function withoutLongIds(read: Read): Read {
  const { events, masterData, faults } = read;
  const long = new Map(events.map((event) => [event, lengthFaultsOf(event)]));
  const longIds = masterDataFaultsOf(masterData);
  return {
    ...read,
    events: events.filter((event) => long.get(event)?.length === 0),
    masterData: longIds.length === 0 ? masterData : [],
    faults: [...faults, ...longIds, ...[...long.values()].flat()],
  };
}

function soundOf(parsed: Parsed): Read {
  const { warnings } = parsed;
  if (parsed.ok) return { ...parsed.document, faults: [], warnings };
  const { good, masterData, header } = parsed.partial;
  const document: ParsedDocument = {
    events: good,
    masterData,
    ...(header === undefined ? {} : { header }),
  };
  return { ...document, faults: parsed.issues.map(toFault), warnings };
}
