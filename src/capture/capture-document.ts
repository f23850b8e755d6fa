import { randomUUID } from 'node:crypto';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { Issue } from '../epcis/faults.js';
import type { CaptureLimits, Parsed, ParsedEvent } from '../epcis/parse-document.js';
import { parseDocument } from '../epcis/parse-document.js';
import type { Clock } from '../shared/clock.js';
import type { Metrics } from '../shared/metrics.js';
import { lengthFaultsOf, masterDataFaultsOf } from './identifier-length.rules.js';
import { conflictFault } from './write-batch.js';
import type { Writer } from './writer.js';

/** What to do with a document in which some events are refused: store nothing, or the rest. */
export type ErrorBehaviour = 'ROLLBACK' | 'PROCEED';

/** One fault of a document: where, what was found, what is expected, and the remedy. */
export interface CaptureFault {
  readonly code: string;
  /** JSON Pointer into the document. */
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
}

/** What became of a document. */
export interface CaptureOutcome {
  /** Null when the document was refused before the writer saw it: then there is no job. */
  readonly jobId: string | null;
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
 * Faults come back in the outcome: all of them, each with a JSON Pointer. With ROLLBACK one fault keeps everything out.
 *
 * @throws Problem `SERVICE_UNAVAILABLE` when the writer's queue is full; nothing was taken then
 * @see EPCIS 2.0, 8.2.7 (capture interface)
 */
export async function captureDocument(
  deps: CaptureDeps,
  body: unknown,
  errorBehaviour: ErrorBehaviour,
): Promise<CaptureOutcome> {
  const parsed = parseDocument(body, deps.limits);
  const { events, masterData, faults } = read(parsed);
  const nothingLeft = events.length === 0 && masterData.length === 0;
  if (faults.length > 0 && (errorBehaviour === 'ROLLBACK' || nothingLeft)) {
    deps.metrics.captured('refused', events.length);
    return {
      jobId: null,
      success: false,
      refused: true,
      captured: 0,
      repeated: 0,
      eventIds: [],
      faults,
    };
  }
  const jobId = randomUUID();
  const receivedAt = deps.clock.now();
  const verdict = await deps.writer.submit({
    jobId,
    errorBehaviour,
    events,
    masterData,
    receivedAt,
    errors: faults,
  });
  const conflicts = verdict.conflicts.map(conflictFault);
  deps.metrics.captured('captured', verdict.captured);
  deps.metrics.captured('repeated', verdict.repeated);
  deps.metrics.captured('refused', conflicts.length);
  return {
    jobId,
    success: faults.length + conflicts.length === 0,
    refused:
      verdict.refused ||
      (conflicts.length > 0 && verdict.captured + verdict.repeated + masterData.length === 0),
    captured: verdict.captured,
    repeated: verdict.repeated,
    eventIds: verdict.refused ? [] : events.map(({ id }) => id),
    faults: [...faults, ...conflicts],
  };
}

interface Read {
  readonly events: readonly ParsedEvent[];
  readonly masterData: readonly MasterDataEntry[];
  readonly faults: readonly CaptureFault[];
}

function read(parsed: Parsed): Read {
  const { events, masterData, faults } = sound(parsed);
  const long = new Map(events.map((event) => [event, lengthFaultsOf(event)]));
  const longIds = masterDataFaultsOf(masterData);
  return {
    events: events.filter((event) => long.get(event)?.length === 0),
    masterData: longIds.length === 0 ? masterData : [],
    faults: [...faults, ...longIds, ...[...long.values()].flat()],
  };
}

function sound(parsed: Parsed): Read {
  if (parsed.ok) return { ...parsed.document, faults: [] };
  const { good, masterData } = parsed.partial;
  return { events: good, masterData, faults: parsed.issues.map(toFault) };
}

function toFault({ code, pointer, found, expected, remedy }: Issue): CaptureFault {
  return { code, pointer, found, expected, remedy };
}
