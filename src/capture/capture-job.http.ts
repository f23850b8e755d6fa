import type { EpcisProblemDocument } from '../epcis-rest/epcis-problem.js';
import { attribute, element } from '../epcis/xml/write-text.js';
import type { CaptureFault } from './capture-fault.js';
import { sentenceOf } from './capture-fault.js';
import type { CaptureJob } from './capture-job.read-model.js';
import type { ProblemCode } from '../shared/problem.js';

const CONFLICT = 'EVENT_ID_CONFLICT';
const EPCIS_XMLNS = 'urn:epcglobal:epcis:xsd:2';
const OUR_XMLNS = 'urn:custody-graph:epcis';

/** A capture job as in the EPCIS OpenAPI. The two counts and the warnings are additions of ours. */
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
  readonly warnings: readonly CaptureFault[];
}

/** The document of a job. Each error says where it is in the captured document and what to do. */
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
    warnings: job.warnings,
  };
}

/**
 * A job as XML, `epcis:EPCISCaptureJob`. Warnings stand where the schema allows elements of another namespace. The counts are
 * omitted.
 */
export function jobXml(job: CaptureJobDocument): string {
  return `${XML}${jobElement(job, `xmlns:epcis="${EPCIS_XMLNS}" `)}\n`;
}

/** Jobs as XML. The standard has no XML list of jobs, so the root element is ours. */
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
    ...warningsElement(job.warnings),
    '</epcis:EPCISCaptureJob>',
  ].join('');
}

function warningsElement(warnings: readonly CaptureFault[]): string[] {
  if (warnings.length === 0) return [];
  const items = warnings.map((warning) => {
    const members = Object.entries(warning) as [string, string | number][];
    return `<warning>${members.map(([name, value]) => element(name, String(value))).join('')}</warning>`;
  });
  return [`<warnings xmlns="${OUR_XMLNS}">${items.join('')}</warnings>`];
}

/** The EPCIS exception for refusing a document with these faults. A limit weighs most, then a conflict, then what the sender may not send. */
export function exceptionOf(faults: readonly CaptureFault[]): {
  readonly type: string;
  readonly status: number;
  readonly code: ProblemCode;
} {
  if (faults.some(isLimit))
    return {
      ...{ type: 'epcisException:CaptureLimitExceededException', status: 413 },
      code: 'PAYLOAD_TOO_LARGE',
    };
  if (faults.some(({ code }) => code === CONFLICT))
    return {
      ...{ type: 'epcisException:ResourceAlreadyExistsException', status: 409 },
      code: 'CONFLICT',
    };
  if (faults.some(({ code }) => code === 'NOT_ALLOWED'))
    return { type: 'epcisException:SecurityException', status: 403, code: 'FORBIDDEN' };
  return { type: 'epcisException:ValidationException', status: 400, code: 'BAD_USER_INPUT' };
}

/** Whether the document passed a limit of this service. */
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
