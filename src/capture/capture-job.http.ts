import type { EpcisProblemDocument } from '../server/epcis-problem.js';
import { attribute, element } from '../epcis/xml/write-text.js';
import type { CaptureFault } from './capture-document.js';
import type { CaptureJob } from './capture-job.read-model.js';

const CONFLICT = 'EVENT_ID_CONFLICT';
const EPCIS_XMLNS = 'urn:epcglobal:epcis:xsd:2';

/** A capture job as the EPCIS OpenAPI has it, with two counts of ours. */
export interface CaptureJobDocument {
  readonly captureID: string;
  readonly createdAt: string;
  readonly finishedAt: string;
  readonly running: boolean;
  readonly success: boolean;
  readonly captureErrorBehaviour: string;
  readonly captured: number;
  readonly repeated: number;
  readonly errors: readonly EpcisProblemDocument[];
}

/** The document of a job; each error says where in the captured document it is and what to do. */
export function jobDocumentOf(job: CaptureJob): CaptureJobDocument {
  return {
    captureID: job.id,
    createdAt: new Date(job.createdAt).toISOString(),
    finishedAt: new Date(job.finishedAt).toISOString(),
    running: false,
    success: job.success,
    captureErrorBehaviour: job.errorBehaviour.toLowerCase(),
    captured: job.captured,
    repeated: job.repeated,
    errors: job.faults.map(errorOf),
  };
}

/** A job as XML, `epcis:EPCISCaptureJob`; the counts, which the standard does not have, are left out. */
export function jobXml(job: CaptureJobDocument): string {
  return `${XML}${jobElement(job, `xmlns:epcis="${EPCIS_XMLNS}" `)}\n`;
}

/** Jobs as XML; the standard has no list of them in XML, so its root is ours. */
export function jobListXml(jobs: readonly CaptureJobDocument[]): string {
  const items = jobs.map((job) => jobElement(job, '')).join('');
  return `${XML}<epcis:EPCISCaptureJobs xmlns:epcis="${EPCIS_XMLNS}">${items}</epcis:EPCISCaptureJobs>\n`;
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

function jobElement(job: CaptureJobDocument, namespace: string): string {
  const { running, success, captureID } = job;
  const errors = job.errors.map(({ type, title, status, detail = '' }) => {
    const members = { type, title, status: String(status), detail };
    const parts = Object.entries(members).map(([name, value]) => element(name, value));
    return `<error>${parts.join('')}</error>`;
  });
  return [
    `<epcis:EPCISCaptureJob ${namespace}running="${running}" success="${success}"${attribute('captureID', captureID)}>`,
    element('captureErrorBehaviour', job.captureErrorBehaviour),
    element('createdAt', job.createdAt),
    element('finishedAt', job.finishedAt),
    ...(errors.length === 0 ? [] : [`<errors>${errors.join('')}</errors>`]),
    '</epcis:EPCISCaptureJob>',
  ].join('');
}

/** A fault in one sentence: where, what, and the remedy. */
export function sentenceOf({ pointer, found, expected, remedy }: CaptureFault): string {
  return `${pointer === '' ? 'document' : pointer}: found ${found}, expected ${expected}. ${remedy}`;
}

/** What refusing a document for these faults is called; a limit weighs most, then a conflict. */
export function exceptionOf(faults: readonly CaptureFault[]): {
  readonly type: string;
  readonly status: number;
} {
  if (faults.some(isLimit))
    return { type: 'epcisException:CaptureLimitExceededException', status: 413 };
  if (faults.some(({ code }) => code === CONFLICT))
    return { type: 'epcisException:ResourceAlreadyExistsException', status: 409 };
  return { type: 'epcisException:ValidationException', status: 400 };
}

/** Whether it is a limit of this service that was passed. */
export function isLimit({ code }: CaptureFault): boolean {
  return code.startsWith('LIMIT_');
}

function errorOf(fault: CaptureFault): EpcisProblemDocument {
  const { type, status } = exceptionOf([fault]);
  return {
    type,
    title: `${fault.code} at ${fault.pointer === '' ? 'the document' : fault.pointer}`,
    status,
    detail: sentenceOf(fault),
    ...fault,
  };
}
