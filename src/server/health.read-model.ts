import type { View } from '../access/view.js';
import { cypher } from '../graph/cypher.js';
import type { ReadOptions } from '../graph/run-options.js';

const REBUILDING = cypher.host<{ rebuilding: boolean }>('health.rebuilding')`
MATCH (l:Log {id: 'log'}) RETURN l.rebuilding IS NOT NULL AS rebuilding`;

/** True while the projection is being rebuilt: until that ends, answers are incomplete. */
export async function readIsRebuilding(view: View, options: ReadOptions): Promise<boolean> {
  const [row] = await view.read(REBUILDING, {}, options);
  return row?.rebuilding ?? false;
}
