import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { Long } from '../graphql/scalars.js';
import { masterData } from '../master-data/master-data.loaders.js';
import type { Party } from '../master-data/index.js';
import { PartyType } from '../master-data/party.types.js';
import { pageRequest } from '../shared/page.js';
import type { ChainedEntry } from './access-entry.js';
import { AccessConnectionType, AccessEntryType, AccessFilterInput } from './access-log.types.js';
import { ACCESS_SHAPE, listAccesses } from './access.read-model.js';

@Resolver(() => AccessEntryType)
export class AccessLogResolver {
  @Query(() => AccessConnectionType, {
    description: 'The audit log, newest first. An organisation sees its own entries.',
  })
  async accessLog(
    @Arg('filter', () => AccessFilterInput, {
      nullable: true,
      description: 'Selects entries. Without it, all are given.',
    })
    filter: AccessFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<ChainedEntry>> {
    const { subject, organisation, operation, outcome, from, until } = filter ?? {};
    const wanted = {
      subject: subject ?? null,
      organisation:
        organisation == null ? null : keyArg('filter.organisation', organisation, 'party'),
      operation: operation ?? null,
      outcome: outcome ?? null,
      from: from ?? null,
      until: until ?? null,
    };
    return toConnection(await listAccesses(view, wanted, pageRequest(page, ACCESS_SHAPE)));
  }

  @FieldResolver(() => ID, { description: 'Its id.' })
  accessId(@Root() { id }: AccessEntryType): string {
    return id;
  }

  @FieldResolver(() => Long, { description: 'Its place in the chain, from 1 on.' })
  position(@Root() { n }: AccessEntryType): number {
    return n;
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'The organisation that asked; null for the host.',
  })
  organisation(
    @Root() { organisation }: AccessEntryType,
    @Ctx() context: Context,
  ): Promise<Party> | null {
    return organisation === null ? null : masterData(context).party.load(organisation);
  }
}
