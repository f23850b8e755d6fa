/**
 * It has the clock of its realm stopped.
 *
 * @jest-environment node
 */
import { Loop } from '../../../src/shared/loop.js';
import type { LoopWork } from '../../../src/shared/loop.js';

// ECMAScript modules have no global `jest`.
const timers = import.meta.jest;

beforeEach(() => {
  timers.useFakeTimers();
});
afterEach(() => {
  timers.useRealTimers();
});

/** A loop that counts, with the failures it told of. */
function counting(work: Partial<LoopWork> = {}): {
  loop: Loop;
  steps: () => number;
  told: Error[];
} {
  const told: Error[] = [];
  let steps = 0;
  const { step = () => Promise.resolve(false), waitMs = () => null } = work;
  const loop = new Loop({
    step: () => {
      steps++;
      return step();
    },
    waitMs,
    failed: (error) => told.push(error as Error),
  });
  return { loop, steps: () => steps, told };
}

/** A step that lasts until it is released. */
function held(more: boolean): { readonly step: () => Promise<boolean>; release: () => void } {
  const steps: ((more: boolean) => void)[] = [];
  return {
    step: () => new Promise((resolve) => steps.push(resolve)),
    release: () => steps.shift()?.(more),
  };
}

const settle = (): Promise<void> => timers.advanceTimersByTimeAsync(0);

test('nothing is done before it starts, and then after each wait', async () => {
  const { loop, steps } = counting({ waitMs: () => 100 });
  await timers.advanceTimersByTimeAsync(1000);
  expect(steps()).toBe(0);
  loop.start();
  await timers.advanceTimersByTimeAsync(350);
  expect(steps()).toBe(3);
});

test('nudges during a step are one more step, never two at a time', async () => {
  const { step, release } = held(false);
  const { loop, steps } = counting({ step });
  for (let n = 0; n < 3; n++) loop.nudge();
  await settle();
  expect(steps()).toBe(1);
  release();
  await settle();
  expect(steps()).toBe(2);
  release();
  await settle();
  expect(steps()).toBe(2);
});

test('a step that tells of more is followed by the next at once', async () => {
  let left = 4;
  const { loop, steps } = counting({ step: () => Promise.resolve(--left > 0) });
  loop.nudge();
  await settle();
  expect(steps()).toBe(4);
});

test('failing is told once until a step succeeds, and tried again', async () => {
  let fails = true;
  const { loop, steps, told } = counting({
    step: () => (fails ? Promise.reject(new Error('no')) : Promise.resolve(false)),
    waitMs: () => 100,
  });
  loop.start();
  await timers.advanceTimersByTimeAsync(350);
  expect([steps(), told.length]).toEqual([3, 1]);
  fails = false;
  await timers.advanceTimersByTimeAsync(100);
  fails = true;
  await timers.advanceTimersByTimeAsync(200);
  expect([steps(), told.length]).toEqual([6, 2]);
});

test('stopping waits for the step under way and begins none', async () => {
  const { step, release } = held(true);
  const { loop, steps } = counting({ step, waitMs: () => 100 });
  loop.nudge();
  let stopped = false;
  const end = loop.stop().then(() => {
    stopped = true;
  });
  await settle();
  expect(stopped).toBe(false);
  release();
  await end;
  loop.nudge();
  await timers.advanceTimersByTimeAsync(1000);
  expect(steps()).toBe(1);
});
