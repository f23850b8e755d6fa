import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import type { TimeRange } from './access-path.rules.js';

const RECORDED = cypher.events<{ seq: number; recordTime: number }>('epcis-query.recordedFrom')`
CALL () {
  MATCH (e:Event)
  USING INDEX e:Event(seq)
  WHERE e.seq >= $seq
  RETURN e.seq AS seq, e.recordTime AS recordTime ORDER BY e.seq LIMIT 1
UNION ALL
  MATCH (d:ErrorDeclaration)
  USING INDEX d:ErrorDeclaration(seq)
  WHERE d.seq >= $seq
  RETURN d.seq AS seq, d.recordTime AS recordTime ORDER BY d.seq LIMIT 1
}
RETURN seq, recordTime ORDER BY seq LIMIT 1`;

/**
 * The first position from `from` up to `to` that was recorded at or after an instant; `to + 1` when there is none. This takes about twenty
 * seeks.
 */
export async function positionAt(
  view: View,
  instantMs: number,
  { from, to }: TimeRange,
): Promise<number> {
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await view.read(RECORDED, { seq: int(middle) });
    if (next === undefined || next.recordTime >= instantMs) high = middle;
    else low = next.seq + 1;
  }
  return low;
}
