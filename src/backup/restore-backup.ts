import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, readMigrations } from '../graph/migrate.js';
import type { Migration } from '../graph/migrate.js';
import { findPrograms, withFolder } from '../neo4j-child/embedded-neo4j.js';
import type { EmbeddedNeo4jOptions } from '../neo4j-child/embedded-neo4j.js';
import type { Folders } from '../neo4j-child/folders.js';
import { freeSpaceOf } from '../neo4j-child/free-space.js';
import { ensurePassword } from '../neo4j-child/initial-password.js';
import { loadDatabase } from '../neo4j-child/neo4j-dump.js';
import type { OnPercent } from '../neo4j-child/neo4j-dump.js';
import { takeRestored } from '../neo4j-child/restored-home.js';
import { Problem } from '../shared/problem.js';
import type { Backup, BackupFacts } from './backup-file.js';
import { openBackup } from './backup-file.js';
import { markRestored, readContents } from './backup.store.js';
import { withGraph } from './with-graph.js';

/** What a restore needs besides the file. */
export interface RestoreDeps {
  readonly neo4j: EmbeddedNeo4jOptions;
  /** Put it in the place of a store that is there. */
  readonly replace: boolean;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onPercent: OnPercent;
}

/** What a restore did. */
export interface Restored {
  readonly facts: BackupFacts;
  /** Migrations that the backup did not have yet. */
  readonly applied: readonly string[];
  /** Pools of serial numbers, which go on where they were at the backup. */
  readonly serialPools: number;
}

const migrationsFolder = fileURLToPath(new URL('../../schema/migrations', import.meta.url));

/**
 * Puts the store of a backup into a folder. It is loaded, migrated and checked beside the present store, and takes its place in the last
 * step. Whatever goes wrong before, even a kill, leaves the present store as it was.
 *
 * @throws Problem `BAD_USER_INPUT` for a file that is no whole backup or of a newer schema, `CONFLICT` when a store is there and `replace`
 *   is false, or a process uses the folder; `SETUP` when there is no space, or Neo4j cannot load it
 */
export async function restoreBackup(path: string, deps: RestoreDeps): Promise<Restored> {
  const { neo4j, replace } = deps;
  const backup = await openBackup(path);
  const migrations = await readMigrations(migrationsFolder);
  refuseNewer(path, backup.facts, migrations);
  const remedy =
    'A backup is restored while nothing else uses the store: stop that process, restore, and start it again.';
  return withFolder(neo4j, remedy, async (folders) => {
    if (!replace) await refuseStore(folders, neo4j.dataDir);
    refuseWithoutSpace(folders, backup.facts.storeBytes);
    const restored = await restoreBeside(backup, { folders, migrations, ...deps });
    await takeRestored(folders);
    return restored;
  });
}

interface Place extends RestoreDeps {
  readonly folders: Folders;
  readonly migrations: readonly Migration[];
}

async function restoreBeside(
  { facts, dump }: Backup,
  { neo4j, folders, migrations, now, onPercent }: Place,
): Promise<Restored> {
  const beside = { ...folders, home: folders.restoring };
  await mkdir(beside.home, { recursive: true, mode: 0o700 });
  const programs = await findPrograms(neo4j, beside);
  await ensurePassword(programs.java.path, beside, programs.classPath);
  await loadDatabase({ programs, folders: beside }, dump(), onPercent);
  return withGraph(neo4j, beside, async (graph) => {
    const { applied } = await migrate(graph, migrations);
    const { events, position, serialPools } = await readContents(graph);
    if (events !== facts.events || position !== facts.position)
      throw new Problem(
        'SETUP',
        `The restored store has ${events} events up to position ${position} of the log, but the backup says ${facts.events} up to ${facts.position}. Nothing was changed. Use another copy.`,
      );
    await markRestored(graph, now());
    return { facts, applied, serialPools };
  });
}

function refuseNewer(
  path: string,
  { migrations: has }: BackupFacts,
  known: readonly Migration[],
): void {
  const unknown = has.find((id) => !known.some((migration) => migration.id === id));
  if (unknown === undefined) return;
  throw new Problem(
    'BAD_USER_INPUT',
    `${path} has migration ${unknown}, which this version does not know: it was made by a newer version. Nothing was changed. Restore it with that one.`,
  );
}

async function refuseStore({ home }: Folders, dataDir: string): Promise<void> {
  const isThere = await access(join(home, 'data', 'databases')).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new Problem(
      'CONFLICT',
      `There is a store in DATA_DIR=${dataDir} already. Nothing was changed. Use --replace to put the backup in its place, which removes it; or set DATA_DIR to another folder.`,
    );
}

/** Beside the store itself, Neo4j reserves transaction logs. */
const START_MIB = 512;
const MIB = 2 ** 20;

function refuseWithoutSpace({ root }: Folders, storeBytes: number): void {
  const needed = Math.ceil(storeBytes / MIB) + START_MIB;
  const free = Math.floor(freeSpaceOf(root, needed).bytes() / MIB);
  if (free < needed)
    throw new Problem(
      'SETUP',
      `The restore needs ${needed} MB of free space in ${root}, but only ${free} MB are free. Nothing was changed. Free some space.`,
    );
}
