import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openGraph } from '../graph/graph.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { classArchive, writeClassPath } from './class-path.js';
import { livingHolder, takeLock } from './folder-lock.js';
import type { FolderLock } from './folder-lock.js';
import { foldersOf } from './folders.js';
import type { Folders } from './folders.js';
import { canListen, freePort } from './free-port.js';
import type { FreeSpace } from './free-space.js';
import { freeSpaceOf, refuseStartWhenFull } from './free-space.js';
import { ensurePassword } from './initial-password.js';
import { findJava } from './java-tools.js';
import type { Java } from './java-tools.js';
import { confText, jvmArgs, memoryFor } from './neo4j-conf.js';
import { isSameProcess } from './process-identity.js';
import { resolveNeo4j } from './resolve-neo4j.js';
import { makePrivate } from './private-folder.js';
import { settleHome } from './restored-home.js';
import { endLeftOver, keepRunningFile, readRunning, STOP_LIMIT_MS } from './running-file.js';
import { watchStartLog } from './start-log.js';
import type { StartLog } from './start-log.js';
import { superviseJvm } from './supervised-jvm.js';
import type { SupervisedJvm } from './supervised-jvm.js';

/** How an embedded Neo4j is started. */
export interface EmbeddedNeo4jOptions {
  /** All files are below `<dataDir>/neo4j/`. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Receives progress for the waiting user, line by line. */
  readonly onProgress?: (line: string) => void;
  /** The default depends on the machine's memory, see {@link memoryFor}. */
  readonly heapMb?: number;
  readonly pageCacheMb?: number;
  /** Folder of the jars, if several data folders share them; default `<dataDir>/neo4j`. */
  readonly libRoot?: string;
  /** `JAVA_HOME`. */
  readonly javaHome?: string;
  /** Size of one transaction log file, MiB; default 128. */
  readonly logFileMb?: number;
  /** More lines of `neo4j.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How often a crashed Neo4j is started again; default 5. */
  readonly restarts?: number;
  /** Free space below which nothing may be written, MiB; default 256. */
  readonly minFreeMb?: number;
  /** Longest wait for its first answer, s; default 900. */
  readonly startTimeoutS?: number;
  /** Longest time in which its log may stand still while it starts, s; default 300. */
  readonly quietTimeoutS?: number;
  /** Ends the start. */
  readonly signal?: AbortSignal;
  /** Receives, when Neo4j is being started, how to read the last line of its log. */
  readonly onStarting?: (lastLine: () => Promise<string>) => void;
}

/** How to reach a Neo4j. */
export interface Neo4jAccess {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
}

/** A running Neo4j that we started. */
export interface EmbeddedNeo4j extends Neo4jAccess {
  /** Current process id of the JVM. */
  readonly pid: number;
  /** Resolves with the reason when it is gone: stopped, or crashed too often. */
  readonly gone: Promise<string>;
  /** What it waits for while it does not work; null when it works. */
  waitsFor(): string | null;
  /** Tells it that its database stopped, e.g. on a full disk; it restarts when there is space. */
  databaseStopped(): void;
  /** Ends Neo4j normally (killed after ten seconds) and frees the folder. */
  stop(): Promise<void>;
}

/** A busy machine needed two minutes, a recovery may need more; a Neo4j that ends is noticed at once. */
const START_TIMEOUT_S = 900;
const QUIET_TIMEOUT_S = 300;
const MAX_RESTARTS = 5;
const USER = 'neo4j';

/**
 * Starts Neo4j Community as a child of this process and waits until it answers.
 *
 * The jars come from Maven on first use. It listens on 127.0.0.1 on a free port (the last one if
 * possible). The password is generated once and kept with mode 0600. It ends with this process,
 * even after `kill -9`; a leftover Neo4j is found and stopped first. Two never run on one folder.
 *
 * @throws Problem `CONFLICT` when another process uses the folder, `SETUP` when Java or Maven is missing or Neo4j does not start
 */
export async function startEmbeddedNeo4j(options: EmbeddedNeo4jOptions): Promise<EmbeddedNeo4j> {
  const { folders, lock } = await lockFolder(options);
  try {
    return await runNeo4j(options, folders, () => lock.release());
  } catch (error) {
    await lock.release();
    throw asNoSpace(error, folders);
  }
}

/**
 * Does something to the store of a folder while no other process uses it.
 *
 * @throws Problem `CONFLICT` with the remedy when another process uses the folder
 */
export async function withFolder<T>(
  options: Pick<EmbeddedNeo4jOptions, 'dataDir' | 'log'>,
  remedy: string,
  work: (folders: Folders) => Promise<T>,
): Promise<T> {
  const { folders, lock } = await lockFolder(options, remedy);
  try {
    return await work(folders);
  } catch (error) {
    throw asNoSpace(error, folders);
  } finally {
    await lock.release();
  }
}

async function lockFolder(
  { dataDir, log }: Pick<EmbeddedNeo4jOptions, 'dataDir' | 'log'>,
  remedy = 'Stop it, or set DATA_DIR to another folder.',
): Promise<{ readonly folders: Folders; readonly lock: FolderLock }> {
  const folders = foldersOf(dataDir);
  const lock = await takeFolder(dataDir, folders);
  if ('heldBy' in lock)
    throw new Problem(
      'CONFLICT',
      `Another process (${lock.heldBy.pid}) already runs Neo4j in ${folders.root}. ${remedy}`,
    );
  try {
    const left = await readRunning(folders);
    if (left !== undefined) await endLeftOver(left, log);
    await settleHome(folders);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return { folders, lock };
}

function asNoSpace(error: unknown, { root }: Folders): unknown {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new Problem('SETUP', `There is no space left in ${root}. Free some space, or set DATA_DIR.`, {
        cause: error,
      })
    : error;
}

async function takeFolder(dataDir: string, folders: Folders): ReturnType<typeof takeLock> {
  try {
    await makePrivate(dataDir, folders.root);
    return await takeLock(folders.lock);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || code === 'ENOSPC') throw cause;
    throw new Problem(
      'SETUP',
      `DATA_DIR=${dataDir} cannot be written (${code}). Give this user the right to write there, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
}

/** Access to the Neo4j that another living process runs in this data folder, if any. */
export async function findRunningNeo4j(dataDir: string): Promise<Neo4jAccess | undefined> {
  const folders = foldersOf(dataDir);
  if ((await livingHolder(folders.lock)) === undefined) return undefined;
  const running = await readRunning(folders);
  if (running === undefined || !(await isSameProcess(running.pid, running.identity)))
    return undefined;
  return accessTo(running.port, await readFile(folders.password, 'utf8'));
}

/**
 * Runs Neo4j in a folder that this process has locked. The home may be another one than that of the folder.
 *
 * @param ended called after it was stopped
 * @throws as {@link startEmbeddedNeo4j}
 */
export async function runNeo4j(
  options: EmbeddedNeo4jOptions,
  folders: Folders,
  ended: () => Promise<void> = () => Promise.resolve(),
): Promise<EmbeddedNeo4j> {
  const prepared = await prepare(options, folders);
  await makePrivate(options.dataDir, folders.root);
  const log = watchStartLog(folders);
  options.signal?.throwIfAborted();
  const jvm = superviseJvm({
    java: prepared.java,
    args: prepared.args,
    cwd: folders.home,
    log: folders.console,
    stopMs: STOP_LIMIT_MS,
    restarts: options.restarts ?? MAX_RESTARTS,
  });
  const space = freeSpaceOf(folders.root, options.minFreeMb ?? 256);
  keepRunningFile(jvm, folders, prepared.port, options.log);
  const access = accessTo(prepared.port, prepared.password);
  const stop = once(async () => {
    await jvm.stop();
    // Needed only if the supervisor was killed and left the JVM behind.
    const left = await readRunning(folders);
    if (left !== undefined) await endLeftOver(left, options.log);
    await prepared.keepArchive();
    await ended();
  });
  options.onStarting?.(() => log.lastLine());
  try {
    await untilReady(jvm, access, { ...options, folders, log });
  } catch (error) {
    await stop();
    throw error;
  }
  options.log.info({ uri: access.uri, pid: jvm.pid }, 'Neo4j answers');
  const health = watchHealth({ jvm, access, space, log: options.log });
  return {
    ...access,
    ...health,
    get pid() {
      return jvm.pid ?? 0;
    },
    gone: jvm.gone,
    stop,
  };
}

interface Watched {
  readonly jvm: SupervisedJvm;
  readonly access: Neo4jAccess;
  readonly space: FreeSpace;
  readonly log: Logger;
}

/** Tells what we wait for after Neo4j crashed or stopped its database; restarts the latter. */
function watchHealth({
  jvm,
  access,
  space,
  log,
}: Watched): Pick<EmbeddedNeo4j, 'waitsFor' | 'databaseStopped'> {
  let waits: string | null = null;
  let [isHealing, isWatched] = [false, false];
  const untilItAnswers = async (): Promise<void> => {
    if (isWatched) return;
    isWatched = true;
    while (!(await answers(access))) await sleep(200, undefined, { ref: false });
    waits = null;
    [isHealing, isWatched] = [false, false];
    log.warn({ pid: jvm.pid }, 'Neo4j answers again');
  };
  jvm.onRestart((how, again) => {
    waits = `Neo4j ended (${how}) and is being started again (try ${again})`;
    log.error({ how, again }, 'Neo4j ended by itself; it is being started again');
    void untilItAnswers();
  });
  const heal = async (): Promise<void> => {
    for (let why = space.whyFull(); why !== null; why = space.whyFull()) {
      waits = `Neo4j stopped its database and is started again when there is space: ${why}`;
      await sleep(1000, undefined, { ref: false });
    }
    waits = 'Neo4j stopped its database and is being started again';
    jvm.restart();
  };
  return {
    waitsFor: () => waits,
    databaseStopped: () => {
      if (isHealing) return;
      isHealing = true;
      log.error(
        { pid: jvm.pid },
        'Neo4j stopped its database after a critical error; it is started again',
      );
      void heal();
    },
  };
}

interface Prepared {
  readonly java: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly password: string;
  readonly keepArchive: () => Promise<void>;
}

/** What runs the programs of Neo4j. */
export interface Neo4jPrograms {
  readonly java: Java;
  /** The file with its class path. */
  readonly classPath: string;
  readonly lib: string;
  readonly libRoot: string;
}

/**
 * Finds Java and the jars, and fetches those on first use.
 *
 * @throws Problem `SETUP` when Java or Maven is missing
 */
export async function findPrograms(
  { javaHome, libRoot, onProgress, log, signal }: EmbeddedNeo4jOptions,
  folders: Folders,
): Promise<Neo4jPrograms> {
  const tell =
    onProgress ??
    ((line: string): void => {
      log.info({}, line);
    });
  const java = await findJava(javaHome);
  const root = resolve(libRoot ?? folders.root);
  // Where the jars are themselves: an archive of classes fits no other path, and folders may share both by links.
  const lib = await realpath(await resolveNeo4j(root, tell, signal));
  return { java, lib, libRoot: root, classPath: await writeClassPath(folders.root, lib) };
}

async function prepare(options: EmbeddedNeo4jOptions, folders: Folders): Promise<Prepared> {
  const logFileMb = options.logFileMb ?? 128;
  await refuseStartWhenFull(folders, logFileMb);
  const { java, classPath, lib, libRoot } = await findPrograms(options, folders);
  const port = await freePort((await readRunning(folders))?.port);
  const memory = memoryFor();
  await mkdir(folders.conf, { recursive: true });
  await mkdir(folders.home, { recursive: true });
  const pageCacheMb = options.pageCacheMb ?? memory.pageCacheMb;
  const heapMb = options.heapMb ?? memory.heapMb;
  const conf = confText({ port, heapMb, pageCacheMb, logFileMb, more: options.settings });
  await writeFile(join(folders.conf, 'neo4j.conf'), conf);
  await rm(folders.console, { force: true });
  const password = await ensurePassword(java.path, folders, classPath);
  const archive = await classArchive(java, lib, libRoot);
  const args = [
    ...jvmArgs(heapMb, classPath, archive.args),
    'org.neo4j.server.CommunityEntryPoint',
    `--home-dir=${folders.home}`,
    `--config-dir=${folders.conf}`,
  ];
  return { java: java.path, args, port, password, keepArchive: () => archive.keep() };
}

function accessTo(port: number, password: string): Neo4jAccess {
  return { uri: `bolt://127.0.0.1:${port}`, user: USER, password: password.trim() };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}

interface Start extends Omit<EmbeddedNeo4jOptions, 'log'> {
  readonly folders: Folders;
  readonly log: StartLog;
}

async function untilReady(jvm: SupervisedJvm, access: Neo4jAccess, start: Start): Promise<void> {
  const { log, signal, startTimeoutS = START_TIMEOUT_S, quietTimeoutS = QUIET_TIMEOUT_S } = start;
  const began = performance.now();
  let ended: string | undefined;
  void jvm.gone.then((how) => {
    ended = how;
  });
  while (!(await answers(access))) {
    signal?.throwIfAborted();
    if (ended !== undefined) throw await startFailure(`it ended (${ended})`, start);
    if (performance.now() - began > startTimeoutS * 1000)
      throw await startFailure(`no answer within NEO4J_START_TIMEOUT_S=${startTimeoutS}`, start);
    if ((await log.quietMs()) > quietTimeoutS * 1000)
      throw await startFailure(`its log has not moved for ${quietTimeoutS} s`, start);
    await sleep(50);
  }
}

/** Whether a Neo4j on this machine answers. */
export async function answers(access: Neo4jAccess): Promise<boolean> {
  if (await canListen(Number(new URL(access.uri).port))) return false;
  const graph = openGraph({ ...access, poolSize: 1, acquireTimeoutMs: 10_000 });
  try {
    return await graph.ready(10_000);
  } finally {
    await graph.close();
  }
}

async function startFailure(why: string, { folders, log }: Start): Promise<Problem> {
  return new Problem(
    'SETUP',
    `Neo4j did not start: ${why}. Its log said last: ${await log.lastLine()}. All of it is in ${folders.console} and ${join(folders.home, 'logs')}.`,
  );
}
