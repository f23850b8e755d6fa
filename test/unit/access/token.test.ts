import { generateKeyPair } from 'jose';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenVerifier } from '../../../src/access/token.js';
import type { TokenRules, TokenVerifier } from '../../../src/access/token.js';
import type { Issuer } from '../../../src/access/issuers.rules.js';
import type { TokenClaims } from '../../../src/access/token-claims.rules.js';
import { fixedClock, systemClock } from '../../../src/shared/clock.js';
import { Problem } from '../../../src/shared/problem.js';
import { freePort } from '../../support/free-port.js';
import { sign, startTokenIssuer } from '../../support/token-issuer.js';
import type { TokenIssuerForTests, TokenIssuerOptions } from '../../support/token-issuer.js';

const AUDIENCE = 'urn:custody-graph';
const W = '9506000134352';
const OTHER = '9506000140100';
const PARTNER = { organisation: W, roles: ['partner'] };
const NAMES = { organisationClaim: 'organisation', rolesClaim: 'roles' };

/** Stopped at the end, also when a test fails. */
const started: TokenIssuerForTests[] = [];
let wholesaler: TokenIssuerForTests;
let host: TokenIssuerForTests;
beforeAll(async () => {
  wholesaler = await start();
  host = await start({ alg: 'RS256' });
});
afterAll(() => Promise.all(started.map((issuer) => issuer.stop())));

async function start(options: Partial<TokenIssuerOptions> = {}): Promise<TokenIssuerForTests> {
  const issuer = await startTokenIssuer({ audience: AUDIENCE, ...options });
  started.push(issuer);
  return issuer;
}

const issuerOf = (issuer: string, more: Partial<Issuer> = {}): Issuer => ({
  issuer,
  audience: AUDIENCE,
  host: false,
  organisations: [`417/${W}`],
  ...more,
});

/** Knows the wholesaler's issuer and the host's. */
function verifier(rules: Partial<TokenRules> = {}): TokenVerifier {
  const issuers = [issuerOf(wholesaler.url), issuerOf(host.url, { host: true, organisations: [] })];
  return tokenVerifier({ issuers, ...NAMES, maxAgeS: 3600, clock: systemClock, ...rules });
}

/** Why a token is refused. */
async function refusal(answer: Promise<TokenClaims>): Promise<Problem> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('The token was accepted');
}

async function expectRefused(token: string, why: string, verify = verifier()): Promise<void> {
  const { code, status, message, cause } = await refusal(verify(token));
  expect(cause).toBeUndefined();
  expect([code, status, message]).toEqual(['UNAUTHENTICATED', 401, expect.stringContaining(why)]);
  for (const part of token.split('.')) if (part.length > 8) expect(message).not.toContain(part);
}

const nowS = (): number => Math.floor(systemClock.now() / 1000);
const payload = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  iss: wholesaler.url,
  aud: AUDIENCE,
  sub: 'portal',
  iat: nowS(),
  exp: nowS() + 300,
  ...PARTNER,
  ...more,
});
const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('a token that is accepted', () => {
  test('of a partner speaks for the organisation that is listed with its issuer', async () => {
    const before = nowS();
    const { expiresAt, ...claims } = await verifier()(await wholesaler.token(PARTNER));

    expect(claims).toEqual({
      issuer: wholesaler.url,
      subject: 'portal',
      organisation: `417/${W}`,
      roles: ['partner'],
      scopes: ['read'],
      sites: null,
    });
    expect(expiresAt).toBeGreaterThanOrEqual((before + 300) * 1000);
    expect(expiresAt).toBeLessThanOrEqual((nowS() + 300) * 1000);
  });

  test('of the host names a role of the host and no organisation', async () => {
    const roles = ['offline_access', 'administrator', 'partner', 'recall'];
    const claims = await verifier()(await host.token({ roles }));

    expect(claims).toMatchObject({ organisation: null, roles: ['recall', 'administrator'] });
  });

  test.each(['RS256', 'ES256', 'EdDSA'] as const)('may be signed with %s', async (alg) => {
    const issuer = await start({ alg });
    const token = await issuer.token(PARTNER);
    const claims = await verifier({ issuers: [issuerOf(issuer.url)] })(token);

    expect(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())).toMatchObject({
      alg,
    });
    expect(claims.organisation).toBe(`417/${W}`);
  });

  test('may have other names of claims, sites, several audiences, and no scope', async () => {
    const token = await wholesaler.sign(
      payload({
        ...{ organisation: undefined, roles: undefined, aud: ['other', AUDIENCE] },
        ...{ gln: 'urn:epc:id:pgln:950600013.435', groups: 'partner staff' },
        sites: [W, 'urn:epc:id:sgln:950600013.435.dock1'],
      }),
    );
    const claims = await verifier({ organisationClaim: 'gln', rolesClaim: 'groups' })(token);

    expect(claims).toMatchObject({
      ...{ organisation: `417/${W}`, roles: ['partner'], scopes: null },
      sites: [`414/${W}`, `414/${W}/254/dock1`],
    });
  });

  test('may come from a clock that is half a minute away', async () => {
    const issued = nowS();
    const clock = fixedClock(0);
    const verify = verifier({ clock });
    const token = await wholesaler.sign(payload({ iat: issued, nbf: issued, exp: issued + 300 }));

    for (const second of [issued - 30, issued + 329]) {
      clock.set(second * 1000);
      expect((await verify(token)).subject).toBe('portal');
    }
    for (const [second, why] of [
      [issued - 31, 'it is not valid yet'],
      [issued + 330, 'it has expired. Get a new token.'],
    ] as const) {
      clock.set(second * 1000);
      await expectRefused(token, why, verify);
    }
  });
});

describe('a token is refused', () => {
  test('when it is for another audience, even one that begins alike', async () => {
    const issuers = [issuerOf(wholesaler.url, { audience: `${AUDIENCE}-test` })];
    const token = await wholesaler.token(PARTNER);

    await expectRefused(token, `its "aud" is not ${AUDIENCE}-test`, verifier({ issuers }));
  });

  test('when it lives longer than JWT_MAX_AGE_S', async () => {
    const token = await wholesaler.token(PARTNER);

    await expectRefused(token, 'JWT_MAX_AGE_S (299)', verifier({ maxAgeS: 299 }));
    expect(await verifier({ maxAgeS: 300 })(token)).toMatchObject({ subject: 'portal' });

    const iat = nowS() - 7200;
    const old = await wholesaler.sign(payload({ iat, exp: iat + 7500 }));
    await expectRefused(old, 'it lives for 7500 seconds, longer than JWT_MAX_AGE_S (3600)');
  });

  test('when a beginning in the future makes its life look short', async () => {
    const iat = nowS() + 10 * 365 * 86_400;
    const token = await wholesaler.sign(payload({ iat, exp: iat + 300 }));

    await expectRefused(token, 'its "iat" is in the future');
  });

  test.each(['exp', 'iat', 'sub', 'aud'])('when it has no %s', async (claim) => {
    const token = await wholesaler.sign(payload({ [claim]: undefined }));

    await expectRefused(token, `its claim "${claim}" is missing or malformed`);
  });

  test('when nobody knows its issuer', async () => {
    const stranger = await start();
    await expectRefused(await stranger.token(PARTNER), 'does not know its issuer');

    expect(stranger.asked).not.toContain('/jwks');
  });

  test('when a partner signed it in the name of the host', async () => {
    const forged = payload({ iss: host.url, organisation: undefined, roles: ['administrator'] });

    await expectRefused(await wholesaler.sign(forged), 'publishes no key that fits');
  });

  test('when its algorithm is none', async () => {
    const parts = [encoded({ alg: 'none', typ: 'at+jwt' }), encoded(payload()), ''];

    await expectRefused(parts.join('.'), 'not signed with one of RS256, ES256, EdDSA');
  });

  test('when it is signed with HS256 and the published key as the secret', async () => {
    const { publicJwk } = wholesaler;
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
    const token = await sign(payload(), secret, { alg: 'HS256', kid: publicJwk.kid! });

    await expectRefused(token, 'not signed with one of RS256, ES256, EdDSA');
  });

  test('when it was changed after it was signed', async () => {
    const [header, body, signature] = (await wholesaler.token(PARTNER)).split('.');
    const said = JSON.parse(Buffer.from(body!, 'base64url').toString()) as object;
    const token = [header, encoded({ ...said, sub: 'administrator' }), signature].join('.');

    await expectRefused(token, 'its signature is wrong');
  });

  test('when its signature is cut or is not base64url', async () => {
    const [header, body, signature] = (await wholesaler.token(PARTNER)).split('.');

    await expectRefused([header, body, signature?.slice(0, -4)].join('.'), 'signature is wrong');
    await expectRefused([header, body, '!'].join('.'), 'it is no signed JWT');
  });

  test('when it is signed with another key of the same name', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const kid = wholesaler.publicJwk.kid!;

    await expectRefused(
      await sign(payload(), privateKey, { alg: 'ES256', kid }),
      'its signature is wrong',
    );
  });

  test('when it is a token for something else', async () => {
    await expectRefused(
      await wholesaler.sign(payload(), { typ: 'logout+jwt' }),
      'its "typ" is neither JWT nor at+jwt',
    );
    for (const typ of ['JWT', 'jwt', 'application/at+jwt', null])
      expect(await verifier()(await wholesaler.sign(payload(), { typ }))).toBeDefined();
  });

  test.each(['', 'x', '..', 'a.b.c', 'cg_7f3a_secretsecret'])(
    'when it is %p, which is no token',
    async (text) => {
      await expectRefused(
        text,
        'it is no signed JWT. Send the access token as the issuer gave it.',
      );
    },
  );
});

describe('the issuer of a partner', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    [
      'does not speak for an organisation that is not listed with it',
      { ...PARTNER, organisation: OTHER },
      `may not speak for the organisation 417/${OTHER}. Have the host`,
    ],
    [
      'does not speak for the host by leaving the organisation out',
      { roles: ['administrator'] },
      'it names no organisation: it has no claim "organisation"',
    ],
    [
      'does not speak for a text that is no GLN',
      { ...PARTNER, organisation: 'W2' },
      'its claim "organisation" is no GLN.',
    ],
    [
      'does not speak for several organisations',
      { ...PARTNER, organisation: [W] },
      'its claim "organisation" is no text.',
    ],
    [
      'does not make an administrator',
      { organisation: W, roles: ['partner', 'administrator'] },
      'it claims administrator in "roles", which only tokens of the host may have',
    ],
    [
      'does not make an administrator by a text of several roles',
      { organisation: W, roles: 'partner administrator quality' },
      'it claims quality, administrator in "roles"',
    ],
    [
      'does not widen a token by sites that nobody can read',
      { ...PARTNER, sites: ['everywhere'] },
      'its claim "sites" does not name sites only.',
    ],
    [
      'does not widen a token by scopes of another form',
      { ...PARTNER, scope: { read: true } },
      'its claim "scope" is neither a text nor an array of texts.',
    ],
  ];

  test.each(cases)('%s', async (_, claims, why) => {
    const token = await wholesaler.sign(payload({ organisation: undefined, ...claims }));

    await expectRefused(token, why);
  });
});

describe('the issuer of the host', () => {
  test('does not make the host of an account that has only the role partner', async () => {
    const token = await host.token({ roles: ['partner'] });

    await expectRefused(token, 'it names no organisation, and no role of the host');
  });

  test('speaks for organisations only when they are listed with it, and without roles of the host', async () => {
    const issuers = [issuerOf(host.url, { host: true })];
    const verify = verifier({ issuers });

    expect(await verify(await host.token(PARTNER))).toMatchObject({ organisation: `417/${W}` });
    await expectRefused(await host.token(PARTNER), 'may not speak for the organisation');
    await expectRefused(
      await host.token({ ...PARTNER, roles: ['analyst'] }),
      'it claims analyst in "roles"',
      verify,
    );
  });
});

describe('the keys of an issuer', () => {
  test('are changed without a new start: the new key is taken, the old one is not', async () => {
    const first = await start();
    const verify = verifier({ issuers: [issuerOf(first.url)], cooldownMs: 0 });
    const old = await first.token(PARTNER);
    expect(await verify(old)).toMatchObject({ subject: 'portal' });
    await first.stop();
    const second = await start({ port: first.port });

    expect(await verify(await second.token(PARTNER))).toMatchObject({ subject: 'portal' });
    await expectRefused(old, 'publishes no key that fits', verify);
  });

  test('are read once for many tokens, also for those that name unknown keys', async () => {
    const issuer = await start();
    const verify = verifier({ issuers: [issuerOf(issuer.url)] });
    const good = await issuer.token(PARTNER);
    const bad = await sign(
      payload({ iss: issuer.url }),
      (await generateKeyPair('ES256')).privateKey,
      {
        alg: 'ES256',
        kid: 'unknown',
      },
    );
    await Promise.all([good, good, good].map((token) => verify(token)));
    for (const token of [bad, bad, bad]) await expectRefused(token, 'no key that fits', verify);

    const asked = issuer.asked.filter((path) => path !== '/token');
    expect(asked).toEqual(['/.well-known/openid-configuration', '/jwks']);
  });

  test('are read where jwksUri says, without discovery', async () => {
    const issuer = await start();
    const issuers = [issuerOf(issuer.url, { jwksUri: `${issuer.url}/jwks` })];
    await verifier({ issuers })(await issuer.token(PARTNER));

    expect(issuer.asked).toEqual(['/token', '/jwks']);
  });

  test('that cannot be read are no fault of the token, and are asked for again', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const byDiscovery = verifier({ issuers: [issuerOf(url)] });
    const byUri = verifier({ issuers: [issuerOf(url, { jwksUri: `${url}/jwks` })] });
    const early = await wholesaler.sign(payload({ iss: url }));
    for (const verify of [byDiscovery, byUri]) {
      const problem = await refusal(verify(early));
      expect(problem).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 5 });
      expect(problem.message).toContain(`The keys of the issuer ${url} cannot be read`);
    }

    const issuer = await start({ port });
    const token = await issuer.token(PARTNER);
    for (const verify of [byDiscovery, byUri])
      expect(await verify(token)).toMatchObject({ subject: 'portal' });
    await issuer.stop();
    expect(await byUri(token)).toMatchObject({ subject: 'portal' });
  });

  describe('by discovery', () => {
    /** Answers with the keys of the wholesaler for every issuer; what is told before is in its place. */
    const discover = async (told: object, status = 200): Promise<TokenClaims> => {
      const server = createServer((request, response) => {
        const isFirst = request.url === '/.well-known/openid-configuration';
        response
          .writeHead(isFirst ? status : 200, { location: '/elsewhere' })
          .end(JSON.stringify({ issuer: iss, jwks_uri: `${wholesaler.url}/jwks`, ...told }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const iss = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const token = await wholesaler.sign(payload({ iss }));
        return await verifier({ issuers: [issuerOf(iss)] })(token);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    };

    test('are read from where the issuer says', async () => {
      expect(await discover({})).toMatchObject({ organisation: `417/${W}` });
    });

    test('are not read when the answer is about another issuer, leads elsewhere, or has no right address', async () => {
      const jwks_uri = `${wholesaler.url}/jwks#fragment`;
      const answers: readonly [object, number?][] = [
        [{ issuer: 'https://other.example' }],
        [{}, 302],
        [{}, 404],
        [{ jwks_uri }],
        [{ jwks_uri: null }],
      ];
      for (const [told, status] of answers)
        expect((await refusal(discover(told, status))).code).toBe('SERVICE_UNAVAILABLE');
    });
  });
});
