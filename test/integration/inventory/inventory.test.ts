import { hostView } from '../../../src/access/view.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { countInventory } from '../../../src/inventory/count-inventory.js';
import type { InventoryDimension, InventoryFilter } from '../../../src/inventory/inventory.js';
import type { Fact } from '../../../src/projection/fact.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { recordFacts } from '../recall/record-facts.js';

const GTIN = '09506000134352';
const unit = (n: number): string => `01/${GTIN}/21/${n}`;
const PLANT = '414/9506000000008';
const HUB = '414/9506000000015';
const CASE = '00/095060001343520017';
const PALLET = '00/095060001343520000';
const [A, B] = [`01/${GTIN}/10/A`, `01/${GTIN}/10/B`];

const fact = (id: string, t: number, more: Partial<Fact> & Pick<Fact, 'act' | 'kids'>): Fact => ({
  id,
  eventId: id,
  hash: id,
  t,
  ...more,
});
/** A case of both lots, on a pallet that is emptied at the hub: the case stands there. One unit in it is recalled. */
const FACTS = [
  fact('a', 10, { act: 'commission', kids: [1, 2, 3].map(unit), site: PLANT, lot: 'A' }),
  fact('b', 11, { act: 'commission', kids: [4, 5].map(unit), site: PLANT, lot: 'B' }),
  fact('pack', 20, { act: 'pack', parent: CASE, kids: [1, 2, 4].map(unit), site: PLANT }),
  fact('load', 30, { act: 'pack', parent: PALLET, kids: [CASE], site: PLANT }),
  fact('ship', 40, { act: 'see', move: 'ship', kids: [PALLET], dest: HUB }),
  fact('receive', 50, { act: 'see', move: 'receive', kids: [PALLET], site: HUB }),
  fact('recall', 55, { act: 'see', kids: [unit(2)], disposition: 'recalled' }),
  fact('unload', 60, { act: 'unpack', parent: PALLET, kids: [], all: true, site: HUB }),
  fact('ship-3', 61, { act: 'see', move: 'ship', kids: [unit(3)], dest: HUB }),
  fact('end-5', 62, { act: 'end', end: 'destroyed', kids: [unit(5)], site: PLANT }),
];
const AROUND = cypher('test.inventory.around')`
MATCH (a:Lot {id: $a}), (b:Lot {id: $b}) SET a.expiry = '2027-03-31', b.expiry = '2028-01-31'
MERGE (s:Site {k: $hub}) MERGE (p:Party {k: '417/9506000000015'}) MERGE (s)-[:OPERATED_BY]->(p)
MERGE (m:Site {k: $plant}) MERGE (q:Party {k: '417/9506000000008'}) MERGE (m)-[:OPERATED_BY]->(q)`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await recordFacts(graph, FACTS);
  await graph.writeAlone(AROUND, { a: A, b: B, hub: HUB, plant: PLANT });
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

async function rows(
  filter: Partial<InventoryFilter>,
  by: InventoryDimension[],
): Promise<unknown[]> {
  const everything = {
    gtins: null,
    lots: null,
    sites: null,
    parties: null,
    statuses: null,
    expiresFrom: null,
    expiresUntil: null,
    includeEnded: false,
  };
  const found = await countInventory(hostView(graph), { ...everything, ...filter }, by);
  return found.map((row) => [
    row.state,
    ...[row.gtin, row.lot, row.site, row.holder, row.status, row.expiryMonth].filter(
      (key) => key !== null,
    ),
    row.units,
    row.containers,
  ]);
}

test('stock counts what is known only through its container, and never adds what is under way to a site', async () => {
  expect(await rows({}, ['SITE'])).toEqual([
    ['SITE', HUB, 3, 1],
    ['IN_TRANSIT', HUB, 1, 0],
  ]);
});

test('a container of two lots is one container of the product, and one in the row of each lot', async () => {
  expect(await rows({ sites: [HUB] }, ['PRODUCT'])).toEqual([
    ['SITE', GTIN, 3, 1],
    ['IN_TRANSIT', GTIN, 1, 0],
  ]);
  expect(await rows({ lots: [A, B] }, ['LOT'])).toEqual([
    ['SITE', GTIN, A, 2, 1],
    ['IN_TRANSIT', GTIN, A, 1, 0],
    ['SITE', GTIN, B, 1, 1],
  ]);
});

test('a unit with a status of its own counts under it, from whichever side one asks', async () => {
  const expected = [
    ['SITE', 'active', 2, 1],
    ['IN_TRANSIT', 'active', 1, 0],
    ['SITE', 'recalled', 1, 0],
  ];

  expect(await rows({}, ['STATUS'])).toEqual(expected);
  expect(await rows({ gtins: [GTIN] }, ['STATUS'])).toEqual(expected);
  expect(await rows({ sites: [HUB] }, ['STATUS'])).toEqual(expected);
  expect(await rows({ statuses: ['recalled'] }, ['SITE'])).toEqual([['SITE', HUB, 1, 0]]);
});

test('holders, months of expiry and what is about to expire', async () => {
  expect(await rows({ parties: ['417/9506000000015'] }, ['HOLDER', 'EXPIRY_MONTH'])).toEqual([
    ['SITE', '417/9506000000015', '2027-03', 2, 1],
    ['SITE', '417/9506000000015', '2028-01', 1, 1],
  ]);
  expect(await rows({ expiresUntil: '2027-12-31' }, [])).toEqual([
    ['SITE', 2, 1],
    ['IN_TRANSIT', 1, 0],
  ]);
});

test('what has ended is stock only when asked for', async () => {
  expect(await rows({ sites: [PLANT] }, ['STATUS'])).toEqual([]);
  expect(await rows({ sites: [PLANT], includeEnded: true }, ['STATUS'])).toEqual([
    ['SITE', 'destroyed', 1, 0],
  ]);
});

test('cases left by an emptied pallet count once a product: one of two lots, and one of another product beside it', async () => {
  const other = '09506000134369';
  const beside = '00/095060001343520024';
  const first = `01/${other}/21/1`;
  await emptyGraph(graph);
  await recordFacts(graph, [
    fact('a', 10, { act: 'commission', kids: [1, 2].map(unit), site: PLANT, lot: 'A' }),
    fact('b', 11, { act: 'commission', kids: [unit(4)], site: PLANT, lot: 'B' }),
    fact('c', 12, { act: 'commission', kids: [first], site: PLANT, lot: 'C' }),
    fact('pack', 20, { act: 'pack', parent: CASE, kids: [1, 2, 4].map(unit), site: PLANT }),
    fact('pack-c', 21, { act: 'pack', parent: beside, kids: [first], site: PLANT }),
    fact('load', 30, { act: 'pack', parent: PALLET, kids: [CASE, beside], site: PLANT }),
    fact('unload', 60, { act: 'unpack', parent: PALLET, kids: [], all: true, site: PLANT }),
  ]);

  expect(await rows({}, ['PRODUCT'])).toEqual([
    ['SITE', GTIN, 3, 1],
    ['SITE', other, 1, 1],
  ]);
});
