import { hostView } from '../../../src/access/view.js';
import { storeQuery } from '../../../src/epcis-subscription/named-query.store.js';
import {
  deleteSubscription,
  noteProgress,
  releaseLeases,
  renewLeases,
  storeSubscription,
  takeLeases,
} from '../../../src/epcis-subscription/subscription.store.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const LEASE = { limit: 100, leaseMs: 60_000 };
const SUBSCRIPTION = {
  queryName: 'shipments',
  dest: 'https://client.example.com/',
  token: 't0k3n',
  schedule: null,
  reportIfEmpty: false,
  initialRecordTime: null,
  epcFormat: 'Always_GS1_Digital_Link',
  createdAt: 1000,
  position: 7,
  dueAt: 0,
} as const;

const EXPIRE = cypher('test.expireLease')`
  MATCH (s:QuerySubscription {id: $id}) SET s.leaseUntil = timestamp() - 1`;
const POSITION = cypher<{ position: number; positionAfter: string | null }>(
  'test.storedPosition',
)`MATCH (s:QuerySubscription {id: $id}) RETURN s.position AS position, s.positionAfter AS positionAfter`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
});
beforeEach(async () => {
  await emptyGraph(graph);
  await storeQuery(hostView(graph), { name: 'shipments', query: {}, namespaces: {}, createdAt: 1 });
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

const store = async (id: string): Promise<void> => {
  await storeSubscription(hostView(graph), { ...SUBSCRIPTION, id });
};
const taken = async (holder: string): Promise<string[]> =>
  (await takeLeases(hostView(graph), holder, LEASE)).map(({ id }) => id).sort();
const at = (seq: number): { seq: number; after: null } => ({ seq, after: null });

test('of many that ask at once, one gets each subscription', async () => {
  const ids = Array.from({ length: 20 }, (_, i) => `s${String(i).padStart(2, '0')}`);
  await Promise.all(ids.map(store));

  const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(taken));

  expect(all.flat().sort()).toEqual(ids);
});

test('a lease that ended is taken by another, and its holder can note nothing any more', async () => {
  await store('s');
  expect(await taken('a')).toEqual(['s']);
  expect(await taken('b')).toEqual([]);
  await graph.write((tx) => tx.run(EXPIRE, { id: 's' }));

  expect(await taken('b')).toEqual(['s']);

  expect(await noteProgress(hostView(graph), 'a', 's', { position: at(9) })).toBe(false);
  expect(
    await renewLeases(hostView(graph), 'a', { seen: [{ id: 's', position: at(9) }], leaseMs: 1 }),
  ).toEqual(new Set());
  expect(await graph.read(POSITION, { id: 's' })).toEqual([{ position: 7, positionAfter: null }]);
  expect(await noteProgress(hostView(graph), 'b', 's', { position: at(8) })).toBe(true);
});

test('a lease given back is free at once, with the position that was reached', async () => {
  await store('s');
  await taken('a');
  await releaseLeases(hostView(graph), 'a', [{ id: 's', position: at(12) }]);

  const [subscription] = await takeLeases(hostView(graph), 'b', LEASE);

  expect(subscription).toMatchObject({ id: 's', token: 't0k3n', position: at(12) });
});

test('looking on never moves a position back, nor past an event inside a commit', async () => {
  await store('s');
  await taken('a');
  const after = { eventTimeMs: 5, id: 'urn:x:e', mark: '' };
  await noteProgress(hostView(graph), 'a', 's', { position: { seq: 20, after } });
  const renew = (position: { seq: number; after: typeof after | null }): Promise<unknown> =>
    renewLeases(hostView(graph), 'a', { seen: [{ id: 's', position }], leaseMs: 60_000 });

  await renew(at(19));
  await renew({ seq: 20, after });

  expect(await graph.read(POSITION, { id: 's' })).toEqual([
    { position: 20, positionAfter: JSON.stringify(after) },
  ]);
  await renew(at(20));
  expect(await graph.read(POSITION, { id: 's' })).toEqual([{ position: 20, positionAfter: null }]);
});

test('a deleted subscription can be noted nothing about', async () => {
  await store('s');
  await taken('a');

  expect(await deleteSubscription(hostView(graph), 'other', 's')).toBe(false);
  expect(await deleteSubscription(hostView(graph), 'shipments', 's')).toBe(true);
  expect(await noteProgress(hostView(graph), 'a', 's', { failures: 1 })).toBe(false);
});

test('a subscription to a query that is gone is refused', async () => {
  await expect(
    storeSubscription(hostView(graph), { ...SUBSCRIPTION, id: 's', queryName: 'nobody' }),
  ).rejects.toMatchObject({ code: 'NO_SUCH_NAME' });
});
