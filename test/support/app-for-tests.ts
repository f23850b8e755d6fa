import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import { startApp as start } from '../../src/app.js';
import type { Environment } from '../../src/config.js';
import { readConfig } from '../../src/config.js';
import type { Graph, GraphOptions } from '../../src/graph/graph.js';
import { readMigrations } from '../../src/graph/migrate.js';
import { refuseWhenFull } from '../../src/neo4j-child/free-space.js';
import type { FreeSpace } from '../../src/neo4j-child/free-space.js';
import { listen } from '../../src/server/listener.js';
import type { Clock } from '../../src/shared/clock.js';
import { systemClock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import type { Logger } from '../../src/shared/logger.js';
import { emptyGraph, graphForTests } from './neo4j-for-tests.js';

const MIGRATIONS = fileURLToPath(new URL('../../schema/migrations', import.meta.url));

/** The whole service in this process, over HTTP and WebSocket on a free port. */
export interface TestApp {
  readonly url: string;
  readonly graph: Graph;
  /** POSTs a GraphQL operation; the parsed body. */
  graphql(
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<{
    data: Record<string, unknown>;
    errors?: readonly { message: string; extensions: Record<string, unknown> }[];
  }>;
  /** POST /epcis/capture. */
  capture(
    document: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;
  /** A graphql-ws client; dispose it, or stop the app. */
  webSocket(): Client;
  stop(): Promise<void>;
}

/** Starts the service on the Neo4j of this test run. The store is emptied first unless `keep`. */
export async function startApp(
  options: {
    readonly keep?: boolean;
    readonly env?: Environment;
    readonly clock?: Clock;
    readonly logger?: Logger;
    /** Of the disk that the store is on. */
    readonly space?: FreeSpace;
    readonly keepsPlans?: boolean;
    readonly onFirstKey?: (secret: string) => void;
    /** How it reaches the Neo4j of this test run. */
    readonly neo4j?: Partial<GraphOptions>;
  } = {},
): Promise<TestApp> {
  const { space } = options;
  const beforeWrite = (): void => {
    if (space !== undefined) refuseWhenFull(space);
  };
  const graph = await graphForTests({ beforeWrite, ...options.neo4j });
  if (options.keep !== true) await emptyGraph(graph);
  const config = readConfig({
    ...{ PORT: '0', LOG_LEVEL: 'silent', DEMO: 'false', HEARTBEAT_S: '0' },
    // A cold Neo4j beside other work plans for long.
    QUESTION_TIMEOUT_MS: '0',
    ...options.env,
  });
  const logger = options.logger ?? silentLogger;
  const app = await start({
    ...{ config, graph, logger },
    listener: await listen(config, { logger, waitsFor: () => 'a test' }),
    migrations: await readMigrations(MIGRATIONS),
    condition: { waitsFor: () => null, ...(space === undefined ? {} : { space }) },
    keepsPlans: options.keepsPlans ?? false,
    ...(options.onFirstKey === undefined ? {} : { onFirstKey: options.onFirstKey }),
    clock: options.clock ?? systemClock,
  });
  const clients: Client[] = [];
  const post = async (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return {
    url: app.url,
    graph,
    graphql: async (query, variables) => {
      const response = await post('/graphql', { query, variables });
      return (await response.json()) as Awaited<ReturnType<TestApp['graphql']>>;
    },
    capture: async (document, headers) => {
      const response = await post('/epcis/capture', document, headers);
      const body = (await response.json()) as Record<string, unknown>;
      return { status: response.status, body, headers: response.headers };
    },
    webSocket: () => {
      const client = createClient({
        url: `${app.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) await client.dispose();
      await app.stop();
      await graph.close();
    },
  };
}
