import { hostView } from '../../../src/access/view.js';
import { CompanyPrefixes } from '../../../src/epcis-query/index.js';
import { Dispatcher } from '../../../src/epcis-subscription/dispatcher.js';
import { storeQuery } from '../../../src/epcis-subscription/named-query.store.js';
import { storeSubscription } from '../../../src/epcis-subscription/subscription.store.js';
import type { WebhookPost } from '../../../src/delivery/webhook.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { systemClock as clock } from '../../../src/shared/clock.js';
import { silentLogger as logger } from '../../../src/shared/logger.js';
import { noMetrics as metrics } from '../../../src/shared/metrics.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const TWO_EVENTS = cypher('test.twoEvents')`
  MERGE (l:Log {id: 'log'}) SET l.seq = 2
  WITH l UNWIND [1, 2] AS i
  CREATE (:Event {id: 'urn:x:' + i, seq: i, type: 'ObjectEvent', action: 'OBSERVE', eventTime: i, recordTime: i,
    text: '{"type":"ObjectEvent","eventID":"urn:x:' + i + '"}'})`;
const FAILED = cypher('test.failedBefore')`
  MATCH (s:QuerySubscription) SET s.failures = 1`;
const STOLEN = cypher('test.stealLease')`
  MATCH (s:QuerySubscription) SET s.leaseBy = 'another', s.leaseUntil = timestamp() + 60000`;

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
});
beforeEach(async () => {
  await emptyGraph(graph);
  await graph.write((tx) => tx.run(TWO_EVENTS));
  await storeQuery(hostView(graph), { name: 'all', query: {}, namespaces: {}, createdAt: 1 });
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

/** A stream of all events from the beginning. */
async function store(id: string): Promise<void> {
  await storeSubscription(hostView(graph), {
    ...{ id, queryName: 'all', dest: `https://${id}.example/`, token: null, schedule: null },
    ...{ reportIfEmpty: false, initialRecordTime: null, epcFormat: 'Never_Translates' },
    ...{ createdAt: 1, position: 0, dueAt: 0 },
  });
}

interface Delivering {
  readonly dispatcher: Dispatcher;
  readonly posts: readonly WebhookPost[];
}

const dispatchers: Dispatcher[] = [];
afterEach(async () => {
  for (const dispatcher of dispatchers.splice(0)) await dispatcher.stop(1000);
});

function deliver(
  head: () => number,
  options: {
    readonly maxEvents?: number;
    readonly onPost?: (post: WebhookPost) => Promise<void>;
  } = {},
): Delivering {
  const posts: WebhookPost[] = [];
  const dispatcher = new Dispatcher({
    ...{ view: hostView(graph), clock, logger, metrics, holder: 'this one', random: () => 0 },
    ...{
      prefixes: new CompanyPrefixes({ view: hostView(graph), clock }),
      retry: { minMs: 10, maxMs: 10 },
    },
    ...{ maxEvents: options.maxEvents ?? 10, maxBytes: 1_000_000, timeoutMs: 5000, pollMs: 60_000 },
    head: () => Promise.resolve(head()),
    client: {
      post: async (post) => {
        posts.push(post);
        await options.onPost?.(post);
        return { kind: 'taken' };
      },
      close: () => undefined,
    },
  });
  dispatcher.start();
  dispatchers.push(dispatcher);
  return { dispatcher, posts };
}

async function until(isDone: () => boolean): Promise<void> {
  const end = performance.now() + 240_000;
  while (!isDone()) {
    if (performance.now() > end) throw new Error('Still waiting after four minutes');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

test('who was sent the newest event asks for nothing more until something is committed', async () => {
  await store('s');
  let asked = 0;
  const { posts } = deliver(() => {
    asked++;
    return 2;
  });
  await until(() => posts.length === 1);
  // It takes its time to note what arrived, and looks once more then.
  for (let i = 0; i < 10 && asked > 0; i++) {
    asked = 0;
    await quiet();
  }

  expect(asked).toBe(0);
  expect(posts).toHaveLength(1);
});

test('many that are always behind the log keep no other waiting', async () => {
  const ids = Array.from({ length: 70 }, (_, i) => `s${i}`);
  for (const id of ids) await store(id);
  let head = 2;
  const { posts } = deliver(() => head++);
  await until(() => posts.length >= ids.length);

  expect(new Set(posts.map(({ dest }) => dest)).size).toBe(ids.length);
});

test('receivers that hang, however many, keep no other waiting', async () => {
  const hanging = Array.from({ length: 70 }, (_, i) => `a${i}`);
  await Promise.all(hanging.map(store));
  await graph.write((tx) => tx.run(FAILED));
  let release = (): void => undefined;
  const hang = new Promise<void>((resolve) => (release = resolve));
  const { dispatcher, posts } = deliver(() => 2, {
    onPost: ({ dest }) => (dest.startsWith('https://a') ? hang : Promise.resolve()),
  });
  const sentTo = (dest: string): boolean => posts.some((post) => post.dest === dest);
  await until(() => posts.length > 0);
  await store('healthy');
  dispatcher.look();
  await until(() => sentTo('https://healthy.example/'));
  release();
  await until(() => hanging.every((id) => sentTo(`https://${id}.example/`)));
});

test('more subscriptions than are taken at once are all taken at once', async () => {
  const ids = Array.from({ length: 250 }, (_, i) => `s${i}`);
  await Promise.all(ids.map(store));
  const { dispatcher } = deliver(() => 0);

  await until(() => dispatcher.stats().held === ids.length);
});

test('who is another process’s meanwhile is sent nothing more', async () => {
  await store('s');
  const { dispatcher, posts } = deliver(() => 2, {
    maxEvents: 1,
    onPost: async () => {
      await graph.write((tx) => tx.run(STOLEN));
    },
  });
  await until(() => posts.length > 0 && dispatcher.stats().held === 0);
  await quiet();

  expect(posts).toHaveLength(1);
});
