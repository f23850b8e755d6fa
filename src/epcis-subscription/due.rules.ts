import type { Position } from './batch.rules.js';

/** When something must be sent, by the clock and the log. */
export interface Timing {
  /** Null for a stream. */
  readonly schedule: object | null;
  /** Next run or next try, epoch ms; 0 for a stream that waits for events. */
  readonly dueAt: number;
  readonly position: Position;
}

/** Whether a run is due: a schedule by the clock, and a stream when there are new commits. Both wait for their next try after a failure. */
export function isDue({ schedule, dueAt, position }: Timing, now: number, head: number): boolean {
  if (now < dueAt) return false;
  return schedule !== null || position.seq < head || position.after !== null;
}

/** The time until the clock makes one of them due, at most `mostMs`. Streams that wait for events do not count. */
export function msUntilDue(
  timings: readonly Pick<Timing, 'dueAt'>[],
  now: number,
  mostMs: number,
): number {
  const waits = timings.filter(({ dueAt }) => dueAt > now).map(({ dueAt }) => dueAt - now);
  return Math.min(mostMs, ...waits);
}
