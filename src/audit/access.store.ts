import { cypher, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { hashAfter } from './access-entry.js';
import type { AccessEntry, ChainedEntry } from './access-entry.js';

// Set first, so that what is read after it is read behind the lock (see graph/log-head.ts). Entries that are known were committed by a
// try whose answer got lost.
const END = cypher<{ n: number; hash: string; known: string[] }>('audit.lockChain')`
  MERGE (c:AccessChain {id: 'chain'})
  ON CREATE SET c.n = 0, c.hash = ''
  SET c.locked = true
  WITH c
  OPTIONAL MATCH (a:Access) WHERE a.id IN $ids
  RETURN c.n AS n, c.hash AS hash, collect(a.id) AS known`;

const APPEND = cypher('audit.append')`
  MATCH (c:AccessChain {id: 'chain'})
  SET c.n = $n, c.hash = $hash
  WITH c
  UNWIND $entries AS entry
  CREATE (a:Access) SET a = entry`;

/**
 * Appends entries to the chain. All processes wait for each other at its end until the commit, so do it last in a transaction. Entries
 * that are there already are left out.
 */
export async function appendAccess(
  tx: GraphTransaction,
  entries: readonly AccessEntry[],
): Promise<void> {
  const [end] = await tx.run(END, { ids: entries.map(({ id }) => id) });
  if (end === undefined) throw new Error('The chain of the audit log has no end');
  const known = new Set(end.known);
  let { n, hash } = end;
  const linked = entries
    .filter(({ id }) => !known.has(id))
    .map((entry): ChainedEntry => {
      n += 1;
      hash = hashAfter(hash, { ...entry, n });
      return { ...entry, n, hash };
    });
  if (linked.length === 0) return;
  await tx.run(APPEND, { n: int(n), hash, entries: linked.map(stored) });
}

function stored({ n, at, idCount, ms, lost, ...rest }: ChainedEntry): object {
  return {
    ...rest,
    ...{ n: int(n), at: int(at), idCount: int(idCount), ms: intOrNull(ms), lost: intOrNull(lost) },
  };
}
