/** What others claim of packages that are not theirs, and what is in a container that nothing counted for yet. */
import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { MemoryAnswers, memoryText } from '../../support/memory-answers.js';
import { TOTE, U0, U1, destroy, pack, receive, see, ship } from '../../support/projection-case.js';
import { decommission } from '../../support/projection-case.js';
import { SightAnswers } from '../../support/sight-answers.js';
import { D, M2, Q, W, atD, atQ, atW, organisations } from '../../support/sight-stories.js';

function told(facts: readonly Fact[], retracted: readonly string[] = []): MemoryWorld {
  const memory = new MemoryWorld(organisations);
  for (const fact of facts) memory.apply([fact], []);
  memory.apply([], retracted);
  return memory;
}

test('what was in a container that begins now was nowhere known, whichever of them is looked at first', () => {
  const facts = [
    pack('packed', 1, TOTE, [U0], { by: Q, site: atQ }),
    ship('shipped', 2, [TOTE], { by: Q, dest: atD }),
    receive('arrived', 3, [U0], { by: D, site: atD }),
    see('begun', 3, [TOTE], { site: atW }),
    see('seen', 3, [TOTE, U1], { by: Q, site: atQ }),
  ];
  const atOnce = new MemoryWorld(organisations);
  atOnce.apply(facts, ['seen']);

  expect(memoryText(told(facts, ['seen']))).toBe(memoryText(atOnce));
});

test('what nothing that counts named ends where the container is that others claim it to be in', () => {
  const memory = told([
    pack('packed', 1, TOTE, [U0], { by: Q, site: atQ }),
    destroy('destroyed', 2, [U0], { by: D }),
  ]);
  expect(new MemoryAnswers(memory).at(U0, 2)).toMatchObject({ where: atQ, container: null });
});

test('who packs its unit into a container that only its end names otherwise sees the unit still', () => {
  const memory = told([
    pack('packed', 1, TOTE, [U0], { by: M2 }),
    decommission('ended', 1, [TOTE], { by: W }),
  ]);
  expect(new SightAnswers(memory).sees(M2, U0, 1)).toBe(true);
});
