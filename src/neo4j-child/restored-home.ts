import { access, rename, rm } from 'node:fs/promises';
import type { Folders } from './folders.js';

/**
 * Puts a restored home in the place of the home before, and removes what earlier restores left. Each step may be the last one before
 * the process is killed: then the next call goes on. So there is the old store or the new one, and never a part of one.
 */
export async function settleHome(folders: Folders): Promise<void> {
  const { home, restoring, restored, replaced } = folders;
  await rm(restoring, { recursive: true, force: true });
  if (await exists(restored)) {
    if (await exists(home)) {
      await rm(replaced, { recursive: true, force: true });
      await rename(home, replaced);
    }
    await rename(restored, home);
  }
  await rm(replaced, { recursive: true, force: true });
}

/** Declares the home that a restore made complete, and puts it in its place. */
export async function takeRestored(folders: Folders): Promise<void> {
  await rename(folders.restoring, folders.restored);
  await settleHome(folders);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
