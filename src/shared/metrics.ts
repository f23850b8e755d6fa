/** What the core reports about itself; `src/server/metrics.http.ts` makes Prometheus text of it. */
export interface Metrics {
  /** Events of a capture, by outcome. */
  captured(outcome: 'captured' | 'repeated' | 'refused', events: number): void;
  /** One transaction of the writer, from begin to commit. */
  wrote(batch: { readonly ms: number; readonly events: number }): void;
  /** Sets the reader of the writer's queue: the number of waiting events, read at each scrape. */
  queueDepth(read: () => number): void;
  /** One GraphQL operation, by its first root field. */
  operation(run: OperationRun): void;
  /** One document for a subscriber of an EPCIS query, delivered or not, with its events. */
  delivered(outcome: 'ok' | 'failed', events: number): void;
  /** One message for a webhook of the feed, taken or not. */
  sentToWebhook(outcome: 'ok' | 'failed'): void;
}

/** One GraphQL operation that ended. */
export interface OperationRun {
  /** E.g. `query recallScope`; fields of the schema only, so the label stays bounded. */
  readonly name: string;
  readonly ms: number;
  readonly ok: boolean;
}

/** Metrics that count nothing. */
export const noMetrics: Metrics = {
  captured: () => undefined,
  wrote: () => undefined,
  queueDepth: () => undefined,
  operation: () => undefined,
  delivered: () => undefined,
  sentToWebhook: () => undefined,
};
