import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { AccessLog } from '../audit/index.js';
import type { Relay } from '../feed/relay.js';
import type { Graph, StatementRun } from '../graph/graph.js';
import type { Metrics } from '../shared/metrics.js';

/** The sources that are read at each scrape. */
export interface MetricSources {
  readonly graph: Graph;
  readonly relay: Pick<Relay, 'stats'>;
  /** Entries of the audit log, if there is one. */
  readonly audit?: Pick<AccessLog, 'stats'> | undefined;
  /** Free space of the store's disk, if we started the store. */
  readonly space?: { bytes(): number };
  /** Versions of this service and of its Neo4j. */
  readonly build: { readonly version: string; readonly neo4j: string };
}

/** The service's metrics, with the registry that prints them. */
export interface ServiceMetrics extends Metrics {
  readonly registry: Registry;
  /** One Cypher statement that ended. */
  statement(run: Pick<StatementRun, 'name' | 'ms' | 'ok'>): void;
  /** Sets the reader of the query subscriptions' dispatcher, called at each scrape. */
  queryDeliveries(read: () => QueryDeliveries): void;
}

/** Query subscriptions that this process delivers: their number, failures, and longest lag. */
export interface QueryDeliveries {
  readonly held: number;
  readonly failing: number;
  readonly lagCommits: number;
}

const EVENTS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the metrics of one service with its own registry: a process may have two services. */
export function makeMetrics(sources: MetricSources): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  tellBuild(registry, sources.build);
  let readQueue = (): number => 0;
  let readDeliveries = (): QueryDeliveries => ({ held: 0, failing: 0, lagCommits: 0 });
  watchSources(registry, sources, () => readQueue());
  watchDeliveries(registry, () => readDeliveries());
  const report = reporters(registry);
  sources.graph.onStatement((run) => {
    report.statement(run);
  });
  return {
    ...report,
    delivered: deliveryReporter(registry),
    sentToWebhook: webhookReporter(registry),
    registry,
    queueDepth: (read) => {
      readQueue = read;
    },
    queryDeliveries: (read) => {
      readDeliveries = read;
    },
  };
}

function tellBuild(registry: Registry, { version, neo4j }: MetricSources['build']): void {
  new Gauge({
    name: 'custody_build_info',
    help: 'Always 1; the labels tell the versions.',
    labelNames: ['version', 'node', 'neo4j'],
    registers: [registry],
  }).set({ version, node: process.versions.node, neo4j }, 1);
}

function watchDeliveries(registry: Registry, read: () => QueryDeliveries): void {
  const gauges: readonly (readonly [string, string, keyof QueryDeliveries])[] = [
    ['custody_query_subscriptions', 'Query subscriptions this process delivers.', 'held'],
    ['custody_query_subscriptions_failing', 'Subscriptions whose last try failed.', 'failing'],
    ['custody_query_subscription_lag_commits', 'Lag of the slowest, in commits.', 'lagCommits'],
  ];
  for (const [name, help, field] of gauges) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => {
        gauge.set(read()[field]);
      },
    });
  }
}

/** Adds the gauges that are read at each scrape. */
function watchSources(
  registry: Registry,
  { graph, relay, space, audit }: MetricSources,
  queued: () => number,
): void {
  const gauges: readonly (readonly [string, string, () => number])[] = [
    ['custody_queue_events', 'Events waiting for the writer.', queued],
    [
      'custody_subscriptions',
      'Subscriptions open in this process.',
      () => relay.stats().subscribers,
    ],
    [
      'custody_log_position',
      'Newest log position sent to subscribers.',
      () => relay.stats().position,
    ],
    [
      'custody_relay_lag_seconds',
      'Age of the oldest batch that subscribers did not get yet; 0 when they have all.',
      () => relay.stats().lagMs / 1000,
    ],
    ['custody_neo4j_connections_in_use', 'Connections to Neo4j in use.', () => graph.pool().inUse],
    ['custody_neo4j_connections_idle', 'Idle connections to Neo4j.', () => graph.pool().idle],
    [
      'custody_audit_waiting',
      'Entries of the audit log that wait for the store.',
      () => audit?.stats().waiting ?? 0,
    ],
    [
      'custody_audit_lost',
      'Entries of the audit log lost since the start.',
      () => audit?.stats().lost ?? 0,
    ],
    ...(space === undefined
      ? []
      : [
          [
            'custody_store_free_bytes',
            'Free space on the disk of the store.',
            () => space.bytes(),
          ] as const,
        ]),
  ];
  for (const [name, help, read] of gauges) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => {
        gauge.set(read());
      },
    });
  }
}

/** Counters and histograms that other parts report to. */
function reporters(
  registry: Registry,
): Pick<ServiceMetrics, 'captured' | 'wrote' | 'operation' | 'statement'> {
  const captured = new Counter({
    name: 'custody_captured_events_total',
    help: 'Events of captures, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const writer = histogram(
    registry,
    'custody_writer_seconds',
    'Writer transactions, from begin to commit.',
  );
  const writerEvents = histogram(
    registry,
    'custody_writer_batch_events',
    'Events of one writer transaction.',
    EVENTS,
  );
  const operations = labelled(
    registry,
    'custody_graphql_operation_seconds',
    'GraphQL operations by first root field.',
    'operation',
  );
  const statements = labelled(
    registry,
    'custody_statement_seconds',
    'Cypher statements by name.',
    'statement',
  );
  return {
    captured: (outcome, events) => {
      captured.inc({ outcome }, events);
    },
    wrote: ({ ms, events }) => {
      writer.observe(ms / 1000);
      writerEvents.observe(events);
    },
    operation: ({ name, ms, ok }) => {
      operations.observe({ operation: name, ok: String(ok) }, ms / 1000);
    },
    statement: ({ name, ms, ok }) => {
      statements.observe({ statement: name, ok: String(ok) }, ms / 1000);
    },
  };
}

function deliveryReporter(registry: Registry): ServiceMetrics['delivered'] {
  const documents = new Counter({
    name: 'custody_query_deliveries_total',
    help: 'Documents for subscribers of EPCIS queries, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const taken = new Counter({
    name: 'custody_query_delivered_events_total',
    help: 'Events that subscribers of EPCIS queries accepted.',
    registers: [registry],
  });
  return (outcome, events) => {
    documents.inc({ outcome });
    if (outcome === 'ok') taken.inc(events);
  };
}

function webhookReporter(registry: Registry): ServiceMetrics['sentToWebhook'] {
  const messages = new Counter({
    name: 'custody_webhook_messages_total',
    help: 'Messages of the feed to webhooks, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return (outcome) => {
    messages.inc({ outcome });
  };
}

function histogram(registry: Registry, name: string, help: string, buckets = SECONDS): Histogram {
  return new Histogram({ name, help, buckets, registers: [registry] });
}

function labelled<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  label: L,
): Histogram<L | 'ok'> {
  return new Histogram<L | 'ok'>({
    name,
    help,
    labelNames: [label, 'ok'],
    buckets: SECONDS,
    registers: [registry],
  });
}

/** Serves `GET /metrics` in the Prometheus text format. */
export function registerMetrics(http: FastifyInstance, registry: Registry): void {
  http.get('/metrics', { config: { scope: 'host' } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
