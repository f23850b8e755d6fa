/** How the audit log is listed and kept: from either end, whole, and in bounds. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '../../src/access/attempt.js';
import { HOST, NOBODY } from '../../src/access/principal.js';
import { hostView, viewsOf } from '../../src/access/view.js';
import { hashAfter } from '../../src/audit/access-entry.js';
import type { ChainedEntry } from '../../src/audit/access-entry.js';
import { listAccesses } from '../../src/audit/access.read-model.js';
import { AccessLog, verifyAccesses } from '../../src/audit/index.js';
import { cypher, int, intOrNull } from '../../src/graph/cypher.js';
import type { CypherStatement } from '../../src/graph/cypher.js';
import { systemClock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import { Problem } from '../../src/shared/problem.js';
import { MAKER, OTHER, codeOf, startWithKeys } from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { startApp } from '../support/app-for-tests.js';
import { entryOf, readLog } from '../support/audit-log.js';
import type { Log } from '../support/audit-log.js';
import { graphForTests, neo4jOfTests } from '../support/neo4j-for-tests.js';
import { standBy } from '../support/service-process.js';

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
});
afterAll(() => app.stop());

const log = (variables: object = {}, key?: string): Promise<Log> => readLog(client, variables, key);
async function inGraph<R extends object>(
  statement: CypherStatement<R>,
  params: Record<string, unknown> = {},
): Promise<R> {
  const [row] = await app.graph.write((tx) => tx.run(statement, params));
  return row!;
}

describe('the list', () => {
  test('has the same entries from either end, for every filter, and counts them', async () => {
    const { key } = await client.role('ANALYST');
    const organisation = MAKER;
    await client.ask(client.administrator, '{ me { subject } }', {
      headers: { 'x-custody-as': MAKER },
    });
    const { nodes } = await log({ first: 1, filter: { organisation } });
    const until = new Date(Date.parse(String(nodes[0]!['at'])) + 1).toISOString();
    const filters = [
      {},
      { subject: nodes[0]!['subject'] },
      { organisation },
      { operation: 'query me' },
      { outcome: 'OK', organisation },
      { outcome: 'FORBIDDEN' },
      { from: nodes[0]!['at'] },
      { subject: `key:${key.keyId}` },
    ];
    for (const given of filters) {
      const filter = { ...given, until };
      const all = await log({ filter, first: 1000 });
      const ids = all.nodes.map(({ accessId }) => accessId);
      const pages: string[] = [];
      for (let before: unknown = null; ;) {
        const page = await log({ filter, last: 7, before });
        pages.unshift(...page.nodes.map(({ accessId }) => accessId));
        if (page.pageInfo['hasPreviousPage'] !== true) break;
        before = page.pageInfo['startCursor'];
      }
      const after = all.pageInfo['startCursor'];

      expect(all.totalCount).toEqual({ exact: ids.length, atLeast: ids.length });
      expect(pages).toEqual(ids);
      if (ids.length > 0)
        expect((await log({ filter, first: 1000, after })).nodes).toEqual(all.nodes.slice(1));
      for (const one of all.nodes) expect(one).toMatchObject(fitting(given));
    }
    expect(nodes.length).toBe(1);
  });

  function fitting({ subject, operation, outcome, organisation }: Record<string, unknown>): object {
    return {
      ...(subject === undefined ? {} : { subject }),
      ...(operation === undefined ? {} : { operation }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(organisation === undefined ? {} : { organisation: { key: `417/${MAKER}` } }),
    };
  }

  test('needs the scope audit', async () => {
    const [analyst, quality] = [await client.role('ANALYST'), await client.role('QUALITY')];

    expect(codeOf(await client.ask(analyst.secret, '{ accessLog { nodes { at } } }'))).toBe(
      'FORBIDDEN',
    );
    expect((await client.get(analyst.secret, '/audit')).status).toBe(403);
    expect((await log({ first: 1 }, quality.secret)).nodes).toHaveLength(1);
  });

  test('shows an organisation its own entries only', async () => {
    const partner = await client.partner();
    await client.me(partner.secret);
    await entryOf(client, partner.key.keyId, 'query me');
    const view = viewsOf(app.graph)({ ...NOBODY, organisation: `417/${MAKER}` });
    const anything = {
      ...{ subject: null, organisation: null, operation: null, outcome: null },
      ...{ from: null, until: null },
    };
    const page = { size: 1000, backward: false };
    const own = await listAccesses(view, anything, page);
    const all = await listAccesses(hostView(app.graph), anything, page);
    const foreign = await listAccesses(view, { ...anything, organisation: `417/${OTHER}` }, page);
    const found = (list: typeof own): unknown[] => list.items.map(({ node }) => node.id);

    expect(found(own)).toEqual(
      all.items.flatMap(({ node }) => (node.organisation === `417/${MAKER}` ? [node.id] : [])),
    );
    expect((await own.count()).exact).toBe(own.items.length);
    expect([own.items.length > 0, found(foreign)]).toEqual([true, []]);
  });

  test('goes out as lines of JSON, oldest first, with what a reader needs to check it', async () => {
    await sleep(1000);
    const { secret } = await client.role('QUALITY');
    const response = await client.get(secret, '/audit');
    const lines = (await response.text()).trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as ChainedEntry);
    const at = entries.map((entry) => entry.at);
    const instant = new Date(at[3]!).toISOString();
    const some = await client.get(secret, `/audit?from=${instant}&until=${instant}`);
    const rest = await client.get(secret, `/audit?from=${instant}`);
    const chain = entries.toSorted((a, b) => a.n - b.n);

    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(chain.map(({ n }) => n)).toEqual(chain.map((_, i) => i + 1));
    expect(chain.slice(1).filter((e, i) => e.hash !== hashAfter(chain[i]!.hash, e))).toEqual([]);
    expect([some.status, await some.text()]).toEqual([200, '']);
    expect((await rest.text()).split('\n').length).toBeGreaterThanOrEqual(
      at.filter((one) => one >= at[3]!).length,
    );
    expect((await client.get(secret, '/audit?from=yesterday')).status).toBe(400);
    expect((await client.get(secret, '/audit?since=2020-01-01')).status).toBe(400);
  });
});

describe('the chain', () => {
  const BACKED_UP = cypher<{ a: Record<string, unknown> }>('test.backUpAccess')`
    MATCH (a:Access) WHERE a.n = $n RETURN a {.*} AS a`;
  const DROPPED = cypher(
    'test.dropAccess',
  )`MATCH (a:Access) WHERE a.n = $n DELETE a RETURN 1 AS one`;
  const PUT_BACK = cypher('test.putBackAccess')`CREATE (a:Access) SET a = $a RETURN 1 AS one`;
  const ALTERED = cypher('test.alterAccess')`
    MATCH (a:Access) WHERE a.n = $n SET a.subject = $subject RETURN 1 AS one`;
  const faults = async (): Promise<readonly string[]> =>
    (await verifyAccesses(hostView(app.graph))).faults;

  test('shows every entry that was removed or altered', async () => {
    await sleep(1000);
    const { entries, faults: none } = await verifyAccesses(hostView(app.graph));
    const withRemoved = async (n: number): Promise<readonly string[]> => {
      const { a } = await inGraph(BACKED_UP, { n: int(n) });
      await inGraph(DROPPED, { n: int(n) });
      const found = await faults();
      const numbers = ['n', 'at', 'ms', 'idCount', 'lost'].map((name) => [
        name,
        intOrNull(a[name] as number | null),
      ]);
      await inGraph(PUT_BACK, { a: { ...a, ...Object.fromEntries(numbers) } });
      return found;
    };
    const removed = [await withRemoved(1), await withRemoved(5), await withRemoved(entries)];
    const { a } = await inGraph(BACKED_UP, { n: int(7) });
    await inGraph(ALTERED, { n: int(7), subject: 'somebody else' });
    const altered = await faults();
    await inGraph(ALTERED, { n: int(7), subject: a['subject'] });

    expect(none).toEqual([]);
    expect(removed).toEqual([
      ['entry 1: it was removed'],
      ['entry 5: it was removed'],
      [`entry ${entries}: it was removed`],
    ]);
    expect(altered).toEqual(['entry 7: it was altered, or the one before it']);
    expect(await faults()).toEqual([]);
  });

  test('is one, whole, when two services write it at the same time', async () => {
    const other = await startApp({ keep: true, env: { ACCESS: 'required' } });
    const { key, secret } = await client.role('ANALYST');
    const before = (await verifyAccesses(hostView(app.graph))).entries;
    const headers = { 'x-custody-as': MAKER };
    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const at = i % 2 === 0 ? app : other;
        await client.ask(secret, '{ me { subject } }', { at });
        if (i % 10 === 0)
          await client.ask(client.administrator, '{ me { actor } }', { at, headers });
        if (i % 20 === 0) await client.role('RECALL');
      }),
    );
    await other.stop();
    await sleep(1000);
    const { entries, faults: found } = await verifyAccesses(hostView(app.graph));
    const { totalCount } = await log({ filter: { subject: `key:${key.keyId}` } });

    expect(found).toEqual([]);
    expect(totalCount.exact).toBe(200);
    // Each of the 10 keys has the entry of its change and that of its request.
    expect(entries - before).toBeGreaterThanOrEqual(200 + 20 + 2 * 10);
  });

  test('loses at most what came in the second before a crash', async () => {
    const service = await standBy(neo4jOfTests());
    const at = { url: await service.start() };
    const { key, secret } = await client.role('ANALYST');
    const ask = (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 20 }, () => client.ask(secret, '{ me { subject } }', { at })),
      );
    await ask();
    await sleep(1000);
    await ask();
    service.kill('SIGKILL');
    await service.ended;
    const { totalCount } = await log({ filter: { subject: `key:${key.keyId}` } });

    expect(totalCount.exact).toBeGreaterThanOrEqual(20);
    expect(await faults()).toEqual([]);
  });
});

test('what is over the limit of those that wait is lost, counted and told, and nobody waits for it', async () => {
  let isFull = true;
  const graph = await graphForTests({
    beforeWrite: () => {
      if (isFull) throw new Problem('INSUFFICIENT_STORAGE', 'full');
    },
  });
  const view = hostView(graph);
  const audit = new AccessLog({
    ...{ view, clock: systemClock, logger: silentLogger },
    mostWaiting: 5,
  });
  const somebody = { ...HOST, subject: 'somebody' };
  const attempt = (): Attempt => ({
    ...{ at: systemClock.now(), began: performance.now(), address: null },
    tell: () => ({ operation: 'query lots' }),
  });
  const waited = Array.from({ length: 8 }, () => audit.note(somebody, attempt()));
  const refused = audit.note({ ...somebody, actor: 'somebody' }, attempt());
  await expect(refused).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  const stats = audit.stats();
  isFull = false;
  await audit.stop();
  await graph.close();
  const { totalCount } = await log({ filter: { subject: 'somebody' } });
  const { nodes } = await log({ filter: { operation: 'lost' } });

  expect(waited).toEqual(Array(8).fill(undefined));
  expect(stats).toEqual({ waiting: 5, lost: 4 });
  expect([totalCount.exact, nodes.map(({ lost, outcome }) => [lost, outcome])]).toEqual([
    5,
    [[4, 'LOST']],
  ]);
});
