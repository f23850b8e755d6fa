import { fileURLToPath } from 'node:url';
import type { App } from './app.js';
import { loadScenarios } from './capture/index.js';
import type { CaptureDeps } from './capture/index.js';
import { admitDemoPartners, countEvents, resumeRebuild } from './rebuild/index.js';
import type { Config } from './config.js';
import { openStore } from './neo4j-child/open-store.js';
import type { Store } from './neo4j-child/open-store.js';
import { listen } from './server/listener.js';
import type { Listener } from './server/listener.js';
import { StartSteps } from './server/start-steps.js';
import { systemClock } from './shared/clock.js';
import type { Logger } from './shared/logger.js';

/** A running service with its store. */
export interface Service {
  readonly url: string;
  /** Nobody has to say who he is. */
  readonly open: boolean;
  /** Address of the Neo4j, without credentials. */
  readonly neo4j: string;
  /** Resolves with the reason when the Neo4j this process started is gone for good. */
  readonly storeGone: Promise<string>;
  /** Finishes what was accepted, then ends the service and the Neo4j it started. */
  stop(): Promise<void>;
}

/** How a service is started. */
export interface StartOptions {
  readonly logger: Logger;
  /** Receives progress for the waiting user, line by line. */
  readonly onProgress: (line: string) => void;
  /** Ends the start, as far as it got. */
  readonly signal?: AbortSignal;
}

const scenarios = fileURLToPath(new URL('../seeds/scenarios', import.meta.url));
const partners = fileURLToPath(new URL('../seeds/partners.json', import.meta.url));

/**
 * Listens, and says that it starts, while it opens the store, finishes an interrupted rebuild and loads the demo into an empty store.
 * Only then a question is answered.
 *
 * @throws Problem `SETUP` or `CONFLICT` with a message for the user; the reason of the signal
 */
export async function startService(config: Config, options: StartOptions): Promise<Service> {
  const { logger, onProgress, signal } = options;
  const steps = new StartSteps(onProgress);
  let listener: Listener | undefined;
  let store: Store | undefined;
  try {
    listener = await listen(config, { logger, waitsFor: () => steps.current });
    store = await openStore(config, {
      ...{ log: logger, onProgress },
      onStep: steps.begin.bind(steps),
      ...(signal === undefined ? {} : { signal }),
    });
    const app = await prepareApp(config, options, { steps, listener, store });
    return serviceOf(app, store);
  } catch (error) {
    await listener?.close();
    await store?.close();
    throw error;
  } finally {
    steps.end();
  }
}

interface Parts {
  readonly steps: StartSteps;
  readonly listener: Listener;
  readonly store: Store;
}

async function prepareApp(
  config: Config,
  { logger, onProgress, signal }: StartOptions,
  { steps, listener, store: { graph, migrations, condition } }: Parts,
): Promise<App> {
  let rebuilt = 'looking for one that was interrupted';
  steps.begin('rebuild', () => rebuilt);
  const resumed = await resumeRebuild(graph, (done, total) => {
    signal?.throwIfAborted();
    rebuilt = `${done} of ${total} events`;
  });
  if (resumed) onProgress('The rebuild that was interrupted is complete.');
  const prepare = async (capture: CaptureDeps): Promise<void> => {
    steps.begin('demo');
    if (config.DEMO && (await countEvents(graph)) === 0) {
      const loaded = await loadScenarios(capture, scenarios);
      const admitted = await admitDemoPartners(graph, partners);
      const names = admitted.map(({ name }) => name).join(', ');
      onProgress(
        `Demo: ${loaded.events} events of ${loaded.scenarios} scenarios; ${names} take part.`,
      );
    }
    signal?.throwIfAborted();
    steps.begin('due');
  };
  // Loaded late, as it takes a second in which nothing else is answered.
  const { startApp } = await import('./app.js');
  return startApp({
    ...{ config, listener, graph, migrations, condition, logger, prepare },
    keepsPlans: config.PREPARE_PLANS,
    onFirstKey: (secret) => {
      onProgress(firstKey(secret));
    },
    clock: systemClock,
  });
}

function firstKey(secret: string): string {
  return `
  The key of the administrator, for 24 hours. It is shown only now:
    ${secret}
  Make other keys with it (mutation createKey), or with "custody-graph keys create".
`;
}

function serviceOf(app: App, store: Store): Service {
  return {
    url: app.url,
    open: app.open,
    neo4j: store.uri,
    storeGone: store.embedded?.gone ?? new Promise<never>(() => undefined),
    stop: async () => {
      await app.stop();
      await store.close();
    },
  };
}
