import type { CypherStatement } from './cypher.js';
import type { Params } from './run-options.js';

/** Runs statements inside one write transaction. Errors are the driver's own here, so that transient ones are retried. */
export interface GraphTransaction {
  /** All rows. */
  run<R extends object>(statement: CypherStatement<R>, params?: Params): Promise<R[]>;
  /**
   * Sends the statement and returns at once. Statements are pipelined and run in the order they were started.
   * Await them before the work ends. A rejection that nobody awaits is not reported as unhandled; the commit fails instead.
   */
  start<R extends object>(statement: CypherStatement<R>, params?: Params): Promise<R[]>;
}
