import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { memoryText } from '../../support/memory-answers.js';
import { A, B, CARTON, CASE, PALLET, TOTE, U0, U1, U2 } from '../../support/projection-case.js';
import { commission, decommission, dispense, empty } from '../../support/projection-case.js';
import { pack, receive, see, ship, unpack } from '../../support/projection-case.js';
import { expectAgreement } from './agreement.js';
import { changesByLoading, changesText } from './loaded-world.js';

const made = commission('made', 1, [U0, U1, U2], { site: A, lot: 'L1' });
const inner = pack('inner', 2, CASE, [U0, U1], { site: A });
const outer = pack('outer', 3, PALLET, [CASE, U2], { site: A });
const nested = [made, inner, outer];
const recalled = see('recalled', 5, [U0], { site: A, disposition: 'recalled' });
const carton = commission('carton', 2, [CARTON], { site: A, lot: 'L9' });
const boxed = pack('boxed', 3, PALLET, [CARTON], { site: A });

/** What arrives after what is known, and which of all events turn out to be wrong then, one after the other. */
test.each<[string, readonly Fact[], readonly Fact[], readonly string[]]>([
  ['an emptying inside a pallet', nested, [empty('e', 4, CASE, { site: A })], ['e']],
  ['an emptying of both', nested, [empty('e', 4, PALLET), empty('f', 5, CASE)], ['e', 'f']],
  ['an emptying of both at once', nested, [empty('e', 4, CASE), empty('f', 4, PALLET)], ['f', 'e']],
  [
    'a late emptying, after which the case was filled again',
    [...nested, pack('refill', 6, CASE, [U0], { site: A }), ship('s', 7, [PALLET], { dest: B })],
    [empty('e', 5, CASE, { site: A })],
    ['refill', 'e'],
  ],
  ['an end inside a pallet', nested, [decommission('e', 4, [CASE])], ['e']],
  ['an end of the pallet', nested, [decommission('e', 4, [PALLET], { site: B })], ['e', 'outer']],
  ['a unit that was dispensed', nested, [dispense('d', 4, [U0], { site: B })], ['d', 'inner']],
  [
    'an end of what has ended',
    [made, dispense('d', 4, [U0], { site: A })],
    [dispense('again', 5, [U0], { site: B })],
    ['d', 'again'],
  ],
  [
    'two ends of one second, of which the first counts',
    nested,
    [dispense('b', 4, [U0, CASE], { site: A }), decommission('a', 4, [U0, CASE], { site: B })],
    ['a', 'b'],
  ],
  [
    'an end of a case with a status, which stays with what it held',
    [...nested, see('case', 4, [CASE], { site: A, disposition: 'recalled' })],
    [decommission('e', 6, [CASE], { site: B })],
    ['case', 'e'],
  ],
  [
    'a case with a status that joins a pallet while what is in it is seen',
    [made, inner, see('case', 3, [CASE], { site: A, disposition: 'recalled' })],
    [
      pack('p', 4, PALLET, [CASE], { site: A, disposition: 'in_progress' }),
      see('x', 4, [U0], { site: A, disposition: 'recalled' }),
      see('y', 4, [CASE], { site: A, disposition: 'in_transit' }),
    ],
    ['y', 'p'],
  ],
  [
    'an emptying that states a status, after a unit had its own',
    [...nested, recalled],
    [empty('e', 6, CASE, { site: A, disposition: 'in_progress' })],
    ['recalled'],
  ],
  [
    'an emptying that states none, after the case did and then a unit',
    [...nested, see('case', 4, [CASE], { site: A, disposition: 'in_progress' })],
    [recalled, empty('e', 6, CASE, { site: A })],
    ['case', 'e'],
  ],
  [
    'an end of a case that stated a status after a unit did',
    [...nested, recalled, see('case', 6, [CASE], { site: A, disposition: 'in_progress' })],
    [decommission('e', 7, [CASE], { site: A })],
    ['case', 'e'],
  ],
  ['a lot that is heard of late', [inner, outer], [made], ['made']],
  [
    'another lot for one of them',
    nested,
    [commission('again', 4, [U0], { lot: 'L2' }), commission('late', 1, [U1], { lot: 'L3' })],
    ['again', 'made', 'late'],
  ],
  [
    'a unit that turns out to be a case',
    [made, carton, boxed],
    [pack('k', 4, CARTON, [U0], { site: A }), see('x', 5, [PALLET], { site: B })],
    ['boxed', 'k'],
  ],
  [
    'a case that was none, and was emptied and moved as one',
    [made, carton, boxed, pack('k', 4, CARTON, [U0, U1]), empty('e', 5, CARTON, { site: A })],
    [pack('l', 6, CARTON, [U1]), receive('r', 7, [CARTON], { site: B })],
    ['k', 'l', 'e'],
  ],
  [
    'a status inside, and one around it',
    nested,
    [recalled, see('around', 6, [PALLET], { site: A, disposition: 'in_progress' })],
    ['around', 'recalled'],
  ],
  [
    'a late status around what has one',
    [...nested, recalled, unpack('out', 8, PALLET, [CASE], { site: B })],
    [see('late', 4, [PALLET], { site: A, disposition: 'in_transit' })],
    ['late', 'out'],
  ],
  [
    'a status of a case whose units have their own',
    [...nested, recalled],
    [see('case', 5, [CASE], { site: A, disposition: 'recalled' })],
    ['recalled', 'case'],
  ],
  [
    'a late move to another pallet',
    [...nested, ship('s', 6, [PALLET], { dest: B }), receive('r', 7, [U0], { site: B })],
    [pack('move', 5, TOTE, [CASE], { site: A })],
    ['outer', 'move'],
  ],
  [
    'a circle that is closed late',
    [pack('b', 4, CASE, [TOTE], { site: A }), pack('c', 5, TOTE, [PALLET], { site: A })],
    nested,
    ['c', 'outer'],
  ],
  [
    'a sighting elsewhere that the pallet explains late',
    [...nested, see('seen', 6, [U0, CASE], { site: B })],
    [receive('late', 5, [PALLET], { site: B })],
    ['late', 'seen'],
  ],
  [
    'units let out together that are seen again where they stand',
    [...nested, empty('e', 4, CASE, { site: B })],
    [see('x', 5, [U0, U1], { site: B }), see('y', 6, [U0], { site: B, disposition: 'active' })],
    ['e', 'x', 'y'],
  ],
])('%s: all agrees at every step, also with what is loaded only', (_, known, arriving, wrong) => {
  const memory = new MemoryWorld();
  let facts: readonly Fact[] = [];
  const take = (added: readonly Fact[], removed: readonly Fact[]): void => {
    const { holdings, ...loaded } = changesByLoading(memory.world, added, removed);
    const fresh = holdings.filter(({ id }) => !memory.world.holdings.has(id));
    const whole = memory.apply(
      added,
      removed.map(({ eventId }) => eventId),
    );
    facts = [...facts, ...added].filter((fact) => !removed.includes(fact));
    if (whole !== null)
      expect(changesText({ ...loaded, holdings: fresh })).toBe(changesText(whole));
    const straight = new MemoryWorld();
    straight.apply(facts, []);
    expectAgreement(facts, memory);
    expect(memoryText(memory)).toBe(memoryText(straight));
  };

  take(known, []);
  for (const fact of arriving) take([fact], []);
  for (const id of wrong)
    take(
      [],
      facts.filter(({ eventId }) => eventId === id),
    );
});

test('what ended shares a holding by site and status, nowhere being one place', () => {
  const memory = new MemoryWorld();
  memory.apply(
    [
      commission('made', 1, [U0, U1, U2], { site: A }),
      ship('s', 2, [U2], { dest: B }),
      dispense('d', 3, [U0, U2]),
      dispense('e', 3, [U1], { site: B }),
    ],
    [],
  );

  expect([U0, U1, U2].map((key) => memory.world.head(key).open?.holding)).toEqual([
    ...[`D ${A} dispensed`, `D ${B} dispensed`, 'D ? dispensed'],
  ]);
});

test('a mark counts where the status around is another, and not where it is the same', () => {
  const differs = (status: string): unknown => {
    const memory = new MemoryWorld();
    memory.apply(
      [
        see('case', 1, [CASE], { site: A, disposition: 'recalled' }),
        see('pallet', 1, [PALLET], { site: A, disposition: status }),
        pack('p', 2, PALLET, [CASE], { site: A }),
      ],
      [],
    );
    return [memory.world.head(CASE).open?.mark, memory.marked.get(`F ${PALLET} 0`) ?? 0];
  };
  const mark = { status: 'recalled', since: 1, at: 2 };

  expect(differs('in_progress')).toEqual([{ ...mark, differs: true }, 1]);
  expect(differs('recalled')).toEqual([{ ...mark, differs: false }, 0]);
});
