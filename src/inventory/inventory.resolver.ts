import { ENDED } from '../holdings/holding.js';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { SiteField } from '../master-data/site.types.js';
import { ProductField } from '../master-data/product.types.js';
import { PartyField } from '../master-data/party.types.js';
import { LotField } from '../master-data/lot.types.js';
import { countContradicted } from '../holdings/lot-counts.loaders.js';
import { keepNames } from '../master-data/place-names.loaders.js';
import type { FoundNames } from '../master-data/place-names.read-model.js';
import { DateTime } from '../graphql/scalars.js';
import type { Context } from '../graphql/context.js';
import { keyArgs } from '../graphql/identifier-arg.js';
import type { ArgumentKind } from '../graphql/identifier-arg.js';
import { STATUSES, wordArgs } from '../graphql/word-args.js';
import { countInventory } from './count-inventory.js';
import type { InventoryDimension, InventoryFilter, InventoryRow } from './inventory.js';
import {
  InventoryDimensionEnum,
  InventoryFilterInput,
  InventoryRowType,
} from './inventory.types.js';

type Maybe<T> = Promise<T | null> | null;

@Resolver(() => InventoryRowType)
@ProductField('product', 'The product, when rows are split by product or lot.', 'gtin')
@LotField('lot', 'The lot, when rows are split by lot. Null without a GTIN.')
@SiteField('site', 'The site, when rows are split by site. In transit, the destination.')
@PartyField(
  'holder',
  'The holder, when rows are split by holder: the operator of the site. In transit, the operator of the site it left, until somebody receives it. It equals `holder` of `locate` and of a recall. Null when no holder is known.',
)
export class InventoryResolver {
  @Query(() => [InventoryRowType], {
    description:
      'Stock on hand and in transit, by any of product, lot, site, country, holder, status and month of expiry. For a partner, the units that it sees now, and never how many there are in all.',
  })
  inventory(
    @Arg('filter', () => InventoryFilterInput, {
      nullable: true,
      description: 'Selects stock. Without it, all is counted.',
    })
    filter: InventoryFilterInput | null,
    @Arg('by', () => [InventoryDimensionEnum], { description: 'What to split the rows by.' })
    by: InventoryDimension[],
    @Arg('asOf', () => DateTime, {
      nullable: true,
      description:
        'The state after everything that happened at this instant. Default: now. Names, expiry dates and countries are those of now. Not for partners.',
    })
    asOf: number | null,
    @Ctx() context: Context,
  ): Promise<InventoryRow[]> {
    const onNames = (names: FoundNames): void => {
      keepNames(names, context);
    };
    return countInventory(context.view, toFilter(filter ?? {}), by, { asOf, onNames });
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'When rows are split by lot: units that were commissioned under this lot and under other lots, wherever they are. They count as stock of the newest lot only, but each of the lots may be the right one. Null for a partner.',
  })
  contradicted(@Root() { lot }: InventoryRow, @Ctx() context: Context): Maybe<number> {
    return lot === null ? null : countContradicted(context, lot);
  }
}

function toFilter(input: InventoryFilterInput): InventoryFilter {
  const { gtins, lots, sites, parties, includeEnded } = input;
  const statuses = input.statuses ? wordArgs('filter.statuses', input.statuses, STATUSES) : null;
  const products = keysOf('gtins', gtins, 'product');
  const ended = statuses?.some((status) => ENDED.has(status));
  return {
    gtins: products === null ? null : products.map((key) => key.slice(3)),
    lots: keysOf('lots', lots, 'lot'),
    sites: keysOf('sites', sites, 'site'),
    parties: keysOf('parties', parties, 'party'),
    statuses,
    expiresFrom: input.expiresFrom ?? null,
    expiresUntil: input.expiresUntil ?? null,
    includeEnded: includeEnded ?? ended ?? false,
  };
}

function keysOf(
  name: string,
  given: readonly string[] | null | undefined,
  kind: ArgumentKind,
): string[] | null {
  return given ? [...new Set(keyArgs(`filter.${name}`, given, kind))] : null;
}
