import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { perOperation } from '../graphql/per-operation.js';
import { LotType } from '../master-data/lot.types.js';
import { SiteType } from '../master-data/site.types.js';
import { groupBy } from '../shared/group-by.js';
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
        const found = new Map<StockOf, InventoryRow[]>();
        const read = async (same: readonly StockOf[]): Promise<void> => {
          const filter = { ...ALL_STOCK, [part]: same.map((one) => one.of) };
          const by = [...(same[0]?.by ?? []), dimension];
          const rows = groupBy(await countInventory(view, filter, by), of);
          for (const one of same) found.set(one, rows.get(one.of) ?? []);
        };
        await Promise.all([...groupBy(asked, ({ by }) => by.join()).values()].map(read));
        return asked.map((one) => found.get(one) ?? []);
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
      'What stands there now, and what is on its way there as IN_TRANSIT, without what has ended. For a partner, the units that it sees.',
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
    description:
      'Where its units are now, without those that have ended. For a partner, the units that it sees.',
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
