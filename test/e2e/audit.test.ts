/** Who asked for what: the entries of the audit log, over all interfaces of the running service. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { createKey } from '../../src/access/create-key.js';
import { hostView } from '../../src/access/view.js';
import type { View } from '../../src/access/view.js';
import { verifyAccesses } from '../../src/audit/index.js';
import { cypher } from '../../src/graph/cypher.js';
import type { CypherStatement } from '../../src/graph/cypher.js';
import { systemClock } from '../../src/shared/clock.js';
import { Problem } from '../../src/shared/problem.js';
import { MAKER, OTHER, codeOf, now, startWithKeys } from '../support/access-client.js';
import type { AccessClient, Answer } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { startApp } from '../support/app-for-tests.js';
import { entryOf, readLog } from '../support/audit-log.js';
import type { Entry, Log } from '../support/audit-log.js';

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
});
afterAll(() => app.stop());

const log = (variables: object = {}, key?: string): Promise<Log> => readLog(client, variables, key);
const GTIN = '09506000134352';
const UNIT = `https://id.gs1.org/01/${GTIN}/21/A1`;
const PATIENT = 'https://id.gs1.org/8018/950600013430000019';

test('an entry tells who asked for what, and no value of a variable', async () => {
  const { key, secret } = await client.role('ANALYST');
  const asked = `query Mine($ids: [ID!]!, $text: String!) {
    packagesById(ids: $ids) { key }
    found: search(text: $text) { key }
    ... on Query { site(gln: "${MAKER}") { name } }
  }`;
  await client.ask(secret, asked, { variables: { ids: [UNIT, PATIENT], text: 'John Doe' } });
  const entry = await entryOf(client, key.keyId, 'query packagesById search site');

  expect(entry).toEqual({
    ...{
      accessId: expect.stringMatching(/^[-\da-f]{36}$/) as string,
      at: expect.any(String) as string,
    },
    ...{
      position: expect.any(Number) as number,
      hash: expect.stringMatching(/^[\da-f]{64}$/) as string,
    },
    ...{ subject: `key:${key.keyId}`, organisation: null, actor: null, name: 'Mine' },
    ...{ operation: 'query packagesById search site', variables: ['ids', 'text'] },
    ...{ ids: [MAKER, UNIT], idCount: 3, outcome: 'BAD_USER_INPUT' },
    ...{ address: '127.0.0.1', ms: expect.any(Number) as number, lost: null },
  });
  expect(JSON.stringify(entry)).not.toMatch(/John|8018|cg_/);
});

test('more ids than an entry may have are only counted', async () => {
  const { key, secret } = await client.role('ANALYST');
  const ids = Array.from({ length: 1001 }, (_, i) => `${UNIT}${i}`);
  await client.ask(secret, 'query ($ids: [ID!]!) { packagesById(ids: $ids) { key } }', {
    variables: { ids },
  });

  expect(await entryOf(client, key.keyId, 'query packagesById')).toMatchObject({
    ids: [],
    idCount: 1001,
  });
});

test('REST, SOAP, sockets, event streams and refusals have entries', async () => {
  const { key, secret } = await client.role('ANALYST');
  const partner = await client.partner();
  await client.get(
    secret,
    `/epcis/events?MATCH_epc=${encodeURIComponent(UNIT)}&GE_eventTime=${now()}`,
  );
  await client.get(secret, '/epcis/events/urn:x:none');
  await fetch(`${app.url}/epcis/soap`, { method: 'POST', headers: { 'x-api-key': secret } });
  await client.get(secret, '/serials/none');
  await client.capture(secret, client.event());
  await client.capture(partner.secret, client.event({ readPoint: OTHER }));
  await client.ask(secret, 'mutation { captureEvents(document: {}) { __typename } }');
  await client.ask(secret, '{ nothing }');
  const stream = await client
    .ask(secret, '{ me { subject } }', { headers: { accept: 'text/event-stream' } })
    .catch(() => null);
  expect(stream).toBeNull();
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  const send = (message: object): void => {
    socket.send(JSON.stringify(message));
  };
  send({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
  await once(socket, 'message');
  const over = [
    `{ locate(id: "${UNIT}") { state } }`,
    'subscription { locationChanges { cursor } }',
    'mutation { revokeKey(id: "x") { keyId } }',
  ];
  over.forEach((query, i) => {
    send({ id: String(i), type: 'subscribe', payload: { query } });
  });
  const named = new WebSocket(
    `${app.url.replace('http', 'ws')}/epcis/queries/none/events?stream=true`,
    { headers: { 'x-api-key': secret } },
  );
  named.on('error', () => undefined);
  await once(named, 'unexpected-response');
  const expected = [
    ['GET /epcis/events', 'OK', [UNIT], ['MATCH_epc', 'GE_eventTime']],
    ['GET /epcis/events/:eventID', 'NOT_FOUND', ['urn:x:none'], ['eventID']],
    ['POST /epcis/soap', 'UNSUPPORTED_MEDIA_TYPE', [], []],
    ['GET /serials/:id', 'NOT_FOUND', ['none'], ['id']],
    ['POST /epcis/capture', 'FORBIDDEN', [], []],
    ['mutation captureEvents', 'FORBIDDEN', [], []],
    ['POST /graphql', 'GRAPHQL_VALIDATION_FAILED', [], []],
    ['query me', 'OK', [], []],
    ['query locate', 'OK', [UNIT], []],
    ['subscription locationChanges', 'OK', [], []],
    ['mutation revokeKey', 'FORBIDDEN', ['x'], []],
    ['WebSocket of a query', 'NO_SUCH_NAME', ['/epcis/queries/none/events'], []],
  ] as const;
  const found = await Promise.all(
    expected.map(async ([operation]) => {
      const { outcome, ids, variables } = await entryOf(client, key.keyId, operation);
      return [operation, outcome, ids, variables];
    }),
  );
  socket.close();

  expect(found).toEqual(expected);
  expect(await entryOf(client, partner.key.keyId, 'POST /epcis/capture')).toMatchObject({
    ...{ outcome: 'FORBIDDEN', organisation: { key: `417/${MAKER}` } },
  });
});

test('nobody and what everybody may see have no entry', async () => {
  const { totalCount } = await log({ filter: { subject: 'nobody' } });
  await client.ask('cg_no', '{ me { subject } }');
  await fetch(`${app.url}/health/live`);
  await sleep(1000);
  const { nodes } = await log({ first: 20 });

  expect(totalCount.exact).toBe(0);
  expect(nodes.filter(({ operation }) => operation === 'GET /health/live')).toEqual([]);
  expect(nodes.filter(({ outcome }) => outcome === 'UNAUTHENTICATED')).toEqual([]);
});

describe('a change of credentials', () => {
  const CHANGES = [
    ['revokeSubject', 'revokeSubject(issuer: "x", subject: "y") { subject }', ['x', 'y']],
    ['restoreSubject', 'restoreSubject(issuer: "x", subject: "y") { subject }', ['x', 'y']],
    [
      'suspendOrganisation',
      `suspendOrganisation(organisation: "${OTHER}", reason: "secret reason") { key }`,
      [`417/${OTHER}`],
    ],
    [
      'resumeOrganisation',
      `resumeOrganisation(organisation: "${OTHER}") { key }`,
      [`417/${OTHER}`],
    ],
  ] as const;

  test('has an entry as soon as it is answered, without the secret', async () => {
    const changed = async (operation: string): Promise<Entry> =>
      (await log({ filter: { operation }, first: 1 })).nodes[0]!;
    const { key, secret } = await client.partner();
    const created = await changed('createKey');
    const { data } = await client.ask(
      client.administrator,
      `mutation { rotateKey(id: "${key.keyId}", overlapHours: 1) { secret key { keyId } } }`,
    );
    const renewed = data!['rotateKey'] as unknown as { secret: string; key: { keyId: string } };
    const rotated = await changed('rotateKey');
    await client.ask(client.administrator, `mutation { revokeKey(id: "${key.keyId}") { keyId } }`);
    const revoked = await changed('revokeKey');

    expect(created).toMatchObject({ ids: [key.keyId, `417/${MAKER}`], outcome: 'OK', ms: null });
    expect(rotated.ids).toEqual([key.keyId, renewed.key.keyId]);
    expect(revoked).toMatchObject({ ids: [key.keyId], address: '127.0.0.1', organisation: null });
    for (const [operation, field, ids] of CHANGES) {
      expect((await client.ask(client.administrator, `mutation { ${field} }`)).errors).toEqual([]);
      expect((await changed(operation)).ids).toEqual(ids);
    }
    const all = JSON.stringify(await log({ first: 100 }));
    expect([secret, renewed.secret].filter((one) => all.includes(one.slice(-43)))).toEqual([]);
    expect(all).not.toContain('secret reason');
  });

  test('and its entry are both stored, or neither', async () => {
    const before = await log({ filter: { operation: 'createKey' } });
    const unknown = await client.ask(
      client.administrator,
      'mutation { revokeKey(id: "none") { keyId } }',
    );
    const revoked = await log({ filter: { operation: 'revokeKey' }, first: 1 });
    // No entry can get the place that another one has.
    const { n } = await inGraph<{ n: number }>(BLOCK);
    const failed = await client.ask(
      client.administrator,
      'mutation { createKey(input: { label: "blocked", roles: [ANALYST] }) { secret } }',
    );
    await inGraph(UNBLOCK, { n });
    const request = { label: 'blocked', organisation: null, sites: null, expiresAt: null };
    const uncommitted = createKey(
      { view: failingView(), clock: systemClock },
      { ...request, roles: ['analyst'], scopes: null },
    );
    await expect(uncommitted).rejects.toMatchObject({ code: 'CONFLICT' });
    const { keys } = await inGraph<{ keys: number }>(BLOCKED_KEYS);

    expect(codeOf(unknown)).toBe('NOT_FOUND');
    expect(revoked.nodes.filter(({ ids }) => ids.includes('none'))).toEqual([]);
    expect(failed.data).toBeNull();
    expect(keys).toBe(0);
    expect((await log({ filter: { operation: 'createKey' } })).totalCount).toEqual(
      before.totalCount,
    );
  });
});

/** A view whose transactions fail at the end, once a key was made in them. */
function failingView(): View {
  return {
    ...hostView(app.graph),
    write: (work, options) =>
      app.graph.write(async (tx) => {
        const ran: string[] = [];
        const run: typeof tx.run = (statement, params) => {
          ran.push(statement.name);
          return tx.run(statement, params);
        };
        const result = await work({ ...tx, run });
        if (ran.includes('access.createKey')) throw new Problem('CONFLICT', 'The commit fails');
        return result;
      }, options),
  };
}

const BLOCK = cypher<{ n: number }>('test.blockChain')`
  MATCH (c:AccessChain {id: 'chain'})
  // The lock of the chain: entries that wait are appended before or after.
  SET c.n = c.n
  WITH c
  UNWIND range(c.n + 1, c.n + 1000) AS n
  CREATE (a:Access {id: 'block ' + n, n: n})
  RETURN min(n) AS n`;
const UNBLOCK = cypher<{ n: number }>('test.unblockChain')`
  MATCH (a:Access) WHERE a.n >= $n AND a.id STARTS WITH 'block ' DELETE a RETURN count(*) AS n`;
const BLOCKED_KEYS = cypher<{ keys: number }>('test.blockedKeys', { mayScan: 'a test' })`
  MATCH (k:ApiKey {label: 'blocked'}) RETURN count(k) AS keys`;

async function inGraph<R extends object>(
  statement: CypherStatement<R>,
  params: Record<string, unknown> = {},
): Promise<R> {
  const [row] = await app.graph.write((tx) => tx.run(statement, params));
  return row!;
}

describe('who looks as another organisation', () => {
  test('has an entry before he has his answer, over HTTP and over a socket', async () => {
    const { key, secret } = await client.role('ADMINISTRATOR');
    const looks = async (): Promise<number> =>
      (await log({ filter: { subject: `key:${key.keyId}` } })).totalCount.exact;
    await client.ask(secret, '{ me { actor } }', { headers: { 'x-custody-as': MAKER } });
    const first = await looks();
    await client.ask(secret, '{ keys { keyId } }', { headers: { 'x-custody-as': MAKER } });
    const second = await looks();
    const { nodes } = await log({ filter: { subject: `key:${key.keyId}` } });
    const socket = new WebSocket(
      `${app.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    const payload = { authorization: `Bearer ${secret}`, 'x-custody-as': MAKER };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    socket.send(
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ me { actor } }' } }),
    );
    await once(socket, 'message');
    const third = await looks();
    socket.close();

    expect([first, second, third]).toEqual([1, 2, 3]);
    expect(nodes[1]).toMatchObject({
      ...{ actor: `key:${key.keyId}`, organisation: { key: `417/${MAKER}` } },
      ...{ operation: 'query me', outcome: 'OK' },
    });
    expect(nodes[0]).toMatchObject({ operation: 'query keys', outcome: 'FORBIDDEN' });
  });

  test('has no answer while entries cannot be written; all others have theirs', async () => {
    let whyFull: string | null = null;
    const full = await startApp({
      ...{ keep: true, env: { ACCESS: 'required' } },
      space: { bytes: () => 0, whyFull: () => whyFull },
    });
    const { key, secret } = await client.role('ADMINISTRATOR');
    const look = (headers = {}): Promise<Answer> =>
      client.ask(secret, '{ me { actor } }', { at: full, headers });
    await look();
    whyFull = 'full';
    const [refused, served] = [await look({ 'x-custody-as': MAKER }), await look()];
    whyFull = null;
    const again = await look({ 'x-custody-as': MAKER });
    await full.stop();
    const { nodes } = await log({ filter: { subject: `key:${key.keyId}` } });

    expect([refused.status, codeOf(refused), refused.data]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      null,
    ]);
    expect([served.status, again.status]).toEqual([200, 200]);
    expect(nodes.map(({ outcome }) => outcome)).toEqual(['OK', 'OK', 'SERVICE_UNAVAILABLE', 'OK']);
  });
});

test('with an open service only changes of credentials have entries', async () => {
  const open = await startApp({ keep: true, env: { ACCESS: 'open' } });
  const { entries } = await verifyAccesses(hostView(app.graph));
  await open.graphql('{ me { subject } }');
  await open.graphql(
    'mutation { createKey(input: { label: "demo", roles: [ANALYST] }) { secret } }',
  );
  await open.stop();
  const [newest] = (await log({ first: 1, filter: { subject: 'host' } })).nodes;

  expect(newest).toMatchObject({ operation: 'createKey', address: '127.0.0.1' });
  expect(newest!.position).toBeGreaterThan(entries);
  expect((await log({ filter: { subject: 'host', operation: 'query me' } })).nodes).toEqual([]);
});
