import DataLoader from 'dataloader';
import type { Context } from '../server/context.js';
import { readLotCounts } from './recall.read-model.js';

const loaders = new WeakMap<Context, DataLoader<string, number>>();

/** Units of a lot now; all lots of one operation in one read. */
export function countLotUnits(context: Context, lot: string): Promise<number> {
  const { graph, signal } = context;
  const made = loaders.get(context);
  const loader =
    made ??
    new DataLoader<string, number>(async (lots) => {
      const counts = await readLotCounts(graph, lots, signal ? { signal } : {});
      return lots.map((id) => counts.get(id) ?? 0);
    });
  if (made === undefined) loaders.set(context, loader);
  return loader.load(lot);
}
