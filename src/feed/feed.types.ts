import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { HandoffStatusEnum } from '../handoff/handoff.types.js';
import { Cursor, DateTime, Long } from '../graphql/scalars.js';
import type { Context } from '../graphql/context.js';
import type { SharedAnswers } from '../shared/shared-answers.js';
import type { Feed } from './feed.js';
import type { PlaceView } from './messages.js';

/** What subscribing needs besides. */
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
  description: 'The package a message speaks of.',
})
export class FeedPackageType {
  @Field(() => ID, { description: 'Canonical key.' })
  key!: string;

  @Field(() => String, { description: 'UNIT or CONTAINER.' })
  level!: string;
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

/** What every message carries. */
@ObjectType({ simpleResolvers: true })
abstract class FeedMessageFields {
  @Field(() => Cursor, { description: 'Give it as `after` to go on behind this message.' })
  cursor!: string;

  @Field(() => Long, { description: 'Log position.' })
  seq!: number;

  @Field(() => ID, { description: 'The event that brought it about.' })
  eventId!: string;

  @Field(() => DateTime, { description: 'When it happened.' })
  eventTime!: number;

  @Field(() => DateTime, { description: 'When it was recorded.' })
  recordTime!: number;
}

@ObjectType('LocationChange', {
  simpleResolvers: true,
  description: 'A package that stands alone changed place or status, with all it carries.',
})
export class LocationChangeType extends FeedMessageFields {
  @Field(() => FeedPackageType, { description: 'The outermost package that moved.' })
  package!: FeedPackageType;

  @Field(() => FeedPlaceType, {
    nullable: true,
    description: 'Where it was; null when it was not known before.',
  })
  from!: PlaceView | null;

  @Field(() => FeedPlaceType, { description: 'Where it is.' })
  to!: PlaceView;

  @Field(() => String, { nullable: true, description: 'Its disposition: the CBV word, or a URI.' })
  status!: string | null;

  @Field(() => Int, { description: 'Units that went with it, itself included when it is one.' })
  units!: number;

  @Field(() => [FeedLotCountType], { description: 'The same by lot.' })
  lots!: readonly FeedLotCountType[];
}

@ObjectType('HandoffChange', {
  simpleResolvers: true,
  description: 'A change of custody began, went on or ended.',
})
export class HandoffChangeType extends FeedMessageFields {
  @Field(() => ID, { description: 'The handoff: ask `handoffs` for the whole of it.' })
  handoffId!: string;

  @Field(() => String, { description: 'Its status now.' })
  status!: string;

  from!: string | null;
  to!: string | null;
}

@InputType('LocationFilter', {
  description: 'Which changes: any of each list, and every list given. No lists: all changes.',
})
export class LocationFilter {
  @Field(() => [ID], {
    nullable: true,
    description: 'Packages; a change of any container around one counts too.',
  })
  ids?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Lots, as identifiers: changes that carry units of them.',
  })
  lots?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Products, by GTIN: changes that carry units of them.',
  })
  gtins?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Sites left, headed for or reached.' })
  sites?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that have what stands at a site left, headed for or reached.',
  })
  parties?: string[] | null;
}

@InputType('HandoffChangeFilter', {
  description: 'Which changes: any of each list, and every list given. No lists: all changes.',
})
export class HandoffChangeFilter {
  @Field(() => [ID], { nullable: true, description: 'Sites at either end.' })
  sites?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that give or take: as named, else who has what stands at the site.',
  })
  parties?: string[] | null;

  @Field(() => [HandoffStatusEnum], { nullable: true, description: 'How far they have come.' })
  statuses?: (keyof typeof HandoffStatusEnum)[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Packages covered; a container around one counts too.',
  })
  ids?: string[] | null;
}

@ArgsType()
export class LocationChangesArgs {
  @Field(() => LocationFilter, { nullable: true, description: 'Which; all when left out.' })
  filter?: LocationFilter | null;

  @Field(() => Cursor, {
    nullable: true,
    description: 'First what came after this message, then live.',
  })
  after?: string | null;
}

@ArgsType()
export class HandoffChangesArgs {
  @Field(() => HandoffChangeFilter, { nullable: true, description: 'Which; all when left out.' })
  filter?: HandoffChangeFilter | null;

  @Field(() => Cursor, {
    nullable: true,
    description: 'First what came after this message, then live.',
  })
  after?: string | null;
}
