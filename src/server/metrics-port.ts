import type { Registry } from 'prom-client';
import type { Config } from '../config.js';
import type { Logger } from '../shared/logger.js';
import { listen } from './listener.js';
import type { Listener } from './listener.js';
import { makeFastify } from './make-fastify.js';
import { registerMetrics } from './metrics.http.js';

/**
 * Serves `GET /metrics`, and nothing else, to everybody who reaches METRICS_PORT; nowhere when it is not set.
 *
 * @throws Problem `SETUP` when the port is not to be had
 */
export async function serveMetrics(
  config: Config,
  { registry, logger }: { readonly registry: Registry; readonly logger: Logger },
): Promise<Listener | undefined> {
  if (config.METRICS_PORT === undefined) return undefined;
  const place = { ...config, PORT: config.METRICS_PORT };
  const listener = await listen(place, {
    ...{ logger, setting: 'METRICS_PORT' },
    waitsFor: () => 'the metrics',
  });
  const http = makeFastify({ logger, callers: listener.callers, bodyLimitBytes: 1 });
  registerMetrics(http, registry);
  await http.ready();
  listener.handOver((request, response) => {
    http.routing(request, response);
  });
  return listener;
}
