import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const [OTHERS, STICKY] = [0o077, 0o1000];

/** Creates both folders; removes all rights of others from them and all below the inner one. */
export async function makePrivate(outer: string, inner: string): Promise<void> {
  await mkdir(inner, { recursive: true, mode: 0o700 });
  const folder = resolve(outer);
  const { mode } = await lstat(folder);
  // A shared folder like /tmp must stay open, and a folder of another user cannot be closed.
  if ((mode & STICKY) === 0) await closeToOthers(folder, mode).catch(() => undefined);
  await closeTree(inner);
}

async function closeTree(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  // The file may be gone meanwhile; the target of a link is not ours.
  if (found === undefined || found.isSymbolicLink()) return;
  await closeToOthers(path, found.mode);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await closeTree(join(path, name));
}

async function closeToOthers(path: string, mode: number): Promise<void> {
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) await chmod(path, mode & 0o7700);
}
