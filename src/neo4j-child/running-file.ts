import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import type { Folders } from './folders.js';
import { isSameProcess, processIdentity, signalProcess } from './process-identity.js';
import type { SupervisedJvm } from './supervised-jvm.js';

/** Time between asking a Neo4j to end and killing it, ms. */
export const STOP_LIMIT_MS = 10_000;

/** The Neo4j that runs or last ran in a folder. */
export interface RunningFile {
  readonly pid: number;
  readonly identity: string;
  readonly port: number;
}

/** Reads what the last start noted, if anything. */
export async function readRunning(folders: Folders): Promise<RunningFile | undefined> {
  try {
    return JSON.parse(await readFile(folders.running, 'utf8')) as RunningFile;
  } catch {
    return undefined;
  }
}

/** Notes the process id of every start, so that the next start can end a leftover Neo4j. */
export function keepRunningFile(
  jvm: SupervisedJvm,
  folders: Folders,
  port: number,
  log: Logger,
): void {
  jvm.onStart((pid) => {
    void (async () => {
      const identity = (await processIdentity(pid)) ?? 'unknown';
      const next = `${folders.running}.next`;
      await writeFile(next, JSON.stringify({ pid, identity, port } satisfies RunningFile), {
        mode: 0o600,
      });
      await rename(next, folders.running);
    })().catch((error: unknown) => {
      log.warn({ err: error }, 'could not note the process id of Neo4j');
    });
  });
}

/**
 * Ends a Neo4j that an earlier process left behind. Its supervisor may be ending it right now, so
 * it gets time before it is killed.
 *
 * @throws Problem `SETUP` when it cannot be ended
 */
export async function endLeftOver(left: RunningFile, log: Logger): Promise<void> {
  if (!(await isSameProcess(left.pid, left.identity))) return;
  log.warn({ pid: left.pid }, 'a Neo4j of an earlier run is still there; ending it');
  signalProcess(left.pid, 'SIGTERM');
  for (let waited = 0; await isSameProcess(left.pid, left.identity); waited += 100) {
    if (waited === STOP_LIMIT_MS) signalProcess(left.pid, 'SIGKILL');
    if (waited > STOP_LIMIT_MS + 5_000)
      throw new Problem(
        'SETUP',
        `A Neo4j of an earlier run (process ${left.pid}) does not end. End it and start again.`,
      );
    await sleep(100);
  }
}
