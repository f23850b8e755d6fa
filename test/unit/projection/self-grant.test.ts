import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { PALLET, TOTE, U0, U1, U2 } from '../../support/projection-case.js';
import { commission, decommission, dispense, empty } from '../../support/projection-case.js';
import { pack, receive, see, ship, unpack, voidShipping } from '../../support/projection-case.js';
import { SightAnswers } from '../../support/sight-answers.js';
import {
  D,
  Q,
  W,
  atQ,
  boughtByW,
  organisations,
  palletAtW,
  sold,
} from '../../support/sight-stories.js';

/** What somebody may send of a package out of sight. */
const ATTEMPTS: readonly [string, (key: string, t: number) => Fact][] = [
  [
    'a receipt',
    (k, t) =>
      receive('x', t, [k], { site: atQ, by: Q, taker: { owner: Q, possessor: Q }, parties: [Q] }),
  ],
  [
    'a shipping to itself',
    (k, t) =>
      ship('x', t, [k], {
        dest: atQ,
        by: Q,
        giver: { owner: Q },
        taker: { owner: Q, possessor: Q },
        parties: [Q],
      }),
  ],
  ['a pack into its box', (k, t) => pack('x', t, TOTE, [k], { site: atQ, by: Q })],
  ['a pack of something into it', (k, t) => pack('x', t, k, [U2], { site: atQ, by: Q })],
  ['an unpack of it', (k, t) => unpack('x', t, PALLET, [k], { site: atQ, by: Q })],
  ['an emptying of it', (k, t) => empty('x', t, k, { site: atQ, by: Q })],
  ['an observation', (k, t) => see('x', t, [k], { site: atQ, by: Q })],
  ['a commissioning', (k, t) => commission('x', t, [k], { site: atQ, by: Q })],
  ['an end', (k, t) => dispense('x', t, [k], { site: atQ, by: Q })],
  ['a decommissioning', (k, t) => decommission('x', t, [k], { site: atQ, by: Q })],
  ['a void of its shipping', (k, t) => voidShipping('x', t, [k], { site: atQ, by: Q })],
];

describe.each(ATTEMPTS)('%s of somebody without part in it', (_, attempt) => {
  test.each([
    ['a unit that stands alone', boughtByW, U0],
    ['a unit on a pallet', palletAtW, U0],
    ['a pallet', palletAtW, PALLET],
    ['a pallet on its way', palletAtW.slice(0, 3), PALLET],
  ])('opens nothing to it, before or after: %s', (_what, facts, key) => {
    for (const t of [0, 2, 3, 9]) {
      const memory = new MemoryWorld(organisations);
      const lies = [attempt(key, t), { ...attempt(key, t + 10), id: 'y', eventId: 'y' }];
      const honest = sold('on', t + 20, key, [W, D]);
      for (const fact of [...facts, ...lies, honest]) memory.apply([fact], []);

      const answers = new SightAnswers(memory);
      const keys = [U0, U1, PALLET].filter((k) => memory.world.packages.has(k));
      const sees = keys.filter((k) =>
        [0, 1, 2, 3, 4, 9, t + 10, 99].some((at) => answers.sees(Q, k, at)),
      );
      expect(sees).toEqual([]);
      const events = [...memory.seen].filter(([, viewers]) => viewers.has(Q)).map(([id]) => id);
      expect(events.sort()).toEqual(['x', 'y']);
      const shown = [...memory.shown.values()].flat();
      expect(shown.filter(({ organisation }) => organisation === Q)).toEqual([]);
    }
  });
});
