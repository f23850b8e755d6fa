import { hostView } from '../../../src/access/view.js';
import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { saveHandoffs } from '../../../src/handoff/index.js';
import { HandoffPackageResolver, HandoffResolver } from '../../../src/handoff/handoff.resolver.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import type { Fact } from '../../../src/projection/fact.js';
import { makeSchema } from '../../../src/server/schema.js';
import { fixedClock } from '../../../src/shared/clock.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { recordFacts } from '../recall/record-facts.js';

const unit = (n: number): string => `01/09506000134352/21/${n}`;
const PLANT = '414/9506000000008';
const HUB = '414/9506000000015';
const CASE = '00/095060001343520017';
const PALLET = '00/095060001343520000';
const NEVER = '00/095060001343520024';

const fact = (id: string, t: number, more: Partial<Fact> & Pick<Fact, 'act' | 'kids'>): Fact => ({
  id,
  eventId: id,
  hash: id,
  t,
  ...more,
});
const FACTS = [
  fact('make', 10, { act: 'commission', kids: [1, 2, 3, 4].map(unit), site: PLANT, lot: 'A' }),
  fact('pack', 20, { act: 'pack', parent: CASE, kids: [1, 2].map(unit), site: PLANT }),
  fact('load', 30, { act: 'pack', parent: PALLET, kids: [CASE, unit(3)], site: PLANT }),
  fact('ship', 40, { act: 'see', move: 'ship', kids: [PALLET, unit(4)], dest: HUB }),
  fact('receive', 50, { act: 'see', move: 'receive', kids: [CASE], site: HUB }),
  fact('over', 60, { act: 'see', move: 'receive', kids: [NEVER], site: HUB }),
];

const PARTIES = cypher('test.custody.parties')`
MATCH (s:Site {k: $site}) MERGE (p:Party {k: '417/9506000000015'}) MERGE (s)-[:OPERATED_BY]->(p)
WITH s MATCH (e:Event {id: 'ship'}) SET e.text = '{"bizTransactionList":[{"type":"po","bizTransaction":"urn:po:1"}]}', e.type = 'ObjectEvent'`;

let graph: Graph;
let schema: GraphQLSchema;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await recordFacts(graph, FACTS);
  const shipping = { from: PLANT, to: HUB, fromParty: null, toParty: null };
  const received = (eventId: string, by: string | null): object => ({
    eventId,
    kind: 'received',
    by,
    site: HUB,
  });
  const receipts = [
    { key: CASE, t: 50, again: false, list: [received('receive', 'ship')] },
    { key: NEVER, t: 60, again: false, list: [received('over', null)] },
  ] as Parameters<typeof saveHandoffs>[1]['receipts'];
  await graph.write((tx) =>
    saveHandoffs(tx, {
      seq: 1,
      shippings: [
        { ...shipping, dueAt: null, id: 'ship', shippedAt: 40, keys: [PALLET, unit(4)] },
        { ...shipping, dueAt: null, id: 'ship-2', shippedAt: 40, keys: [unit(4)] },
      ],
      retracted: [],
      receipts,
    }),
  );
  await graph.writeAlone(PARTIES, { site: HUB });
  schema = makeSchema([HandoffResolver, HandoffPackageResolver]);
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

async function ask(source: string, variables: object = {}): Promise<unknown> {
  const answer = await graphql({
    schema,
    source,
    variableValues: { ...variables },
    contextValue: { view: hostView(graph), clock: fixedClock(100) },
  });
  expect(answer.errors).toBeUndefined();
  return JSON.parse(JSON.stringify(answer.data?.['handoffs']));
}

test('a handoff says what was shipped, what came, what is missing and how long it took', async () => {
  const found = await ask(`{ handoffs(filter: { ids: ["ship"] }) { nodes {
    status from { key } to { key } toParty { key }
    packageCount { shipped received outstanding short over } unitCount { shipped received outstanding short over }
    duration { firstMs lastMs openMs } transactions { type bizTransaction }
    packages { key shipped voided units receivedAt site { key } } } } }`);

  expect(found).toEqual({
    nodes: [
      {
        status: 'PARTIAL',
        from: { key: PLANT },
        to: { key: HUB },
        toParty: { key: '417/9506000000015' },
        packageCount: { shipped: 2, received: 0, outstanding: 2, short: 2, over: 0 },
        unitCount: { shipped: 4, received: 2, outstanding: 2, short: 2, over: 0 },
        duration: { firstMs: 10, lastMs: 10, openMs: 60 },
        transactions: [{ type: 'po', bizTransaction: 'urn:po:1' }],
        packages: [
          { key: PALLET, shipped: true, voided: false, units: 3, receivedAt: null, site: null },
          {
            key: CASE,
            shipped: false,
            voided: false,
            units: 2,
            receivedAt: new Date(50).toISOString(),
            site: { key: HUB },
          },
          { key: unit(4), shipped: true, voided: false, units: 1, receivedAt: null, site: null },
        ],
      },
    ],
  });
});

test('handoffs are paged by time and id, and filtered by party, site, status and time', async () => {
  const list = `query ($filter: HandoffFilter, $after: Cursor) { handoffs(filter: $filter, first: 1, after: $after) {
    nodes { id: key status } pageInfo { hasNextPage endCursor } } }`;
  const all = async (filter: object): Promise<string[]> => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page = (await ask(list, { filter, after })) as {
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      seen.push(...page.nodes.map(({ id }) => id));
      if (!page.pageInfo.hasNextPage) return seen;
      after = page.pageInfo.endCursor;
    }
  };
  const over = `over:over|${NEVER}`;

  expect(await all({})).toEqual([over, 'ship-2', 'ship']);
  expect(await all({ ids: ['ship-2', 'ship', over] })).toEqual([over, 'ship-2', 'ship']);
  expect(await all({ parties: ['417/9506000000015'] })).toEqual([over, 'ship-2', 'ship']);
  expect(await all({ sites: [PLANT] })).toEqual(['ship-2', 'ship']);
  expect(await all({ statuses: ['OUTSTANDING'] })).toEqual(['ship-2']);
  expect(await all({ shippedUntil: new Date(50).toISOString() })).toEqual(['ship-2', 'ship']);
  expect(await all({ shippedFrom: new Date(50).toISOString() })).toEqual([over]);
});
