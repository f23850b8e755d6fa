import { statfsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../shared/problem.js';
import type { Folders } from './folders.js';

/** Free space of the file system that holds a store. */
export interface FreeSpace {
  /** Bytes that may still be written. */
  bytes(): number;
  /** Why nothing more is written; null while there is space. */
  whyFull(): string | null;
}

const MIB = 2 ** 20;

/**
 * Free space of a folder, read at each call (microseconds). Neo4j stops its database on a full
 * disk, so we refuse writes before.
 */
export function freeSpaceOf(folder: string, minFreeMb: number): FreeSpace {
  const bytes = (): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return {
    bytes,
    whyFull: () => {
      const free = bytes() / MIB;
      return free >= minFreeMb
        ? null
        : `only ${Math.floor(free)} MB are free in ${folder}, and MIN_FREE_MB=${minFreeMb}`;
    },
  };
}

/** @throws Problem `INSUFFICIENT_STORAGE` when there is no space */
export function refuseWhenFull(space: Pick<FreeSpace, 'whyFull'>): void {
  const why = space.whyFull();
  if (why !== null)
    throw new Problem('INSUFFICIENT_STORAGE', `Nothing was stored: ${why}. Free some space.`, {
      retryAfterSeconds: 60,
    });
}

/** MiB that Neo4j may write at start besides two transaction logs: store files grow by 64. */
const START_MB = 128;

/**
 * Refuses to start without enough space, because Neo4j reports that only in its own logs, if at
 * all.
 *
 * @throws Problem `SETUP` with the space it needs
 */
export async function refuseStartWhenFull(
  { root, home }: Pick<Folders, 'root' | 'home'>,
  logFileMb: number,
): Promise<void> {
  const isNew = !(await exists(join(home, 'data', 'databases')));
  const needed = isNew ? 2 * logFileMb + START_MB : START_MB;
  const free = freeSpaceOf(root, needed).bytes() / MIB;
  if (free < needed)
    throw new Problem(
      'SETUP',
      `Neo4j needs ${needed} MB of free space in ${root} to start, but only ${Math.floor(free)} MB are free. Free some space, or set DATA_DIR to another disk.`,
    );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
