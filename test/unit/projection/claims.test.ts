/** What others claim of packages that are not theirs, and what is in a container that nothing counted for yet. */
import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { lotIdOf } from '../../../src/projection/state.js';
import { MemoryAnswers, memoryText } from '../../support/memory-answers.js';
import {
  CARTON,
  TOTE,
  U0,
  U1,
  U2,
  commission,
  destroy,
  pack,
} from '../../support/projection-case.js';
import { decommission, receive, see, ship } from '../../support/projection-case.js';
import { SightAnswers } from '../../support/sight-answers.js';
import { D, M, M2, Q, W, atD, atM, atQ, atW, organisations } from '../../support/sight-stories.js';

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

/** Two units and a carton, all bought by the wholesaler. */
const atHome = [
  commission('made', 1, [U0, U1, CARTON], { site: atM, by: M, lot: 'L1' }),
  ship('sold', 2, [U0, U1, CARTON], { dest: atW, by: M, giver: { owner: M }, taker: { owner: W } }),
  receive('got', 3, [U0, U1, CARTON], { site: atW, by: W, taker: { owner: W } }),
];
const packedByW = pack('packed', 4, CARTON, [U0], { site: atW, by: W });
const LOT = lotIdOf(U0, 'L1');

test('who packs into what it has but may not begin makes no container of it', () => {
  const [before, after] = [told(atHome), told([...atHome, packedByW])];
  const answers = new MemoryAnswers(after);
  expect(answers.at(U0, 4)).toMatchObject({ where: atW, container: null });
  expect(answers.totals(LOT)).toEqual(new MemoryAnswers(before).totals(LOT));
  expect(after.findings.get(`${CARTON} 4`)?.map(({ code }) => code)).toEqual(['NO_STANDING']);
});

test.each([
  ['the maker', { by: M, site: atM }],
  ['the host', { site: atM }],
])(
  'from when %s tells that it is one, also later, it holds what others packed into it',
  (_, of) => {
    const madeOne = pack('late', 1, CARTON, [U2], of);
    const memory = told([...atHome, packedByW, madeOne]);
    expect(new MemoryAnswers(memory).at(U0, 4)).toMatchObject({ container: CARTON });
    expect(memoryText(memory)).toBe(memoryText(told([madeOne, ...atHome, packedByW])));
    const taken = told([...atHome, packedByW, madeOne], ['late']);
    expect(new MemoryAnswers(taken).at(U0, 4)).toMatchObject({ container: null });
    expect(memoryText(taken)).toBe(memoryText(told([madeOne, ...atHome, packedByW], ['late'])));
  },
);
