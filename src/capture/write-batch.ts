import { setImmediate } from 'node:timers/promises';
import { storeTerms } from '../event-terms/event-terms.store.js';
import type { DocumentHeader } from '../epcis/document-header.js';
import type { Warnings } from '../epcis/faults.js';
import { NO_WARNINGS, toldWarnings } from '../epcis/faults.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { storeMasterData } from '../master-data/index.js';
import { birthsOf, saveChanges } from '../projection/index.js';
import { judgeSerials } from '../serials/index.js';
import { isAhead } from '../shared/ahead.js';
import type { Clock } from '../shared/clock.js';
import {
  commissionedBy,
  lotChangedIn,
  madeIn,
  partOf,
  readAdmitted,
  recordTimeOf,
  warnOfFuture,
} from './batch-parts.rules.js';
import { BatchWarnings } from './batch-warnings.js';
import type { CaptureFault } from './capture-fault.js';
import { toFault } from './capture-fault.js';
import type { CaptureRequest, Verdict } from './capture.rules.js';
import { admit } from './capture.rules.js';
import type { EventBatch, JobNode } from './capture.store.js';
import type { Retention } from './close-batch.store.js';
import { closeBatch } from './close-batch.store.js';
import { linkEvents, openBatch, storeEvents } from './capture.store.js';
import type { NewlyAdmitted } from './event-batch.rules.js';
import {
  classLinksOf,
  declarationNodeOf,
  eventNodeOf,
  ghostsOf,
  nameGroupsOf,
} from './event-batch.rules.js';
import { termRowsOf } from './event-terms.rules.js';
import type { Portion } from './portions.rules.js';
import { portionsOf } from './portions.rules.js';
import { loadBeginners, projectBatch } from './project-batch.js';
import { saveMaking } from './made-from.store.js';
import { namedThingsOf } from './named-things.rules.js';
import { nameThings } from './named-things.store.js';
import { saveCustody } from './save-custody.js';
import { readFacts } from './stored-facts.rules.js';
import type { Told } from './tell-batch.js';
import { readRecorded, tellBatch } from './tell-batch.js';

/** A document that is handed to the writer. */
export interface Submission extends CaptureRequest {
  readonly masterData: readonly MasterDataEntry[];
  readonly header?: DocumentHeader;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Errors that were found before the writer got the document (PROCEED), as JSON for the job. */
  readonly errors: readonly unknown[];
  /** Warnings of parsing. */
  readonly warnings: Warnings;
}

/** What one transaction did. */
export interface BatchReceipt {
  readonly seq: number;
  readonly verdicts: readonly Verdict[];
  /** Warnings of each document, in their order. */
  readonly warnings: readonly Warnings[];
  /** The record time of its events, which is also when its jobs finished; epoch ms. */
  readonly at: number;
}

/**
 * Stores a batch of documents in the caller's transaction: lock the log, look up what is known, admit, derive and write, close.
 *
 * A long document is written in portions, each with its own position in the log, as if several documents had come. So the memory
 * and the size of a request do not grow with it, and other work gets its turn in between. All portions have one record time.
 *
 * It can run again after a transient fault, because it keeps nothing outside the transaction.
 */
export async function writeBatch(
  tx: GraphTransaction,
  submissions: readonly Submission[],
  context: { readonly clock: Clock; readonly retention: Retention },
): Promise<BatchReceipt> {
  const { clock, retention } = context;
  const ids = submissions.flatMap(({ events }) => events.map(({ id }) => id));
  const opening = await openBatch(tx, [...new Set(ids)]);
  const admission = admit(submissions, opening.events, opening.declarations);
  const warnings = new BatchWarnings(submissions, admission.events, admission.declarations);
  for (const [i, { masterData }] of submissions.entries())
    if (masterData.length > 0 && admission.verdicts[i]?.refused === false)
      await storeMasterData(tx, masterData);
  const told: (Told & { readonly seq: number })[] = [];
  const now = clock.now();
  warnOfFuture(warnings, admission, now);
  for (const portion of portionsOf({ submissions, opening, admission, now })) {
    told.push({ seq: portion.seq, ...(await writePortion(tx, portion)) });
    await setImmediate();
  }
  const at = recordTimeOf(opening, clock);
  const warned = submissions.map((one) => warnings.of(one.jobId, one.warnings));
  const jobs = submissions.map((one, i) =>
    jobOf(one, admission.verdicts[i], warned[i] ?? NO_WARNINGS, at),
  );
  const last = told.at(-1)?.seq ?? opening.seq;
  for (const one of told)
    await closeBatch(tx, { ...one, at, jobs: one.seq === last ? jobs : [] }, retention);
  return { seq: last, verdicts: admission.verdicts, warnings: warned, at };
}

/** Derives and writes a portion. @returns its messages to the feeds, which still need their record time */
async function writePortion(tx: GraphTransaction, portion: Portion): Promise<Told> {
  const { seq, admission, hasPartners } = portion;
  const parts = { ...portion, ...sorted(portion) };
  const { active } = parts;
  const added = active.flatMap(({ facts }) => facts);
  const takenOut = admission.takenOut.filter(({ waits }) => !waits);
  const withdrawn = [
    ...parts.inError.flatMap(({ facts }) => facts),
    ...admission.takenOut.flatMap((event) => (event.waits ? [...readFacts(event)] : [])),
  ];
  const facts = { added, takenOut, withdrawn, hasPartners, readFacts, isTold: true };
  const projected = await projectBatch(tx, facts);
  const recorded = await readRecorded(tx, projected, hasPartners);
  const batch = toEventBatch(parts);
  const births = birthsOf(projected.changes, batch.names);
  const before = storeEvents(tx, batch);
  const said = storeTerms(tx, termRowsOf(admission));
  const saved = saveChanges(tx, births.changes, {
    seq,
    wasJudged: (key, t) => projected.world.head(key).last >= t,
    births: births.groups,
  });
  // When rows are removed, the next statements wait until that is done.
  if (births.changes.rows.some(({ removed }) => removed.length > 0)) await saved;
  const sent = parts.events.map(({ parsed }) => parsed);
  const mayBegin = await loadBeginners(tx, projected.world, sent);
  const linked = linkEvents(tx, { ...batch, names: births.names }, mayBegin);
  const named = nameThings(tx, namedThingsOf(sent, mayBegin));
  await Promise.all([before, said, saved, linked, named]);
  await saveMaking(tx, {
    made: madeIn(active),
    retracted: batch.retracted,
    lotChanged: lotChangedIn(projected),
  });
  const strays = portion.judgesSerials ? await judgeSerials(tx, commissionedBy(added), seq) : [];
  const handoffs = await saveCustody(tx, seq, { active, takenOut }, projected);
  return tellBatch(tx, {
    ...{ projected, recorded, hasPartners, handoffs, facts: [...projected.removed, ...added] },
    ...{ active, inError: parts.inError, takenOut: admission.takenOut, strays },
  });
}

interface Sorted {
  readonly events: readonly NewlyAdmitted[];
  /** Events that count now. */
  readonly active: readonly NewlyAdmitted[];
  /** Events ahead of the clock. */
  readonly ahead: readonly NewlyAdmitted[];
  readonly inError: readonly NewlyAdmitted[];
}

function sorted({ admission, now }: Portion): Sorted {
  const { inError } = admission;
  const events = admission.events.map(readAdmitted);
  const valid = events.filter(({ parsed }) => !inError.has(parsed.id));
  return {
    events,
    active: valid.filter(({ parsed }) => !isAhead(parsed.eventTimeMs, now)),
    ahead: valid.filter(({ parsed }) => isAhead(parsed.eventTimeMs, now)),
    inError: events.filter(({ parsed }) => inError.has(parsed.id)),
  };
}

function toEventBatch(parts: Portion & Sorted): EventBatch {
  const { admission, events, active, ahead } = parts;
  const { inError } = admission;
  const stored = new Set([...parts.known, ...events.map(({ parsed }) => parsed.id)]);
  return {
    seq: parts.seq,
    events: [
      ...active.map((event) => eventNodeOf(event, 'active')),
      ...ahead.map((event) => eventNodeOf(event, 'ahead')),
      ...parts.inError.map((event) => eventNodeOf(event, 'inError')),
    ],
    names: [...active, ...parts.inError].flatMap(nameGroupsOf),
    ahead: { names: ahead.flatMap(nameGroupsOf), classes: ahead.flatMap(classLinksOf) },
    ghosts: ghostsOf([...parts.inError, ...ahead]),
    classes: [...active, ...parts.inError].flatMap(classLinksOf),
    transformations: [...active, ...parts.inError].flatMap(partOf),
    declarations: admission.declarations.map(declarationNodeOf),
    headers: parts.headers,
    waitedInVain: admission.takenOut.flatMap(({ id, waits }) => (waits ? [id] : [])),
    retracted: [...inError].filter((id) => stored.has(id)),
  };
}

function jobOf(
  submission: Submission,
  verdict: Verdict | undefined,
  warnings: Warnings,
  now: number,
): JobNode {
  const errors = [...submission.errors, ...(verdict === undefined ? [] : refusalsIn(verdict))];
  return {
    id: submission.jobId,
    createdAt: submission.receivedAt,
    finishedAt: Math.max(now, submission.receivedAt),
    success: errors.length === 0,
    errorBehaviour: submission.errorBehaviour,
    sentBy: submission.sentBy,
    captured: verdict?.captured ?? 0,
    repeated: verdict?.repeated ?? 0,
    errors: JSON.stringify(errors),
    warnings: JSON.stringify(toldWarnings(warnings).map(toFault)),
  };
}

/** What the writer refused of a document, as faults of it. */
export function refusalsIn({ conflicts, notYours }: Verdict): readonly CaptureFault[] {
  return [...conflicts.map(conflictFault), ...notYours.map(notYoursFault)];
}

function notYoursFault({ pointer, id }: Verdict['notYours'][number]): CaptureFault {
  return {
    code: 'NOT_ALLOWED',
    pointer: `${pointer}/eventID`,
    found: id,
    expected: 'an event that your organisation sent, and that is stored',
    remedy: 'Declare only events of your own in error, after they were captured.',
  };
}

function conflictFault({
  pointer,
  id,
  storedHash,
  hash,
}: Verdict['conflicts'][number]): CaptureFault {
  return {
    code: 'EVENT_ID_CONFLICT',
    pointer: `${pointer}/eventID`,
    found: `${id} with content ${hash}`,
    expected:
      storedHash === null
        ? 'an eventID that is free'
        : `the content stored under this id, ${storedHash}`,
    remedy:
      storedHash === null
        ? 'Give the event an id of its own.'
        : 'Give the event an id of its own, or declare the stored one in error and send the correction.',
  };
}
