import { readConfig } from '../config.js';
import type { Config } from '../config.js';
import type { Store } from '../neo4j-child/open-store.js';
import { createLogger } from '../shared/logger.js';
import type { Logger } from '../shared/logger.js';
import { note } from './terminal.js';

/** What a command works with. */
export interface CommandContext {
  readonly config: Config;
  readonly log: Logger;
  readonly store: Store;
}

/**
 * Runs a command that ends, on the store the settings name; with a service running in the same `DATA_DIR`, on its Neo4j.
 * Logs warnings only, as the command speaks for itself; `LOG_LEVEL` below `info` is heard.
 */
export async function withStore<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  const config = readConfig();
  const { openStore } = await import('../neo4j-child/open-store.js');
  const log = createLogger(config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL);
  const store = await openStore(config, { log, onProgress: note, joinRunning: true });
  try {
    return await work({ config, log, store });
  } finally {
    await store.close();
  }
}
