import { Problem } from '../shared/problem.js';

/** A Neo4j that answers at all ends what it is told to within this. */
const INTERRUPT_MS = 300;

/** Holds for all that is waited for in one session. */
export interface TimeLimit {
  /** What is waited for, or a Problem when the time is over. */
  of<T>(work: PromiseLike<T>): Promise<T>;
  /** Gives the connection back; waits for that unless the time was over. */
  close(): Promise<void>;
}

/**
 * A limit that holds whether Neo4j answers or not. When it is over the session is closed, which interrupts the statement: a Neo4j
 * that answers says so at once (`TIMEOUT`); one that hangs does not (`SERVICE_UNAVAILABLE`), and nobody waits for it.
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

/** Whether it is fulfilled or rejected within the time. */
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
