import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Graph } from '../graph/graph.js';
import { MAX_ANSWER_BYTES } from '../graph/read-within.js';
import type { Migration } from '../graph/migrate.js';
import { ByteBudget } from '../shared/byte-budget.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import type { SharedAnswers } from '../shared/shared-answers.js';
import { LOOPBACK_ONLY, callerFault } from './callers.rules.js';
import type { Callers } from './callers.rules.js';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import { problemDocument } from './error-format.js';
import { registerGraphql, registerSchema, startApollo } from './graphql.js';
import type { GraphqlDeps } from './graphql.js';
import type { HealthCondition } from './health.http.js';
import { registerHealth } from './health.http.js';
import { MAX_JSON_BYTES, parseJsonBodies } from './json-body.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { OperationLimits } from './limits.js';
import { registerMetrics } from './metrics.http.js';
import type { ServiceMetrics } from './metrics.http.js';
import { OperationView, Slots, commonView } from '../access/view.js';
import { registerPlayground } from './playground.http.js';
import { makeSchema, sdlOf } from './schema.js';
import {
  READ_HEAD_BYTES,
  headFault,
  refuseConnection,
  refuseExpectation,
  unroutable,
} from './unroutable.js';
import { readRefusedBodies } from './unread-body.js';
import { serveWebSocket } from './web-socket.js';
import type { SocketRoute } from '../epcis-rest/socket-route.js';

const SHUTDOWN_GRACE_MS = 10_000;

/** The parts of the server. It closes only itself, not these parts. */
export interface ServerDeps {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  /** Additional parts of the context, for the resolvers of features. */
  readonly services: object;
  /** Answers that subscribers share. */
  readonly shared: SharedAnswers;
  /** Reads a long GraphQL request without blocking others; `services` knows its result. */
  readonly readOperation?: (bytes: Uint8Array, signal?: AbortSignal) => Promise<unknown>;
  readonly migrations: readonly Migration[];
  /** What is known of the store without a read; nothing by default. */
  readonly condition?: HealthCondition;
  /** The plans that are made while the service already answers. */
  readonly plans?: Pick<HealthCondition, 'waitsFor'> | undefined;
  /** Largest request body. */
  readonly bodyLimitBytes: number;
  readonly limits?: Partial<OperationLimits>;
  /** Most bytes of one answer; default 16 MiB. */
  readonly maxAnswerBytes?: number;
  /** Default: loopback only. */
  readonly callers?: Callers;
  /** Folder of the built playground. */
  readonly playgroundDir?: string;
  /** How long connections with an unfinished request may stay after the stop; default 10,000 ms. */
  readonly shutdownGraceMs?: number;
  /** Adds routes of features, e.g. the EPCIS REST binding. */
  readonly routes?: (http: FastifyInstance) => void;
  /** Most open GraphQL sockets; default 1,000. */
  readonly maxSockets?: number;
  /** Sockets of features, e.g. of EPCIS queries. */
  readonly sockets?: SocketRoute;
}

/** A server that does not yet listen. */
export interface Server {
  readonly http: FastifyInstance;
  /** Listens, and returns the address; for port 0 with the chosen port. */
  start(port: number, host: string): Promise<{ readonly url: string; readonly port: number }>;
  /** Accepts no more requests, finishes the open ones, closes every socket with 1001. */
  stop(): Promise<void>;
}

/** Builds HTTP and WebSocket: GraphQL, playground, health, metrics and the given routes. */
export async function buildServer(deps: ServerDeps): Promise<Server> {
  const { logger, metrics } = deps;
  const graphql = {
    schema: makeSchema(),
    limits: { ...DEFAULT_LIMITS, ...deps.limits },
    logger,
    metrics,
    bodyLimitBytes: deps.bodyLimitBytes,
    makeContext: contextMaker(deps),
  };
  let stopping = false;
  const http = makeFastify(deps);
  const apollo = await startApollo(graphql);
  if (deps.playgroundDir !== undefined) registerPlayground(http, { distDir: deps.playgroundDir });
  registerHealth(http, {
    graph: deps.graph,
    migrations: deps.migrations,
    isStopping: () => stopping,
    plans: deps.plans ?? { waitsFor: () => null },
    ...(deps.condition === undefined ? {} : { condition: deps.condition }),
  });
  registerMetrics(http, metrics.registry);
  registerGraphql(http, apollo, graphql);
  registerSchema(http, sdlOf(graphql.schema));
  deps.routes?.(http);
  const sockets = serveWebSocket(http.server, {
    ...graphql,
    shared: deps.shared,
    maxPayloadBytes: Math.min(deps.bodyLimitBytes, 1024 * 1024),
    callers: deps.callers ?? LOOPBACK_ONLY,
    ...(deps.maxSockets === undefined ? {} : { maxSockets: deps.maxSockets }),
    ...(deps.sockets === undefined ? {} : { otherSockets: deps.sockets }),
  });
  return {
    http,
    start: async (port, host) => {
      await http.listen({ port, host });
      const address = http.server.address();
      const chosen = typeof address === 'object' && address ? address.port : port;
      const shown = host.includes(':') ? `[${host}]` : host;
      return { url: `http://${shown}:${chosen}`, port: chosen };
    },
    stop: async () => {
      if (stopping) return;
      stopping = true;
      await sockets.dispose();
      await closeHttp(http, deps.shutdownGraceMs ?? SHUTDOWN_GRACE_MS);
      await apollo.stop();
    },
  };
}

/** Open connections must not delay the stop: idle ones close at once, others after the grace. */
async function closeHttp(http: FastifyInstance, graceMs: number): Promise<void> {
  const idle = setInterval(() => {
    http.server.closeIdleConnections();
  }, 50);
  const grace = setTimeout(() => {
    http.server.closeAllConnections();
  }, graceMs);
  await http.close();
  clearInterval(idle);
  clearTimeout(grace);
}

function contextMaker(deps: ServerDeps): GraphqlDeps['makeContext'] {
  const { clock, services, shared } = deps;
  return ({ requestId, over, principal, isSubscription, slots = new Slots() }) => {
    const budget = new ByteBudget(deps.maxAnswerBytes ?? MAX_ANSWER_BYTES);
    const common = isSubscription
      ? shared.of(`view of ${JSON.stringify(principal)}`, () => commonView(deps.graph, principal))
      : undefined;
    const view = new OperationView(deps.graph, { principal, over, budget, slots, common });
    return { ...services, view, clock, signal: over.signal, budget, requestId };
  };
}

function makeFastify(deps: ServerDeps): FastifyInstance {
  const { bodyLimitBytes, logger } = deps;
  const http = Fastify({
    logger: false,
    bodyLimit: Math.min(bodyLimitBytes, MAX_JSON_BYTES),
    requestTimeout: 120_000,
    // The first hook refuses a missing, repeated or foreign Host with a problem.
    http: { maxHeaderSize: READ_HEAD_BYTES, requireHostHeader: false },
    // A part of an address may be a long EPC or eventID; the routes limit the whole address.
    routerOptions: { maxParamLength: READ_HEAD_BYTES },
    frameworkErrors: unroutable(logger),
    clientErrorHandler: refuseConnection(logger),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
  });
  parseJsonBodies(http, deps.readOperation);
  http.server.on('checkExpectation', refuseExpectation(logger));
  readRefusedBodies(http);
  refuseFirst(http, deps.callers ?? LOOPBACK_ONLY);
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
    const retry = error instanceof Problem ? error.retryAfterSeconds : undefined;
    if (retry !== undefined) void reply.header('retry-after', String(retry));
    if (request.url.split('?', 1)[0] !== '/graphql')
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
function refuseFirst(http: FastifyInstance, callers: Callers): void {
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
