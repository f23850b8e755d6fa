import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import type { Viewed } from '../../../src/projection/viewers.js';
import { CASE, PALLET, U1 } from '../../support/projection-case.js';
import { pack } from '../../support/projection-case.js';
import { SightAnswers } from '../../support/sight-answers.js';
import { SIGHT_CASES } from '../../support/sight-cases.js';
import { ALL, M, M2, T, atT, mixedAtT, organisations } from '../../support/sight-stories.js';

describe.each(SIGHT_CASES.map((one) => [one.name, one] as const))('%s', (_, one) => {
  test.each([
    ['as it happened', (facts: readonly Fact[]) => facts],
    ['the last first', (facts: readonly Fact[]) => facts.toReversed()],
  ])('arriving %s', (_how, arriving) => {
    const memory = new MemoryWorld(organisations);
    for (const fact of arriving(one.facts)) memory.apply([fact], []);
    for (const id of one.retract ?? []) memory.apply([], [id]);
    const answers = new SightAnswers(memory);

    const seen = one.seen.map(([key, t]) => [
      key,
      t,
      ALL.filter((who) => answers.sees(who, key, t)),
    ]);
    expect(seen).toEqual(
      one.seen.map(([key, t, who]) => [key, t, ALL.filter((k) => who.includes(k))]),
    );
    for (const [id, who] of one.events ?? [])
      expect([id, viewersOf(memory, id)]).toEqual([id, who]);
    const told = [...memory.findings].flatMap(([at, list]) =>
      list.flatMap(({ code }) =>
        ['NO_STANDING', 'TITLE_UNSTATED'].includes(code) ? [`${at} ${code}`] : [],
      ),
    );
    expect(told.sort()).toEqual((one.findings ?? []).map((finding) => finding.join(' ')).sort());
  });
});

function viewersOf(memory: MemoryWorld, id: string): Record<string, string | readonly string[]> {
  const viewers = memory.seen.get(id) ?? new Map<string, Viewed>();
  return Object.fromEntries(
    [...viewers].map(([who, { whole, names }]) => [who, whole ? 'whole' : (names ?? 'all')]),
  );
}

test('a top shows to each what it sees of it: units of each lot, and boxes with some', () => {
  const memory = new MemoryWorld(organisations);
  const facts = [
    ...mixedAtT,
    pack('case', 5, CASE, [U1], { site: atT, by: T }),
    pack('on', 6, PALLET, [CASE], { site: atT, by: T }),
  ];
  for (const fact of facts.toReversed()) memory.apply([fact], []);

  const shown = [...memory.shown.values()].flat();
  const lines = shown.map(({ organisation, units, boxes }) => `${organisation} ${units} ${boxes}`);
  expect(lines.sort()).toEqual([`${M} 1 0`, `${M2} 1 1`, `${T} 2 1`]);
});
