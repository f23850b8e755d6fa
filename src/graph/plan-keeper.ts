import type { Logger } from '../shared/logger.js';
import { allStatements } from './cypher.js';
import type { CypherStatement } from './cypher.js';
import type { Graph } from './graph.js';

/** What a keeper of plans needs. */
export interface PlanKeeperOptions {
  readonly graph: Pick<Graph, 'plan' | 'keepPlans' | 'read'>;
  /** Where the log stands: while nothing is recorded, no plan is outdated. */
  readonly position: () => number;
  readonly logger: Logger;
  /** How long after one look the next begins, ms; default 30,000. */
  readonly everyMs?: number;
}

/** A reading statement is run once, with nothing to find; one that counts everything is stopped after this. */
const FIRST_RUN = { timeoutMs: 1000 };
const RETRY_MS = 1000;

/**
 * Has the plans of all statements made before somebody asks, and made anew when the store has outgrown them.
 *
 * A plan takes up to two seconds. Left to itself, Neo4j looks when a statement is run whether what it counted for its plan has changed
 * to four times as much, and whoever runs it waits for the new plan. Here the keeper does: once all plans are made, requests run with the plan that is there.
 */
export class PlanKeeper {
  #hasAll = false;
  #position = -1;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(private readonly options: PlanKeeperOptions) {}

  /** Begins with all plans, and keeps looking. */
  start(): void {
    this.#running = this.#look();
  }

  /** `plans` while the first ones are being made. */
  waitsFor(): string | null {
    return this.#hasAll ? null : 'plans';
  }

  /** Looks no more; resolves when the statement that is being planned is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    const position = this.options.position();
    let waitMs = this.options.everyMs ?? 30_000;
    try {
      if (position !== this.#position) await this.#planAll();
      this.#position = position;
    } catch (error) {
      this.options.logger.warn({ err: error }, 'plans could not be made; tried again');
      waitMs = Math.min(waitMs, RETRY_MS);
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look();
    }, waitMs);
    this.#timer.unref();
  }

  async #planAll(): Promise<void> {
    for (const statement of allStatements().filter(isKept)) {
      if (this.#isStopped) return;
      const { onlyReads } = await this.options.graph.plan(statement);
      if (onlyReads && !this.#hasAll) await this.#runOnce(statement);
    }
    this.#hasAll = true;
    this.options.graph.keepPlans();
  }

  /** Planning leaves some of the work for the first run: half a second was seen. What fails because a parameter is null has done that too. */
  async #runOnce(statement: CypherStatement<object>): Promise<void> {
    const nothing = Object.fromEntries([...statement.wants].map((name) => [name, null]));
    await this.options.graph.read(statement, nothing, FIRST_RUN).catch(() => undefined);
  }
}

function isKept({ options }: CypherStatement<object>): boolean {
  return options.mayScan === undefined;
}
