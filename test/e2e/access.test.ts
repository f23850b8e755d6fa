/** Who may ask, by keys and by tokens, over all interfaces of the running service. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cypher } from '../../src/graph/cypher.js';
import { SCOPES } from '../../src/access/roles.js';
import { DEPOT, MAKER, OTHER, PLANT, codeOf, startWithKeys } from '../support/access-client.js';
import type { AccessClient, Answer, Made } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { startApp } from '../support/app-for-tests.js';
import { startTokenIssuer } from '../support/token-issuer.js';
import type { TokenIssuerForTests } from '../support/token-issuer.js';

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
});
afterAll(() => app.stop());

describe('a request', () => {
  it.each([
    ['POST', '/graphql'],
    ['GET', '/graphql?query=%7B__typename%7D'],
    ['GET', '/epcis/events'],
    ['POST', '/epcis/capture'],
    ['OPTIONS', '/epcis/capture'],
    ['POST', '/epcis/soap'],
    ['GET', '/barcode/datamatrix.svg?id=x'],
    ['POST', '/serials'],
    ['GET', '/metrics'],
  ])('without a key gets 401: %s %s', async (method, path) => {
    const response = await fetch(app.url + path, { method });

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="custody-graph"');
    expect(await response.text()).toContain('Say who you are');
  });

  it.each([
    '/health/live',
    '/readyz',
    '/schema.graphql',
    '/epcis/openapi.json',
    '/epcis/soap?wsdl',
  ])('for what everybody may see needs no key: %s', async (path) => {
    expect((await fetch(app.url + path)).status).toBe(200);
  });

  it('may bring its key in either header', async () => {
    const { secret } = await client.role('ANALYST');
    const asked = client.ask(null, '{ me { roles } }', { headers: { 'x-api-key': secret } });

    expect((await client.ask(secret, '{ me { roles } }')).data).toEqual({
      me: { roles: ['ANALYST'] },
    });
    expect((await asked).data).toEqual({ me: { roles: ['ANALYST'] } });
  });

  it.each([
    ['cg_x', 'BAD'],
    [`cg_${'0'.repeat(16)}_${'A'.repeat(43)}`, 'BAD'],
  ])('with the key "%s" is refused as %s', async (key, reason) => {
    const answer = await client.ask(key, '{ me { subject } }');

    expect([answer.status, codeOf(answer), answer.errors[0]?.extensions['reason']]).toEqual([
      ...[401, 'UNAUTHENTICATED'],
      reason,
    ]);
  });

  it('with the id of a key and another secret is refused', async () => {
    const { key } = await client.role('ANALYST');

    expect(
      (await client.ask(`cg_${key.keyId}_${'A'.repeat(43)}`, '{ me { subject } }')).status,
    ).toBe(401);
  });

  it('with a scope less than it needs is told which', async () => {
    const { secret } = await client.role('ANALYST');
    const written = await client.ask(
      secret,
      'mutation { captureEvents(document: {}) { __typename } }',
    );
    const posted = await fetch(`${app.url}/epcis/capture`, {
      method: 'POST',
      headers: { 'x-api-key': secret, 'content-type': 'application/json' },
      body: '{}',
    });

    expect([written.status, codeOf(written), written.errors[0]?.extensions['scope']]).toEqual([
      ...[403, 'FORBIDDEN'],
      'capture',
    ]);
    expect([posted.status, await posted.json()]).toEqual([
      403,
      expect.objectContaining({ type: 'epcisException:SecurityException', scope: 'capture' }),
    ]);
  });

  it('finds a forbidden field behind a fragment and an alias', async () => {
    const { secret } = await client.role('ANALYST');
    const query = 'query { ...F } fragment F on Query { ... { mine: keys { keyId } } }';

    expect(codeOf(await client.ask(secret, query))).toBe('FORBIDDEN');
  });
});

describe('a key', () => {
  it('has at most what its roles give', async () => {
    const input = { label: 'x', roles: ['ANALYST'], scopes: ['READ', 'KEYS'] };
    const answer = await client.ask(client.administrator, CREATE, { variables: { input } });

    expect(answer.errors[0]?.message).toMatch(/"input.scopes".*analyst have only read, subscribe/);
  });

  it.each([
    [{ label: '', roles: ['ANALYST'] }, 'input.label'],
    [{ label: 'x' }, 'input.roles'],
    [{ label: 'x', roles: ['PARTNER'] }, 'input.roles'],
    [{ label: 'x', organisation: MAKER, roles: ['ADMINISTRATOR'] }, 'input.roles'],
    [{ label: 'x', roles: ['ANALYST'], expiresAt: '2020-01-01' }, 'input.expiresAt'],
    [{ label: 'x', organisation: '9506000134353' }, 'input.organisation'],
  ])('that is asked for wrongly is refused with its argument: %j', async (input, argument) => {
    const answer = await client.ask(client.administrator, CREATE, { variables: { input } });

    expect([codeOf(answer), answer.errors[0]?.extensions['argument']]).toEqual([
      'BAD_USER_INPUT',
      argument,
    ]);
  });

  it('makes no key that may do more than it may, and rotates none', async () => {
    const { secret } = await client.make({ roles: ['ADMINISTRATOR'], scopes: ['KEYS'] });
    const other = await client.role('ANALYST');
    const create = `mutation { createKey(input: { label: "x", roles: [ANALYST] }) { secret } }`;
    const rotate = `mutation { rotateKey(id: "${other.key.keyId}") { secret } }`;
    const partners = `mutation { createKey(input: { label: "x", organisation: "${MAKER}" }) { key { scopes } } }`;

    expect(codeOf(await client.ask(secret, create))).toBe('FORBIDDEN');
    expect(codeOf(await client.ask(secret, rotate))).toBe('FORBIDDEN');
    expect((await client.ask(secret, partners)).errors).toEqual([]);
  });

  it('of a company is refused when that company, or the one above it, is suspended', async () => {
    const [daughter, mother] = ['9506000150000', '9506000160009'];
    await app.graph.write((tx) =>
      tx.run(WITHIN, { daughter: `417/${daughter}`, mother: `417/${mother}` }),
    );
    const { secret } = await client.make({ organisation: daughter });
    const answers = [];
    for (const gln of [daughter, mother]) {
      const of = `organisation: "${gln}"`;
      await client.ask(
        client.administrator,
        `mutation { suspendOrganisation(${of}, reason: "test") { key } }`,
      );
      while ((await client.me(secret)) === 200) await sleep(100);
      answers.push(await client.me(secret));
      await client.ask(client.administrator, `mutation { resumeOrganisation(${of}) { key } }`);
    }

    expect(answers).toEqual([401, 401]);
    expect(await client.me(secret)).toBe(200);
  });

  it('is listed with its use and without its secret', async () => {
    const { key, secret } = await client.partner({ sites: ['9506000134369'] });
    await client.ask(secret, '{ me { subject } }');
    const { data } = await client.ask(
      client.administrator,
      `{ keys(organisation: "${MAKER}") { keyId label organisation { name } roles scopes sites { name } createdAt createdBy lastUsedAt expiresAt revokedAt } }`,
    );
    const [first] = data!['keys'] as unknown as Record<string, unknown>[];

    expect(first).toMatchObject({
      ...{ keyId: key.keyId, label: 'a test', organisation: { name: 'Alder' } },
      ...{
        roles: ['PARTNER'],
        scopes: ['READ', 'CAPTURE', 'SUBSCRIBE', 'WEBHOOKS', 'POLICIES'],
        sites: [{ name: 'Plant' }],
      },
      createdBy: expect.stringMatching(/^key:/) as string,
      lastUsedAt: expect.stringMatching(/^20/) as string,
    });
    expect(JSON.stringify(data)).not.toContain(secret.slice(-43));
  });

  it('that is rotated is good beside the new one, and ends with the overlap', async () => {
    const { key, secret } = await client.role('ANALYST');
    const rotate =
      'mutation ($id: ID!, $hours: Int!) { rotateKey(id: $id, overlapHours: $hours) { secret key { label } } }';
    const first = await client.ask(client.administrator, rotate, {
      variables: { id: key.keyId, hours: 1 },
    });
    const renewed = first.data!['rotateKey'] as unknown as Made;
    const both = [await client.me(secret), await client.me(renewed.secret)];
    await client.ask(client.administrator, rotate, { variables: { id: key.keyId, hours: 0 } });
    while ((await client.me(secret)) === 200) await sleep(100);

    expect(both).toEqual([200, 200]);
    expect([await client.me(secret), await client.me(renewed.secret)]).toEqual([401, 200]);
  });
});

const WITHIN = cypher('test.within')`
MERGE (d:Party {k: $daughter}) MERGE (m:Party {k: $mother}) MERGE (d)-[:WITHIN]->(m)`;
const CREATE = 'mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }';

describe('me', () => {
  it('tells who asks', async () => {
    const { key, secret } = await client.partner();
    const { data } = await client.ask(
      secret,
      '{ me { subject organisation { key name } roles scopes sites { key } expiresAt open actor } }',
    );

    expect(data!['me']).toEqual({
      ...{ subject: `key:${key.keyId}`, organisation: { key: `417/${MAKER}`, name: 'Alder' } },
      ...{
        roles: ['PARTNER'],
        scopes: ['READ', 'CAPTURE', 'SUBSCRIBE', 'WEBHOOKS', 'POLICIES'],
        sites: null,
      },
      ...{ expiresAt: null, open: false, actor: null },
    });
  });

  it('tells an administrator who looks as another organisation that he does', async () => {
    const headers = { 'x-custody-as': MAKER };
    const { data } = await client.ask(
      client.administrator,
      '{ me { organisation { name } actor scopes } }',
      {
        headers,
      },
    );
    const { secret } = await client.role('ANALYST');

    expect(data!['me']).toEqual({
      ...{ organisation: { name: 'Alder' }, scopes: ['READ'] },
      actor: expect.stringMatching(/^key:/) as string,
    });
    expect((await client.ask(secret, '{ me { actor } }', { headers })).status).toBe(403);
  });
});

describe('a token', () => {
  const audience = 'custody-graph';
  let issuers: Record<'host' | 'birch', TokenIssuerForTests>;
  let service: TestApp;
  beforeAll(async () => {
    issuers = {
      host: await startTokenIssuer({ audience }),
      birch: await startTokenIssuer({ audience }),
    };
    const [host, birch] = [issuers.host.url, issuers.birch.url];
    service = await startApp({
      keep: true,
      env: {
        OIDC_ISSUERS: JSON.stringify([
          { issuer: host, audience, host: true },
          { issuer: birch, audience, organisations: [OTHER] },
        ]),
      },
    });
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all(Object.values(issuers).map((issuer) => issuer.stop()));
  });
  const ME = '{ me { subject roles scopes organisation { name } } }';
  const tell = async (token: string): Promise<unknown> =>
    (await client.ask(token, ME, { at: service })).data?.['me'] ?? 401;

  it('of the issuer of the host has its roles, as far as its scope goes', async () => {
    const subject = expect.stringMatching(new RegExp(`^${issuers.host.url} `)) as string;

    expect(await tell(await issuers.host.token({ roles: ['quality'] }))).toEqual({
      ...{ subject, roles: ['QUALITY'], organisation: null },
      // The client asked its issuer for `read capture`.
      scopes: ['READ'],
    });
  });

  it('of the issuer of a partner speaks for that partner and for nobody else', async () => {
    const own = await tell(await issuers.birch.token({ organisation: OTHER }));
    const others = [
      { organisation: MAKER },
      { organisation: OTHER, roles: ['administrator'] },
      { roles: ['administrator'] },
    ];

    expect(own).toMatchObject({
      // Its scope is `read`.
      ...{ roles: ['PARTNER'], scopes: ['READ'], organisation: { name: 'Birch' } },
    });
    for (const claims of others) expect(await tell(await issuers.birch.token(claims))).toBe(401);
  });

  it('that names sites of others is good for its own only', async () => {
    const sites = [DEPOT, PLANT];
    const token = await issuers.birch.token({ organisation: OTHER, sites });
    const { data } = await client.ask(token, '{ me { sites { name } } }', { at: service });

    expect(data).toEqual({ me: { sites: [{ name: 'Depot' }] } });
  });

  it('of a subject that was revoked is refused until that is taken back', async () => {
    const token = await issuers.host.token({ roles: ['analyst'] });
    const [issuer = '', subject = ''] = ((await tell(token)) as { subject: string }).subject.split(
      ' ',
    );
    const variables = { issuer, subject };
    const change = (field: string): Promise<Answer> =>
      client.ask(
        client.administrator,
        `mutation ($issuer: String!, $subject: String!) { ${field}(issuer: $issuer, subject: $subject) { revoked } }`,
        { variables },
      );
    await client.ask(
      client.administrator,
      'mutation { revokeSubject(issuer: "x", subject: "y") { issuer subject } }',
    );
    await change('revokeSubject');
    while ((await tell(token)) !== 401) await sleep(100);
    await client.ask(
      client.administrator,
      'mutation { restoreSubject(issuer: "x", subject: "y") { revoked } }',
    );
    await change('restoreSubject');

    expect(await tell(token)).toMatchObject({ roles: ['ANALYST'] });
  });

  it('that everybody can make is refused', async () => {
    const claims = { iss: issuers.host.url, aud: audience, sub: 'x', roles: ['administrator'] };
    const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

    expect(await tell(`${part({ alg: 'none' })}.${part(claims)}.`)).toBe(401);
    expect(await tell('not a token')).toBe(401);
  });
});

describe('a store', () => {
  it('with keys is not open, and makes no other first key', async () => {
    const made: string[] = [];
    const again = await startApp({ keep: true, onFirstKey: (secret) => made.push(secret) });

    expect((await client.ask(null, '{ me { subject } }', { at: again })).status).toBe(401);
    expect(made).toEqual([]);
    await again.stop();
  });

  it('that is open says so, and still refuses a key that is not good', async () => {
    const open = await startApp({ keep: true, env: { ACCESS: 'open' } });
    const { data } = await client.ask(null, '{ me { open roles scopes organisation { key } } }', {
      at: open,
    });

    expect(data!['me']).toEqual({
      ...{ open: true, roles: ['ADMINISTRATOR'], organisation: null },
      scopes: SCOPES.map((scope) => scope.toUpperCase()),
    });
    expect((await client.ask('cg_no', '{ me { open } }', { at: open })).status).toBe(401);
    await open.stop();
  });
});
