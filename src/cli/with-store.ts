import { misspelt, readConfig } from '../config.js';
import type { Config } from '../config.js';
import type { Store } from '../neo4j-child/open-store.js';
import { createLogger } from '../shared/logger.js';
import type { Logger } from '../shared/logger.js';
import { Problem, isProblem } from '../shared/problem.js';
import { note } from './terminal.js';

/** What a command needs. */
export interface CommandContext {
  readonly config: Config;
  readonly log: Logger;
  readonly store: Store;
}

/**
 * Runs a command on the configured store. If a service runs in the same `DATA_DIR`, its Neo4j is
 * used. The default level logs only warnings, because the command itself prints its results.
 */
export async function withStore<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  for (const line of misspelt()) note(line);
  const config = readConfig();
  const { openStore } = await import('../neo4j-child/open-store.js');
  const log = createLogger(config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL);
  const store = await openStore(config, { log, onProgress: note, joinRunning: true });
  try {
    return await work({ config, log, store });
  } catch (error) {
    // Its service may have been stopped meanwhile, and the Neo4j with it.
    if (isProblem(error) && store.joined && !(await store.graph.ready()))
      throw new Problem(
        'SERVICE_UNAVAILABLE',
        `The service whose Neo4j was used has ended (DATA_DIR=${config.DATA_DIR}). Run the command again: it starts Neo4j itself.`,
        { cause: error },
      );
    throw error;
  } finally {
    await store.close();
  }
}
