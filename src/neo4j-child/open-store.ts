import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.js';
import { openGraph } from '../graph/graph.js';
import type { Graph } from '../graph/graph.js';
import { migrate, readMigrations } from '../graph/migrate.js';
import type { Migration, MigrationReport } from '../graph/migrate.js';
import type { Logger } from '../shared/logger.js';
import { Problem, isProblem } from '../shared/problem.js';
import { answers, findRunningNeo4j, startEmbeddedNeo4j } from './embedded-neo4j.js';
import type { EmbeddedNeo4j, EmbeddedNeo4jOptions, Neo4jAccess } from './embedded-neo4j.js';
import { livingHolder } from './folder-lock.js';
import { foldersOf } from './folders.js';
import type { FreeSpace } from './free-space.js';
import { freeSpaceOf, refuseWhenFull } from './free-space.js';

/** A migrated graph, and its Neo4j if we started that. */
export interface Store {
  readonly graph: Graph;
  readonly migrations: readonly Migration[];
  readonly report: MigrationReport;
  /** Address for people, without credentials. */
  readonly uri: string;
  /** The Neo4j that this process started, if any. */
  readonly embedded: EmbeddedNeo4j | undefined;
  /** True when its Neo4j was started by another process on the same folder. */
  readonly joined: boolean;
  readonly condition: StoreCondition;
  /** Closes the connections, then ends the Neo4j that this process started. */
  close(): Promise<void>;
}

/** The condition of a store, besides whether it answers. */
export interface StoreCondition {
  /** What it waits for while it does not work; null when it works. */
  waitsFor(): string | null;
  /** Free space of its disk; unknown if we did not start it. */
  readonly space?: FreeSpace;
}

/** Receives the name of each step of a start, and how to read what it is at. */
export type OnStep = (step: string, detail?: () => string | Promise<string>) => void;

/** How a store is opened. */
export interface StoreOptions {
  readonly log: Logger;
  /** Receives progress for the waiting user, line by line. */
  readonly onProgress?: (line: string) => void;
  /** Receives what the opening waits for, and how to read more of it. */
  readonly onStep?: OnStep;
  /** Ends the opening. */
  readonly signal?: AbortSignal;
  /** Use the Neo4j of a running service in the same data folder, instead of refusing. */
  readonly joinRunning?: boolean;
}

/** How long the user's Neo4j may take to answer: in a compose file it starts at the same time. */
const ANSWER_LIMIT_MS = 60_000;

const migrationsFolder = fileURLToPath(new URL('../../schema/migrations', import.meta.url));

/**
 * Opens the configured store, `NEO4J_URI` or our own Neo4j in `DATA_DIR`, and applies missing
 * migrations.
 *
 * @throws Problem `SETUP` or `CONFLICT` with a message for the user
 */
export async function openStore(config: Config, options: StoreOptions): Promise<Store> {
  const { access, embedded, joined } = await reachNeo4j(config, options);
  const space = spaceOf(config);
  const waitsFor = (): string | null => embedded?.waitsFor() ?? null;
  const graph = openGraph({
    ...access,
    database: config.NEO4J_DATABASE,
    readTimeoutMs: config.QUERY_TIMEOUT_MS,
    writeTimeoutMs: config.WRITE_TIMEOUT_MS,
    waitsFor,
    ...(space === undefined
      ? {}
      : {
          beforeWrite: () => {
            refuseWhenFull(space);
          },
        }),
    onDatabaseStopped: () => embedded?.databaseStopped(),
  });
  try {
    if (config.NEO4J_URI !== undefined) await untilItAnswers(graph, access, options);
    options.onStep?.('migrations');
    const migrations = await readMigrations(migrationsFolder);
    const report = await migrate(graph, migrations);
    const close = async (): Promise<void> => {
      await graph.close();
      await embedded?.stop();
    };
    const condition = { waitsFor, ...(space === undefined ? {} : { space }) };
    return { graph, migrations, report, uri: access.uri, embedded, joined, condition, close };
  } catch (error) {
    await graph.close();
    await embedded?.stop();
    throw error;
  }
}

/** How our own Neo4j is started with this configuration. */
export function embeddedOptions(
  config: Config,
  { log, onProgress, onStep, signal }: StoreOptions,
): EmbeddedNeo4jOptions {
  return {
    dataDir: config.DATA_DIR,
    minFreeMb: config.MIN_FREE_MB,
    startTimeoutS: config.NEO4J_START_TIMEOUT_S,
    log,
    onStarting: (lastLine) => {
      onStep?.('neo4j', async () => `its log says ${await lastLine()}`);
    },
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(config.NEO4J_HEAP_MB === undefined ? {} : { heapMb: config.NEO4J_HEAP_MB }),
    ...(config.NEO4J_PAGECACHE_MB === undefined ? {} : { pageCacheMb: config.NEO4J_PAGECACHE_MB }),
    ...(config.JAVA_HOME === undefined ? {} : { javaHome: config.JAVA_HOME }),
  };
}

function spaceOf(config: Config): FreeSpace | undefined {
  return config.NEO4J_URI === undefined
    ? freeSpaceOf(foldersOf(config.DATA_DIR).root, config.MIN_FREE_MB)
    : undefined;
}

interface Reached {
  readonly access: Neo4jAccess;
  readonly embedded: EmbeddedNeo4j | undefined;
  readonly joined: boolean;
}

/** The user's Neo4j, that of a service in the same folder, or our own, which is started. */
async function reachNeo4j(config: Config, options: StoreOptions): Promise<Reached> {
  const { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password } = config;
  if (uri !== undefined)
    return { access: { uri, user, password }, embedded: undefined, joined: false };
  const running =
    options.joinRunning === true
      ? await joinedAccess(config.DATA_DIR, options.onProgress)
      : undefined;
  if (running !== undefined) return { access: running, embedded: undefined, joined: true };
  const embedded = await startEmbeddedNeo4j(embeddedOptions(config, options));
  return { access: embedded, embedded, joined: false };
}

/**
 * The Neo4j that another process runs in this folder; undefined when no process does. A process that is starting or stopping is waited
 * for: its Neo4j will answer, or it ends and leaves the folder to us.
 */
async function joinedAccess(
  dataDir: string,
  onProgress: StoreOptions['onProgress'],
): Promise<Neo4jAccess | undefined> {
  const started = performance.now();
  for (let isTold = false; ; isTold = true) {
    const running = await findRunningNeo4j(dataDir);
    if (running !== undefined && (await answers(running))) return running;
    const holder = await livingHolder(foldersOf(dataDir).lock);
    if (holder === undefined) return undefined;
    if (!isTold)
      onProgress?.(
        `Process ${holder.pid} uses DATA_DIR=${dataDir} and is starting or stopping. Waiting for it.`,
      );
    if (performance.now() - started > ANSWER_LIMIT_MS)
      throw new Problem(
        'SETUP',
        `Process ${holder.pid} uses DATA_DIR=${dataDir}, but its Neo4j has not answered for ${ANSWER_LIMIT_MS / 1000} s: it is still starting or stopping. Try again when it is ready or has ended.`,
      );
    await sleep(200);
  }
}

/** A wrong login is told at once: Neo4j refuses it for seconds after each try. */
async function untilItAnswers(
  graph: Graph,
  { uri, user }: Neo4jAccess,
  { onStep, signal }: StoreOptions,
): Promise<void> {
  const started = performance.now();
  let why = 'no answer yet';
  onStep?.('neo4j', () => `NEO4J_URI=${uri}: ${why}`);
  for (;;) {
    signal?.throwIfAborted();
    try {
      await graph.version();
      return;
    } catch (error) {
      if (isProblem(error, 'SETUP'))
        throw new Problem(
          'SETUP',
          `Neo4j at NEO4J_URI=${uri} refuses the login of NEO4J_USER=${user}. Set NEO4J_USER and NEO4J_PASSWORD to those of that Neo4j.`,
          { cause: error },
        );
      why = whyIn(error);
    }
    if (performance.now() - started > ANSWER_LIMIT_MS)
      throw new Problem(
        'SETUP',
        `No Neo4j answers at NEO4J_URI=${uri} within ${ANSWER_LIMIT_MS / 1000} s (${why}). Check NEO4J_URI and NEO4J_DATABASE, and whether that Neo4j runs.`,
      );
    await sleep(500);
  }
}

/** The first line of what the driver says, which is the cause of our problem. */
function whyIn(error: unknown): string {
  const { message, cause } = error as Error;
  return (cause instanceof Error ? cause.message : message).split('\n', 1)[0] ?? '';
}
