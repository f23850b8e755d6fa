import { randomBytes } from 'node:crypto';
import { cypher, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { changeWithEntry } from '../audit/index.js';
import type { ChangeDeps } from '../audit/index.js';
import type { ApiKey, KeySpec } from './api-key.js';
import { KEY } from './api-key.read-model.js';
import type { Told } from './attempt.js';
import type { View } from './view.js';

/** A key to be stored. */
export interface NewKey extends KeySpec {
  readonly id: string;
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string;
  readonly createdBy: string;
  readonly createdAt: number;
}

const CREATE = cypher<{ key: ApiKey }>('access.createKey')`
  CREATE (k:ApiKey {id: $id, hash: $hash, label: $label, organisation: $organisation, roles: $roles, scopes: $scopes, sites: $sites,
    expiresAt: $expiresAt, createdAt: $createdAt, createdBy: $createdBy})
  RETURN ${KEY}`;

/** Stores a new key. */
export async function storeKey(tx: GraphTransaction, key: NewKey): Promise<ApiKey> {
  const { expiresAt, createdAt, ...told } = key;
  const [row] = await tx.run(CREATE, {
    ...told,
    expiresAt: intOrNull(expiresAt),
    createdAt: int(createdAt),
  });
  if (row === undefined) throw new Error('A key was created and not returned');
  return row.key;
}

const END = cypher<{ key: ApiKey }>('access.endKey')`
  MATCH (k:ApiKey {id: $id})
  SET k.expiresAt = coalesce($expiresAt, k.expiresAt), k.revokedAt = coalesce(k.revokedAt, $revokedAt)
  RETURN ${KEY}`;

/** Sets when a key ends, or that it was revoked. @returns the key; null when there is none */
export async function endKey(
  tx: GraphTransaction,
  id: string,
  { expiresAt = null, revokedAt = null }: { expiresAt?: number | null; revokedAt?: number | null },
): Promise<ApiKey | null> {
  const times = { expiresAt: intOrNull(expiresAt), revokedAt: intOrNull(revokedAt) };
  const [row] = await tx.run(END, { id, ...times });
  return row?.key ?? null;
}

const USED = cypher('access.keyUsed')`
  MATCH (k:ApiKey {id: $id}) SET k.lastUsedAt = $at`;

/** Notes that a key was used. */
export async function noteUse(tx: GraphTransaction, id: string, at: number): Promise<void> {
  await tx.run(USED, { id, at: int(at) });
}

const SUSPEND = cypher('access.suspend')`
  MERGE (o:Organisation {k: $organisation}) SET o.suspendedAt = $at, o.reason = $reason`;

/** Suspends an organisation since an instant, or, with null, ends that. */
export async function setSuspended(
  tx: GraphTransaction,
  organisation: string,
  { at, reason }: { readonly at: number | null; readonly reason: string | null },
): Promise<void> {
  await tx.run(SUSPEND, { organisation, at: intOrNull(at), reason });
}

const REVOKE_SUBJECT = cypher('access.revokeSubject')`
  MERGE (s:RevokedSubject {k: $subject}) SET s.revokedAt = $at`;

/** Refuses all tokens of a subject, `<issuer> <sub>`, since an instant, or, with null, ends that. */
export async function setRevoked(
  tx: GraphTransaction,
  subject: string,
  at: number | null,
): Promise<void> {
  await tx.run(REVOKE_SUBJECT, { subject, at: intOrNull(at) });
}

const CURSOR_SECRET = cypher<{ secret: string }>('access.cursorSecret')`
  MERGE (a:AccessState {id: 'access'}) SET a.cursorSecret = coalesce(a.cursorSecret, $made)
  RETURN a.cursorSecret AS secret`;

/** The secret with which cursors are sealed: the store's, which is made by the first process that asks. */
export async function cursorSecret(view: View): Promise<string> {
  const made = randomBytes(32).toString('base64url');
  const [row] = await view.write((tx) => tx.run(CURSOR_SECRET, { made }), { evenIfFull: true });
  return row?.secret ?? made;
}

const CHANGED = cypher('access.changed')`
  MERGE (a:AccessState {id: 'access'}) SET a.version = coalesce(a.version, 0) + 1`;

/**
 * Changes credentials in one transaction, together with its entry in the audit log. Every process learns that what it knows of credentials
 * is outdated.
 *
 * @param change makes the change, and tells it and the ids that it touched
 */
export function changeAccess<T>(
  deps: ChangeDeps,
  change: (tx: GraphTransaction) => Promise<Told & { readonly result: T }>,
): Promise<T> {
  return changeWithEntry(deps, deps.view, async (tx) => {
    await tx.run(CHANGED);
    return change(tx);
  });
}
