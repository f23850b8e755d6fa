import { Problem, refusedArgument } from '../shared/problem.js';
import type { ApiKey, KeySpec } from './api-key.js';
import { endOfOverlap } from './api-key.rules.js';
import { readKeyById } from './api-key.read-model.js';
import { demandAll, makeKey } from './create-key.js';
import type { MadeKey } from './create-key.js';
import { changeAccess, endKey, setRevoked, setSuspended } from './credential.store.js';
import type { ChangeDeps } from '../audit/index.js';

/** Longest time that both keys are good after a rotation. */
const MOST_OVERLAP_HOURS = 30 * 24;

/**
 * Makes a key in place of another, with the same rights and the same end. The old one is good for `overlapHours` more.
 *
 * @throws Problem `NOT_FOUND`; `CONFLICT` when the key is good no longer; `FORBIDDEN`; `BAD_USER_INPUT`
 */
export async function rotateKey(
  deps: ChangeDeps,
  id: string,
  overlapHours: number,
): Promise<MadeKey> {
  if (!(overlapHours >= 0 && overlapHours <= MOST_OVERLAP_HOURS))
    throw refusedArgument('overlapHours', overlapHours, {
      rule: `must be from 0 to ${MOST_OVERLAP_HOURS}.`,
      remedy: 'Give the hours in which all users of the old key can change to the new one.',
    });
  const now = deps.clock.now();
  const old = await readKeyById(deps.view, id);
  if (old === null) throw noSuchKey(id);
  if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now))
    throw noLongerGood(id);
  demandAll(deps.view.principal, old);
  const createdBy = deps.view.principal.subject;
  return changeAccess(deps, async (tx) => {
    const ended = await endKey(tx, id, {
      expiresAt: endOfOverlap(old.expiresAt, now, overlapHours),
    });
    // Somebody may have revoked it meanwhile.
    if (ended?.revokedAt !== null) throw noLongerGood(id);
    const result = await makeKey(tx, { ...specOf(old), createdAt: now, createdBy });
    return { result, operation: 'rotateKey', ids: [id, result.key.id] };
  });
}

function specOf({ label, organisation, roles, scopes, sites, expiresAt }: ApiKey): KeySpec {
  return { label, organisation, roles, scopes, sites, expiresAt };
}

/** Ends a key at once. @throws Problem `NOT_FOUND` */
export async function revokeKey(deps: ChangeDeps, id: string): Promise<ApiKey> {
  return changeAccess(deps, async (tx) => {
    const result = await endKey(tx, id, { revokedAt: deps.clock.now() });
    if (result === null) throw noSuchKey(id);
    return { result, operation: 'revokeKey', ids: [id] };
  });
}

function noLongerGood(id: string): Problem {
  return new Problem('CONFLICT', `The key ${id} is good no longer. Create a new one.`);
}

function noSuchKey(id: string): Problem {
  return new Problem('NOT_FOUND', `There is no key "${id.slice(0, 100)}". Ask keys for their ids.`);
}

/** Refuses all keys and tokens of an organisation from now on; with null for the reason, takes that back. */
export async function suspendOrganisation(
  deps: ChangeDeps,
  organisation: string,
  reason: string | null,
): Promise<void> {
  await changeAccess(deps, async (tx) => {
    const at = reason === null ? null : deps.clock.now();
    const operation = reason === null ? 'resumeOrganisation' : 'suspendOrganisation';
    await setSuspended(tx, organisation, { at, reason });
    return { result: undefined, operation, ids: [organisation] };
  });
}

/** Refuses every token of a subject of an issuer from now on, or takes that back. */
export async function revokeSubject(
  deps: ChangeDeps,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
  isRevoked: boolean,
): Promise<void> {
  await changeAccess(deps, async (tx) => {
    const at = isRevoked ? deps.clock.now() : null;
    await setRevoked(tx, `${issuer} ${subject}`, at);
    const operation = isRevoked ? 'revokeSubject' : 'restoreSubject';
    return { result: undefined, operation, ids: [issuer, subject] };
  });
}
