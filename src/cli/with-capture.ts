import { hostView } from '../access/view.js';
import type { CaptureDeps } from '../capture/index.js';
import { Writer } from '../capture/index.js';
import { retentionOf } from '../retention.js';
import { systemClock } from '../shared/clock.js';
import { noMetrics } from '../shared/metrics.js';
import type { CommandContext } from './with-store.js';
import { withStore } from './with-store.js';

/** What a command needs to capture. */
export interface CaptureContext extends CommandContext {
  readonly capture: CaptureDeps;
}

/** Runs a command that captures. A service on the same store sees its events within 100 ms. */
export function withCapture<T>(work: (context: CaptureContext) => Promise<T>): Promise<T> {
  return withStore(async (context) => {
    const { config, log, store } = context;
    const writer = new Writer({
      graph: store.graph,
      clock: systemClock,
      logger: log,
      metrics: noMetrics,
      queueLimitEvents: config.WRITER_QUEUE_EVENTS,
      retention: retentionOf(config),
      onCommit: () => undefined,
    });
    const limits = {
      maxEvents: config.MAX_EVENTS_PER_DOCUMENT,
      maxEpcsPerEvent: config.MAX_EPCS_PER_EVENT,
      maxDepth: config.MAX_NESTING,
      digitalLinkDomains: config.DIGITAL_LINK_DOMAINS,
    };
    try {
      return await work({
        ...context,
        capture: {
          ...{ writer, clock: systemClock, metrics: noMetrics, limits },
          view: hostView(store.graph),
          partnerBackdateDays: config.PARTNER_BACKDATE_DAYS,
        },
      });
    } finally {
      await writer.close();
    }
  });
}
