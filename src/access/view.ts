import type { CypherStatement, ReadStatement } from '../graph/cypher.js';
import type { Graph, GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { Params, ReadOptions, WriteOptions } from '../graph/run-options.js';
import type { ByteBudget } from '../shared/byte-budget.js';
import { Problem, forbidden, isProblem } from '../shared/problem.js';
import { HOST } from './principal.js';
import type { Principal } from './principal.js';

/**
 * The graph for one question. It carries the principal, and its reads stop when nobody waits for the answer any more. Resolvers,
 * loaders, routes and everything they call reach the graph only through a view.
 */
export interface View extends Pick<GraphReader, 'log'> {
  readonly principal: Principal;
  /**
   * In a subscription, the graph for all subscribers of this principal. It outlives the operation, and loaders remember what they found
   * through it until the log goes on. Names are read through it.
   */
  readonly common?: View;
  /** Like `Graph.read`, but only for statements that declare what their rows tell about. That decides whether the principal may see them. */
  read<R extends object>(
    statement: ReadStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): Promise<R[]>;
  /** Like `Graph.readStream`, for such statements. */
  readStream<R extends object>(
    statement: ReadStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): AsyncIterable<R>;
  /** One write transaction in the name of the principal; see `Graph.write`. It does not stop when the caller goes away. */
  write<T>(work: (tx: GraphTransaction) => Promise<T>, options?: WriteOptions): Promise<T>;
}

/** Who asks, and how long the answer is wanted. */
interface Asking {
  readonly principal: Principal;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What a principal's question runs, and its parameters. */
interface Chosen<R extends object> {
  readonly statement: CypherStatement<R>;
  readonly given: Params;
}

/**
 * Chooses the text for who asks. A partner's has who asks among its parameters, and nothing else can say who that is.
 *
 * @throws Problem `FORBIDDEN` for a partner, when nothing is made for partners
 */
function choose<R extends object>(
  principal: Principal,
  statement: ReadStatement<R>,
  params: Params = {},
): Chosen<R> {
  if ('viewer' in params) throw new TypeError(`${statement.name}: only a view says who asks`);
  const given = { ...params, viewer: principal.organisation };
  if (principal.kind === 'PARTY') return { statement: textForPartner(statement), given };
  const { reads } = statement;
  if (reads === 'seen') throw new TypeError(`${statement.name}: only partners ask this`);
  return { statement, given: reads === 'own' ? given : params };
}

/** @throws Problem `FORBIDDEN` when nothing is made for partners */
function textForPartner<R extends object>(statement: ReadStatement<R>): CypherStatement<R> {
  const { reads, forPartner } = statement;
  if (forPartner !== undefined) return forPartner;
  if (reads === 'public' || reads === 'own' || reads === 'seen') return statement;
  throw onlyForHost();
}

/** Whether what is read is limited to what an organisation sees. */
export function isPartner({ principal }: Pick<View, 'principal'>): boolean {
  return principal.kind === 'PARTY';
}

/**
 * Refuses partners what tells of everybody.
 *
 * @throws Problem `FORBIDDEN`
 */
export function demandHost({ principal }: Pick<View, 'principal'>): void {
  if (principal.kind === 'PARTY') throw onlyForHost();
}

function onlyForHost(): Problem {
  return forbidden(
    'ONLY_HOST',
    'Only the host of this service may use this: its answer is not limited to what a partner sees.',
    { remedy: 'Ask the host for it.' },
  );
}

/** A view for requests that limit their reads by themselves, and for work of this service. */
function viewOf(graph: Graph, { principal, signal }: Asking): View {
  const until = (options: ReadOptions = {}): ReadOptions =>
    signal === undefined ? options : { signal, ...options };
  return {
    principal,
    log: graph.log,
    read: async (asked, params, options) => {
      const { statement, given } = choose(principal, asked, params);
      return graph.read(statement, given, until(options));
    },
    readStream: (asked, params, options) => {
      const { statement, given } = choose(principal, asked, params);
      return graph.readStream(statement, given, until(options));
    },
    write: async (work, options) => {
      demandHost({ principal });
      return graph.write(work, options);
    },
  };
}

/** Makes the view of a request, for the entry points other than GraphQL. */
export type ViewFor = (principal: Principal, signal?: AbortSignal) => View;

/** The one source of views for EPCIS routes and sockets, barcodes and serials. */
export function viewsOf(graph: Graph): ViewFor {
  return (principal, signal) => viewOf(graph, { principal, signal });
}

/** The view for all subscribers of a principal; see {@link View.common}. */
export function commonView(graph: Graph, principal: Principal): View {
  return viewOf(graph, { principal });
}

/** The view of the host, for work of this service and for tests. It is never stopped. */
export function hostView(graph: Graph): View {
  return viewOf(graph, { principal: HOST });
}

/** How many statements of one operation may run at the same time. */
const MAX_STATEMENTS_OF_AN_OPERATION = 4;
/** Rows that are only counted and compared weigh less than rows that go into the answer. */
const WEIGHT_ON_THE_WAY = 1 / 8;

/** Limits how many run at the same time. The others wait in the order they came. */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(readonly limit = MAX_STATEMENTS_OF_AN_OPERATION) {}

  async take(): Promise<void> {
    if (this.#taken >= this.limit)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken++;
  }

  /** Gives the slot to the one that has waited longest. */
  free(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken--;
    else next();
  }
}

/** The limits of an operation, and the signal that ends it. */
export interface Operation {
  readonly principal: Principal;
  /** Aborted when nobody waits for the answer any more, or with the problem: it takes too long, or became too large (here). */
  readonly over: AbortController;
  readonly budget: ByteBudget;
  /** Slots of the operation, or of all operations of a socket. */
  readonly slots: Slots;
  readonly common?: View | undefined;
}

/**
 * A view of one GraphQL operation. Only a few of its statements run at a time; the others wait here and do not fill the common pool.
 * It reads no more bytes than an answer may have. When the operation is over, it begins no statement and stops those that run.
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
    asked: ReadStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): Promise<R[]> {
    const { statement, given } = choose(this.principal, asked, params);
    await this.#begin();
    try {
      return await this.graph.read(statement, given, this.#bounded(statement, options));
    } finally {
      this.operation.slots.free();
    }
  }

  async *readStream<R extends object>(
    asked: ReadStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): AsyncGenerator<R> {
    const { statement, given } = choose(this.principal, asked, params);
    await this.#begin();
    try {
      yield* this.graph.readStream(statement, given, this.#bounded(statement, options));
    } finally {
      this.operation.slots.free();
    }
  }

  async write<T>(work: (tx: GraphTransaction) => Promise<T>, options?: WriteOptions): Promise<T> {
    demandHost(this);
    return this.graph.write(work, options);
  }

  #bounded({ options }: CypherStatement<object>, given?: ReadOptions): ReadOptions {
    const { over, budget } = this.operation;
    const weight = options.givesDocuments === true ? 1 : WEIGHT_ON_THE_WAY;
    const onBytes = (bytes: number): void => {
      if (budget.take(bytes * weight)) return;
      over.abort(budget.excess());
      throw budget.excess();
    };
    return { ...given, signal: over.signal, onBytes };
  }

  async #begin(): Promise<void> {
    const { over, slots } = this.operation;
    await slots.take();
    if (!over.signal.aborted) return;
    slots.free();
    const why: unknown = over.signal.reason;
    throw isProblem(why) ? why : new Problem('CANCELLED', 'The caller went away');
  }
}
