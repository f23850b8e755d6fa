import type { View } from '../access/view.js';
import { createHash } from 'node:crypto';
import { cypher, int } from '../graph/cypher.js';
import { issuedAtOf } from './page-token.js';

const REVOKE = cypher('query.revokePageToken')`
MERGE (t:RevokedPageToken {id: $id}) SET t.until = $until`;

const FORGET = cypher('query.forgetPageTokens')`
MATCH (t:RevokedPageToken) WHERE t.until < $now DELETE t`;

// Pages that were begun before a restore would go on in another log.
const REVOKED = cypher.host<{ restored: boolean }>('query.revokedPageToken')`
MATCH (l:Log {id: 'log'}) WHERE l.restoredAt >= $issuedAt
RETURN true AS restored
UNION ALL
MATCH (t:RevokedPageToken {id: $id}) RETURN false AS restored`;

/** Revokes a nextPageToken for every process on this store, and forgets revocations of expired tokens. */
export async function revokeToken(
  view: View,
  token: string,
  { nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number },
): Promise<void> {
  await view.write(
    async (tx) => {
      await tx.run(FORGET, { now: int(nowMs) });
      await tx.run(REVOKE, { id: idOf(token), until: int(untilMs) });
    },
    { evenIfFull: true },
  );
}

/** Whether a nextPageToken was revoked, or was given out before the store was restored from a backup. */
export async function isRevokedToken(view: View, token: string): Promise<boolean> {
  const params = { id: idOf(token), issuedAt: int(issuedAtOf(token)) };
  return (await view.read(REVOKED, params)).length > 0;
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
