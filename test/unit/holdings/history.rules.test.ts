import { NOW } from '../../../src/holdings/holding.js';
import { History, windowOf } from '../../../src/holdings/history.rules.js';
import type { StoredRow } from '../../../src/holdings/history.rules.js';

const stay = (from: number, site: string, more: Partial<StoredRow> = {}): StoredRow => ({
  ...{ from, site, mode: 'AT', status: 'active', since: 0 },
  ...more,
});
const inBox = (from: number, box: string, more: Partial<StoredRow> = {}): StoredRow => ({
  ...{ from, box, kind: 'FILLING', id: `F ${box} 0` },
  ...more,
});
const historyOf = (rows: Record<string, StoredRow[]>, cut: string[] = []): History =>
  new History(new Map(Object.entries(rows)), new Set(cut));
const now = (key: string): ReturnType<typeof windowOf> => windowOf({ key, at: NOW });

describe('a history', () => {
  const history = historyOf({
    u: [inBox(2, 'c', { dissolvedAt: 8, endedBy: 'e8', mode: 'AT', site: 'B', status: 'active' })],
    c: [stay(7, 'B'), stay(1, 'A', { to: 5 }), stay(5, 'B', { to: 7, status: 'recalled' })],
    never: [],
  });

  test('tells where a package was at each instant, from rows in any order', () => {
    const sites = [1, 2, 5, 9].map((at) => history.whereabouts({ key: 'u', at }));

    expect(sites).toMatchObject([
      { known: false },
      { site: 'A', containers: ['c'], from: 2 },
      { site: 'B', containers: ['c'], from: 5 },
      { site: 'B', containers: [], from: 8 },
    ]);
    expect(history.whereabouts({ key: 'u', at: 8 }).containers).toEqual([]);
    expect(['u', 'c'].map((key) => history.whereabouts({ key, at: NOW }).holding)).toEqual([
      ...['F c 0', null],
    ]);
  });

  test('tells since when it has been there, whatever changed beside the place', () => {
    const since = ['u', 'c'].map((key) =>
      history.placeSince(history.whereabouts({ key, at: NOW })),
    );

    expect(since).toEqual([5, 5]);
    expect(history.placeSince(history.whereabouts({ key: 'never', at: NOW }))).toBeNull();
  });

  test('tells what touched it, and whether anything ever did', () => {
    expect(history.touching(now('u'))).toEqual({
      windows: [now('u'), { key: 'c', level: 1, from: 2, to: 8 }],
      emptyings: [{ eventId: 'e8', key: 'c', level: 1, from: 2, at: 8 }],
    });
    expect(['u', 'never', 'x'].map((key) => history.isKnown(key))).toEqual([true, true, false]);
  });

  test('follows a stay through 64 pieces and no further', () => {
    const pieces = (count: number): History =>
      historyOf({
        c: Array.from({ length: count }, (_, i) =>
          stay(i + 1, 'A', i + 1 < count ? { to: i + 2 } : {}),
        ),
      });
    const since = (one: History): unknown => one.placeSince(one.whereabouts({ key: 'c', at: NOW }));

    expect([since(pieces(64)), since(pieces(65))]).toEqual([1, null]);
  });

  test('tells when a package began again after its end', () => {
    const ended = { status: 'dispensed' };
    const again = historyOf({
      loose: [inBox(1, '', { kind: 'DISPOSED', to: 4 }), inBox(4, '', { kind: 'LOOSE' })],
      box: [stay(1, 'A', { to: 3 }), stay(3, 'A', { ...ended, to: 6 }), stay(6, 'A')],
      gone: [stay(1, 'A', ended)],
      moved: [stay(1, 'A', { to: 3 }), stay(3, 'B')],
      twice: [stay(8, 'A'), stay(5, 'A', { ...ended, to: 8 }), stay(1, 'A', { ...ended, to: 5 })],
    });

    const keys = ['loose', 'box', 'gone', 'moved', 'twice', 'x'];
    expect(keys.map((key) => again.reborn(key))).toEqual([4, 6, null, null, 8, null]);
  });
});

describe('what is torn', () => {
  test.each<[string, Record<string, StoredRow[]>, boolean]>([
    ['a package that is nowhere after its last row', { u: [stay(1, 'A', { to: 5 })] }, true],
    ['a container without rows', { u: [inBox(1, 'c')] }, true],
    [
      'a container that is nowhere for a while',
      { u: [inBox(1, 'c')], c: [stay(1, 'A', { to: 3 }), stay(4, 'B')] },
      true,
    ],
    [
      'a container that came later than what is in it',
      { u: [inBox(1, 'c')], c: [stay(2, 'A')] },
      true,
    ],
    [
      'nothing of one in its container all the time',
      { u: [inBox(2, 'c')], c: [stay(1, 'A', { to: 3 }), stay(3, 'B')] },
      false,
    ],
    [
      'nothing of what was left before',
      { u: [inBox(1, 'c', { to: 2 }), stay(2, 'A')], c: [stay(1, 'A', { to: 2 })] },
      false,
    ],
    ['nothing of what nobody knows', {}, false],
  ])('is %s', (_, rows, torn) => {
    expect(historyOf(rows).isTorn([now('u')])).toBe(torn);
  });
});

test('is torn when one of several packages is, though it is somewhere again later', () => {
  const history = historyOf({ u: [stay(1, 'A', { to: 5 }), stay(6, 'A')], ok: [stay(1, 'A')] });
  const at = (key: string) => windowOf({ key, at: 5 });

  expect(history.isTorn([at('ok'), at('u')])).toBe(true);
  expect(history.isTorn([at('ok')])).toBe(false);
  expect(history.whereabouts({ key: 'u', at: 5 }).known).toBe(false);
});

test('a status of its own that was stated inside is told before that of the container', () => {
  const marked = inBox(2, 'c', { mStatus: 'recalled', mSince: 4, mAt: 4 });
  const history = historyOf({ u: [marked], c: [stay(1, 'A')] });

  expect(history.whereabouts({ key: 'u', at: NOW })).toMatchObject({
    ...{ status: 'recalled', statusSince: 4 },
  });
});

test('what to read next are the containers at a level, in the time of the package', () => {
  const history = historyOf({
    u: [inBox(1, 'a', { to: 9 })],
    a: [inBox(0, 'b', { to: 4 }), inBox(4, 'c')],
  });

  expect(history.beyond([now('u')], 2)).toEqual([
    { key: 'b', level: 0, from: 1, to: 4 },
    { key: 'c', level: 0, from: 4, to: 9 },
  ]);
});

test('of a package cut to its newest rows it is told what lies before them', () => {
  const history = historyOf({ u: [stay(5, 'A', { to: 7 }), stay(7, 'A')] }, ['u']);

  expect(history.isBeforeCut({ key: 'u', at: 4 })).toBe(true);
  expect(history.isBeforeCut({ key: 'u', at: 5 })).toBe(false);
  expect(history.isBeforeCut({ key: 'c', at: 4 })).toBe(false);
  expect(history.placeSince(history.whereabouts({ key: 'u', at: NOW }))).toBeUndefined();
});

test('a question as of an instant is about all before it, and about that instant', () => {
  expect(windowOf({ key: 'u', at: 5 })).toEqual({ key: 'u', level: 0, from: -Infinity, to: 6 });
  expect(now('u').to).toBe(Infinity);
});
