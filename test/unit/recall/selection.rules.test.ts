import {
  countSerials,
  lotsMadeBetween,
  serialSpans,
  withoutLotOf,
} from '../../../src/recall/selection.rules.js';

const GTIN = '09506000134352';
const key = (serial: string): string => `01/${GTIN}/21/${serial}`;

describe('a range of serials', () => {
  test('of one length takes that length only', () => {
    expect(serialSpans(GTIN, '100', '200')).toEqual([
      { from: key('100'), until: key('200'), length: key('100').length },
    ]);
    expect(serialSpans(GTIN, '100', '100')).toMatchObject([
      { from: key('100'), until: key('100') },
    ]);
  });

  test('of digits of different lengths goes by number', () => {
    expect(serialSpans(GTIN, '99', '1001')).toEqual([
      { from: key('99'), until: key('99'), length: key('99').length },
      { from: key('100'), until: key('999'), length: key('100').length },
      { from: key('1000'), until: key('1001'), length: key('1000').length },
    ]);
  });

  test('of other texts of different lengths goes by text', () => {
    expect(serialSpans(GTIN, 'A1', 'B')).toEqual([
      { from: key('A1'), until: key('B'), length: null },
    ]);
  });

  test('of numbers is empty when the longer end has leading zeros, as it would take all numbers between', () => {
    expect(serialSpans(GTIN, '1', '0100')).toEqual([]);
    expect(serialSpans(GTIN, '0050', '00100')).toEqual([]);
    expect(serialSpans(GTIN, '007', '1000')).toHaveLength(2);
  });

  test('that ends before it begins is empty', () => {
    expect(serialSpans(GTIN, '200', '100')).toEqual([]);
    expect(serialSpans(GTIN, 'B', 'A1')).toEqual([]);
  });
});

test('a range is counted when its ends are numbers, also behind the same letters; otherwise it cannot be', () => {
  const asked = (from: string, to: string): bigint | null => countSerials(from, to, []).asked;

  expect([asked('99', '1001'), asked('001', '100'), asked('A', 'A')]).toEqual([903n, 100n, 1n]);
  expect([asked('AB08', 'AB10'), asked('123456789012345678', '923456789012345678')]).toEqual([
    3n,
    800000000000000001n,
  ]);
  expect([asked('A1', 'B'), asked('A9', 'A10'), asked('A1', 'B1'), asked('1A', '1B')]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(countSerials('A1', 'A3', ['A1', 'AX', 'A3'])).toEqual({ known: 2, asked: 3n });
});

describe('lots made within a window', () => {
  const lots = [
    { id: 'early', from: 10, until: 20 },
    { id: 'across', from: 20, until: 40 },
    { id: 'late', from: 50, until: 50 },
    { id: 'undated', from: null, until: null },
  ];

  test('are those that overlap it; an undated one is taken and told', () => {
    const made = lotsMadeBetween(lots, GTIN, { madeFrom: 30, madeUntil: 45 });

    expect(made.ids).toEqual(['across', 'undated']);
    expect(made.gaps).toEqual([
      {
        code: 'MADE_TIME_UNKNOWN',
        detail: `1 lot of ${GTIN} cannot be dated and is taken in: undated.`,
      },
    ]);
  });

  test('are in when they touch its first or last instant', () => {
    const ids = (madeFrom: number | null, madeUntil: number | null): string[] =>
      lotsMadeBetween(lots, GTIN, { madeFrom, madeUntil }).ids;

    expect(ids(20, 20)).toEqual(['early', 'across', 'undated']);
    expect(ids(21, 49)).toEqual(['across', 'undated']);
    expect(ids(41, null)).toEqual(['late', 'undated']);
    expect(ids(null, 19)).toEqual(['early', 'undated']);
  });

  test('that nobody can date are counted and named', () => {
    const undated = ['x', 'y'].map((id) => ({ id, from: null, until: null }));

    expect(lotsMadeBetween(undated, GTIN, { madeFrom: 1, madeUntil: null }).gaps).toMatchObject([
      { detail: `2 lots of ${GTIN} cannot be dated and are taken in: x, y.` },
    ]);
    expect(lotsMadeBetween(lots.slice(0, 3), GTIN, { madeFrom: 1, madeUntil: 2 }).gaps).toEqual([]);
  });

  test('are all when no window is given, and nothing is doubtful', () => {
    expect(lotsMadeBetween(lots, GTIN, { madeFrom: null, madeUntil: null })).toEqual({
      ids: ['early', 'across', 'late', 'undated'],
      gaps: [],
    });
  });
});

test('the products of lots give their "lot unknown" ids once', () => {
  expect(withoutLotOf([`01/${GTIN}/10/A`, `01/${GTIN}/10/B`, '?'])).toEqual([`01/${GTIN}`]);
});
