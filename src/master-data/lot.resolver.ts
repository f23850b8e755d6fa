import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { lotKey } from '../gs1/identifier.js';
import { LotExceptionType, LotType } from './lot.types.js';
import type { Lot, LotException, Product } from './master-data.js';
import { ProductType } from './product.types.js';

@Resolver(() => LotType)
export class LotResolver {
  @Query(() => LotType, {
    nullable: true,
    description: 'A lot of a product; null when no event told of it.',
  })
  lot(
    @Arg('gtin', () => ID, {
      description: 'GTIN of the product in any form; or the lot itself, then without `lot`.',
    })
    gtin: string,
    @Arg('lot', () => String, { nullable: true, description: 'Lot number.' })
    lot: string | null | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<Lot | null> {
    if (lot === undefined || lot === null) return loaders.lot.load(keyArg('gtin', gtin, 'lot'));
    return loaders.lot.load(lotKey(keyArg('gtin', gtin, 'product').slice(3), lot));
  }

  @FieldResolver(() => IdentifierType, {
    nullable: true,
    description: 'The lot in every form; null where the product is unknown too.',
  })
  async identifier(
    @Root() { id, gtin }: Lot,
    @Ctx() { loaders }: Context,
  ): Promise<IdentifierType | null> {
    if (gtin === null) return null;
    return identifierOf(id, (await loaders.product.load(gtin)).gcp);
  }

  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product; null where it is unknown.',
  })
  async product(@Root() { gtin }: Lot, @Ctx() { loaders }: Context): Promise<Product | null> {
    return gtin === null ? null : loaders.product.load(gtin);
  }

  @FieldResolver(() => [LotExceptionType], {
    description: 'What cannot be right about it, such as several expiry dates.',
  })
  exceptions(@Root() lot: Lot, @Ctx() { loaders }: Context): Promise<LotException[]> {
    return loaders.lotExceptions.load(lot);
  }
}
