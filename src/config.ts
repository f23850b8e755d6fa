import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { issuers } from './access/issuers-setting.js';
import { hostNameOf, hostNameOfAddress, isLoopback } from './shared/host-name.js';
import { logLevels } from './shared/logger.js';
import { internalDestinations, list, whole, yesOrNo } from './shared/setting-types.js';
import { Problem } from './shared/problem.js';

/** One setting, as in `--help` and the README. */
export interface Setting {
  readonly name: string;
  readonly standard: string;
  readonly unit: string;
  readonly meaning: string;
}

interface Described {
  readonly unit: string;
  readonly meaning: string;
  /** What `--help` shows instead of a default that is computed. */
  readonly standard?: string;
}

const described = z.registry<Described>();

function setting<T extends z.ZodType>(
  type: T,
  unit: string,
  meaning: string,
  standard?: string,
): T {
  described.add(type, { unit, meaning, ...(standard === undefined ? {} : { standard }) });
  return type;
}

const [KIB, MIB] = [1024, 1024 * 1024];
const SECOND = 1000;

const shape = {
  HOST: setting(z.string().default('127.0.0.1'), 'address', 'where the service listens'),
  PORT: setting(
    whole(0, 65_535).default(4000),
    'port',
    'TCP port of HTTP and WebSocket; 0 takes a free one',
  ),
  METRICS_PORT: setting(
    whole(1, 65_535).optional(),
    'port',
    'TCP port at HOST where /metrics, and nothing else, is answered without credentials; keep it from others',
    'none: /metrics only at PORT, for a key of the host',
  ),
  ACCESS: setting(
    z.enum(['open', 'required']).optional(),
    'open or required',
    'whether everybody may do everything, or each request needs a key or a token; open only on loopback, for trying out',
    'open on loopback while there is no issuer and no key; else required',
  ),
  DATA_DIR: setting(
    z.string().min(1).default('.data'),
    'folder',
    'holds the Neo4j this process starts',
  ),
  MIN_FREE_MB: setting(
    whole(0, 1_048_576).default(256),
    'MiB',
    'free space of DATA_DIR below which captures are refused; reads still work',
  ),
  NEO4J_URI: setting(
    z
      .url({
        protocol: /^(bolt|neo4j)(\+s|\+ssc)?$/,
        error:
          'must begin with bolt://, bolt+s://, bolt+ssc://, neo4j://, neo4j+s:// or neo4j+ssc://, e.g. bolt://127.0.0.1:7687',
      })
      .optional(),
    'bolt:// or neo4j://',
    'use this Neo4j 5.26 instead of starting one: bolt:// for one server, neo4j:// for a cluster',
    'none: start one',
  ),
  NEO4J_USER: setting(z.string().default('neo4j'), 'name', 'user at NEO4J_URI'),
  NEO4J_PASSWORD: setting(z.string().default(''), 'secret', 'password at NEO4J_URI', 'empty'),
  NEO4J_DATABASE: setting(
    z.string().default('neo4j'),
    'name',
    'database at NEO4J_URI, for example one for each market',
  ),
  NEO4J_START_TIMEOUT_S: setting(
    whole(1, 86_400).default(900),
    's',
    'longest wait for the Neo4j this process starts; one whose log stands still for 300 s is not waited for',
  ),
  NEO4J_HEAP_MB: setting(
    whole(256, 32_768).optional(),
    'MiB',
    'heap of the Neo4j this process starts',
    'a quarter of the memory, 512 to 4096',
  ),
  NEO4J_PAGECACHE_MB: setting(
    whole(64, 1_048_576).optional(),
    'MiB',
    'page cache of the Neo4j this process starts',
    'an eighth of the memory, 256 to 8192',
  ),
  JAVA_HOME: setting(
    z.string().min(1).optional(),
    'folder',
    'Java to start Neo4j with',
    'java of the PATH',
  ),
  ALLOWED_HOSTS: setting(
    list(
      (host) =>
        hostNameOf(host) === host.toLowerCase() && /^[\w.-]+$|^\[/.test(host)
          ? host.toLowerCase()
          : null,
      {
        error: 'names or addresses without a port, IPv6 in brackets, e.g. custody.example',
      },
    ),
    'names, comma-separated',
    'names of the service besides HOST, localhost and 127.0.0.1; any other gets 421',
    'none',
  ),
  ALLOWED_ORIGINS: setting(
    list((origin) => (URL.canParse(origin) && new URL(origin).origin === origin ? origin : null), {
      error: 'origins as browsers send them, e.g. https://custody.example or http://localhost:5173',
    }),
    'origins, comma-separated',
    'pages of other origins that may ask, write and open a WebSocket (CORS); any other gets 403',
    'none',
  ),
  OIDC_ISSUERS: setting(
    issuers(),
    'JSON array in one line',
    'who signs the JWTs that callers send, and which organisations each may speak for',
    'none',
  ),
  OIDC_ORGANISATION_CLAIM: setting(
    z.string().default('organisation'),
    'name of a claim',
    'claim of a JWT with the GLN of the organisation that the caller belongs to',
  ),
  OIDC_ROLES_CLAIM: setting(
    z.string().default('roles'),
    'name of a claim',
    'claim of a JWT with the roles of the caller',
  ),
  JWT_MAX_AGE_S: setting(
    whole(60, 86_400).default(3600),
    's',
    'longest life of a JWT, from its iat to its exp; one that lives longer is refused',
  ),
  RATE_COST_PER_MINUTE: setting(
    whole(0, 2_000_000_000).default(10_000_000),
    'cost',
    'what one organisation, or one credential of the host, may spend in a minute on one process; 0 is no limit',
  ),
  MAX_SOCKETS_EACH: setting(
    whole(1, 1000).default(200),
    'sockets',
    'most WebSockets that one organisation, or one credential of the host, has open on one process',
  ),
  MAX_SUBSCRIPTIONS_EACH: setting(
    whole(1, 1_000_000).default(1000),
    'subscriptions',
    'most GraphQL subscriptions, over WebSocket and as event streams, that one of them has open on one process',
  ),
  INTROSPECTION: setting(
    z.enum(['host', 'everybody']).default('everybody'),
    'host or everybody',
    'who may ask for the schema by introspection; everybody may read it at /schema.graphql',
  ),
  TRUSTED_DOCUMENTS: setting(
    z.string().min(1).optional(),
    'JSON file',
    'the only GraphQL documents that all but administrators may run: a list of texts, or a text for each id',
    'none: any document',
  ),
  LOG_LEVEL: setting(
    z.enum(logLevels).default('info'),
    logLevels.join(' '),
    'lowest level that is logged',
  ),
  DEMO: setting(
    yesOrNo().default(true),
    'true or false',
    'load the demo scenarios when the store is empty',
  ),
  PREPARE_PLANS: setting(
    yesOrNo().default(true),
    'true or false',
    'let Neo4j plan every statement before the service is ready, so that no request waits for a plan',
  ),
  MAX_DOCUMENT_BYTES: setting(
    whole(KIB, 1024 * MIB).default(64 * MIB),
    'bytes',
    'longest request body of a capture',
  ),
  MAX_EVENTS_PER_DOCUMENT: setting(
    whole(1, 100_000).default(50_000),
    'events',
    'most events of one document',
  ),
  MAX_EPCS_PER_EVENT: setting(
    whole(1, 1_000_000).default(20_000),
    'EPCs',
    'most identifiers one event may name',
  ),
  MAX_ANSWER_BYTES: setting(
    whole(64 * KIB, 1024 * MIB).default(16 * MIB),
    'bytes',
    'longest answer to a question; pages of events end before it',
  ),
  MAX_NESTING: setting(whole(4, 256).default(32), 'levels', 'deepest nesting of a document'),
  DIGITAL_LINK_DOMAINS: setting(
    list((domain) => (/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain) ? domain.toLowerCase() : null), {
      error: 'domains without https:// and port, e.g. id.example.com',
    }),
    'domains, comma-separated',
    'besides id.gs1.org: a wrong GS1 Digital Link there is refused; on any other domain it counts as a private URI with a warning',
    'none',
  ),
  GCP_LENGTH_TABLE: setting(
    z.string().min(1).optional(),
    'JSON file',
    'lengths of GS1 company prefixes, to write Digital Links as URNs',
    'none: learnt from URNs',
  ),
  WRITER_QUEUE_EVENTS: setting(
    whole(1, 10_000_000).default(100_000),
    'events',
    'events that may wait for the writer; above it captures get 503',
  ),
  PARTNER_BACKDATE_DAYS: setting(
    whole(0, 36_500).default(30),
    'days',
    'how long ago what partners capture may have happened; the host may capture older events',
  ),
  LOG_RETENTION_BATCHES: setting(
    whole(1, 1_000_000_000).default(1_000_000),
    'batches',
    'how far back the cursor of a subscription of the host may be',
  ),
  FEED_RETENTION_DAYS: setting(
    whole(1, 36_500).default(30),
    'days',
    'how long partners can get again what they were told',
  ),
  SUBSCRIBER_BUFFER: setting(
    whole(1, 1_000_000).default(1000),
    'messages',
    'most messages that wait for one slow subscriber',
  ),
  HEARTBEAT_S: setting(
    whole(0, 3600).default(15),
    's',
    'time between two heartbeats of a GraphQL subscription that nothing matches; 0 is off',
  ),
  WEBHOOK_ALLOW_INTERNAL: setting(
    z
      .string()
      .default('false')
      .transform((text) => internalDestinations(text)),
    'comma-separated hosts, networks; or true',
    'internal hosts to which query subscriptions and webhooks may send, also by http; true: all',
    'none',
  ),
  WEBHOOK_TIMEOUT_MS: setting(
    whole(100, 120_000).default(10 * SECOND),
    'ms',
    'longest a subscriber or a webhook may take to answer',
  ),
  WEBHOOK_RETRY_MIN_MS: setting(
    whole(10, 3_600_000).default(SECOND),
    'ms',
    'wait after a failed delivery to a subscriber or a webhook; doubled with each',
  ),
  WEBHOOK_RETRY_MAX_MS: setting(
    whole(10, 86_400_000).default(300 * SECOND),
    'ms',
    'longest such wait for a subscriber; retries end only when the subscription is deleted',
  ),
  WEBHOOK_GIVE_UP_HOURS: setting(
    whole(1, 720).default(72),
    'hours',
    'how long a message is tried at a webhook before it becomes a dead letter',
  ),
  WEBHOOK_BATCH_EVENTS: setting(
    whole(1, 10_000).default(100),
    'events',
    'most events of one document to a subscriber',
  ),
  WEBHOOK_BATCH_BYTES: setting(
    whole(KIB, 64 * MIB).default(MIB),
    'bytes',
    'approximate size limit of a document to a subscriber; one event always fits',
  ),
  QUERY_TIMEOUT_MS: setting(
    whole(100, 600_000).default(30 * SECOND),
    'ms',
    'longest time for one statement of a query, even if Neo4j does not answer',
  ),
  QUESTION_TIMEOUT_MS: setting(
    whole(0, 3_600_000).default(30 * SECOND),
    'ms',
    'longest time for a question with all its statements; then they end in Neo4j. A capture or another change is no question; 0 is no limit',
  ),
  WRITE_TIMEOUT_MS: setting(
    whole(100, 3_600_000).default(60 * SECOND),
    'ms',
    'longest time for one transaction of captures; a longer document gets it for each 10,000 events',
  ),
  SHUTDOWN_TIMEOUT_MS: setting(
    whole(100, 600_000).default(10 * SECOND),
    'ms',
    'longest time for the process to end after SIGTERM, finished or not',
  ),
};

/** The settings that say who can reach the service, as they are after they were read. */
const REACHED = {
  ACCESS: z.string().optional(),
  HOST: z.string(),
  ALLOWED_HOSTS: z.array(z.string()),
};

const environment = z
  .object(shape)
  .refine(
    ({ ACCESS, HOST, ALLOWED_HOSTS }) => ACCESS !== 'open' || !isExposed({ HOST, ALLOWED_HOSTS }),
    {
      path: ['ACCESS'],
      error:
        'others can reach this service, because HOST is no loopback address or ALLOWED_HOSTS names others: set ACCESS=required',
      // Checked even if another setting is wrong, so that all faults are reported at once.
      when: ({ value }) => z.object(REACHED).safeParse(value).success,
    },
  )
  .refine(
    ({ NEO4J_URI, NEO4J_DATABASE }) => NEO4J_URI !== undefined || NEO4J_DATABASE === 'neo4j',
    {
      path: ['NEO4J_DATABASE'],
      error:
        'the Neo4j that this process starts has only the database neo4j: leave this out, or set NEO4J_URI to a Neo4j of your own',
    },
  );

/** All checked settings; absent optional ones are left out. */
export type Config = Readonly<z.output<typeof environment>>;

/** Whether others than the users of this machine can reach the service. */
export function isExposed({
  HOST,
  ALLOWED_HOSTS,
}: {
  readonly HOST: string;
  readonly ALLOWED_HOSTS: readonly string[];
}): boolean {
  return !isLoopback(hostNameOfAddress(HOST) ?? '') || ALLOWED_HOSTS.length > 0;
}

/** The environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings once. An empty variable counts as absent.
 *
 * @param env the default is the environment of this process
 * @throws Problem `SETUP` that names every fault at once
 */
// eslint-disable-next-line no-restricted-properties -- the one owner of the environment
export function readConfig(env: Environment = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(shape).flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const result = environment.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const faults = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    const found = name === 'NEO4J_PASSWORD' ? 'secret' : JSON.stringify(given[name]);
    return `  ${name}=${found}: ${issue.message}`;
  });
  throw new Problem('SETUP', `The settings are not usable:\n${[...new Set(faults)].join('\n')}`);
}

/** A warning for each variable whose name is nearly that of a setting which is not set. */
// eslint-disable-next-line no-restricted-properties -- the one owner of the environment
export function misspelt(env: Environment = process.env): string[] {
  const unset = Object.keys(shape).filter((name) => env[name] === undefined);
  return Object.keys(env)
    .filter((name) => !(name in shape))
    .flatMap((name) => {
      const meant = closest(name.toUpperCase(), unset);
      return isNear(name.toUpperCase(), meant)
        ? [`Warning: ${name} is not a setting and has no effect. Did you mean ${meant}?`]
        : [];
    });
}

/** Short names are near to too much: HOME is no misspelt HOST. */
function isNear(name: string, known: string): boolean {
  if (known.length < 8) return false;
  const isLonger = name.startsWith(known) && name.length - known.length <= 4;
  return isLonger || distance(name, known) <= 2;
}

/** True if npm started this process, through a shell that does not forward signals. */
// eslint-disable-next-line no-restricted-properties -- the one owner of the environment
export function isStartedByNpm(env: Environment = process.env): boolean {
  return env['npm_lifecycle_event'] === 'start';
}

/** Every setting in order, for `--help` and the README. */
export function settings(): Setting[] {
  return Object.entries(shape).map(([name, type]) => {
    const about = described.get(type);
    const standard = about?.standard ?? standardOf(type);
    return { name, standard, unit: about?.unit ?? '', meaning: about?.meaning ?? '' };
  });
}

function standardOf(type: z.ZodType): string {
  const value = type.safeParse(undefined);
  return value.success ? String(value.data) : '';
}
