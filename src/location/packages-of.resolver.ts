import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { LotType } from '../master-data/lot.types.js';
import { SiteType } from '../master-data/site.types.js';
import { pageRequest } from '../shared/page.js';
import { listPackages, PACKAGE_SHAPE } from './list-packages.js';
import type { PackageFilter } from './list-packages.js';
import { packageFilterOf } from './package-filter.types.js';
import { PackageConnectionType } from './package.types.js';
import type { PackageType } from './package.types.js';

@Resolver(() => SiteType)
export class PackagesOfSiteResolver {
  @FieldResolver(() => PackageConnectionType, {
    nullable: true,
    description:
      'The packages that are there now or on their way there, without those whose life is over. `packages` selects more closely.',
  })
  packages(
    @Root() { key }: SiteType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<PackageType>> {
    return pageOf({ ...packageFilterOf(null), site: key }, page, context);
  }
}

@Resolver(() => LotType)
export class PackagesOfLotResolver {
  @FieldResolver(() => PackageConnectionType, {
    nullable: true,
    description:
      'Its packages, without those whose life is over, by key. `packages` selects more closely.',
  })
  packages(
    @Root() { id }: LotType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<PackageType>> {
    return pageOf({ ...packageFilterOf(null), lot: id }, page, context);
  }
}

async function pageOf(
  filter: PackageFilter,
  page: PageArgs,
  { view }: Context,
): Promise<Connection<PackageType>> {
  return toConnection(await listPackages(view, filter, pageRequest(page, PACKAGE_SHAPE)));
}
