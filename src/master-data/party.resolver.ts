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
import { listParties } from './master-data-list.read-model.js';
import type { Party, Site } from './master-data.js';
import { PartyConnectionType, PartyType } from './party.types.js';
import { PartyFilterInput, partyFilterOf } from './record-filter.types.js';
import { SiteConnectionType } from './site.types.js';

@Resolver(() => PartyType)
export class PartyResolver {
  @Query(() => PartyType, {
    nullable: true,
    description: 'A company; null when it is neither registered nor named by anything.',
  })
  async party(
    @Arg('gln', () => ID, { description: 'GLN of the party in any form, or another URI.' })
    gln: string,
    @Ctx() context: Context,
  ): Promise<Party | null> {
    const found = await masterData(context).party.load(keyArg('gln', gln, 'party'));
    return isKnownTo(context.view, found) ? found : null;
  }

  @Query(() => PartyConnectionType, { description: 'Companies, by key.' })
  async parties(
    @Arg('filter', () => PartyFilterInput, {
      nullable: true,
      description: 'Selects companies. Without it, all are given.',
    })
    filter: PartyFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<Party>> {
    const wanted = partyFilterOf(filter);
    return toConnection(await listParties(view, pageRequest(page, KEY_SHAPE), wanted));
  }

  @FieldResolver(() => Json, {
    description: 'Everything else that the source stated, by attribute name. Empty for partners.',
  })
  attributes(@Root() { attributes }: Party, @Ctx() { view }: Context): object {
    return isPartner(view) ? {} : attributes;
  }

  @FieldResolver(() => IdentifierType, { description: 'The key of the party in every form.' })
  identifier(@Root() { key, gcp }: Party): IdentifierType {
    return identifierOf(key, gcp);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'The topmost company it belongs to, as the children in master data state; itself when it belongs to none.',
  })
  async topmost(@Root() { key }: Party, @Ctx() context: Context): Promise<Party> {
    return masterData(context).party.load(await masterData(context).topmost.load(key));
  }

  @FieldResolver(() => SiteConnectionType, {
    nullable: true,
    description: 'The places that it is registered to run, by key.',
  })
  async sites(
    @Root() { key }: Party,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Site>> {
    return toConnection(
      await masterData(context).sitesOfParty.load({ of: key, ...pageRequest(page, KEY_SHAPE) }),
    );
  }
}
