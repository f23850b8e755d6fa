import { limitFaultsOf } from '../../../src/master-data/register-limits.rules.js';

const faults = (record: Readonly<Record<string, unknown>>): unknown[] =>
  limitFaultsOf(record).map(({ code, field, found }) => [code, field, found]);
const list = (length: number, item = ''): string[] => Array<string>(length).fill(item);
const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) });
const attributes = (count: number): object =>
  Object.fromEntries(list(count).map((_, i) => [`a${i}`, i]));

test('a record at the limits is taken', () => {
  const record = {
    ...{ name: 'x'.repeat(1000), aliases: list(100, 'x'.repeat(1000)), size: 9e99, gone: null },
    attributes: { ...attributes(199), deep: nested(7) },
  };

  expect(faults(record)).toEqual([]);
  expect(faults({ attributes: { a: 'x'.repeat(65_528) } })).toEqual([]);
  expect(faults({ attributes: null })).toEqual([]);
  expect(faults({ attributes: undefined })).toEqual([]);
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['a text', { name: 'x'.repeat(1001) }, '1001 characters'],
  ['a list', { name: list(101) }, '101 items'],
  ['a text of a list', { name: ['', 'x'.repeat(1001)] }, '1001 characters'],
  ['how many attributes', { attributes: attributes(201) }, '201 attributes'],
  ['how deep they go', { attributes: { a: nested(8) } }, '9 levels of nesting'],
  ['how deep, however deep', { attributes: { a: nested(5000) } }, '9 levels of nesting'],
  ['their text', { attributes: { a: 'x'.repeat(65_529) } }, '65537 characters of JSON'],
])('beyond the limit is %s', (_, record, found) => {
  expect(faults(record)).toEqual([['LIMIT', Object.keys(record)[0], found]]);
});

test('attributes are an object by name', () => {
  expect(faults({ attributes: [1, 2] })).toEqual([['ATTRIBUTES', 'attributes', 'a list of 2']]);
  expect(faults({ attributes: 'x' })).toEqual([['ATTRIBUTES', 'attributes', 'a string']]);
});
