import { NOW } from '../../../src/holdings/holding.js';
import fc from 'fast-check';
import { hostView } from '../../../src/access/view.js';
import { cypher, int } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { readHistories } from '../../../src/recall/consignees.read-model.js';
import { consigneesOf } from '../../../src/recall/custody-path.rules.js';
import type { Consignee } from '../../../src/recall/custody-path.rules.js';
import { findConsignees } from '../../../src/recall/find-consignees.js';
import { findRecallScope } from '../../../src/recall/find-recall-scope.js';
import type { RecallScope } from '../../../src/recall/recall-scope.js';
import { dense, lawful, LOT_IDS, wild } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { reference } from '../../support/reference-projection.js';
import { nightly } from '../../support/test-settings.js';
import { recordFacts } from './record-facts.js';

// The way of every unit of a lot, read from the units themselves.
const WAYS = cypher<{ path: [string, number, number | null][]; units: number }>('test.ways')`
MATCH (u:Unit) WHERE u.lot IN $lots AND u.k IS NOT NULL
WITH [(u)-[i:IN]->(h:Holding) WHERE i.from <= $t | [h.id, i.from, i.to]] AS path
RETURN path, count(*) AS units`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

async function consigneesByUnits({ selection, rows }: RecallScope): Promise<Consignee[]> {
  const t = selection.asOf ?? NOW;
  const ways = await graph.read(WAYS, { lots: [...selection.lots.keys()], t: int(t) });
  const paths = ways.map(({ path, units }) => ({
    units,
    steps: path.map(([holding, from, to]) => ({ holding, from, to })),
  }));
  const asked = paths.flatMap(({ steps }) => steps.map(({ holding }) => holding));
  const sites = rows.flatMap(({ site, origin }) => [site ?? [], origin ?? []].flat());
  const histories = await readHistories(hostView(graph), { known: new Map(), asked, sites }, t);
  return consigneesOf(paths, rows, histories, t);
}

async function checkHistory({ facts, retract }: History): Promise<void> {
  const retracted = retract.map((i) => facts[i % facts.length]!.eventId);
  await emptyGraph(graph);
  await recordFacts(graph, facts, retracted);
  const all = reference(facts.filter((fact) => !retracted.includes(fact.eventId)));
  const known = LOT_IDS.filter((lot) => all.packages().some((k) => all.lotOf(k) === lot));
  const parts = known.filter((lot) => lot.includes('/10/')).map((lot) => [lot]);
  for (const lots of parts.length > 1 ? [...parts, parts.flat()] : parts)
    for (const asOf of [null, ...all.instants]) {
      const asked = { products: [], serials: [], serialRanges: [], sourceLots: [] };
      const scope = await findRecallScope(
        hostView(graph),
        { ...asked, lots, siteWindow: null, container: null, asOf },
        { now: Date.UTC(2026, 0, 1) },
      );
      expect([lots, asOf, await findConsignees(hostView(graph), scope)]).toEqual([
        lots,
        asOf,
        await consigneesByUnits(scope),
      ]);
    }
}

describe('consignees found by the holdings of a lot', () => {
  test.each([
    ['lawful', lawful, nightly ? 60 : 2],
    ['wild', wild, nightly ? 200 : 4],
    ['dense', dense, nightly ? 400 : 12],
  ] as const)(
    'are those that the ways of its units tell, over %s histories, now and at every past instant',
    async (_, histories, numRuns) => {
      await fc.assert(fc.asyncProperty(histories, checkHistory), {
        numRuns,
        seed: 31,
        endOnFailure: true,
      });
    },
    nightly ? 3_600_000 : 240_000,
  );
});
