import { holderOf, newestOf, ownerOf } from '../../../src/location/custody.rules.js';
import type { CustodyMove } from '../../../src/location/custody.rules.js';
import { unheardOf } from '../../../src/location/whereabouts.rules.js';
import type { Whereabouts } from '../../../src/location/whereabouts.rules.js';

const atA: Whereabouts = { ...unheardOf('u'), known: true, state: 'SITE', site: 'A' };
const aToB: Whereabouts = {
  ...unheardOf('u'),
  known: true,
  state: 'IN_TRANSIT',
  origin: 'A',
  destination: 'B',
};
const operatorOf = (site: string): string | null => (site === 'A' ? 'party A' : null);

type Ends = Partial<Record<'source' | 'destination', { owner?: string; possessor?: string }>>;
function move(kind: CustodyMove['move'], ends: Ends = {}, t = 1): CustodyMove {
  const parties = { source: ends.source ?? {}, destination: ends.destination ?? {} };
  return { eventId: `${kind}${t}`, t, hash: 'h', move: kind, site: null, parties };
}

describe('the holder', () => {
  test('operates the site', () => {
    expect(holderOf(atA, null, operatorOf)).toBe('party A');
  });

  test('in transit operates the site it left', () => {
    expect(holderOf(aToB, move('ship'), operatorOf)).toBe('party A');
  });

  test('in transit is who the shipping says gives it', () => {
    const shipping = move('ship', { source: { possessor: 'carrier' } });

    expect(holderOf(aToB, shipping, operatorOf)).toBe('carrier');
  });

  test('is who the receiving says takes it', () => {
    const receiving = move('receive', { destination: { possessor: 'third party' } });

    expect(holderOf(atA, receiving, operatorOf)).toBe('third party');
  });

  test('is who operates the site it was seen at since, if that is another one', () => {
    const taken = { destination: { possessor: 'third party' } };
    const elsewhere = { ...move('receive', taken), site: 'B' };
    const atUnknownC = { ...atA, site: 'C' };

    expect(holderOf(atA, elsewhere, operatorOf)).toBe('party A');
    expect(holderOf(atUnknownC, elsewhere, operatorOf)).toBe('third party');
  });

  test('is not who a shipping named once the package was seen at a site', () => {
    const shipping = move('ship', { source: { possessor: 'carrier' } });

    expect(holderOf(atA, shipping, operatorOf)).toBe('party A');
  });

  test('is nobody known where place and parties are not', () => {
    expect(holderOf(unheardOf('u'), null, operatorOf)).toBeNull();
  });
});

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

test('the newest event is the latest, then the one with the greater hash', () => {
  const [a, b] = [move('ship', {}, 1), { ...move('receive', {}, 1), hash: 'i' }];

  expect(newestOf([b, a])).toBe(b);
  expect(newestOf([])).toBeNull();
});
