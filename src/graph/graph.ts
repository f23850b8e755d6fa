import neo4j from 'neo4j-driver';
import type {
  Driver,
  ManagedTransaction,
  Record as DriverRecord,
  Result,
  Session,
} from 'neo4j-driver';
import { Problem, isProblem } from '../shared/problem.js';
import { asPlanned, asSent } from './cypher.js';
import type { CypherStatement } from './cypher.js';
import { hasStopped, isOutdated, isTooLarge, toProblem, withReason } from './graph-errors.js';
import { bytesOf } from '../shared/byte-budget.js';
import { LogHead } from './log-head.js';
import { poolOf } from './pool-of.js';
import type { Params, Pool, ReadOptions, WriteOptions } from './run-options.js';
import { timeLimit } from './time-limit.js';
import type { GraphTransaction } from './transaction.js';
import { withoutStack } from './without-stack.js';

/** Where the graph is and how to talk to it. */
export interface GraphOptions {
  /** `bolt://` for one server, `neo4j://` for a cluster (reads go to readers, bookmarks are chained). */
  readonly uri: string;
  readonly user: string;
  readonly password: string;
  /** Default `neo4j`. */
  readonly database?: string;
  /** Most connections for reading at once; default 50. Writing has its own, see {@link Pool}. */
  readonly poolSize?: number;
  /** Longest wait for a free connection, ms; default 5,000. */
  readonly acquireTimeoutMs?: number;
  /** How long a write is retried after transient faults, ms; default 15,000. */
  readonly retryMs?: number;
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
  /** Called with Neo4j's notifications about a statement (unknown label, cartesian product …). They are off without it. */
  readonly onNotification?: (statement: string, notification: string) => void;
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
  /** Runs one statement alone in write mode. This is the only way for `CALL { … } IN TRANSACTIONS` and for schema commands. */
  writeAlone<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: WriteOptions,
  ): Promise<R[]>;
  /** Lets Neo4j make the plan of a statement, unless it has one that fits the present store. */
  plan(statement: CypherStatement<object>): Promise<{ readonly onlyReads: boolean }>;
  /** From now on, statements run with the existing plans, because somebody renews these. */
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

// The private field is the fast path. `toObject()` and `get()` cost two to three times as much for each row.
interface OpenRecord {
  readonly keys: readonly string[];
  readonly _fields: readonly unknown[];
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the statement carries the type, the record cannot
function toRow<R extends object>(record: DriverRecord): R {
  const { keys, _fields: fields } = record as unknown as OpenRecord;
  const row: Record<string, unknown> = {};
  let i = 0;
  for (const key of keys) row[key] = fields[i++];
  return row as R;
}

/** Opens a pool of connections. It connects with the first statement. Close it, or the process stays alive. */
export function openGraph(options: GraphOptions): Graph {
  return new DriverGraph(options);
}

type Mode = StatementRun['mode'];

const POOL_SIZES: Readonly<Record<Pool, number>> = { read: 50, write: 10, writer: 4, health: 2 };

/** Most tries of a read that commits disturb. */
const MAX_TRIES = 5;
const READY_MS = 2000;

class DriverGraph implements Graph {
  readonly log: LogHead;
  readonly #readMs: number;
  readonly #writeMs: number;
  readonly #drivers: Readonly<Record<Pool, Driver>>;
  readonly #options: GraphOptions;
  readonly #listeners = new Set<(run: StatementRun) => void>();
  readonly #bookmarks: { bookmarkManager: ReturnType<typeof neo4j.bookmarkManager> } | undefined;
  #closed = false;
  #arePlansKept = false;

  constructor(options: GraphOptions) {
    this.#options = options;
    this.#readMs = options.readTimeoutMs ?? 10_000;
    this.#writeMs = options.writeTimeoutMs ?? 60_000;
    this.log = new LogHead(this, { timeoutMs: this.#readMs });
    if (options.uri.startsWith('neo4j'))
      this.#bookmarks = { bookmarkManager: neo4j.bookmarkManager() };
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
    for (let tries = 1; ; tries++)
      try {
        return await this.#readOnce(statement, params, options);
      } catch (error) {
        if (tries < MAX_TRIES && isOutdated(error) && options.signal?.aborted !== true) continue;
        throw wasAborted(options.signal, error) ?? this.#problemOf(error, statement.name);
      }
  }

  async #readOnce<R extends object>(
    statement: CypherStatement<R>,
    params: Params,
    options: ReadOptions,
  ): Promise<R[]> {
    const session = this.#session('read', options.pool);
    const release = this.#closeOnAbort(session, options.signal);
    const timeout = options.timeoutMs ?? this.#readMs;
    const within = timeLimit(timeout, session);
    try {
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
    const session = this.#session('read', options.pool);
    const release = this.#closeOnAbort(session, options.signal);
    const timeout = options.timeoutMs ?? this.#readMs;
    const within = timeLimit(timeout, session);
    const started = performance.now();
    let rows = 0;
    let ok = false;
    try {
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
    } catch (error) {
      throw wasAborted(options.signal, error) ?? this.#problemOf(error, statement.name);
    } finally {
      release();
      this.#tell({ name: statement.name, mode: 'read', ms: performance.now() - started, rows, ok });
      await within.close();
    }
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
    const session = this.#session('write', options.pool);
    const timeout = options.timeoutMs ?? this.#writeMs;
    const within = timeLimit(timeout, session);
    try {
      const result = session.run(...asSent(statement, params, this.#arePlansKept), { timeout });
      return await within.of(this.#collect<R>(result, statement, 'write'));
    } catch (error) {
      throw this.#problemOf(error, statement.name);
    } finally {
      await within.close();
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
    this.#arePlansKept = true;
  }

  async ready(withinMs = READY_MS): Promise<boolean> {
    return this.version(withinMs).then(
      () => true,
      () => false,
    );
  }

  async version(withinMs = READY_MS): Promise<string> {
    const session = this.#session('read', 'health');
    const within = timeLimit(withinMs, session);
    try {
      const { summary } = await within.of(session.run('RETURN 1', {}, { timeout: withinMs }));
      return summary.server.agent?.replace('Neo4j/', '') ?? 'unknown';
    } catch (error) {
      throw this.#problemOf(error);
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
      ...this.#bookmarks,
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

  // `subscribe` is the driver's cheapest way to take rows. It costs a third of awaiting the result.
  #collect<R extends object>(
    result: Result,
    statement: CypherStatement<R>,
    mode: Mode,
    onBytes?: ReadOptions['onBytes'],
  ): Promise<R[]> {
    const started = performance.now();
    const rows: R[] = [];
    let isOver = false;
    const done = (ok: boolean): void => {
      if (isOver) return;
      isOver = true;
      this.#tell({
        name: statement.name,
        mode,
        ms: performance.now() - started,
        rows: rows.length,
        ok,
      });
    };
    return new Promise<R[]>((resolve, reject) => {
      result.subscribe({
        onNext: (record) => {
          if (isOver) return;
          const row = toRow<R>(record);
          try {
            onBytes?.(bytesOf(row));
          } catch (error) {
            done(false);
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it was thrown
            reject(error);
            return;
          }
          rows.push(row);
        },
        onCompleted: (summary) => {
          done(true);
          for (const n of this.#options.onNotification === undefined ? [] : summary.notifications)
            this.#options.onNotification?.(statement.name, `${n.code}: ${n.description}`);
          resolve(rows);
        },
        onError: (error) => {
          done(false);
          reject(error);
        },
      });
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

function openDriver(options: GraphOptions, size: number): Driver {
  return neo4j.driver(options.uri, neo4j.auth.basic(options.user, options.password), {
    disableLosslessIntegers: true,
    telemetryDisabled: true,
    fetchSize: 5000,
    maxConnectionPoolSize: size,
    connectionAcquisitionTimeout: options.acquireTimeoutMs ?? 5_000,
    connectionTimeout: 5_000,
    connectionLivenessCheckTimeout: 30_000,
    maxTransactionRetryTime: options.retryMs ?? 15_000,
    ...(options.onNotification === undefined
      ? { notificationFilter: { minimumSeverityLevel: 'OFF' as const } }
      : {}),
  });
}

function wasAborted(signal: AbortSignal | undefined, cause: unknown): Problem | undefined {
  return signal?.aborted === true
    ? new Problem('CANCELLED', 'The caller went away', { cause })
    : undefined;
}
