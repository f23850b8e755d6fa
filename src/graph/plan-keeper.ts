import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import { isProblem } from '../shared/problem.js';
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
  #isFailing = false;
  #position = -1;
  readonly #loop: Loop;

  constructor(private readonly options: PlanKeeperOptions) {
    const everyMs = options.everyMs ?? 30_000;
    this.#loop = new Loop({
      step: () => this.#look(),
      waitMs: () => (this.#isFailing ? Math.min(everyMs, RETRY_MS) : everyMs),
      failed: (error) => {
        options.logger.warn({ err: error }, 'plans could not be made; trying again');
      },
    });
  }

  /** Begins with all plans, and keeps looking. */
  start(): void {
    this.#loop.nudge();
  }

  /** `plans` while the first ones are being made. */
  waitsFor(): string | null {
    return this.#hasAll ? null : 'plans';
  }

  /** Looks no more; resolves when the statement that is being planned is done. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #look(): Promise<false> {
    const position = this.options.position();
    this.#isFailing = true;
    if (position !== this.#position) await this.#planAll();
    this.#isFailing = false;
    this.#position = position;
    return false;
  }

  async #planAll(): Promise<void> {
    for (const statement of allStatements().filter(isKept)) {
      if (this.#loop.stopped) return;
      await this.#plan(statement);
    }
    this.#hasAll = true;
    this.options.graph.keepPlans();
  }

  /** @throws Problem when Neo4j does not answer; what it refuses to plan is told, and keeps nobody else waiting */
  async #plan(statement: CypherStatement<object>): Promise<void> {
    try {
      const { onlyReads } = await this.options.graph.plan(statement);
      if (onlyReads && !this.#hasAll) await this.#runOnce(statement);
    } catch (error) {
      if (isProblem(error)) throw error;
      this.options.logger.error({ err: error, statement: statement.name }, 'Neo4j refuses to plan');
    }
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
