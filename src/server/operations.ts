import { randomUUID } from 'node:crypto';
import {
  GraphQLError,
  OperationTypeNode,
  createSourceEventStream,
  execute,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import type {
  DocumentNode,
  ExecutionArgs,
  ExecutionResult,
  FormattedExecutionResult,
  GraphQLFormattedError,
  OperationDefinitionNode,
} from 'graphql';
import { audienceOf } from '../access/principal.js';
import type { Principal } from '../access/principal.js';
import type { Slots } from '../access/view.js';
import type { Attempt } from '../access/attempt.js';
import type { Context } from '../graphql/context.js';
import type { SharedAnswers } from '../shared/shared-answers.js';
import { toldByOperation } from './auditing.js';
import { presentRawError } from './error-format.js';
import { excessOf, limitQuery, refusalOf } from './graphql.js';
import type { GraphqlDeps } from './graphql.js';
import { weigh } from './limits.js';
import { scopeFaults } from './operation-scopes.js';

/** What operations need that may go on: over WebSocket, or as an event stream. */
export interface OperationDeps extends GraphqlDeps {
  /** Shares answers: equal operations of one principal are executed once per message. */
  readonly shared: SharedAnswers;
}

/** An operation as a client sends it. */
export interface Payload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

interface Asked {
  readonly payload: Payload;
  readonly requestId: string;
  /** Aborted when nobody waits for an answer any more. */
  readonly over: AbortController;
  readonly slots: Slots;
  readonly principal: Principal;
  readonly attempt: Attempt;
}

/** The arguments to execute an operation, or why it is refused. */
export type Admitted = ExecutionArgs | readonly GraphQLError[];
/** Decides whether an operation may run. */
export type Admit = (asked: Asked) => Promise<Admitted>;

const MAX_KNOWN_DOCUMENTS = 500;

/** Checks operations as Apollo does over HTTP: syntax, schema, limits. Takes what they cost: a subscription costs once. */
export function admission(deps: OperationDeps): Admit {
  const prepare = documentsOf(deps);
  const { schema, limits, allowances, introspection, trusted } = deps;
  return async ({ requestId, over, slots, principal, attempt, ...asked }) => {
    let { payload } = asked;
    const untrusted = await refusalOf(() => {
      if (trusted === null) return;
      payload = trusted.withText(payload);
      trusted.demand(payload.query, principal);
    });
    if (untrusted !== null) return [untrusted];
    const { document, errors } = prepare(payload.query);
    if (!document) return errors;
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) return [unknownOperation()];
    const variables = payload.variables ?? undefined;
    attempt.tell = () => toldByOperation(schema, { document, operation }, variables);
    const forbidden = scopeFaults({ document, operation }, principal, introspection);
    if (forbidden.length > 0) return forbidden;
    const { cost, faults } = weigh({ schema, document, operation, variables }, limits);
    if (faults.length > 0) return faults;
    const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
    const refused = await refusalOf(async () => {
      await allowances.spend(principal, cost);
      if (isSubscription) until(over, allowances.hold('subscriptions', principal));
    });
    if (refused !== null) return [refused];
    limitQuery(operation, over, deps);
    const perEvent: PerEvent = {
      key: () => sharingKey(principal, payload, operation),
      contextUntil: (answered) =>
        deps.makeContext({
          ...{ requestId: randomUUID(), principal, isSubscription },
          over: answered,
        }),
    };
    const asking = { requestId, principal, isSubscription, over, slots, attempt };
    const context = deps.makeContext(asking);
    return {
      schema,
      document,
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? null,
      contextValue: Object.assign(context, { perEvent }),
    };
  };
}

function until({ signal }: AbortController, release: () => void): void {
  if (signal.aborted) release();
  else signal.addEventListener('abort', release, { once: true });
}

/** Executes an admitted operation: results one after the other, or one. */
export function run(
  args: ExecutionArgs,
  shared: SharedAnswers,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const operation = getOperationAST(args.document, args.operationName);
  return operation?.operation === OperationTypeNode.SUBSCRIPTION
    ? subscribePerEvent(args, shared)
    : executeWithin(args);
}

/**
 * The key of who asks and what: operations with the same key have the same answers. Its variables
 * must have been accepted before. A variable that the operation does not declare is left out:
 * nobody has checked it, it may nest thousands deep, and it has no effect.
 */
export function sharingKey(
  principal: Principal,
  { query, operationName, variables }: Payload,
  { variableDefinitions = [] }: OperationDefinitionNode,
): string {
  const declared = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  const given = Object.entries(variables ?? {}).filter(([name]) => declared.has(name));
  return JSON.stringify([audienceOf(principal), query, operationName ?? null, given]);
}

/** How to answer an event for all operations with this key, in a context of no single socket. */
interface PerEvent {
  /** The sharing key, for an accepted operation. */
  readonly key: () => string;
  readonly contextUntil: (answered: AbortController) => Context;
}

/** Parses, validates and remembers valid documents, because clients send the same few. */
function documentsOf({
  schema,
  limits,
}: GraphqlDeps): (query: string) => { document?: DocumentNode; errors: readonly GraphQLError[] } {
  const known = new Map<string, DocumentNode>();
  return (query) => {
    const before = known.get(query);
    if (before) return { document: before, errors: [] };
    let document: DocumentNode;
    try {
      document = parse(query, { maxLexicalTokens: limits.maxTokens });
    } catch (error) {
      return { errors: [coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')] };
    }
    const errors = validate(schema, document, undefined, { maxErrors: 20 });
    if (errors.length > 0)
      return { errors: errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')) };
    if (known.size >= MAX_KNOWN_DOCUMENTS) known.clear();
    known.set(query, document);
    return { document, errors };
  };
}

/** Executes like graphql-js, but refuses an answer that is too large. */
export async function executeWithin(args: ExecutionArgs): Promise<ExecutionResult> {
  const result = await execute(args);
  const excess = excessOf((args.contextValue as Context).budget, result.data);
  return excess === null ? result : { data: null, errors: [excess] };
}

/**
 * Subscribes like graphql-js, but makes a new context for each event, because loaders must not
 * remember answers of the last one, and executes once for all equal operations.
 */
export async function subscribePerEvent(
  args: ExecutionArgs,
  shared: SharedAnswers,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const stream = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in stream)) return stream;
  const events = stream[Symbol.asyncIterator]();
  const { perEvent } = args.contextValue as { perEvent: PerEvent };
  const key = perEvent.key();
  const results: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      const event = await events.next();
      if (event.done === true) return { value: undefined, done: true };
      const { cursor } = event.value as { readonly cursor: string };
      const value = await shared.of(`${cursor} ${key}`, async () => {
        const answered = new AbortController();
        const contextValue = perEvent.contextUntil(answered);
        const result = await executeWithin({ ...args, rootValue: event.value, contextValue });
        answered.abort();
        return result;
      });
      return { value, done: false };
    },
    return: async () => {
      await events.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

/** A result whose errors may have been presented before. */
interface Presentable {
  readonly data?: FormattedExecutionResult['data'];
  readonly errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined;
  readonly extensions?: FormattedExecutionResult['extensions'];
}

/** A result as a client may see it. */
export function presentResult(
  { data, errors, extensions }: Presentable,
  deps: GraphqlDeps,
): FormattedExecutionResult {
  return {
    ...(errors ? { errors: errors.map((error) => presentAny(error, deps)) } : {}),
    ...(data === undefined ? {} : { data }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

/** An error as a client may see it. */
export function presentAny(
  error: GraphQLError | GraphQLFormattedError,
  { logger }: GraphqlDeps,
): GraphQLFormattedError {
  return error instanceof GraphQLError ? presentRawError(error, logger) : error;
}

function coded(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    ...(error.source ? { source: error.source } : {}),
    ...(error.positions ? { positions: error.positions } : {}),
    extensions: { ...error.extensions, code: error.extensions['code'] ?? code },
  });
}

function unknownOperation(): GraphQLError {
  return new GraphQLError('The document has no such operation, or several and no name was given.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}
