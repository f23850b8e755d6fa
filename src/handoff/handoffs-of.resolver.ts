import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { PackageType } from '../location/package.types.js';
import { PartyType } from '../master-data/party.types.js';
import { SiteType } from '../master-data/site.types.js';
import { pageRequest } from '../shared/page.js';
import type { Handoff } from './handoff.js';
import { HANDOFF_SHAPE } from './handoff-list.read-model.js';
import { handoffsOf } from './handoff.loaders.js';
import { HandoffConnectionType } from './handoff.types.js';

@Resolver(() => PackageType)
export class HandoffsOfPackageResolver {
  @FieldResolver(() => HandoffConnectionType, {
    nullable: true,
    description:
      'The handoffs by which it moved, alone or inside something, the newest shipping first.',
  })
  handoffs(
    @Root() { key }: PackageType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Handoff>> {
    return pageOf('ofPackage', key, { page, context });
  }
}

@Resolver(() => SiteType)
export class HandoffsOfSiteResolver {
  @FieldResolver(() => HandoffConnectionType, {
    nullable: true,
    description: 'Handoffs from it and to it, the newest shipping first.',
  })
  handoffs(
    @Root() { key }: SiteType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Handoff>> {
    return pageOf('atSite', key, { page, context });
  }
}

@Resolver(() => PartyType)
export class HandoffsOfPartyResolver {
  @FieldResolver(() => HandoffConnectionType, {
    nullable: true,
    description: 'Handoffs that it gives or takes, the newest shipping first.',
  })
  handoffs(
    @Root() { key }: PartyType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Handoff>> {
    return pageOf('ofParty', key, { page, context });
  }
}

async function pageOf(
  list: 'ofPackage' | 'atSite' | 'ofParty',
  of: string,
  { page, context }: { readonly page: PageArgs; readonly context: Context },
): Promise<Connection<Handoff>> {
  const request = { of, ...pageRequest(page, HANDOFF_SHAPE) };
  return toConnection(await handoffsOf(context)[list].load(request));
}
