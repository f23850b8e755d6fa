import { EventField } from '../events/event-field.types.js';
import { NOW } from '../holdings/holding.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Party, Site } from '../master-data/index.js';
import { LotField } from '../master-data/lot.types.js';
import { holderOf } from '../master-data/holder.loaders.js';
import { PartyField, PartyType } from '../master-data/party.types.js';
import { SiteField, SiteType } from '../master-data/site.types.js';
import type { Context } from '../graphql/context.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { DateTime } from '../graphql/scalars.js';
import { countLotUnits } from '../holdings/lot-counts.loaders.js';
import type { ClassLevelQuantity, ScopeRow } from './recall-scope.js';
import {
  RecallClassLevelType,
  RecallConsigneeType,
  RecallExplanationLinkType,
  RecallLotType,
  RecallPackageType,
  RecallPassedOnType,
  RecallRowType,
  RecallScopeChangeType,
  RecallSuggestionType,
  RecallTransitType,
} from './recall.types.js';

type Maybe<T> = Promise<T | null> | null;
type Placed = Pick<ScopeRow, 'site' | 'origin' | 'state'>;

/** The past instant that a scope was asked for, epoch ms; null for now. */
interface AsOf {
  readonly asOf: number | null;
}

@Resolver(() => RecallRowType)
@SiteField('site', 'Where they are or, in transit, where they are headed. Null when unknown.')
@SiteField('origin', 'In transit: the site they left.')
export class RecallRowResolver {
  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who has them: whoever runs the site where they are. In transit, whoever runs the site they left, until they are received. The same as `holder` of `locate`. Null when nobody is known.',
  })
  holder(@Root() row: Placed & AsOf, @Ctx() context: Context): Maybe<Party> {
    return holderOf(row, row.asOf ?? NOW, masterData(context));
  }
}

@Resolver(() => RecallTransitType)
@SiteField('from', 'The site they left; null when unknown.', 'origin')
@SiteField('to', 'The destination; null when nobody stated one.', 'site')
export class RecallTransitResolver {}

@Resolver(() => RecallConsigneeType)
@PartyField('party', 'The party; null when nobody is known to hold what stands at the site.')
export class RecallConsigneeResolver {
  @FieldResolver(() => [SiteType], {
    nullable: true,
    description: 'Its sites where affected units are, were or are headed.',
  })
  sites(@Root() { sites }: RecallConsigneeType, @Ctx() context: Context): Promise<(Site | null)[]> {
    return Promise.all(sites.map((site) => masterData(context).site.load(site)));
  }
}

@Resolver(() => RecallPassedOnType)
@PartyField(
  'counterpart',
  'The party that the shipping names, else the one that is registered to run the destination. Null when neither is known.',
)
export class RecallPassedOnResolver {}

@Resolver(() => RecallPackageType)
@LotField('lot', 'Its lot.')
@SiteField('site', 'Where it is or, in transit, where it is headed.')
@SiteField('origin', 'In transit: the site it left.')
export class RecallPackageResolver {
  @FieldResolver(() => IdentifierType, { description: 'The key in every form.' })
  identifier(@Root() { key }: RecallPackageType): IdentifierType {
    return identifierOf(key);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who has it: whoever runs the site where it is or, in transit, the site it left. The same as `holder` of `locate`.',
  })
  holder(@Root() row: Placed & AsOf, @Ctx() context: Context): Maybe<Party> {
    return holderOf(row, row.asOf ?? NOW, masterData(context));
  }
}

@Resolver(() => RecallLotType)
@LotField('lot', 'The lot; null when it was never reported.', 'id')
@EventField('The event that brought it in.')
export class RecallLotResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Its units now, including ended ones; for a partner, those that it sees.',
  })
  units(@Root() { id }: RecallLotType, @Ctx() context: Context): Promise<number | null> {
    return countLotUnits(context, id);
  }
}

@Resolver(() => RecallSuggestionType)
@LotField('lot', 'The lot that may be meant.')
export class RecallSuggestionResolver {}

@Resolver(() => RecallClassLevelType)
@LotField('lot', 'The lot, or "lot unknown" of the product.')
@EventField('The event that reports it.')
export class RecallClassLevelResolver {
  @FieldResolver(() => DateTime, { description: 'The time for which it was reported.' })
  eventTime(@Root() { t }: ClassLevelQuantity): number {
    return t;
  }
}

@Resolver(() => RecallScopeChangeType)
@SiteField('site', 'Where it is or, in transit, where it is headed.')
@SiteField('origin', 'In transit: the site it left.')
@EventField('The event that caused it.')
export class RecallScopeChangeResolver {}

@Resolver(() => RecallExplanationLinkType)
@EventField('The event that states it.')
export class RecallExplanationLinkResolver {}
