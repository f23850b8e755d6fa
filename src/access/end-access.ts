import { Problem, refusedArgument } from '../shared/problem.js';
import type { ApiKey, KeySpec } from './api-key.js';
import { endOfOverlap } from './api-key.rules.js';
import { readKeyById } from './api-key.read-model.js';
import { makeKey } from './create-key.js';
import type { KeyDeps, MadeKey } from './create-key.js';
import { endKey, noteChange, setRevoked, setSuspended } from './credential.store.js';

/** Longest time that both keys are good after a rotation. */
const MOST_OVERLAP_HOURS = 30 * 24;

/**
 * Makes a key in place of another, with the same rights and the same end. The old one is good for `overlapHours` more.
 *
 * @throws Problem `NOT_FOUND`; `CONFLICT` when the key is good no longer; `BAD_USER_INPUT`
 */
export async function rotateKey(deps: KeyDeps, id: string, overlapHours: number): Promise<MadeKey> {
  if (!(overlapHours >= 0 && overlapHours <= MOST_OVERLAP_HOURS))
    throw refusedArgument('overlapHours', overlapHours, {
      rule: `must be from 0 to ${MOST_OVERLAP_HOURS}.`,
      remedy: 'Give the hours in which all users of the old key can change to the new one.',
    });
  const now = deps.clock.now();
  const old = await readKeyById(deps.view, id);
  if (old === null) throw noSuchKey(id);
  if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now))
    throw new Problem('CONFLICT', `The key ${id} is good no longer. Create a new one.`);
  const { view } = deps;
  return view.write(async (tx) => {
    await noteChange(tx);
    await endKey(tx, id, { expiresAt: endOfOverlap(old.expiresAt, now, overlapHours) });
    return makeKey(tx, { ...specOf(old), createdAt: now, createdBy: view.principal.subject });
  });
}

function specOf({ label, organisation, roles, scopes, sites, expiresAt }: ApiKey): KeySpec {
  return { label, organisation, roles, scopes, sites, expiresAt };
}

/** Ends a key at once. @throws Problem `NOT_FOUND` */
export async function revokeKey({ view, clock }: KeyDeps, id: string): Promise<ApiKey> {
  const key = await view.write(async (tx) => {
    await noteChange(tx);
    return endKey(tx, id, { revokedAt: clock.now() });
  });
  if (key === null) throw noSuchKey(id);
  return key;
}

function noSuchKey(id: string): Problem {
  return new Problem('NOT_FOUND', `There is no key "${id.slice(0, 100)}". Ask keys for their ids.`);
}

/** Refuses all keys and tokens of an organisation from now on; with null for the reason, takes that back. */
export async function suspendOrganisation(
  { view, clock }: KeyDeps,
  organisation: string,
  reason: string | null,
): Promise<void> {
  await view.write(async (tx) => {
    await noteChange(tx);
    const at = reason === null ? null : clock.now();
    await setSuspended(tx, organisation, { at, reason });
  });
}

/** Refuses every token of a subject of an issuer from now on, or takes that back. */
export async function revokeSubject(
  { view, clock }: KeyDeps,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
  isRevoked: boolean,
): Promise<void> {
  await view.write(async (tx) => {
    await noteChange(tx);
    await setRevoked(tx, `${issuer} ${subject}`, isRevoked ? clock.now() : null);
  });
}
