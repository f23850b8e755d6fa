import { cypher } from '../../src/graph/cypher.js';
import type { Graph, StatementRun } from '../../src/graph/graph.js';
import { placeOfGeoUri } from '../../src/master-data/geo-uri.rules.js';
import { storeMasterData } from '../../src/master-data/index.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import { serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

const NAMED_BY_EVENTS = cypher('test.namedByEvents')`
  CREATE (:Site {k: '414/9506000134376'}), (:Site {k: '?'}),
    (p:Product {gtin: '09506000134369'}), (:Lot {id: '01/09506000134369', gtin: '09506000134369'})-[:LOT_OF]->(p)
  WITH p UNWIND ['A', 'B', 'C'] AS lot
  CREATE (:Lot {id: '01/09506000134369/10/' + lot, gtin: '09506000134369', lot: lot, expiry: '2027-01-31', madeAt: 1000})-[:LOT_OF]->(p)`;

interface LotPage {
  readonly product: { readonly lots: { readonly pageInfo: { readonly endCursor: string } } };
}

let graph: Graph;
let server: TestServer;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await graph.write((tx) => tx.run(NAMED_BY_EVENTS));
  server = await serverForTests(graph);
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

test('registered records are found in any form, with their relations', async () => {
  const registered = await server.graphql(`mutation {
    products: registerProducts(products: [{ gtin: "urn:epc:idpat:sgtin:9506000.013435.*", name: "Amoxil 500", strength: "500 mg", attributes: { color: "red" } }]) { ...R }
    parties: registerParties(parties: [{ gln: "9506000134352", name: "Maker", roles: ["manufacturer"] }]) { ...R }
    sites: registerSites(sites: [{ gln: "urn:epc:id:sgln:9506000.13435.0", name: "Plant", city: "Basel", country: "CH", lat: 47.5, lon: 7.6, operator: "9506000134352" }]) { ...R }
  } fragment R on RegisterMasterDataResult { __typename ... on MasterDataRegistered { created updated keys } ... on MasterDataRefused { faults { pointer found } } }`);
  expect(registered.errors).toEqual([]);
  expect(registered.data).toEqual({
    products: {
      __typename: 'MasterDataRegistered',
      created: 1,
      updated: 0,
      keys: ['09506000134352'],
    },
    parties: {
      __typename: 'MasterDataRegistered',
      created: 1,
      updated: 0,
      keys: ['417/9506000134352'],
    },
    sites: {
      __typename: 'MasterDataRegistered',
      created: 1,
      updated: 0,
      keys: ['414/9506000134352'],
    },
  });

  const answer = await server.graphql(`{
    product(gtin: "(01)09506000134352") { gtin name strength registered attributes }
    site(gln: "https://id.gs1.org/414/9506000134352") { name city country lat identifier { key urn digitalLink elementString } operator { name sites { nodes { name } } } }
    party(gln: "9506000134352") { name roles registered }
  }`);

  expect(answer).toMatchObject({
    errors: [],
    data: {
      product: {
        gtin: '09506000134352',
        name: 'Amoxil 500',
        strength: '500 mg',
        registered: true,
        attributes: { color: 'red' },
      },
      site: {
        name: 'Plant',
        city: 'Basel',
        country: 'CH',
        lat: 47.5,
        identifier: {
          key: '414/9506000134352',
          urn: 'urn:epc:id:sgln:9506000.13435.0',
          digitalLink: 'https://id.gs1.org/414/9506000134352',
          elementString: '(414)9506000134352',
        },
        operator: { name: 'Maker', sites: { nodes: [{ name: 'Plant' }] } },
      },
      party: { name: 'Maker', roles: ['manufacturer'], registered: true },
    },
  });
});

test('registering again updates what is given and keeps the rest', async () => {
  const register =
    'mutation ($p: [PartyInput!]!) { registerParties(parties: $p) { ... on MasterDataRegistered { created updated } } }';
  await server.graphql(register, {
    p: [{ gln: '9506000134376', name: 'Old', city: 'Bern', attributes: { a: 1 } }],
  });

  const again = await server.graphql(register, {
    p: [{ gln: '9506000134376', name: 'New', city: null, attributes: { b: 2 } }],
  });

  expect(again.data).toEqual({ registerParties: { created: 0, updated: 1 } });
  const { data } = await server.graphql('{ party(gln: "9506000134376") { name city attributes } }');
  expect(data).toEqual({ party: { name: 'New', city: null, attributes: { a: 1, b: 2 } } });
});

test('every fault is told and nothing is stored', async () => {
  const { data } = await server.graphql(
    `mutation { registerSites(sites: [
      { gln: "9506000134352", name: "Not stored" },
      { gln: "9506000134353", lat: 91, country: "Switzerland" },
      { gln: "(01)09506000134352", operator: "nobody" }
    ]) { __typename ... on MasterDataRefused { faults { code pointer found } } } }`,
  );

  expect(data).toEqual({
    registerSites: {
      __typename: 'MasterDataRefused',
      faults: [
        { code: 'CHECK_DIGIT', pointer: '/1/gln', found: '"9506000134353"' },
        { code: 'COUNTRY', pointer: '/1/country', found: '"Switzerland"' },
        { code: 'RANGE', pointer: '/1/lat', found: '91' },
        { code: 'WRONG_KIND', pointer: '/2/gln', found: '"(01)09506000134352"' },
        { code: 'UNKNOWN_FORM', pointer: '/2/operator', found: '"nobody"' },
      ],
    },
  });
  expect((await server.graphql('{ site(gln: "9506000134352") { name } }')).data).toEqual({
    site: { name: 'Plant' },
  });
});

test('a place named by a geo: URI has the latitude and longitude of its name, unless others were registered', async () => {
  await server.graphql(
    'mutation { registerSites(sites: [{ gln: "geo:1,2", lat: 3, name: "Moved" }]) { __typename } }',
  );
  const { data } = await server.graphql(`{
    a: site(gln: "geo:1,2") { lat lon }
  }`);
  expect(data).toEqual({ a: { lat: 3, lon: 2 } });
  expect(
    [
      'geo:46.95,-7.45,540;u=3',
      'geo:1,2;crs=wgs84',
      'geo:1,2;crs=nad27',
      'geo:91,0',
      'urn:x:1',
    ].map(placeOfGeoUri),
  ).toEqual([{ lat: 46.95, lon: -7.45 }, { lat: 1, lon: 2 }, null, null, null]);
});

test('attributes are an object, and neither they nor texts nor lists are without bound', async () => {
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`n${i}`, i]));
  const long = 'x'.repeat(1001);
  const { data } = await server.graphql(
    `mutation ($p: [PartyInput!]!) { registerParties(parties: $p) {
       ... on MasterDataRefused { faults { code pointer found } } } }`,
    {
      p: [
        { gln: '9506000134352', attributes: ['a', 'b'] },
        { gln: '9506000134352', attributes: 'a' },
        { gln: '9506000134352', attributes: many },
        {
          gln: '9506000134352',
          attributes: { deep: JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown },
        },
        { gln: '9506000134352', attributes: { big: 'x'.repeat(65_536) } },
        { gln: `urn:x:${long}`, name: long, roles: [long], licences: Array(101).fill('a') },
      ],
    },
  );
  const faults = [
    { code: 'ATTRIBUTES', pointer: '/0/attributes', found: 'a list of 2' },
    { code: 'ATTRIBUTES', pointer: '/1/attributes', found: 'a string' },
    { code: 'LIMIT', pointer: '/2/attributes', found: '201 attributes' },
    { code: 'LIMIT', pointer: '/3/attributes', found: '9 levels of nesting' },
    { code: 'LIMIT', pointer: '/4/attributes', found: '65546 characters of JSON' },
    { code: 'LIMIT', pointer: '/5/gln', found: '1007 characters' },
    { code: 'LIMIT', pointer: '/5/name', found: '1001 characters' },
    { code: 'LIMIT', pointer: '/5/roles', found: '1001 characters' },
    { code: 'LIMIT', pointer: '/5/licences', found: '101 items' },
  ];
  expect(data).toEqual({ registerParties: { faults } });
});

test('attributes added one by one have a bound too, and names that are known can still be told anew', async () => {
  const register = async (from: number): Promise<string> => {
    const attributes = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`n${from + i}`, i]),
    );
    const answer = await server.graphql(
      `mutation ($p: [PartyInput!]!) { registerParties(parties: $p) { __typename } }`,
      { p: [{ gln: 'urn:x:full', attributes }] },
    );
    return JSON.stringify(answer);
  };
  for (let from = 0; from < 1000; from += 200)
    expect(await register(from)).toContain('MasterDataRegistered');
  expect(await register(900)).toContain('there would be more than 1000');
  expect(await register(500)).toContain('MasterDataRegistered');
});

test('what events name and nobody registered shows unnamed, and is listed', async () => {
  const { data } = await server.graphql(`{
    site(gln: "9506000134376") { key name registered }
    unknown: site(gln: "9506000134383") { key }
    unregistered { sites { nodes { key } } products { nodes { gtin name lots { nodes { lot } } } } }
  }`);

  expect(data).toEqual({
    site: { key: '414/9506000134376', name: null, registered: false },
    unknown: null,
    unregistered: {
      sites: { nodes: [{ key: '414/9506000134376' }] },
      products: {
        nodes: [
          {
            gtin: '09506000134369',
            name: null,
            lots: { nodes: [{ lot: null }, { lot: 'A' }, { lot: 'B' }, { lot: 'C' }] },
          },
        ],
      },
    },
  });
});

test('lots are paged by key, and a lot knows its product', async () => {
  const query = `query ($after: Cursor) { product(gtin: "9506000134369") { lots(first: 2, after: $after) {
    edges { node { lot } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`;

  const first = await server.graphql<LotPage>(query);
  const page = first.data.product.lots;
  expect(page).toMatchObject({
    edges: [{ node: { lot: null } }, { node: { lot: 'A' } }],
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  });

  const second = await server.graphql<LotPage>(query, { after: page.pageInfo.endCursor });
  expect(second.data.product.lots).toMatchObject({
    edges: [{ node: { lot: 'B' } }, { node: { lot: 'C' } }],
    pageInfo: { hasNextPage: false, hasPreviousPage: true },
  });

  const lot = await server.graphql(
    '{ lot(gtin: "9506000134369", lot: "A") { key expiry madeAt product { gtin } identifier { elementString } } }',
  );
  expect(lot.data).toEqual({
    lot: {
      key: '01/09506000134369/10/A',
      expiry: '2027-01-31',
      madeAt: '1970-01-01T00:00:01.000Z',
      product: { gtin: '09506000134369' },
      identifier: { elementString: '(01)09506000134369(10)A' },
    },
  });
});

test('a list with joined fields takes one statement for each kind, however many rows', async () => {
  const runs: StatementRun[] = [];
  const stop = graph.onStatement((run) => runs.push(run));

  await server.graphql(
    '{ products { nodes { name lots { nodes { lot product { name } } } } } sites { nodes { operator { name sites { nodes { name } } } } } }',
  );
  stop();

  expect(
    runs
      .map(({ name }) => name)
      // The feed asks for the log's head all the time.
      .filter((name) => !name.startsWith('feed.') && !name.startsWith('graph.log'))
      .sort(),
  ).toEqual([
    'master-data.lotsOfProductsUp',
    'master-data.parties',
    'master-data.productPageUp',
    'master-data.products',
    'master-data.sitePageUp',
    'master-data.sitesOfPartiesUp',
  ]);
});

test('master data of a document header is stored, what is unknown to us kept', async () => {
  const entry = { vocabulary: 'urn:epcglobal:epcis:vtype:BusinessLocation', children: [] };
  const receipt = await graph.write((tx) =>
    storeMasterData(tx, [
      {
        ...entry,
        type: 'site',
        id: 'urn:epc:id:sgln:9506000.13440.0',
        key: '414/9506000134406',
        attributes: {
          name: 'Depot',
          city: 'Wien',
          latitude: '48.2',
          unitsOnSite: 4,
          operatedBy: 'urn:epc:id:pgln:9506000.13435',
        },
      },
      {
        ...entry,
        type: 'product',
        id: 'urn:epc:idpat:sgtin:9506000.013440.*',
        key: '01/09506000134406',
        attributes: { regulatedProductName: 'Cetiro 10' },
      },
      { ...entry, type: 'other', id: 'urn:x:y', key: 'urn:x:y', attributes: {} },
    ]),
  );

  expect(receipt).toEqual({ created: 2, updated: 0, full: [] });
  const { data } = await server.graphql(
    '{ site(gln: "9506000134406") { name city lat attributes operator { name } } product(gtin: "09506000134406") { name } }',
  );
  expect(data).toEqual({
    site: {
      name: 'Depot',
      city: 'Wien',
      lat: 48.2,
      attributes: { unitsOnSite: 4, operatedBy: 'urn:epc:id:pgln:9506000.13435' },
      operator: { name: 'Maker' },
    },
    product: { name: 'Cetiro 10' },
  });
});

test('numbers among attributes keep their digits, given as variables or in the operation', async () => {
  const write = `mutation ($p: [ProductInput!]!) {
    a: registerProducts(products: $p) { __typename }
    b: registerProducts(products: [{ gtin: "09506000134376", attributes: { w: 1.50, deep: [{ n: 12345678901234567890 }], n: 7 } }]) { __typename }
  }`;
  const variables = '{"p":[{"gtin":"09506000134383","attributes":{"w":1.50,"e":1E3,"n":7}}]}';
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":${JSON.stringify(write)},"variables":${variables}}`,
  });
  expect(await response.json()).toEqual({
    data: { a: { __typename: 'MasterDataRegistered' }, b: { __typename: 'MasterDataRegistered' } },
  });
  const { data } = await server.graphql(
    '{ a: product(gtin: "09506000134383") { attributes } b: product(gtin: "09506000134376") { attributes } }',
  );
  expect(data).toEqual({
    a: { attributes: { w: '1.50', e: '1E3', n: 7 } },
    b: { attributes: { w: '1.50', deep: [{ n: '12345678901234567890' }], n: 7 } },
  });
});
