import { Cron } from 'croner';
import { cronPatternOf } from './schedule.rules.js';
import type { Schedule } from './schedule.rules.js';

/**
 * The first instant after `afterMs` (epoch ms, UTC) at which every field of the schedule matches; a day must match both dayOfMonth and
 * dayOfWeek. Null when there is none, such as February 30.
 */
export function nextRunMs(schedule: Schedule, afterMs: number): number | null {
  const cron = new Cron(cronPatternOf(schedule), {
    timezone: 'UTC',
    mode: '6-part',
    domAndDow: true,
  });
  return cron.nextRun(new Date(afterMs))?.getTime() ?? null;
}
