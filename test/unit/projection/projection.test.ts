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
import { MemoryAnswers, memoryText } from '../../support/memory-answers.js';
import { A, PALLET, U0, commission, pack, see } from '../../support/projection-case.js';
import { PROJECTION_CASES } from '../../support/projection-cases.js';
import type { Reference } from '../../support/reference-projection.js';
import { BIRTH_FLAGS } from '../../support/reference-births.js';
import { FLAGS, reference } from '../../support/reference-projection.js';
import { historiesToTry, seed } from '../../support/test-settings.js';

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

/** As `toEqual`, but fast: millions of answers are compared. */
function same(told: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(told), JSON.stringify(expected)];
  if (a !== b) throw new Error(`told\n  ${a}\nexpected\n  ${b}`);
}

function expectAgreement(steps: readonly Step[], memory: MemoryWorld): void {
  const expected = reference(activeFacts(messagesIn(steps)), clockAfter(steps));
  const answers = new MemoryAnswers(memory);
  same(answers.recount(), []);
  for (const key of expected.packages())
    for (const t of expected.instants) {
      const e = expected.at(key, t);
      const told = e && { where: e.where, status: e.status, container: e.container };
      same([key, t, answers.at(key, t)], [key, t, told]);
    }
  expectTotals(expected, answers);
  expectFlags(expected, memory);
}

function expectTotals(expected: Reference, answers: MemoryAnswers): void {
  const lots = new Set(expected.packages().map((key) => expected.lotOf(key)));
  for (const lot of lots) {
    const told = new Map([...answers.totals(lot)].filter(([, n]) => n.units + n.containers > 0));
    same([lot, sorted(told)], [lot, sorted(expected.totals(lot))]);
  }
}

const JUDGED: readonly string[] = [...FLAGS, ...BIRTH_FLAGS];

function expectFlags(expected: Reference, memory: MemoryWorld): void {
  const told = [...memory.findings].flatMap(([at, list]) => {
    const [k, t] = [at.slice(0, at.lastIndexOf(' ')), at.slice(at.lastIndexOf(' ') + 1)];
    return list.flatMap(({ code }) => (JUDGED.includes(code) ? [`${k} ${t} ${code}`] : []));
  });
  const wanted = expected.exceptions().map(({ k, t, code }) => `${k} ${t} ${code}`);
  same([...new Set(told)].sort(), [...new Set(wanted)].sort());
}

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
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
      if (i === 2) expectAgreement(sofar, memory);
    }
    if (i === 0) expectAgreement(steps, memory);
    const told = memoryText(memory);
    digest ??= told;
    if (told !== digest) expect(told).toBe(digest);
  });
}

describe('the projection', () => {
  describe.each(PROJECTION_CASES.map((one) => [one.name, one] as const))('%s', (_, one) => {
    test('is answered as written by hand, arriving one by one', () => {
      const memory = new MemoryWorld();
      for (const fact of one.facts) memory.apply([fact], []);
      for (const eventId of one.retract ?? []) memory.apply([], [eventId]);

      const answers = new MemoryAnswers(memory);
      const told = one.at.map(([k, t]) => {
        const a = answers.at(k, t);
        return [k, t, a?.where, a?.status, a?.container];
      });
      expect(told).toEqual(one.at);
      expect(answers.recount()).toEqual([]);
    });
  });

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
