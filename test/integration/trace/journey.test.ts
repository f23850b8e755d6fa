import { NOW } from '../../../src/holdings/holding.js';
import { hostView } from '../../../src/access/view.js';
import type { Graph } from '../../../src/graph/graph.js';
import { decodeCursor } from '../../../src/shared/page.js';
import { windowOf } from '../../../src/holdings/history.rules.js';
import { readHistory } from '../../../src/holdings/whereabouts.read-model.js';
import type { Page } from '../../../src/shared/page.js';
import { readJourneys } from '../../../src/trace/index.js';
import type { JourneyRequest } from '../../../src/trace/journey.read-model.js';
import { JOURNEY_KEY } from '../../../src/trace/journey.js';
import type { JourneyEntry } from '../../../src/trace/journey.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { counted, keys, writeStory } from '../location/small-graph.js';

const { u1, u2, u3, box, pallet } = keys;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await writeStory(graph);
});
afterAll(() => graph.close());

async function journeysOf(
  of: readonly string[],
  request: JourneyRequest,
): Promise<readonly Page<JourneyEntry>[]> {
  const points = of.map((key) => ({ key, at: NOW }));
  const history = await readHistory(hostView(graph), points, { whole: true });
  const touching = points.map((point) => history.touching(windowOf(point)));
  return (await readJourneys(hostView(graph), touching, request)).pages;
}

async function journey(key: string, includeRetracted = false): Promise<unknown[][]> {
  const [page] = await journeysOf([key], {
    page: { size: 100, backward: false },
    includeRetracted,
  });
  return page!.items.map(({ node }) => [node.eventId, node.via, node.viaSince, node.viaUntil]);
}

describe('a journey', () => {
  test('has the events of the package and of what it was in, each once, in order', async () => {
    expect(await journey(u2)).toEqual([
      ['e1', null, null, null],
      ['e2', null, null, null],
      ['q1', box, 200, null],
      ['q2', box, 200, null],
      ['e3', box, 200, null],
      ['a1', pallet, 300, 600],
      ['e4', pallet, 300, 600],
      ['e5', pallet, 300, 600],
      ['e6', pallet, 300, 600],
    ]);
  });

  test('ends with its own end, though its case stays', async () => {
    expect((await journey(u1)).at(-1)).toEqual(['e7', null, null, null]);
    expect(await journey(u3)).toEqual([['e1', null, null, null]]);
  });

  test('shows retracted events when asked', async () => {
    expect((await journey(u2, true)).map(([id]) => id)).toContain('wrong');
  });

  test('pages by key', async () => {
    const seen: string[] = [];
    let after: ReturnType<typeof decodeCursor> | undefined;
    for (let page = 0; page < 5; page++) {
      const from = after === undefined ? {} : { from: after };
      const request = { size: 2, backward: false, ...from };
      const [found] = await journeysOf([u2], { page: request });
      seen.push(...found!.items.map(({ node }) => node.eventId));
      if (!found!.hasNextPage) break;
      after = decodeCursor(found!.items.at(-1)!.cursor, JOURNEY_KEY);
    }

    expect(seen).toEqual(['e1', 'e2', 'q1', 'q2', 'e3', 'a1', 'e4', 'e5', 'e6']);
  });

  test('of many packages costs as many statements as of one', async () => {
    const page = { size: 100, backward: false };

    const [one] = await counted(graph, () => journeysOf([u2], { page }));
    const [all] = await counted(graph, () => journeysOf([u1, u2, u3, box, pallet], { page }));

    expect([one, all]).toEqual([2, 2]);
  });
});
