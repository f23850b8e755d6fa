/** How long a failed delivery waits before the next try. */
export interface RetryTimes {
  /** Wait after the first failure, ms. */
  readonly minMs: number;
  /** Longest wait, ms. */
  readonly maxMs: number;
}

/**
 * How long to wait after a number of failures in a row. The wait doubles each time up to `maxMs`.
 * The result is between half and all of it by chance, so that the subscriptions of one receiver do
 * not retry together. A longer time that the receiver asked for is kept, up to `maxMs`.
 *
 * @param failures from 1
 * @param random from 0 to 1
 */
export function waitAfterFailureMs(
  failures: number,
  { minMs, maxMs }: RetryTimes,
  { random, askedMs = 0 }: { readonly random: number; readonly askedMs?: number },
): number {
  const doubled = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 40));
  const wait = Math.round(doubled * (0.5 + random / 2));
  return Math.min(maxMs, Math.max(wait, askedMs));
}

/** Whether a lease lasts long enough to send one document and get the answer. All times are ms of one clock. */
export function lastsForOne(leaseEndsAt: number, now: number, timeoutMs: number): boolean {
  return leaseEndsAt - now > timeoutMs + 1000;
}
