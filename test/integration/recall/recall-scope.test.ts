import { hostView } from '../../../src/access/view.js';
import { readFileSync } from 'node:fs';
import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import type { Fact } from '../../../src/projection/fact.js';
import { RecallResolver } from '../../../src/recall/recall.resolver.js';
import {
  RecallClassLevelResolver,
  RecallConsigneeResolver,
  RecallLotResolver,
  RecallPackageResolver,
  RecallPassedOnResolver,
  RecallRowResolver,
  RecallScopeChangeResolver,
  RecallTransitResolver,
} from '../../../src/recall/recall-places.resolver.js';
import { fixedClock } from '../../../src/shared/clock.js';
import { makeSchema } from '../../../src/server/schema.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { recordFacts } from './record-facts.js';

const GTIN = '09506000134352';
const unit = (n: number | string): string => `01/${GTIN}/21/${n}`;
const PLANT = '414/9506000000008';
const HUB = '414/9506000000015';
const SHOP = '414/9506000000022';
const CASE = '00/095060001343520017';
const PALLET = '00/095060001343520000';
const LOT = { gtin: GTIN, lot: 'A' };

const fact = (id: string, t: number, more: Partial<Fact> & Pick<Fact, 'act' | 'kids'>): Fact => ({
  id,
  eventId: id,
  hash: id,
  t,
  ...more,
});

/** Lot A: 101 to 104 in a case on a pallet at the hub, 104 recalled there; 105 at the plant; 106 dispensed. 201 has no lot. */
const FACTS: readonly Fact[] = [
  fact('make-a', 10, {
    act: 'commission',
    kids: [101, 102, 103, 104, 105, 106].map(unit),
    site: PLANT,
    lot: 'A',
  }),
  fact('make-b', 11, { act: 'commission', kids: [unit(300)], site: PLANT, lot: 'B' }),
  fact('make-none', 12, { act: 'commission', kids: [unit(201)], site: PLANT }),
  fact('pack', 20, {
    act: 'pack',
    parent: CASE,
    kids: [101, 102, 103, 104, 300].map(unit),
    site: PLANT,
  }),
  fact('load', 30, { act: 'pack', parent: PALLET, kids: [CASE], site: PLANT }),
  fact('ship', 40, {
    act: 'see',
    move: 'ship',
    kids: [PALLET],
    dest: HUB,
    disposition: 'in_transit',
  }),
  fact('receive', 50, {
    act: 'see',
    move: 'receive',
    kids: [PALLET],
    site: HUB,
    disposition: 'in_progress',
  }),
  fact('recall-104', 60, { act: 'see', kids: [unit(104)], disposition: 'recalled' }),
  fact('ship-106', 61, { act: 'see', move: 'ship', kids: [unit(106)], dest: SHOP }),
  fact('receive-106', 62, { act: 'see', move: 'receive', kids: [unit(106)], site: SHOP }),
  fact('dispense', 63, { act: 'end', end: 'dispensed', kids: [unit(106)], site: SHOP }),
];

const AROUND = cypher('test.recall.around')`
MERGE (plant:Site {k: $plant}) MERGE (hub:Site {k: $hub}) MERGE (shop:Site {k: $shop})
SET hub.name = 'Hub', plant.name = 'Plant'
MERGE (maker:Party {k: '417/9506000000008'}) MERGE (wholesaler:Party {k: '417/9506000000015'})
MERGE (plant)-[:OPERATED_BY]->(maker) MERGE (hub)-[:OPERATED_BY]->(wholesaler)
MERGE (a:Lot {id: $a}) MERGE (x:Lot {id: $x}) SET x.gtin = '09506000134369', x.lot = 'X'
MERGE (y:Lot {id: $y}) SET y.gtin = '09506000134369', y.lot = 'Y'
MERGE (a)-[:MADE_FROM {eventId: 'blend'}]->(x) MERGE (x)-[:MADE_FROM {eventId: 'mill'}]->(y)
MERGE (y)-[:MADE_FROM {eventId: 'loop'}]->(a)
MERGE (bulk:Event {id: 'bulk'}) SET bulk.eventTime = 5
MERGE (bulk)-[:OF_QUANTITY {role: 'quantity', quantity: 12.5, uom: 'KGM'}]->(y)`;

const clock = fixedClock(1000);
let graph: Graph;
let schema: GraphQLSchema;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await recordFacts(graph, FACTS);
  await graph.writeAlone(AROUND, {
    plant: PLANT,
    hub: HUB,
    shop: SHOP,
    a: `01/${GTIN}/10/A`,
    x: '01/09506000134369/10/X',
    y: '01/09506000134369/10/Y',
  });
  schema = makeSchema([
    RecallResolver,
    RecallClassLevelResolver,
    RecallConsigneeResolver,
    RecallLotResolver,
    RecallPackageResolver,
    RecallPassedOnResolver,
    RecallRowResolver,
    RecallScopeChangeResolver,
    RecallTransitResolver,
  ]);
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

async function ask(
  fields: string,
  input: object,
  variables: object = {},
): Promise<Record<string, never>> {
  const source = fields.includes('query')
    ? fields
    : `query ($input: RecallScopeInput!) { recallScope(input: $input) { ${fields} } }`;
  const answer = await graphql({
    schema,
    source,
    variableValues: { input, ...variables },
    contextValue: { view: hostView(graph), clock },
  });
  expect(answer.errors).toBeUndefined();
  return JSON.parse(JSON.stringify(answer.data?.['recallScope'])) as Record<string, never>;
}

const iso = (t: number): string => new Date(t).toISOString();

describe('a recall of a lot', () => {
  test('answers the example query: rows, totals, consignees, packages, and what is doubtful', async () => {
    const example = readFileSync('schema/examples/recall-scope.graphql', 'utf8');
    const found = await ask(example, { lots: [LOT] });

    expect(found).toEqual({
      completeness: {
        complete: false,
        reasons: [
          'Lot 01/09506000134352/10/A was made into 01/09506000134369/10/Y, not in this scope: ask with sourceLots to follow it.',
          '1 unit of 09506000134352 has no known lot: possibly affected, listed apart under unitsWithoutLot.',
        ],
      },
      logPosition: 7,
      totals: { units: 6, containers: 1 },
      rows: [
        {
          state: 'SITE',
          holder: { key: '417/9506000000015', name: 'Hub' },
          site: { key: HUB, name: 'Hub' },
          status: 'in_progress',
          units: 3,
          containers: 1,
        },
        {
          state: 'SITE',
          holder: { key: '417/9506000000008', name: 'Plant' },
          site: { key: PLANT, name: 'Plant' },
          status: 'active',
          units: 1,
          containers: 0,
        },
        {
          state: 'SITE',
          holder: { key: '417/9506000000015', name: 'Hub' },
          site: { key: HUB, name: 'Hub' },
          status: 'recalled',
          units: 1,
          containers: 0,
        },
        {
          state: 'SITE',
          holder: null,
          site: { key: SHOP, name: null },
          status: 'dispensed',
          units: 1,
          containers: 0,
        },
      ],
      inTransit: [],
      unknown: { units: 0 },
      consignees: [
        {
          party: { key: '417/9506000000008', name: 'Plant' },
          depth: 0,
          holdingNow: 1,
          everHeld: 6,
        },
        { party: { key: '417/9506000000015', name: 'Hub' }, depth: 1, holdingNow: 4, everHeld: 4 },
        { party: null, depth: 1, holdingNow: 0, everHeld: 1 },
      ],
      packages: {
        nodes: [101, 102, 103, 104, 105, 106].map((n) => ({ key: unit(n) })),
        pageInfo: { hasNextPage: false, endCursor: expect.any(String) as unknown },
      },
    });
  });

  test('now is one statement, whatever is told of it', async () => {
    await graph.log.read();
    const asked: string[] = [];
    const stop = graph.onStatement(({ name }) => asked.push(name));
    await ask(
      'completeness { complete reasons } totals { units } rows { units } unitsWithoutLot { units } classLevel { quantity }',
      { lots: [{ gtin: '09506000134369', lot: 'Y' }] },
    );
    stop();

    expect(asked).toEqual(['recall.lotReading']);
  });

  test('as of a past instant speaks of that instant', async () => {
    const found = await ask(
      'totals { units containers } inTransit { from { key } to { key } units containers }',
      {
        lots: [LOT],
        asOf: iso(45),
      },
    );

    expect(found).toEqual({
      totals: { units: 6, containers: 1 },
      inTransit: [{ from: { key: PLANT }, to: { key: HUB }, units: 4, containers: 1 }],
    });
  });

  test('of which nobody heard says so', async () => {
    const found = await ask('completeness { complete reasons } notFound totals { units }', {
      lots: [{ gtin: GTIN, lot: 'Z9' }],
    });

    expect(found).toMatchObject({
      completeness: { complete: false },
      notFound: [`01/${GTIN}/10/Z9`],
      totals: { units: 0 },
    });
  });
});

describe('other selectors', () => {
  const keys = 'packages(first: 100) { nodes { key } }';
  const listed = (found: Record<string, never>): string[] =>
    (found as unknown as { packages: { nodes: { key: string }[] } }).packages.nodes.map(
      ({ key }) => key,
    );

  test('a product made within a window takes the lots made then', async () => {
    const product = { gtin: GTIN, madeFrom: iso(11), madeUntil: iso(12) };

    expect(listed(await ask(keys, { products: [product] }))).toEqual([unit(300)]);
    expect(
      await ask('totals { units } unitsWithoutLot { units }', { products: [{ gtin: GTIN }] }),
    ).toEqual({
      totals: { units: 7 },
      unitsWithoutLot: { units: 1 },
    });
  });

  test('serials, ranges and lots are united, each unit once', async () => {
    const found = await ask(`totals { units containers } ${keys}`, {
      lots: [{ gtin: GTIN, lot: 'B' }],
      serials: [`(01)${GTIN}(21)101`, `(01)${GTIN}(21)300`],
      serialRanges: [{ gtin: GTIN, from: '101', to: '103' }],
    });

    expect(found['totals']).toEqual({ units: 4, containers: 1 });
    expect(listed(found)).toEqual([300, 101, 102, 103].map(unit));
  });

  test('a source lot takes all that was made from it, through steps and loops', async () => {
    const found = await ask(
      'totals { units } lots { role madeFrom lot { key } units } completeness { gaps { code } }',
      {
        sourceLots: [{ gtin: '09506000134369', lot: 'Y' }],
      },
    );

    expect(found).toEqual({
      totals: { units: 6 },
      lots: [
        { role: 'SOURCE', madeFrom: null, lot: { key: '01/09506000134369/10/Y' }, units: 0 },
        {
          role: 'MADE_FROM',
          madeFrom: '01/09506000134369/10/Y',
          lot: { key: '01/09506000134369/10/X' },
          units: 0,
        },
        {
          role: 'MADE_FROM',
          madeFrom: '01/09506000134369/10/X',
          lot: { key: `01/${GTIN}/10/A` },
          units: 6,
        },
      ],
      completeness: { gaps: [{ code: 'UNITS_WITHOUT_LOT' }, { code: 'CLASS_LEVEL' }] },
    });
  });

  test('a lot reported without serials is not silently whole', async () => {
    const found = await ask(
      'completeness { gaps { code } } classLevel { role quantity uom eventId eventTime }',
      {
        lots: [{ gtin: '09506000134369', lot: 'Y' }],
      },
    );

    expect(found).toEqual({
      completeness: { gaps: [{ code: 'MADE_INTO' }, { code: 'CLASS_LEVEL' }] },
      classLevel: [
        { role: 'quantity', quantity: 12.5, uom: 'KGM', eventId: 'bulk', eventTime: iso(5) },
      ],
    });
  });

  test('a site and a window take what was there then, inside containers too', async () => {
    const window = (site: string, from: number, until: number): object => ({
      siteWindow: { site, from: iso(from), until: iso(until + 1) },
    });

    expect(listed(await ask(keys, window(HUB, 0, 49)))).toEqual([]);
    expect(listed(await ask(keys, window(HUB, 55, 99)))).toEqual(
      [101, 102, 103, 104, 300].map(unit),
    );
    expect(listed(await ask(keys, window(SHOP, 62, 62)))).toEqual([unit(106)]);
    expect(listed(await ask(keys, window(SHOP, 64, 99)))).toEqual([]);
    expect(listed(await ask(keys, window(PLANT, 15, 15)))).toEqual(
      [101, 102, 103, 104, 105, 106, 201, 300].map(unit),
    );
  });

  test('a container takes what it holds and ever held', async () => {
    expect(listed(await ask(keys, { container: PALLET }))).toEqual(
      [101, 102, 103, 104, 300].map(unit),
    );
  });

  test('nothing selected is refused', async () => {
    const answer = await graphql({
      schema,
      source: '{ recallScope(input: {}) { logPosition } }',
      contextValue: { view: hostView(graph), clock },
    });

    expect(answer.errors?.[0]?.message).toContain('Give at least one of lots');
  });
});

describe('the packages of a scope', () => {
  test('are paged without gap or repeat, whole and by row', async () => {
    const page = `query ($input: RecallScopeInput!, $after: Cursor, $filter: RecallPackageFilter) {
      recallScope(input: $input) { packages(first: 2, after: $after, filter: $filter) { nodes { key status containers } pageInfo { hasNextPage endCursor } } } }`;
    const all = async (filter: object | null): Promise<string[]> => {
      const seen: string[] = [];
      for (let after: string | null = null; ;) {
        const { packages } = (await ask(
          page,
          { lots: [LOT, { gtin: GTIN, lot: 'B' }] },
          { after, filter },
        )) as unknown as {
          packages: {
            nodes: { key: string }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        };
        for (const { key } of packages.nodes) seen.push(key);
        if (!packages.pageInfo.hasNextPage) return seen;
        after = packages.pageInfo.endCursor;
      }
    };

    expect(await all(null)).toEqual([101, 102, 103, 104, 105, 106, 300].map(unit));
    expect(await all({ state: 'SITE', site: HUB })).toEqual([101, 102, 103, 104, 300].map(unit));
    expect(await all({ site: HUB, status: 'recalled' })).toEqual([unit(104)]);
    expect(await all({ holder: '417/9506000000015', status: 'in_progress' })).toEqual(
      [101, 102, 103, 300].map(unit),
    );
    expect(await all({ status: 'dispensed' })).toEqual([unit(106)]);
    expect(await all({ withoutLot: true })).toEqual([unit(201)]);
  });

  test('are explained, and so is what is not among them', async () => {
    const why = `a: explain(id: "${unit(101)}") { inScope links { kind text eventId } }
      none: explain(id: "${unit(201)}") { inScope possibly }
      other: explain(id: "${unit(300)}") { inScope possibly links { text } }
      pallet: explain(id: "${PALLET}") { inScope links { text } }`;

    expect(await ask(why, { sourceLots: [{ gtin: '09506000134369', lot: 'X' }] })).toEqual({
      a: {
        inScope: true,
        links: [
          {
            kind: 'LOT',
            text: `It is of lot 01/${GTIN}/10/A, stated by event make-a.`,
            eventId: 'make-a',
          },
          {
            kind: 'MADE_FROM',
            text: `Lot 01/${GTIN}/10/A was made from 01/09506000134369/10/X.`,
            eventId: 'blend',
          },
          {
            kind: 'SELECTED',
            text: 'Lot 01/09506000134369/10/X was asked for as a source.',
            eventId: null,
          },
          { kind: 'CONTAINER', text: `It is in container ${CASE}, in ${PALLET}.`, eventId: null },
        ],
      },
      none: { inScope: false, possibly: true },
      other: {
        inScope: false,
        possibly: false,
        links: [{ text: `Its lot 01/${GTIN}/10/B is not in the scope.` }],
      },
      pallet: { inScope: true, links: [{ text: '4 affected units are inside it.' }] },
    });
  });
});
