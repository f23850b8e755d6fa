/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { tsImport } from 'tsx/esm/api';

/** @type {(path: string) => Promise<unknown>} */
const load = (path) => tsImport(path, import.meta.url);

/**
 * One Neo4j for the whole run, in an empty folder of its own under `.data/test/`; runs at the same time do not meet.
 * `NEO4J_TEST_URI`, `NEO4J_TEST_USER` and `NEO4J_TEST_PASSWORD` name another instead: its data will be deleted.
 * Jest calls this only when a test of a project that names it is run.
 *
 * @param {{ rootDir: string }} globalConfig
 */
async function setup({ rootDir }) {
  // eslint-disable-next-line no-restricted-properties -- jest's workers are told through the environment and nothing else
  const env = process.env;
  if (env['NEO4J_TEST_URI'] !== undefined) return;
  const tests = join(rootDir, '.data', 'test');
  await removeDeadRuns(tests);
  const own = join(tests, String(process.pid));
  const { startEmbeddedNeo4j } =
    /** @type {typeof import('../../../src/neo4j-child/embedded-neo4j.js')} */ (
      await load('../../../src/neo4j-child/embedded-neo4j.ts')
    );
  const { silentLogger } = /** @type {typeof import('../../../src/shared/logger.js')} */ (
    await load('../../../src/shared/logger.ts')
  );
  const neo4j = await startEmbeddedNeo4j({
    dataDir: own,
    libRoot: join(rootDir, '.data', 'neo4j'),
    log: silentLogger,
    onProgress: (line) => process.stderr.write(`${line}\n`),
    heapMb: 1024,
    pageCacheMb: 256,
    logFileMb: 32,
  });
  env['NEO4J_TEST_URI'] = neo4j.uri;
  env['NEO4J_TEST_USER'] = neo4j.user;
  env['NEO4J_TEST_PASSWORD'] = neo4j.password;
  Object.assign(globalThis, {
    stopNeo4jOfTests: async () => {
      await neo4j.stop();
      await rm(own, { recursive: true, force: true });
    },
  });
}

/**
 * A run that was killed leaves its folder; its Neo4j went with it.
 *
 * @param {string} tests
 */
async function removeDeadRuns(tests) {
  for (const name of await readdir(tests).catch(() => [])) {
    try {
      process.kill(Number(name), 0);
    } catch {
      await rm(join(tests, name), { recursive: true, force: true });
    }
  }
}

export { setup as default };
