import { fileURLToPath } from 'node:url';
import { startApp } from './app.js';
import { loadScenarios } from './capture/index.js';
import type { CaptureDeps } from './capture/index.js';
import { countEvents, resumeRebuild } from './rebuild/index.js';
import type { Config } from './config.js';
import { openStore } from './neo4j-child/open-store.js';
import { systemClock } from './shared/clock.js';
import type { Logger } from './shared/logger.js';

/** A running service with its store. */
export interface Service {
  readonly url: string;
  /** Address of the Neo4j, without credentials. */
  readonly neo4j: string;
  /** Resolves with the reason when the Neo4j this process started is gone for good. */
  readonly storeGone: Promise<string>;
  /** Finishes what was accepted, then ends the service and the Neo4j it started. */
  stop(): Promise<void>;
}

const scenarios = fileURLToPath(new URL('../seeds/scenarios', import.meta.url));

/** Opens the store, finishes an interrupted rebuild, loads the demo into an empty store, and then listens. */
export async function startService(
  config: Config,
  { logger, onProgress }: { readonly logger: Logger; readonly onProgress: (line: string) => void },
): Promise<Service> {
  const store = await openStore(config, { log: logger, onProgress });
  const { graph, migrations, condition } = store;
  const close = store.close.bind(store);
  const storeGone = store.embedded?.gone ?? new Promise<never>(() => undefined);
  try {
    const resumed = await resumeRebuild(graph, (done, total) => {
      onProgress(`Going on with an interrupted rebuild: ${done} of ${total} events.`);
    });
    if (resumed) onProgress('The rebuild is complete.');
    const prepare = async (capture: CaptureDeps): Promise<void> => {
      if (!config.DEMO || (await countEvents(graph)) > 0) return;
      const loaded = await loadScenarios(capture, scenarios);
      onProgress(`Demo: ${loaded.events} events of ${loaded.scenarios} scenarios.`);
    };
    const app = await startApp({
      ...{ config, graph, migrations, condition, logger, prepare },
      keepsPlans: config.PREPARE_PLANS,
      clock: systemClock,
    });
    const stop = async (): Promise<void> => {
      await app.stop();
      await close();
    };
    return { url: app.url, neo4j: store.uri, storeGone, stop };
  } catch (error) {
    await close();
    throw error;
  }
}
