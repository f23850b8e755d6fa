import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../shared/problem.js';
import type { Folders } from './folders.js';

const run = promisify(execFile);

/**
 * The password of this folder's Neo4j. It is generated and set before the first start; only its
 * owner can read the file.
 *
 * @throws Problem `SETUP` when the store has a password, but its file is missing
 */
export async function ensurePassword(
  java: string,
  folders: Folders,
  classPath: string,
): Promise<string> {
  const known = await readFile(folders.password, 'utf8').then(
    (text) => (text.trim() === '' ? undefined : text),
    () => undefined,
  );
  const hasStore = await access(join(folders.home, 'data', 'dbms', 'auth.ini')).then(
    () => true,
    () => false,
  );
  if (known !== undefined && hasStore) return known;
  if (
    await access(join(folders.home, 'data', 'databases')).then(
      () => true,
      () => false,
    )
  )
    throw new Problem(
      'SETUP',
      `${folders.password} is missing, but the store in ${folders.home} has a password. Restore the file, or move the folder away to start again.`,
    );
  // A known one is kept, because the store that a restore makes is to have that of the store before.
  // Hex has no dash: a password that begins with one would be taken for an option.
  const password = known?.trim() ?? randomBytes(24).toString('hex');
  await writeFile(folders.password, `${password}\n`, { mode: 0o600 });
  await chmod(folders.password, 0o600);
  // `@file` keeps the password out of the process list.
  await run(
    java,
    [
      '-XX:TieredStopAtLevel=1',
      `@${classPath}`,
      'org.neo4j.cli.AdminTool',
      'dbms',
      'set-initial-password',
      `@${folders.password}`,
    ],
    // eslint-disable-next-line no-restricted-properties -- handed on, nothing is read
    { env: { ...process.env, NEO4J_HOME: folders.home, NEO4J_CONF: folders.conf } },
  );
  return password;
}
