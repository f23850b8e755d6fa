/** TRUSTED_DOCUMENTS: what may be run, over all ways of GraphQL. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAKER, codeOf, startWithKeys } from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { openSocket } from '../support/graphql-socket.js';

const ME = 'query Me { me { subject } }';
const WATCH = 'subscription Watch { locationChanges { cursor } }';
const folder = mkdtempSync(join(tmpdir(), 'custody-trusted-'));
const file = join(folder, 'documents.json');
let trusting: TestApp;
let client: AccessClient;
beforeAll(async () => {
  writeFileSync(file, JSON.stringify({ me: ME, watch: WATCH }));
  ({ app: trusting, client } = await startWithKeys({ TRUSTED_DOCUMENTS: file }));
});
afterAll(async () => {
  await trusting.stop();
  rmSync(folder, { recursive: true });
});

async function post(key: string, body: object): Promise<[number, unknown]> {
  const response = await fetch(`${trusting.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as {
    data?: { me?: { subject: string } };
    errors?: { extensions: { code: string } }[];
  };
  return [response.status, data?.me?.subject.slice(0, 4) ?? errors?.[0]?.extensions.code];
}

test('partners and the host run those, by text or by id, and administrators run any', async () => {
  const hash = createHash('sha256').update(ME).digest('hex');
  const other = { query: '{ me { subject } }' };
  for (const { secret } of [await client.partner(), await client.role('ANALYST')]) {
    expect(await post(secret, { query: ME })).toEqual([200, 'key:']);
    expect(await post(secret, { documentId: 'me' })).toEqual([200, 'key:']);
    expect(
      await post(secret, { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
    ).toEqual([200, 'key:']);
    expect(await post(secret, other)).toEqual([403, 'FORBIDDEN']);
    expect(await post(secret, { query: `${ME} ` })).toEqual([403, 'FORBIDDEN']);
    expect(await post(secret, { documentId: 'none' })).toEqual([400, 'BAD_USER_INPUT']);
    // What a page of the playground sends.
    expect(await post(secret, { query: '{ __schema { queryType { name } } }' })).toEqual([
      403,
      'FORBIDDEN',
    ]);
  }

  expect(await post(client.administrator, other)).toEqual([200, 'key:']);
  const as = { headers: { 'x-custody-as': MAKER } };
  expect(codeOf(await client.ask(client.administrator, other.query, as))).toBe('FORBIDDEN');
});

test('the same holds for sockets and event streams', async () => {
  const { secret } = await client.role('ANALYST');
  const { next, ask, socket } = await openSocket(secret, trusting);
  await next();
  ask('1', '', { documentId: 'me' });
  const answers = [await next(), await next()];
  ask('2', 'subscription { locationChanges { cursor } }');
  const refused = await next();
  ask('3', WATCH);
  await client.capture(client.administrator, client.event({ readPoint: '9506000134369' }));
  const told = await next();
  socket.close();
  const streamed = await fetch(`${trusting.url}/graphql`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', accept: 'text/event-stream' },
      'x-api-key': secret,
    },
    body: JSON.stringify({ query: 'subscription { locationChanges { seq } }' }),
  });

  expect(answers.map(({ id, type }) => [id, type])).toEqual([
    ['1', 'next'],
    ['1', 'complete'],
  ]);
  expect(JSON.stringify(refused)).toMatch(/"id":"2","type":"error".*FORBIDDEN/);
  expect([told.id, told.type]).toEqual(['3', 'next']);
  expect(await streamed.text()).toContain('FORBIDDEN');
});
