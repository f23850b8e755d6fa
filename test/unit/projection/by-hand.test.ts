import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { MemoryAnswers, memoryText } from '../../support/memory-answers.js';
import { PROJECTION_CASES } from '../../support/projection-cases.js';
import { expectAgreement } from './agreement.js';

/** Ways in which the facts of a case may arrive, each a list of batches. */
const ARRIVALS: readonly (readonly [string, (facts: readonly Fact[]) => (readonly Fact[])[]])[] = [
  ['one by one', (facts) => facts.map((fact) => [fact])],
  ['one by one, the last first', (facts) => facts.toReversed().map((fact) => [fact])],
  ['in time', (facts) => facts.toSorted((a, b) => a.t - b.t).map((fact) => [fact])],
  ['all at once', (facts) => [facts]],
  [
    'the first after all others',
    ([first, ...others]) => [others, first === undefined ? [] : [first]],
  ],
];

function arriving(batches: readonly (readonly Fact[])[], retract: readonly string[]): MemoryWorld {
  const memory = new MemoryWorld();
  for (const batch of batches) memory.apply(batch, []);
  for (const eventId of retract) memory.apply([], [eventId]);
  return memory;
}

describe.each(PROJECTION_CASES.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const retract = one.retract ?? [];
  const active = one.facts.filter(({ eventId }) => !retract.includes(eventId));
  const straight = memoryText(arriving([active], []));

  test.each(ARRIVALS)('is answered as written by hand, arriving %s', (_how, batchesOf) => {
    const memory = arriving(batchesOf(one.facts), retract);
    const answers = new MemoryAnswers(memory);

    const told = one.at.map(([k, t]) => {
      const a = answers.at(k, t);
      return [k, t, a?.where, a?.status, a?.container];
    });
    expect(told).toEqual(one.at);
    expectAgreement(active, memory);
    expect(memoryText(memory)).toBe(straight);
  });

  test('is as if it had never been when all of it is taken out again, the first first', () => {
    const memory = arriving(
      [one.facts],
      one.facts.map(({ eventId }) => eventId),
    );

    expect(memoryText(memory)).toBe('');
  });
});
