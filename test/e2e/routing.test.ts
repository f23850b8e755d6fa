/** `NEO4J_URI=neo4j://`: on the routing table of one server, and on three members played before it (test/support/bolt-cluster.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyProjection } from '../../src/rebuild/index.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { BoltCluster } from '../support/bolt-cluster.js';
import type { Asked, BoltMember } from '../support/bolt-cluster.js';
import { CaptureLoad, faultsIn } from '../support/capture-load.js';
import { epcisDocument } from '../support/history-document.js';
import { neo4jOfTests } from '../support/neo4j-for-tests.js';
import { seed } from '../support/test-settings.js';

let made = 0;
/** The id of an event of a new package. */
const anEvent = (): string => `urn:x:routed:${++made}`;

const documentOf = (id: string): unknown =>
  epcisDocument([
    {
      type: 'ObjectEvent',
      eventID: id,
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'active',
      eventTime: new Date(Date.UTC(2026, 2, 1) + made * 1000).toISOString(),
      eventTimeZoneOffset: '+00:00',
      epcList: [`https://id.gs1.org/01/09506000134352/21/R${made}`],
      bizLocation: { id: 'https://id.gs1.org/414/9506000134352' },
    },
  ]);

async function capture(app: TestApp, id = anEvent()): Promise<string> {
  expect(await app.capture(documentOf(id))).toMatchObject({ status: 202 });
  return id;
}

async function knows(app: TestApp, id: string): Promise<boolean> {
  const { data, errors } = await app.graphql('query ($id: ID!) { event(id: $id) { id } }', {
    id,
  });
  expect(errors).toBeUndefined();
  return data['event'] !== null;
}

interface Told {
  readonly cursor: string;
  readonly eventId: string;
}

interface Message {
  readonly cursor: string;
  readonly change: Pick<Told, 'eventId'> | null;
}

/** A subscriber, and what it is told. */
class Subscriber {
  readonly heard: Told[] = [];

  constructor(app: TestApp, after: string) {
    void this.#listen(
      app.webSocket().iterate<{ locationChanges: Message }>({
        query:
          'subscription ($after: Cursor) { locationChanges(after: $after) { cursor change { eventId } } }',
        variables: { after },
      }),
    ).catch(() => undefined);
  }

  async #listen(
    changes: AsyncIterable<{
      data?: { locationChanges: Message } | null | undefined;
    }>,
  ): Promise<void> {
    for await (const { data } of changes) {
      const change = data?.locationChanges.change;
      if (change) this.heard.push({ cursor: data.locationChanges.cursor, ...change });
    }
  }

  /** Resolves when it is told of this event. */
  async until(id: string): Promise<void> {
    for (let i = 0; !this.heard.some(({ eventId }) => eventId === id); i++) {
      if (i === 3000) throw new Error(`Nobody told of ${id} within a minute`);
      await sleep(20);
    }
  }
}

const endOfLog = async (app: TestApp): Promise<string> =>
  (await app.graphql('{ feedCursor }')).data['feedCursor'] as string;

test('on the routing table of one server the service works as by bolt://', async () => {
  const uri = neo4jOfTests().uri.replace('bolt:', 'neo4j:');
  const app = await startApp({ neo4j: { uri }, keepsPlans: true });
  const subscriber = new Subscriber(app, await endOfLog(app));
  for (let i = 0; i < 5; i++) {
    const id = await capture(app);
    expect(await knows(app, id)).toBe(true);
    await subscriber.until(id);
  }
  await app.stop();
});

describe('on a cluster of three', () => {
  const DATABASE = 'market';
  let cluster: BoltCluster;
  let one: TestApp;
  let other: TestApp;

  beforeEach(async () => {
    cluster = await BoltCluster.start({ uri: neo4jOfTests().uri, database: DATABASE });
    const neo4j = { uri: cluster.uri, database: DATABASE };
    one = await startApp({ neo4j });
    other = await startApp({ neo4j, keep: true });
    cluster.asked.length = 0;
  });
  afterEach(async () => {
    await other.stop();
    await one.stop();
    cluster.stop();
  });

  const asked = (mode: Asked['mode']): Asked[] => cluster.asked.filter((it) => it.mode === mode);
  const [A, B] = [0, 1] as const;
  const apps = (): readonly [TestApp, TestApp] => [one, other];

  test('writes go to the leader and reads to all followers, in the database of NEO4J_DATABASE; what one process acknowledged, every process tells at once', async () => {
    const subscriber = new Subscriber(other, await endOfLog(other));
    for (let i = 0; i < 20; i++) {
      const id = await capture(apps()[i % 2 === 0 ? A : B]);
      const { newest } = cluster;
      const before = cluster.asked.length;
      expect(await Promise.all(apps().map((app) => knows(app, id)))).toEqual([true, true]);
      const questions = cluster.asked.slice(before).filter(({ name }) => name.startsWith('event'));
      expect(questions).not.toEqual([]);
      expect(questions.filter(({ carried }) => carried < newest)).toEqual([]);
      await subscriber.until(id);
    }

    expect(asked('write').filter(({ isLeader }) => !isLeader)).toEqual([]);
    expect(new Set(asked('read').map(({ member }) => member))).toEqual(new Set(cluster.followers));
    expect(new Set(cluster.asked.map(({ database }) => database))).toEqual(new Set([DATABASE]));
  });

  test('a follower that lags is waited for, or another is asked; nobody is answered from the past', async () => {
    for (const member of cluster.followers) member.lag();
    const id = await capture(one);
    const [first, second] = cluster.followers as [BoltMember, BoltMember];
    const answers = Promise.all(apps().map((app) => knows(app, id)));
    await expect(Promise.race([answers, sleep(500, 'none yet')])).resolves.toBe('none yet');
    for (const member of cluster.followers) member.catchUp();
    await expect(answers).resolves.toEqual([true, true]);

    // They give up waiting: one of them, then both.
    for (const lagging of [[first], [first, second]]) {
      for (const member of lagging) {
        member.patienceMs = 20;
        member.lag();
      }
      const next = await capture(other);
      for (let i = 0; i < 5; i++)
        expect(await Promise.all(apps().map((app) => knows(app, next)))).toEqual([true, true]);
    }
    // A member that lags is healthy.
    expect(await one.graph.ready()).toBe(true);
  });

  test('a follower dies, then the leader: questions go on, and captures as soon as another leads', async () => {
    const id = await capture(one);
    const [dead, successor] = cluster.followers as [BoltMember, BoltMember];
    dead.die();
    for (let i = 0; i < 5; i++)
      expect(await Promise.all(apps().map((app) => knows(app, id)))).toEqual([true, true]);

    cluster.leader?.die();
    expect(await one.graph.ready()).toBe(true);
    for (let i = 0; i < 5; i++)
      expect(await Promise.all(apps().map((app) => knows(app, id)))).toEqual([true, true]);
    const waiting = capture(one);
    await expect(Promise.race([waiting, sleep(300, 'waits')])).resolves.toBe('waits');

    await dead.start();
    cluster.leader = successor;
    const written = await waiting;
    expect(await Promise.all(apps().map((app) => knows(app, written)))).toEqual([true, true]);
  });

  test('a leader that dies between a commit and its answer: the capture is acknowledged once, and stored once', async () => {
    const [, successor] = cluster.members;
    const died = cluster.members[0].dieAtCommit();
    const id = anEvent();
    const answered = one.capture(documentOf(id));
    await died;
    cluster.leader = successor;

    const { status, headers } = await answered;
    expect(status).toBe(202);
    const jobId = headers.get('location')?.split('/').at(-1);
    const { data } = await other.graphql(
      'query ($id: ID!) { captureJob(id: $id) { success captured repeated } }',
      { id: jobId },
    );
    expect(data['captureJob']).toEqual({ success: true, captured: 1, repeated: 0 });
    const events = await other.graphql('{ events { edges { node { eventId } } } }');
    expect(events.data['events']).toEqual({ edges: [{ node: { eventId: id } }] });
  });

  test('leaders change and die in mid-capture: nothing acknowledged is lost, nothing is stored or told twice', async () => {
    const start = await endOfLog(other);
    const subscriber = new Subscriber(other, start);
    const load = new CaptureLoad(seed);
    for (const app of apps()) load.start(app.url, 4);
    const progress = (): Promise<void> => load.progress(10);
    await progress();
    for (let round = 0; round < 4; round++) {
      // A leader gives up its place while transactions run.
      cluster.leader = cluster.followers[0];
      await progress();
      // A leader dies.
      const dead = cluster.leader;
      dead?.die();
      cluster.leader = cluster.followers[0];
      await progress();
      await dead?.start();
    }
    await load.stop();

    expect(load.told.unanswered).toEqual([]);
    expect(await faultsIn(one.graph, load)).toEqual([]);
    const { unexpected, missing } = await verifyProjection(one.graph, () => undefined);
    expect([unexpected, missing]).toEqual([[], []]);
    // What was told live is what the log says, each message once and in order.
    const again = new Subscriber(one, start);
    const last = await capture(one);
    await Promise.all([subscriber.until(last), again.until(last)]);
    expect(subscriber.heard).toEqual(again.heard);
    expect(new Set(subscriber.heard.map(({ cursor }) => cursor)).size).toBe(
      subscriber.heard.length,
    );
  }, 300_000);
});
