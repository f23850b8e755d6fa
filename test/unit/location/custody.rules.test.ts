import { newestOf, ownerOf } from '../../../src/location/custody.rules.js';
import type { CustodyMove } from '../../../src/location/custody.rules.js';

type Ends = Partial<Record<'source' | 'destination', { owner?: string; possessor?: string }>>;
function move(kind: CustodyMove['move'], ends: Ends = {}, t = 1): CustodyMove {
  const parties = { source: ends.source ?? {}, destination: ends.destination ?? {} };
  return { eventId: `${kind}${t}`, t, hash: 'h', move: kind, parties };
}

describe('the owner', () => {
  const sale = { source: { owner: 'maker' }, destination: { owner: 'wholesaler' } };

  test('stays who gives it while the transfer is only meant', () => {
    expect(ownerOf([move('ship', sale)])).toBe('maker');
  });

  test('becomes who was meant to by the receiving, though it names nobody', () => {
    expect(ownerOf([move('ship', sale, 1), move('receive', {}, 2)])).toBe('wholesaler');
  });

  test('is who the receiving names, whoever was meant', () => {
    const receiving = move('receive', { destination: { owner: 'other' } }, 2);

    expect(ownerOf([move('ship', sale, 1), receiving])).toBe('other');
  });

  test('stays the same when the shipping is voided, and a later receiving completes nothing', () => {
    const moves = [move('ship', sale, 1), move('void', {}, 2), move('receive', {}, 3)];

    expect(ownerOf(moves)).toBe('maker');
  });

  test('is null while nobody told', () => {
    expect(ownerOf([move('ship'), move('receive')])).toBeNull();
  });
});

test('the newest event is the latest, then the one with the greater hash, then with the greater id', () => {
  const [a, b] = [move('ship', {}, 1), { ...move('receive', {}, 1), hash: 'i' }];

  expect([newestOf([b, a]), newestOf([a, b])]).toEqual([b, b]);
  expect(newestOf([b, { ...a, t: 2 }])).toMatchObject({ t: 2 });
  const twin = { ...a, eventId: 'zz' };
  expect([newestOf([twin, a]), newestOf([a, twin])]).toEqual([twin, twin]);
  expect(newestOf([])).toBeNull();
});
