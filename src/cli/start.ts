import { Command } from 'commander';
import { isStartedByNpm, misspelt, readConfig } from '../config.js';
import type { Service } from '../service.js';
import { createLogger } from '../shared/logger.js';
import { note, say } from './terminal.js';

/** `custody-graph start`: runs the service, with its Neo4j and the demo, until it is stopped. */
export function startCommand(): Command {
  return new Command('start')
    .description('start the service, and its Neo4j unless NEO4J_URI names one')
    .action(async () => {
      // Read first, because npm may end while the service still starts.
      const parent = process.ppid;
      for (const line of misspelt()) note(line);
      const config = readConfig();
      const logger = createLogger(config.LOG_LEVEL);
      const { startService } = await import('../service.js');
      const starting = new AbortController();
      const service = startService(config, { logger, onProgress: note, signal: starting.signal });
      let stopping = false;
      const end = (code: number): void => {
        stopping = true;
        // Even if something hangs, all that this process started ends with it.
        setTimeout(() => {
          note(
            `Not everything could be finished within SHUTDOWN_TIMEOUT_MS=${config.SHUTDOWN_TIMEOUT_MS}.`,
          );
          process.exit(1);
        }, config.SHUTDOWN_TIMEOUT_MS);
        starting.abort();
        stopOf(service).then(
          () => process.exit(code),
          (error: unknown) => {
            logger.error({ err: error }, 'could not stop cleanly');
            process.exit(1);
          },
        );
      };
      const stop = (signal: NodeJS.Signals): void => {
        if (stopping) {
          note(`Already stopping; the service ends within ${config.SHUTDOWN_TIMEOUT_MS} ms.`);
          return;
        }
        note(`${signal}: finishing accepted requests, then stopping.`);
        end(0);
      };
      process.on('SIGTERM', stop);
      process.on('SIGINT', stop);
      if (isStartedByNpm())
        onParentGone(parent, () => {
          stop('SIGTERM');
        });
      const started = await service.catch((error: unknown) => {
        // Who stops a start knows why it failed. The end of the process is on its way.
        if (stopping) return new Promise<never>(() => undefined);
        throw error;
      });
      void started.storeGone.then((reason) => {
        if (stopping) return;
        note(
          `Neo4j is gone for good (${reason}); its logs are in ${config.DATA_DIR}/neo4j/home/logs. Stopping.`,
        );
        end(1);
      });
      say(welcome(started, config.DEMO));
    });
}

/** Stops the service; one that did not come to start has stopped by itself. */
async function stopOf(service: Promise<Service>): Promise<void> {
  const started = await service.catch(() => undefined);
  await started?.stop();
}

/** A signal to npm only ends the shell between npm and us, so the shell's end is our signal. */
function onParentGone(parent: number, stop: () => void): void {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 250);
  watch.unref();
}

function welcome({ url, neo4j, open }: Service, demo: boolean): string {
  return `
Custody Graph is ready.
  Playground and GraphQL  ${url}/graphql
  Portal of partners      ${url}/portal
  Subscriptions           ${url.replace('http', 'ws')}/graphql  (graphql-transport-ws)
  EPCIS 2.0 capture       ${url}/epcis/capture
  Health and metrics      ${url}/health/ready  ${url}/metrics
  Neo4j                   ${neo4j}

${demo ? questionsOfDemo(url, open) : firstSteps(url)}`;
}

function questionsOfDemo(url: string, open: boolean): string {
  const key = open ? '' : ` -H "authorization: Bearer $KEY"`;
  return `Three things to try:
  1. Open ${url}/graphql in a browser: the tabs hold queries about the demo data.
  2. Where is one pack?
     curl -s ${url}/graphql${key} -H 'content-type: application/json' -d '{"query":"{ locate(id: \\"(01)09506000134352(21)U0001\\") { state site { name } status } }"}'
  3. What does a recall of lot A2611 reach?
     curl -s ${url}/graphql${key} -H 'content-type: application/json' -d '{"query":"{ recallScope(input: {lots: [{gtin: \\"09506000134352\\", lot: \\"A2611\\"}]}) { totals { units containers } rows { state site { name } status units } } }"}'
`;
}

/** For a store without the demo, whose packs nobody could find there. */
function firstSteps(url: string): string {
  return `Two things to try:
  1. Open ${url}/graphql in a browser: the tab Capture sends a first pack, and the other tabs find it.
  2. Send a file of your own to ${url}/epcis/capture, as docs/tutorial.md shows.
`;
}
