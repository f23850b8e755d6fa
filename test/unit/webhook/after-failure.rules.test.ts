import { afterFailure } from '../../../src/webhook/after-failure.rules.js';
import type { Failure, Verdict } from '../../../src/webhook/after-failure.rules.js';

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;
const after = (more: Partial<Failure>): Verdict =>
  afterFailure(
    { recordTime: NOW, failingSince: NOW, failures: 1, ...more },
    { minMs: 1000, giveUpMs: 72 * HOUR },
    { now: NOW, random: 1 },
  );
const hoursAgo = (n: number): number => NOW - n * HOUR;

test.each<[string, Partial<Failure>, Verdict]>([
  ['a first failure', {}, { kind: 'retry', waitMs: 1000 }],
  ['each wait is twice the one before', { failures: 5 }, { kind: 'retry', waitMs: 16_000 }],
  ['up to four hours', { failures: 30 }, { kind: 'retry', waitMs: 4 * HOUR }],
  ['a time that it asked for', { askedMs: 60_000 }, { kind: 'retry', waitMs: 60_000 }],
  ['a receiver that is gone', { isGone: true }, { kind: 'gone' }],
  [
    'an old message, to a receiver that failed just now, as after a replay',
    { recordTime: hoursAgo(500) },
    { kind: 'retry', waitMs: 1000 },
  ],
  [
    'a new message, to a receiver that is down for long',
    { failingSince: hoursAgo(500), recordTime: hoursAgo(71) },
    { kind: 'retry', waitMs: 1000 },
  ],
  [
    'a message that waited for three days',
    { failingSince: hoursAgo(500), recordTime: hoursAgo(72) },
    { kind: 'give-up' },
  ],
])('%s', (_, failure, verdict) => {
  expect(after(failure)).toEqual(verdict);
});
