import { isPartner } from '../access/view.js';
import { EventField } from '../events/event-field.types.js';
import { NOW } from '../holdings/holding.js';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { locationLoaders } from '../location/location.loaders.js';
import { PackageType, toContainer } from '../location/package.types.js';
import { SiteField } from '../master-data/site.types.js';
import { toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { pageRequest } from '../shared/page.js';
import { JOURNEY_KEY } from './journey.js';
import type { JourneyEntry } from './journey.js';
import { JourneyArgs, JourneyConnectionType, JourneyEntryType } from './journey.types.js';
import { journeyLoader } from './trace.loaders.js';

@Resolver(() => PackageType)
export class JourneyResolver {
  @Query(() => JourneyConnectionType, {
    nullable: true,
    description:
      'Every event that touched a package, oldest first: events that name it, and events that name a container it was in at that time. A partner sees those that it sees, and those that others disclose to it (`grantDisclosure`). Null when no event ever named it.',
  })
  async journey(
    @Arg('id', () => ID, { description: 'EPC URN, Digital Link or element string as scanned.' })
    id: string,
    @Args(() => JourneyArgs) args: JourneyArgs,
    @Ctx() context: Context,
  ): Promise<Connection<JourneyEntry> | null> {
    const key = keyArg('id', id, 'package');
    const page = pageRequest(args, JOURNEY_KEY);
    const { history } = await locationLoaders(context).whereabouts.load({ key, at: NOW });
    const isKnown = history.isKnown(key);
    // A partner who sent an event of a package that he does not see sees this event.
    if (!isKnown && !isPartner(context.view)) return null;
    const { includeRetracted } = args;
    const now = context.clock.now();
    const found = await journeyLoader(context).load({ key, page, includeRetracted, now });
    return isKnown || found.items.length > 0 ? toConnection(found) : null;
  }

  @FieldResolver(() => JourneyConnectionType, {
    nullable: true,
    name: 'journey',
    description:
      'Every event that touched it, oldest first: events that name it, and events that name a container it was in at that time.',
  })
  async journeyOfPackage(
    @Root() { key }: PackageType,
    @Args(() => JourneyArgs) args: JourneyArgs,
    @Ctx() context: Context,
  ): Promise<Connection<JourneyEntry>> {
    const page = pageRequest(args, JOURNEY_KEY);
    const { includeRetracted } = args;
    const now = context.clock.now();
    return toConnection(await journeyLoader(context).load({ key, page, includeRetracted, now }));
  }
}

@Resolver(() => JourneyEntryType)
@SiteField('readPoint', 'Where it happened. Null too where it is disclosed with PARTIES_HIDDEN.')
@SiteField(
  'bizLocation',
  'Where its objects are afterwards. Null too where it is disclosed with PARTIES_HIDDEN.',
)
@EventField('The event with all that it says; null where you see only that it was disclosed.')
export class JourneyEntryResolver {
  @FieldResolver(() => PackageType, {
    nullable: true,
    description:
      'The container through which the event touched it (the innermost one named); null when the event names the package itself, and where it is disclosed with PARTIES_HIDDEN.',
  })
  via(@Root() { via }: JourneyEntryType): PackageType | null {
    return via === null ? null : toContainer(via);
  }
}
