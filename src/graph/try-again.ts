import { setTimeout as sleep } from 'node:timers/promises';
import { isOutdated } from './graph-errors.js';

/** Limits of all tries together. */
export interface TryLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Waits before each new try, ms. */
const PAUSES_MS = [0, 100, 300, 900];

/**
 * Tries a statement again that a commit disturbed, at once, or whose member of the cluster failed, after a pause.
 *
 * @param run with the time that is left, ms, and the number of tries before
 */
export async function untilItWorks<T>(
  run: (left: number, tries: number) => Promise<T>,
  isForAnotherMember: (error: unknown) => boolean,
  { timeoutMs, signal }: TryLimits,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  let left = timeoutMs;
  for (const [tries, pauseMs] of PAUSES_MS.entries())
    try {
      return await run(left, tries);
    } catch (error) {
      const isDisturbed = isOutdated(error);
      if (signal?.aborted === true || !(isDisturbed || isForAnotherMember(error))) throw error;
      const pause = isDisturbed ? 0 : pauseMs;
      left = Math.floor(endsAt - performance.now() - pause);
      if (left <= 0) throw error;
      await sleep(pause);
    }
  return run(left, PAUSES_MS.length);
}
