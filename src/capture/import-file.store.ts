import { cypher, int } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';

const IMPORTED = cypher<{ whole: number }>('capture.imported')`
MATCH (i:ImportedFile {id: $id}) RETURN coalesce(i.whole, 0) AS whole`;

const SAVE = cypher('capture.saveImported')`
MERGE (i:ImportedFile {id: $id}) SET i.whole = $whole`;

/** Number of the event up to which the file with this SHA-256 is stored. */
export async function readImported(graph: GraphReader, id: string): Promise<number> {
  return (await graph.read(IMPORTED, { id }))[0]?.whole ?? 0;
}

/** Records up to which event the file is stored. */
export async function saveImported(tx: GraphTransaction, id: string, whole: number): Promise<void> {
  await tx.run(SAVE, { id, whole: int(whole) });
}
