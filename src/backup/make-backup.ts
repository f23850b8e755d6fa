import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appliedMigrations } from '../graph/migrate.js';
import { findPrograms, withFolder } from '../neo4j-child/embedded-neo4j.js';
import type { EmbeddedNeo4jOptions } from '../neo4j-child/embedded-neo4j.js';
import { dumpDatabase } from '../neo4j-child/neo4j-dump.js';
import type { OnPercent } from '../neo4j-child/neo4j-dump.js';
import { Problem } from '../shared/problem.js';
import type { BackupFacts } from './backup-file.js';
import { refuseTarget, writeBackup } from './backup-file.js';
import { readContents } from './backup.store.js';
import { withGraph } from './with-graph.js';

/** What a backup needs besides the file. */
export interface BackupDeps {
  readonly neo4j: EmbeddedNeo4jOptions;
  /** Epoch ms. */
  readonly now: () => number;
  readonly program: string;
  readonly onPercent: OnPercent;
}

/**
 * Writes all of the store in a folder to one file, while nobody uses it.
 *
 * The store is started and stopped first, so that what a killed service left in its transaction logs is in the backup too.
 *
 * @throws Problem `CONFLICT` when the file exists or a process uses the folder; `SETUP` when there is no store, or Neo4j cannot dump it
 */
export async function makeBackup(path: string, deps: BackupDeps): Promise<BackupFacts> {
  const { neo4j, now, program, onPercent } = deps;
  await refuseTarget(path);
  const remedy =
    'A backup is made while nothing else uses the store: stop that process, make the backup, and start it again.';
  return withFolder(neo4j, remedy, async (folders) => {
    const data = join(folders.home, 'data');
    await refuseNoStore(join(data, 'databases', 'neo4j'), neo4j.dataDir);
    const { events, position, migrations } = await withGraph(neo4j, folders, async (graph) => ({
      ...(await readContents(graph)),
      migrations: await appliedMigrations(graph),
    }));
    const createdAt = new Date(now()).toISOString();
    const storeBytes = await sizeOf(data);
    const facts = { program, createdAt, migrations, events, position, storeBytes };
    const programs = await findPrograms(neo4j, folders);
    await writeBackup(path, facts, dumpDatabase({ programs, folders }, onPercent));
    return facts;
  });
}

async function refuseNoStore(database: string, dataDir: string): Promise<void> {
  await access(database).catch((cause: unknown) => {
    throw new Problem(
      'SETUP',
      `There is no store in DATA_DIR=${dataDir}, so there is nothing to back up. Set DATA_DIR to the folder of the service.`,
      { cause },
    );
  });
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
