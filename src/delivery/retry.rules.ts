/** How long a delivery that failed waits before it is tried again. */
export interface RetryTimes {
  /** Wait after the first failure, ms. */
  readonly minMs: number;
  /** Longest wait, ms. */
  readonly maxMs: number;
}

/**
 * How long to wait after so many failures in a row: doubled each time up to the longest, between half and all of it by chance, so
 * that subscriptions of one receiver do not come back together. A time the receiver asked for is kept, up to the longest.
 *
 * @param failures from 1 on
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
