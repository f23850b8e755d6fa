import { Allowances } from '../../src/access/allowances.js';
import { Authenticator } from '../../src/access/authenticate.js';
import { Sessions } from '../../src/access/sessions.js';
import type { Access } from '../../src/access/make-access.js';
import { hostView } from '../../src/access/view.js';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import { Relay } from '../../src/feed/relay.js';
import type { Batch, FeedMessage, LocationMessage } from '../../src/feed/index.js';
import type { RelayOptions } from '../../src/feed/relay.js';
import { readConfig } from '../../src/config.js';
import { cypher, int } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import { readMigrations } from '../../src/graph/migrate.js';
import { buildServer } from '../../src/server/http.js';
import type { ServerDeps } from '../../src/server/http.js';
import { listen } from '../../src/server/listener.js';
import { makeMetrics } from '../../src/server/metrics.http.js';
import { systemClock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import type { Logger } from '../../src/shared/logger.js';
import { SharedAnswers } from '../../src/shared/shared-answers.js';

const MIGRATIONS = fileURLToPath(new URL('../../schema/migrations', import.meta.url));

/** The HTTP and WebSocket side over a graph, without a writer: tests write the log themselves, see {@link appendBatch}. */
export interface TestServer {
  readonly url: string;
  readonly relay: Relay;
  /** POSTs a GraphQL operation. */
  graphql<D = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphqlAnswer<D>>;
  /** A graphql-ws client, closed with the server. */
  webSocket(): Client;
  stop(): Promise<void>;
}

/** An answer as it came. */
export interface GraphqlAnswer<D> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: D;
  readonly errors: readonly {
    message: string;
    extensions: Record<string, unknown>;
    path?: unknown;
  }[];
}

/** What a test may choose. */
export interface TestServerOptions {
  readonly relay?: Partial<RelayOptions>;
  readonly server?: Partial<ServerDeps>;
  readonly logger?: Logger;
}

/** Everybody may do everything. */
function openAccess(graph: Graph, logger: Logger): Access {
  const view = hostView(graph);
  const verifyToken = (): never => {
    throw new Error('No token is expected');
  };
  const deps = { view, clock: systemClock, logger };
  const authenticator = new Authenticator({ ...deps, open: true, verifyToken });
  const rules = { costPerMinute: 1, sockets: 1, subscriptions: 1 };
  const allowances = new Allowances(rules, systemClock);
  const sessions = new Sessions({ ...deps, authenticator });
  return { authenticator, sessions, allowances, sealOf: () => undefined };
}

export async function serverForTests(
  graph: Graph,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const logger = options.logger ?? silentLogger;
  const relay = new Relay({ view: hostView(graph), clock: systemClock, logger, ...options.relay });
  await relay.start();
  const shared = new SharedAnswers({ position: () => relay.position, clock: systemClock });
  const listener = await listen(readConfig({ PORT: '0' }), { logger, waitsFor: () => 'a test' });
  const server = await buildServer({
    listener,
    graph,
    clock: systemClock,
    logger,
    access: openAccess(graph, logger),
    metrics: makeMetrics({ graph, relay, build: { version: '1.2.3', neo4j: '5.26.0' } }),
    services: {
      capture: { captureDocument: () => Promise.reject(new Error('secret of the writer')) },
      feed: relay,
      shared,
    },
    shared,
    migrations: await readMigrations(MIGRATIONS),
    bodyLimitBytes: 1024 * 1024,
    ...options.server,
  });
  await server.start();
  const { url } = listener;
  const clients: Client[] = [];
  return {
    url,
    relay,
    graphql: (query, variables) => postGraphql(url, query, variables),
    webSocket: () => {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) await client.dispose();
      await server.stop();
      await relay.stop();
    },
  };
}

async function postGraphql<D>(
  url: string,
  query: string,
  variables?: Record<string, unknown>,
): Promise<GraphqlAnswer<D>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: unknown; errors?: GraphqlAnswer<D>['errors'] };
  return {
    status: response.status,
    headers: response.headers,
    data: (body.data ?? null) as D,
    errors: body.errors ?? [],
  };
}

const APPEND = cypher<{ seq: number }>('test.appendBatch')`
  MERGE (l:Log {id: 'log'})
  ON CREATE SET l.seq = 0, l.floor = 1
  SET l.seq = l.seq + 1
  CREATE (:Batch {seq: l.seq, at: $at, messages: $messages})
  RETURN l.seq AS seq`;

const CUT = cypher('test.cutLog')`
  MATCH (l:Log {id: 'log'}) SET l.floor = $floor
  WITH l MATCH (b:Batch) WHERE b.seq < l.floor DELETE b`;

/** Writes the next batch of the log, as the writer does. */
export async function appendBatch(graph: Graph, messages: readonly FeedMessage[]): Promise<Batch> {
  const at = systemClock.now();
  const [row] = await graph.write((tx) =>
    tx.run(APPEND, { at: int(at), messages: JSON.stringify(messages) }),
  );
  return { seq: row!.seq, at, messages };
}

/** Cuts the log: batches below `floor` are gone. */
export async function cutLog(graph: Graph, floor: number): Promise<void> {
  await graph.write((tx) => tx.run(CUT, { floor: int(floor) }));
}

/** A location message with only the telling parts given. */
export function aLocationMessage(
  given: Partial<LocationMessage> & { readonly k: string },
): LocationMessage {
  return {
    kind: 'location',
    level: 'CONTAINER',
    from: null,
    to: { mode: 'AT', site: '414/9506000134352', origin: null },
    status: 'in_progress',
    units: 0,
    lots: [],
    eventId: `urn:test:event:${given.k}`,
    t: 1_000,
    recordTime: 2_000,
    ...given,
  };
}
