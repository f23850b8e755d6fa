import { fileURLToPath } from 'node:url';
import { registerCapture } from './capture/capture.http.js';
import { Writer, captureDocument } from './capture/index.js';
import type { CaptureDeps } from './capture/index.js';
import type { Config } from './config.js';
import { Relay } from './feed/index.js';
import type { Graph } from './graph/graph.js';
import type { Migration } from './graph/migrate.js';
import { buildServer } from './server/http.js';
import { makeMetrics } from './server/metrics.http.js';
import type { Clock } from './shared/clock.js';
import type { Logger } from './shared/logger.js';

/** What a service is made of; closed by whoever made it. */
export interface AppDeps {
  readonly config: Config;
  readonly graph: Graph;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A running service. */
export interface App {
  readonly url: string;
  readonly capture: CaptureDeps;
  /** Takes no more, finishes what was accepted, ends subscriptions with a close, then stops listening. */
  stop(): Promise<void>;
}

const playgroundDir = fileURLToPath(new URL('../dist/playground', import.meta.url));

/** Composition root: builds writer, relay and server by hand, and listens. */
export async function startApp({
  config,
  graph,
  migrations,
  clock,
  logger,
}: AppDeps): Promise<App> {
  const relay = new Relay({ graph, clock, logger, maxWaiting: config.SUBSCRIBER_BUFFER });
  await relay.start();
  const metrics = makeMetrics({ graph, relay });
  const writer = new Writer({
    graph,
    clock,
    logger,
    metrics,
    queueLimitEvents: config.WRITER_QUEUE_EVENTS,
    retentionBatches: config.LOG_RETENTION_BATCHES,
    onCommit: () => {
      relay.nudge();
    },
  });
  const capture: CaptureDeps = { writer, clock, metrics, limits: limitsOf(config) };
  const server = await buildServer({
    graph,
    clock,
    logger,
    metrics,
    relay,
    migrations,
    playgroundDir,
    shutdownGraceMs: config.SHUTDOWN_TIMEOUT_MS,
    bodyLimitBytes: config.MAX_DOCUMENT_BYTES,
    allowedOrigins: config.ALLOWED_ORIGINS,
    capture: {
      captureDocument: (body, { errorBehaviour }) => captureDocument(capture, body, errorBehaviour),
    },
    routes: (http) => {
      registerCapture(http, { ...capture, graph, bodyLimitBytes: config.MAX_DOCUMENT_BYTES });
    },
  });
  const { url } = await server.start(config.PORT, config.HOST);
  return {
    url,
    capture,
    stop: async () => {
      const written = writer.close();
      await relay.stop();
      await server.stop();
      await written;
    },
  };
}

function limitsOf(config: Config): CaptureDeps['limits'] {
  return {
    maxEvents: config.MAX_EVENTS_PER_DOCUMENT,
    maxEpcsPerEvent: config.MAX_EPCS_PER_EVENT,
    maxDepth: config.MAX_NESTING,
  };
}
