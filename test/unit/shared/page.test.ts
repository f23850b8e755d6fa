import { decodeCursor, encodeCursor, pageOf, pageRequest } from '../../../src/shared/page.js';

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
  test('are of 50 rows unless told, and of 1 to 1,000', () => {
    expect(pageRequest({}, ['string'])).toEqual({ first: 50 });
    expect(pageRequest({ first: 1000, after: encodeCursor(['k']) }, ['string'])).toEqual({
      first: 1000,
      after: ['k'],
    });
    for (const first of [0, -1, 1001, 2.5])
      expect(() => pageRequest({ first }, ['string'])).toThrow('must be 1 to 1000');
  });

  test('the row too many only says that there are more', () => {
    const page = pageOf(['a', 'b', 'c'], { first: 2 }, (row) => [row]);

    expect(page).toEqual({
      items: [
        { cursor: encodeCursor(['a']), node: 'a' },
        { cursor: encodeCursor(['b']), node: 'b' },
      ],
      hasNextPage: true,
      hasPreviousPage: false,
    });
  });
});
