import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
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
  GraphQLFormattedError,
  FormattedExecutionResult,
  OperationDefinitionNode,
} from 'graphql';
import type { Context as SocketContext, ServerOptions, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { Problem, isProblem } from '../shared/problem.js';
import type { ProblemCode } from '../shared/problem.js';
import { callerFault } from './callers.rules.js';
import type { Callers } from './callers.rules.js';
import type { Context } from '../graphql/context.js';
import { presentRawError } from './error-format.js';
import { excessOf } from './graphql.js';
import type { GraphqlDeps } from './graphql.js';
import { limitFaults } from './limits.js';
import { identify } from '../access/principal.js';
import type { Principal } from '../access/principal.js';
import { Slots } from '../access/view.js';
import type { SharedAnswers } from '../shared/shared-answers.js';
import type { SocketRoute } from '../epcis-rest/socket-route.js';
import { answerOn } from './unroutable.js';

/** What GraphQL over WebSocket needs in addition. */
export interface SocketDeps extends GraphqlDeps {
  /** Shares answers: equal operations of one principal are executed once per message. */
  readonly shared: SharedAnswers;
  /** Most bytes of one message from a client. */
  readonly maxPayloadBytes: number;
  readonly callers: Callers;
  /** Most open sockets; default 1,000. */
  readonly maxSockets?: number;
  /** Serves sockets at other paths. */
  readonly otherSockets?: SocketRoute;
}

/** Most open operations of one socket. */
const MAX_OPERATIONS_OF_A_SOCKET = 200;
const MAX_SOCKETS = 1000;
const MAX_KNOWN_DOCUMENTS = 500;
/** How long clients may take to answer the closing handshake. */
const CLOSE_WAIT_MS = 2000;

type SocketResult = Parameters<NonNullable<ServerOptions['onNext']>>[4];
type Stops = Map<string, AbortController>;
interface SocketExtra extends Extra, Record<PropertyKey, unknown> {
  stops?: Stops;
  slots?: Slots;
}
type Socket = SocketContext<Record<string, unknown>, SocketExtra>;

/** Serves graphql-transport-ws at `/graphql` of this server; `dispose` closes every socket with 1001. */
export function serveWebSocket(server: Server, deps: SocketDeps): { dispose(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: deps.maxPayloadBytes,
    perMessageDeflate: false,
    handleProtocols: (protocols) =>
      protocols.has('graphql-transport-ws') ? 'graphql-transport-ws' : false,
  });
  const prepare = documentsOf(deps);
  const graphqlWs = useServer<Record<string, unknown>, SocketExtra>(
    {
      connectionInitWaitTimeout: 5000,
      onSubscribe: (socket, id, payload) => admit(deps, prepare, { socket, id, payload }),
      execute: executeWithin,
      subscribe: (args) => subscribePerEvent(args, deps.shared),
      onNext: (...[, , , , result]) => present(result, deps),
      onError: (...[, , , errors]) => errors.map((error) => presentAny(error, deps)),
      onComplete: (socket, id) => {
        stopOne(socket, id);
      },
      onClose: (socket) => {
        for (const id of [...stopsOf(socket).keys()]) stopOne(socket, id);
      },
    },
    sockets,
    12_000,
  );
  const upgrade = upgradeHandler(deps, sockets);
  server.on('upgrade', upgrade);
  return {
    dispose: async () => {
      server.off('upgrade', upgrade);
      const late = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, CLOSE_WAIT_MS);
      await Promise.all([graphqlWs.dispose(), deps.otherSockets?.dispose()]);
      clearTimeout(late);
    },
  };
}

interface Admission {
  readonly socket: Socket;
  readonly id: string;
  readonly payload: SubscribePayload;
}

/** The arguments to execute one operation of a socket, or why it is refused. */
function admit(
  deps: SocketDeps,
  prepare: Prepare,
  { socket, id, payload }: Admission,
): ExecutionArgs | readonly GraphQLError[] {
  const stops = stopsOf(socket);
  if (stops.size >= MAX_OPERATIONS_OF_A_SOCKET) return [tooMany()];
  const { document, errors } = prepare(payload.query);
  if (!document) return errors;
  const operation = getOperationAST(document, payload.operationName);
  if (!operation) return [unknownOperation()];
  const { schema, limits } = deps;
  const faults = limitFaults({ schema, document, operation, variables: payload.variables }, limits);
  if (faults.length > 0) return faults;
  const slots = (socket.extra.slots ??= new Slots());
  const over = new AbortController();
  stops.set(id, over);
  const principal = identify();
  const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
  const perEvent: PerEvent = {
    key: () => sharingKey(principal, payload, operation),
    contextUntil: (answered) =>
      deps.makeContext({
        ...{ requestId: randomUUID(), principal, isSubscription },
        over: answered,
      }),
  };
  const context = deps.makeContext({
    ...{ requestId: randomUUID(), principal, isSubscription },
    ...{ over, slots },
  });
  return {
    schema,
    document,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? null,
    contextValue: Object.assign(context, { perEvent }),
  };
}

/**
 * The key of who asks and what: operations with the same key have the same answers. Its variables
 * must have been accepted before. A variable that the operation does not declare is left out:
 * nobody has checked it, it may nest thousands deep, and it has no effect.
 */
export function sharingKey(
  principal: Principal,
  { query, operationName, variables }: SubscribePayload,
  { variableDefinitions = [] }: OperationDefinitionNode,
): string {
  const declared = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  const given = Object.entries(variables ?? {}).filter(([name]) => declared.has(name));
  return JSON.stringify([principal, query, operationName ?? null, given]);
}

/** How to answer an event for all operations with this key, in a context of no single socket. */
interface PerEvent {
  /** The sharing key, for an accepted operation. */
  readonly key: () => string;
  readonly contextUntil: (answered: AbortController) => Context;
}

type Prepare = (query: string) => { document?: DocumentNode; errors: readonly GraphQLError[] };

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
async function executeWithin(args: ExecutionArgs): Promise<ExecutionResult> {
  const result = await execute(args);
  const excess = excessOf((args.contextValue as Context).budget, result.data);
  return excess === null ? result : { data: null, errors: [excess] };
}

/**
 * Subscribes like graphql-js, but makes a new context for each event, because loaders must not
 * remember answers of the last one, and executes once for all equal operations.
 */
async function subscribePerEvent(
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

function present(
  { data, errors, extensions }: SocketResult,
  deps: GraphqlDeps,
): FormattedExecutionResult {
  return {
    ...(errors ? { errors: errors.map((error) => presentAny(error, deps)) } : {}),
    ...(data === undefined ? {} : { data }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

function presentAny(
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

function stopsOf(socket: Socket): Stops {
  return (socket.extra.stops ??= new Map());
}

function stopOne(socket: Socket, id: string): void {
  stopsOf(socket).get(id)?.abort();
  stopsOf(socket).delete(id);
}

function tooMany(): GraphQLError {
  return new GraphQLError(
    `A socket may have at most ${MAX_OPERATIONS_OF_A_SOCKET} open operations.`,
    {
      extensions: { code: 'RATE_LIMITED' },
    },
  );
}

function unknownOperation(): GraphQLError {
  return new GraphQLError('The document has no such operation, or several and no name was given.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Answers every request to open a socket: at /graphql, at a feature's path, or with a problem. */
function upgradeHandler(
  { callers, otherSockets, maxSockets = MAX_SOCKETS, logger }: SocketDeps,
  sockets: WebSocketServer,
): UpgradeHandler {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const path = pathOf(request);
    const refuse = (error: unknown): void => {
      const headers = isProblem(error) ? HEADERS_OF[error.code] : undefined;
      answerOn(socket, error, { path, logger, headers });
    };
    const isOurs = path === '/graphql';
    const isFull = isOurs && sockets.clients.size >= maxSockets;
    const fault =
      callerFault(request, callers, true) ??
      handshakeFault(request) ??
      (isFull ? tooManySockets() : null);
    if (fault !== null) refuse(fault);
    else if (isOurs)
      sockets.handleUpgrade(request, socket, head, (opened) =>
        sockets.emit('connection', opened, request),
      );
    else if (otherSockets?.accept(request, socket, { head, refuse }) !== true)
      refuse(new Problem('NOT_FOUND', `No WebSocket is served at ${path.slice(0, 500)}.`));
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

function tooManySockets(): Problem {
  return new Problem('SERVICE_UNAVAILABLE', 'Too many sockets are open.', {
    retryAfterSeconds: 30,
  });
}

/** What is wrong with a handshake (RFC 6455, 4.2.1); null when nothing is. */
function handshakeFault({ method, headers }: IncomingMessage): Problem | null {
  if (method !== 'GET') return new Problem('OPERATION_NOT_ALLOWED', 'Use GET to open a WebSocket.');
  const { upgrade, ...given } = headers;
  if (upgrade?.toLowerCase() !== 'websocket')
    return new Problem(
      'BAD_USER_INPUT',
      'Upgrade: only websocket is served. Leave the header out.',
    );
  if (given['sec-websocket-version'] !== '13')
    return new Problem('UPGRADE_REQUIRED', 'Sec-WebSocket-Version: only 13 is served.');
  if (!/^[+/\dA-Za-z]{22}==$/.test(given['sec-websocket-key'] ?? ''))
    return new Problem('BAD_USER_INPUT', 'Sec-WebSocket-Key: must be 16 bytes in base64.');
  const protocols = (given['sec-websocket-protocol'] ?? 'none').split(',').map((one) => one.trim());
  const areWords = protocols.every((one) => /^[!#$%&'*+\-.^`|~\w]+$/.test(one));
  return areWords && new Set(protocols).size === protocols.length
    ? null
    : new Problem('BAD_USER_INPUT', 'Sec-WebSocket-Protocol: must be a list of different words.');
}

/** Additional headers of a refused handshake. */
const HEADERS_OF: Partial<Record<ProblemCode, Readonly<Record<string, string>>>> = {
  OPERATION_NOT_ALLOWED: { allow: 'GET' },
  UPGRADE_REQUIRED: { upgrade: 'websocket', 'sec-websocket-version': '13' },
};
