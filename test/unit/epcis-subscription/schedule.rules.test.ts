import { nextRunMs } from '../../../src/epcis-subscription/next-run.js';
import { cronPatternOf, parseSchedule } from '../../../src/epcis-subscription/schedule.rules.js';

function nextRuns(schedule: unknown, after: string, count = 2): string[] {
  const parsed = parseSchedule(schedule);
  const runs: string[] = [];
  let ms = Date.parse(after);
  while (runs.length < count) {
    const next = nextRunMs(parsed, ms);
    if (next === null) break;
    ms = next;
    runs.push(new Date(next).toISOString());
  }
  return runs;
}

test.each([
  // GS1's example: every morning at 1.05am, once.
  [{ hour: '1', minute: '5' }, ['2026-02-01T01:05:00.000Z', '2026-02-02T01:05:00.000Z']],
  [{ second: '0/30' }, ['2026-02-01T00:00:30.000Z', '2026-02-01T00:01:00.000Z']],
  [{ second: '*/20' }, ['2026-02-01T00:00:20.000Z', '2026-02-01T00:00:40.000Z']],
  [{ minute: '[10-11]' }, ['2026-02-01T00:10:00.000Z', '2026-02-01T00:11:00.000Z']],
  [{ minute: '10-11,30' }, ['2026-02-01T00:10:00.000Z', '2026-02-01T00:11:00.000Z']],
  [{ minute: 7 }, ['2026-02-01T00:07:00.000Z', '2026-02-01T01:07:00.000Z']],
  // 1 is Monday and 7 Sunday; the first of February 2026 is one.
  [{ dayOfWeek: '1' }, ['2026-02-02T00:00:00.000Z', '2026-02-09T00:00:00.000Z']],
  [{ dayOfWeek: '[6-7]', hour: '12' }, ['2026-02-01T12:00:00.000Z', '2026-02-07T12:00:00.000Z']],
  // Every field has to match, the day of the month and the weekday too: Fridays the 13th.
  [{ dayOfMonth: '13', dayOfWeek: '5' }, ['2026-02-13T00:00:00.000Z', '2026-03-13T00:00:00.000Z']],
  [{ month: '6' }, ['2026-06-01T00:00:00.000Z', '2027-06-01T00:00:00.000Z']],
  [{ month: '6', dayOfWeek: '1' }, ['2026-06-01T00:00:00.000Z', '2026-06-08T00:00:00.000Z']],
])('%j runs at %j', (schedule, runs) => {
  expect(nextRuns(schedule, '2026-02-01T00:00:00.000Z')).toEqual(runs);
});

test('an instant that matches is not run twice, and the next one is not left out', () => {
  const schedule = parseSchedule({ second: '0,30' });

  expect(nextRunMs(schedule, Date.parse('2026-02-01T00:00:30.000Z'))).toBe(
    Date.parse('2026-02-01T00:01:00.000Z'),
  );
  expect(nextRunMs(schedule, Date.parse('2026-02-01T00:00:29.999Z'))).toBe(
    Date.parse('2026-02-01T00:00:30.000Z'),
  );
});

test('a day that never comes has no next run', () => {
  expect(nextRunMs(parseSchedule({ dayOfMonth: '30', month: '2' }), 0)).toBeNull();
});

test('a field with all its values is as if left out', () => {
  expect(cronPatternOf(parseSchedule({ second: '0-59', dayOfWeek: '*' }))).toBe('* * * * * *');
});

test.each([
  [{ minute: '30,10', hour: '1' }, '0 10,30 1 * * *'],
  [{ dayOfWeek: '[6-7]' }, '0 0 0 * * 6,0'],
  [{ dayOfMonth: '13', dayOfWeek: '5' }, '0 0 0 13 * 5'],
  [{ month: '6', dayOfWeek: '1' }, '0 0 0 * 6 1'],
  [{ second: '50/5' }, '50,55 * * * * *'],
])(
  'as a cron pattern, fields in its order and values ascending, Sunday being 0: %j',
  (schedule, pattern) => {
    expect(cronPatternOf(parseSchedule(schedule))).toBe(pattern);
  },
);

test.each([
  ['every day', 'schedule', 'an object'],
  [null, 'schedule', 'an object'],
  [5, 'schedule', 'an object'],
  [undefined, 'schedule', 'absent'],
  [[], 'schedule', 'an object'],
  [{}, 'schedule', 'at least one of the fields'],
  [{ year: '2026' }, 'schedule.year', 'one of the fields second'],
  [{ hour: ['1'] }, 'schedule.hour', 'a string'],
  [{ hour: '24' }, 'schedule.hour', 'numbers from 0 to 23'],
])('what is wrong in %j is said of %s', (schedule, parameter, why) => {
  expect(() => parseSchedule(schedule)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(why) as string,
      details: { parameter },
    }) as Error,
  );
});

test.each([
  [{}],
  [{ minute: '1-2-3' }],
  [{ minute: '[1-2-3]' }],
  [{ minute: '0/5/5' }],
  [{ minute: '0/x' }],
  [{ minute: '0/100' }],
  [{ minute: '1-x' }],
  [{ second: '60' }],
  [{ second: '-1' }],
  [{ second: '' }],
  [{ second: '1,' }],
  [{ minute: '[5-3]' }],
  [{ minute: '5/0' }],
  [{ minute: '1.5' }],
  [{ minute: '1 2' }],
  [{ minute: ['5'] }],
  [{ hour: '24' }],
  [{ dayOfMonth: '0' }],
  [{ month: 'JAN' }],
  [{ dayOfWeek: '0' }],
  [{ dayOfWeek: '8' }],
  [{ year: '2026' }],
  ['every day'],
  [[]],
])('%j is refused', (schedule) => {
  expect(() => parseSchedule(schedule)).toThrow(
    expect.objectContaining({ code: 'SUBSCRIPTION_CONTROLS' }) as Error,
  );
});
