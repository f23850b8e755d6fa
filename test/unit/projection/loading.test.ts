import fc from 'fast-check';
import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { arrivalOrders, dense } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import { PALLET, U0, commission, pack, ship } from '../../support/projection-case.js';
import { PROJECTION_CASES } from '../../support/projection-cases.js';
import { TRADERS, sent, trade } from '../../support/sight-histories.js';
import { atM, atW, organisations } from '../../support/sight-stories.js';
import { historiesToTry, seed } from '../../support/test-settings.js';
import { changesByLoading, changesText } from './loaded-world.js';

/** Takes a batch in, and holds what follows from all that is recorded against what follows from what is loaded. */
function take(memory: MemoryWorld, added: readonly Fact[], removed: readonly Fact[]): void {
  const { holdings, ...loaded } = changesByLoading(memory.world, added, removed);
  // What is recorded and was not loaded may be written again.
  const fresh = holdings.filter(({ id }) => !memory.world.holdings.has(id));
  const whole = memory.apply(
    added,
    removed.map(({ eventId }) => eventId),
  );
  expect(changesText({ ...loaded, holdings: fresh })).toBe(
    whole === null ? '' : changesText(whole),
  );
}

test.each(PROJECTION_CASES.map((one) => [one.name, one] as const))(
  'what is loaded piece by piece tells the same as all that is recorded: %s',
  (_, { facts, retract = [] }) => {
    for (const arriving of [facts, facts.toReversed()]) {
      const memory = new MemoryWorld();
      for (const fact of arriving) take(memory, [fact], []);
      for (const fact of facts) if (retract.includes(fact.eventId)) take(memory, [], [fact]);
    }
  },
);

function holds(history: History): void {
  const memory = new MemoryWorld(TRADERS);
  const facts = new Map<string, Fact>();
  const retracted = new Set<string>();
  for (const message of arrivalOrders(history)[1] ?? []) {
    const eventId = message.kind === 'fact' ? message.fact.eventId : message.eventId;
    const known = facts.get(eventId);
    if (retracted.has(eventId) || (known !== undefined && message.kind === 'fact')) continue;
    if (message.kind === 'fact') {
      facts.set(eventId, message.fact);
      take(memory, [message.fact], []);
    } else if (known !== undefined) {
      retracted.add(eventId);
      take(memory, [], [known]);
    }
  }
}

test.each([
  ['dense', dense],
  ['dense, with several senders', dense.map(sent)],
  ['trade', trade],
] as const)('what is loaded piece by piece tells the same: %s histories', (_, histories) => {
  fc.assert(fc.property(histories, holds), {
    numRuns: historiesToTry({ daily: 100, nightly: 5_000 }),
    seed,
  });
});

test('moving a pallet asks as often for what is in twenty cases as for what is in two', () => {
  const loads = (cases: number): number => {
    const memory = new MemoryWorld(organisations);
    const box = (n: number): string => `8003/09506000134352C${n}`;
    const numbers = Array.from({ length: cases }, (_, n) => n);
    const unit = (n: number): string => `${U0}-${n}`;
    // The units have a title, and the cases, which nobody commissioned, have none.
    memory.apply([commission('made', 1, numbers.map(unit), { site: atM })], []);
    for (const n of numbers)
      memory.apply([pack(`packed${n}`, 2 + n, box(n), [unit(n)], { site: atM })], []);
    memory.apply([pack('pallet', 50, PALLET, numbers.map(box), { site: atM })], []);
    let count = 0;
    const shipped = ship('shipped', 60, [PALLET], { dest: atW });
    changesByLoading(memory.world, [shipped], [], () => count++);
    return count;
  };
  expect(loads(20)).toBe(loads(2));
});
