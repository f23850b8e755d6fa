import { Arg, Args, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { EventField } from '../events/event-field.types.js';
import type { Context } from '../graphql/context.js';
import { Cursor } from '../graphql/scalars.js';
import { HEARTBEATS } from '../graphql/subscription-message.types.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { refusedArgument } from '../shared/problem.js';
import type { ChangeKind } from './change-filter.rules.js';
import { changeOf, eventOf, exceptionOf, jobOf, messageOf } from './change-shapes.types.js';
import {
  ChangeMessageType,
  ChangePageArgs,
  ChangePageType,
  ChangesArgs,
  CommittedCursorType,
  EventChangeType,
  EventMessageType,
  ExceptionChangeType,
  ExceptionMessageType,
  JobMessageType,
} from './changes.types.js';
import { readCommittedCursor } from './committed-cursor.store.js';
import type { CommittedCursor } from './feed.js';
import { AfterArgs } from './feed.types.js';
import type { FeedContext } from './feed.types.js';
import type {
  EventMessage,
  ExceptionMessage,
  FeedItem,
  Heartbeat,
  JobMessage,
} from './messages.js';
import { selectionOf } from './change-selection.loaders.js';
import { openFeed, withParties } from './open-feed.loaders.js';
import type { Subscribing } from './open-feed.loaders.js';
import { selectChanges } from './select-changes.loaders.js';

type Parts<M extends FeedItem['message'] = FeedItem['message']> = FeedItem<M> | Heartbeat;

@Resolver()
export class ChangesResolver {
  @Query(() => ChangePageType, {
    description:
      'Reads the feed: what changed after a cursor, of every kind, without waiting. The same messages as the subscription `changes`.',
  })
  async changes(
    @Args(() => ChangePageArgs) { filter, after, first }: ChangePageArgs,
    @Ctx() context: FeedContext,
  ): Promise<ChangePageType> {
    if (!(first >= 1 && first <= 1000))
      throw refusedArgument('first', first, {
        rule: 'must be 1 to 1000.',
        remedy: 'Ask for fewer and go on with "cursor".',
      });
    const { view, feed } = context;
    const selection = await withParties(selectionOf(filter), masterData(context));
    const page = await feed.page(view, after ?? undefined, first);
    const items = await selectChanges(context, page.items, selection);
    const { cursor, seq, hasMore } = page;
    return { messages: items.map(changeOf), cursor, seq, hasMore };
  }

  @Query(() => CommittedCursorType, {
    nullable: true,
    description:
      'How far a consumer of your organisation has taken the feed; null when it never said so.',
  })
  committedCursor(
    @Arg('name', () => ID, { description: 'The name that it gave to `commitCursor`.' })
    name: string,
    @Ctx() { view }: Context,
  ): Promise<CommittedCursor | null> {
    return readCommittedCursor(view, nameArg(name));
  }

  @Mutation(() => CommittedCursorType, {
    description:
      'Keeps how far a consumer has taken the feed, so that it need not keep its cursor itself.',
  })
  commitCursor(
    @Arg('name', () => ID, { description: 'A name of your choice, 1 to 100 characters.' })
    name: string,
    @Arg('cursor', () => Cursor, { description: 'The cursor of the last message it took.' })
    cursor: string,
    @Ctx() { view, feed }: FeedContext,
  ): Promise<CommittedCursor> {
    return feed.commit(view, nameArg(name), cursor);
  }
}

@Resolver()
export class ChangeSubscriptionResolver {
  @Subscription(() => ChangeMessageType, {
    description: `What changes, of every kind, as it is recorded. Without a filter, the \`seq\` of an organisation's messages has no gap. ${HEARTBEATS}`,
    subscribe: ({ args: { filter, after }, context }: Subscribing<ChangesArgs>) =>
      openFeed(context, after, selectionOf(filter)),
  })
  changes(
    @Root() part: Parts,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => ChangesArgs) _args: ChangesArgs,
  ): ChangeMessageType {
    return changeOf(part);
  }

  @Subscription(() => EventMessageType, {
    description: `Events that become visible, are withdrawn, or are declared in error. ${HEARTBEATS}`,
    subscribe: (call) => ofKind(call, 'event'),
  })
  eventChanges(
    @Root() part: Parts<EventMessage>,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => ChangesArgs) _args: ChangesArgs,
  ): EventMessageType {
    return messageOf(part, eventOf);
  }

  @Subscription(() => ExceptionMessageType, {
    description: `Exceptions about packages that are raised or cleared. ${HEARTBEATS}`,
    subscribe: (call) => ofKind(call, 'exception'),
  })
  exceptionChanges(
    @Root() part: Parts<ExceptionMessage>,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => ChangesArgs) _args: ChangesArgs,
  ): ExceptionMessageType {
    return messageOf(part, exceptionOf);
  }

  @Subscription(() => JobMessageType, {
    description: `Capture jobs that finish: the host's own and its partners', or those of your organisation. ${HEARTBEATS}`,
    subscribe: (call) => ofKind(call, 'job'),
  })
  captureJobs(
    @Root() part: Parts<JobMessage>,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declares the arguments that `subscribe` reads
    @Args(() => AfterArgs) _args: AfterArgs,
  ): JobMessageType {
    return messageOf(part, jobOf);
  }
}

@Resolver(() => EventChangeType)
@EventField('The event as you see it now; null when you do not.')
export class EventChangeResolver {}

@Resolver(() => ExceptionChangeType)
@EventField('The event that shows it.')
export class ExceptionChangeResolver {}

function ofKind(
  { args, context }: Subscribing<ChangesArgs>,
  kind: ChangeKind,
): Promise<AsyncIterableIterator<FeedItem | Heartbeat>> {
  const selection = { ...selectionOf(args.filter), kinds: new Set([kind]) };
  return openFeed(context, args.after, selection);
}

function nameArg(name: string): string {
  if (/^\S(.{0,98}\S)?$/u.test(name)) return name;
  throw refusedArgument('name', name, {
    rule: 'must have 1 to 100 characters, and none of them a space at its ends.',
    remedy: 'Choose a name for the consumer, such as "portal".',
  });
}
