import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import { isProblem } from '../shared/problem.js';
import { allStatements } from './cypher.js';
import type { CypherStatement } from './cypher.js';
import type { Graph } from './graph.js';

/** The options of a plan keeper. */
export interface PlanKeeperOptions {
  readonly graph: Pick<Graph, 'plan' | 'keepPlans' | 'read'>;
  /** The position of the log. While nothing is recorded, no plan becomes outdated. */
  readonly position: () => number;
  readonly logger: Logger;
  /** Time between two checks, ms; default 30,000. */
  readonly everyMs?: number;
}

/** A reading statement runs once with nothing to find. This limit stops a statement that counts everything. */
const FIRST_RUN = { timeoutMs: 1000 };
const RETRY_MS = 1000;

/**
 * Makes the plans of all statements before they are needed, and new ones when the store has outgrown them.
 *
 * A plan takes up to two seconds. By default, Neo4j checks at a run whether its counts have changed to four times those of the plan,
 * and then the request waits for a new plan. Here the keeper waits: when all plans are made, requests run with the existing plan.
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

  /** Makes all plans and then checks them regularly. */
  start(): void {
    this.#loop.nudge();
  }

  /** Gives `plans` while the first plans are being made. */
  waitsFor(): string | null {
    return this.#hasAll ? null : 'plans';
  }

  /** Stops checking. It resolves when the current statement is planned. */
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

  /** Plans one statement. A refusal is only logged, so that it holds up no other statement. @throws Problem when Neo4j does not answer */
  async #plan(statement: CypherStatement<object>): Promise<void> {
    try {
      const { onlyReads } = await this.options.graph.plan(statement);
      if (onlyReads && !this.#hasAll) await this.#runOnce(statement);
    } catch (error) {
      if (isProblem(error)) throw error;
      this.options.logger.error({ err: error, statement: statement.name }, 'Neo4j refuses to plan');
    }
  }

  /** Runs a statement once, because planning leaves work for the first run (half a second was seen). A run that fails on a null parameter does this work too. */
  async #runOnce(statement: CypherStatement<object>): Promise<void> {
    const nothing = Object.fromEntries([...statement.wants].map((name) => [name, null]));
    await this.options.graph.read(statement, nothing, FIRST_RUN).catch(() => undefined);
  }
}

function isKept({ options }: CypherStatement<object>): boolean {
  return options.mayScan === undefined;
}
