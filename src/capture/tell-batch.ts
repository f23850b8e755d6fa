import type { NewMessage, PartnerMessages } from '../feed/index.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { HandoffState } from '../handoff/index.js';
import type { Fact, StoredEvent } from '../projection/index.js';
import { readNotAllocated } from '../serials/index.js';
import type { Commissioned } from '../serials/index.js';
import { commissionedBy } from './batch-parts.rules.js';
import type { AdmittedEvent } from './event-batch.rules.js';
import {
  exceptionChanges,
  exceptionMessages,
  handoffMessages,
  locationMessages,
  serialChange,
} from './feed-messages.rules.js';
import { partnerMessages } from './partner-messages.rules.js';
import type { Projected } from './project-batch.js';
import type { KnownException, Seers } from './seers.rules.js';
import { readKnownExceptions, readSeers } from './seers.store.js';

/** What a batch says to the feeds: to the host, and to each organisation. */
export interface Told {
  readonly messages: readonly NewMessage[];
  readonly partners: PartnerMessages;
}

/** What was recorded before a batch, of what it changes. */
export interface Recorded {
  readonly seers: Seers;
  readonly exceptions: readonly KnownException[];
}

/** Reads, before a batch is saved, what its messages tell the changes of. In order, nothing is recorded yet. */
export async function readRecorded(
  tx: GraphTransaction,
  { changes, world }: Projected,
  hasPartners: boolean,
): Promise<Recorded> {
  const again = changes.findings.filter(({ key, t }) => world.head(key).last >= t);
  const judged = changes.seen.flatMap((one) => (one.again ? [one.eventId] : []));
  const shippings = changes.receipts.flatMap(({ list }) => list.flatMap(({ by }) => by ?? []));
  const [exceptions, seers] = await Promise.all([
    readKnownExceptions(tx, again),
    readSeers(tx, hasPartners ? [...new Set([...judged, ...shippings])] : []),
  ]);
  return { exceptions, seers };
}

/** What happened in a batch that is saved. */
export interface Saved {
  readonly projected: Projected;
  readonly recorded: Recorded;
  readonly hasPartners: boolean;
  /** Facts that the batch takes out, and then those that it adds. */
  readonly facts: readonly Fact[];
  /** Events that count from now on. */
  readonly active: readonly AdmittedEvent[];
  /** Events that are declared in error: as they came, or from now on. */
  readonly inError: readonly AdmittedEvent[];
  readonly takenOut: readonly Pick<StoredEvent, 'id' | 'eventTime'>[];
  readonly handoffs: readonly HandoffState[];
  /** Packages whose serial no pool gave out. */
  readonly strays: readonly Commissioned[];
}

/** What to say of a batch, when all but the end of it is written. */
export async function tellBatch(tx: GraphTransaction, saved: Saved): Promise<Told> {
  const { projected, recorded, hasPartners, facts, handoffs } = saved;
  const { changes, moves } = projected;
  const active = saved.active.map(timeOf);
  const inError = [...saved.inError.map(timeOf), ...saved.takenOut.map(timeOfStored)];
  const findings = exceptionChanges(changes.findings, recorded.exceptions);
  const cleared = await readNotAllocated(tx, commissionedBy(projected.removed));
  const mine = [...active, ...inError].map(({ id }) => id);
  const judged = [...new Set([...mine, ...changes.seen.map(({ eventId }) => eventId)])];
  const asked = hasPartners ? [...new Set([...judged, ...recorded.seers.keys()])] : [];
  const after = await readSeers(tx, asked);
  const exceptions = [
    ...findings,
    ...saved.strays.map((one) => serialChange(one, 'RAISED', after)),
    ...cleared.map((one) => serialChange(one, 'CLEARED', recorded.seers)),
  ];
  const messages = [
    ...locationMessages(moves, facts),
    ...handoffMessages(handoffs, changes.receipts),
    ...active.map((one) => eventMessage('VISIBLE', one)),
    ...inError.map((one) => eventMessage('RETRACTED', one)),
    ...exceptionMessages(exceptions),
  ];
  if (!hasPartners) return { messages, partners: new Map() };
  const began = new Set(active.map(({ id }) => id));
  const partners = partnerMessages({
    ...{ moves, facts, exceptions, judged, after, before: recorded.seers },
    receipts: changes.receipts,
    retracted: new Set(inError.map(({ id }) => id)),
    shippings: handoffs.flatMap(({ id }) => (began.has(id) ? [id] : [])),
  });
  return { messages, partners };
}

interface EventOfBatch {
  readonly id: string;
  /** eventTime, epoch ms. */
  readonly t: number;
}

function timeOf({ parsed: { id, eventTimeMs } }: AdmittedEvent): EventOfBatch {
  return { id, t: eventTimeMs };
}

function timeOfStored({ id, eventTime }: Saved['takenOut'][number]): EventOfBatch {
  return { id, t: eventTime };
}

function eventMessage(change: 'VISIBLE' | 'RETRACTED', { id, t }: EventOfBatch): NewMessage {
  return { kind: 'event', change, eventId: id, t };
}
