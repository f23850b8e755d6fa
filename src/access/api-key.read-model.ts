import { cypher, fragment, int } from '../graph/cypher.js';
import type { ApiKey } from './api-key.js';
import type { View } from './view.js';

/** A key with what decides whether it is good. */
export interface StoredKey extends ApiKey {
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string;
}

/** A key `k` without its hash, as `key`. */
export const KEY = fragment`k {.id, .label, .organisation, .roles, .scopes, .sites, .expiresAt, .createdAt, .createdBy, .revokedAt, .lastUsedAt} AS key`;

const BY_ID = cypher.host<{ key: ApiKey; hash: string }>('access.keyById')`
  MATCH (k:ApiKey {id: $id})
  RETURN ${KEY}, k.hash AS hash`;

/** A key by its id, whether it is good or not; null when there is none. */
export async function readKeyById(view: View, id: string): Promise<StoredKey | null> {
  const [row] = await view.read(BY_ID, { id });
  return row === undefined ? null : { ...row.key, hash: row.hash };
}

/** Most keys that are listed. */
const MOST_KEYS = 1000;

const LIST = cypher.host<{ key: ApiKey }>('access.keys')`
  MATCH (k:ApiKey) WHERE k.id > ''
  AND ($organisation IS NULL OR k.organisation = $organisation)
  AND ($all OR (k.revokedAt IS NULL AND (k.expiresAt IS NULL OR k.expiresAt > $now)))
  RETURN ${KEY}
  ORDER BY k.createdAt DESC, k.id LIMIT $limit`;

/** Keys, newest first: those that are good now, or all; of one organisation, or of everybody. */
export async function listKeys(
  view: View,
  filter: { readonly organisation: string | null; readonly all: boolean; readonly now: number },
): Promise<readonly ApiKey[]> {
  const rows = await view.read(LIST, { ...filter, now: int(filter.now), limit: int(MOST_KEYS) });
  return rows.map(({ key }) => key);
}

const ANY = cypher.host<{ id: string }>('access.anyKey')`
  MATCH (k:ApiKey) WHERE k.id > '' RETURN k.id AS id LIMIT 1`;

/** Whether a key was ever made in this store. */
export async function hasKeys(view: View): Promise<boolean> {
  return (await view.read(ANY)).length > 0;
}
