import { Command } from 'commander';
import { notWired } from './not-wired.js';

/** `custody-graph start`: start the service, and its Neo4j unless NEO4J_URI names one. */
export function startCommand(): Command {
  return new Command('start')
    .description('start the service, and its Neo4j unless NEO4J_URI names one')
    .action(() => notWired('src/app.ts (readConfig, openStore, buildServer, signals)'));
}
