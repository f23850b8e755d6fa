import {
  decodeCursor,
  encodeCursor,
  pageOf,
  pageRequest,
  totalOf,
} from '../../../src/shared/page.js';

describe('cursors', () => {
  test('give back the key they were made of', () => {
    expect(decodeCursor(encodeCursor([12, 'e/ü']), ['number', 'string'])).toEqual([12, 'e/ü']);
  });

  test.each([
    '',
    'no json',
    'W10',
    encodeCursor(['a']),
    encodeCursor([1.5, 'a']),
    encodeCursor([1, 'a', 'b']),
    'x'.repeat(3000),
  ])('refuse what this list never gave: %s', (cursor) => {
    expect(() => decodeCursor(cursor, ['number', 'string'])).toThrow(
      'a cursor must come from this list',
    );
  });
});

describe('pages', () => {
  test('are of 50 rows from the beginning unless told, and of 1 to 1,000', () => {
    expect(pageRequest({}, ['string'])).toEqual({ size: 50, backward: false });
    expect(pageRequest({ first: 1000, after: encodeCursor(['k']) }, ['string'])).toEqual({
      size: 1000,
      backward: false,
      from: ['k'],
    });
    for (const rows of [0, -1, 1001, 2.5])
      for (const name of ['first', 'last'])
        expect(() => pageRequest({ [name]: rows }, ['string'])).toThrow(
          `Argument "${name}": must be 1 to 1000`,
        );
  });

  test('are read from the end with last or before', () => {
    expect(pageRequest({ last: 3 }, ['string'])).toEqual({ size: 3, backward: true });
    expect(pageRequest({ before: encodeCursor(['k']) }, ['string'])).toEqual({
      size: 50,
      backward: true,
      from: ['k'],
    });
    expect(() => pageRequest({ before: 'nonsense' }, ['string'])).toThrow('pageInfo.startCursor');
  });

  test.each([
    { first: 1, last: 1 },
    { first: 1, before: 'x' },
    { after: 'x', last: 1 },
  ])('are not read from both ends: %j', (args) => {
    expect(() => pageRequest(args, ['string'])).toThrow('a page is read from one end of the list');
  });

  const asPage = { keyOf: (row: string) => [row], count: () => Promise.resolve(totalOf(3)) };

  test('the row too many only says that there are more', () => {
    const page = pageOf(['a', 'b', 'c'], { size: 2, backward: false }, asPage);

    expect(page).toMatchObject({
      items: [
        { cursor: encodeCursor(['a']), node: 'a' },
        { cursor: encodeCursor(['b']), node: 'b' },
      ],
      hasNextPage: true,
      hasPreviousPage: false,
    });
  });

  test('read from the end stand in the order of the list', () => {
    const page = pageOf(['c', 'b', 'a'], { size: 2, backward: true, from: ['d'] }, asPage);

    expect(page.items.map(({ node }) => node)).toEqual(['b', 'c']);
    expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test('rows are counted up to 10,000', () => {
    expect(totalOf(10_000)).toEqual({ exact: 10_000, atLeast: 10_000 });
    expect(totalOf(10_001)).toEqual({ exact: null, atLeast: 10_000 });
  });
});
