import fc from 'fast-check';
import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { arrivalOrders, dense } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import { PROJECTION_CASES } from '../../support/projection-cases.js';
import { TRADERS, sent, trade } from '../../support/sight-histories.js';
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
