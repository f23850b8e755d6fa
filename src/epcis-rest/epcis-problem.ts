import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../shared/logger.js';
import type { ProblemCode } from '../shared/problem.js';
import { Problem } from '../shared/problem.js';
import { negotiateProblem } from './negotiation.js';
import { XML_NAMESPACES } from '../epcis/xml/layout.js';
import { element } from '../epcis/xml/write-text.js';

/** A problem in the form of the EPCIS interface (RFC 9457); other members are extensions. */
export interface EpcisProblemDocument {
  /** `epcisException:…`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly [extension: string]: unknown;
}

/** A refusal with its document, e.g. with all faults of a captured document. Handlers throw it. */
export class EpcisProblem extends Error {
  constructor(
    readonly document: EpcisProblemDocument,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(document.detail ?? document.title);
    this.name = 'EpcisProblem';
  }
}

interface Exception {
  readonly exception: string;
  readonly title: string;
  readonly status?: number;
}

const VALIDATION: Exception = { exception: 'ValidationException', title: 'Not valid' };
const NO_RESOURCE: Exception = {
  exception: 'NoSuchResourceException',
  title: 'Resource not found',
};
const SECURITY: Exception = { exception: 'SecurityException', title: 'Not allowed' };
const CONFLICT: Exception = {
  exception: 'ResourceAlreadyExistsException',
  title: 'A resource with the provided identifier already exists.',
};
const TOO_COMPLEX: Exception = {
  exception: 'QueryTooComplexException',
  title: 'The query costs more than allowed',
  status: 413,
};
const UNSERVED: Exception = {
  exception: 'ImplementationException',
  title: 'Functionality not supported by server',
};
const INTERNAL: Exception = {
  exception: 'ImplementationException',
  title: 'A server-side error occurred',
};

/** The standard's exceptions for our codes (EPCIS 2.0 OpenAPI, responses). */
const EXCEPTIONS: Readonly<Record<ProblemCode, Exception>> = {
  BAD_USER_INPUT: VALIDATION,
  QUERY_PARAMETER: { exception: 'QueryParameterException', title: 'EPCIS query exception' },
  SUBSCRIPTION_CONTROLS: {
    exception: 'SubscriptionControlsException',
    title: 'Subscription error',
  },
  UNAUTHENTICATED: SECURITY,
  FORBIDDEN: SECURITY,
  NOT_FOUND: NO_RESOURCE,
  NO_SUCH_NAME: { exception: 'NoSuchNameException', title: 'No query of that name' },
  NOT_ACCEPTABLE: {
    exception: 'NotAcceptableException',
    title: 'Conflicting request and response headers',
  },
  CONFLICT,
  CURSOR_EXPIRED: NO_RESOURCE,
  PAYLOAD_TOO_LARGE: {
    exception: 'CaptureLimitExceededException',
    title: 'Capture Payload too large',
  },
  QUERY_TOO_LARGE: { exception: 'QueryTooLargeException', title: 'Query result is too large' },
  ANSWER_TOO_LARGE: { exception: 'QueryTooLargeException', title: 'Query result is too large' },
  URI_TOO_LONG: { exception: 'URITooLongException', title: 'URI Too Long' },
  UNSUPPORTED_MEDIA_TYPE: {
    exception: 'UnsupportedMediaTypeException',
    title: 'Unsupported Media Type',
  },
  REQUEST_TIMEOUT: VALIDATION,
  EXPECTATION_FAILED: VALIDATION,
  MISDIRECTED_REQUEST: SECURITY,
  UPGRADE_REQUIRED: VALIDATION,
  HEADERS_TOO_LARGE: VALIDATION,
  OPERATION_TOO_COMPLEX: TOO_COMPLEX,
  OPERATION_NOT_ALLOWED: UNSERVED,
  RATE_LIMITED: { exception: 'SecurityException', title: 'Too many requests' },
  ACCESS_ENDED: { exception: 'SecurityException', title: 'Access ended' },
  LAGGED: { exception: 'SecurityException', title: 'Too slow' },
  CANCELLED: INTERNAL,
  SERVICE_UNAVAILABLE: INTERNAL,
  INSUFFICIENT_STORAGE: INTERNAL,
  TIMEOUT: INTERNAL,
  INTERNAL_SERVER_ERROR: INTERNAL,
  SETUP: INTERNAL,
};

/** Codes that are shown only as a reference. */
const MASKED: readonly ProblemCode[] = ['INTERNAL_SERVER_ERROR', 'SETUP'];

/**
 * Any error as a problem document of the EPCIS interface, with its headers.
 *
 * An error that is not a {@link Problem} or {@link EpcisProblem} is shown only as a reference; the
 * log has the error with it.
 *
 * @param isQuery true if a slow statement is the query's fault (413) and not ours (504)
 */
export function epcisProblemOf(
  error: unknown,
  { logger, isQuery }: { readonly logger: Logger; readonly isQuery: boolean },
): { readonly document: EpcisProblemDocument; readonly headers: Readonly<Record<string, string>> } {
  if (error instanceof EpcisProblem) return error;
  const problem = toProblem(error);
  if (MASKED.includes(problem.code)) {
    const ref = randomUUID();
    logger.error({ err: error, ref }, 'A request failed');
    const detail = `Internal error. The log has it under reference ${ref}.`;
    return { document: documentOf(problem, INTERNAL, { detail, ref }), headers: {} };
  }
  const exception = problem.code === 'TIMEOUT' && isQuery ? TOO_COMPLEX : EXCEPTIONS[problem.code];
  const { message: detail, details, headers } = problem;
  return {
    document: documentOf(problem, exception, { detail, ...details }),
    headers,
  };
}

/** Answers with a problem, in JSON or XML by the request's `Accept`. */
export function sendEpcisProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  document: EpcisProblemDocument,
): FastifyReply {
  const { syntax, mediaType } = negotiateProblem(request.headers.accept);
  const body = syntax === 'JSON' ? JSON.stringify(document) : problemXml(document);
  return reply
    .code(document.status)
    .header('content-type', `${mediaType}; charset=utf-8`)
    .header('vary', 'Accept')
    .send(body);
}

/**
 * A problem as XML: `epcis:EPCISException`, with its own members in the order of the schema. The
 * schema requires another namespace for other members: they have that of RFC 9457 appendix B, and
 * lists have `<i>`.
 */
function problemXml(document: EpcisProblemDocument): string {
  const { type, title, status, detail, instance, ...rest } = document;
  const own = membersXml({ type, title, status, detail, instance }, '');
  const others = membersXml(rest, 'p:');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<epcis:EPCISException xmlns:epcis="${XML_NAMESPACES.document['2.0']}" xmlns:p="urn:ietf:rfc:7807">${own}${others}</epcis:EPCISException>\n`;
}

function membersXml(members: object, prefix: string): string {
  return Object.entries(members)
    .filter(([name]) => /^[A-Za-z_][\w.-]*$/.test(name))
    .map(([name, value]) => memberXml(prefix + name, value, prefix))
    .join('');
}

function memberXml(name: string, value: unknown, prefix: string): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value))
    return `<${name}>${value.map((item) => memberXml(`${prefix}i`, item, prefix)).join('')}</${name}>`;
  if (typeof value === 'object') return `<${name}>${membersXml(value, prefix)}</${name}>`;
  return element(name, typeof value === 'string' ? value : JSON.stringify(value));
}

function documentOf(
  problem: Problem,
  { exception, title, status = problem.status }: Exception,
  members: Readonly<Record<string, unknown>> & { readonly detail: string },
): EpcisProblemDocument {
  const { code } = problem;
  return { ...members, type: `epcisException:${exception}`, title, status, code };
}

/** Fastify's own refusals have a status; any other error is ours. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  const text = message ?? 'The request is not valid.';
  if (statusCode === 413) return new Problem('PAYLOAD_TOO_LARGE', text);
  if (statusCode === 414) return new Problem('URI_TOO_LONG', text);
  if (statusCode === 415) return new Problem('UNSUPPORTED_MEDIA_TYPE', text);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem('BAD_USER_INPUT', text);
  return new Problem('INTERNAL_SERVER_ERROR', 'Internal error', { cause: error });
}
