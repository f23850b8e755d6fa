import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { perOperation } from '../graphql/per-operation.js';
import { LotType } from '../master-data/lot.types.js';
import { SiteType } from '../master-data/site.types.js';
import { countInventory } from './count-inventory.js';
import type { InventoryDimension, InventoryRow } from './inventory.js';
import { ALL_STOCK } from './inventory.js';
import { InventoryDimensionEnum, InventoryRowType } from './inventory.types.js';

interface StockOf {
  readonly of: string;
  readonly by: readonly InventoryDimension[];
}

/** The stock of sites and of lots: one count for all of one operation that are split in the same way. */
const stockOf = perOperation((view) => {
  const loader = (
    part: 'sites' | 'lots',
    dimension: InventoryDimension,
    of: (row: InventoryRow) => string | null,
  ): DataLoader<StockOf, InventoryRow[], string> =>
    new DataLoader(
      async (asked) => {
        const found = new Map<string, Promise<InventoryRow[]>>();
        const rowsOf = (by: readonly InventoryDimension[]): Promise<InventoryRow[]> => {
          const same = by.join();
          const keys = asked.filter((one) => one.by.join() === same).map((one) => one.of);
          const rows =
            found.get(same) ??
            countInventory(view, { ...ALL_STOCK, [part]: keys }, [...by, dimension]);
          found.set(same, rows);
          return rows;
        };
        return Promise.all(
          asked.map(async (one) => (await rowsOf(one.by)).filter((row) => of(row) === one.of)),
        );
      },
      { cacheKeyFn: ({ of: key, by }) => `${by.join()} ${key}`, maxBatchSize: 1000 },
    );
  return {
    sites: loader('sites', 'SITE', ({ site }) => site),
    lots: loader('lots', 'LOT', ({ lot }) => lot),
  };
});

const BY = 'What to split the rows by.';

@Resolver(() => SiteType)
export class StockOfSiteResolver {
  @FieldResolver(() => [InventoryRowType], {
    nullable: true,
    description:
      'What stands there now, and what is on its way there as IN_TRANSIT, without what has ended.',
  })
  stock(
    @Root() { key }: SiteType,
    @Arg('by', () => [InventoryDimensionEnum], { defaultValue: ['PRODUCT'], description: BY })
    by: InventoryDimension[],
    @Ctx() context: Context,
  ): Promise<InventoryRow[]> {
    return stockOf(context).sites.load({ of: key, by });
  }
}

@Resolver(() => LotType)
export class StockOfLotResolver {
  @FieldResolver(() => [InventoryRowType], {
    nullable: true,
    description: 'Where its units are now, without those that have ended.',
  })
  inventory(
    @Root() { id }: LotType,
    @Arg('by', () => [InventoryDimensionEnum], { defaultValue: ['SITE'], description: BY })
    by: InventoryDimension[],
    @Ctx() context: Context,
  ): Promise<InventoryRow[]> {
    return stockOf(context).lots.load({ of: id, by });
  }
}
