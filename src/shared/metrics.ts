/** What the core reports of itself; `src/server/metrics.http.ts` turns it into Prometheus text. */
export interface Metrics {
  /** Events of a capture, by what became of them. */
  captured(outcome: 'captured' | 'repeated' | 'refused', events: number): void;
  /** One transaction of the writer, from its begin to its commit. */
  wrote(batch: { readonly ms: number; readonly events: number }): void;
  /** Where to read the writer's queue: waiting events, asked at each scrape. */
  queueDepth(read: () => number): void;
  /** One GraphQL operation, by its first root field. */
  operation(run: OperationRun): void;
  /** One document sent to a subscriber of an EPCIS query, or that could not be, with its events. */
  delivered(outcome: 'ok' | 'failed', events: number): void;
}

/** One GraphQL operation that ended. */
export interface OperationRun {
  /** E.g. `query recallScope`; fields of the schema only, so the label stays bounded. */
  readonly name: string;
  readonly ms: number;
  readonly ok: boolean;
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  captured: () => undefined,
  wrote: () => undefined,
  queueDepth: () => undefined,
  operation: () => undefined,
  delivered: () => undefined,
};
