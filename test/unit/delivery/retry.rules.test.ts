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
