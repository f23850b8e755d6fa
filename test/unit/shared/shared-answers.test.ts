import { fixedClock } from '../../../src/shared/clock.js';
import { SharedAnswers } from '../../../src/shared/shared-answers.js';

function makeShared(): {
  readonly ask: (key: string) => number;
  readonly log: { position: number };
  readonly clock: ReturnType<typeof fixedClock>;
} {
  const log = { position: 1 };
  const clock = fixedClock(5000);
  const shared = new SharedAnswers({ position: () => log.position, clock });
  let found = 0;
  return { ask: (key) => shared.of(key, () => ++found), log, clock };
}

test('what has one key is found once', () => {
  const { ask } = makeShared();
  expect([ask('a'), ask('b'), ask('a'), ask('b')]).toEqual([1, 2, 1, 2]);
});

test('it is found again when the log goes on', () => {
  const { ask, log } = makeShared();
  ask('a');
  log.position = 2;
  expect([ask('a'), ask('a')]).toEqual([2, 2]);
});

test('it is found again after a second', () => {
  const { ask, clock } = makeShared();
  ask('a');
  clock.set(6000);
  expect(ask('a')).toBe(1);
  clock.set(6001);
  expect(ask('a')).toBe(2);
});

test('no more than 2,000 answers are kept', () => {
  const { ask } = makeShared();
  for (let i = 0; i < 2000; i++) ask(`key ${i}`);
  expect(ask('key 0')).toBe(2001);
});
