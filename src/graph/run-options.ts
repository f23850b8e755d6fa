/** Parameters of a statement: integers as {@link int}, never `undefined`, never a `Date`. */
export type Params = Readonly<Record<string, unknown>>;

/** How one read runs. */
export interface ReadOptions {
  /** The statement is stopped after this many ms, whether Neo4j answers or not; default as the graph was opened. */
  readonly timeoutMs?: number;
  /** Aborting interrupts the statement at once and rejects with a Problem `CANCELLED`. */
  readonly signal?: AbortSignal;
  /** Hears what each row weighs, about, as it comes; what it throws stops the statement. */
  readonly onBytes?: (bytes: number) => void;
  /** Default `read`. */
  readonly pool?: Pool;
}

/**
 * Connections of one kind of work, so that none waits for another kind: `read` for everybody's questions, `write` for what is written
 * on request, `writer` for the one writer of the log and for waiting behind it, `health` for being asked how it goes.
 */
export type Pool = 'read' | 'write' | 'writer' | 'health';

/** How one unit of work runs. */
export interface WriteOptions {
  /** It is rolled back after this many ms, or given up when Neo4j does not answer; default as the graph was opened. */
  readonly timeoutMs?: number;
  /** How many times as long as the default it may take. */
  readonly times?: number;
  /** Default `write`. */
  readonly pool?: Pool;
  /** A few bytes that must be written though there is no space for more: leases, deletions. */
  readonly evenIfFull?: boolean;
}
