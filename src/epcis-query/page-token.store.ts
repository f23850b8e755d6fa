import type { View } from '../access/view.js';
import { createHash } from 'node:crypto';
import { cypher, int } from '../graph/cypher.js';

const REVOKE = cypher('query.revokePageToken')`
MERGE (t:RevokedPageToken {id: $id}) SET t.until = $until`;

const FORGET = cypher('query.forgetPageTokens')`
MATCH (t:RevokedPageToken) WHERE t.until < $now DELETE t`;

const REVOKED = cypher.host<{ id: string }>('query.revokedPageToken')`
MATCH (t:RevokedPageToken {id: $id}) RETURN t.id AS id`;

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

/** Whether a nextPageToken was revoked. */
export async function isRevokedToken(view: View, token: string): Promise<boolean> {
  return (await view.read(REVOKED, { id: idOf(token) })).length > 0;
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
