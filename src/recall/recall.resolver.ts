import { isPartner } from '../access/view.js';
import { NOW } from '../holdings/holding.js';
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Info,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { envelopeOf, placeStateOf } from '../feed/envelope.types.js';
import type { FeedContext } from '../feed/feed.types.js';
import type { Heartbeat } from '../feed/index.js';
import { asksFor } from '../graphql/asked-fields.js';
import type { Context } from '../graphql/context.js';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { Cursor, DateTime, Long } from '../graphql/scalars.js';
import { HEARTBEATS } from '../graphql/subscription-message.types.js';
import { STATUSES, wordArg } from '../graphql/word-args.js';
import { pageRequest } from '../shared/page.js';
import { refusedArgument } from '../shared/problem.js';
import { keepNames } from '../master-data/place-names.loaders.js';
import type { FoundNames } from '../master-data/place-names.read-model.js';
import { readSitesHeldBy } from '../master-data/operators.read-model.js';
import type { SimilarLot } from '../search/index.js';
import type { Consignee } from './custody-path.rules.js';
import { explainAffectedPackage } from './explain-affected-package.js';
import type { Explanation } from './explain-affected-package.js';
import { findConsignees } from './find-consignees.js';
import { findPassedOn } from './find-passed-on.js';
import { findRecallScope } from './find-recall-scope.js';
import { listAffectedPackages, PACKAGE_CURSOR } from './list-affected-packages.js';
import type { AffectedPackage, PackagesFilter } from './list-affected-packages.js';
import { RecallPackageFilter, RecallScopeInput, toSelectors } from './recall-input.types.js';
import type {
  ClassLevelQuantity,
  RecallScope,
  RecallSelectors,
  ScopeRow,
  ScopeTotals,
  Selection,
} from './recall-scope.js';
import { reasonsOf } from './gaps.rules.js';
import { totalsOf, transitsOf } from './recall-scope.rules.js';
import type { PassedOnRow } from './sent-on.rules.js';
import {
  RecallClassLevelType,
  RecallCompletenessType,
  RecallConsigneeType,
  RecallExplanationType,
  RecallLotType,
  RecallPackageConnectionType,
  RecallPassedOnType,
  RecallRowType,
  RecallScopeMessageType,
  RecallScopeType,
  RecallSuggestionType,
  RecallTotalsType,
  RecallTransitType,
  RecallWithoutLotType,
} from './recall.types.js';
import { watchRecallScope } from './watch-recall-scope.js';
import type { RecallScopeChange } from './watch-recall-scope.js';

/** type-graphql passes the arguments of `subscribe` on as they came: only GraphQL's own checks are done. */
interface Subscribing {
  readonly args: { readonly input: RecallScopeInput; readonly after?: string | null };
  readonly context: FeedContext;
}

/** Adds the past instant of the scope: the holder of a row is looked up as of that instant. */
type Dated<T> = T & Pick<Selection, 'asOf'>;

/** Fields of a scope whose rows name sites and holders. */
const FIELDS_WITH_NAMES = ['rows', 'inTransit', 'unitsWithoutLot'];

@Resolver(() => RecallScopeType)
export class RecallResolver {
  @Query(() => RecallScopeType, {
    description:
      'What a recall reaches: how many units, where they are, who has them, and every reason why the answer may be incomplete. For lots and for now, its cost does not grow with the units. A partner is told of the units that it sees now, never how many there are in all; `passedOn` has those that it sent on.',
  })
  recallScope(
    @Arg('input', () => RecallScopeInput, { description: 'What is recalled.' })
    input: RecallScopeInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecallScope> {
    return scopeOf(toSelectors(input), context, info);
  }

  @FieldResolver(() => RecallCompletenessType, {
    description:
      'Whether the answer is complete and, if not, why. For a partner, of what it sees: it does not say that others have no affected units.',
  })
  completeness(@Root() { gaps }: RecallScope): RecallCompletenessType {
    return { complete: gaps.length === 0, reasons: reasonsOf(gaps), gaps };
  }

  @FieldResolver(() => Long, {
    nullable: true,
    description:
      'Log position that these counts refer to. Null for a partner: it would tell how much others send.',
  })
  logPosition(@Root() scope: RecallScope, @Ctx() { view }: Context): number | null {
    return isPartner(view) ? null : scope.logPosition;
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'The past instant asked for; null for now.',
  })
  asOf(@Root() { selection }: RecallScope): number | null {
    return selection.asOf;
  }

  @FieldResolver(() => RecallTotalsType, {
    description: 'All affected units; for a partner, all that it sees now.',
  })
  totals(@Root() scope: RecallScope): ScopeTotals {
    return scope.totals;
  }

  @FieldResolver(() => [RecallRowType], { description: 'Where they are, the largest row first.' })
  rows(@Root() { rows, selection }: RecallScope): readonly Dated<ScopeRow>[] {
    return rows.map(dated(selection));
  }

  @FieldResolver(() => [RecallTransitType], {
    description: 'What is under way, by origin and destination; also in `rows`.',
  })
  inTransit(@Root() { rows }: RecallScope): RecallTransitType[] {
    return transitsOf(rows);
  }

  @FieldResolver(() => RecallTotalsType, {
    description: 'Units whose place nobody knows; also in `rows`.',
  })
  unknown(@Root() { rows }: RecallScope): ScopeTotals {
    return totalsOf(rows.filter((row) => row.state === 'UNKNOWN'));
  }

  @FieldResolver(() => RecallWithoutLotType, {
    description: 'Units of the products whose lot is unknown: they are possibly affected.',
  })
  unitsWithoutLot(@Root() { possibly, selection }: RecallScope): RecallWithoutLotType {
    return { ...possibly.totals, rows: possibly.rows.map(dated(selection)) };
  }

  @FieldResolver(() => [RecallLotType], {
    description:
      'The affected lots and how they came in, including lots that containers hold by class.',
  })
  lots(@Root() { selection }: RecallScope): RecallLotType[] {
    return [...selection.lots, ...selection.contents].map(([id, { role, from, eventId }]) => ({
      id,
      role,
      madeFrom: from,
      eventId,
    }));
  }

  @FieldResolver(() => [ID], {
    description:
      'Keys of containers that are themselves of an affected lot, at most 10,000 for each lot.',
  })
  containersOfLot(@Root() { selection }: RecallScope): readonly string[] {
    return selection.containersOfLot;
  }

  @FieldResolver(() => [String], {
    description:
      'Keys that were asked for and never reported, or only by events dated later than now. For a partner also those of which it never saw anything.',
  })
  notFound(@Root() { selection }: RecallScope): readonly string[] {
    return selection.notFound;
  }

  @FieldResolver(() => [RecallSuggestionType], {
    description:
      'For lots in `notFound`: lots of the same product whose number differs only in capitals, blanks or hyphens. They are never taken in by themselves: ask again with the right number.',
  })
  suggestions(@Root() { suggestions }: RecallScope): readonly SimilarLot[] {
    return suggestions;
  }

  @FieldResolver(() => [RecallClassLevelType], {
    description:
      'Reports of affected material without serial numbers, at most 1,000. For a partner, those of events that it sees whole, by the lots that it asked for.',
  })
  classLevel(@Root() scope: RecallScope): readonly ClassLevelQuantity[] {
    return scope.classLevel;
  }

  @FieldResolver(() => [RecallConsigneeType], {
    nullable: true,
    description:
      'Who has, had or is about to receive affected units, nearest to the origin first. This reads the path of every unit. For a partner it is who has what it sees now, and to whom that goes.',
  })
  consignees(@Root() scope: RecallScope, @Ctx() context: Context): Promise<Consignee[]> {
    return findConsignees(context.view, scope);
  }

  @FieldResolver(() => [RecallPassedOnType], {
    description:
      'For a partner: what it sent on of the affected lots and does not have any more, by counterpart, the largest row first. Whether it was received is as the events tell that the partner sees; what became of it later is not told. Empty for the host, who sees it in `rows`.',
  })
  passedOn(@Root() scope: RecallScope, @Ctx() { view }: Context): Promise<PassedOnRow[]> {
    return findPassedOn(view, scope);
  }

  @FieldResolver(() => RecallPackageConnectionType, {
    nullable: true,
    description: 'The affected units one by one; for a partner, those that it sees now.',
  })
  async packages(
    @Root() { selection }: RecallScope,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => RecallPackageFilter, {
      nullable: true,
      description: 'Lists the packages of one row; leave it out to list all.',
    })
    filter: RecallPackageFilter | null,
    @Ctx() context: Context,
  ): Promise<Connection<Dated<AffectedPackage>>> {
    const page = pageRequest(args, PACKAGE_CURSOR);
    const wanted = await toPackagesFilter(filter ?? {}, selection, context);
    const found = await listAffectedPackages(context.view, selection, wanted, page);
    return toConnection(found, dated(selection));
  }

  @FieldResolver(() => RecallExplanationType, {
    nullable: true,
    description:
      'The chain of facts that brings a package into the scope, or the answer that it is not in it.',
  })
  explain(
    @Root() { selection }: RecallScope,
    @Arg('id', () => ID, { description: 'The package.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Explanation> {
    return explainAffectedPackage(context.view, selection, keyArg('id', id, 'package'));
  }

  @Subscription(() => RecallScopeMessageType, {
    description: `Changes of a recall scope as they are recorded, each with the new totals. A whole pallet is one message. ${HEARTBEATS}`,
    subscribe: (call) => recallScopeChanges(call),
  })
  recallScopeChanges(
    @Arg('input', () => RecallScopeInput, { description: 'What is recalled.' })
    _input: RecallScopeInput,
    @Arg('after', () => Cursor, {
      nullable: true,
      description: 'Sends the messages after this cursor first, then live ones.',
    })
    _after: string | null,
    @Root() part: RecallScopeChange | Heartbeat,
  ): RecallScopeMessageType {
    if ('heartbeat' in part) return { ...envelopeOf(part), change: null };
    const { item, change, units, totals, possibly, complete, logPosition } = part;
    const { k, to, status, eventId, t, recordTime } = item.message;
    return {
      ...envelopeOf(item),
      change: {
        eventId,
        eventTime: t,
        recordTime,
        change,
        key: k,
        units,
        state: placeStateOf(to),
        site: to.site,
        origin: to.origin,
        status,
        totals,
        unitsWithoutLot: possibly,
        complete,
        logPosition,
      },
    };
  }
}

async function recallScopeChanges({
  args,
  context,
}: Subscribing): Promise<AsyncIterableIterator<RecallScopeChange | Heartbeat>> {
  const { view, feed, clock, shared } = context;
  if (args.input.asOf != null)
    throw refusedArgument('input.asOf', new Date(args.input.asOf).toISOString(), {
      rule: 'cannot be given to a subscription, because the past does not change.',
      remedy: 'Leave it out, or ask recallScope for that instant.',
    });
  const after = args.after ?? undefined;
  return watchRecallScope(toSelectors(args.input), {
    view,
    feed,
    clock,
    shared,
    ...(after === undefined ? {} : { after }),
  });
}

async function toPackagesFilter(
  filter: RecallPackageFilter,
  { asOf }: Selection,
  context: Context,
): Promise<PackagesFilter> {
  const sites = filter.site ? [keyArg('filter.site', filter.site, 'site')] : null;
  const heldFrom = filter.holder
    ? await readSitesHeldBy(
        context.view,
        [keyArg('filter.holder', filter.holder, 'party')],
        asOf ?? NOW,
      )
    : null;
  return {
    state: filter.state ?? null,
    status: filter.status ? wordArg('filter.status', filter.status, STATUSES) : null,
    sites,
    heldFrom,
    withoutLot: filter.withoutLot ?? false,
  };
}

function dated({ asOf }: Selection): <T extends object>(row: T) => Dated<T> {
  return (row) => ({ ...row, asOf });
}

/** What these selectors reach. Names come with the counts when rows are asked for. */
export function scopeOf(
  selectors: RecallSelectors,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<RecallScope> {
  const onNames = (names: FoundNames): void => {
    keepNames(names, context);
  };
  return findRecallScope(
    context.view,
    selectors,
    { now: context.clock.now() },
    asksFor(info, FIELDS_WITH_NAMES) ? onNames : undefined,
  );
}
