import { makeSurroundings, spansOf } from '../../../src/feed/surroundings.js';

describe('containers of a package', () => {
  const around = makeSurroundings(
    [
      { child: 'unit', container: 'case', from: 10, until: null },
      { child: 'case', container: 'pallet 1', from: 20, until: 30 },
      { child: 'case', container: 'pallet 2', from: 40, until: null },
      { child: 'pallet 2', container: 'case', from: 40, until: null },
    ],
    { holders: new Map([['site', 'party']]), parties: new Map([['alias', 'party']]) },
  );

  test('are those around it at the instant asked for, outward', () => {
    expect([...around.containersOf('unit', 9)]).toEqual([]);
    expect([...around.containersOf('unit', 15)]).toEqual(['case']);
    expect([...around.containersOf('unit', 25)]).toEqual(['case', 'pallet 1']);
    expect([...around.containersOf('unit', 35)]).toEqual(['case']);
  });

  test('count at both ends of a membership: the message of its last instant is still about it', () => {
    expect([...around.containersOf('unit', 20)]).toEqual(['case', 'pallet 1']);
    expect([...around.containersOf('unit', 30)]).toEqual(['case', 'pallet 1']);
  });

  test('end even where memberships run in a circle', () => {
    expect([...around.containersOf('unit', 50)]).toEqual(['case', 'pallet 2']);
  });

  test('who has what stands at a site is known or null, a party is the one it stands for', () => {
    expect([around.holderOf('site'), around.holderOf('other')]).toEqual(['party', null]);
    expect([around.partyOf('alias'), around.partyOf('party')]).toEqual(['party', 'party']);
  });
});

describe('spans', () => {
  test('join what lies within an hour', () => {
    expect(spansOf([5_000, 0, 10_000_000, 5_000])).toEqual([
      { from: 0, to: 5_000 },
      { from: 10_000_000, to: 10_000_000 },
    ]);
  });

  test('are never more than asked for', () => {
    const days = Array.from({ length: 1000 }, (_, i) => i * 86_400_000);
    expect(spansOf(days, 20)).toEqual([{ from: 0, to: 999 * 86_400_000 }]);
  });
});
