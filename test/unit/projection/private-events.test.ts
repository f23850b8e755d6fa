import fc from 'fast-check';
import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { namesOf } from '../../../src/projection/state.js';
import { MemoryAnswers } from '../../support/memory-answers.js';
import { privateEvents } from '../../support/private-events.js';
import { SightAnswers } from '../../support/sight-answers.js';
import { PARTNERS, TRADERS, trade } from '../../support/sight-histories.js';
import { shuffle } from '../../support/histories.js';
import { historiesToTry, seed } from '../../support/test-settings.js';

/** All that a partner is told of the packages of `facts`, as text. */
function answersFor(partner: string, memory: MemoryWorld, facts: readonly Fact[]): string {
  const [answers, sight] = [new MemoryAnswers(memory), new SightAnswers(memory)];
  const keys = [...new Set(facts.flatMap(namesOf))].sort();
  const names = new Map<string, string[]>();
  for (const fact of facts) names.set(fact.eventId, [...namesOf(fact)].sort());
  const where = keys.flatMap((key) =>
    [...facts.flatMap(({ t }) => [t, t + 999]), Infinity].map((t) =>
      sight.sees(partner, key, t)
        ? [
            key,
            t,
            {
              ...answers.at(key, t),
              where: sight.where(key, t),
              ...sight.ownLook(key, t),
            },
          ]
        : [],
    ),
  );
  const findings = [...memory.findings].flatMap(([at, list]) => {
    const told = list.filter(({ viewers = [] }) => viewers.includes(partner));
    return told.length === 0 ? [] : [JSON.stringify([at, told])];
  });
  const events = sight.events(partner, names).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const shown = [...sight.shown(partner)].sort();
  return JSON.stringify([where, events, shown, findings.sort()]);
}

function apply(facts: readonly Fact[]): MemoryWorld {
  const memory = new MemoryWorld(TRADERS);
  for (const fact of facts) memory.apply([fact], []);
  return memory;
}

test('what others do with goods out of its sight changes no answer for a partner', () => {
  const pairs = fc.record({ history: trade, other: trade, salt: fc.nat(1e9) });
  let added = 0;
  fc.assert(
    fc.property(pairs, ({ history, other, salt }) => {
      const { facts } = history;
      const alone = apply(shuffle(facts, salt));
      for (const partner of PARTNERS) {
        const extra = privateEvents(facts, partner, { other, organisations: TRADERS, salt });
        added += extra.length;
        const together = apply(shuffle([...facts, ...extra], salt + 1));
        expect(answersFor(partner, together, facts)).toBe(answersFor(partner, alone, facts));
      }
    }),
    { numRuns: historiesToTry({ daily: 40, nightly: 3_000 }), seed },
  );
  expect(added).toBeGreaterThan(1_000);
});
