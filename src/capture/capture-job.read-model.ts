import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { MAX_ANSWER_BYTES, readWithin } from '../graph/read-within.js';
import type { CaptureFault } from './capture-fault.js';

/** A capture job as stored. It can be read only when it is finished, because documents are written before they are acknowledged. */
export interface CaptureJob {
  readonly id: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly finishedAt: number;
  readonly success: boolean;
  readonly errorBehaviour: 'ROLLBACK' | 'PROCEED';
  readonly captured: number;
  readonly repeated: number;
  readonly faults: readonly CaptureFault[];
  /** What is unusual but accepted. */
  readonly warnings: readonly CaptureFault[];
}

/** A page of jobs begins after this job, newest first. */
export interface JobPlace {
  readonly createdAt: number;
  readonly id: string;
}

interface JobRow extends Omit<CaptureJob, 'faults' | 'warnings'> {
  readonly errors: string;
  readonly warnings: string | null;
}

const COLUMNS = fragment`j.id AS id, j.createdAt AS createdAt, j.finishedAt AS finishedAt, j.success AS success,
  j.errorBehaviour AS errorBehaviour, j.captured AS captured, j.repeated AS repeated, j.errors AS errors, j.warnings AS warnings`;

const JOB = cypher.own<JobRow>('capture.job')`
MATCH (j:CaptureJob {id: $id}) WHERE $viewer IS NULL OR j.sentBy = $viewer
RETURN ${COLUMNS}`;

// The index is on createdAt. The id orders jobs of the same millisecond.
const JOBS = cypher.host<JobRow>('capture.jobs')`
MATCH (j:CaptureJob)
WHERE j.createdAt <= $createdAt AND (j.createdAt < $createdAt OR j.id < $id)
RETURN ${COLUMNS}
ORDER BY j.createdAt DESC, j.id DESC
LIMIT $limit`;

const OWN_JOBS = cypher.own<JobRow>('capture.ownJobs')`
MATCH (j:CaptureJob)
WHERE j.sentBy = $viewer AND j.createdAt <= $createdAt AND (j.createdAt < $createdAt OR j.id < $id)
RETURN ${COLUMNS}
ORDER BY j.createdAt DESC, j.id DESC
LIMIT $limit`;

/** The job with that id, or null. */
export async function readCaptureJob(view: View, id: string): Promise<CaptureJob | null> {
  const row = (await view.read(JOB, { id }))[0];
  return row === undefined ? null : toJob(row);
}

/** Jobs, newest first: all for the host, for a partner its own. A page has fewer than `limit` jobs when their lists of faults are long. */
export async function listCaptureJobs(
  view: View,
  page: { readonly after?: JobPlace; readonly limit: number },
): Promise<{ readonly jobs: readonly CaptureJob[]; readonly hasMore: boolean }> {
  const { createdAt, id } = page.after ?? { createdAt: Number.MAX_SAFE_INTEGER, id: '' };
  const statement = view.principal.kind === 'HOST' ? JOBS : OWN_JOBS;
  const { rows, limit } = await readWithin(MAX_ANSWER_BYTES, page.limit + 1, (most, options) =>
    view.read(statement, { createdAt: int(createdAt), id, limit: int(most) }, options),
  );
  return { jobs: rows.slice(0, page.limit).map(toJob), hasMore: rows.length === limit };
}

function toJob({ errors, warnings, ...job }: JobRow): CaptureJob {
  const faultsIn = (json: string): CaptureFault[] => JSON.parse(json) as CaptureFault[];
  return { ...job, faults: faultsIn(errors), warnings: faultsIn(warnings ?? '[]') };
}
