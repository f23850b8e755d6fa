import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, processIdentity } from './process-identity.js';

/** Who holds a folder. */
export interface LockHolder {
  readonly pid: number;
  readonly identity: string;
}

/** A held lock. */
export interface FolderLock {
  release(): Promise<void>;
}

/** {@link takeLock} when somebody living holds it. */
export interface LockRefused {
  readonly heldBy: LockHolder;
}

/** A reclaim takes milliseconds; one that is this old was cut short. */
const RECLAIM_STALE_MS = 10_000;

/**
 * Takes the lock file for this process. A lock whose holder died is taken over; of two that try, one wins.
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
      // A hard link appears whole and only if nothing is there: a plain write could be read half done.
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

/** Who holds the lock, if its holder lives. */
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

// Only one process at a time may remove a stale lock, or the slower of two would remove the faster one's new lock.
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
