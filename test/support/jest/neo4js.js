/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { tsImport } from 'tsx/esm/api';

/** @type {(path: string) => Promise<unknown>} */
const load = (path) => tsImport(path, import.meta.url);

/**
 * Starts so many Neo4j, each in an empty folder below `.data/test/<pid>/`; runs at the same time do not meet.
 *
 * @param {string} data
 * @param {number} count
 */
export async function startNeo4js(data, count) {
  const tests = join(data, 'test');
  await removeDeadRuns(tests);
  const own = join(tests, String(process.pid));
  const libRoot = join(data, 'neo4j');
  const { startEmbeddedNeo4j } =
    /** @type {typeof import('../../../src/neo4j-child/embedded-neo4j.js')} */ (
      await load('../../../src/neo4j-child/embedded-neo4j.ts')
    );
  const { resolveNeo4j } =
    /** @type {typeof import('../../../src/neo4j-child/resolve-neo4j.js')} */ (
      await load('../../../src/neo4j-child/resolve-neo4j.ts')
    );
  const { silentLogger } = /** @type {typeof import('../../../src/shared/logger.js')} */ (
    await load('../../../src/shared/logger.ts')
  );
  // For all of the run: JVMs that live for minutes spend more on compiling their best code than it saves. With C1 alone a JVM keeps 48 MB
  // of compiled code, which some hundred plans fill: it then throws out what it needs again, and looks for what to throw out all the time.
  // eslint-disable-next-line no-restricted-properties -- JVMs are told through the environment
  process.env['JDK_JAVA_OPTIONS'] ??= '-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m';
  // Fetched before they start: two at once would fetch into one folder.
  await resolveNeo4j(libRoot, (line) => process.stderr.write(`${line}\n`));
  const started = await Promise.all(
    Array.from({ length: count }, (_, lane) =>
      startEmbeddedNeo4j({
        dataDir: join(own, String(lane + 1)),
        libRoot,
        log: silentLogger,
        heapMb: 512,
        pageCacheMb: 128,
        logFileMb: 32,
        // A graph that is emptied and filled again would have all its statements planned again, by default after ten seconds.
        settings: { 'dbms.cypher.min_replan_interval': '1h' },
      }),
    ),
  );
  return {
    access: started.map(({ uri, user, password }) => ({ uri, user, password })),
    stop: async () => {
      // One after the other: the first that ends leaves an archive of classes, and they would write one file.
      for (const neo4j of started) await neo4j.stop();
      await rm(own, { recursive: true, force: true });
    },
  };
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
