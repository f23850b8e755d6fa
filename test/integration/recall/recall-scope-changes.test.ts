import { HOST } from '../../../src/access/principal.js';
import type { Principal } from '../../../src/access/principal.js';
import { commonView, hostView } from '../../../src/access/view.js';
import type { View } from '../../../src/access/view.js';
import type {
  Batch,
  Feed,
  FeedBatch,
  FeedMessage,
  LocationMessage,
} from '../../../src/feed/index.js';
import { fixedClock } from '../../../src/shared/clock.js';
import { SharedAnswers } from '../../../src/shared/shared-answers.js';
import type { Graph } from '../../../src/graph/graph.js';
import type { RecallSelectors } from '../../../src/recall/recall-scope.js';
import { watchRecallScope } from '../../../src/recall/watch-recall-scope.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { recordFacts } from './record-facts.js';

const UNIT = '01/09506000134352/21/1';
const LOT = '01/09506000134352/10/A';
const PALLET = '00/095060001343520000';
const HUB = '414/9506000000015';

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await recordFacts(graph, [
    {
      id: 'e',
      eventId: 'e',
      hash: 'e',
      t: 1,
      act: 'commission',
      kids: [UNIT],
      site: HUB,
      lot: 'A',
    },
  ]);
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

const message = (more: Partial<LocationMessage>): LocationMessage => ({
  kind: 'location',
  k: PALLET,
  level: 'CONTAINER',
  from: { mode: 'AT', site: HUB, origin: null },
  to: { mode: 'TO', site: null, origin: HUB },
  status: 'in_transit',
  units: 5,
  lots: [{ lot: LOT, units: 3 }],
  eventId: 'e2',
  t: 2,
  recordTime: 3,
  ...more,
});

/** A log of one batch a call, that ends; only wanted messages come out of it, as the feed promises. */
function feedOf(batches: readonly Batch[], containers: ReadonlySet<string> = new Set()): Feed {
  const around = {
    containersOf: () => containers,
    holderOf: () => null,
    partyOf: (key: string) => key,
  };
  return {
    head: () => Promise.resolve(0),
    cursor: () => Promise.resolve(''),
    around: () => Promise.resolve(around),
    page: () => Promise.reject(new Error('not read')),
    commit: () => Promise.reject(new Error('not kept')),
    subscribe: ({ wants } = {}) => {
      const wanted = (one: FeedMessage): boolean => wants?.(one, around) ?? true;
      const given = batches.flatMap(({ seq, messages }): FeedBatch[] => {
        const items = messages
          .map((one, index) => ({ seq, index, cursor: `${seq}.${index}`, message: one }))
          .filter((item) => wanted(item.message));
        return items.length === 0 ? [] : [{ seq, items }];
      });
      const rest = given.values();
      const stream: AsyncIterableIterator<FeedBatch> = {
        next: () => Promise.resolve(rest.next()),
        [Symbol.asyncIterator]: () => stream,
      };
      return Promise.resolve(stream);
    },
  };
}

const selectors = (more: Partial<RecallSelectors>): RecallSelectors => ({
  lots: [],
  products: [],
  serials: [],
  serialRanges: [],
  sourceLots: [],
  siteWindow: null,
  container: null,
  asOf: null,
  ...more,
});

const sharedAnswers = (): SharedAnswers =>
  new SharedAnswers({ position: () => 7, clock: fixedClock(1000) });

async function watched(
  feed: Feed,
  scope: Partial<RecallSelectors>,
  {
    view = hostView(graph),
    shared = sharedAnswers(),
  }: { readonly view?: View; readonly shared?: SharedAnswers } = {},
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const options = { view, feed, clock: fixedClock(1000), shared };
  for await (const part of await watchRecallScope(selectors(scope), options)) {
    if ('heartbeat' in part) continue;
    const { item, change, units, totals, logPosition } = part;
    seen.push([item.cursor, change, units, totals.units, logPosition]);
  }
  return seen;
}

test('a pallet with affected units is one message with the affected units it carries and the new totals', async () => {
  const other = message({ lots: [{ lot: '01/09506000134352/10/B', units: 5 }] });
  const feed = feedOf([{ seq: 4, at: 0, messages: [other, message({})] }]);

  expect(await watched(feed, { lots: [LOT] })).toEqual([['4.1', 'MOVED', 3, 1, 7]]);
});

test('units that were never known enter, those that are dispensed leave', async () => {
  const born = message({ from: null, status: 'active' });
  const gone = message({
    k: UNIT,
    level: 'UNIT',
    status: 'dispensed',
    lots: [{ lot: LOT, units: 1 }],
  });
  const feed = feedOf([
    { seq: 4, at: 0, messages: [born] },
    { seq: 5, at: 0, messages: [gone] },
  ]);

  expect(await watched(feed, { lots: [LOT] })).toEqual([
    ['4.0', 'ENTERED', 3, 1, 7],
    ['5.0', 'LEFT', 1, 1, 7],
  ]);
});

test('a unit asked for by its serial is told of when the pallet around it moves', async () => {
  const feed = feedOf([{ seq: 4, at: 0, messages: [message({})] }], new Set([PALLET]));

  expect(await watched(feed, { serials: [UNIT] })).toEqual([['4.0', 'MOVED', 1, 1, 7]]);
});

test('a new lot of a product asked for is told of', async () => {
  const born = message({
    from: null,
    status: 'active',
    lots: [{ lot: '01/09506000134352/10/NEW', units: 2 }],
  });
  const feed = feedOf([{ seq: 4, at: 0, messages: [born] }]);

  const product = { gtin: '09506000134352', madeFrom: null, madeUntil: null };
  expect(await watched(feed, { products: [product] })).toEqual([['4.0', 'ENTERED', 2, 1, 7]]);
});

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  let statements = 0;
  const stop = graph.onStatement(() => statements++);
  await work();
  stop();
  return statements;
}

test('many that watch one lot have it counted once, those of another lot or another principal have their own', async () => {
  const batch = { seq: 4, at: 0, messages: [message({})] };
  const watchAll = async (
    asked: readonly { lot: string; principal: Principal }[],
  ): Promise<void> => {
    const shared = sharedAnswers();
    const watching = asked.map(({ lot, principal }) => {
      const view = commonView(graph, principal);
      return watched(feedOf([batch]), { lots: [lot] }, { view, shared });
    });
    await Promise.all(watching);
  };
  const host = { lot: LOT, principal: HOST };
  const partner = { ...HOST, kind: 'PARTY', organisation: '417/9506000134352' } as const;
  const alone = await statementsOf(() => watchAll([host]));

  expect(alone).toBeGreaterThan(0);
  expect(await statementsOf(() => watchAll(Array(20).fill(host) as (typeof host)[]))).toBe(alone);
  expect(
    await statementsOf(() => watchAll([host, { lot: LOT, principal: partner }])),
  ).toBeGreaterThan(alone);
  // Nobody named that lot, so what it may have meant is looked up too.
  expect(
    await statementsOf(() => watchAll([host, { ...host, lot: '01/09506000134352/10/B' }])),
  ).toBe(2 * alone + 1);
});
