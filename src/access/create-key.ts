import { randomBytes, randomInt } from 'node:crypto';
import type { GraphTransaction } from '../graph/transaction.js';
import { refusedArgument } from '../shared/problem.js';
import type { ApiKey, KeySpec } from './api-key.js';
import { keyText } from './api-key.rules.js';
import { hashOf } from './authenticate.js';
import { changeAccess, storeKey } from './credential.store.js';
import type { NewKey } from './credential.store.js';
import type { ChangeDeps } from '../audit/index.js';
import { demand } from './principal.js';
import type { Principal } from './principal.js';
import { scopesOf } from './roles.js';
import type { Scope } from './roles.js';

/** A key as it is asked for. */
export interface KeyRequest extends Omit<KeySpec, 'scopes'> {
  /** Null for all that the roles give. */
  readonly scopes: readonly Scope[] | null;
}

/** A key with its text, which nobody can see again. */
export interface MadeKey {
  readonly key: ApiKey;
  readonly secret: string;
}

const ID_LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const LONGEST_LABEL = 100;

/**
 * Makes a key for an organisation or for the host. Only its hash is stored.
 *
 * @param place where the arguments stand, for messages, e.g. `input.`
 * @throws Problem `BAD_USER_INPUT` that names the argument; `FORBIDDEN` for more than the maker may do
 */
export async function createKey(
  deps: ChangeDeps,
  request: KeyRequest,
  place = '',
): Promise<MadeKey> {
  const now = deps.clock.now();
  const spec = checked(request, now, place);
  demandAll(deps.view.principal, spec);
  const createdBy = deps.view.principal.subject;
  return changeAccess(deps, async (tx) => {
    const result = await makeKey(tx, { ...spec, createdAt: now, createdBy });
    const { organisation, sites } = spec;
    const ids = [result.key.id, ...(organisation === null ? [] : [organisation]), ...(sites ?? [])];
    return { result, operation: 'createKey', ids };
  });
}

/**
 * Nobody makes a key of the host that may do more than he may.
 *
 * @throws Problem `FORBIDDEN`
 */
export function demandAll(
  maker: Principal,
  { organisation, scopes }: Pick<KeySpec, 'organisation' | 'scopes'>,
): void {
  if (organisation === null)
    for (const scope of scopes) demand(maker, scope, 'A key with this scope');
}

/** Makes a key with a new id and a new secret. */
export async function makeKey(
  tx: GraphTransaction,
  spec: Omit<NewKey, 'id' | 'hash'>,
): Promise<MadeKey> {
  const secret = randomBytes(32).toString('base64url');
  const id = Array.from({ length: 16 }, () => ID_LETTERS[randomInt(36)]).join('');
  const key = await storeKey(tx, { ...spec, id, hash: hashOf(secret) });
  return { key, secret: keyText({ id, secret }) };
}

function checked(request: KeyRequest, now: number, place: string): KeySpec {
  const { label, organisation, roles, expiresAt } = request;
  if (label.trim() === '' || label.length > LONGEST_LABEL)
    throw refusedArgument(`${place}label`, label, {
      rule: `must have 1 to ${LONGEST_LABEL} characters.`,
      remedy: 'Say in a few words who uses the key, and where.',
    });
  if (expiresAt !== null && expiresAt <= now)
    throw refusedArgument(`${place}expiresAt`, new Date(expiresAt).toISOString(), {
      rule: 'must be in the future.',
      remedy: 'Leave it out for a key that does not expire.',
    });
  const wrong = roles.find((role) => (role === 'partner') !== (organisation !== null));
  if (wrong !== undefined || roles.length === 0)
    throw refusedArgument(`${place}roles`, wrong ?? '', {
      rule:
        organisation === null
          ? 'A key of the host needs at least one role, and not partner.'
          : 'A key of an organisation has the role partner and no other.',
      remedy:
        organisation === null
          ? 'Give an organisation for the role partner.'
          : 'Leave out the organisation for a role of the host.',
    });
  return { ...request, label: label.trim(), scopes: scopesWanted(request, place) };
}

function scopesWanted({ roles, scopes }: KeyRequest, place: string): readonly Scope[] {
  const most = scopesOf(roles);
  const beyond = scopes?.find((scope) => !most.includes(scope));
  if (beyond !== undefined)
    throw refusedArgument(`${place}scopes`, beyond, {
      rule: `The roles ${roles.join(', ')} have only ${most.join(', ')}.`,
      remedy: 'Leave it out, or add a role that has it.',
    });
  return scopes ?? most;
}
