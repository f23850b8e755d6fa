import type { FastifyInstance, FastifyReply } from 'fastify';
import type { GraphReader } from '../graph/graph.js';
import { Problem } from '../shared/problem.js';
import type {
  CaptureDeps,
  CaptureFault,
  CaptureOutcome,
  ErrorBehaviour,
} from './capture-document.js';
import { captureDocument } from './capture-document.js';
import type { CaptureJob } from './capture-job.read-model.js';
import { readCaptureJob } from './capture-job.read-model.js';

/** What the capture routes need. */
export interface CaptureRouteDeps extends CaptureDeps {
  readonly graph: GraphReader;
  readonly bodyLimitBytes: number;
}

/** EPCIS 2.0 REST binding, capture interface: POST and OPTIONS /epcis/capture, GET /epcis/capture/{id}. */
export function registerCapture(http: FastifyInstance, deps: CaptureRouteDeps): void {
  http.addContentTypeParser(
    'application/ld+json',
    { parseAs: 'string' },
    http.getDefaultJsonParser('error', 'error'),
  );
  http.route({
    method: 'POST',
    url: '/epcis/capture',
    handler: async (request, reply) => {
      const outcome = await captureDocument(
        deps,
        request.body,
        errorBehaviourOf(request.headers['gs1-capture-error-behaviour']),
      );
      return answer(reply, outcome);
    },
  });
  http.route({
    method: 'OPTIONS',
    url: '/epcis/capture',
    handler: async (_request, reply) =>
      reply
        .code(204)
        .header('allow', 'GET, POST, OPTIONS')
        .header('gs1-epcis-version', '2.0.0')
        .header('gs1-cbv-version', '2.0.0')
        .header('gs1-epcis-capture-limit', String(deps.limits.maxEvents))
        .header('gs1-epcis-capture-file-size-limit', String(deps.bodyLimitBytes))
        .send(),
  });
  http.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/epcis/capture/:id',
    handler: async (request) => {
      const job = await readCaptureJob(deps.graph, request.params.id);
      if (job === null)
        throw new Problem('NOT_FOUND', `There is no capture job "${request.params.id}".`);
      return jobDocument(job);
    },
  });
}

/** @see EPCIS 2.0 OpenAPI, GS1-Capture-Error-Behaviour: rollback unless told otherwise */
function errorBehaviourOf(header: string | string[] | undefined): ErrorBehaviour {
  const word = String(header ?? 'rollback').toLowerCase();
  if (word === 'rollback') return 'ROLLBACK';
  if (word === 'proceed') return 'PROCEED';
  throw new Problem(
    'BAD_USER_INPUT',
    `GS1-Capture-Error-Behaviour is "${word}"; write "rollback" or "proceed".`,
  );
}

const isLimit = ({ code }: CaptureFault): boolean => code.startsWith('LIMIT_');

function answer(reply: FastifyReply, outcome: CaptureOutcome): FastifyReply {
  const { jobId, success, refused, captured, repeated, faults } = outcome;
  if (jobId === null || refused) {
    const { status, title } = refusalOf(outcome);
    const first = faults.find(isLimit) ?? faults[0];
    return reply
      .code(status)
      .type('application/problem+json')
      .send({
        type: `epcisException:${title}`,
        title: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; nothing was stored.`,
        status,
        ...(first === undefined ? {} : { detail: sentenceOf(first) }),
        faults,
      });
  }
  return reply
    .code(202)
    .header('location', `/epcis/capture/${jobId}`)
    .send({ captureID: jobId, success, captured, repeated, faults });
}

function sentenceOf({ pointer, found, expected, remedy }: CaptureFault): string {
  return `${pointer === '' ? 'document' : pointer}: found ${found}, expected ${expected}. ${remedy}`;
}

function refusalOf({ faults }: CaptureOutcome): { status: number; title: string } {
  if (faults.some(isLimit)) return { status: 413, title: 'CaptureLimitExceededException' };
  if (faults.some(({ code }) => code === 'EVENT_ID_CONFLICT'))
    return { status: 409, title: 'ResourceAlreadyExistsException' };
  return { status: 400, title: 'ValidationException' };
}

function jobDocument(job: CaptureJob): Record<string, unknown> {
  return {
    captureID: job.id,
    createdAt: new Date(job.createdAt).toISOString(),
    finishedAt: new Date(job.finishedAt).toISOString(),
    running: false,
    success: job.success,
    captureErrorBehaviour: job.errorBehaviour.toLowerCase(),
    captured: job.captured,
    repeated: job.repeated,
    errors: job.faults.map(({ code, pointer, found, expected, remedy }) => ({
      type: `epcisException:${code === 'EVENT_ID_CONFLICT' ? 'ResourceAlreadyExistsException' : 'ValidationException'}`,
      title: `${code} at ${pointer}: found ${found}, expected ${expected}. ${remedy}`,
      code,
      pointer,
      found,
      expected,
      remedy,
    })),
  };
}
