/** So far clocks may differ: what is dated no further ahead counts as now. */
export const CLOCK_ALLOWANCE_MS = 60_000;

/** What is dated further ahead than this is flagged. */
export const DAY_MS = 86_400_000;

/** Whether an instant lies ahead of the clock: what is dated so has not happened yet. */
export function isAhead(t: number, now: number): boolean {
  return t > dueUntil(now);
}

/** Up to which instant all has happened by a clock. */
export function dueUntil(now: number): number {
  return now + CLOCK_ALLOWANCE_MS;
}
