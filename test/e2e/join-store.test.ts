/** Commands that use the store of a service which is starting or stopping. In place of Neo4j runs a script. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readConfig } from '../../src/config.js';
import { takeLock } from '../../src/neo4j-child/folder-lock.js';
import { foldersOf } from '../../src/neo4j-child/folders.js';
import { openStore } from '../../src/neo4j-child/open-store.js';
import { silentLogger } from '../../src/shared/logger.js';
import { fakeJava } from '../support/fake-java.js';

test('a command waits for a service that is stopping, says so, and then starts its own Neo4j', async () => {
  const java = await fakeJava('echo Mine; exit 3');
  const { root, lock } = foldersOf(java.DATA_DIR);
  await mkdir(root, { recursive: true });
  const held = await takeLock(lock);
  if ('heldBy' in held) throw new Error('held');
  const told: string[] = [];

  const opened = openStore(readConfig({ ...java }), {
    log: silentLogger,
    joinRunning: true,
    onProgress: (line) => {
      told.push(line);
      void held.release();
    },
  });

  // The script ends at once, so what fails is the start of the own one.
  await expect(opened).rejects.toThrow(/^Neo4j did not start: it ended .* said last: "Mine"/);
  expect(told).toEqual([
    `Process ${process.pid} uses DATA_DIR=${java.DATA_DIR} and is starting or stopping. Waiting for it.`,
  ]);
  await rm(dirname(java.DATA_DIR), { recursive: true, force: true });
});
