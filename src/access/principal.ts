import { forbidden } from '../shared/problem.js';
import { SCOPES } from './roles.js';
import type { Role, Scope } from './roles.js';

/** Who asks or writes: the host, who runs this service and sees everything, or somebody of another organisation. */
export interface Principal {
  readonly kind: 'HOST' | 'PARTY';
  /** `host`, `key:<id>`, or `<issuer> <subject>` of a token. */
  readonly subject: string;
  /** Key of the organisation's party, `417/<GLN>`; null for the host. It is stored with everything captured. */
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  /** Keys of the sites that the credential is limited to; null for all of the organisation. */
  readonly sites: readonly string[] | null;
  /** When the credential ends, epoch ms; null for never. */
  readonly expiresAt: number | null;
  /** True if nobody had to say who he is. */
  readonly open: boolean;
  /** The administrator who looks as this organisation does. */
  readonly actor?: string;
}

/** Whether a socket may go on with these credentials: of the same organisation and issuer, and good for as much. */
export function isRenewalOf(before: Principal, now: Principal): boolean {
  const issuerOf = ({ subject }: Principal): string =>
    subject.startsWith('key:') ? 'key' : (subject.split(' ', 1)[0] ?? '');
  return (
    now.kind === before.kind &&
    now.organisation === before.organisation &&
    issuerOf(now) === issuerOf(before) &&
    before.scopes.every((scope) => now.scopes.includes(scope))
  );
}

/** The host itself: the work of this service. */
export const HOST: Principal = {
  kind: 'HOST',
  subject: 'host',
  organisation: null,
  roles: ['administrator'],
  scopes: SCOPES,
  sites: null,
  expiresAt: null,
  open: false,
};

/** Everybody, with `ACCESS=open`. */
export const EVERYBODY: Principal = { ...HOST, open: true };

/** Whoever asks for what everybody may see. He may do nothing else. */
export const NOBODY: Principal = {
  ...HOST,
  ...{ kind: 'PARTY', subject: 'nobody', organisation: '', roles: [], scopes: [] },
};

/** Those who see the same: the host, or an organisation with the sites its credential is limited to. */
export function audienceOf({ kind, organisation, sites }: Principal): string {
  return JSON.stringify(kind === 'HOST' ? [] : [organisation, sites]);
}

/**
 * Refuses credentials without a scope.
 *
 * @param what is used, for the message
 * @throws Problem `FORBIDDEN` that names the scope
 */
export function demand({ scopes }: Principal, scope: Scope, what: string): void {
  if (scopes.includes(scope)) return;
  const message = `${what} needs the scope ${scope}, which these credentials do not have.`;
  throw forbidden('NO_SCOPE', message, {
    remedy: 'Ask an administrator for a key with it.',
    scope,
  });
}
