import { cypher, int } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';

/** How far a file was imported before. */
export interface ImportedBefore {
  /** Number of the event up to which all is stored. */
  readonly whole: number;
  /** Everything in the file is stored. */
  readonly finished: boolean;
}

const IMPORTED = cypher<ImportedBefore>('capture.imported')`
MATCH (i:ImportedFile {id: $id})
RETURN coalesce(i.whole, 0) AS whole, i.finishedAt IS NOT NULL AS finished`;

const SAVE = cypher('capture.saveImported')`
MERGE (i:ImportedFile {id: $id}) SET i.whole = $whole`;

const FINISH = cypher('capture.finishImported')`
MERGE (i:ImportedFile {id: $id}) SET i.whole = $whole, i.finishedAt = $at`;

/** How far the file with this SHA-256 was stored by earlier runs. */
export async function readImported(graph: GraphReader, id: string): Promise<ImportedBefore> {
  return (await graph.read(IMPORTED, { id }))[0] ?? { whole: 0, finished: false };
}

/** Records up to which event the file is stored. */
export async function saveImported(tx: GraphTransaction, id: string, whole: number): Promise<void> {
  await tx.run(SAVE, { id, whole: int(whole) });
}

/** Records that the file, with this number of events, is stored to its end. `at` is in epoch ms. */
export async function finishImported(
  tx: GraphTransaction,
  id: string,
  { whole, at }: { readonly whole: number; readonly at: number },
): Promise<void> {
  await tx.run(FINISH, { id, whole: int(whole), at: int(at) });
}
