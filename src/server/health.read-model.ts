import { cypher } from '../graph/cypher.js';
import type { GraphReader, ReadOptions } from '../graph/graph.js';

const REBUILDING = cypher<{ rebuilding: boolean }>('health.rebuilding')`
MATCH (l:Log {id: 'log'}) RETURN l.rebuilding IS NOT NULL AS rebuilding`;

/** Whether the projection is being derived anew: until that ends, answers lack what is not derived yet. */
export async function readIsRebuilding(graph: GraphReader, options: ReadOptions): Promise<boolean> {
  const [row] = await graph.read(REBUILDING, {}, options);
  return row?.rebuilding ?? false;
}
