import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.js';
import { hostNameOfAddress } from '../shared/host-name.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import type { Callers } from './callers.rules.js';
import { registerHealthOfStart } from './health.http.js';
import { makeFastify } from './make-fastify.js';
import { READ_HEAD_BYTES, refuseConnection, refuseExpectation } from './unroutable.js';

/** Where to listen, and who may call. */
type Place = Pick<Config, 'HOST' | 'PORT' | 'ALLOWED_HOSTS' | 'ALLOWED_ORIGINS'>;

/** What to say until a server takes over. */
export interface ListenerOptions {
  readonly logger: Logger;
  /** What the start of the service waits for. */
  readonly waitsFor: () => string;
  /** The setting with the port, for messages; default `PORT`. */
  readonly setting?: string;
}

/** A port that is answered at once. Until {@link Listener.handOver} the answer is that the service starts. */
export interface Listener {
  readonly url: string;
  readonly callers: Callers;
  readonly server: Server;
  /** Hands over every request from now on, also of connections that are open. */
  handOver(serve: RequestListener): void;
  /** Takes no more connections; closes idle ones at once, and the others after the grace. */
  close(graceMs?: number): Promise<void>;
}

/** Long enough for a client that waits for its next try, see {@link starting}. */
const RETRY_AFTER_S = 5;

/**
 * Listens at a port. Only the health checks are answered with more than 503 until a server takes over.
 *
 * @throws Problem `SETUP` when the port or the address is not to be had
 */
export async function listen(
  config: Place,
  { logger, waitsFor, setting = 'PORT' }: ListenerOptions,
): Promise<Listener> {
  const { HOST: host, ALLOWED_HOSTS, ALLOWED_ORIGINS: origins } = config;
  const callers = { hosts: [hostNameOfAddress(host) ?? '', ...ALLOWED_HOSTS], origins };
  const waiting = makeFastify({
    ...{ logger, callers },
    // No body is read.
    bodyLimitBytes: 1,
    whyUnserved: () => starting(waitsFor()),
  });
  registerHealthOfStart(waiting, waitsFor);
  await waiting.ready();
  let serve: RequestListener = (request, response) => {
    waiting.routing(request, response);
  };
  const server = createServer(
    {
      maxHeaderSize: READ_HEAD_BYTES,
      // The first hook refuses a missing, repeated or foreign Host with a problem.
      requireHostHeader: false,
      requestTimeout: 120_000,
      keepAliveTimeout: 72_000,
    },
    (request, response) => {
      serve(request, response);
    },
  );
  server.on('clientError', refuseConnection(logger));
  server.on('checkExpectation', refuseExpectation(logger));
  const port = await bind(server, config, setting);
  return {
    ...{ server, callers },
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    handOver: (next) => {
      serve = next;
    },
    close: (graceMs = 0) => closeServer(server, graceMs),
  };
}

function starting(waitsFor: string): Problem {
  return new Problem(
    'SERVICE_UNAVAILABLE',
    `The service is starting and waits for: ${waitsFor}. GET /health/ready tells when it is ready.`,
    { retryAfterSeconds: RETRY_AFTER_S },
  );
}

/** Listens, and gives the port. The name localhost means every address that it has, as browsers try them all. */
async function bind(server: Server, config: Place, setting: string): Promise<number> {
  const { HOST: host, PORT: port } = config;
  try {
    const addresses =
      host === 'localhost' ? await lookup(host, { all: true }) : [{ address: host }];
    const [first = host, ...others] = addresses.map(({ address }) => address);
    await once(server.listen(port, first), 'listening');
    const chosen = (server.address() as AddressInfo).port;
    for (const other of others) listenBeside(server, chosen, other);
    return chosen;
  } catch (error) {
    throw whyNotListening(error as NodeJS.ErrnoException, config, setting);
  }
}

function listenBeside(server: Server, port: number, address: string): void {
  const beside = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );
  beside.on('error', () => undefined).listen(port, address);
  server.once('close', () => beside.close());
}

function whyNotListening(
  error: NodeJS.ErrnoException,
  { HOST: host, PORT: port }: Place,
  setting: string,
): Error {
  const why = {
    EADDRINUSE: `${setting}=${port} is in use at HOST=${host}: another program listens there. Stop it, or set ${setting} to a free port${setting === 'PORT' ? '; PORT=0 takes any' : ''}.`,
    EACCES: `${setting}=${port} is not allowed for this user. Set ${setting} to 1024 or higher.`,
    EADDRNOTAVAIL: `HOST=${host} is no address of this machine. Set HOST to one that it has, or to 127.0.0.1.`,
    ENOTFOUND: `HOST=${host} is not known. Set HOST to an address of this machine, or to 127.0.0.1.`,
  }[error.code ?? ''];
  return why === undefined ? error : new Problem('SETUP', why, { cause: error });
}

/** Open connections must not delay the stop. */
async function closeServer(server: Server, graceMs: number): Promise<void> {
  const idle = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const grace = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(grace);
}
