import type { CypherStatement } from './cypher.js';
import type { Graph, GraphTransaction, Params, ReadOptions, WriteOptions } from './graph.js';
import type { ByteBudget } from '../shared/byte-budget.js';
import { Problem } from '../shared/problem.js';

/** Statements that one operation may have running. */
const MAX_STATEMENTS_OF_AN_OPERATION = 4;
/** What is only counted and compared on the way to an answer weighs less than what goes into it. */
const WEIGHT_ON_THE_WAY = 1 / 8;

/** Places for so many at a time; the others wait in the order they came. */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(readonly limit = MAX_STATEMENTS_OF_AN_OPERATION) {}

  async take(): Promise<void> {
    if (this.#taken >= this.limit)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken++;
  }

  /** Hands the place on to who waits longest. */
  free(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken--;
    else next();
  }
}

/** What an operation may use, and when it is over. */
export interface Operation {
  /** Aborted when nobody waits for the answer any more, here when it became too long. */
  readonly over: AbortController;
  readonly budget: ByteBudget;
  /** Of the operation, or of all operations of a socket. */
  readonly slots: Slots;
}

/**
 * A graph as one operation may use it: a few statements at a time, the others wait for them here and not in everybody's pool; no more
 * bytes than an answer may have; nothing is begun and nothing goes on once the operation is over.
 */
export class OperationGraph implements Graph {
  readonly log: Graph['log'];

  constructor(
    private readonly graph: Graph,
    private readonly operation: Operation,
  ) {
    this.log = graph.log;
  }

  async read<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): Promise<R[]> {
    await this.#begin();
    try {
      return await this.graph.read(statement, params, this.#bounded(statement, options));
    } catch (error) {
      throw this.operation.budget.problem ?? error;
    } finally {
      this.operation.slots.free();
    }
  }

  async *readStream<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): AsyncGenerator<R> {
    await this.#begin();
    try {
      yield* this.graph.readStream(statement, params, this.#bounded(statement, options));
    } finally {
      this.operation.slots.free();
    }
  }

  write<T>(work: (tx: GraphTransaction) => Promise<T>, options?: WriteOptions): Promise<T> {
    return this.graph.write(work, options);
  }

  writeAlone<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: WriteOptions,
  ): Promise<R[]> {
    return this.graph.writeAlone(statement, params, options);
  }

  ready(): Promise<boolean> {
    return this.graph.ready();
  }

  onStatement(listener: Parameters<Graph['onStatement']>[0]): () => void {
    return this.graph.onStatement(listener);
  }

  pool(): ReturnType<Graph['pool']> {
    return this.graph.pool();
  }

  close(): Promise<void> {
    return this.graph.close();
  }

  #bounded({ options }: CypherStatement<object>, given?: ReadOptions): ReadOptions {
    const { over, budget } = this.operation;
    const weight = options.givesDocuments === true ? 1 : WEIGHT_ON_THE_WAY;
    const onBytes = (bytes: number): void => {
      if (budget.take(bytes * weight)) return;
      over.abort();
      throw budget.excess();
    };
    return { ...given, signal: over.signal, onBytes };
  }

  async #begin(): Promise<void> {
    const { over, budget, slots } = this.operation;
    await slots.take();
    if (!over.signal.aborted) return;
    slots.free();
    throw budget.problem ?? wentAway();
  }
}

function wentAway(): Problem {
  return new Problem('CANCELLED', 'The caller went away');
}
