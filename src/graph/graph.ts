import neo4j from 'neo4j-driver';
import type { Driver, ManagedTransaction, Result, Session } from 'neo4j-driver';
import { Problem, isProblem } from '../shared/problem.js';
import { Cluster, isForAnotherMember } from './cluster.js';
import { collectRows, toRow } from './collect-rows.js';
import { asPlanned, asSent } from './cypher.js';
import type { CypherStatement } from './cypher.js';
import { hasStopped, isTooLarge, toProblem, withReason } from './graph-errors.js';
import { bytesOf } from '../shared/byte-budget.js';
import { LogHead } from './log-head.js';
import { openDriver } from './open-driver.js';
import type { DriverOptions } from './open-driver.js';
import { poolOf } from './pool-of.js';
import type { Params, Pool, ReadOptions, WriteOptions } from './run-options.js';
import { timeLimit } from './time-limit.js';
import type { GraphTransaction } from './transaction.js';
import { untilItWorks } from './try-again.js';
import type { TryLimits } from './try-again.js';
import { withoutStack } from './without-stack.js';

/** Where the graph is and how to talk to it. */
export interface GraphOptions extends DriverOptions {
  /** Default `neo4j`. */
  readonly database?: string;
  /** Most connections for reading at once; default 50. Writing has its own, see {@link Pool}. */
  readonly poolSize?: number;
  /** Longest time of a read, ms, unless the read sets its own; default 10,000. */
  readonly readTimeoutMs?: number;
  /** Longest time of a unit of work with all its tries, ms; default 60,000. */
  readonly writeTimeoutMs?: number;
  /** Called before each write. It throws when nothing may be written, for example when the disk is full. */
  readonly beforeWrite?: () => void;
  /** What the graph waits for when it does not answer, as a text for people; null when unknown. */
  readonly waitsFor?: () => string | null;
  /** Called when Neo4j stopped the database and needs a restart. */
  readonly onDatabaseStopped?: () => void;
}

/** The cost of one statement, for metrics and for tests that count statements. */
export interface StatementRun {
  readonly name: string;
  readonly mode: 'read' | 'write';
  readonly ms: number;
  readonly rows: number;
  readonly ok: boolean;
}

/** Runs statements outside a transaction of the caller. */
export interface GraphReader {
  /** How far the log can be read completely. Ask it, and not the `:Log`, before reading what was committed up to a position. */
  readonly log: Pick<LogHead, 'read' | 'readPast' | 'settle' | 'whole'>;
  /**
   * All rows of one statement, in its own transaction (one round trip).
   *
   * @throws Problem `TIMEOUT` when Neo4j needs longer, `SERVICE_UNAVAILABLE` when it does not answer, `CANCELLED`, `CONFLICT` or
   *   `INTERNAL_SERVER_ERROR`
   */
  read<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): Promise<R[]>;
  /** Rows one after the other, fetched 5,000 at a time. Leaving the loop early stops the statement. */
  readStream<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: ReadOptions,
  ): AsyncIterable<R>;
}

/** One Neo4j database. */
export interface Graph extends GraphReader {
  readonly log: LogHead;
  /** Runs `work` in one write transaction. It **may run it again** after a transient fault, so `work` must not keep state of its own. */
  write<T>(work: (tx: GraphTransaction) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * Runs one statement alone in write mode. This is the only way for `CALL { … } IN TRANSACTIONS` and for schema commands. In a
   * cluster it **may run again** when its member fails, so it must be one that can be repeated.
   */
  writeAlone<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: WriteOptions,
  ): Promise<R[]>;
  /** Lets Neo4j make the plan of a statement, unless it has one that fits the present store. */
  plan(statement: CypherStatement<object>): Promise<{ readonly onlyReads: boolean }>;
  /** From now on, statements run with the existing plans, because somebody renews these. Not in a cluster: each member has its own plans. */
  keepPlans(): void;
  /** Whether the database answers within this time; default two seconds. */
  ready(withinMs?: number): Promise<boolean>;
  /**
   * The version that Neo4j answers with, like `5.26.30`.
   *
   * @throws Problem `SETUP` when it refuses the login, `SERVICE_UNAVAILABLE` when it does not answer within this time
   */
  version(withinMs?: number): Promise<string>;
  /** Listens to every statement. It returns a function that stops listening. */
  onStatement(listener: (run: StatementRun) => void): () => void;
  /** The number of connections in use and idle. */
  pool(): { readonly inUse: number; readonly idle: number };
  close(): Promise<void>;
}

/** Opens a pool of connections. It connects with the first statement. Close it, or the process stays alive. */
export function openGraph(options: GraphOptions): Graph {
  return new DriverGraph(options);
}

type Mode = StatementRun['mode'];

const POOL_SIZES: Readonly<Record<Pool, number>> = { read: 50, write: 10, writer: 5, health: 2 };

/** The third try. If the leader is dead, the followers are tried again after it. */
const LEADERS_TRY = 2;
const READY_MS = 2000;

/** How one try of a read runs. */
interface OneReading extends ReadOptions {
  readonly timeoutMs: number;
  readonly from: Mode;
}

class DriverGraph implements Graph {
  readonly log: LogHead;
  readonly #readMs: number;
  readonly #writeMs: number;
  readonly #drivers: Readonly<Record<Pool, Driver>>;
  readonly #options: GraphOptions;
  readonly #listeners = new Set<(run: StatementRun) => void>();
  readonly #cluster: Cluster | undefined;
  #closed = false;
  #arePlansKept = false;

  constructor(options: GraphOptions) {
    this.#options = options;
    this.#readMs = options.readTimeoutMs ?? 10_000;
    this.#writeMs = options.writeTimeoutMs ?? 60_000;
    this.log = new LogHead(this, { timeoutMs: this.#readMs });
    if (options.uri.startsWith('neo4j'))
      this.#cluster = new Cluster(() => this.#session('write', 'writer'));
    this.#drivers = {
      read: openDriver(options, options.poolSize ?? POOL_SIZES.read),
      write: openDriver(options, POOL_SIZES.write),
      writer: openDriver(options, POOL_SIZES.writer),
      health: openDriver(options, POOL_SIZES.health),
    };
  }

  async read<R extends object>(
    statement: CypherStatement<R>,
    params: Params = {},
    options: ReadOptions = {},
  ): Promise<R[]> {
    const { signal } = options;
    try {
      return await this.#untilItWorks(
        (timeoutMs, from) => this.#readOnce(statement, params, { ...options, timeoutMs, from }),
        { timeoutMs: options.timeoutMs ?? this.#readMs, signal },
      );
    } catch (error) {
      throw wasAborted(signal, error) ?? this.#problemOf(error, statement.name);
    }
  }

  async #readOnce<R extends object>(
    statement: CypherStatement<R>,
    params: Params,
    options: OneReading,
  ): Promise<R[]> {
    const { timeoutMs: timeout, pool = 'read' } = options;
    const session = this.#session(options.from, pool);
    const release = this.#closeOnAbort(session, options.signal);
    const within = timeLimit(timeout, session);
    try {
      if (pool !== 'health') await this.#cluster?.askLeader();
      const result = withoutStack(() =>
        session.run(...asSent(statement, params, this.#arePlansKept), { timeout }),
      );
      return await within.of(this.#collect<R>(result, statement, 'read', options.onBytes));
    } finally {
      release();
      await within.close();
    }
  }

  async *readStream<R extends object>(
    statement: CypherStatement<R>,
    params: Params = {},
    options: ReadOptions = {},
  ): AsyncGenerator<R> {
    const { signal } = options;
    try {
      const { first, rest } = await this.#untilItWorks(
        async (timeoutMs, from) => {
          const rows = this.#streamOnce(statement, params, { ...options, timeoutMs, from });
          return { first: await rows.next(), rest: rows };
        },
        { timeoutMs: options.timeoutMs ?? this.#readMs, signal },
      );
      try {
        if (first.done === true) return;
        yield first.value;
        yield* rest;
      } finally {
        await rest.return(undefined);
      }
    } catch (error) {
      throw wasAborted(signal, error) ?? this.#problemOf(error, statement.name);
    }
  }

  async *#streamOnce<R extends object>(
    statement: CypherStatement<R>,
    params: Params,
    options: OneReading,
  ): AsyncGenerator<R, undefined> {
    const { timeoutMs: timeout, pool = 'read' } = options;
    const session = this.#session(options.from, pool);
    const release = this.#closeOnAbort(session, options.signal);
    const within = timeLimit(timeout, session);
    const started = performance.now();
    let rows = 0;
    let ok = false;
    try {
      await this.#cluster?.askLeader();
      const result = session.run(...asSent(statement, params, this.#arePlansKept), { timeout });
      const records = result[Symbol.asyncIterator]();
      for (;;) {
        const next = await within.of(records.next());
        if (next.done === true) break;
        rows++;
        const row = toRow<R>(next.value);
        options.onBytes?.(bytesOf(row));
        yield row;
      }
      ok = true;
    } finally {
      release();
      this.#tell({ name: statement.name, mode: 'read', ms: performance.now() - started, rows, ok });
      await within.close();
    }
  }

  /** Tries a statement alone again, see {@link untilItWorks}. After two tries at followers, a read goes to the leader, who never lags. */
  #untilItWorks<T>(
    run: (timeoutMs: number, from: Mode) => Promise<T>,
    limits: TryLimits,
  ): Promise<T> {
    const fromLeader = this.#cluster === undefined ? -1 : LEADERS_TRY;
    return untilItWorks(
      (left, tries) => run(left, tries === fromLeader ? 'write' : 'read'),
      (error) => this.#cluster !== undefined && isForAnotherMember(error),
      limits,
    );
  }

  async write<T>(
    work: (tx: GraphTransaction) => Promise<T>,
    options: WriteOptions = {},
  ): Promise<T> {
    if (options.evenIfFull !== true) this.#options.beforeWrite?.();
    const session = this.#session('write', options.pool);
    const timeout = options.timeoutMs ?? this.#writeMs * (options.times ?? 1);
    const within = timeLimit(timeout, session);
    try {
      return await within.of(
        session.executeWrite(
          async (tx) => {
            try {
              return await work(this.#transaction(tx));
            } catch (error) {
              throw isTooLarge(error) ? toProblem(error) : error;
            }
          },
          { timeout },
        ),
      );
    } catch (error) {
      throw this.#writeProblemOf(error, options);
    } finally {
      await within.close();
    }
  }

  async writeAlone<R extends object>(
    statement: CypherStatement<R>,
    params: Params = {},
    options: WriteOptions = {},
  ): Promise<R[]> {
    const once = async (timeout: number): Promise<R[]> => {
      const session = this.#session('write', options.pool);
      const within = timeLimit(timeout, session);
      try {
        const result = session.run(...asSent(statement, params, this.#arePlansKept), { timeout });
        return await within.of(this.#collect<R>(result, statement, 'write'));
      } finally {
        await within.close();
      }
    };
    try {
      return await this.#untilItWorks(once, { timeoutMs: options.timeoutMs ?? this.#writeMs });
    } catch (error) {
      throw this.#problemOf(error, statement.name);
    }
  }

  async plan(statement: CypherStatement<object>): Promise<{ readonly onlyReads: boolean }> {
    const session = this.#session('write');
    const within = timeLimit(this.#writeMs, session);
    try {
      const asked = session.run(...asPlanned(statement), { timeout: this.#writeMs });
      const { summary } = await within.of(asked);
      return { onlyReads: summary.queryType === 'r' };
    } catch (error) {
      throw this.#problemOf(error, statement.name);
    } finally {
      await within.close();
    }
  }

  keepPlans(): void {
    this.#arePlansKept = this.#cluster === undefined;
  }

  async ready(withinMs = READY_MS): Promise<boolean> {
    return this.version(withinMs).then(
      () => true,
      () => false,
    );
  }

  async version(withinMs = READY_MS): Promise<string> {
    try {
      return await this.#untilItWorks((left) => this.#versionOnce(left), { timeoutMs: withinMs });
    } catch (error) {
      throw this.#problemOf(error);
    }
  }

  async #versionOnce(timeout: number): Promise<string> {
    const session = this.#session('read', 'health');
    const within = timeLimit(timeout, session);
    try {
      const { summary } = await within.of(session.run('RETURN 1', {}, { timeout }));
      return summary.server.agent?.replace('Neo4j/', '') ?? 'unknown';
    } finally {
      await within.close();
    }
  }

  onStatement(listener: (run: StatementRun) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pool(): { inUse: number; idle: number } {
    const pools = Object.values(this.#drivers).map(poolOf);
    const sum = (count: 'inUse' | 'idle'): number =>
      pools.reduce((all, one) => all + one[count], 0);
    return { inUse: sum('inUse'), idle: sum('idle') };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Object.values(this.#drivers).map((driver) => driver.close()));
  }

  #session(mode: Mode, pool: Pool = mode): Session {
    if (this.#closed) throw new Problem('SERVICE_UNAVAILABLE', 'The graph is closed');
    return this.#drivers[pool].session({
      database: this.#options.database ?? 'neo4j',
      defaultAccessMode: mode === 'read' ? neo4j.session.READ : neo4j.session.WRITE,
      ...(pool === 'health' ? {} : this.#cluster?.bookmarks),
    });
  }

  #transaction(tx: ManagedTransaction): GraphTransaction {
    const run = <R extends object>(
      statement: CypherStatement<R>,
      params: Params = {},
    ): Promise<R[]> =>
      this.#collect<R>(
        withoutStack(() => tx.run(...asSent(statement, params, this.#arePlansKept))),
        statement,
        'write',
      );
    return {
      run,
      start: (statement, params) => {
        const rows = run(statement, params);
        rows.catch(() => undefined);
        return rows;
      },
    };
  }

  #collect<R extends object>(
    result: Result,
    { name }: CypherStatement<R>,
    mode: Mode,
    onBytes?: ReadOptions['onBytes'],
  ): Promise<R[]> {
    const started = performance.now();
    return collectRows<R>(result, {
      onBytes,
      onEnd: (rows, ok) => {
        this.#tell({ name, mode, ms: performance.now() - started, rows, ok });
      },
      onNotification: (n) => this.#options.onNotification?.(name, n),
    });
  }

  // Closing the session sends RESET, which interrupts the statement. A rollback would wait for its end.
  #closeOnAbort(session: Session, signal: AbortSignal | undefined): () => void {
    if (signal === undefined) return () => undefined;
    const stop = (): void => {
      session.close().catch(() => undefined);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    return () => {
      signal.removeEventListener('abort', stop);
    };
  }

  #problemOf(error: unknown, statement?: string): unknown {
    const { waitsFor, onDatabaseStopped } = this.#options;
    if (hasStopped(error)) onDatabaseStopped?.();
    return withReason(toProblem(error, statement), waitsFor?.() ?? null);
  }

  /** Why a write failed. When the disk is full by now, that is the reason. */
  #writeProblemOf(error: unknown, options: WriteOptions): unknown {
    const problem = this.#problemOf(error);
    if (options.evenIfFull === true || !isProblem(problem)) return problem;
    try {
      this.#options.beforeWrite?.();
      return problem;
    } catch (full) {
      return full;
    }
  }

  #tell(run: StatementRun): void {
    for (const listener of this.#listeners) listener(run);
  }
}

/** Why a statement was stopped from outside, if it was. Whoever stops it may give the reason to the signal. */
function wasAborted(signal: AbortSignal | undefined, cause: unknown): Problem | undefined {
  if (signal?.aborted !== true) return undefined;
  if (isProblem(signal.reason)) return signal.reason;
  return new Problem('CANCELLED', 'The caller went away', { cause });
}
