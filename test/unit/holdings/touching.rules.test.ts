import { joined, touchingOf } from '../../../src/holdings/touching.rules.js';
import type { Membership, Window } from '../../../src/holdings/touching.rules.js';

const always: Window = { key: 'u', level: 0, from: -Infinity, to: Infinity };

function inside(
  box: string,
  from: number,
  to: number | null,
  emptied?: [number, string],
): Membership {
  return {
    holding: `${box}#0`,
    box,
    from,
    to,
    dissolvedAt: emptied?.[0] ?? null,
    endedBy: emptied?.[1] ?? null,
  };
}

describe('what touches a package', () => {
  test('is what names it, and what names a container while it is inside', () => {
    const known = new Map([
      ['u', [inside('case', 2, 9)]],
      ['case', [inside('pallet', 1, 4), inside('cage', 8, null)]],
    ]);

    expect(touchingOf(always, known)).toEqual({
      windows: [
        always,
        { key: 'case', level: 1, from: 2, to: 9 },
        { key: 'pallet', level: 2, from: 2, to: 4 },
        { key: 'cage', level: 2, from: 8, to: 9 },
      ],
      emptyings: [],
    });
  });

  test('is the event that empties a container it was in, and nothing of that container afterwards', () => {
    const known = new Map([['u', [inside('c', 2, 9, [5, 'e5'])]]]);

    expect(touchingOf(always, known)).toEqual({
      windows: [always, { key: 'c', level: 1, from: 2, to: 5 }],
      emptyings: [{ eventId: 'e5', key: 'c', level: 1, from: 2, at: 5 }],
    });
  });

  test('is that event too when it left for elsewhere at the same instant', () => {
    const known = new Map([['u', [inside('c', 2, 5, [5, 'e5'])]]]);

    expect(touchingOf(always, known).emptyings).toMatchObject([{ eventId: 'e5' }]);
  });

  test('is not what emptied a container after it had left, or at the instant it joined', () => {
    const known = new Map([['u', [inside('c', 2, 4, [5, 'e5']), inside('d', 6, 7, [6, 'e6'])]]]);

    expect(touchingOf(always, known).emptyings).toEqual([]);
    expect(touchingOf(always, known).windows).toEqual([
      always,
      { key: 'c', level: 1, from: 2, to: 4 },
    ]);
  });

  test('is what emptied a container around its container', () => {
    const known = new Map([
      ['u', [inside('case', 2, null)]],
      ['case', [inside('pallet', 3, 9, [7, 'e7'])]],
    ]);

    expect(touchingOf(always, known).emptyings).toEqual([
      { eventId: 'e7', key: 'pallet', level: 2, from: 3, at: 7 },
    ]);
  });

  test('ends with the instant asked for', () => {
    const known = new Map([['u', [inside('c', 2, 9, [5, 'e5'])]]]);

    expect(touchingOf({ ...always, to: 5 }, known)).toEqual({
      windows: [
        { ...always, to: 5 },
        { key: 'c', level: 1, from: 2, to: 5 },
      ],
      emptyings: [],
    });
  });

  test('comes by level, and in one level by time', () => {
    const known = new Map([['u', [inside('later', 5, 9), inside('before', 1, 5)]]]);

    expect(touchingOf(always, known).windows.map(({ key }) => key)).toEqual([
      ...['u', 'before', 'later'],
    ]);
  });

  test('is bounded when containers are inside each other', () => {
    const known = new Map([
      ['u', [inside('a', 1, null)]],
      ['a', [inside('u', 1, null)]],
    ]);

    expect(touchingOf(always, known).windows).toHaveLength(33);
  });
});

describe('memberships', () => {
  test('that only a status parts are one', () => {
    const parts = [inside('c', 5, 9), inside('c', 2, 5), inside('c', 10, null)];

    expect(joined(parts)).toEqual([inside('c', 2, 9), inside('c', 10, null)]);
  });
});
