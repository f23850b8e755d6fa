import { sortByField } from '../../../src/epcis-query/order-by-field.rules.js';

const NS = 'https://example.com/ns';
const row = (key: string, value: unknown, context: string | null = null) => ({
  ...{ key, context },
  text: JSON.stringify({
    ...{ '@context': [{ ex: `${NS}/` }], type: 'ObjectEvent' },
    ...(value === undefined ? {} : { 'ex:rank': value }),
  }),
});
const order = (rows: readonly ReturnType<typeof row>[], direction: 'ASC' | 'DESC'): string =>
  sortByField(rows, `${NS}#rank`, direction)
    .map(({ key }) => key)
    .join(' ');

test('events come by size of a number, however it is written, and the other way round', () => {
  const rows = [row('ten', '10'), row('nine', 9), row('half', '0.5')];

  expect(order(rows, 'ASC')).toBe('half nine ten');
  expect(order(rows, 'DESC')).toBe('ten nine half');
});

test('numbers come before times, times before texts; what has no value comes last in either direction', () => {
  const rows = [
    row('none', undefined),
    row('text', 'a'),
    row('blank', ' '),
    row('later', '2026-01-01T00:00:00.0005Z'),
    row('time', '2026-01-01T01:00:00+01:00'),
    row('number', 7),
    row('yes', true),
    row('none too', undefined),
  ];

  expect(order(rows, 'ASC')).toBe('number time later blank text yes none none too');
  expect(order(rows, 'DESC')).toBe('yes text blank later time number none none too');
});

test('equals come by their key, whatever came first and in either direction', () => {
  const rows = [row('b', 1), row('a', '1.0'), row('c', 1)];

  expect([order(rows, 'ASC'), order(rows, 'DESC')]).toEqual(['a b c', 'a b c']);
});

test('the field is one of the event itself, under any prefix that is bound to its namespace', () => {
  const bound = JSON.stringify([{ mine: `${NS}/` }]);
  const own = { key: 'own', text: '{"type":"ObjectEvent","mine:rank":2}', context: bound };
  const inner = {
    ...{ key: 'inner', context: bound },
    text: '{"type":"ObjectEvent","mine:box":{"mine:rank":0},"mine:rank":3}',
  };
  const other = { key: 'other', text: '{"type":"ObjectEvent","mine:rank":1}', context: null };

  expect(order([other, inner, own], 'ASC')).toBe('own inner other');
});
