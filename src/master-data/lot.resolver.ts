import { EventField } from '../events/event-field.types.js';
import { masterData } from './master-data.loaders.js';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { lotKey } from '../gs1/identifier.js';
import { LotExceptionType, LotType } from './lot.types.js';
import type { Lot, LotException } from './master-data.js';
import { ProductField } from './product.types.js';

@Resolver(() => LotType)
@ProductField('product', 'The product; null when it is unknown.', 'gtin')
export class LotResolver {
  @Query(() => LotType, {
    nullable: true,
    description: 'A lot of a product; null when no event named it.',
  })
  lot(
    @Arg('gtin', () => ID, {
      description: 'GTIN of the product in any form. Or the lot itself; leave out `lot` then.',
    })
    gtin: string,
    @Arg('lot', () => String, { nullable: true, description: 'Lot number.' })
    lot: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Lot | null> {
    if (lot === undefined || lot === null)
      return masterData(context).lot.load(keyArg('gtin', gtin, 'lot'));
    return masterData(context).lot.load(lotKey(keyArg('gtin', gtin, 'product').slice(3), lot));
  }

  @FieldResolver(() => IdentifierType, {
    nullable: true,
    description: 'The lot in every form; null when the product is unknown too.',
  })
  async identifier(
    @Root() { id, gtin }: Lot,
    @Ctx() context: Context,
  ): Promise<IdentifierType | null> {
    if (gtin === null) return null;
    return identifierOf(id, (await masterData(context).product.load(gtin)).gcp);
  }

  @FieldResolver(() => [LotExceptionType], {
    nullable: true,
    description: 'What cannot be right about it, such as several expiry dates.',
  })
  exceptions(@Root() lot: Lot, @Ctx() context: Context): Promise<LotException[]> {
    return masterData(context).lotExceptions.load(lot);
  }
}

@Resolver(() => LotExceptionType)
@EventField('The event that states it.')
export class LotExceptionResolver {}
