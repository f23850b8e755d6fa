import { makeAccess } from './access/make-access.js';
import type { Access, AccessOptions } from './access/make-access.js';
import { hostView, viewsOf } from './access/view.js';
import type { View, ViewFor } from './access/view.js';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { registerAudit } from './audit/audit.http.js';
import { AccessLog } from './audit/index.js';
import { registerBarcodes } from './barcode/barcode.http.js';
import { BARCODE_PATHS } from './barcode/openapi-barcodes.http.js';
import { addCapture } from './capture/capture.http.js';
import { DocumentReader, dueWatch, Writer, captureService, joinDue } from './capture/index.js';
import type { CaptureContext } from './capture/capture.types.js';
import type { CaptureDeps } from './capture/index.js';
import type { DisclosureContext } from './disclosure/disclosure.types.js';
import { isExposed } from './config.js';
import type { Config } from './config.js';
import { addEventQueries } from './epcis-query/events.http.js';
import { CompanyPrefixes, isRevokedToken } from './epcis-query/index.js';
import { addPageTokens } from './epcis-query/page-tokens.http.js';
import { addTopLevel } from './epcis-query/top-level.http.js';
import { addSoap } from './epcis-soap/soap.http.js';
import { makeQuerySubscriptions } from './epcis-subscription/query-subscriptions.http.js';
import type { QuerySubscriptions } from './epcis-subscription/query-subscriptions.http.js';
import type { FeedContext } from './feed/feed.types.js';
import { Relay } from './feed/relay.js';
import type { RelayOptions } from './feed/relay.js';
import type { Graph } from './graph/graph.js';
import type { Migration } from './graph/migrate.js';
import { PlanKeeper } from './graph/plan-keeper.js';
import { parsePrefixTable } from './gs1/prefix-lengths.js';
import type { PrefixTable } from './gs1/prefix-lengths.js';
import type { StoreCondition } from './neo4j-child/open-store.js';
import { SERIAL_PATHS } from './serials/openapi-serials.http.js';
import { registerSerials } from './serials/serials.http.js';
import type { Context } from './graphql/context.js';
import { registerEpcis } from './epcis-rest/routes.js';
import { buildServer } from './server/http.js';
import type { ServerDeps } from './server/http.js';
import type { Listener } from './server/listener.js';
import { makeMetrics } from './server/metrics.http.js';
import { serveMetrics } from './server/metrics-port.js';
import type { MetricSources, ServiceMetrics } from './server/metrics.http.js';
import type { Clock } from './shared/clock.js';
import type { Logger } from './shared/logger.js';
import type { Loop } from './shared/loop.js';
import { Problem } from './shared/problem.js';
import { SharedAnswers } from './shared/shared-answers.js';
import { retentionOf } from './retention.js';
import { VERSION } from './version.js';
import { makeWebhooks } from './webhook/index.js';
import type { Webhooks } from './webhook/index.js';
import { messageBodies } from './webhook/message-bodies.loaders.js';
import type { WebhookContext } from './webhook/webhook.types.js';

/** What a service is made of; closed by whoever made it. */
export interface AppDeps {
  readonly config: Config;
  /** Where it answers; closed when it stops. */
  readonly listener: Listener;
  readonly graph: Graph;
  readonly migrations: readonly Migration[];
  /** How the store is, beyond whether it answers; unknown by default. */
  readonly condition?: StoreCondition;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What has to be in the store before anybody is answered. */
  readonly prepare?: (capture: CaptureDeps) => Promise<void>;
  /** Whether it has its plans made before it says that it is ready, and keeps them; only by asking when left out. */
  readonly keepsPlans?: boolean;
  /** Receives the key that the first start with ACCESS=required makes. */
  readonly onFirstKey?: (secret: string) => void;
}

/** A running service. */
export interface App {
  readonly url: string;
  /** Nobody has to say who he is. */
  readonly open: boolean;
  /** Takes no more, finishes what was accepted, ends subscriptions with a close, then stops listening. */
  stop(): Promise<void>;
}

/** What resolvers of features need beside what all get. */
type Services = Omit<
  CaptureContext & FeedContext & DisclosureContext & WebhookContext,
  keyof Context
>;

const playgroundDir = fileURLToPath(new URL('../dist/playground', import.meta.url));
const sdkDir = fileURLToPath(new URL('../dist/sdk', import.meta.url));

/** Composition root: builds writer, relay and server by hand, and takes over the listener. */
export async function startApp({
  config,
  listener,
  graph,
  migrations,
  condition = { waitsFor: () => null },
  clock,
  logger,
  prepare,
  keepsPlans = false,
  onFirstKey = () => undefined,
}: AppDeps): Promise<App> {
  const views: Views = { view: hostView(graph), viewFor: viewsOf(graph) };
  const { view } = views;
  const access = await accessOf(config, { view, clock, logger }, onFirstKey);
  const relay = relayOf(config, { view, clock, logger });
  await relay.start();
  const shared = new SharedAnswers({ position: () => relay.position, clock });
  const plans = new PlanKeeper({ graph, position: () => relay.position, logger });
  const audit = access.authenticator.open ? undefined : new AccessLog({ view, clock, logger });
  access.sessions.onRefused = (refused) => audit?.noteRefused(refused);
  const metrics = await metricsOf(config, { graph, relay, condition, audit });
  const scraped = await serveMetrics(config, { registry: metrics.registry, logger });
  const writer = writerOf(config, { graph, clock, logger, metrics, relay });
  const capture = { writer, clock, metrics, view, ...limitsOf(config) };
  const reader = new DocumentReader(capture.limits, logger);
  const prefixes = await prefixesOf(config, { view, clock });
  const queries = queriesOf(config, { ...views, clock, logger, metrics, prefixes, relay });
  const webhooks = webhooksOf(config, { ...views, clock, logger, metrics, relay });
  const server = await buildServer({
    ...{ listener, graph, clock, logger, access, audit, metrics, migrations, condition },
    ...{ playgroundDir, sdkDir },
    ...(keepsPlans ? { plans } : {}),
    ...serverLimitsOf(config),
    readOperation: (bytes, signal) => reader.readOperation(bytes, signal),
    services: servicesOf(captureService(capture, reader), { feed: relay, shared, view, webhooks }),
    shared,
    routes: (http) => {
      registerRoutes(http, { ...views, config, clock, logger, capture, reader, prefixes, queries });
    },
    sockets: queries.sockets,
  });
  await prepare?.(capture);
  const due = await dueWatchOf(config, { graph, clock, logger, relay });
  await server.start();
  access.sessions.start();
  due.start();
  if (keepsPlans) plans.start();
  metrics.queryDeliveries(queries.stats);
  relay.onAdvance(queries.nudge);
  queries.start();
  webhooks.start();
  const behind = { writer, due, reader, plans };
  const serving = { relay, access, server, queries, webhooks, audit, scraped };
  return {
    url: listener.url,
    open: access.authenticator.open,
    stop: () => stop({ ...behind, ...serving }, config.SHUTDOWN_TIMEOUT_MS),
  };
}

interface Stoppable {
  stop(): Promise<void>;
}

/** What runs, for its end. */
interface Running extends Record<'due' | 'plans' | 'relay' | 'server', Stoppable> {
  readonly writer: Writer;
  readonly reader: DocumentReader;
  readonly access: Access;
  readonly queries: QuerySubscriptions;
  readonly webhooks: Webhooks;
  readonly audit: AccessLog | undefined;
  readonly scraped: Listener | undefined;
}

async function stop(running: Running, graceMs: number): Promise<void> {
  const { writer, due, reader, plans, relay, access, server, queries, webhooks, audit } = running;
  const written = Promise.all([writer.close(), due.stop(), reader.close(), plans.stop()]);
  // Before the feed ends, which they follow.
  const sent = webhooks.stop(graceMs);
  await Promise.all([relay.stop(), access.sessions.stop()]);
  await Promise.all([server.stop(), queries.stop(graceMs), sent]);
  await Promise.all([audit?.stop(), running.scraped?.close(), written]);
}

function servicesOf(
  capture: Services['capture'],
  {
    view,
    webhooks,
    ...more
  }: Pick<Services, 'feed' | 'shared'> & Pick<Views, 'view'> & { readonly webhooks: Webhooks },
): Services {
  return { capture, ...more, disclosures: view, webhooks: webhooks.service };
}

/** Who may ask, and what goes on in whose name. */
function accessOf(
  config: Config,
  deps: Pick<RelayOptions, 'view' | 'clock' | 'logger'>,
  onFirstKey: AccessOptions['onFirstKey'],
): Promise<Access> {
  const { OIDC_ISSUERS: issuers, OIDC_ORGANISATION_CLAIM: organisationClaim } = config;
  const { OIDC_ROLES_CLAIM: rolesClaim, JWT_MAX_AGE_S: maxAgeS, ACCESS: mode } = config;
  const tokens = { issuers, organisationClaim, rolesClaim, maxAgeS };
  const allowances = {
    costPerMinute: config.RATE_COST_PER_MINUTE,
    sockets: config.MAX_SOCKETS_EACH,
    subscriptions: config.MAX_SUBSCRIPTIONS_EACH,
  };
  const rules = { mode, isExposed: isExposed(config), tokens, allowances };
  return makeAccess({ ...deps, ...rules, onFirstKey });
}

async function metricsOf(
  config: Config,
  {
    condition: { space },
    ...sources
  }: Omit<MetricSources, 'space' | 'build'> & Required<Pick<AppDeps, 'condition'>>,
): Promise<ServiceMetrics> {
  const neo4j = await sources.graph.version(config.QUERY_TIMEOUT_MS);
  const build = { version: VERSION, neo4j };
  return makeMetrics({ ...sources, build, ...(space === undefined ? {} : { space }) });
}

function serverLimitsOf(
  config: Config,
): Pick<
  ServerDeps,
  | 'shutdownGraceMs'
  | 'bodyLimitBytes'
  | 'questionTimeoutMs'
  | 'maxAnswerBytes'
  | 'introspection'
  | 'trustedDocuments'
> {
  const { TRUSTED_DOCUMENTS: trustedDocuments } = config;
  return {
    shutdownGraceMs: config.SHUTDOWN_TIMEOUT_MS,
    bodyLimitBytes: config.MAX_DOCUMENT_BYTES,
    questionTimeoutMs: config.QUESTION_TIMEOUT_MS,
    maxAnswerBytes: config.MAX_ANSWER_BYTES,
    introspection: config.INTROSPECTION,
    ...(trustedDocuments === undefined ? {} : { trustedDocuments }),
  };
}

function limitsOf(config: Config): Pick<CaptureDeps, 'limits' | 'partnerBackdateDays'> {
  const limits = {
    maxEvents: config.MAX_EVENTS_PER_DOCUMENT,
    maxEpcsPerEvent: config.MAX_EPCS_PER_EVENT,
    maxDepth: config.MAX_NESTING,
    digitalLinkDomains: config.DIGITAL_LINK_DOMAINS,
  };
  return { limits, partnerBackdateDays: config.PARTNER_BACKDATE_DAYS };
}

/** The graph for our own work, and for whoever sends a request. */
interface Views {
  readonly view: View;
  readonly viewFor: ViewFor;
}

interface Parts extends Pick<AppDeps, 'graph' | 'clock' | 'logger'> {
  readonly metrics: ServiceMetrics;
  readonly relay: Relay;
}

function relayOf(config: Config, deps: Pick<RelayOptions, 'view' | 'clock' | 'logger'>): Relay {
  const { SUBSCRIBER_BUFFER: maxWaiting, HEARTBEAT_S: heartbeatS } = config;
  const { toldMs } = retentionOf(config);
  return new Relay({ ...deps, maxWaiting, heartbeatMs: heartbeatS * 1000, toldMs });
}

function writerOf(config: Config, { relay, ...deps }: Parts): Writer {
  return new Writer({
    ...deps,
    queueLimitEvents: config.WRITER_QUEUE_EVENTS,
    retention: retentionOf(config),
    onCommit: () => {
      relay.nudge();
    },
  });
}

/** Lets what came due while nobody ran join before anybody is answered. */
async function dueWatchOf(
  config: Config,
  { relay, ...deps }: Pick<AppDeps, 'graph' | 'clock' | 'logger'> & { readonly relay: Relay },
): Promise<Loop> {
  const joining = {
    ...deps,
    retention: retentionOf(config),
    onCommit: () => {
      relay.nudge();
    },
  };
  await joinDue(joining);
  return dueWatch(joining);
}

/** Named queries and their subscriptions. */
function queriesOf(
  config: Config,
  { relay, ...deps }: Omit<Parts, 'graph'> & Views & { readonly prefixes: CompanyPrefixes },
): QuerySubscriptions {
  return makeQuerySubscriptions({
    ...deps,
    head: () => relay.head(),
    allowInternal: config.WEBHOOK_ALLOW_INTERNAL,
    timeoutMs: config.WEBHOOK_TIMEOUT_MS,
    retry: { minMs: config.WEBHOOK_RETRY_MIN_MS, maxMs: config.WEBHOOK_RETRY_MAX_MS },
    maxEvents: config.WEBHOOK_BATCH_EVENTS,
    maxBytes: config.WEBHOOK_BATCH_BYTES,
  });
}

/** Webhooks of the feed. */
function webhooksOf(
  config: Config,
  { relay: feed, ...deps }: Omit<Parts, 'graph'> & Views,
): Webhooks {
  return makeWebhooks({
    ...{ ...deps, feed },
    bodiesOf: (view, items, filter) => messageBodies({ view, feed }, items, filter),
    allowInternal: config.WEBHOOK_ALLOW_INTERNAL,
    timeoutMs: config.WEBHOOK_TIMEOUT_MS,
    patience: {
      minMs: config.WEBHOOK_RETRY_MIN_MS,
      giveUpMs: config.WEBHOOK_GIVE_UP_HOURS * 3_600_000,
    },
    lettersMs: retentionOf(config).toldMs,
  });
}

interface InterfaceDeps extends Pick<AppDeps, 'config' | 'clock' | 'logger'>, Views {
  readonly capture: CaptureDeps;
  readonly reader: DocumentReader;
  readonly prefixes: CompanyPrefixes;
  readonly queries: Pick<QuerySubscriptions, 'addRoutes' | 'standing'>;
}

/** What is served beside GraphQL. */
function registerRoutes(http: FastifyInstance, deps: InterfaceDeps): void {
  registerBarcodes(http, deps);
  registerSerials(http, deps);
  registerAudit(http, deps);
  registerInterface(http, deps);
}

/** The EPCIS 2.0 REST interface; a feature adds its resources by a function in this list. */
function registerInterface(http: FastifyInstance, deps: InterfaceDeps): void {
  const { config, view, clock, logger, prefixes } = deps;
  const bodyLimitBytes = config.MAX_DOCUMENT_BYTES;
  const query = { clock, prefixes, maxBytes: config.MAX_ANSWER_BYTES };
  const isRevoked = (token: string): Promise<boolean> => isRevokedToken(view, token);
  const vendorVersion = `custody-graph ${VERSION}`;
  const beside = { ...BARCODE_PATHS, ...SERIAL_PATHS };
  registerEpcis(
    http,
    {
      ...{ viewFor: deps.viewFor, logger, bodyLimitBytes, vendorVersion, isRevoked, beside },
      questionTimeoutMs: config.QUESTION_TIMEOUT_MS,
    },
    [
      (routes) => {
        addCapture(routes, { ...deps.capture, reader: deps.reader, bodyLimitBytes });
      },
      (routes) => {
        addEventQueries(routes, query);
      },
      (routes) => {
        addTopLevel(routes, query);
      },
      (routes) => {
        addPageTokens(routes, { clock });
      },
      deps.queries.addRoutes,
      (routes) => {
        addSoap(routes, { ...query, logger, standing: deps.queries.standing });
      },
    ],
  );
}

/** What is learnt of company prefixes, beside the operator's table. */
async function prefixesOf(
  config: Config,
  deps: { readonly view: View; readonly clock: Clock },
): Promise<CompanyPrefixes> {
  return new CompanyPrefixes(deps, await readPrefixTable(config.GCP_LENGTH_TABLE));
}

/** The operator's table of company prefixes. */
async function readPrefixTable(path: string | undefined): Promise<PrefixTable | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Problem('SETUP', `GCP_LENGTH_TABLE=${path} cannot be read.`, { cause: error });
  });
  const read = parsePrefixTable(text);
  if (read.ok) return read.table;
  throw new Problem('SETUP', `GCP_LENGTH_TABLE=${path}: ${read.message}`);
}
