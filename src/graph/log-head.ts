import { cypher } from './cypher.js';
import type { CypherStatement } from './cypher.js';
import type { Params, WriteOptions } from './run-options.js';

/** What of a graph is needed here. */
interface Runner {
  read<R extends object>(statement: CypherStatement<R>): Promise<R[]>;
  writeAlone<R extends object>(
    statement: CypherStatement<R>,
    params?: Params,
    options?: WriteOptions,
  ): Promise<R[]>;
}

const TOP = cypher<{ seq: number }>('graph.logTop')`
MATCH (l:Log {id: 'log'}) RETURN l.seq AS seq`;

// Setting a property, even to what it is, waits for the lock that every writer holds until its commit is applied. Removing one that
// is not there does not wait, and `SET l.seq = l.seq` puts an old number back: it is read before the lock is had (both measured).
// And `SET l.n = l.n + 1` takes a second lock of the node before the first one: whoever has the first already and sets so waits in a
// circle with the next (two processes that captured were thrown back and tried again after a second). So: `locked` first, then what
// was read behind it, by a name of its own.
const TOP_BEHIND_LOCK = cypher<{ seq: number }>('graph.logTopBehindLock')`
MATCH (l:Log {id: 'log'})
SET l.locked = true
RETURN l.seq AS seq`;

// The lock first, as above; what is written behind it was read behind it. Merged: the time must be kept
// also before anything was committed.
const PASS = cypher<{ seq: number }>('graph.passLog')`
MERGE (l:Log {id: 'log'})
ON CREATE SET l.seq = 0
SET l.locked = true
WITH l, CASE WHEN l.at >= $now THEN l.at ELSE toInteger($now) END AS at
SET l.at = at
RETURN l.seq AS seq`;

/**
 * How far the log can be read whole.
 *
 * Neo4j applies a commit piece by piece: the log's new number is seen before the indexes find what was committed with it. Whoever reads
 * the number and then looks for what is up to there misses some of it (14 of 6,000 commits in a probe), and a reader that goes on
 * from there never sees it. Commits wait for each other at the log's lock, so one that lets us have the lock is whole, and all before.
 */
export class LogHead {
  #whole = 0;
  readonly #top = shared(async () => (await this.graph.read(TOP))[0]?.seq ?? 0);
  readonly #behindLock = shared(
    async () =>
      (await this.graph.writeAlone(TOP_BEHIND_LOCK, {}, { pool: 'writer', ...this.options }))[0]
        ?.seq ?? 0,
  );

  readonly #past = shared(
    async () =>
      (
        await this.graph.writeAlone(PASS, { now: this.#asked }, { pool: 'writer', ...this.options })
      )[0]?.seq ?? 0,
  );
  /** The newest time somebody asked at, epoch ms. */
  #asked = 0;

  constructor(
    private readonly graph: Runner,
    /** Longest wait for another process's commit. */
    private readonly options: Pick<WriteOptions, 'timeoutMs'> = {},
  ) {}

  /** A position up to which all can be read, known without asking; there may be newer ones. */
  get whole(): number {
    return this.#whole;
  }

  /** A commit of this process was acknowledged. */
  committed(seq: number): void {
    this.#whole = Math.max(this.#whole, seq);
  }

  /** The newest position; all up to there can be read. 0 before the first commit. Waits when another process is just committing. */
  async read(): Promise<number> {
    const known = this.#whole;
    const top = await this.#top();
    // Less than was known: the database is another one now.
    if (top < known) this.#whole = top;
    else if (top > this.#whole) this.committed(await this.#behindLock());
    return this.#whole;
  }

  /**
   * As {@link read}, for who asks by record time and will ask again from this time on: nothing is recorded later with an earlier time.
   * What is being committed is waited for, and the log's own clock is put forward to `now`.
   */
  async readPast(now: number): Promise<number> {
    this.#asked = Math.max(this.#asked, now);
    const seq = await this.#past();
    this.committed(seq);
    return seq;
  }

  /** Waits for the commit that is just being applied, if any: what was seen of it in pieces can be read whole then. */
  async settle(): Promise<void> {
    this.committed(await this.#behindLock());
  }
}

/**
 * One question for all who ask meanwhile. Who asks while one is under way gets the answer of the next: that one was asked later, and
 * knows what was committed before.
 */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        const answer = ask();
        running = answer;
        return answer;
      });
    return next;
  };
}
