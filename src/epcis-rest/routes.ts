import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ViewFor } from '../access/view.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { limitTime } from '../shared/question-time.js';
import { readEpcisBody } from './body.js';
import { SUPPORTED_HEADERS, VARY, answerHeaders, readEpcisHeaders } from './headers.js';
import type { EpcisSyntax, Negotiated } from './negotiation.js';
import { mediaTypesOf, negotiate } from './negotiation.js';
import { openApiOf } from './openapi.js';
import { discoveryOf } from './openapi-parts.js';
import { EPCIS_PREFIX } from './resource.js';
import { epcisProblemOf, sendEpcisProblem } from './epcis-problem.js';
import { readQuery } from './resource.js';
import type {
  EpcisAnswer,
  EpcisCall,
  EpcisOperation,
  EpcisResource,
  EpcisRoutes,
  RefusalWriter,
} from './resource.js';
import type { PathItems } from './openapi-parts.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    refuse?: RefusalWriter | undefined;
  }
}

/** What the EPCIS routes need. */
export interface EpcisDeps {
  readonly viewFor: ViewFor;
  readonly logger: Logger;
  /** Largest body, after decompression. */
  readonly bodyLimitBytes: number;
  /** Longest time of an operation that only reads, ms; 0 for no limit. */
  readonly questionTimeoutMs: number;
  /** GS1-Vendor-Version. */
  readonly vendorVersion: string;
  /** Routes outside /epcis, for the same description. */
  readonly beside?: PathItems;
  /** True for a nextPageToken that was deleted. */
  readonly isRevoked: (token: string) => Promise<boolean>;
}

/** Longest request target in bytes; a longer one gets 414. */
const MAX_URI_BYTES = 65_536;

/**
 * Serves the EPCIS 2.0 REST interface under /epcis: the resources of the features, their
 * `openapi.json`, and problems in JSON or XML for all refusals, also of unknown paths (404) and
 * methods (405).
 *
 * A feature adds a resource like this:
 *
 *     routes.resource({ path: '/things/{thing}', operations: [{ method: 'GET', scope: 'anybody', about: {…}, handle: async (call) => …}] });
 */
export function registerEpcis(
  http: FastifyInstance,
  deps: EpcisDeps,
  features: readonly ((routes: EpcisRoutes) => void)[],
): void {
  void http.register(
    (epcis, _options, done) => {
      const resources: EpcisResource[] = [];
      const add = (resource: EpcisResource): void => {
        const at = resources.findIndex(({ path }) => path === resource.path);
        const before = resources[at];
        if (before === undefined) resources.push(resource);
        else resources[at] = merged(before, resource);
      };
      for (const feature of features) feature({ resource: add });
      add(openApiResource(resources, deps.beside));
      prepare(epcis, deps, resources);
      for (const resource of resources) addResource(epcis, deps, resource);
      done();
    },
    { prefix: EPCIS_PREFIX },
  );
}

/** Merges two resources, because two features may serve one path with different methods. */
function merged(a: EpcisResource, b: EpcisResource): EpcisResource {
  return {
    ...a,
    ...b,
    discovery: { ...a.discovery, ...b.discovery },
    operations: [...a.operations, ...b.operations],
  };
}

/** Leaves bodies to the handlers, and answers errors and unknown paths with problems. */
function prepare(
  epcis: FastifyInstance,
  { logger }: EpcisDeps,
  resources: readonly EpcisResource[],
): void {
  epcis.removeAllContentTypeParsers();
  epcis.addContentTypeParser('*', (_request, _payload, done) => {
    done(null);
  });
  epcis.addHook('onRequest', (request, reply, done) => {
    const tooLong = request.url.length > MAX_URI_BYTES;
    const message = `The address has more than ${MAX_URI_BYTES} bytes. Use a named query, or ask in parts.`;
    if (tooLong) throw new Problem('URI_TOO_LONG', message);
    // Checked before Fastify refuses a body that no handler would read.
    if (request.is404 || Object.values(request.params as object).includes(''))
      throw unservedOf(request, reply, resources);
    done();
  });
  epcis.setErrorHandler((error, request, reply) => {
    const isQuery = request.method === 'GET' || request.method === 'HEAD';
    const { document, headers } = epcisProblemOf(error, { logger, isQuery });
    const isOverLimit = document.type === 'epcisException:CaptureLimitExceededException';
    const limits = isOverLimit ? limitsOf(request, resources) : {};
    void reply.headers({ ...limits, ...headers });
    const own = request.routeOptions.config.refuse?.(document, request);
    if (own === undefined) return sendEpcisProblem(request, reply, document);
    const { status, mediaType = '', body } = own;
    return reply
      .code(status)
      .headers({ ...own.headers, 'content-type': `${mediaType}; charset=utf-8` })
      .send(body);
  });
  // With this handler, the hooks and error answers also apply to unknown paths under the prefix.
  epcis.setNotFoundHandler((request, reply) => {
    throw unservedOf(request, reply, resources);
  });
}

/** The refusal of an unknown path, or of a method that the path does not have. */
function unservedOf(
  request: FastifyRequest,
  reply: FastifyReply,
  resources: readonly EpcisResource[],
): Problem {
  const [path = ''] = request.url.split('?', 1);
  const resource = resources.find((one) => patternOf(one.path).test(path));
  if (resource === undefined)
    return new Problem('NOT_FOUND', `There is nothing at ${path.slice(0, 500)}.`);
  const allow = allowOf(resource);
  void reply.header('allow', allow);
  return new Problem(
    'OPERATION_NOT_ALLOWED',
    `${request.method} is not served here. Use ${allow}.`,
  );
}

function addResource(epcis: FastifyInstance, deps: EpcisDeps, resource: EpcisResource): void {
  const url = resource.path.replaceAll(/\{(\w+)\}/g, ':$1');
  for (const operation of resource.operations)
    epcis.route<{ Params: Record<string, string> }>({
      method: operation.method,
      url,
      config: { scope: operation.scope, refuse: operation.refuse },
      handler: async (request, reply) => {
        const answers = operation.answers ?? ['JSON', 'XML'];
        const chosen = acceptedOf(request, answers);
        const headers = readEpcisHeaders(
          request.headers,
          operation.takesDocument === true ? 'XML' : chosen.syntax,
        );
        const call = callOf(request, reply, { deps, operation, chosen, headers });
        await refuseRevoked(call, deps);
        const answer = await operation.handle(call);
        return send(reply, answer, { call, chosen });
      },
    });
  epcis.route<{ Params: Record<string, string> }>({
    method: 'OPTIONS',
    url,
    config: { scope: resource.operations[0]?.scope ?? 'anybody' },
    handler: async (request, reply) => {
      const headers = readEpcisHeaders(request.headers, 'XML');
      const found =
        (await resource.exists?.(request.params, {
          headers,
          view: deps.viewFor(request.principal),
        })) ?? true;
      if (found === false)
        throw new Problem('NOT_FOUND', `There is nothing at ${request.url.slice(0, 500)}.`);
      return reply
        .code(204)
        .headers({
          allow: allowOf(resource),
          ...SUPPORTED_HEADERS,
          'GS1-Vendor-Version': deps.vendorVersion,
          ...answerHeaders({ version: '2.0', extensions: headers.extensions }),
          ...resource.discovery,
          ...(found === true ? {} : found),
        })
        .send();
    },
  });
}

/** @throws Problem `QUERY_PARAMETER` */
async function refuseRevoked({ query }: EpcisCall, { isRevoked }: EpcisDeps): Promise<void> {
  const token = query.get('nextPageToken');
  if (token !== null && (await isRevoked(token)))
    throw new Problem(
      'QUERY_PARAMETER',
      'Parameter nextPageToken is not valid any more: it was deleted, or the store was restored from a backup. Start again.',
    );
}

/** @throws Problem `NOT_ACCEPTABLE` */
function acceptedOf(request: FastifyRequest, answers: readonly EpcisSyntax[]): Negotiated {
  const chosen = negotiate(request.headers.accept, answers);
  if (chosen !== undefined) return chosen;
  if (answers.length === 0) return { syntax: 'JSON', mediaType: 'application/json' };
  const acceptable = mediaTypesOf(answers);
  throw new Problem(
    'NOT_ACCEPTABLE',
    `No media type of Accept is served here. Accept ${acceptable.join(', ')}.`,
    { details: { acceptable } },
  );
}

interface CallParts extends Pick<EpcisCall, 'headers'> {
  readonly deps: EpcisDeps;
  readonly operation: EpcisOperation;
  readonly chosen: Negotiated;
}

function callOf(
  request: FastifyRequest<{ Params: Record<string, string> }>,
  reply: FastifyReply,
  { deps, operation, chosen, headers }: CallParts,
): EpcisCall {
  // Aborted when the client leaves or has its answer, because nobody needs the rest of the work.
  const stop = new AbortController();
  reply.raw.once('close', () => {
    stop.abort();
  });
  if (operation.scope === 'read') limitTime(stop, deps.questionTimeoutMs);
  return {
    request,
    params: request.params,
    query: readQuery(request.url),
    syntax: chosen.syntax,
    headers,
    signal: stop.signal,
    view: deps.viewFor(request.principal, stop.signal),
    body: (rules) => readEpcisBody(request.raw, { limitBytes: deps.bodyLimitBytes, ...rules }),
  };
}

function send(
  reply: FastifyReply,
  { status, headers, body, mediaType }: EpcisAnswer,
  { call, chosen }: { readonly call: EpcisCall; readonly chosen: Negotiated },
): FastifyReply {
  void reply.code(status).headers({ vary: VARY, ...answerHeaders(call.headers), ...headers });
  if (body === undefined) return reply.send();
  return reply.header('content-type', `${mediaType ?? chosen.mediaType}; charset=utf-8`).send(body);
}

function openApiResource(
  resources: readonly EpcisResource[],
  beside: PathItems | undefined,
): EpcisResource {
  return {
    path: '/openapi.json',
    operations: [
      {
        method: 'GET',
        scope: 'anybody',
        answers: ['JSON'],
        about: discoveryOf('The OpenAPI description of this interface.'),
        handle: () => ({ status: 200, body: JSON.stringify(openApiOf(resources, beside)) }),
      },
    ],
  };
}

function allowOf({ operations }: EpcisResource): string {
  const methods = operations.flatMap(({ method }) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
  return ['OPTIONS', ...methods].join(', ');
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part));
  return new RegExp(`^${EPCIS_PREFIX}${parts.join('/').replace(/\/$/, '/?')}$`);
}

/** The limits of the resource, which a 413 must report. */
function limitsOf(
  request: FastifyRequest,
  resources: readonly EpcisResource[],
): Readonly<Record<string, string>> {
  const [path = ''] = request.url.split('?', 1);
  const told = resources.find((one) => patternOf(one.path).test(path))?.discovery ?? {};
  return Object.fromEntries(Object.entries(told).filter(([name]) => /-Limit$/i.test(name)));
}
