import type { View } from '../access/view.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import { writeJsonEvent } from '../epcis/write-json.js';
import { DOCUMENT_TYPES } from '../epcis-rest/body.js';
import { oneOf } from '../epcis-rest/headers.js';
import {
  DOCUMENT_MEDIA,
  bodyOf,
  content,
  parameter,
  response,
  schema,
} from '../epcis-rest/openapi-parts.js';
import type { OperationObject } from '../epcis-rest/openapi-parts.js';
import { pageHeaders, readPage, refuseParameters } from '../epcis-rest/paging.js';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import { EpcisProblem } from '../epcis-rest/epcis-problem.js';
import type { EpcisAnswer, EpcisCall, EpcisRoutes } from '../epcis-rest/resource.js';
import { Problem } from '../shared/problem.js';
import { decodeCursor, encodeCursor } from '../shared/page.js';
import type { PageKey } from '../shared/page.js';
import { EXAMPLE_DOCUMENT, EXAMPLE_EVENT } from './capture-examples.http.js';
import type { CaptureDeps, CaptureOutcome } from './capture-document.js';
import { captureRead } from './capture-document.js';
import { sentenceOf } from './capture-fault.js';
import type { CaptureJobDocument } from './capture-job.http.js';
import { exceptionOf, isLimit, jobDocumentOf } from './capture-job.http.js';
import { jobListXml, jobXml } from './capture-job.http.js';
import type { JobPlace } from './capture-job.read-model.js';
import { listCaptureJobs, readCaptureJob } from './capture-job.read-model.js';
import type { DocumentReader } from './document-reader.js';
import type { ReadDocument } from './read-document.js';
import { UPLOAD_TYPES, openUpload } from '../epcis-rest/upload.js';

/** What the capture routes need. */
export interface CaptureRouteDeps extends CaptureDeps {
  readonly reader: DocumentReader;
  readonly bodyLimitBytes: number;
}

/** How long a nextPageToken is valid. */
const TOKEN_LIFE_MS = 60 * 60 * 1000;

/**
 * EPCIS 2.0 REST binding, capture interface: POST and GET /epcis/capture, GET /epcis/capture/{captureID}, POST /epcis/events.
 *
 * @see EPCIS 2.0, 8.2.7 (capture interface); its OpenAPI, tag Capture
 */
export function addCapture(routes: EpcisRoutes, deps: CaptureRouteDeps): void {
  const limits = {
    'GS1-EPCIS-Capture-Limit': String(deps.limits.maxEvents),
    'GS1-EPCIS-Capture-File-Size-Limit': String(deps.bodyLimitBytes),
  };
  routes.resource({
    path: '/capture',
    discovery: { ...limits, 'GS1-Capture-Error-Behaviour': 'all' },
    operations: [
      {
        method: 'POST',
        scope: 'capture',
        takesDocument: true,
        about: ABOUT_CAPTURE,
        handle: (call) => capture(call, deps),
      },
      { method: 'GET', scope: 'capture', about: ABOUT_JOBS, handle: (call) => jobs(call, deps) },
    ],
  });
  routes.resource({
    path: '/capture/{captureID}',
    exists: async ({ captureID = '' }, { view }) =>
      (await readCaptureJob(view, captureID)) !== null,
    operations: [{ method: 'GET', scope: 'capture', about: ABOUT_JOB, handle: job }],
  });
  routes.resource({
    path: '/events',
    discovery: limits,
    operations: [
      {
        method: 'POST',
        scope: 'capture',
        takesDocument: true,
        about: ABOUT_EVENT,
        handle: (call) => captureOne(call, deps),
      },
    ],
  });
}

async function capture(call: EpcisCall, deps: CaptureRouteDeps): Promise<EpcisAnswer> {
  const behaviour = oneOf(
    call.request.headers,
    'GS1-Capture-Error-Behaviour',
    ['rollback', 'proceed'] as const,
    'rollback',
  );
  const read = await readBody(call, deps, false);
  const outcome = await captureRead(deps, read, {
    errorBehaviour: behaviour === 'rollback' ? 'ROLLBACK' : 'PROCEED',
    sender: call.view.principal,
  });
  if (outcome.jobId === null || outcome.refused) throw refusalOf(outcome);
  // The job is made from the outcome and not read: one read per document cost a third of the rate of single events.
  const job = jobDocumentOf({ id: outcome.jobId, ...outcome });
  // `faults` repeats the job's errors for senders from the time before jobs could be read.
  const body = JSON.stringify({ ...job, faults: outcome.faults });
  return {
    status: 202,
    headers: { location: `${EPCIS_PREFIX}/capture/${outcome.jobId}` },
    body: call.syntax === 'JSON' ? body : jobXml(job),
  };
}

async function captureOne(call: EpcisCall, deps: CaptureRouteDeps): Promise<EpcisAnswer> {
  const read = await readBody(call, deps, true);
  const outcome = await captureRead(deps, read, {
    errorBehaviour: 'ROLLBACK',
    sender: call.view.principal,
  });
  const [event] = read.events;
  if (outcome.refused || event === undefined) throw refusalOf(outcome);
  // JSON can hold a lone surrogate, which encodeURIComponent refuses. The buffer replaces it.
  const encoded = encodeURIComponent(Buffer.from(event.id).toString());
  const headers = { location: `${EPCIS_PREFIX}/events/${encoded}`, ...linkToWarnings(outcome) };
  // The event is given back as it came, with its eventID. Another syntax would be a translation, which Location offers.
  return read.isJson && call.syntax === 'JSON'
    ? { status: 201, headers, body: eventJson(event) }
    : { status: 201, headers };
}

/** The answer holds the event only, so its warnings are on the job that this links to. */
function linkToWarnings({ jobId, warnings }: CaptureOutcome): Readonly<Record<string, string>> {
  if (jobId === null || warnings.length === 0) return {};
  return { link: `<${EPCIS_PREFIX}/capture/${jobId}>; rel="describedby"` };
}

function eventJson({ event, id, text, meant, context }: ParsedEvent): string {
  const given = meant === undefined ? event : (JSON.parse(text ?? meant) as ParsedEvent['event']);
  return writeJsonEvent({
    event: { ...given, eventID: id },
    ...(text === undefined ? {} : { text }),
    ...(context === undefined ? {} : { context: JSON.parse(context) as Record<string, string> }),
  });
}

async function readBody(
  call: EpcisCall,
  { reader, bodyLimitBytes }: CaptureRouteDeps,
  alone: boolean,
): Promise<ReadDocument> {
  const body = await call.body({ types: [...DOCUMENT_TYPES, ...UPLOAD_TYPES] });
  const { bytes, contentType } = await openUpload(body, bodyLimitBytes);
  return reader.read({ bytes, contentType, alone }, call.signal);
}

async function jobs(call: EpcisCall, { clock }: CaptureRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, ['perPage', 'nextPageToken']);
  const { perPage, token } = readPage(call.query);
  const now = clock.now();
  const { jobs: page, hasMore } = await listCaptureJobs(call.view, {
    limit: perPage,
    ...(token === undefined ? {} : { after: placeOf(token, now) }),
  });
  const last = page.at(-1);
  const expiresAtMs = now + TOKEN_LIFE_MS;
  const next =
    hasMore && last !== undefined
      ? { next: encodeCursor([last.createdAt, last.id, expiresAtMs]), expiresAtMs }
      : {};
  const documents = page.map(jobDocumentOf);
  return {
    status: 200,
    headers: pageHeaders(call.request.url, next),
    body: call.syntax === 'JSON' ? JSON.stringify(documents) : jobListXml(documents),
  };
}

async function job(call: EpcisCall): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const document = await jobOf(call.params['captureID'] ?? '', call.view);
  return {
    status: 200,
    body: call.syntax === 'JSON' ? JSON.stringify(document) : jobXml(document),
  };
}

async function jobOf(id: string, view: View): Promise<CaptureJobDocument> {
  const found = await readCaptureJob(view, id);
  if (found !== null) return jobDocumentOf(found);
  throw new Problem('NOT_FOUND', `There is no capture job ${JSON.stringify(id.slice(0, 200))}.`);
}

/** @throws Problem `QUERY_PARAMETER` when the token is not one of this list */
function placeOf(token: string, now: number): JobPlace {
  const [createdAt, id, expiresAtMs] = openToken(token);
  if (Number(expiresAtMs) < now)
    throw new Problem(
      'QUERY_PARAMETER',
      'Parameter nextPageToken has expired. Begin with the first page again.',
    );
  return { createdAt: Number(createdAt), id: String(id) };
}

function openToken(token: string): PageKey {
  try {
    return decodeCursor(token, ['number', 'string', 'number']);
  } catch {
    throw new Problem(
      'QUERY_PARAMETER',
      'Parameter nextPageToken must come from a Link header of this list.',
    );
  }
}

/** The answer to a refused document or event, with every fault, and with the job if there is one. */
function refusalOf({
  jobId,
  faults,
  warnings,
}: Pick<CaptureOutcome, 'jobId' | 'faults' | 'warnings'>): EpcisProblem {
  const { type, status, code } = exceptionOf(faults);
  const first = faults.find(isLimit) ?? faults[0];
  return new EpcisProblem(
    {
      type,
      title: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; nothing was stored.`,
      status,
      ...(first === undefined ? {} : { detail: sentenceOf(first) }),
      code,
      faults,
      ...(warnings.length === 0 ? {} : { warnings }),
    },
    jobId === null ? {} : { location: `${EPCIS_PREFIX}/capture/${jobId}` },
  );
}

const captureRefusals = {
  400: response('Validation'),
  409: response('AlreadyExists'),
  413: response('CaptureLimit'),
};
const located = { Location: { schema: { type: 'string' } } };

const ABOUT_CAPTURE: OperationObject = {
  summary: 'Captures a document of events and master data.',
  description:
    'The answer comes after the commit, so the job named in Location is finished. XML may be of EPCIS 2.0 or 1.2; its namespace tells which. gzip, deflate and br are accepted. A file may be sent as application/octet-stream, application/gzip or multipart/form-data; its content tells whether it is JSON or XML. An event that is known with the same content counts as repeated. An event whose eventID is known with other content is refused.',
  tags: ['Capture'],
  parameters: [parameter('GS1-Capture-Error-Behaviour')],
  requestBody: bodyOf(schema('EPCISDocument'), EXAMPLE_DOCUMENT),
  responses: {
    202: {
      description:
        'The document is stored, or with proceed its valid events. The job says which events failed.',
      headers: located,
      content: content(DOCUMENT_MEDIA, schema('CaptureJob')),
    },
    ...captureRefusals,
  },
};

const ABOUT_EVENT: OperationObject = {
  summary: 'Captures one event.',
  description: 'An event that is known with the same content gets the same answer as a new one.',
  tags: ['Capture', 'Events'],
  requestBody: bodyOf(schema('EPCISEvent'), EXAMPLE_EVENT),
  responses: {
    201: {
      description:
        'The event is stored. Location has its eventID. If there are warnings, Link names the job that has them. An event that came in JSON is given back with its eventID if the client accepts JSON.',
      headers: located,
      content: content(['application/json', 'application/ld+json'], schema('EPCISEvent')),
    },
    ...captureRefusals,
  },
};

const ABOUT_JOBS: OperationObject = {
  summary: 'Capture jobs, newest first.',
  tags: ['Capture'],
  parameters: [parameter('perPage'), parameter('nextPageToken')],
  responses: {
    200: {
      description: 'A page of jobs.',
      content: content(DOCUMENT_MEDIA, { type: 'array', items: schema('CaptureJob') }),
    },
  },
};

const ABOUT_JOB: OperationObject = {
  summary: 'What became of a captured document.',
  tags: ['Capture'],
  responses: {
    200: {
      description: 'The job.',
      content: content(DOCUMENT_MEDIA, schema('CaptureJob')),
    },
    404: response('NoSuchResource'),
  },
};
