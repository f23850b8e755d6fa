import { parseGln } from '../gs1/identifier.js';
import { Problem } from '../shared/problem.js';
import { organisationOf } from './issuers.rules.js';
import type { Issuer } from './issuers.rules.js';
import { ROLE_NAMES } from './roles.js';

/** What a token says that is verified. */
export interface TokenClaims {
  readonly issuer: string;
  readonly subject: string;
  /** Canonical key `417/<gln13>`; null for the host. */
  readonly organisation: string | null;
  /** Of the host: at least one of its roles, and only these. Of an organisation: `partner` or nothing. */
  readonly roles: readonly string[];
  /** As in the claim `scope`; null when the token has no such claim. */
  readonly scopes: readonly string[] | null;
  /** Canonical keys `414/…` from the claim `sites`, to which the token is narrowed; null when it has no such claim. */
  readonly sites: readonly string[] | null;
  /** Epoch milliseconds of the claim `exp`. The token is accepted until 30 seconds later, because clocks differ. */
  readonly expiresAt: number;
}

/** In which claims the organisation and the roles are: the settings `OIDC_ORGANISATION_CLAIM` and `OIDC_ROLES_CLAIM`. */
export interface ClaimNames {
  readonly organisationClaim: string;
  readonly rolesClaim: string;
}

/** The payload of a token whose signature, times, issuer and audience are right. */
export type VerifiedPayload = Readonly<Record<string, unknown>> & { readonly exp: number };

const PARTNER_ROLE = 'partner';
const HOST_ROLES: readonly string[] = ROLE_NAMES.filter((role) => role !== PARTNER_ROLE);

/**
 * The refusal of a token. `why` says the reason and the remedy, and contains no part of a token that is not verified.
 * It has no cause, because an error of jose carries all claims, and would bring them into the log.
 */
export function refusedToken(why: string): Problem {
  return new Problem('UNAUTHENTICATED', `The token is refused: ${why}`, {
    details: { reason: 'BAD' },
  });
}

/**
 * Whom a verified token speaks for, and with which rights.
 *
 * A token without an organisation speaks for the host. So only an issuer of the host may leave it out, and only beside a role of the
 * host: an account of a partner whose organisation was forgotten must not become the host.
 *
 * @throws Problem `UNAUTHENTICATED`
 */
export function claimsOf(payload: VerifiedPayload, issuer: Issuer, names: ClaimNames): TokenClaims {
  const { sub } = payload;
  if (typeof sub !== 'string' || sub === '')
    throw refusedToken(
      'its claim "sub" does not name anybody. Have the issuer write a text into it.',
    );
  const organisation = organisationIn(payload, issuer, names);
  return {
    issuer: issuer.issuer,
    subject: sub,
    organisation,
    roles: rolesIn(payload, organisation, names),
    scopes: wordsIn(payload, 'scope'),
    sites: wordsIn(payload, 'sites')?.map(siteOf) ?? null,
    expiresAt: payload.exp * 1000,
  };
}

function organisationIn(
  payload: VerifiedPayload,
  issuer: Issuer,
  { organisationClaim: claim }: ClaimNames,
): string | null {
  const value = payload[claim];
  if (value === undefined && issuer.host) return null;
  const remedy = 'Have the issuer write the GLN of the organisation into it.';
  if (value === undefined)
    throw refusedToken(`it names no organisation: it has no claim "${claim}". ${remedy}`);
  if (typeof value !== 'string') throw refusedToken(`its claim "${claim}" is no text. ${remedy}`);
  const read = organisationOf(value);
  if (!read.ok) throw refusedToken(`its claim "${claim}" is no GLN. ${read.message} ${remedy}`);
  if (!issuer.organisations.includes(read.key))
    throw refusedToken(
      `its issuer may not speak for the organisation ${read.key}. Have the host of this service add it to this issuer in OIDC_ISSUERS.`,
    );
  return read.key;
}

/** Roles that this service does not know are left out: identity providers add their own. */
function rolesIn(
  payload: VerifiedPayload,
  organisation: string | null,
  { rolesClaim }: ClaimNames,
): readonly string[] {
  const roles = wordsIn(payload, rolesClaim) ?? [];
  const ofHost = HOST_ROLES.filter((role) => roles.includes(role));
  if (organisation !== null && ofHost.length > 0)
    throw refusedToken(
      `it claims ${ofHost.join(', ')} in "${rolesClaim}", which only tokens of the host may have, and it speaks for the organisation ${organisation}. Have the issuer leave these roles out.`,
    );
  if (organisation !== null) return roles.includes(PARTNER_ROLE) ? [PARTNER_ROLE] : [];
  if (ofHost.length > 0) return ofHost;
  throw refusedToken(
    `it names no organisation, and no role of the host in its claim "${rolesClaim}". Have the issuer write one of ${HOST_ROLES.join(', ')} into it, or name the organisation.`,
  );
}

/** A claim with several words: an array, or one text with spaces between them (RFC 8693, 4.2). */
function wordsIn(payload: VerifiedPayload, claim: string): readonly string[] | null {
  const value = payload[claim];
  if (value === undefined) return null;
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return value;
  throw refusedToken(
    `its claim "${claim}" is neither a text nor an array of texts. Have the issuer write it in one of these forms, or leave it out.`,
  );
}

function siteOf(text: string): string {
  const read = parseGln(text);
  if (read.ok) return read.id.key;
  throw refusedToken(
    `its claim "sites" does not name sites only. ${read.message} Have the issuer write GLNs of sites into it, or leave it out.`,
  );
}
