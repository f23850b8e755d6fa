import fc from 'fast-check';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import type { History, Step } from '../../support/histories.js';
import {
  activeFacts,
  arrivalOrders,
  clockAfter,
  dense,
  lawful,
  messagesIn,
  random,
  wild,
  withClock,
} from '../../support/histories.js';
import { memoryText } from '../../support/memory-answers.js';
import { A, PALLET, U0, commission, pack, see } from '../../support/projection-case.js';
import { historiesToTry, seed } from '../../support/test-settings.js';
import { expectAgreement } from './agreement.js';

const runs = historiesToTry({ daily: 1_000, nightly: 20_000 });

function take(memory: MemoryWorld, messages: readonly Step[], now: number): void {
  memory.apply(
    messages.flatMap((m) => (m.kind === 'fact' ? [m.fact] : [])),
    messages.flatMap((m) => (m.kind === 'retract' ? [m.eventId] : [])),
    now,
  );
}

/** Messages in groups of random size, as the writer would batch them. */
function inBatches(messages: readonly Step[], most: number, salt: number): Step[][] {
  const next = random(salt);
  const batches: Step[][] = [];
  for (let i = 0; i < messages.length;) {
    const size = 1 + Math.floor(next() * most);
    batches.push(messages.slice(i, i + size));
    i += size;
  }
  return batches;
}

function expectSteps(steps: readonly Step[], memory: MemoryWorld): void {
  expectAgreement(activeFacts(messagesIn(steps)), memory, clockAfter(steps));
}

function holds(history: History): void {
  let digest: string | undefined;
  arrivalOrders(history).forEach((messages, i) => {
    const memory = new MemoryWorld();
    const steps = withClock(messages, history);
    const batches =
      i === 2 ? steps.map((m) => [m]) : inBatches(steps, i === 1 ? 3 : 12, history.seed + i);
    const sofar: Step[] = [];
    for (const batch of batches) {
      sofar.push(...batch);
      take(memory, batch, clockAfter(sofar));
      if (i === 2) expectSteps(sofar, memory);
    }
    if (i === 0) expectSteps(steps, memory);
    const told = memoryText(memory);
    digest ??= told;
    if (told !== digest) expect(told).toBe(digest);
  });
}

describe('the projection', () => {
  test('takes out a fact that came twice, as another object the second time', () => {
    const memory = new MemoryWorld();
    const [made, seen] = [commission('made', 1, [U0], { site: A }), see('seen', 2, [U0])];
    memory.apply([made, seen], []);
    memory.apply([{ ...seen }], []);
    memory.apply([], ['seen']);
    memory.apply([pack('packed', 3, PALLET, [U0])], []);

    const once = new MemoryWorld();
    once.apply([made, pack('packed', 3, PALLET, [U0])], []);
    expect(memoryText(memory)).toBe(memoryText(once));
    expect(memory.world.history(U0).facts.map(({ id }) => id)).toEqual(['made', 'packed']);
  });

  test.each([
    ['dense', dense, runs],
    ['wild', wild, Math.ceil(runs / 5)],
    ['lawful', lawful, Math.ceil(runs / 5)],
  ] as const)(
    'agrees with the reference and is the same for any order, batching, repetition and clock: %s histories',
    (_, histories, numRuns) => {
      fc.assert(fc.property(histories, holds), { numRuns, seed });
    },
    3_600_000,
  );
});
