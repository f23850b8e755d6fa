import { createHash, timingSafeEqual } from 'node:crypto';
import { parseGln } from '../gs1/identifier.js';
import { readTopmost } from '../master-data/operators.read-model.js';
import type { Clock } from '../shared/clock.js';
import { Problem, forbidden } from '../shared/problem.js';
import { readStanding } from './access-state.read-model.js';
import { looksLikeKey, readKey } from './api-key.rules.js';
import { readKeyById } from './api-key.read-model.js';
import type { StoredKey } from './api-key.read-model.js';
import { noteUse } from './credential.store.js';
import { readOrganisationsOf } from './own-sites.read-model.js';
import type { Credentials } from './credentials.rules.js';
import { EVERYBODY } from './principal.js';
import type { Principal } from './principal.js';
import { notKnown } from './refusals.js';
import { isRole, isScope, scopesOf } from './roles.js';
import type { Scope } from './roles.js';
import type { TokenVerifier } from './token.js';
import type { View } from './view.js';

/** How long a process may go on believing what it read of credentials. */
const BELIEVED_MS = 5000;
/** Most credentials that are remembered. */
const MOST_REMEMBERED = 10_000;
/** How precisely the last use of a key is kept. */
const USE_NOTED_MS = 60_000;

/** What telling who asks needs. */
export interface AuthenticatorDeps {
  /** The host's. */
  readonly view: View;
  readonly clock: Clock;
  /** Whether everybody who does not say who he is may do everything. */
  readonly open: boolean;
  readonly verifyToken: TokenVerifier;
}

interface Remembered {
  readonly asked: Promise<Principal>;
  readonly until: number;
}

/** Tells who asks, for every entry point. */
export class Authenticator {
  readonly open: boolean;
  readonly #deps: AuthenticatorDeps;
  readonly #known = new Map<string, Remembered>();

  constructor(deps: AuthenticatorDeps) {
    this.open = deps.open;
    this.#deps = deps;
  }

  /**
   * Who presents these credentials.
   *
   * @throws Problem `UNAUTHENTICATED` with the reason; `FORBIDDEN` or `BAD_USER_INPUT` for an organisation as which he may not look
   */
  async identify({ token, as }: Credentials): Promise<Principal> {
    const principal = token === null ? this.#nobody() : await this.#byToken(token);
    return as === null ? principal : lookingAs(principal, as, this.#deps.view);
  }

  /** Asks the store again for everybody from now on. */
  forget(): void {
    this.#known.clear();
  }

  #nobody(): Principal {
    if (!this.open) throw notKnown('MISSING');
    return EVERYBODY;
  }

  async #byToken(token: string): Promise<Principal> {
    const now = this.#deps.clock.now();
    const hash = hashOf(token);
    const known = this.#known.get(hash);
    if (known !== undefined && known.until > now) return current(await known.asked, now);
    const asked = looksLikeKey(token) ? this.#byKey(token, now) : this.#byClaims(token);
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(hash, { asked, until: now + BELIEVED_MS });
    try {
      return current(await asked, now);
    } catch (error) {
      this.#known.delete(hash);
      throw error;
    }
  }

  async #byKey(text: string, now: number): Promise<Principal> {
    const presented = readKey(text);
    const stored = presented && (await readKeyById(this.#deps.view, presented.id));
    if (!presented || !stored || !isSame(stored.hash, hashOf(presented.secret)))
      throw notKnown('BAD');
    if (stored.revokedAt !== null) throw notKnown('REVOKED');
    const principal = await this.#principalOf({ ...stored, subject: `key:${stored.id}` });
    await this.#noteUse(stored, now);
    return principal;
  }

  async #byClaims(token: string): Promise<Principal> {
    const claims = await this.#deps.verifyToken(token);
    const roles =
      claims.organisation === null ? claims.roles.filter(isRole) : (['partner'] as const);
    return this.#principalOf({
      ...claims,
      subject: `${claims.issuer} ${claims.subject}`,
      roles,
      scopes: scopesIn(claims.scopes ?? []) ?? scopesOf(roles),
    });
  }

  /** Scopes are never more than the roles give, also if the table of roles has become stricter. */
  async #principalOf(told: Told): Promise<Principal> {
    const { subject, roles, expiresAt } = told;
    const organisation =
      told.organisation === null ? null : await topmostOf(this.#deps.view, told.organisation);
    const organisations = [told.organisation, organisation].filter((one) => one !== null);
    const standing = await readStanding(this.#deps.view, subject, organisations);
    if (standing.revokedAt !== null) throw notKnown('REVOKED');
    if (standing.suspendedAt !== null) throw notKnown('SUSPENDED');
    const scopes = scopesOf(roles).filter((scope) => told.scopes.includes(scope));
    const kind = organisation === null ? 'HOST' : 'PARTY';
    const sites = await this.#ownSites(told.sites, organisation);
    return { kind, subject, organisation, roles, scopes, sites, expiresAt, open: false };
  }

  /** A token of a partner's issuer may name sites of others, of which the partner then would learn. */
  async #ownSites(
    sites: readonly string[] | null,
    organisation: string | null,
  ): Promise<readonly string[] | null> {
    if (sites === null || organisation === null) return sites;
    const runBy = await readOrganisationsOf(this.#deps.view, sites);
    const now = this.#deps.clock.now();
    return sites.filter((site) => runBy(site, now) === organisation);
  }

  async #noteUse({ id, lastUsedAt }: StoredKey, now: number): Promise<void> {
    if (lastUsedAt !== null && now - lastUsedAt < USE_NOTED_MS) return;
    await this.#deps.view.write((tx) => noteUse(tx, id, now), { evenIfFull: true });
  }
}

/** The scope of a token, if it names any of ours: issuers also write there what is for others, such as `openid`. */
function scopesIn(claim: readonly string[]): readonly Scope[] | null {
  const ours = claim.filter(isScope);
  return ours.length === 0 ? null : ours;
}

type Told = Pick<
  Principal,
  'subject' | 'organisation' | 'roles' | 'scopes' | 'sites' | 'expiresAt'
>;

/** A daughter company asks as the company it belongs to. */
async function topmostOf(view: View, organisation: string): Promise<string> {
  const [top] = await readTopmost(view, [organisation]);
  return top ?? organisation;
}

function current(principal: Principal, now: number): Principal {
  if (principal.expiresAt !== null && principal.expiresAt <= now) throw notKnown('EXPIRED');
  return principal;
}

/** An administrator sees what an organisation sees, and does nothing in its name. */
async function lookingAs(principal: Principal, as: string, view: View): Promise<Principal> {
  if (!principal.roles.includes('administrator'))
    throw forbidden(
      'ONLY_ADMINISTRATOR',
      'Only an administrator may look as another organisation does.',
      { remedy: 'Leave x-custody-as out.', header: 'x-custody-as' },
    );
  const parsed = parseGln(as, 'party');
  if (!parsed.ok)
    throw new Problem('BAD_USER_INPUT', `x-custody-as: ${parsed.message} Give the GLN of a party.`);
  return {
    ...principal,
    kind: 'PARTY',
    organisation: await topmostOf(view, parsed.id.key),
    roles: ['partner'],
    scopes: scopesOf(['partner']).filter((scope) => scope === 'read'),
    actor: principal.subject,
  };
}

/** SHA-256, hexadecimal. A secret has 256 random bits, so a slow hash would add nothing. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
