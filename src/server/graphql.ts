import { ApolloServer, HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { isProblem } from '../shared/problem.js';
import { bytesOf } from '../shared/byte-budget.js';
import type { ByteBudget } from '../shared/byte-budget.js';
import type { Logger } from '../shared/logger.js';
import { limitTime } from '../shared/question-time.js';
import type { Metrics } from '../shared/metrics.js';
import type { Context } from '../graphql/context.js';
import { outcomeOf, toldByOperation } from './auditing.js';
import { errorOf, presentError } from './error-format.js';
import { weigh } from './limits.js';
import { scopeFaults } from './operation-scopes.js';
import type { Introspection } from './operation-scopes.js';
import type { TrustedDocuments } from './trusted-documents.js';
import type { OperationLimits } from './limits.js';
import type { Allowances } from '../access/allowances.js';
import type { Principal } from '../access/principal.js';
import type { Slots } from '../access/view.js';
import type { Attempt } from '../access/attempt.js';

/** What GraphQL over HTTP needs. */
export interface GraphqlDeps {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  readonly allowances: Allowances;
  readonly introspection: Introspection;
  /** Null when everybody may run any document. */
  readonly trusted: TrustedDocuments | null;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Largest request body. */
  readonly bodyLimitBytes: number;
  /** Longest time of a query, ms; 0 for no limit. */
  readonly questionTimeoutMs: number;
  /** Makes the context of one operation, with its own loaders. */
  readonly makeContext: (operation: {
    readonly requestId: string;
    readonly principal: Principal;
    /** Aborted when nobody waits for the answer anymore. */
    readonly over: AbortController;
    readonly slots?: Slots;
    readonly isSubscription?: boolean;
    readonly attempt?: Attempt;
  }) => Context;
}

/** Kind and first root field, such as `query recallScope`: few values, so a metric may use it. */
function operationName(operation: OperationDefinitionNode): string {
  const [first] = operation.selectionSet.selections;
  return `${operation.operation} ${first?.kind === Kind.FIELD ? first.name.value : '(fragment)'}`;
}

/** Starts Apollo with limits and masked errors; no landing page, cache control or subscriptions. */
export async function startApollo(deps: GraphqlDeps): Promise<ApolloServer<Context>> {
  const { schema, limits, logger } = deps;
  const apollo = new ApolloServer<Context>({
    schema,
    formatError: (formatted, error) => presentError(formatted, error, logger),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    introspection: true,
    persistedQueries: false,
    parseOptions: { maxLexicalTokens: limits.maxTokens },
    validationOptions: { maxErrors: 20 },
    executionOptions: { maxCoercionErrors: 20 },
    logger: {
      debug: (message) => {
        logger.debug({}, String(message));
      },
      info: (message) => {
        logger.info({}, String(message));
      },
      warn: (message) => {
        logger.warn({}, String(message));
      },
      error: (message) => {
        logger.error({}, String(message));
      },
    },
    plugins: [
      // Measured: the cache control plugin nearly doubles the cost of large answers.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      guardPlugin(deps),
    ],
  });
  await apollo.start();
  return apollo;
}

/** Where clients of graphql-sse look by default. It answers nothing but event streams. */
export const STREAM_PATH = '/graphql/stream';

// Made once: without a reason, each call makes an exception with its stack, twice a request.
const OVER = new Error('The operation is over');

/** Serves GraphQL over HTTP at `/graphql`, also as an event stream, and at `/graphql/stream` only so; aborts the operation when the client goes away. */
export function registerGraphql(
  http: FastifyInstance,
  apollo: ApolloServer<Context>,
  deps: GraphqlDeps & {
    /** Answers as an event stream; null when the request wants none. */
    readonly stream: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> | null;
  },
): void {
  const common = { bodyLimit: deps.bodyLimitBytes, config: { scope: null } };
  http.route({
    ...common,
    method: 'POST',
    url: STREAM_PATH,
    handler: (request, reply) => {
      if (deps.trusted !== null) request.body = deps.trusted.withText(request.body);
      return deps.stream(request, reply);
    },
  });
  http.route({
    ...common,
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      if (deps.trusted !== null) request.body = deps.trusted.withText(request.body);
      const streamed = deps.stream(request, reply);
      if (streamed !== null) return streamed;
      // Aborted when the client leaves or has its answer: a failing field may leave others running.
      const over = new AbortController();
      reply.raw.once('close', () => {
        over.abort(OVER);
      });
      const queryAt = request.url.indexOf('?');
      const response = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headersOf(request),
          search: queryAt < 0 ? '' : request.url.slice(queryAt),
          body: request.body,
        },
        context: () =>
          Promise.resolve(
            deps.makeContext({
              ...{ requestId: request.id, principal: request.principal, over },
              attempt: request.attempt,
            }),
          ),
      });
      over.abort(OVER);
      for (const [name, value] of response.headers) void reply.header(name, value);
      if (response.body.kind !== 'complete') throw new Error('Incremental delivery is not served');
      return reply.code(response.status ?? 200).send(response.body.string);
    },
  });
}

/** Serves the SDL at `/schema.graphql`, for code generators and readers. */
export function registerSchema(http: FastifyInstance, sdl: string): void {
  http.get('/schema.graphql', { config: { scope: 'anybody' } }, (_, reply) =>
    reply.type('application/graphql; charset=utf-8').send(sdl),
  );
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return headers;
}

function guardPlugin(deps: GraphqlDeps): ApolloServerPlugin<Context> {
  return {
    requestDidStart: () => {
      const began = performance.now();
      return Promise.resolve({
        didResolveOperation: async ({ operation, document, source, request, contextValue }) => {
          if (!operation) return;
          const { attempt, view } = contextValue;
          const { principal } = view;
          const { variables } = request;
          if (attempt !== undefined)
            attempt.tell = () => toldByOperation(deps.schema, { document, operation }, variables);
          const refused = await refusalOf(() => {
            deps.trusted?.demand(source, principal);
            const cost = costOf({ operation, document, variables, principal }, deps);
            return deps.allowances.spend(principal, cost);
          });
          if (refused !== null) throw refused;
          limitQuery(operation, contextValue.over, deps);
        },
        willSendResponse: ({ operation, errors, response, contextValue }) => {
          const { body } = response;
          const excess =
            body.kind === 'single' ? excessOf(contextValue.budget, body.singleResult.data) : null;
          if (excess !== null)
            response.body = {
              kind: 'single',
              singleResult: { data: null, errors: [excess.toJSON()] },
            };
          const ok = excess === null && (errors === undefined || errors.length === 0);
          const { attempt } = contextValue;
          if (attempt !== undefined)
            attempt.outcome = outcomeOf(excess === null ? errors : [excess]);
          if (operation)
            deps.metrics.operation({
              name: operationName(operation),
              ms: performance.now() - began,
              ok,
            });
          return Promise.resolve();
        },
      });
    },
  };
}

/** Limits the time of a query. A subscription goes on, and a change is done or not. */
export function limitQuery(
  { operation }: OperationDefinitionNode,
  over: AbortController | undefined,
  { questionTimeoutMs }: GraphqlDeps,
): void {
  if (over !== undefined && operation === OperationTypeNode.QUERY)
    limitTime(over, questionTimeoutMs);
}

/** The refusal of an answer that is too large; null when it is not. */
export function excessOf(budget: ByteBudget, data: unknown): GraphQLError | null {
  if (budget.problem === null && bytesOf(data, budget.limit) <= budget.limit) return null;
  const { message, code, details } = budget.excess();
  return new GraphQLError(message, { extensions: { code, ...details } });
}

interface Resolved {
  readonly operation: OperationDefinitionNode;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly principal: Principal;
}

/** @throws GraphQLError when the operation may not run */
function costOf(
  { operation, document, variables, principal }: Resolved,
  { schema, limits, introspection }: GraphqlDeps,
): number {
  const { cost, faults } = weigh({ schema, document, operation, variables }, limits);
  const [fault] = [...scopeFaults({ document, operation }, principal, introspection), ...faults];
  if (fault) throw fault;
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    throw new GraphQLError(
      'A subscription has many answers: open a WebSocket (graphql-transport-ws) at this path, or POST here with Accept: text/event-stream.',
      { nodes: operation, extensions: { code: 'OPERATION_NOT_ALLOWED', http: { status: 400 } } },
    );
  return cost;
}

/** The problem that something ends with, as {@link errorOf} makes it; null when there is none. */
export async function refusalOf(
  something: () => void | Promise<void>,
): Promise<GraphQLError | null> {
  try {
    await something();
    return null;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return errorOf(error);
  }
}
