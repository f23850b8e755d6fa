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
import { wantsHandoff, wantsLocation } from './feed-filter.rules.js';
import type { FeedSelection } from './feed-filter.rules.js';
import type { SubscribeOptions } from './feed.js';
import {
  FeedLotCountType,
  FeedPackageType,
  FeedPlaceType,
  HandoffChangesArgs,
  HandoffChangeType,
  LocationChangeType,
  LocationChangesArgs,
} from './feed.types.js';
import type { FeedContext } from './feed.types.js';
import { flatten } from './flatten.js';
import type { FeedItem, HandoffMessage, LocationMessage, PlaceView } from './messages.js';

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
      'The end of the log now. Ask for it together with a query and pass it as `after`, so that no later message is missed.',
  })
  async feedCursor(@Ctx() { feed }: FeedContext): Promise<string> {
    return feed.cursor();
  }

  @Subscription(() => LocationChangeType, {
    description:
      'Changes of place and status as they are recorded. One message covers a package with all its contents.',
    subscribe: (call) => locationChanges(call),
  })
  locationChanges(
    @Root() item: FeedItem<LocationMessage>,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => LocationChangesArgs) _args: LocationChangesArgs,
  ): LocationChangeType {
    const { k, level, from, to, status, units, lots } = item.message;
    return {
      ...fieldsOf(item),
      package: { key: k, level },
      from,
      to,
      status,
      units,
      lots: [...lots],
    };
  }

  @Subscription(() => HandoffChangeType, {
    description: 'Changes of custody as they are recorded.',
    subscribe: (call) => handoffChanges(call),
  })
  handoffChanges(
    @Root() item: FeedItem<HandoffMessage>,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => HandoffChangesArgs) _args: HandoffChangesArgs,
  ): HandoffChangeType {
    const { handoffId, status, from, to } = item.message;
    return { ...fieldsOf(item), handoffKey: handoffId, status, from, to };
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
}: Subscribing<LocationChangesArgs>): Promise<AsyncIterableIterator<FeedItem>> {
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
}: Subscribing<HandoffChangesArgs>): Promise<AsyncIterableIterator<FeedItem>> {
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
): Promise<AsyncIterableIterator<FeedItem>> {
  const selection = await withParties(asked, masterData(context));
  const batches = await context.feed.subscribe({
    ...(after === undefined || after === null ? {} : { after }),
    packages: [...(selection.ids ?? [])],
    holders: selection.parties !== undefined,
    wants: (message, around) => wants(selection, message, around),
  });
  return flatten(batches, (batch) => batch.items);
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

function fieldsOf({
  cursor,
  seq,
  message,
}: FeedItem): Pick<LocationChangeType, 'cursor' | 'seq' | 'eventId' | 'eventTime' | 'recordTime'> {
  const { eventId, t, recordTime } = message;
  return { cursor, seq, eventId, eventTime: t, recordTime };
}
