import { int } from '../graph/cypher.js';
import { boundsOf } from '../holdings/whereabouts.read-model.js';
import { MAX_EDGES } from './lineage.rules.js';
import type { LineageState } from './lineage.rules.js';

/** The most rows of a statement: one more than a lineage may have edges. */
export const ROW_LIMIT = int(MAX_EDGES + 1);

/** A package or a lot, and the time in which it is followed. */
interface Hull {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly part: boolean;
}

/** One window for each key, over all the times it was reached with. `part` is true when only a part of the lot was reached. */
export function hulls(level: readonly LineageState[]): Hull[] {
  const windows = new Map<string, Hull>();
  for (const { key, from, to, part } of level) {
    const known = windows.get(key);
    windows.set(key, {
      key,
      from: Math.min(from, known?.from ?? from),
      to: Math.max(to, known?.to ?? to),
      part: part === true && known?.part !== false,
    });
  }
  return [...windows.values()];
}

/** A window as a parameter. */
export function toWindow(window: Pick<Hull, 'from' | 'to'>): object {
  return { ...window, ...boundsOf(window) };
}
