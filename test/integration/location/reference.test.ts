/** Random histories: what is read from the graph equals what the naive reference says, at every instant. */
import { NOW } from '../../../src/holdings/holding.js';
import { hostView } from '../../../src/access/view.js';
import fc from 'fast-check';
import { cypher, int, intOrNull } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { windowOf } from '../../../src/holdings/history.rules.js';
import { readHistory } from '../../../src/holdings/whereabouts.read-model.js';
import type { Whereabouts } from '../../../src/holdings/whereabouts.rules.js';
import type { Fact } from '../../../src/projection/fact.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { placeProperties } from '../../../src/projection/place-columns.js';
import type { Row } from '../../../src/projection/state.js';
import { readJourneys } from '../../../src/trace/index.js';
import { activeFacts, arrivalOrders, dense, lawful, wild } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { reference } from '../../support/reference-projection.js';

const WRITE = cypher('test.memory-world')`
CALL () { UNWIND $sites AS k MERGE (:Site {k: k}) }
CALL () { UNWIND $packages AS given CREATE (p:Package:Unit) SET p = given.node
  FOREACH (_ IN CASE WHEN given.container THEN [1] ELSE [] END | SET p:Container REMOVE p:Unit) }
CALL () { UNWIND $holdings AS given CREATE (h:Holding) SET h = given }
CALL () { UNWIND $ins AS given MATCH (p:Package {k: given.k}), (h:Holding {id: given.to}) CREATE (p)-[r:IN]->(h) SET r = given.row }
CALL () { UNWIND $stays AS given MATCH (p:Package {k: given.k}), (s:Site {k: given.to}) CREATE (p)-[r:STAY]->(s) SET r = given.row }
CALL () { UNWIND $events AS given CREATE (e:Event) SET e = given.node
  WITH e, given UNWIND given.names AS k MATCH (p:Package {k: k}) CREATE (e)-[:OF {role: 'epc'}]->(p) }`;

const numRuns = 12;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
});
afterAll(() => graph.close());

function timed({ since, ...effect }: ReturnType<typeof placeProperties>): object {
  return { ...effect, since: int(since) };
}

function toRow(k: string, row: Row, next: Row | undefined): { k: string; to: string; row: object } {
  const span = { from: int(row.from), to: intOrNull(next?.from) };
  if (row.holding === null) {
    const { site, ...own } = placeProperties(row.own!);
    return { k, to: site, row: { ...span, ...own, since: int(own.since) } };
  }
  const { mark } = row;
  const marked = mark
    ? { mStatus: mark.status, mSince: int(mark.since), mAt: int(mark.at), mDiff: mark.differs }
    : {};
  return { k, to: row.holding, row: { ...span, ...marked } };
}

const TYPES: Record<Fact['act'], object> = {
  commission: { type: 'ObjectEvent', action: 'ADD' },
  unpack: { type: 'AggregationEvent', action: 'DELETE' },
  pack: { type: 'AggregationEvent', action: 'ADD' },
  see: { type: 'ObjectEvent', action: 'OBSERVE' },
  end: { type: 'ObjectEvent', action: 'DELETE' },
};

async function store(memory: MemoryWorld, facts: readonly Fact[]): Promise<string[]> {
  const { packages, holdings } = memory.world;
  const known = [...packages.values()].filter(({ open }) => open !== undefined);
  const rows = known.flatMap(({ key, history }) =>
    (history?.rows ?? []).map((row, i, all) => toRow(key, row, all[i + 1])),
  );
  const stays = rows.filter((_, i) => known.length > 0 && 'status' in rows[i]!.row);
  await emptyGraph(graph);
  await graph.writeAlone(WRITE, {
    sites: [...new Set(stays.map(({ to }) => to))],
    packages: known.map(({ key: k, container, lot, current }) => ({
      container,
      node: { k, lot, ...(container ? { cur: current.id } : {}) },
    })),
    holdings: [...holdings.values()].map(({ effect, from, dissolvedAt, ...holding }) => ({
      ...holding,
      from: int(from),
      dissolvedAt: intOrNull(dissolvedAt),
      ...(effect === undefined ? {} : timed(placeProperties(effect))),
    })),
    ins: rows.filter((row) => !stays.includes(row)),
    stays,
    events: facts.map(({ eventId, hash, t, act, parent, kids }) => ({
      node: { id: eventId, hash, eventTime: int(t), ...TYPES[act] },
      names: [...new Set(parent === undefined ? kids : [parent, ...kids])],
    })),
  });
  return known.map(({ key }) => key);
}

function told({ known, state, site, destination, status, containers }: Whereabouts): object | null {
  if (!known) return null;
  const where = { SITE: site, IN_TRANSIT: `>${destination ?? '?'}`, UNKNOWN: '?', PASSED_ON: null }[
    state
  ];
  return { where, status, container: containers[0] ?? null, chain: [...containers] };
}

async function agrees(history: History): Promise<void> {
  const messages = arrivalOrders(history)[0]!;
  const facts = activeFacts(messages);
  const memory = new MemoryWorld();
  memory.apply(facts, []);
  const expected = reference(facts);

  const keys = await store(memory, facts);
  const points = keys.flatMap((key) => expected.instants.map((at) => ({ key, at })));
  const found = await readHistory(hostView(graph), points);
  const now = keys.map((key) => windowOf({ key, at: NOW }));
  const { pages: journeys } = await readJourneys(
    hostView(graph),
    now.map((window) => found.touching(window)),
    { page: { size: 1000, backward: false } },
  );

  expect(points.map((point) => ({ ...point, told: told(found.whereabouts(point)) }))).toEqual(
    points.map((point) => ({ ...point, told: expected.at(point.key, point.at) ?? null })),
  );
  expect(
    keys.map((key, i) => [key, journeys[i]!.items.map(({ node }) => [node.eventId, node.via])]),
  ).toEqual(
    keys.map((key) => [key, expected.journey(key).map(({ eventId, via }) => [eventId, via])]),
  );
}

describe('whereabouts and journeys equal the reference', () => {
  test.each([
    ['wild', wild],
    ['dense', dense],
    ['lawful', lawful],
  ])('for %s histories', async (_, histories) => {
    await fc.assert(fc.asyncProperty(histories, agrees), { numRuns, endOnFailure: true });
  });
});
