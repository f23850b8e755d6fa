import type { Whereabouts } from '../../../src/holdings/whereabouts.rules.js';
import type { CustodyMove } from '../../../src/location/index.js';
import { unheardOf } from '../../../src/holdings/whereabouts.rules.js';
import { custodyLegsOf } from '../../../src/trace/custody-legs.rules.js';
import type { PlacedMove } from '../../../src/trace/custody-legs.rules.js';

const nowhere: Whereabouts = { ...unheardOf('u'), known: true };
const at = (site: string): Whereabouts => ({ ...nowhere, state: 'SITE', site });
const way = (origin: string | null, destination: string | null): Whereabouts => ({
  ...nowhere,
  state: 'IN_TRANSIT',
  origin,
  destination,
});

function moved(
  t: number,
  kind: CustodyMove['move'],
  [before, after]: readonly [Whereabouts, Whereabouts],
  parties?: CustodyMove['parties'],
): PlacedMove {
  const move = { eventId: `e${t}`, t, hash: 'h', move: kind, site: null };
  return { move: parties === undefined ? move : { ...move, parties }, before, after };
}

describe('the legs of a package', () => {
  test('go from where it was shipped to where it was received', () => {
    const legs = custodyLegsOf([
      moved(1, 'ship', [at('A'), way('A', 'B')]),
      moved(4, 'receive', [way('A', 'B'), at('C')]),
    ]);

    expect(legs.map(({ edge }) => edge)).toEqual([
      { from: 'A', to: 'C', kind: 'CUSTODY', since: 1, until: 4, eventId: 'e1' },
    ]);
  });

  test('are open while it is on the way', () => {
    const legs = custodyLegsOf([moved(1, 'ship', [at('A'), way('A', 'B')])]);

    expect(legs).toMatchObject([{ edge: { from: 'A', to: 'B', until: null } }]);
  });

  test('do not count a voided shipping', () => {
    const legs = custodyLegsOf([
      moved(1, 'ship', [at('A'), way('A', 'B')]),
      moved(2, 'void', [way('A', 'B'), at('A')]),
      moved(3, 'receive', [at('A'), at('A')]),
    ]);

    expect(legs).toEqual([]);
  });

  test('end when it is shipped again without being received', () => {
    const legs = custodyLegsOf([
      moved(1, 'ship', [at('A'), way('A', 'B')]),
      moved(3, 'ship', [way('A', 'B'), way('A', 'C')]),
    ]);

    expect(legs.map(({ edge: { to, until } }) => [to, until])).toEqual([
      ...[
        ['B', 3],
        ['C', null],
      ],
    ]);
  });

  test('do not begin with a shipping after which it stood somewhere, and no void takes back what arrived', () => {
    const arrived = [
      moved(1, 'ship', [at('A'), way('A', 'B')]),
      moved(2, 'receive', [way('A', 'B'), at('B')]),
    ];

    const parties = { source: { owner: 'p' }, destination: { owner: 'q' } };
    expect(custodyLegsOf([moved(1, 'ship', [at('A'), at('A')], parties)])).toEqual([]);
    expect(custodyLegsOf([...arrived, moved(3, 'void', [at('B'), at('B')])])).toHaveLength(1);
  });

  test('tell a receiving nobody shipped', () => {
    const legs = custodyLegsOf([moved(3, 'receive', [at('A'), at('B')])]);

    expect(legs.map(({ edge }) => edge)).toEqual([
      { from: 'A', to: 'B', kind: 'CUSTODY', since: null, until: 3, eventId: 'e3' },
    ]);
  });

  test('end at a party where no place is known, and are left out without either', () => {
    const parties = { source: {}, destination: { possessor: 'party' } };

    expect(custodyLegsOf([moved(1, 'ship', [at('A'), way('A', null)], parties)])).toMatchObject([
      { taker: { key: 'party', kind: 'PARTY' } },
    ]);
    for (const ends of [way(null, null), way(null, 'B'), way('A', null)])
      expect(custodyLegsOf([moved(1, 'ship', [nowhere, ends])])).toEqual([]);
  });
});
