import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { CommittedCursor } from './feed.js';

const COMMIT = cypher('feed.commitCursor')`
MERGE (c:CommittedCursor {p: $owner, name: $name})
SET c.cursor = $cursor, c.at = $at`;

const COMMITTED = cypher.own<CommittedCursor>('feed.committedCursor')`
MATCH (c:CommittedCursor {p: coalesce($viewer, 'host'), name: $name})
RETURN c.name AS name, c.cursor AS cursor, c.at AS committedAt`;

/** Keeps a cursor under the name of a consumer of an organisation; null for the host. */
export async function storeCommittedCursor(
  tx: GraphTransaction,
  organisation: string | null,
  { name, cursor, committedAt }: CommittedCursor,
): Promise<void> {
  const owner = organisation ?? 'host';
  await tx.run(COMMIT, { owner, name, cursor, at: int(committedAt) });
}

/** The cursor that a consumer committed last; null when it never did. */
export async function readCommittedCursor(
  view: View,
  name: string,
): Promise<CommittedCursor | null> {
  return (await view.read(COMMITTED, { name }))[0] ?? null;
}
