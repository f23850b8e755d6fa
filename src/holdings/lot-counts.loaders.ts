import type { View } from '../access/view.js';
import DataLoader from 'dataloader';
import type { Context } from '../graphql/context.js';
import { perOperation } from '../graphql/per-operation.js';
import { readContradicted, readLotCounts } from './lot-counts.read-model.js';

type Counts = (view: View, lots: readonly string[]) => Promise<Map<string, number> | null>;

/** Units of a lot now. One read serves all lots of an operation. */
export const countLotUnits = countingWith(readLotCounts);

/** Units of a lot that were also commissioned under other lots; null for a partner. One read serves all lots of an operation. */
export const countContradicted = countingWith(readContradicted);

function countingWith(read: Counts): (context: Context, lot: string) => Promise<number | null> {
  const loaders = perOperation(
    (view) =>
      new DataLoader<string, number | null>(async (lots) => {
        const counts = await read(view, lots);
        return lots.map((id) => (counts === null ? null : (counts.get(id) ?? 0)));
      }),
  );
  return (context, lot) => loaders(context).load(lot);
}
