import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { callerFault } from './callers.rules.js';
import type { Callers } from './callers.rules.js';
import { allowPages } from './cors.js';
import { problemDocument } from './error-format.js';
import { MAX_JSON_BYTES, parseJsonBodies } from './json-body.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { READ_HEAD_BYTES, headFault, unroutable } from './unroutable.js';
import { readRefusedBodies } from './unread-body.js';

/** How requests are read and refused, before a route sees them. */
export interface FastifyDeps {
  readonly logger: Logger;
  readonly callers: Callers;
  /** Largest request body. */
  readonly bodyLimitBytes: number;
  /** Reads a long GraphQL request without blocking others. */
  readonly readOperation?:
    ((bytes: Uint8Array, signal?: AbortSignal) => Promise<unknown>) | undefined;
  /** Why a path without a route is refused; by default, that there is nothing. */
  readonly whyUnserved?: () => Problem;
}

/** Answers requests that a listener hands over; it listens nowhere itself. */
export function makeFastify(deps: FastifyDeps): FastifyInstance {
  const { bodyLimitBytes, logger } = deps;
  const http = Fastify({
    logger: false,
    bodyLimit: Math.min(bodyLimitBytes, MAX_JSON_BYTES),
    // A part of an address may be a long EPC or eventID; the routes limit the whole address.
    routerOptions: { maxParamLength: READ_HEAD_BYTES },
    frameworkErrors: unroutable(logger),
    return503OnClosing: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
  });
  parseJsonBodies(http, deps.readOperation);
  readRefusedBodies(http);
  http.addHook('onRequest', (_, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    done();
  });
  // Before the refusals, so that a page may read them too.
  allowPages(http, deps.callers.origins);
  refuseFirst(http, deps);
  http.addHook('onResponse', (request, reply, done) => {
    const { method, url, id } = request;
    const line = {
      requestId: id,
      method,
      url: url.split('?', 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (reply.statusCode >= 500) logger.warn(line, 'request');
    else logger.info(line, 'request');
    done();
  });
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, body } = problemDocument(
      ofFastify(error, request.routeOptions.bodyLimit),
      logger,
    );
    if (error instanceof Problem) void reply.headers(error.headers);
    if (!/^\/graphql(?:\/stream)?(?:\?|$)/.test(request.url))
      return reply.code(status).type('application/problem+json').send(body);
    const outer = ['type', 'title', 'status', 'detail'];
    const extensions = Object.fromEntries(
      Object.entries(body).filter(([name]) => !outer.includes(name)),
    );
    return reply.code(status).send({ errors: [{ message: body['detail'], extensions }] });
  });
  return http;
}

/** Refuses foreign callers, unknown paths and methods, and every request while the server stops. */
function refuseFirst(http: FastifyInstance, { callers, whyUnserved }: FastifyDeps): void {
  const routes: RouteMethods[] = [];
  let closing = false;
  http.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  http.addHook('onRoute', ({ url, method }) => {
    if (!url.startsWith(EPCIS_PREFIX))
      routes.push({ pattern: patternOf(url), methods: [method].flat() });
  });
  http.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    const fault = callerFault(request.raw, callers) ?? headFault(request.raw);
    if (fault !== null) throw fault;
    if (closing)
      throw new Problem('SERVICE_UNAVAILABLE', 'The service is stopping.', {
        retryAfterSeconds: 5,
      });
    // Checked before Fastify refuses a body that no handler would read; /epcis does this itself.
    if (request.is404 && whyUnserved !== undefined) throw whyUnserved();
    if (request.is404 && !request.url.startsWith(`${EPCIS_PREFIX}/`))
      throw unservedOf(request, reply, routes);
    done();
  });
}

interface RouteMethods {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

function patternOf(url: string): RegExp {
  return new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`);
}

/** The refusal of an unknown path, or of a method that the path does not have. */
function unservedOf(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  routes: readonly RouteMethods[],
): Problem {
  const [path = ''] = url.split('?', 1);
  const allow = [
    ...new Set(
      routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods),
    ),
  ].join(', ');
  if (allow === '') return new Problem('NOT_FOUND', `There is nothing at ${path.slice(0, 500)}.`);
  void reply.header('allow', allow);
  return new Problem('OPERATION_NOT_ALLOWED', `${method} is not served here. Use ${allow}.`);
}

function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}

/** Turns Fastify's own refusals into our problems. */
function ofFastify(error: FastifyError, bodyLimitBytes: number): Error {
  if (error instanceof Problem || error.statusCode === undefined || error.statusCode >= 500)
    return error;
  if (error.statusCode === 413)
    return new Problem(
      'PAYLOAD_TOO_LARGE',
      `The request body is larger than the limit of ${bodyLimitBytes} bytes. Send it in parts.`,
      {
        details: { limitBytes: bodyLimitBytes },
      },
    );
  if (error.statusCode === 415)
    return new Problem('UNSUPPORTED_MEDIA_TYPE', `${error.message}. Send application/json.`);
  return new Problem('BAD_USER_INPUT', error.message);
}
