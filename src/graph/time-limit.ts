import { Problem } from '../shared/problem.js';

/** A Neo4j that still answers ends an interrupted statement within this time. */
const INTERRUPT_MS = 300;

/** A time limit for everything in one session. */
export interface TimeLimit {
  /** Gives the result of the work, or a Problem when the time is over. */
  of<T>(work: PromiseLike<T>): Promise<T>;
  /** Gives the connection back. It waits for this, unless the time is over. */
  close(): Promise<void>;
}

/**
 * A time limit that holds whether Neo4j answers or not. At its end the session is closed, which interrupts the statement. A Neo4j
 * that answers confirms this at once (`TIMEOUT`). One that hangs does not (`SERVICE_UNAVAILABLE`), and nobody waits for it.
 */
export function timeLimit(ms: number, session: { close(): Promise<void> }): TimeLimit {
  const endsAt = performance.now() + ms;
  let isOver = false;
  const closing = (): Promise<void> => session.close().catch(() => undefined);
  return {
    of: async (work) => {
      const outcome = Promise.resolve(work);
      if (await settles(outcome, endsAt - performance.now())) return outcome;
      isOver = true;
      void closing();
      if (await settles(outcome, INTERRUPT_MS))
        return outcome.catch((cause: unknown) => {
          throw new Problem('TIMEOUT', `The graph took longer than the limit of ${ms} ms`, {
            cause,
          });
        });
      throw new Problem('SERVICE_UNAVAILABLE', `The graph has not answered for ${ms} ms`, {
        retryAfterSeconds: 5,
      });
    },
    close: async () => {
      if (!isOver) await settles(closing(), Math.max(INTERRUPT_MS, endsAt - performance.now()));
    },
  };
}

/** Whether the work is fulfilled or rejected within the time. */
async function settles(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), false);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, over]);
  } finally {
    clearTimeout(timer);
  }
}
