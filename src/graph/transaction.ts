import type { CypherStatement } from './cypher.js';
import type { Params } from './run-options.js';

/** Statements inside one write transaction. Errors are the driver's own here, so that transient ones are tried again. */
export interface GraphTransaction {
  /** All rows. */
  run<R extends object>(statement: CypherStatement<R>, params?: Params): Promise<R[]>;
  /**
   * Sends the statement and returns at once; statements started one after the other are pipelined and run in that order.
   * Await what was started before the work ends; a rejection nobody awaits is not reported as unhandled, the commit fails instead.
   */
  start<R extends object>(statement: CypherStatement<R>, params?: Params): Promise<R[]>;
}
