import { isKnownTo } from './master-data.js';
import { isPartner } from '../access/view.js';
import { Json } from '../graphql/scalars.js';
import { masterData } from './master-data.loaders.js';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { pageRequest } from '../shared/page.js';
import { LotConnectionType } from './lot.types.js';
import { KEY_SHAPE } from './lists-of-records.read-model.js';
import { listProducts } from './master-data-list.read-model.js';
import type { Lot, Product } from './master-data.js';
import { readProductsHeldBy } from './products-held.read-model.js';
import { ProductConnectionType, ProductType } from './product.types.js';
import { ProductFilterInput, productFilterOf } from './record-filter.types.js';

@Resolver(() => ProductType)
export class ProductResolver {
  @Query(() => ProductType, {
    nullable: true,
    description: 'A trade item; null when it is neither registered nor named by an event.',
  })
  async product(
    @Arg('gtin', () => ID, { description: 'GTIN in any form, or any pack or lot of the product.' })
    gtin: string,
    @Ctx() context: Context,
  ): Promise<Product | null> {
    const found = await masterData(context).product.load(keyArg('gtin', gtin, 'product').slice(3));
    return isKnownTo(context.view, found) ? found : null;
  }

  @Query(() => ProductConnectionType, { description: 'Trade items, by GTIN.' })
  async products(
    @Arg('filter', () => ProductFilterInput, {
      nullable: true,
      description: 'Selects trade items. Without it, all are given.',
    })
    filter: ProductFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<Product>> {
    const wanted = productFilterOf(filter);
    const holder = filter?.holder ? keyArg('filter.holder', filter.holder, 'party') : null;
    const held = holder === null ? null : await readProductsHeldBy(view, holder);
    const request = pageRequest(page, KEY_SHAPE);
    return toConnection(await listProducts(view, request, wanted && { ...wanted, held }));
  }

  @FieldResolver(() => Json, {
    description: 'Everything else that the source stated, by attribute name. Empty for partners.',
  })
  attributes(@Root() { attributes }: Product, @Ctx() { view }: Context): object {
    return isPartner(view) ? {} : attributes;
  }

  @FieldResolver(() => IdentifierType, { description: 'The GTIN in every form.' })
  identifier(@Root() { gtin, gcp }: Product): IdentifierType {
    return identifierOf(`01/${gtin}`, gcp);
  }

  @FieldResolver(() => LotConnectionType, {
    nullable: true,
    description: 'Its lots, by lot number; "lot unknown" first.',
  })
  async lots(
    @Root() { gtin }: Product,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Lot>> {
    return toConnection(
      await masterData(context).lotsOfProduct.load({ of: gtin, ...pageRequest(page, KEY_SHAPE) }),
    );
  }
}
