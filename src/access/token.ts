import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, ProtectedHeaderParameters } from 'jose';
import type { Clock } from '../shared/clock.js';
import { isProblem, Problem } from '../shared/problem.js';
import { mayHaveKeysAt } from './issuers.rules.js';
import type { Issuer } from './issuers.rules.js';
import { claimsOf, refusedToken } from './token-claims.rules.js';
import type { ClaimNames, TokenClaims, VerifiedPayload } from './token-claims.rules.js';

/** Verifies a bearer token (JWT). Rejects with a Problem, `UNAUTHENTICATED` or `SERVICE_UNAVAILABLE`. */
export type TokenVerifier = (token: string) => Promise<TokenClaims>;

/** From which tokens are verified. */
export interface TokenRules extends ClaimNames {
  readonly issuers: readonly Issuer[];
  /** Longest life of a token, from `iat` to `exp`, in seconds. */
  readonly maxAgeS: number;
  readonly clock: Clock;
  /** For this long, an unknown key does not make the keys of an issuer be read again. Default 5 s. */
  readonly cooldownMs?: number;
}

interface KnownIssuer {
  readonly issuer: Issuer;
  readonly keys: JWTVerifyGetKey;
}

/** Nothing symmetric: whoever knows a published key could sign with it. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
/** RFC 7519, 5.1 and RFC 9068, 2.1. Tokens for other uses (logout, DPoP) say so here. */
const TYPES = ['jwt', 'at+jwt'];
const CLOCK_TOLERANCE_S = 30;
const COOLDOWN_MS = 5000;
const CACHE_MS = 600_000;
const TIMEOUT_MS = 3000;

const WHY: Readonly<Record<string, string>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: `it is not signed with one of ${ALGORITHMS.join(', ')}. Have the issuer sign it so.`,
  ERR_JWKS_NO_MATCHING_KEY:
    'its issuer publishes no key that fits. Get a new token. If the issuer has just changed its key, try again in some seconds.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS:
    'it does not say which key of its issuer it is signed with. Have the issuer name the key in "kid".',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED:
    'its signature is wrong: it was changed, or signed with another key. Get a new token.',
};
const WHY_CLAIM: Readonly<Record<string, string>> = {
  exp: 'it has expired. Get a new token.',
  nbf: 'it is not valid yet. Wait, or correct the clock of the issuer.',
  iat: 'its "iat" is in the future. Correct the clock of the issuer.',
};
const NOT_READABLE = 'it is no signed JWT. Send the access token as the issuer gave it.';

/**
 * Makes a verifier. It reads the keys of an issuer when the first token of that issuer comes, again every ten minutes, and at once when a
 * token names an unknown key. So an issuer may change its keys at any time; a key that it took back may be accepted for ten minutes.
 *
 * @see RFC 7519, RFC 8725 (best practices), RFC 9068; OpenID Connect Discovery 1.0, 4
 */
export function tokenVerifier(rules: TokenRules): TokenVerifier {
  const known = new Map<unknown, KnownIssuer>(
    rules.issuers.map((issuer) => [issuer.issuer, { issuer, keys: keysOf(issuer, rules) }]),
  );
  return async (token) => {
    const from = known.get(issuerSaidBy(token));
    if (from === undefined)
      throw refusedToken(
        'this service does not know its issuer. Compare its claim "iss" with OIDC_ISSUERS, letter by letter.',
      );
    return claimsOf(await verify(token, from, rules), from.issuer, rules);
  };
}

/** Not verified: it only chooses whose keys must fit. */
function issuerSaidBy(token: string): unknown {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw refusedToken(NOT_READABLE);
  }
}

async function verify(
  token: string,
  { issuer, keys }: KnownIssuer,
  { maxAgeS, clock }: TokenRules,
): Promise<VerifiedPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      // Only to need `iat` and to refuse one in the future, which could make a life short that ends in years.
      maxTokenAge: Number.MAX_SAFE_INTEGER,
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(clock.now()),
    });
    checkType(protectedHeader);
    return withinLife(payload, maxAgeS);
  } catch (error) {
    throw isProblem(error) ? error : refusedToken(whyRefused(error, issuer));
  }
}

function checkType({ typ = 'JWT' }: ProtectedHeaderParameters & { typ?: string }): void {
  if (TYPES.includes(typ.toLowerCase().replace(/^application\//, ''))) return;
  throw refusedToken(
    'it is a token for something else: its "typ" is neither JWT nor at+jwt. Send an access token.',
  );
}

function withinLife(payload: JWTPayload, maxAgeS: number): VerifiedPayload {
  const { exp = Infinity, iat = 0 } = payload;
  if (exp - iat <= maxAgeS) return { ...payload, exp };
  throw refusedToken(
    `it lives for ${exp - iat} seconds, longer than JWT_MAX_AGE_S (${maxAgeS}). Have the issuer give tokens of a shorter life.`,
  );
}

function whyRefused(error: unknown, { audience }: Issuer): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
    const { claim, reason } = error;
    if (reason !== 'check_failed')
      return `its claim "${claim}" is missing or malformed. Have the issuer write it.`;
    if (claim === 'aud')
      return `it is not for this service: its "aud" is not ${audience}. Ask the issuer for a token with this audience.`;
    return WHY_CLAIM[claim] ?? NOT_READABLE;
  }
  return (error instanceof errors.JOSEError ? WHY[error.code] : undefined) ?? NOT_READABLE;
}

/** The published keys of an issuer, by the header of a token. */
function keysOf(issuer: Issuer, { cooldownMs = COOLDOWN_MS }: TokenRules): JWTVerifyGetKey {
  const open = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(new URL(issuer.jwksUri ?? (await discoverKeys(issuer.issuer))), {
      cooldownDuration: cooldownMs,
      cacheMaxAge: CACHE_MS,
      timeoutDuration: TIMEOUT_MS,
    });
  let opened: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    try {
      const keys = await opened;
      return await keys(header, token);
    } catch (error) {
      if (
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys
      )
        throw error;
      throw keysNotRead(issuer.issuer, error);
    }
  };
}

/** @see OpenID Connect Discovery 1.0, 4: the answer must be of this issuer and no other */
async function discoverKeys(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  const told = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown } | null;
  const keysAt = told?.jwks_uri;
  if (told?.issuer !== issuer) throw new Error(`${url} is about another issuer`);
  if (typeof keysAt === 'string' && mayHaveKeysAt(keysAt, issuer)) return keysAt;
  throw new Error(`${url} has no jwks_uri that may be used`);
}

/** Not `UNAUTHENTICATED`: nobody should believe that the token or its key is wrong. */
function keysNotRead(issuer: string, cause: unknown): Problem {
  return new Problem(
    'SERVICE_UNAVAILABLE',
    `The keys of the issuer ${issuer} cannot be read, so its tokens cannot be verified now. The token may be right: send it again later.`,
    { cause, retryAfterSeconds: COOLDOWN_MS / 1000 },
  );
}
