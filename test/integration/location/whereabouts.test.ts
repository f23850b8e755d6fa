import { NOW } from '../../../src/holdings/holding.js';
import { hostView } from '../../../src/access/view.js';
import type { Graph } from '../../../src/graph/graph.js';
import { windowOf } from '../../../src/holdings/history.rules.js';
import { readHistory } from '../../../src/holdings/whereabouts.read-model.js';
import type { Point, Whereabouts } from '../../../src/holdings/whereabouts.rules.js';
import { readCustody } from '../../../src/location/index.js';
import type { Custody } from '../../../src/location/custody.read-model.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { counted, keys, writeStory } from './small-graph.js';

const { u1, u2, u3, box, pallet, plant, hub, maker, wholesaler } = keys;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await writeStory(graph);
});
afterAll(() => graph.close());

async function custodyOf(points: readonly Point[]): Promise<readonly Custody[]> {
  const history = await readHistory(hostView(graph), points);
  const touching = points.map((point) => history.touching(windowOf(point)));
  return (await readCustody(hostView(graph), touching, [])).custody;
}

async function readWhereabouts(of: Graph, points: readonly Point[]): Promise<Whereabouts[]> {
  const history = await readHistory(hostView(of), points);
  return points.map((point) => history.whereabouts(point));
}

async function at(key: string, instant = NOW): Promise<Whereabouts> {
  const [found] = await readWhereabouts(graph, [{ key, at: instant }]);
  return found!;
}

describe('where a package is', () => {
  test('is where the emptied pallet left the case it is in', async () => {
    expect(await at(u2)).toEqual({
      key: u2,
      known: true,
      state: 'SITE',
      site: hub,
      origin: null,
      destination: null,
      by: null,
      status: 'in_progress',
      statusSince: 500,
      containers: [box],
      from: 600,
      holding: `F ${pallet} 0`,
    });
  });

  test('was on the way with its pallet', async () => {
    expect(await at(u2, 450)).toMatchObject({
      state: 'IN_TRANSIT',
      site: null,
      origin: plant,
      destination: hub,
      by: 'e4',
      status: 'in_transit',
      containers: [box, pallet],
    });
  });

  test('changes with the instant, after everything that happened at it', async () => {
    expect((await at(u2, 99)).known).toBe(false);
    expect(await at(u2, 100)).toMatchObject({ state: 'SITE', site: plant, containers: [] });
    expect((await at(u2, 399)).state).toBe('SITE');
    expect((await at(u2, 400)).state).toBe('IN_TRANSIT');
    expect((await at(u2, 599)).containers).toEqual([box, pallet]);
    expect((await at(u2, 600)).containers).toEqual([box]);
  });

  test('after its end is where it ended', async () => {
    expect(await at(u1)).toMatchObject({ site: hub, status: 'dispensed', containers: [] });
    expect(await at(u1, 699)).toMatchObject({ status: 'in_progress', containers: [box] });
  });

  test('of one that no event names is not known', async () => {
    expect(await at('01/09506000134352/21/NOBODY')).toMatchObject({
      known: false,
      state: 'UNKNOWN',
      status: null,
    });
  });
});

describe('since when', () => {
  test('is when the place began, whatever was packed and unpacked there since', async () => {
    const points = [
      { key: u2, at: NOW },
      { key: u2, at: 350 },
      { key: u2, at: 450 },
      { key: u3, at: NOW },
    ];
    const history = await readHistory(hostView(graph), points);

    expect(points.map((point) => history.placeSince(history.whereabouts(point)))).toEqual([
      500, 100, 400, 100,
    ]);
  });
});

describe('whose it is and where it was seen', () => {
  async function custody(key: string, instant = NOW) {
    return (await custodyOf([{ key, at: instant }]))[0]!;
  }

  test('who owns it is whom the receiving completed it for', async () => {
    expect(await custody(u2)).toMatchObject({ owner: wholesaler });
  });

  test('on the way it is still his who shipped it', async () => {
    expect(await custody(u2, 450)).toMatchObject({ owner: maker });
  });

  test('last seen is the newest of its own and its containers’ events', async () => {
    expect((await custody(u2)).lastSeen).toMatchObject({ eventId: 'e6', t: 600, readPoint: hub });
    expect((await custody(u1)).lastSeen).toMatchObject({ eventId: 'e7', t: 700 });
    expect((await custody(u2, 450)).lastSeen).toMatchObject({ eventId: 'e3', readPoint: plant });
    expect((await custody(u3)).lastSeen).toMatchObject({ eventId: 'e1' });
  });
});

test('the number of statements does not depend on the number of packages', async () => {
  const many = Array.from({ length: 500 }, (_, i) => ({
    key: i % 2 ? u1 : u2,
    at: 400 + (i % 250),
  }));

  const [one] = await counted(graph, () => readWhereabouts(graph, [{ key: u2, at: 450 }]));
  const [all] = await counted(graph, () => readWhereabouts(graph, many));
  const [custodyOfOne] = await counted(graph, () => custodyOf(many.slice(1, 2)));
  const [custodyOfAll] = await counted(graph, () => custodyOf(many));

  expect([one, all]).toEqual([1, 1]);
  expect([custodyOfOne, custodyOfAll]).toEqual([2, 2]);
});
