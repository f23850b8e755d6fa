import { demand } from '../access/principal.js';
import type { View, ViewFor } from '../access/view.js';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { parseStoredQuery } from '../epcis-query/index.js';
import { readEpcisHeaders } from '../epcis-rest/headers.js';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import { readQuery as readQueryString } from '../epcis-rest/resource.js';
import type { SocketRoute, Upgrade } from '../epcis-rest/socket-route.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { firstRunMs, startOf } from './create-subscription.js';
import type { EventSockets, SocketLink, SocketSubscription } from './event-sockets.js';
import { readQuery } from './named-query.read-model.js';
import { parseSocketRequest } from './subscription-request.rules.js';

/** What the sockets of named queries need. */
export interface SocketRouteDeps {
  readonly viewFor: ViewFor;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sockets: EventSockets;
  readonly head: () => Promise<number>;
  /** How long a socket may take to read one document; default 30 s. */
  readonly slowMs?: number;
}

const PATH = new RegExp(`^${EPCIS_PREFIX}/queries/([^/]+)/events/?$`);
const MOST_SOCKETS = 1000;
const SLOW_MS = 30_000;
const PING_MS = 30_000;
const CLOSE_WAIT_MS = 2000;

/**
 * EPCIS 2.0 REST binding: GET /queries/{queryName}/events with Upgrade: websocket. The subscription lasts while the socket is open. A
 * socket that does not read is closed with 1013. A deleted query closes it with 1000, and the end of the service with 1001.
 */
export function eventSocketRoute(deps: SocketRouteDeps): SocketRoute {
  const minRecordTimes = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: 1024,
    perMessageDeflate: false,
  });
  server.on('headers', (headers, request) => {
    const time = minRecordTimes.get(request);
    if (time !== undefined) headers.push(`GS1-Query-Min-Record-Time: ${time}`);
  });
  const pings = setInterval(() => {
    for (const socket of server.clients) socket.ping();
  }, PING_MS);
  pings.unref();
  const open = async (
    request: IncomingMessage,
    socket: Duplex,
    { head, refuse, principal, watch }: Upgrade,
  ): Promise<void> => {
    try {
      demand(principal, 'subscribe', 'A socket of a query');
      const subscription = await subscriptionOf(request, deps, deps.viewFor(principal));
      const since = subscription.controls.initialRecordTime ?? deps.clock.now();
      minRecordTimes.set(request, new Date(since).toISOString());
      if (socket.destroyed) return;
      server.handleUpgrade(request, socket, head, (opened) => {
        const closed = deps.sockets.open(linkOf(opened, deps.slowMs ?? SLOW_MS), subscription);
        opened.on('close', closed);
        opened.on('close', watch(opened.close.bind(opened)));
        dropTheDead(opened);
      });
    } catch (error) {
      refuse(error);
    }
  };
  return {
    serves: (request) => PATH.test(pathOf(request)),
    accept: (request, socket, upgrade) => {
      void open(request, socket, upgrade);
    },
    dispose: async () => {
      clearInterval(pings);
      deps.sockets.stop();
      await closeAll(server);
    },
  };
}

async function subscriptionOf(
  request: IncomingMessage,
  deps: SocketRouteDeps,
  view: View,
): Promise<SocketSubscription> {
  if (deps.sockets.size >= MOST_SOCKETS)
    throw new Problem('SERVICE_UNAVAILABLE', 'Too many sockets are open here.', {
      retryAfterSeconds: 30,
    });
  const { epcFormat } = readEpcisHeaders(request.headers, 'JSON');
  const controls = parseSocketRequest(readQueryString(request.url ?? ''), epcFormat);
  const named = await readQuery(view, nameIn(pathOf(request)));
  const query = parseStoredQuery(named);
  const dueAt = firstRunMs(controls, deps.clock.now());
  const seq = (await startOf({ ...deps, view }, controls)) ?? (await deps.head());
  return { view, named, query, controls, dueAt, position: { seq, after: null } };
}

function nameIn(path: string): string {
  try {
    return decodeURIComponent(PATH.exec(path)?.[1] ?? '');
  } catch {
    throw new Problem('BAD_USER_INPUT', 'The address cannot be decoded.');
  }
}

/** Sends one text at a time. Closes the socket when a text is not read in time. */
function linkOf(socket: WebSocket, slowMs: number): SocketLink {
  const close = (code: number, reason: string): void => {
    socket.close(code, reason);
    // A closing handshake does not get through behind a full buffer.
    setTimeout(() => {
      socket.terminate();
    }, CLOSE_WAIT_MS).unref();
  };
  return {
    close,
    send: (text) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          close(1013, `Too slow: a message was not read within ${slowMs} ms`);
          reject(new Error('The socket did not read in time'));
        }, slowMs);
        socket.send(text, (error) => {
          clearTimeout(late);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

/** A peer that disappeared silently does not answer pings. */
function dropTheDead(socket: WebSocket): void {
  let late: NodeJS.Timeout | undefined;
  const alive = (): void => {
    clearTimeout(late);
    late = setTimeout(() => {
      socket.terminate();
    }, 2.5 * PING_MS).unref();
  };
  alive();
  socket.on('pong', alive);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(late);
  });
}

async function closeAll(server: WebSocketServer): Promise<void> {
  const clients = [...server.clients];
  const late = setTimeout(() => {
    for (const client of clients) client.terminate();
  }, CLOSE_WAIT_MS);
  await Promise.all(
    clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          client.once('close', () => {
            resolve();
          });
          client.close(1001, 'The service is stopping');
        }),
    ),
  );
  clearTimeout(late);
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
