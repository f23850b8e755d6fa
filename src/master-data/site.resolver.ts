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
import { KEY_SHAPE } from './lists-of-records.read-model.js';
import { listGaps, listSites } from './master-data-list.read-model.js';
import type { Product, Site } from './master-data.js';
import { SiteFilterInput, siteFilterOf } from './record-filter.types.js';
import { PartyField } from './party.types.js';
import { SiteConnectionType, SiteType } from './site.types.js';
import { UnregisteredType } from './unregistered.types.js';
import { ProductConnectionType } from './product.types.js';

@Resolver(() => SiteType)
@PartyField(
  'operator',
  'The party that is registered to run it, or to run the whole GLN it is part of.',
)
export class SiteResolver {
  @Query(() => SiteType, {
    nullable: true,
    description: 'A place; null when it is neither registered nor named by an event.',
  })
  async site(
    @Arg('gln', () => ID, {
      description: 'GLN in any form, with or without extension, or another URI.',
    })
    gln: string,
    @Ctx() context: Context,
  ): Promise<Site | null> {
    const found = await masterData(context).site.load(keyArg('gln', gln, 'site'));
    return found !== null && isKnownTo(context.view, found) ? found : null;
  }

  @Query(() => SiteConnectionType, { description: 'Places, by key.' })
  async sites(
    @Arg('filter', () => SiteFilterInput, {
      nullable: true,
      description: 'Selects places. Without it, all are given.',
    })
    filter: SiteFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<Site>> {
    return toConnection(await listSites(view, pageRequest(page, KEY_SHAPE), siteFilterOf(filter)));
  }

  @Query(() => UnregisteredType, {
    description: 'The gap list: what events name and nobody registered.',
  })
  unregistered(): UnregisteredType {
    return new UnregisteredType();
  }

  @FieldResolver(() => Json, {
    description: 'Everything else that the source stated, by attribute name. Empty for partners.',
  })
  attributes(@Root() { attributes }: Site, @Ctx() { view }: Context): object {
    return isPartner(view) ? {} : attributes;
  }

  @FieldResolver(() => IdentifierType, { description: 'The key of the place in every form.' })
  identifier(@Root() { key, gcp }: Site): IdentifierType {
    return identifierOf(key, gcp);
  }
}

@Resolver(() => UnregisteredType)
export class UnregisteredResolver {
  @FieldResolver(() => SiteConnectionType, {
    nullable: true,
    description: 'Places without master data, by key.',
  })
  async sites(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<Site>> {
    return toConnection(await listGaps.sites(view, pageRequest(page, KEY_SHAPE)));
  }

  @FieldResolver(() => ProductConnectionType, {
    nullable: true,
    description: 'Trade items without master data, by GTIN.',
  })
  async products(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<Product>> {
    return toConnection(await listGaps.products(view, pageRequest(page, KEY_SHAPE)));
  }
}
