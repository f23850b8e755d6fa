import neo4j from 'neo4j-driver';
import type { BookmarkManager, Session } from 'neo4j-driver';
import { asSent, cypher } from './cypher.js';
import { isTooLarge } from './graph-errors.js';
import { shared } from './share-asking.js';
import { timeLimit } from './time-limit.js';

// It takes a lock, because a member that led until now would still answer a question but gives no lock. Nobody else writes this node.
const ASK_LEADER = cypher('graph.askLeader')`
MATCH (m:SchemaMigration {id: '0001_keys'})
SET m.checksum = m.checksum`;

/** Longest wait for the leader, and how long it is not asked again after it gave no answer; ms. */
const LEADER_MS = 2000;
const SILENCE_MS = 1000;

/**
 * What is different when `NEO4J_URI` is `neo4j://`: writes go to the leader, reads to the followers, and a follower may lag.
 *
 * All sessions of the process share their bookmarks, so whatever it wrote or read before, it reads again from any member. What other
 * processes wrote is in the bookmark of the leader, who is asked before each read. So a client that was answered by one process may
 * ask any other. While no leader answers, reads go on with what this process knows.
 */
export class Cluster {
  /** For every session. */
  readonly bookmarks: { readonly bookmarkManager: BookmarkManager } = {
    bookmarkManager: neo4j.bookmarkManager(),
  };
  #silentUntil = 0;
  readonly #ask = shared(async () => {
    for (let tries = 1; performance.now() >= this.#silentUntil; tries++)
      try {
        await this.#askOnce();
        return;
      } catch (error) {
        // The first failure may only tell that another member leads now.
        if (tries > 1 || !isForAnotherMember(error))
          this.#silentUntil = performance.now() + SILENCE_MS;
      }
  });

  /** @param open a session in write mode with {@link bookmarks} */
  constructor(private readonly open: () => Session) {}

  /** Learns the newest commit, which all later reads then know of. It does not fail. */
  askLeader(): Promise<void> {
    return this.#ask();
  }

  async #askOnce(): Promise<void> {
    const session = this.open();
    const within = timeLimit(LEADER_MS, session);
    try {
      await within.of(session.run(...asSent(ASK_LEADER, {}), { timeout: LEADER_MS }));
    } finally {
      await within.close();
    }
  }
}

/** Whether another member, or the same one a little later, may do what this one did not. */
export function isForAnotherMember(error: unknown): boolean {
  return error instanceof Error && neo4j.isRetryableError(error) && !isTooLarge(error);
}
