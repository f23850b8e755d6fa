import type { CypherStatement, ReadStatement } from '../graph/cypher.js';
import type { Graph, GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { Params, ReadOptions, WriteOptions } from '../graph/run-options.js';
import type { ByteBudget } from '../shared/byte-budget.js';
import { Problem } from '../shared/problem.js';
import { HOST, identify } from './principal.js';
import type { Principal } from './principal.js';

/**
 * The graph as one question may use it: who asks goes along, and what it reads is stopped when nobody waits for the answer. Resolvers,
 * loaders, routes and everything they call reach the graph through it alone.
 */
export interface View extends Pick<GraphReader, 'log'> {
  readonly principal: Principal;
  /**
   * In a subscription: the graph for all subscribers of this principal. It outlives the operation, and what loaders found through it
   * is remembered until the log goes on. Names are read through it.
   */
  readonly common?: View;
  /** As `Graph.read`, of statements that say what their rows tell of: whoever asks may see that or not. */
  read<R extends object>(
    statement: ReadStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): Promise<R[]>;
  /** As `Graph.readStream`, of such statements. */
  readStream<R extends object>(
    statement: ReadStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): AsyncIterable<R>;
  /** One write transaction, in the name of who asks; see `Graph.write`. It is not stopped when the caller goes. */
  write<T>(work: (tx: GraphTransaction) => Promise<T>, options?: WriteOptions): Promise<T>;
}

/** Who asks, and until when. */
interface Asking {
  readonly principal: Principal;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** The graph for a request that bounds what it reads by itself, or for work of our own. */
function viewOf(graph: Graph, { principal, signal }: Asking): View {
  const until = (options: ReadOptions = {}): ReadOptions =>
    signal === undefined ? options : { signal, ...options };
  return {
    principal,
    log: graph.log,
    read: (statement, params, options) => graph.read(statement, params, until(options)),
    readStream: (statement, params, options) => graph.readStream(statement, params, until(options)),
    write: (work, options) => graph.write(work, options),
  };
}

/** The graph for whoever sends a request, made by the entry points beside GraphQL. */
export type ViewFor = (signal?: AbortSignal) => View;

/** A view for who sends a request: the one place that EPCIS routes and sockets, barcodes and serials have it from. */
export function viewsOf(graph: Graph): ViewFor {
  return (signal) => viewOf(graph, { principal: identify(), signal });
}

/** The graph for all subscribers of a principal; see {@link View.common}. */
export function commonView(graph: Graph, principal: Principal): View {
  return viewOf(graph, { principal });
}

/** The graph for work of our own, and for tests: as the host, until it is done. */
export function hostView(graph: Graph): View {
  return viewOf(graph, { principal: HOST });
}

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
  readonly principal: Principal;
  /** Aborted when nobody waits for the answer any more, here when it became too long. */
  readonly over: AbortController;
  readonly budget: ByteBudget;
  /** Of the operation, or of all operations of a socket. */
  readonly slots: Slots;
  readonly common?: View | undefined;
}

/**
 * A view of one GraphQL operation: a few statements at a time, the others wait for them here and not in everybody's pool; no more
 * bytes than an answer may have; nothing is begun and nothing goes on once the operation is over.
 */
export class OperationView implements View {
  readonly log: Graph['log'];
  readonly principal: Principal;
  readonly common?: View;

  constructor(
    private readonly graph: Graph,
    private readonly operation: Operation,
  ) {
    this.log = graph.log;
    this.principal = operation.principal;
    if (operation.common !== undefined) this.common = operation.common;
  }

  async read<R extends object>(
    statement: ReadStatement<R>,
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
    statement: ReadStatement<R>,
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
