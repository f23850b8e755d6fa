import { cypher } from './cypher.js';
import type { CypherStatement } from './cypher.js';
import type { Params, WriteOptions } from './run-options.js';
import { shared } from './share-asking.js';

/** The part of a graph that is needed here. */
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

// Setting a property, even to its present value, waits for the lock that every writer holds until its commit is applied. Removing an
// absent property does not wait. `SET l.seq = l.seq` writes an old number back, because it reads before it has the lock (both measured).
// And `SET l.n = l.n + 1` takes a second lock of the node before the first one, so two such writers deadlock (two capturing processes
// were rolled back and tried again after a second). So set `locked` first, and then write what was read after it, under another name.
const TOP_BEHIND_LOCK = cypher<{ seq: number }>('graph.logTopBehindLock')`
MATCH (l:Log {id: 'log'})
SET l.locked = true
RETURN l.seq AS seq`;

// The lock comes first, as above, so what is written was read after it. The log is merged, because the
// time must be kept even before the first commit.
const PASS = cypher<{ seq: number }>('graph.passLog')`
MERGE (l:Log {id: 'log'})
ON CREATE SET l.seq = 0
SET l.locked = true
WITH l, CASE WHEN l.at >= $now THEN l.at ELSE toInteger($now) END AS at
SET l.at = at
RETURN l.seq AS seq`;

/**
 * How far the log can be read completely.
 *
 * Neo4j applies a commit piece by piece: the log's new number is visible before the indexes find what was committed with it. A reader
 * that reads the number and then all up to it misses some of it (14 of 6,000 commits in a probe), and never sees it if it goes on from
 * there. Commits wait for each other at the log's lock. So when we get the lock, all commits before are applied completely.
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
  /** The newest time of a question, epoch ms. */
  #asked = 0;

  constructor(
    private readonly graph: Runner,
    /** Longest wait for another process's commit. */
    private readonly options: Pick<WriteOptions, 'timeoutMs'> = {},
  ) {}

  /** A position up to which everything can be read. It is known without a read, so there may be newer ones. */
  get whole(): number {
    return this.#whole;
  }

  /** Tells that a commit of this process was acknowledged. */
  committed(seq: number): void {
    this.#whole = Math.max(this.#whole, seq);
  }

  /** The newest position up to which everything can be read; 0 before the first commit. It waits when another process is just committing. */
  async read(): Promise<number> {
    const known = this.#whole;
    const top = await this.#top();
    // The position is less than before, so this is another database now.
    if (top < known) this.#whole = top;
    else if (top > this.#whole) this.committed(await this.#behindLock());
    return this.#whole;
  }

  /**
   * Like {@link read}, for questions by record time that will be asked again from this time on. It waits for a commit under way and
   * moves the log's own clock forward to `now`, so that nothing is recorded later with an earlier time.
   */
  async readPast(now: number): Promise<number> {
    this.#asked = Math.max(this.#asked, now);
    const seq = await this.#past();
    this.committed(seq);
    return seq;
  }

  /** Waits for a commit that is just being applied. After it, what was seen of it in pieces can be read completely. */
  async settle(): Promise<void> {
    this.committed(await this.#behindLock());
  }
}
