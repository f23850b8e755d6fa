import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, processIdentity } from './process-identity.js';

/** The process that holds a folder. */
export interface LockHolder {
  readonly pid: number;
  readonly identity: string;
}

/** A held lock. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Result of {@link takeLock} when a living process holds the lock. */
export interface LockRefused {
  readonly heldBy: LockHolder;
}

/** A reclaim takes milliseconds; an older one was interrupted. */
const RECLAIM_STALE_MS = 10_000;

/**
 * Takes the lock file for this process. A lock of a dead process is taken over; of two that try,
 * one wins.
 *
 * @returns the lock, or who holds it
 */
export async function takeLock(path: string): Promise<FolderLock | LockRefused> {
  const me: LockHolder = {
    pid: process.pid,
    identity: (await processIdentity(process.pid)) ?? 'unknown',
  };
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, JSON.stringify(me), { mode: 0o600 });
  try {
    for (;;) {
      // A hard link appears complete, and only if no file is there. A plain write has half a file.
      if (await linked(mine, path)) return { release: () => releaseIfMine(path, me) };
      const holder = await readHolder(path);
      if (holder !== undefined && (await isSameProcess(holder.pid, holder.identity)))
        return { heldBy: holder };
      await removeStale(path);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** The holder of the lock, if it is still running. */
export async function livingHolder(path: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(path);
  return holder !== undefined && (await isSameProcess(holder.pid, holder.identity))
    ? holder
    : undefined;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

// Only one process may remove a stale lock: the slower of two would remove the other's new lock.
async function removeStale(path: string): Promise<void> {
  const gate = `${path}.reclaim`;
  try {
    await mkdir(gate);
  } catch {
    const since = await stat(gate).then(
      (s) => s.ctimeMs,
      () => undefined,
    );
    if (
      since !== undefined &&
      performance.timeOrigin + performance.now() - since > RECLAIM_STALE_MS
    )
      await rmdir(gate).catch(() => undefined);
    await sleep(20);
    return;
  }
  try {
    if ((await livingHolder(path)) === undefined) await rm(path, { force: true });
  } finally {
    await rmdir(gate).catch(() => undefined);
  }
}

async function releaseIfMine(path: string, me: LockHolder): Promise<void> {
  const holder = await readHolder(path);
  if (holder?.pid === me.pid && holder.identity === me.identity) await rm(path, { force: true });
}
