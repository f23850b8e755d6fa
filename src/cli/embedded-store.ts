import { misspelt, readConfig } from '../config.js';
import type { EmbeddedNeo4jOptions } from '../neo4j-child/embedded-neo4j.js';
import { embeddedOptions } from '../neo4j-child/open-store.js';
import { createLogger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { note } from './terminal.js';

/**
 * How to reach the embedded store, for commands that work on its files.
 *
 * @throws Problem `SETUP` when NEO4J_URI is set, with the commands of that Neo4j
 */
export function embeddedStore(what: 'backup' | 'restore'): EmbeddedNeo4jOptions {
  for (const line of misspelt()) note(line);
  const config = readConfig();
  if (config.NEO4J_URI !== undefined)
    throw new Problem(
      'SETUP',
      `NEO4J_URI is set, and "custody-graph ${what}" is only for the store in DATA_DIR. ${OWN[what]} See the Neo4j operations manual, "Backup and restore".`,
    );
  const log = createLogger(config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL);
  return embeddedOptions(config, { log, onProgress: note });
}

const OWN = {
  backup:
    'For that Neo4j, use "neo4j-admin database dump" while it is stopped (Community), "neo4j-admin database backup" while it runs (Enterprise), or a snapshot (Aura).',
  restore:
    'For that Neo4j, stop the service and use "neo4j-admin database load" (Community), "neo4j-admin database restore" (Enterprise), or restore a snapshot (Aura); then run "custody-graph verify".',
} as const;
