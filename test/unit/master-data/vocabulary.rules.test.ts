import type { MasterDataEntry } from '../../../src/epcis/master-data.js';
import { registeredTermRows } from '../../../src/master-data/registered-terms.rules.js';
import { attributeTermsOf, vocabularyRowOf } from '../../../src/master-data/vocabulary.rules.js';

const entry = (element?: MasterDataEntry['element']): MasterDataEntry => ({
  ...{ type: 'site', vocabulary: 'urn:v', id: 'hub', key: 'hub', attributes: {} },
  children: ['gate', 'product'],
  ...(element === undefined ? {} : { element }),
});
const siteKey = (key: string): string | null => (key === 'product' ? null : `site ${key}`);
const terms = (...told: [string, unknown][]): string[] =>
  attributeTermsOf('k', told).terms.map(({ term }) => term);

test('an attribute is found by its name, and by each text in it, at any depth', () => {
  expect(terms(['name', 'Hub'])).toEqual(['attribute name', 'attribute name Hub']);
  expect(terms(['size', 5], ['cold', false])).toEqual([
    ...['attribute size', 'attribute size 5', 'attribute cold', 'attribute cold false'],
  ]);
  expect(terms(['address', { lines: ['a', { b: 'c', d: 5 }], none: null }])).toEqual([
    ...['attribute address', 'attribute address a', 'attribute address c', 'attribute address 5'],
  ]);
});

test('an attribute without any text is told and found by nothing; one told twice is found once', () => {
  expect(attributeTermsOf('k', [['gone', null]])).toEqual({ key: 'k', names: ['gone'], terms: [] });
  expect(terms(['name', 'Hub'], ['name', 'Hub'])).toEqual(['attribute name', 'attribute name Hub']);
});

test('what is stored of an element has its children of its own kind; null where none were told', () => {
  const element = {
    id: 'hub',
    attributes: [{ id: 'urn:epcglobal:cbv:mda#name', attribute: 'Hub' }],
  };

  expect(vocabularyRowOf(entry(), 'hub', siteKey)).toBeNull();
  expect(vocabularyRowOf(entry(element), 'hub', siteKey)).toMatchObject({
    ...{ key: 'hub', names: ['name'], children: null, vocabulary: 'urn:v' },
    element: JSON.stringify(element),
  });
  expect(
    vocabularyRowOf(entry({ id: 'hub', children: ['gate', 'product'] }), 'hub', siteKey)?.children,
  ).toEqual(['site gate']);
});

test('what is registered is found as what documents tell, the last record of a key winning', () => {
  type Row = Parameters<typeof registeredTermRows>[1][number];
  const record = (properties: object, attributes?: object): Row =>
    ({ key: 'k', properties, ...(attributes === undefined ? {} : { attributes }) }) as Row;
  const rows = registeredTermRows('site', [
    record({ name: 'Old' }, { 'urn:epcglobal:cbv:mda#colour': 'red' }),
    record({ name: 'New' }, { colour: null }),
  ]);

  expect(rows).toHaveLength(1);
  expect(rows[0]!.terms.map(({ term }) => term)).toEqual([
    ...['attribute name', 'attribute name New'],
  ]);
  expect(rows[0]!.names).toEqual(['name', 'colour']);
});
