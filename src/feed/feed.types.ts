import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { HandoffStatus } from '../handoff/index.js';
import { HandoffStatusEnum } from '../handoff/handoff.types.js';
import { PackageLevelEnum } from '../location/package.types.js';
import { Cursor, DateTime } from '../graphql/scalars.js';
import { NULL_IN_HEARTBEAT, SubscriptionMessage } from '../graphql/subscription-message.types.js';
import type { Context } from '../graphql/context.js';
import type { SharedAnswers } from '../shared/shared-answers.js';
import type { Feed } from './feed.js';
import type { PlaceView } from './messages.js';

/** The context of a request, with what subscribing needs. */
export interface FeedContext extends Context {
  readonly feed: Feed;
  readonly shared: SharedAnswers;
}

@ObjectType('FeedPlace', { simpleResolvers: true, description: 'A place in a message.' })
export class FeedPlaceType implements PlaceView {
  mode!: PlaceView['mode'];

  site!: string | null;
  origin!: string | null;
}

@ObjectType('FeedPackage', {
  simpleResolvers: true,
  description: 'The package that a message is about.',
})
export class FeedPackageType {
  @Field(() => ID, { description: 'Canonical key.' })
  key!: string;

  @Field(() => PackageLevelEnum, { description: 'Unit or container.' })
  level!: keyof typeof PackageLevelEnum;
}

@ObjectType('FeedLotCount', {
  simpleResolvers: true,
  description: 'Units of one lot in a message.',
})
export class FeedLotCountType {
  lot!: string;

  @Field(() => Int, { description: 'How many.' })
  units!: number;
}

/** The fields of every change. */
@ObjectType({ simpleResolvers: true })
export abstract class FeedChangeFields {
  @Field(() => ID, {
    nullable: true,
    description: 'The event that caused the change. Null when you see none that did.',
  })
  eventId!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it happened; null like `eventId`.' })
  eventTime!: number | null;

  @Field(() => DateTime, { description: 'When it was recorded.' })
  recordTime!: number;
}

@ObjectType('LocationChange', {
  simpleResolvers: true,
  description: 'A package that stands alone changed place or status, with all its contents.',
})
export class LocationChangeType extends FeedChangeFields {
  @Field(() => FeedPackageType, { description: 'The outermost package that moved.' })
  package!: FeedPackageType;

  @Field(() => [FeedPackageType], {
    description: 'All of them, when several units moved the same way by the same event.',
  })
  packages!: readonly FeedPackageType[];

  @Field(() => FeedPlaceType, {
    nullable: true,
    description: 'Where it was. Null when the package was not known before, or not to you.',
  })
  from!: PlaceView | null;

  @Field(() => FeedPlaceType, {
    description: 'Where it is. PASSED_ON when it is with somebody else and no longer yours to see.',
  })
  to!: PlaceView;

  @Field(() => String, { nullable: true, description: 'Its disposition: the CBV word, or a URI.' })
  status!: string | null;

  @Field(() => Int, { description: 'Units that moved with it. A unit counts itself.' })
  units!: number;

  @Field(() => [FeedLotCountType], { description: 'These units by lot.' })
  lots!: readonly FeedLotCountType[];
}

@ObjectType('LocationMessage', {
  simpleResolvers: true,
  description: 'A message of `locationChanges`: one change, or a heartbeat.',
})
export class LocationMessageType extends SubscriptionMessage {
  @Field(() => LocationChangeType, { nullable: true, description: NULL_IN_HEARTBEAT })
  change!: LocationChangeType | null;
}

@ObjectType('HandoffChange', {
  simpleResolvers: true,
  description: 'A change of custody began, progressed or ended.',
})
export class HandoffChangeType extends FeedChangeFields {
  @Field(() => ID, { description: 'Key of the handoff.' })
  handoffKey!: string;

  @Field(() => HandoffStatusEnum, {
    nullable: true,
    description: 'Its status now. Null when there is no such handoff any more.',
  })
  status!: HandoffStatus | null;

  from!: string | null;
  to!: string | null;
}

@ObjectType('HandoffMessage', {
  simpleResolvers: true,
  description: 'A message of `handoffChanges`: one change, or a heartbeat.',
})
export class HandoffMessageType extends SubscriptionMessage {
  @Field(() => HandoffChangeType, { nullable: true, description: NULL_IN_HEARTBEAT })
  change!: HandoffChangeType | null;
}

@InputType('LocationFilter', {
  description:
    'Selects changes. Every given list must match by one of its values. Without lists, all changes match.',
})
export class LocationFilter {
  @Field(() => [ID], {
    nullable: true,
    description: 'Packages. Changes of the containers around them count too.',
  })
  ids?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Identifiers of lots. It selects changes that move units of them.',
  })
  lots?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'GTINs of products. It selects changes that move units of them.',
  })
  gtins?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Sites that packages leave, head for or reach.',
  })
  sites?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that hold what is at a site that packages leave, head for or reach.',
  })
  parties?: string[] | null;
}

@InputType('HandoffChangeFilter', {
  description:
    'Selects changes. Every given list must match by one of its values. Without lists, all changes match.',
})
export class HandoffChangeFilter {
  @Field(() => [ID], { nullable: true, description: 'Sites that give or take.' })
  sites?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that give or take: the named party, else the holder at the site.',
  })
  parties?: string[] | null;

  @Field(() => [HandoffStatusEnum], { nullable: true, description: 'Statuses of the handoff.' })
  statuses?: (keyof typeof HandoffStatusEnum)[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Packages of the handoff. A container around them counts too.',
  })
  ids?: string[] | null;
}

/** The arguments of every subscription to the feed. */
@ArgsType()
export class AfterArgs {
  @Field(() => Cursor, {
    nullable: true,
    description: 'First gives what came after this message, then continues live.',
  })
  after?: string | null;
}

@ArgsType()
export class LocationChangesArgs extends AfterArgs {
  @Field(() => LocationFilter, {
    nullable: true,
    description: 'Selects changes. Without it, all are given.',
  })
  filter?: LocationFilter | null;
}

@ArgsType()
export class HandoffChangesArgs extends AfterArgs {
  @Field(() => HandoffChangeFilter, {
    nullable: true,
    description: 'Selects changes. Without it, all are given.',
  })
  filter?: HandoffChangeFilter | null;
}
