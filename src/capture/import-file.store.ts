import { cypher } from '../graph/cypher.js';
import type { GraphReader, GraphTransaction } from '../graph/graph.js';
import { int } from '../graph/graph.js';

const IMPORTED = cypher<{ done: number }>('capture.imported')`
MATCH (i:ImportedFile {id: $id}) RETURN i.done AS done`;

const SAVE = cypher('capture.saveImported')`
MERGE (i:ImportedFile {id: $id}) SET i.done = $done`;

/** How many events of the file with this SHA-256 were captured before. */
export async function readImported(graph: GraphReader, id: string): Promise<number> {
  return (await graph.read(IMPORTED, { id }))[0]?.done ?? 0;
}

/** Notes how far an import came. */
export async function saveImported(tx: GraphTransaction, id: string, done: number): Promise<void> {
  await tx.run(SAVE, { id, done: int(done) });
}
