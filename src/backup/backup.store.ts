import { cypher, int } from '../graph/cypher.js';
import type { Graph, GraphReader } from '../graph/graph.js';

interface ContentsRow {
  readonly position: number | null;
  readonly events: number;
  readonly pools: number;
}

// Neo4j knows the number of events without a scan.
const CONTENTS = cypher<ContentsRow>('backup.contents', { mayScan: 'there are few pools' })`
MATCH (e:Event) WITH count(e) AS events
OPTIONAL MATCH (l:Log {id: 'log'})
WITH events, l.seq AS position
OPTIONAL MATCH (p:SerialPool)
RETURN position, events, count(p) AS pools`;

const MARK = cypher('backup.markRestored')`
MATCH (l:Log {id: 'log'}) SET l.restoredAt = $at`;

/** What a store has. */
export interface StoreContents {
  /** The newest position of the log; 0 before the first commit. */
  readonly position: number;
  readonly events: number;
  readonly serialPools: number;
}

/** Counts what a store has. */
export async function readContents(graph: GraphReader): Promise<StoreContents> {
  const [row] = await graph.read(CONTENTS);
  return {
    position: row?.position ?? 0,
    events: row?.events ?? 0,
    serialPools: row?.pools ?? 0,
  };
}

/** Records that the store was restored, in epoch ms. What was given out before and names a place in its log is refused from then on. */
export async function markRestored(graph: Graph, at: number): Promise<void> {
  await graph.write((tx) => tx.run(MARK, { at: int(at) }));
}
