import { EventField } from '../events/event-field.types.js';
import { masterData } from './master-data.loaders.js';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { lotKey } from '../gs1/identifier.js';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import { pageRequest } from '../shared/page.js';
import { KEY_SHAPE } from './lists-of-records.read-model.js';
import { listLots } from './master-data-list.read-model.js';
import { LotFilterInput, lotFilterOf } from './record-filter.types.js';
import { LotConnectionType, LotExceptionType, LotType } from './lot.types.js';
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

  @Query(() => LotConnectionType, { description: 'Lots, by product and lot number.' })
  async lots(
    @Arg('filter', () => LotFilterInput, {
      nullable: true,
      description: 'Selects lots. Without it, all are given.',
    })
    filter: LotFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<Lot>> {
    return toConnection(await listLots(view, pageRequest(page, KEY_SHAPE), lotFilterOf(filter)));
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
