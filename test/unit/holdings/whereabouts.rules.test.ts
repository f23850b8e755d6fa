import { fillingId } from '../../../src/holdings/holding.js';
import { isSamePlace, unheardOf, whereaboutsOf } from '../../../src/holdings/whereabouts.rules.js';
import type { PackageRow } from '../../../src/holdings/whereabouts.rules.js';

const CASE = '00/095060001000000012';
const PALLET = '00/095060002000000019';
const atA = { mode: 'AT', site: 'A' } as const;
const toB = { mode: 'TO', site: 'B', back: 'A', by: 'ship1' } as const;

function where(key: string, rows: Record<string, PackageRow>): ReturnType<typeof whereaboutsOf> {
  return whereaboutsOf(key, (k) => rows[k]);
}

describe('the whereabouts of a package', () => {
  test('are its own when it stands alone', () => {
    const found = where('c', {
      c: { from: 5, own: { place: atA, status: 'recalled', since: 3 } },
    });

    expect(found).toEqual({
      key: 'c',
      known: true,
      state: 'SITE',
      site: 'A',
      origin: null,
      destination: null,
      by: null,
      status: 'recalled',
      statusSince: 3,
      containers: [],
      from: 5,
      holding: null,
    });
  });

  test('are those of the outermost container, with the chain innermost first', () => {
    const found = where('u', {
      u: { from: 1, box: CASE, holding: fillingId(CASE, '0') },
      [CASE]: { from: 2, box: PALLET, holding: fillingId(PALLET, '0') },
      [PALLET]: { from: 9, own: { place: toB, status: 'in_transit', since: 9 } },
    });

    expect(found).toMatchObject({
      state: 'IN_TRANSIT',
      site: null,
      origin: 'A',
      destination: 'B',
      by: 'ship1',
      status: 'in_transit',
      containers: [CASE, PALLET],
      from: 9,
    });
  });

  test('keep a status of its own that was stated after what is around it', () => {
    const found = where('u', {
      u: { from: 4, box: 'c', mark: { status: 'recalled', since: 4, at: 4 } },
      c: { from: 1, own: { place: atA, status: 'active', since: 2 } },
    });

    expect(found).toMatchObject({ status: 'recalled', statusSince: 4 });
  });

  test('take a status stated around it after its own', () => {
    const found = where('u', {
      u: { from: 4, box: 'c', mark: { status: 'recalled', since: 4, at: 4 } },
      c: { from: 1, own: { place: atA, status: 'sellable_accessible', since: 6 } },
    });

    expect(found).toMatchObject({ status: 'sellable_accessible', statusSince: 6 });
  });

  test('keep an old status that joined later: what counts is when the mark was made', () => {
    const found = where('u', {
      u: { from: 8, box: CASE, mark: { status: 'damaged', since: 2, at: 8 } },
      [CASE]: { from: 7, box: 'c', mark: { status: 'active', since: 3, at: 7 } },
      c: { from: 1, own: { place: atA, status: 'in_progress', since: 5 } },
    });

    expect(found).toMatchObject({ status: 'damaged', statusSince: 2 });
  });

  test('apply a mark to what an emptied filling left', () => {
    const found = where('u', {
      u: {
        from: 6,
        own: { place: atA, status: 'active', since: 2 },
        mark: { status: 'recalled', since: 4, at: 4 },
        holding: fillingId(CASE, '0'),
      },
    });

    expect(found).toMatchObject({
      status: 'recalled',
      site: 'A',
      containers: [],
      holding: fillingId(CASE, '0'),
    });
  });

  test('have no time of a status that nobody ever stated', () => {
    const found = where('c', { c: { from: 5, own: { place: atA, status: 'active', since: 0 } } });

    expect(found).toMatchObject({ status: 'active', statusSince: null });
  });

  test('are unknown when nothing tells where the container is', () => {
    const found = where('u', { u: { from: 1, box: 'c' } });

    expect(found).toMatchObject({ known: true, state: 'UNKNOWN', containers: ['c'] });
  });

  test('of a package no event named are not known', () => {
    expect(where('u', {})).toEqual(unheardOf('u'));
    expect(unheardOf('u')).toMatchObject({ known: false, state: 'UNKNOWN', status: null });
  });

  test('are told through 32 containers, and who shipped only where that is known', () => {
    const chain = Array.from({ length: 32 }, (_, i) => [`${i}`, { from: 1, box: `${i + 1}` }]);
    const own = { place: { ...toB, by: '' }, status: 'active', since: 0 };
    const rows = Object.fromEntries(chain) as Record<string, PackageRow>;

    expect(where('0', { ...rows, 32: { from: 1, own } })).toMatchObject({
      ...{ state: 'IN_TRANSIT', destination: 'B', by: null },
    });
  });

  test('end after 32 containers even if the rows go round in a circle', () => {
    const found = where('a', { a: { from: 1, box: 'b' }, b: { from: 1, box: 'a' } });

    expect(found.containers).toHaveLength(32);
  });
});

describe('the same place', () => {
  test('is one with the same site or the same way, whoever shipped last', () => {
    const first = where('c', { c: { from: 1, own: { place: toB, status: 'x', since: 1 } } });
    const again = where('c', {
      c: { from: 2, own: { place: { ...toB, by: 'ship2' }, status: 'y', since: 2 } },
    });
    const other = where('c', { c: { from: 2, own: { place: atA, status: 'y', since: 2 } } });

    expect(isSamePlace(first, again)).toBe(true);
    expect(isSamePlace(first, other)).toBe(false);
  });
});
