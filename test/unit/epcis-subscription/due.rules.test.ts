import { lastsForOne } from '../../../src/delivery/retry.rules.js';
import { isDue, msUntilDue } from '../../../src/epcis-subscription/due.rules.js';
import type { Timing } from '../../../src/epcis-subscription/due.rules.js';

const NOW = 10_000;
const HEAD = 7;
const stream = (more: Partial<Timing> = {}): Timing => ({
  ...{ schedule: null, dueAt: 0, position: { seq: HEAD, after: null } },
  ...more,
});
const inside = { seq: HEAD, after: { eventTimeMs: 1, id: 'a', mark: '' } };

test.each<[string, Timing, boolean]>([
  ['a stream that has taken everything waits', stream(), false],
  ['a stream behind the log', stream({ position: { seq: HEAD - 1, after: null } }), true],
  ['a stream in the middle of the last commit', stream({ position: inside }), true],
  [
    'a stream that failed waits for its next try',
    stream({ position: inside, dueAt: NOW + 1 }),
    false,
  ],
  ['a schedule whose time has come, with nothing new', stream({ schedule: {}, dueAt: NOW }), true],
  ['a schedule a moment early', stream({ schedule: {}, dueAt: NOW + 1 }), false],
])('%s: due is %s', (_, timing, due) => {
  expect(isDue(timing, NOW, HEAD)).toBe(due);
});

test('the clock wakes for the earliest that is still to come, and at last after the longest wait', () => {
  const at = (...times: number[]): number =>
    msUntilDue(
      times.map((dueAt) => ({ dueAt })),
      NOW,
      500,
    );

  expect(at(NOW + 300, NOW + 200, 0, NOW)).toBe(200);
  expect(at(NOW + 900)).toBe(500);
  expect(at(0, NOW)).toBe(500);
  expect(at()).toBe(500);
});

test('a lease must outlast the wait for an answer by more than a second', () => {
  expect(lastsForOne(NOW + 6001, NOW, 5000)).toBe(true);
  expect(lastsForOne(NOW + 6000, NOW, 5000)).toBe(false);
});
