import DataLoader from 'dataloader';
import type { ReadOptions, GraphReader } from '../graph/graph.js';
import type { Context } from '../graphql/context.js';
import { readContradicted, readLotCounts } from './recall.read-model.js';

type Counts = (
  graph: GraphReader,
  lots: readonly string[],
  options: ReadOptions,
) => Promise<Map<string, number>>;

/** Units of a lot now; all lots of one operation in one read. */
export const countLotUnits = countingWith(readLotCounts);

/** Units of a lot that were commissioned under others too; all lots of one operation in one read. */
export const countContradicted = countingWith(readContradicted);

function countingWith(read: Counts): (context: Context, lot: string) => Promise<number> {
  const loaders = new WeakMap<Context, DataLoader<string, number>>();
  return (context, lot) => {
    const { graph, signal } = context;
    const made = loaders.get(context);
    const loader =
      made ??
      new DataLoader<string, number>(async (lots) => {
        const counts = await read(graph, lots, signal ? { signal } : {});
        return lots.map((id) => counts.get(id) ?? 0);
      });
    if (made === undefined) loaders.set(context, loader);
    return loader.load(lot);
  };
}
