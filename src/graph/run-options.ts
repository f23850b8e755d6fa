/** Parameters of a statement. Integers are {@link int}. `undefined` and `Date` are not allowed. */
export type Params = Readonly<Record<string, unknown>>;

/** How one read runs. */
export interface ReadOptions {
  /** The statement is stopped after this many ms, whether Neo4j answers or not. The default comes from opening the graph. */
  readonly timeoutMs?: number;
  /** Aborting interrupts the statement at once and rejects with a Problem `CANCELLED`. */
  readonly signal?: AbortSignal;
  /** Called with the approximate size of each row as it comes. When it throws, the statement stops. */
  readonly onBytes?: (bytes: number) => void;
  /** Default `read`. */
  readonly pool?: Pool;
}

/**
 * Connections of one kind of work, so that no kind waits for another: `read` for all questions, `write` for writes on request,
 * `writer` for the one writer of the log, for waiting behind it and for asking the leader, `health` for health checks. A health check
 * asks a cluster without a bookmark, because a member that lags is healthy.
 */
export type Pool = 'read' | 'write' | 'writer' | 'health';

/** How one unit of work runs. */
export interface WriteOptions {
  /** The work is rolled back after this many ms, or given up when Neo4j does not answer. The default comes from opening the graph. */
  readonly timeoutMs?: number;
  /** A factor for the default time limit. */
  readonly times?: number;
  /** Default `write`. */
  readonly pool?: Pool;
  /** Allows a few bytes that must be written although the disk is full: leases, deletions. */
  readonly evenIfFull?: boolean;
}
