/** Run as a process of its own by tests that kill it: `hold-neo4j.ts <data folder> <folder of the jars>`. */
import { startEmbeddedNeo4j } from '../../src/neo4j-child/embedded-neo4j.js';
import { silentLogger } from '../../src/shared/logger.js';

const [dataDir = '', libRoot = ''] = process.argv.slice(2);
try {
  const { uri, user, password, pid } = await startEmbeddedNeo4j({
    dataDir,
    libRoot,
    log: silentLogger,
    heapMb: 512,
    pageCacheMb: 64,
    logFileMb: 8,
  });
  process.stdout.write(`${JSON.stringify({ uri, user, password, pid })}\n`);
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ refused: (error as Error).message })}\n`);
  process.exitCode = 1;
}
