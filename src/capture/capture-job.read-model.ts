import { cypher } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import type { CaptureFault } from './capture-document.js';

/** A capture job as stored; it is finished as soon as it can be read, since documents are written before they are acknowledged. */
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
}

interface JobRow extends Omit<CaptureJob, 'faults'> {
  readonly errors: string;
}

const JOB = cypher<JobRow>('capture.job')`
MATCH (j:CaptureJob {id: $id})
RETURN j.id AS id, j.createdAt AS createdAt, j.finishedAt AS finishedAt, j.success AS success,
  j.errorBehaviour AS errorBehaviour, j.captured AS captured, j.repeated AS repeated, j.errors AS errors`;

/** The job of that id, or null. */
export async function readCaptureJob(graph: GraphReader, id: string): Promise<CaptureJob | null> {
  const row = (await graph.read(JOB, { id }))[0];
  if (row === undefined) return null;
  const { errors, ...job } = row;
  return { ...job, faults: JSON.parse(errors) as CaptureFault[] };
}
