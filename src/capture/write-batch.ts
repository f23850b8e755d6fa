import { storeTerms } from '../epcis-query/terms.js';
import type { DocumentHeader } from '../epcis/document-header.js';
import type { Warnings } from '../epcis/faults.js';
import { NO_WARNINGS, toldWarnings } from '../epcis/faults.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { GraphTransaction } from '../graph/graph.js';
import { storeMasterData } from '../master-data/index.js';
import { birthsOf, saveChanges } from '../projection/index.js';
import { judgeSerials } from '../serials/index.js';
import { isAhead } from '../shared/ahead.js';
import type { Clock } from '../shared/clock.js';
import {
  commissionedBy,
  lotChangedIn,
  madeIn,
  messagesOf,
  partOf,
  readAdmitted,
  recordTimeOf,
  warnOfFuture,
} from './batch-parts.rules.js';
import { BatchWarnings } from './batch-warnings.js';
import { toFault } from './capture-fault.js';
import type { Admission, CaptureRequest, Verdict } from './capture.rules.js';
import { admit } from './capture.rules.js';
import type { EventBatch, JobNode, Opening } from './capture.store.js';
import { closeBatch, linkEvents, openBatch, storeEvents } from './capture.store.js';
import type { AdmittedEvent } from './event-batch.rules.js';
import {
  classLinksOf,
  declarationNodeOf,
  eventNodeOf,
  ghostsOf,
  nameGroupsOf,
} from './event-batch.rules.js';
import { termRowsOf } from './event-terms.rules.js';
import { projectBatch } from './project-batch.js';
import { saveMaking } from './made-from.store.js';
import { namedThingsOf } from './named-things.rules.js';
import { saveCustody } from './save-custody.js';
import { readFacts } from './stored-facts.rules.js';

/** A document in the writer's hands. */
export interface Submission extends CaptureRequest {
  readonly masterData: readonly MasterDataEntry[];
  readonly header?: DocumentHeader;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Errors found before the writer (PROCEED): JSON for the job. */
  readonly errors: readonly unknown[];
  /** What parsing found strange and took. */
  readonly warnings: Warnings;
}

/** What one transaction did. */
export interface BatchReceipt {
  readonly seq: number;
  readonly verdicts: readonly Verdict[];
  /** Of each document, in their order. */
  readonly warnings: readonly Warnings[];
  /** When: the record time of its events, and the time its jobs finished; epoch ms. */
  readonly at: number;
}

/**
 * Stores a batch of documents in the caller's transaction: lock the log, see what is known, admit, derive, write, close.
 *
 * Safe to run again after a transient fault: it keeps nothing outside the transaction.
 */
export async function writeBatch(
  tx: GraphTransaction,
  submissions: readonly Submission[],
  context: { readonly clock: Clock; readonly retention: number },
): Promise<BatchReceipt> {
  const { clock, retention } = context;
  const ids = submissions.flatMap(({ events }) => events.map(({ id }) => id));
  const opening = await openBatch(tx, [...new Set(ids)]);
  const admission = admit(submissions, opening.events, opening.declarations);
  const warnings = new BatchWarnings(submissions, admission.events);
  const events = admission.events.map(readAdmitted);
  const parts = { submissions, opening, admission, ...sorted(events, admission, clock.now()) };
  const { active } = parts;
  for (const { parsed } of parts.ahead) warnOfFuture(warnings, parsed, clock.now());
  const added = active.flatMap(({ facts }) => facts);
  const takenOut = admission.takenOut.filter(({ waits }) => !waits);
  const projected = await projectBatch(tx, { added, takenOut, readFacts });
  const batch = toEventBatch(parts);
  for (const { masterData, jobId } of submissions)
    if (masterData.length > 0 && !isRefused(admission, jobId))
      await storeMasterData(tx, masterData);
  const births = birthsOf(projected.changes, batch.names);
  const before = storeEvents(tx, batch);
  const said = storeTerms(tx, termRowsOf(admission));
  const saved = saveChanges(tx, births.changes, {
    seq: opening.seq,
    wasJudged: (key, t) => projected.world.head(key).last >= t,
    births: births.groups,
  });
  // Where rows are taken out, what follows is not sent yet.
  if (births.changes.rows.some(({ removed }) => removed.length > 0)) await saved;
  const linked = linkEvents(tx, { ...batch, names: births.names });
  await Promise.all([before, said, saved, linked]);
  await saveMaking(tx, {
    made: madeIn(active),
    retracted: batch.retracted,
    lotChanged: lotChangedIn(projected),
  });
  if (opening.judgesSerials) await judgeSerials(tx, commissionedBy(added), opening.seq);
  const handoffs = await saveCustody(tx, opening.seq, { active, takenOut }, projected);
  const at = recordTimeOf(opening, clock);
  const messages = messagesOf(projected, added, handoffs, at);
  const warned = submissions.map((one) => warnings.of(one.jobId, one.warnings));
  const jobs = submissions.map((one, i) => jobOf(one, admission, warned[i] ?? NO_WARNINGS, at));
  const { seq } = opening;
  await closeBatch(tx, { seq, at, messages, jobs }, retention);
  return { seq, verdicts: admission.verdicts, warnings: warned, at };
}

interface Sorted {
  readonly events: readonly AdmittedEvent[];
  /** What counts now. */
  readonly active: readonly AdmittedEvent[];
  /** What lies ahead of the clock. */
  readonly ahead: readonly AdmittedEvent[];
  readonly inError: readonly AdmittedEvent[];
}

function sorted(events: readonly AdmittedEvent[], { inError }: Admission, now: number): Sorted {
  const valid = events.filter(({ parsed }) => !inError.has(parsed.id));
  return {
    events,
    active: valid.filter(({ parsed }) => !isAhead(parsed.eventTimeMs, now)),
    ahead: valid.filter(({ parsed }) => isAhead(parsed.eventTimeMs, now)),
    inError: events.filter(({ parsed }) => inError.has(parsed.id)),
  };
}

function isRefused({ verdicts }: Admission, jobId: string): boolean {
  return verdicts.some((verdict) => verdict.jobId === jobId && verdict.refused);
}

interface Parts extends Sorted {
  readonly submissions: readonly Submission[];
  readonly opening: Opening;
  readonly admission: Admission;
}

function toEventBatch(parts: Parts): EventBatch {
  const { opening, admission, events, active, ahead } = parts;
  const { inError } = admission;
  const known = [...opening.events.map(({ id }) => id), ...events.map(({ parsed }) => parsed.id)];
  const stored = new Set(known);
  return {
    seq: opening.seq,
    events: [
      ...active.map((event) => eventNodeOf(event, 'active')),
      ...ahead.map((event) => eventNodeOf(event, 'ahead')),
      ...parts.inError.map((event) => eventNodeOf(event, 'inError')),
    ],
    names: [...active, ...parts.inError].flatMap(nameGroupsOf),
    ahead: { names: ahead.flatMap(nameGroupsOf), classes: ahead.flatMap(classLinksOf) },
    ghosts: ghostsOf([...parts.inError, ...ahead]),
    named: namedThingsOf(events.map(({ parsed }) => parsed.event)),
    classes: [...active, ...parts.inError].flatMap(classLinksOf),
    transformations: [...active, ...parts.inError].flatMap(partOf),
    declarations: admission.declarations.map(declarationNodeOf),
    headers: headersOf(parts.submissions, admission),
    waitedInVain: admission.takenOut.flatMap(({ id, waits }) => (waits ? [id] : [])),
    retracted: [...inError].filter((id) => stored.has(id)),
  };
}

/** The headers that stored events and declarations came under, each once. */
function headersOf(
  submissions: readonly Submission[],
  { events, declarations }: Admission,
): readonly DocumentHeader[] {
  const headers = submissions.flatMap(({ header }) => header ?? []);
  if (headers.length === 0) return headers;
  const stored = [...events, ...declarations.map(({ event }) => event)];
  const used = new Set(stored.map(({ header }) => header));
  return [...new Map(headers.map((one) => [one.id, one])).values()].filter(({ id }) =>
    used.has(id),
  );
}

function jobOf(
  submission: Submission,
  { verdicts }: Admission,
  warnings: Warnings,
  now: number,
): JobNode {
  const verdict = verdicts.find(({ jobId }) => jobId === submission.jobId);
  const conflicts = verdict?.conflicts ?? [];
  const errors = [...submission.errors, ...conflicts.map(conflictFault)];
  return {
    id: submission.jobId,
    createdAt: submission.receivedAt,
    finishedAt: Math.max(now, submission.receivedAt),
    success: errors.length === 0,
    errorBehaviour: submission.errorBehaviour,
    captured: verdict?.captured ?? 0,
    repeated: verdict?.repeated ?? 0,
    errors: JSON.stringify(errors),
    warnings: JSON.stringify(toldWarnings(warnings).map(toFault)),
  };
}

/** A conflict as a fault of the document. */
export function conflictFault({ pointer, id, storedHash, hash }: Verdict['conflicts'][number]): {
  readonly code: string;
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
} {
  return {
    code: 'EVENT_ID_CONFLICT',
    pointer: `${pointer}/eventID`,
    found: `${id} with content ${hash}`,
    expected: `the content stored under this id, ${storedHash}`,
    remedy:
      'Give the event an id of its own, or declare the stored one in error and send the correction.',
  };
}
