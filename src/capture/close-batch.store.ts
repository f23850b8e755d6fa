import { textOfMessages } from '../feed/index.js';
import type { NewMessage, PartnerMessages } from '../feed/index.js';
import { cypher, int } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { JobNode } from './capture.store.js';

// The job is merged: when the answer of a commit is lost, the transaction runs again although the first run may be committed.
const NEW_BATCH = cypher('capture.newBatch')`
CREATE (b:Batch {seq: $seq, at: $at, messages: $messages})
WITH b
MATCH (l:Log {id: 'log'})
WITH l, b, coalesce(l.floor, b.seq) AS floor
SET l.seq = b.seq, l.floor = floor, l.at = $at
WITH l
CALL () {
  MATCH (e:Event) WHERE e.seq = $seq
  SET e.recordTime = $at
  WITH e
  MATCH (e)-[s:SEEN_BY]->(e)
  SET s.rec = $at
}
CALL () {
  MATCH (d:ErrorDeclaration) WHERE d.seq = $seq
  SET d.recordTime = $at
  WITH d
  MATCH (d)-[s:SEEN_BY]->(d)
  SET s.at = d.eventTime, s.rec = $at
}
UNWIND $jobs AS row
MERGE (j:CaptureJob {id: row.id})
ON CREATE SET j = row`;

const FORGET_BATCHES = cypher('capture.forgetBatches')`
MATCH (l:Log {id: 'log'})
MATCH (b:Batch) WHERE b.seq < $floor
WITH l, b LIMIT 1000
DELETE b
SET l.floor = $floor`;

// The newest of each organisation stays. Its cursor needs it, which else would end when others have written enough.
const FORGET_TOLD = cypher('capture.forgetTold')`
MATCH (t:Told) WHERE t.at < $before
MATCH (f:Feed {p: t.p}) WHERE t.last < f.told
WITH t LIMIT 10000
DELETE t`;

// Only who has the lock of the log numbers messages, so the numbers of an organisation have no gaps.
const TELL = cypher('capture.tell')`
UNWIND $rows AS row
MATCH (o:Organisation {k: row.organisation})
MERGE (f:Feed {p: o.k}) ON CREATE SET f.told = 0
WITH f, row, f.told + row.count AS last
SET f.told = last
CREATE (:Told {p: f.p, last: last, seq: $seq, at: $at, messages: row.messages})`;

/** How much of the feeds is kept. */
export interface Retention {
  /** Batches of the log, for the host. */
  readonly batches: number;
  /** What partners are told, for this time, ms. */
  readonly toldMs: number;
}

/** The end of a batch. */
interface Closing {
  readonly seq: number;
  /** Record time, epoch ms. */
  readonly at: number;
  readonly messages: readonly NewMessage[];
  readonly partners: PartnerMessages;
  readonly jobs: readonly JobNode[];
}

/** Writes the batch's jobs, its place in the log, and its messages to the feeds. It is the last write before the commit. */
export async function closeBatch(
  tx: GraphTransaction,
  batch: Closing,
  retention: Retention,
): Promise<void> {
  const { seq, at } = batch;
  const jobs = batch.jobs.map((job) => ({
    ...job,
    createdAt: int(job.createdAt),
    finishedAt: int(job.finishedAt),
    captured: int(job.captured),
    repeated: int(job.repeated),
    seq: int(seq),
  }));
  const messages = textOf([...batch.messages, ...batch.jobs.map(jobMessage)], at);
  await tell(tx, batch);
  await tx.run(NEW_BATCH, { seq: int(seq), at: int(at), messages, jobs });
  // One delete of many now and then costs less than one delete with each batch.
  if (seq % 500 !== 0) return;
  await tx.run(FORGET_TOLD, { before: int(at - retention.toldMs) });
  if (seq > retention.batches)
    await tx.run(FORGET_BATCHES, { floor: int(seq - retention.batches) });
}

async function tell(tx: GraphTransaction, { seq, at, partners, jobs }: Closing): Promise<void> {
  const told = new Map(partners);
  for (const job of jobs)
    if (job.sentBy !== null)
      told.set(job.sentBy, [...(told.get(job.sentBy) ?? []), jobMessage(job)]);
  if (told.size === 0) return;
  const rows = [...told].map(([organisation, messages]) => ({
    ...{ organisation, messages: textOf(messages, at) },
    count: int(messages.length),
  }));
  await tx.run(TELL, { rows, seq: int(seq), at: int(at) });
}

function jobMessage({ id, finishedAt, success, captured, repeated }: JobNode): NewMessage {
  return { kind: 'job', jobId: id, t: finishedAt, success, captured, repeated };
}

function textOf(messages: readonly NewMessage[], recordTime: number): string {
  return textOfMessages(messages.map((message) => ({ ...message, recordTime })));
}
