import { demandHost } from '../access/view.js';
import { EventField } from '../events/event-field.types.js';
import { handoffOf } from '../handoff/handoff.loaders.js';
import type { Handoff } from '../handoff/index.js';
import { HandoffType } from '../handoff/handoff.types.js';
import { masterData } from '../master-data/master-data.loaders.js';
import type { MasterDataLoaders } from '../master-data/master-data.loaders.js';
import { Args, Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import { WhereaboutsStateEnum } from '../holdings/whereabouts-state.types.js';
import { SiteField } from '../master-data/site.types.js';
import { LotField } from '../master-data/lot.types.js';
import { keyArgs } from '../graphql/identifier-arg.js';
import type { ArgumentKind } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { Cursor } from '../graphql/scalars.js';
import { HEARTBEATS } from '../graphql/subscription-message.types.js';
import { wantsHandoff, wantsLocation } from './feed-filter.rules.js';
import type { FeedSelection } from './feed-filter.rules.js';
import type { SubscribeOptions } from './feed.js';
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
import { flatten } from './flatten.js';
import { partsOf } from './messages.js';
import type {
  FeedItem,
  FeedMessage,
  HandoffMessage,
  Heartbeat,
  LocationMessage,
  PlaceView,
} from './messages.js';

/** type-graphql passes the arguments of `subscribe` as they came. Only GraphQL's own checks are done. */
interface Subscribing<A> {
  readonly args: A;
  readonly context: FeedContext;
}

const STATES = { AT: 'SITE', TO: 'IN_TRANSIT', UNKNOWN: 'UNKNOWN' } as const;

@Resolver()
export class FeedResolver {
  @Query(() => Cursor, {
    description:
      'The end of the log now. Ask for it before a question, and pass it as `after`, so that no later message is missed.',
  })
  async feedCursor(@Ctx() { feed, view }: FeedContext): Promise<string> {
    demandHost(view);
    return feed.cursor();
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
    return messageOf(part, (message) => {
      const { k, level, from, to, status, units, lots } = message;
      const changed = { key: k, level };
      return { ...fieldsOf(message), package: changed, from, to, status, units, lots: [...lots] };
    });
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
    return messageOf(part, (message) => {
      const { handoffId, status, from, to } = message;
      return { ...fieldsOf(message), handoffKey: handoffId, status, from, to };
    });
  }
}

@Resolver(() => FeedPlaceType)
@SiteField('site', 'The site, or in transit the destination.')
@SiteField('origin', 'In transit, the site it came from.')
export class FeedPlaceResolver {
  @FieldResolver(() => WhereaboutsStateEnum, { description: 'At a site, in transit, or unknown.' })
  state(@Root() { mode }: PlaceView): keyof typeof WhereaboutsStateEnum {
    return STATES[mode];
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
    return handoffOf(context, handoffKey);
  }
}

@Resolver(() => LocationChangeType)
@EventField('The event that caused the change.')
export class LocationChangeResolver {}

async function locationChanges({
  args,
  context,
}: Subscribing<LocationChangesArgs>): Promise<AsyncIterableIterator<FeedItem | Heartbeat>> {
  const filter = args.filter ?? {};
  const selection = {
    ...keysOf('ids', filter.ids, 'package'),
    ...keysOf('lots', filter.lots, 'lot'),
    ...keysOf('gtins', filter.gtins, 'product'),
    ...keysOf('sites', filter.sites, 'site'),
    ...keysOf('parties', filter.parties, 'party'),
  };
  return open(context, args.after, selection, wantsLocation);
}

async function handoffChanges({
  args,
  context,
}: Subscribing<HandoffChangesArgs>): Promise<AsyncIterableIterator<FeedItem | Heartbeat>> {
  const filter = args.filter ?? {};
  const selection = {
    ...keysOf('ids', filter.ids, 'package'),
    ...keysOf('sites', filter.sites, 'site'),
    ...keysOf('parties', filter.parties, 'party'),
    ...(filter.statuses ? { statuses: new Set(filter.statuses) } : {}),
  };
  return open(context, args.after, selection, wantsHandoff);
}

async function open(
  context: FeedContext,
  after: string | null | undefined,
  asked: FeedSelection,
  wants: (
    selection: FeedSelection,
    ...message: Parameters<NonNullable<SubscribeOptions['wants']>>
  ) => boolean,
): Promise<AsyncIterableIterator<FeedItem | Heartbeat>> {
  const selection = await withParties(asked, masterData(context));
  const batches = await context.feed.subscribe({
    ...(after === undefined || after === null ? {} : { after }),
    packages: [...(selection.ids ?? [])],
    holders: selection.parties !== undefined,
    wants: (message, around) => wants(selection, message, around),
  });
  return flatten(batches, partsOf);
}

/** Replaces the keys of parties in a selection by the one key of each party. */
async function withParties(
  selection: FeedSelection,
  { party }: Pick<MasterDataLoaders, 'party'>,
): Promise<FeedSelection> {
  if (selection.parties === undefined) return selection;
  const found = await Promise.all([...selection.parties].map((key) => party.load(key)));
  return { ...selection, parties: new Set(found.map(({ key }) => key)) };
}

function keysOf(
  name: keyof FeedSelection,
  given: readonly string[] | null | undefined,
  kind: ArgumentKind,
): Partial<Record<keyof FeedSelection, ReadonlySet<string>>> {
  if (given === null || given === undefined) return {};
  const keys = keyArgs(`filter.${name}`, given, kind);
  return { [name]: new Set(kind === 'product' ? keys.map((key) => key.slice(3)) : keys) };
}

/** A message of a subscription: what changed, or a heartbeat without a change. */
function messageOf<M extends FeedMessage, C>(
  part: FeedItem<M> | Heartbeat,
  changeOf: (message: M) => C,
): { cursor: string; seq: number; change: C | null } {
  const { cursor, seq } = part;
  return { cursor, seq, change: 'heartbeat' in part ? null : changeOf(part.message) };
}

function fieldsOf({
  eventId,
  t,
  recordTime,
}: FeedMessage): Pick<LocationChangeType, 'eventId' | 'eventTime' | 'recordTime'> {
  return { eventId, eventTime: t, recordTime };
}
