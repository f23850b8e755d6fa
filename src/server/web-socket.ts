import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { Problem, isProblem } from '../shared/problem.js';
import type { ProblemCode } from '../shared/problem.js';
import type { AccessLog } from '../audit/index.js';
import type { Context } from '../graphql/context.js';
import type { Clock } from '../shared/clock.js';
import { attemptOf, outcomeOf } from './auditing.js';
import { callerFault } from './callers.rules.js';
import type { Callers } from './callers.rules.js';
import { errorOf } from './error-format.js';
import { refusalOf } from './graphql.js';
import {
  admission,
  executeWithin,
  presentAny,
  presentResult,
  subscribePerEvent,
} from './operations.js';
import type { Admit, Admitted, OperationDeps } from './operations.js';
import { REQUEST_COST } from '../access/allowances.js';
import { credentialsIn, saysWho } from '../access/credentials.rules.js';
import { NOBODY } from '../access/principal.js';
import { accessEnded, closingOf } from '../access/refusals.js';
import type { Session } from '../access/sessions.js';
import { Slots } from '../access/view.js';
import type { Access } from '../access/make-access.js';
import type { SocketRoute, Upgrade } from '../epcis-rest/socket-route.js';
import { SocketPlaces, tooManySockets } from './socket-places.js';
import { answerOn } from './unroutable.js';

/** What GraphQL over WebSocket needs in addition. */
export interface SocketDeps extends OperationDeps {
  /** Most bytes of one message from a client. */
  readonly maxPayloadBytes: number;
  readonly callers: Callers;
  /** Most open sockets of those who say who they are; default 1,000. */
  readonly maxSockets?: number;
  readonly access: Access;
  readonly audit?: AccessLog | undefined;
  readonly clock: Clock;
  /** Serves sockets at other paths. */
  readonly otherSockets?: SocketRoute;
}

/** Most open operations of one socket. */
const MAX_OPERATIONS_OF_A_SOCKET = 200;
const MAX_SOCKETS = 1000;
/** How long clients may take to answer the closing handshake. */
const CLOSE_WAIT_MS = 2000;

type Stops = Map<string, AbortController>;
interface SocketExtra extends Extra, Record<PropertyKey, unknown> {
  stops?: Stops;
  slots?: Slots;
  session?: Session;
}
type Socket = SocketContext<Record<string, unknown>, SocketExtra>;

/** Serves graphql-transport-ws at `/graphql` of this server; `dispose` closes every socket with 1001. */
export function serveWebSocket(server: Server, deps: SocketDeps): { dispose(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: deps.maxPayloadBytes,
    perMessageDeflate: false,
    // Missing in the types.
    ...{ closeTimeout: CLOSE_WAIT_MS },
    handleProtocols: (protocols) =>
      protocols.has('graphql-transport-ws') ? 'graphql-transport-ws' : false,
  });
  const admit = admission(deps);
  const places = new SocketPlaces(deps.maxSockets ?? MAX_SOCKETS);
  const graphqlWs = useServer<Record<string, unknown>, SocketExtra>(
    {
      connectionInitWaitTimeout: 5000,
      onConnect: (socket) => connect(deps, places, socket),
      onPing: (socket, payload) => renew(deps.access, socket, payload),
      onSubscribe: (socket, id, payload) => admitOn(admit, deps, { socket, id, payload }),
      execute: async (args) => noted(deps, args, await executeWithin(args)),
      subscribe: async (args) => noted(deps, args, await subscribePerEvent(args, deps.shared)),
      onNext: (...[, , , , result]) => presentResult(result, deps),
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
  const upgrade = upgradeHandler(deps, sockets, places);
  server.on('upgrade', upgrade);
  return {
    dispose: async () => {
      server.off('upgrade', upgrade);
      await Promise.all([graphqlWs.dispose(), deps.otherSockets?.dispose()]);
    },
  };
}

interface Admission {
  readonly socket: Socket;
  readonly id: string;
  readonly payload: SubscribePayload;
}

/** The arguments to execute one operation of a socket, or why it is refused. It costs as much as a request. */
async function admitOn(
  admit: Admit,
  { allowances, audit, clock }: SocketDeps,
  { socket, id, payload }: Admission,
): Promise<Admitted> {
  // A client may use an id again while what had it before still ends.
  stopOne(socket, id);
  const stops = stopsOf(socket);
  if (stops.size >= MAX_OPERATIONS_OF_A_SOCKET) return [tooMany()];
  const slots = (socket.extra.slots ??= new Slots());
  const over = new AbortController();
  stops.set(id, over);
  const { principal } = socket.extra.session ?? { principal: NOBODY };
  const { remoteAddress } = socket.extra.request.socket;
  const attempt = attemptOf(clock, remoteAddress, () => ({ operation: 'WebSocket /graphql' }));
  const refused = await refusalOf(() => allowances.spend(principal, REQUEST_COST));
  const asked = { payload, over, slots, principal, attempt, requestId: randomUUID() };
  const admitted = refused === null ? await admit(asked) : [refused];
  if (over.signal.aborted) return [left()];
  if (!('schema' in admitted)) {
    stopOne(socket, id);
    attempt.outcome = outcomeOf(admitted);
    // What is refused for its number would fill the log.
    if (refused === null) await audit?.note(principal, attempt)?.catch(() => undefined);
  }
  return admitted;
}

/** A result that may leave, because it is noted that it was asked for. */
async function noted<T extends ExecutionResult | AsyncIterableIterator<ExecutionResult>>(
  { audit }: Pick<SocketDeps, 'audit'>,
  { contextValue }: ExecutionArgs,
  result: T,
): Promise<T | ExecutionResult> {
  const { view, attempt } = contextValue as Context;
  if (audit === undefined || attempt === undefined) return result;
  attempt.outcome = Symbol.asyncIterator in result ? 'OK' : outcomeOf(result.errors);
  try {
    await audit.note(view.principal, attempt);
    return result;
  } catch (error) {
    if (Symbol.asyncIterator in result) await result.return?.();
    const originalError = error as Error;
    return { errors: [new GraphQLError(originalError.message, { originalError })] };
  }
}

/** Learns who opened a socket, from the parameters of the connection, or else from the headers of its request. */
async function connect(deps: SocketDeps, places: SocketPlaces, socket: Socket): Promise<boolean> {
  const { sessions, allowances } = deps.access;
  const { socket: link, request } = socket.extra;
  const parameters = socket.connectionParams ?? {};
  const end = (why: unknown): void => {
    tellEnd(socket, asProblem(why), deps);
    // Without a session nothing more is admitted from a client that does not answer the close.
    delete socket.extra.session;
    places.takeBack(link);
    link.close(...closingOf(asProblem(why)));
  };
  try {
    places.take(link);
    const session = await sessions.open({
      credentials: credentialsIn(
        saysWho(parameters) ? parameters : { ...request.headers, ...parameters },
      ),
      ...{ address: request.socket.remoteAddress ?? null, end },
    });
    link.once('close', () => {
      sessions.close(session);
    });
    // The client may have left meanwhile, and nobody would tell us again.
    if (link.readyState !== link.OPEN) {
      sessions.close(session);
      return false;
    }
    link.once('close', allowances.hold('sockets', session.principal));
    socket.extra.session = session;
    return true;
  } catch (error) {
    end(error);
    return false;
  }
}

/** Ends what a socket has open with an error, as a client sees no close frame where it waits for messages. */
function tellEnd(socket: Socket, why: Problem, deps: SocketDeps): void {
  const payload = [presentAny(errorOf(accessEnded(why)), deps)];
  for (const id of stopsOf(socket).keys())
    socket.extra.socket.send(JSON.stringify({ id, type: 'error', payload }));
}

/** Takes new credentials for a socket that goes on: a Ping with `{ authorization }`. */
async function renew(
  { sessions }: Access,
  socket: Socket,
  payload: Readonly<Record<string, unknown>> | undefined,
): Promise<void> {
  const { session } = socket.extra;
  if (session === undefined || payload === undefined || !saysWho(payload)) return;
  try {
    await sessions.renew(session, { ...credentialsIn(payload), as: session.credentials.as });
  } catch (error) {
    session.end(asProblem(error));
  }
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('INTERNAL_SERVER_ERROR', 'Internal error');
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

/** Nobody reads it. */
function left(): GraphQLError {
  return new GraphQLError('The caller went away.', { extensions: { code: 'CANCELLED' } });
}

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

type AcceptOther = (
  request: IncomingMessage,
  socket: Duplex,
  upgrade: Pick<Upgrade, 'head' | 'refuse'>,
) => Promise<void>;

type OtherDeps = Pick<SocketDeps, 'access' | 'audit' | 'clock'> & {
  readonly otherSockets: SocketRoute | undefined;
};

/** Hands requests of those who are known to the sockets of features, and notes them. */
function otherAcceptor({ access, audit, clock, otherSockets }: OtherDeps): AcceptOther {
  return async (request, socket, { head, refuse }) => {
    const { sessions, allowances } = access;
    // Until it is open.
    let end: (why: Problem) => void = refuse;
    try {
      const session = await sessions.open({
        credentials: credentialsIn(request.headers),
        address: request.socket.remoteAddress ?? null,
        end: (why) => {
          end(why);
        },
      });
      const close = (): void => {
        sessions.close(session);
      };
      socket.once('close', close);
      if (socket.destroyed) close();
      const { principal } = session;
      await allowances.spend(principal, REQUEST_COST);
      if (socket.destroyed) return;
      socket.once('close', allowances.hold('sockets', principal));
      const attempt = attemptOf(clock, request.socket.remoteAddress, () => ({
        operation: 'WebSocket of a query',
        ids: [pathOf(request)],
      }));
      const note = (): void => {
        void audit?.note(principal, attempt)?.catch(() => undefined);
      };
      const watch: Upgrade['watch'] = (closeWith) => {
        note();
        end = (why) => {
          closeWith(...closingOf(why));
        };
        return close;
      };
      const refuseNoted = (error: unknown): void => {
        attempt.outcome = outcomeOf([error]);
        note();
        refuse(error);
      };
      const upgrade = { head, refuse: refuseNoted, principal, watch };
      otherSockets?.accept(request, socket, upgrade);
    } catch (error) {
      refuse(error);
    }
  };
}

/** Answers every request to open a socket: at /graphql, at a feature's path, or with a problem. */
function upgradeHandler(
  { access, audit, clock, callers, otherSockets, logger }: SocketDeps,
  sockets: WebSocketServer,
  places: SocketPlaces,
): UpgradeHandler {
  const acceptOther = otherAcceptor({ access, audit, clock, otherSockets });
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const path = pathOf(request);
    const refuse = (error: unknown): void => {
      const headers = isProblem(error) ? HEADERS_OF[error.code] : undefined;
      answerOn(socket, error, { path, logger, headers });
    };
    const isOurs = path === '/graphql';
    const fault =
      callerFault(request, callers, true) ??
      handshakeFault(request) ??
      (isOurs && places.isFull ? tooManySockets() : null);
    if (fault !== null) refuse(fault);
    else if (isOurs)
      sockets.handleUpgrade(request, socket, head, (opened) => {
        places.enter(opened, request.socket.remoteAddress ?? '');
        sockets.emit('connection', opened, request);
      });
    else if (otherSockets?.serves(request) === true)
      void acceptOther(request, socket, { head, refuse });
    else refuse(new Problem('NOT_FOUND', `No WebSocket is served at ${path.slice(0, 500)}.`));
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
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
