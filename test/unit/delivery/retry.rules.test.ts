import { isDue, lastsForOne, msUntilDue } from '../../../src/epcis-subscription/due.rules.js';
import { waitAfterFailureMs } from '../../../src/delivery/retry.rules.js';

const TIMES = { minMs: 1000, maxMs: 300_000 };

test('waits double with each failure up to the longest', () => {
  const waits = [1, 2, 3, 9, 10, 500].map((n) => waitAfterFailureMs(n, TIMES, { random: 1 }));

  expect(waits).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000]);
});

test('chance takes off up to half', () => {
  expect(waitAfterFailureMs(3, TIMES, { random: 0 })).toBe(2000);
  expect(waitAfterFailureMs(3, TIMES, { random: 0.5 })).toBe(3000);
});

test('a time the receiver asks for is kept, up to the longest', () => {
  expect(waitAfterFailureMs(1, TIMES, { random: 1, askedMs: 60_000 })).toBe(60_000);
  expect(waitAfterFailureMs(1, TIMES, { random: 1, askedMs: 900_000 })).toBe(300_000);
  expect(waitAfterFailureMs(5, TIMES, { random: 1, askedMs: 10 })).toBe(16_000);
});

const at = (seq: number): { seq: number; after: null } => ({ seq, after: null });

test('a stream is due when the log went on, and not before its next try', () => {
  expect(isDue({ schedule: null, dueAt: 0, position: at(5) }, 100, 6)).toBe(true);
  expect(isDue({ schedule: null, dueAt: 0, position: at(6) }, 100, 6)).toBe(false);
  expect(isDue({ schedule: null, dueAt: 101, position: at(5) }, 100, 6)).toBe(false);
});

test('a stream that stands inside a commit is due without a further one', () => {
  const after = { eventTimeMs: 1, id: 'a', mark: '' };

  expect(isDue({ schedule: null, dueAt: 0, position: { seq: 6, after } }, 100, 6)).toBe(true);
});

test('a schedule is due by the clock, whether or not the log went on', () => {
  expect(isDue({ schedule: {}, dueAt: 100, position: at(6) }, 100, 6)).toBe(true);
  expect(isDue({ schedule: {}, dueAt: 101, position: at(5) }, 100, 6)).toBe(false);
});

test('the nearest time that is to come says how long to wait', () => {
  expect(msUntilDue([{ dueAt: 0 }, { dueAt: 150 }, { dueAt: 400 }], 100, 2000)).toBe(50);
  expect(msUntilDue([{ dueAt: 0 }, { dueAt: 90 }], 100, 2000)).toBe(2000);
  expect(msUntilDue([], 100, 2000)).toBe(2000);
});

test('a lease that could end before an answer does not do', () => {
  expect(lastsForOne(20_000, 5_000, 10_000)).toBe(true);
  expect(lastsForOne(20_000, 9_000, 10_000)).toBe(false);
});
