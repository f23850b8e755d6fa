import type { FastifyInstance } from 'fastify';
import type { Graph } from '../graph/graph.js';
import { MAX_ANSWER_BYTES } from '../graph/read-within.js';
import type { Migration } from '../graph/migrate.js';
import { ByteBudget } from '../shared/byte-budget.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { SharedAnswers } from '../shared/shared-answers.js';
import type { AccessLog } from '../audit/index.js';
import { auditRequests } from './auditing.js';
import { authenticateRequests } from './authentication.js';
import type { AccessContext } from '../access/access.resolver.js';
import type { Access } from '../access/make-access.js';
import { eventStreams } from './event-stream.js';
import { registerGraphql, registerSchema, startApollo } from './graphql.js';
import type { GraphqlDeps } from './graphql.js';
import type { HealthCondition } from './health.http.js';
import { registerHealth } from './health.http.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { OperationLimits } from './limits.js';
import type { Listener } from './listener.js';
import { makeFastify } from './make-fastify.js';
import { registerMetrics } from './metrics.http.js';
import type { ServiceMetrics } from './metrics.http.js';
import { audienceOf } from '../access/principal.js';
import { OperationView, Slots, commonView } from '../access/view.js';
import { registerPlayground } from './playground.http.js';
import { registerPortal } from './portal.http.js';
import type { Introspection } from './operation-scopes.js';
import { makeSchema, sdlOf } from './schema.js';
import { readTrustedDocuments } from './trusted-documents.js';
import { serveWebSocket } from './web-socket.js';
import type { SocketRoute } from '../epcis-rest/socket-route.js';

const SHUTDOWN_GRACE_MS = 10_000;

/** The parts of the server. It closes only itself and its listener, not these parts. */
export interface ServerDeps {
  readonly listener: Listener;
  readonly graph: Graph;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly access: Access;
  /** Where it is noted who asks for what; nowhere by default. */
  readonly audit?: AccessLog | undefined;
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
  /** Who may introspect; default everybody. */
  readonly introspection?: Introspection;
  /** File of the documents that may be run; by default any may. */
  readonly trustedDocuments?: string;
  /** Longest time of a question, ms; no limit by default. */
  readonly questionTimeoutMs?: number;
  /** Most bytes of one answer; default 16 MiB. */
  readonly maxAnswerBytes?: number;
  /** Folder of the built playground. */
  readonly playgroundDir?: string;
  /** Folder of the built client kit, which has the portal. */
  readonly sdkDir?: string;
  /** How long connections with an unfinished request may stay after the stop; default 10,000 ms. */
  readonly shutdownGraceMs?: number;
  /** Adds routes of features, e.g. the EPCIS REST binding. */
  readonly routes?: (http: FastifyInstance) => void;
  /** Most open GraphQL sockets, and most open event streams; default 1,000 each. */
  readonly maxSockets?: number;
  /** Sockets of features, e.g. of EPCIS queries. */
  readonly sockets?: SocketRoute;
}

/** A server that does not yet answer. */
export interface Server {
  /** From now on it answers what comes to the listener. */
  start(): Promise<void>;
  /** Accepts no more requests, finishes the open ones, closes every socket with 1001, ends event streams. */
  stop(): Promise<void>;
}

/** Builds HTTP and WebSocket: GraphQL, playground, health, metrics and the given routes. */
export async function buildServer(deps: ServerDeps): Promise<Server> {
  const { metrics } = deps;
  const graphql = graphqlOf(deps);
  let stopping = false;
  const http = makeFastify({ ...deps, callers: deps.listener.callers });
  const apollo = await startApollo(graphql);
  const ongoing = { ...graphql, shared: deps.shared };
  const streams = eventStreams({
    ...ongoing,
    ...(deps.maxSockets === undefined ? {} : { maxStreams: deps.maxSockets }),
  });
  if (deps.playgroundDir !== undefined) registerPlayground(http, { distDir: deps.playgroundDir });
  // After the playground: its page is for anybody, and says who asks with the requests that it sends.
  auditRequests(http, deps);
  authenticateRequests(http, deps.access);
  registerHealth(http, {
    graph: deps.graph,
    migrations: deps.migrations,
    isStopping: () => stopping,
    plans: deps.plans ?? { waitsFor: () => null },
    ...(deps.condition === undefined ? {} : { condition: deps.condition }),
  });
  registerMetrics(http, metrics.registry);
  registerGraphql(http, apollo, { ...graphql, stream: streams.serve });
  registerSchema(http, sdlOf(graphql.schema));
  if (deps.sdkDir !== undefined) registerPortal(http, { distDir: deps.sdkDir });
  deps.routes?.(http);
  const { listener } = deps;
  let sockets: ReturnType<typeof serveWebSocket> | undefined;
  return {
    start: async () => {
      await http.ready();
      sockets = serveWebSocket(listener.server, {
        ...ongoing,
        maxPayloadBytes: Math.min(deps.bodyLimitBytes, 1024 * 1024),
        ...{ callers: listener.callers, access: deps.access, audit: deps.audit, clock: deps.clock },
        ...(deps.maxSockets === undefined ? {} : { maxSockets: deps.maxSockets }),
        ...(deps.sockets === undefined ? {} : { otherSockets: deps.sockets }),
      });
      listener.handOver((request, response) => {
        http.routing(request, response);
      });
    },
    stop: async () => {
      if (stopping) return;
      stopping = true;
      streams.dispose();
      await sockets?.dispose();
      await Promise.all([http.close(), listener.close(deps.shutdownGraceMs ?? SHUTDOWN_GRACE_MS)]);
      await apollo.stop();
    },
  };
}

function graphqlOf(deps: ServerDeps): GraphqlDeps {
  const { logger, metrics, access, trustedDocuments: trusted } = deps;
  const schema = makeSchema();
  return {
    ...{ schema, logger, metrics },
    limits: { ...DEFAULT_LIMITS, ...deps.limits },
    allowances: access.allowances,
    introspection: deps.introspection ?? 'everybody',
    trusted: trusted === undefined ? null : readTrustedDocuments(trusted, schema),
    bodyLimitBytes: deps.bodyLimitBytes,
    questionTimeoutMs: deps.questionTimeoutMs ?? 0,
    makeContext: contextMaker(deps),
  };
}

function contextMaker(deps: ServerDeps): GraphqlDeps['makeContext'] {
  const { clock, shared } = deps;
  const { allowances, sealOf } = deps.access;
  const services = { ...deps.services, allowances, sealOf } satisfies Partial<AccessContext>;
  return ({ requestId, over, principal, isSubscription, attempt, slots = new Slots() }) => {
    const budget = new ByteBudget(deps.maxAnswerBytes ?? MAX_ANSWER_BYTES);
    const common = isSubscription
      ? shared.of(`view of ${audienceOf(principal)}`, () => commonView(deps.graph, principal))
      : undefined;
    const view = new OperationView(deps.graph, { principal, over, budget, slots, common });
    return { ...services, view, clock, over, signal: over.signal, budget, requestId, attempt };
  };
}
