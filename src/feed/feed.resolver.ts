import { EventField } from '../events/event-field.types.js';
import { handoffOf as readHandoffOf } from '../handoff/handoff.loaders.js';
import type { Handoff } from '../handoff/index.js';
import { HandoffType } from '../handoff/handoff.types.js';
import { Args, Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import { WhereaboutsStateEnum } from '../holdings/whereabouts-state.types.js';
import { SiteField } from '../master-data/site.types.js';
import { LotField } from '../master-data/lot.types.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { Cursor } from '../graphql/scalars.js';
import { HEARTBEATS } from '../graphql/subscription-message.types.js';
import { handoffOf, locationOf, messageOf } from './change-shapes.types.js';
import { placeStateOf } from './envelope.types.js';
import {
  FeedLotCountType,
  FeedPackageType,
  FeedPlaceType,
  HandoffChangesArgs,
  HandoffChangeType,
  HandoffMessageType,
  LocationChangeType,
  LocationChangesArgs,
  LocationMessageType,
} from './feed.types.js';
import type { FeedContext } from './feed.types.js';
import type {
  FeedItem,
  HandoffMessage,
  Heartbeat,
  LocationMessage,
  PlaceView,
} from './messages.js';
import { selectionOf } from './change-selection.loaders.js';
import { openFeed } from './open-feed.loaders.js';
import type { Subscribing } from './open-feed.loaders.js';

@Resolver()
export class FeedResolver {
  @Query(() => Cursor, {
    description:
      'The end of the feed now. Ask for it before a question, and pass it as `after`, so that no later message is missed.',
  })
  feedCursor(@Ctx() { feed, view }: FeedContext): Promise<string> {
    return feed.cursor(view);
  }

  @Subscription(() => LocationMessageType, {
    description: `Changes of place and status as they are recorded. One message covers a package with all its contents. ${HEARTBEATS}`,
    subscribe: (call) => locationChanges(call),
  })
  locationChanges(
    @Root() part: FeedItem<LocationMessage> | Heartbeat,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => LocationChangesArgs) _args: LocationChangesArgs,
  ): LocationMessageType {
    return messageOf(part, locationOf);
  }

  @Subscription(() => HandoffMessageType, {
    description: `Changes of custody as they are recorded. ${HEARTBEATS}`,
    subscribe: (call) => handoffChanges(call),
  })
  handoffChanges(
    @Root() part: FeedItem<HandoffMessage> | Heartbeat,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => HandoffChangesArgs) _args: HandoffChangesArgs,
  ): HandoffMessageType {
    return messageOf(part, handoffOf);
  }
}

@Resolver(() => FeedPlaceType)
@SiteField('site', 'The site, or in transit the destination.')
@SiteField('origin', 'In transit, the site it came from.')
export class FeedPlaceResolver {
  @FieldResolver(() => WhereaboutsStateEnum, { description: 'At a site, in transit, or unknown.' })
  state(@Root() place: PlaceView): keyof typeof WhereaboutsStateEnum {
    return placeStateOf(place);
  }
}

@Resolver(() => FeedPackageType)
export class FeedPackageResolver {
  @FieldResolver(() => IdentifierType, { description: 'The key in every form.' })
  identifier(@Root() { key }: FeedPackageType): IdentifierType {
    return identifierOf(key);
  }
}

@Resolver(() => FeedLotCountType)
@LotField('lot', 'The lot. Null when even the product is unknown.')
export class FeedLotCountResolver {}

@Resolver(() => HandoffChangeType)
@SiteField('from', 'Site that gives.')
@SiteField('to', 'Site that takes.')
@EventField('The event that caused the change.')
export class HandoffChangeResolver {
  @FieldResolver(() => HandoffType, { nullable: true, description: 'The handoff as it is now.' })
  handoff(
    @Root() { handoffKey }: HandoffChangeType,
    @Ctx() context: FeedContext,
  ): Promise<Handoff | null> {
    return readHandoffOf(context, handoffKey);
  }
}

@Resolver(() => LocationChangeType)
@EventField('The event that caused the change.')
export class LocationChangeResolver {}

function locationChanges({
  args: { filter, after },
  context,
}: Subscribing<LocationChangesArgs>): Promise<AsyncIterableIterator<FeedItem | Heartbeat>> {
  return openFeed(context, after, { ...selectionOf(filter), kinds: new Set(['location']) });
}

function handoffChanges({
  args: { filter, after },
  context,
}: Subscribing<HandoffChangesArgs>): Promise<AsyncIterableIterator<FeedItem | Heartbeat>> {
  const statuses = filter?.statuses ? { statuses: new Set(filter.statuses) } : {};
  const selection = { ...selectionOf(filter), ...statuses };
  return openFeed(context, after, { ...selection, kinds: new Set(['handoff']) });
}
