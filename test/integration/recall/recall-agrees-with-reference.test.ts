import { hostView } from '../../../src/access/view.js';
import fc from 'fast-check';
import type { Graph } from '../../../src/graph/graph.js';
import { countInventory } from '../../../src/inventory/count-inventory.js';
import { findRecallScope } from '../../../src/recall/find-recall-scope.js';
import { listAffectedPackages } from '../../../src/recall/list-affected-packages.js';
import type { RecallScope, RecallSelectors, ScopeRow } from '../../../src/recall/recall-scope.js';
import { dense, lawful, LOT_IDS, UNITS, wild } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { reference } from '../../support/reference-projection.js';
import type { Reference } from '../../support/reference-projection.js';
import { nightly } from '../../support/test-settings.js';
import { recordFacts } from './record-facts.js';

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

const NOTHING: RecallSelectors = {
  lots: [],
  products: [],
  serials: [],
  serialRanges: [],
  sourceLots: [],
  siteWindow: null,
  container: null,
  asOf: null,
};
const LATER = { now: Date.UTC(2026, 0, 1) };
const EVERYTHING = { state: null, status: null, sites: null, heldFrom: null, withoutLot: false };

const whereOf = (row: Pick<ScopeRow, 'state' | 'site'>): string =>
  row.state === 'UNKNOWN' ? '?' : row.state === 'SITE' ? row.site! : `>${row.site ?? '?'}`;

/** `status@where` → units and containers, as the reference gives them. */
function byWhere(rows: readonly ScopeRow[]): [string, { units: number; containers: number }][] {
  const found = new Map<string, { units: number; containers: number }>();
  for (const row of rows) {
    const key = `${row.status}@${whereOf(row)}`;
    const { units, containers } = found.get(key) ?? { units: 0, containers: 0 };
    found.set(key, { units: units + row.units, containers: containers + row.containers });
  }
  return [...found].sort();
}

function unitsAsOf(all: Reference, lot: string, t: number): [string, number][] {
  const found = new Map<string, number>();
  for (const k of all.packages()) {
    if (all.isContainer(k) || all.lotOf(k) !== lot) continue;
    const answer = all.at(k, t);
    if (answer === undefined) continue;
    const key = `${answer.status}@${answer.where}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return [...found].sort();
}

const unitsOnly = (scope: RecallScope): [string, number][] =>
  byWhere(scope.rows)
    .filter(([, { units }]) => units > 0)
    .map(([key, { units }]) => [key, units]);

const isStated = (lot: string): boolean => lot.includes('/10/');

async function checkHistory({ facts, retract }: History): Promise<void> {
  const retracted = retract.map((i) => facts[i % facts.length]!.eventId);
  await emptyGraph(graph);
  await recordFacts(graph, facts, retracted);
  const all = reference(facts.filter((fact) => !retracted.includes(fact.eventId)));
  const units = all.packages().filter((k) => !all.isContainer(k));
  const lots = LOT_IDS.filter((lot) => isStated(lot) && units.some((k) => all.lotOf(k) === lot));
  if (lots.length === 0) return;
  for (const lot of lots) {
    const scope = await findRecallScope(hostView(graph), { ...NOTHING, lots: [lot] }, LATER);
    expect([lot, byWhere(scope.rows)]).toEqual([lot, [...all.totals(lot)].sort()]);
    const loose = [...all.totals(lot.slice(0, 17))].sort();
    expect(byWhere(scope.possibly.rows)).toEqual(loose);
    for (const t of all.instants) {
      const past = await findRecallScope(
        hostView(graph),
        { ...NOTHING, lots: [lot], asOf: t },
        LATER,
      );
      expect([lot, t, unitsOnly(past)]).toEqual([lot, t, unitsAsOf(all, lot, t)]);
    }
  }
  await checkListing(all, lots);
  await checkNamed(all, lots);
  const stock = await countInventory(
    hostView(graph),
    {
      gtins: null,
      lots: null,
      sites: null,
      parties: null,
      statuses: null,
      expiresFrom: null,
      expiresUntil: null,
      includeEnded: true,
    },
    ['LOT', 'SITE', 'STATUS'],
  );
  const rows = stock.filter((row) => row.units > 0);
  expect(rows.map((row) => `${row.lot} ${whereOf(row)} ${row.status} ${row.units}`).sort()).toEqual(
    all
      .inventory()
      .map((row) => `${row.lot} ${row.where} ${row.status} ${row.units}`)
      .sort(),
  );
}

/** The packages of every row together are the whole list, and each is where the row says. */
async function checkListing(all: Reference, lots: readonly string[]): Promise<void> {
  const scope = await findRecallScope(hostView(graph), { ...NOTHING, lots }, LATER);
  const listed = await listAffectedPackages(hostView(graph), scope.selection, EVERYTHING, {
    size: 1000,
    backward: false,
  });
  const units = all.packages().filter((k) => !all.isContainer(k) && lots.includes(all.lotOf(k)));
  expect(listed.items.map(({ node }) => node.key).sort()).toEqual(units.sort());
  for (const row of scope.rows.filter(({ units: n }) => n > 0)) {
    const filter = {
      ...EVERYTHING,
      state: row.state,
      status: row.status,
      sites: row.site === null ? null : [row.site],
    };
    const page = await listAffectedPackages(hostView(graph), scope.selection, filter, {
      size: 1000,
      backward: false,
    });
    const expected = units.filter((k) => {
      const answer = all.at(k, Infinity);
      return (
        answer?.status === row.status &&
        (row.site === null
          ? answer.where === whereOf(row) || row.state !== 'UNKNOWN'
          : answer.where === whereOf(row))
      );
    });
    if (row.site !== null || row.state === 'UNKNOWN')
      expect([whereOf(row), page.items.map(({ node }) => node.key).sort()]).toEqual([
        whereOf(row),
        expected.sort(),
      ]);
  }
}

/** The same units named one by one beside a lot make the same scope as the lots. */
async function checkNamed(all: Reference, lots: readonly string[]): Promise<void> {
  const serials = UNITS.filter((k) => !all.isContainer(k) && lots.slice(1).includes(all.lotOf(k)));
  const known = serials.filter((k) => all.packages().includes(k));
  const cases = all
    .packages()
    .some((k) => !UNITS.includes(k) && !all.isContainer(k) && isStated(all.lotOf(k)));
  if (cases) return;
  const byLots = await findRecallScope(hostView(graph), { ...NOTHING, lots }, LATER);
  const byName = await findRecallScope(
    hostView(graph),
    { ...NOTHING, lots: lots.slice(0, 1), serials: known },
    LATER,
  );
  expect(byWhere(byName.rows)).toEqual(byWhere(byLots.rows));
}

describe('a recall scope and the inventory', () => {
  test.each([
    ['lawful', lawful, nightly ? 60 : 4],
    ['wild', wild, nightly ? 200 : 8],
    ['dense', dense, nightly ? 400 : 24],
  ] as const)(
    'equal the naive reference over %s histories, now and at every past instant',
    async (_, histories, numRuns) => {
      await fc.assert(fc.asyncProperty(histories, checkHistory), {
        numRuns,
        seed: 12,
        endOnFailure: true,
      });
    },
    nightly ? 3_600_000 : 240_000,
  );
});
