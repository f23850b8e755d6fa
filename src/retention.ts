import type { Retention } from './capture/index.js';
import type { Config } from './config.js';
import { DAY_MS } from './shared/ahead.js';

/** How much of the feeds is kept. */
export function retentionOf(
  config: Pick<Config, 'LOG_RETENTION_BATCHES' | 'FEED_RETENTION_DAYS'>,
): Retention {
  return {
    batches: config.LOG_RETENTION_BATCHES,
    toldMs: config.FEED_RETENTION_DAYS * DAY_MS,
  };
}
