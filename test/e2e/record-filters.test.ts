/** Finding products, places and companies by what people know of them. */
import { withCheckDigit } from '../../src/gs1/check-digit.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';

const gtin = (n: number): string => withCheckDigit(`0950600013${String(n).padStart(3, '0')}`);
const gln = (n: number): string => withCheckDigit(`950600013${String(n).padStart(3, '0')}`);
/** GTIN of the NDC 0006-0277-31. */
const US = '00300060277313';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  const products = [
    { gtin: gtin(1), name: 'Amoxicillin 500 mg', manufacturer: 'Müller Pharma' },
    {
      gtin: gtin(2),
      name: 'Amoxicillin 250 mg',
      activeIngredient: 'amoxicillin',
      ndc: '12345-678-90',
    },
    { gtin: gtin(3), name: 'Ibuprofen (forte)', manufacturer: 'Other' },
    { gtin: US, name: 'Januvia' },
  ];
  const parties = [
    { gln: gln(1), name: 'Müller Grosshandel', country: 'DE' },
    { gln: gln(2), name: 'Muller & Sons', country: 'US' },
  ];
  const sites = [
    { gln: gln(11), name: 'Warehouse Köln', country: 'DE', type: 'warehouse', operator: gln(1) },
    { gln: gln(12), name: 'Pharmacy Köln', country: 'DE', type: 'pharmacy' },
    { gln: gln(13), name: 'Warehouse Boston', country: 'US', type: 'warehouse', operator: gln(1) },
  ];
  const { errors } = await app.graphql(
    `mutation ($products: [ProductInput!]!, $parties: [PartyInput!]!, $sites: [SiteInput!]!) {
      registerProducts(products: $products) { __typename }
      registerParties(parties: $parties) { __typename }
      registerSites(sites: $sites) { __typename }
    }`,
    { products, parties, sites },
  );
  expect(errors).toBeUndefined();
});
afterAll(async () => {
  await app.stop();
});

const LISTS = {
  products: 'query ($f: ProductFilter) { products(filter: $f) { nodes { name } } }',
  sites: 'query ($f: SiteFilter) { sites(filter: $f) { nodes { name } } }',
  parties: 'query ($f: PartyFilter) { parties(filter: $f) { nodes { name } } }',
};

async function names(list: keyof typeof LISTS, filter: object): Promise<string[]> {
  const { data, errors } = await app.graphql(LISTS[list], { f: filter });
  expect(errors).toBeUndefined();
  return (data[list] as { nodes: { name: string }[] }).nodes.map(({ name }) => name);
}

const both = ['Amoxicillin 500 mg', 'Amoxicillin 250 mg'];

test.each<[object, string[]]>([
  [{ text: 'amoxi' }, both],
  [{ text: 'AMOXICILLIN 250' }, ['Amoxicillin 250 mg']],
  [{ text: 'muller' }, ['Amoxicillin 500 mg']],
  [{ text: 'MÜLL pharma' }, ['Amoxicillin 500 mg']],
  [{ text: 'moxicillin' }, []],
  [{ text: 'ibuprofen (forte' }, ['Ibuprofen (forte)']],
  [{ text: 'amoxi* OR ibuprofen' }, []],
  [{ ndc: '12345-678-90' }, ['Amoxicillin 250 mg']],
  [{ ndc: '12345067890' }, ['Amoxicillin 250 mg']],
  [{ ndc: '0006-0277-31' }, ['Januvia']],
  [{ gtin: `(01)${gtin(1)}` }, ['Amoxicillin 500 mg']],
  [{ gtin: gtin(1), text: 'ibuprofen' }, []],
  [{}, [...both, 'Ibuprofen (forte)', 'Januvia'].sort()],
])('products %j', async (filter, expected) => {
  const found = await names('products', filter);
  expect([...found].sort()).toEqual([...expected].sort());
});

test.each<[object, string[]]>([
  [{ text: 'koln' }, ['Warehouse Köln', 'Pharmacy Köln']],
  [{ country: 'de' }, ['Warehouse Köln', 'Pharmacy Köln']],
  [{ type: 'warehouse' }, ['Warehouse Köln', 'Warehouse Boston']],
  [{ operator: gln(1) }, ['Warehouse Köln', 'Warehouse Boston']],
  [{ operator: gln(1), country: 'US' }, ['Warehouse Boston']],
  [{ text: 'ware', country: 'DE', type: 'warehouse' }, ['Warehouse Köln']],
  [{ text: 'ware', country: 'FR' }, []],
])('sites %j', async (filter, expected) => {
  expect(await names('sites', filter)).toEqual(expected);
});

test.each<[object, string[]]>([
  [{ text: 'müller' }, ['Müller Grosshandel', 'Muller & Sons']],
  [{ text: 'muller', country: 'US' }, ['Muller & Sons']],
  [{ country: 'DE' }, ['Müller Grosshandel']],
])('parties %j', async (filter, expected) => {
  expect(await names('parties', filter)).toEqual(expected);
});

test('a filtered list is paged from both ends and counted', async () => {
  const page = async (args: string): Promise<unknown> => {
    const { data } = await app.graphql(
      `{ products(filter: { text: "amox" }, ${args}) { nodes { name } totalCount { exact } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }`,
    );
    return data['products'];
  };
  const first = (await page('first: 1')) as { pageInfo: { endCursor: string } };
  const last = (await page('last: 1')) as { pageInfo: { startCursor: string } };

  expect(first).toMatchObject({ nodes: [{ name: both[0] }], totalCount: { exact: 2 } });
  expect(await page(`first: 5, after: "${first.pageInfo.endCursor}"`)).toMatchObject({
    nodes: [{ name: both[1] }],
    pageInfo: { hasNextPage: false, hasPreviousPage: true },
  });
  expect(await page(`last: 5, before: "${last.pageInfo.startCursor}"`)).toMatchObject({
    nodes: [{ name: both[0] }],
    totalCount: { exact: 2 },
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  });
});

test.each<[keyof typeof LISTS, object, string]>([
  ['products', { text: ' *? ' }, 'filter.text'],
  ['products', { ndc: '123' }, 'filter.ndc'],
  ['products', { gtin: gtin(1), ndc: '0006-0277-31' }, 'filter.ndc'],
  ['sites', { country: 'Germany' }, 'filter.country'],
])('%s %j is refused, naming %s', async (list, filter, argument) => {
  const { errors } = await app.graphql(LISTS[list], { f: filter });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
});
