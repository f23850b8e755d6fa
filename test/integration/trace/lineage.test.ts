import { hostView } from '../../../src/access/view.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { findLineage } from '../../../src/trace/index.js';
import type { Lineage, LineageQuestion } from '../../../src/trace/index.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { counted, keys, writeStory } from '../location/small-graph.js';

const { u1, u2, box, pallet, lot, ingredient, product, plant, hub } = keys;

const TRANSFORMATION = cypher('test.transformation')`
CREATE (raw:Package:Unit {k: 'urn:raw'}), (made:Package:Unit {k: 'urn:made', lot: '?'}), (rawLot:Lot {id: '01/09506000134383/10/R'})
CREATE (first:Event {id: 't1', hash: 't1', type: 'TransformationEvent', eventTime: 1000, text: '{}'})-[:OF {role: 'input'}]->(raw),
       (first)-[:OF_QUANTITY {role: 'inputQuantity', quantity: 5}]->(rawLot)
CREATE (second:Event {id: 't2', hash: 't2', type: 'TransformationEvent', eventTime: 2000, text: '{}'})-[:OF {role: 'output'}]->(made)
CREATE (first)-[:PART_OF]->(:Transformation {id: 'batch'})<-[:PART_OF]-(second)`;

const BIG_LOT = cypher('test.big-lot')`
CREATE (:Lot {id: '01/09506000134390/10/BIG', gtin: '09506000134390', lot: 'BIG'})
WITH 1 AS one UNWIND range(1, 6000) AS i
CREATE (:Package:Unit {k: '01/09506000134390/21/' + i, lot: '01/09506000134390/10/BIG'})`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await writeStory(graph);
  await graph.writeAlone(TRANSFORMATION);
  await graph.writeAlone(BIG_LOT);
});
afterAll(() => graph.close());

async function lineage(question: Partial<LineageQuestion> & { key: string }): Promise<Lineage> {
  const found = await findLineage(hostView(graph), { direction: 'BOTH', depth: 10, ...question });
  return found!;
}
const edgesOf = ({ edges }: Lineage): string[] =>
  edges.map(({ from, to, kind, since, until }) => `${kind} ${from} ${to} ${since} ${until}`).sort();

describe('back from a unit', () => {
  test('are its containers with the time inside, its lot, what that was made from, and its way', async () => {
    const found = await lineage({ key: u2, direction: 'BACK' });

    expect(edgesOf(found)).toEqual([
      `CONTAINMENT ${pallet} ${box} 300 600`,
      `CONTAINMENT ${box} ${u2} 200 null`,
      `CUSTODY ${plant} ${hub} 400 500`,
      `LOT ${lot} ${u2} null null`,
      `TRANSFORMATION ${ingredient} ${lot} null null`,
    ]);
    expect(found.nodes).toEqual(
      expect.arrayContaining([
        { key: u2, kind: 'UNIT' },
        { key: pallet, kind: 'CONTAINER' },
        { key: ingredient, kind: 'LOT' },
        { key: hub, kind: 'SITE' },
      ]),
    );
    expect(found.cuts).toEqual([]);
  });
});

describe('forward', () => {
  test('from a pallet are its contents, nested, those by class too', async () => {
    const found = await lineage({ key: pallet, direction: 'FORWARD' });

    expect(edgesOf(found).filter((edge) => edge.startsWith('CONT'))).toEqual([
      `CONTAINMENT ${pallet} ${box} 300 600`,
      `CONTAINMENT ${box} ${u1} 200 700`,
      `CONTAINMENT ${box} ${u2} 200 null`,
      `CONTAINMENT ${box} 01/09506000134376/10/B 250 null`,
    ]);
  });

  test('from an ingredient are the lots made of it and their units', async () => {
    const found = await lineage({ key: ingredient, direction: 'FORWARD' });

    expect(found.nodes.map(({ key }) => key)).toEqual([ingredient, lot, u1, u2, keys.u3]);
  });

  test('from a product are its lots', async () => {
    const found = await lineage({ key: product, direction: 'FORWARD', depth: 1 });

    expect(found.nodes).toEqual([
      { key: product, kind: 'PRODUCT' },
      { key: lot, kind: 'LOT' },
    ]);
    expect(found.cuts).toEqual(['DEPTH']);
  });
});

describe('a transformation', () => {
  test('joins inputs and outputs of all its events, both ways', async () => {
    const edge = 'TRANSFORMATION urn:raw urn:made 2000 null';
    const edgeOfLot = 'TRANSFORMATION 01/09506000134383/10/R urn:made 2000 null';

    expect(edgesOf(await lineage({ key: 'urn:raw', direction: 'FORWARD' }))).toEqual([edge]);
    expect(edgesOf(await lineage({ key: '01/09506000134383/10/R' }))).toEqual([edgeOfLot]);
    expect(edgesOf(await lineage({ key: 'urn:made' }))).toEqual([edgeOfLot, edge]);
  });
});

describe('a lineage', () => {
  test('is cut at 5,000 nodes and says so', async () => {
    const found = await lineage({ key: '01/09506000134390/10/BIG', direction: 'FORWARD' });

    expect(found.nodes).toHaveLength(5000);
    expect(found.cuts).toEqual(['NODES']);
  });

  test('is null for what nobody knows', async () => {
    expect(
      await findLineage(hostView(graph), { key: 'urn:x', direction: 'BOTH', depth: 3 }),
    ).toBeNull();
  });

  test('costs statements by its depth, not by its nodes', async () => {
    const [few] = await counted(graph, () => lineage({ key: box, direction: 'FORWARD', depth: 2 }));
    const [more] = await counted(graph, () =>
      lineage({ key: '01/09506000134390/10/BIG', direction: 'FORWARD', depth: 2 }),
    );

    expect(few).toBeLessThan(25);
    expect(more).toBeLessThan(25);
  });
});
