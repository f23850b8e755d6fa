import type { HandoffState } from '../custody/index.js';
import { storeTerms } from '../epcis-query/terms.js';
import type { DocumentHeader } from '../epcis/document-header.js';
import type { Warnings } from '../epcis/faults.js';
import { NO_WARNINGS, toldWarnings } from '../epcis/faults.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { FeedMessage } from '../feed/index.js';
import type { GraphTransaction } from '../graph/graph.js';
import { storeMasterData } from '../master-data/index.js';
import type { Fact } from '../projection/index.js';
import { birthsOf, saveChanges } from '../projection/index.js';
import { judgeSerials } from '../serials/index.js';
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
  lotFactsOf,
  nameGroupsOf,
} from './event-batch.rules.js';
import { factsOf } from './event-facts.rules.js';
import { termRowsOf } from './event-terms.rules.js';
import { handoffMessages, locationMessages } from './feed-messages.rules.js';
import type { Projected } from './project-batch.js';
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
  context: { readonly now: number; readonly retention: number },
): Promise<BatchReceipt> {
  const ids = submissions.flatMap(({ events }) => events.map(({ id }) => id));
  const opening = await openBatch(tx, [...new Set(ids)]);
  const admission = admit(submissions, opening.events, opening.declarations);
  const warnings = new BatchWarnings(submissions, admission.events);
  const events = admission.events.map(readAdmitted);
  const active = events.filter(({ parsed }) => !admission.inError.has(parsed.id));
  const added = active.flatMap(({ facts }) => facts);
  const projected = await projectBatch(tx, { added, takenOut: admission.takenOut, readFacts });
  const batch = toEventBatch({ submissions, opening, admission, events, now: context.now });
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
    made: events.flatMap(({ parsed: { id, event } }) =>
      event.type === 'TransformationEvent' ? [id] : [],
    ),
    retracted: batch.retracted,
    lotChanged: projected.changes.packages.flatMap(({ key, isNew, lotChanged }) =>
      lotChanged && !isNew ? [key] : [],
    ),
  });
  if (opening.judgesSerials) await judgeSerials(tx, commissionedBy(added), opening.seq);
  const handoffs = await saveCustody(
    tx,
    opening.seq,
    { active, takenOut: admission.takenOut },
    projected,
  );
  const messages = messagesOf(projected, added, handoffs, context.now);
  const warned = submissions.map((one) => warnings.of(one.jobId, one.warnings));
  const jobs = submissions.map((one, i) =>
    jobOf(one, admission, warned[i] ?? NO_WARNINGS, context.now),
  );
  const { seq } = opening;
  await closeBatch(tx, { seq, at: context.now, messages, jobs }, context.retention);
  return { seq, verdicts: admission.verdicts, warnings: warned, at: context.now };
}

function readAdmitted(parsed: AdmittedEvent['parsed']): AdmittedEvent {
  const { id, hash, event, eventTimeMs } = parsed;
  const lot = lotFactsOf(parsed);
  return { parsed, lot, facts: factsOf({ id, hash, event, eventTimeMs, lot }) };
}

function commissionedBy(
  facts: readonly Fact[],
): { readonly key: string; readonly eventId: string; readonly t: number }[] {
  return facts.flatMap(({ act, kids, eventId, t }) =>
    act === 'commission' ? kids.map((key) => ({ key, eventId, t })) : [],
  );
}

function isRefused({ verdicts }: Admission, jobId: string): boolean {
  return verdicts.some((verdict) => verdict.jobId === jobId && verdict.refused);
}

interface Parts {
  readonly submissions: readonly Submission[];
  readonly opening: Opening;
  readonly admission: Admission;
  readonly events: readonly AdmittedEvent[];
  readonly now: number;
}

function toEventBatch(parts: Parts): EventBatch {
  const { opening, admission, events, now } = parts;
  const { inError } = admission;
  const known = new Set(opening.events.map(({ id }) => id));
  const stored = (id: string): boolean =>
    known.has(id) || events.some(({ parsed }) => parsed.id === id);
  return {
    seq: opening.seq,
    recordTime: now,
    events: events.map((event) => eventNodeOf(event, inError.has(event.parsed.id))),
    names: events.flatMap(nameGroupsOf),
    ghosts: ghostsOf(events.filter(({ parsed }) => inError.has(parsed.id))),
    named: namedThingsOf(events.map(({ parsed }) => parsed.event)),
    classes: events.flatMap(classLinksOf),
    transformations: events.flatMap(({ parsed: { id, event } }) =>
      event.type === 'TransformationEvent' && event.transformationID !== undefined
        ? [{ id, transformationID: event.transformationID }]
        : [],
    ),
    declarations: admission.declarations.map(declarationNodeOf),
    headers: headersOf(parts.submissions, admission),
    retracted: [...inError].filter(stored),
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
    finishedAt: now,
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

function messagesOf(
  projected: Projected,
  facts: readonly Fact[],
  handoffs: readonly HandoffState[],
  now: number,
): readonly FeedMessage[] {
  const located = locationMessages(projected, { facts, recordTime: now });
  const changed = handoffMessages(handoffs, projected.changes.receipts, now);
  return [...located, ...changed];
}
