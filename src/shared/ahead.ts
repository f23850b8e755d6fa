/** Clocks may differ by this: a time that is no further ahead counts as now. */
export const CLOCK_ALLOWANCE_MS = 60_000;

/** A time further ahead than this is flagged. */
export const DAY_MS = 86_400_000;

/** True for a time ahead of the clock: an event of that time has not happened yet. */
export function isAhead(t: number, now: number): boolean {
  return t > dueUntil(now);
}

/** The latest time that counts as past at `now`. */
export function dueUntil(now: number): number {
  return now + CLOCK_ALLOWANCE_MS;
}
