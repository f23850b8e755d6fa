import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Cursor, DateTime, Long } from '../graphql/scalars.js';
import { NULL_IN_HEARTBEAT, SubscriptionMessage } from '../graphql/subscription-message.types.js';
import {
  AfterArgs,
  FeedChangeFields,
  FeedPackageType,
  HandoffChangeType,
  LocationChangeType,
} from './feed.types.js';

export const ChangeKindEnum = {
  LOCATION: 'LOCATION',
  HANDOFF: 'HANDOFF',
  EVENT: 'EVENT',
  EXCEPTION: 'EXCEPTION',
  JOB: 'JOB',
} as const;

registerEnumType(ChangeKindEnum, {
  name: 'ChangeKind',
  description: 'What a message of `changes` tells.',
  valuesConfig: {
    LOCATION: { description: 'A package changed place or status.' },
    HANDOFF: { description: 'A change of custody began, progressed or ended.' },
    EVENT: { description: 'An event became visible, was withdrawn, or was declared in error.' },
    EXCEPTION: { description: 'An exception was raised or cleared.' },
    JOB: { description: 'A capture job finished.' },
  },
});

export const EventVisibilityEnum = {
  VISIBLE: 'VISIBLE',
  WITHDRAWN: 'WITHDRAWN',
  RETRACTED: 'RETRACTED',
} as const;

registerEnumType(EventVisibilityEnum, {
  name: 'EventVisibility',
  description: 'What happened to what is seen of an event.',
  valuesConfig: {
    VISIBLE: {
      description: 'It became visible, or other parts of it did. Read it, also when it was known.',
    },
    WITHDRAWN: { description: 'It is no longer visible: what was read of it is to be dropped.' },
    RETRACTED: { description: 'It was declared in error, and is still visible.' },
  },
});

export const ExceptionChangeEnum = { RAISED: 'RAISED', CLEARED: 'CLEARED' } as const;

registerEnumType(ExceptionChangeEnum, {
  name: 'ExceptionState',
  description: 'What happened to an exception.',
  valuesConfig: {
    RAISED: { description: 'Something cannot be right.' },
    CLEARED: { description: 'Later events made it right.' },
  },
});

@ObjectType('EventChange', {
  simpleResolvers: true,
  description: 'What is seen of an event changed.',
})
export class EventChangeType {
  @Field(() => EventVisibilityEnum, { description: 'What happened.' })
  visibility!: keyof typeof EventVisibilityEnum;

  @Field(() => ID, { description: 'Its id.' })
  eventId!: string;

  @Field(() => DateTime, { description: 'When the event happened.' })
  eventTime!: number;

  @Field(() => DateTime, { description: 'When the change was recorded.' })
  recordTime!: number;
}

@ObjectType('ExceptionChange', {
  simpleResolvers: true,
  description: 'An exception about a package was raised or cleared.',
})
export class ExceptionChangeType extends FeedChangeFields {
  @Field(() => ExceptionChangeEnum, { description: 'What happened.' })
  state!: keyof typeof ExceptionChangeEnum;

  @Field(() => String, { description: 'Its code, as in `Package.exceptions`.' })
  code!: string;

  @Field(() => FeedPackageType, { description: 'The package that it is about.' })
  package!: FeedPackageType;
}

@ObjectType('JobChange', { simpleResolvers: true, description: 'A capture job finished.' })
export class JobChangeType {
  @Field(() => ID, { description: 'Its id. `captureJob` tells what was refused.' })
  jobId!: string;

  @Field(() => Boolean, { description: 'Nothing was refused.' })
  success!: boolean;

  @Field(() => Int, { description: 'Events that it stored.' })
  captured!: number;

  @Field(() => Int, { description: 'Events that were stored before.' })
  repeated!: number;

  @Field(() => DateTime, { description: 'When it finished.' })
  finishedAt!: number;
}

@ObjectType('EventMessage', {
  simpleResolvers: true,
  description: 'A message of `eventChanges`: one change, or a heartbeat.',
})
export class EventMessageType extends SubscriptionMessage {
  @Field(() => EventChangeType, { nullable: true, description: NULL_IN_HEARTBEAT })
  change!: EventChangeType | null;
}

@ObjectType('ExceptionMessage', {
  simpleResolvers: true,
  description: 'A message of `exceptionChanges`: one change, or a heartbeat.',
})
export class ExceptionMessageType extends SubscriptionMessage {
  @Field(() => ExceptionChangeType, { nullable: true, description: NULL_IN_HEARTBEAT })
  change!: ExceptionChangeType | null;
}

@ObjectType('JobMessage', {
  simpleResolvers: true,
  description: 'A message of `captureJobs`: one job, or a heartbeat.',
})
export class JobMessageType extends SubscriptionMessage {
  @Field(() => JobChangeType, { nullable: true, description: NULL_IN_HEARTBEAT })
  change!: JobChangeType | null;
}

@ObjectType('ChangeMessage', {
  simpleResolvers: true,
  description:
    'A message of `changes`. One of the fields for a kind is set; none is in a heartbeat.',
})
export class ChangeMessageType extends SubscriptionMessage {
  @Field(() => ChangeKindEnum, { nullable: true, description: 'What it tells.' })
  kind!: keyof typeof ChangeKindEnum | null;

  @Field(() => LocationChangeType, { nullable: true, description: 'For LOCATION.' })
  location!: LocationChangeType | null;

  @Field(() => HandoffChangeType, { nullable: true, description: 'For HANDOFF.' })
  handoff!: HandoffChangeType | null;

  @Field(() => EventChangeType, { nullable: true, description: 'For EVENT.' })
  event!: EventChangeType | null;

  @Field(() => ExceptionChangeType, { nullable: true, description: 'For EXCEPTION.' })
  exception!: ExceptionChangeType | null;

  @Field(() => JobChangeType, { nullable: true, description: 'For JOB.' })
  job!: JobChangeType | null;
}

@ObjectType('ChangePage', { simpleResolvers: true, description: 'Some messages of the feed.' })
export class ChangePageType {
  @Field(() => [ChangeMessageType], { description: 'In order.' })
  messages!: ChangeMessageType[];

  @Field(() => Cursor, {
    description: 'Behind what was read, also behind what the filter left out. Use it as `after`.',
  })
  cursor!: string;

  @Field(() => Long, { description: 'The `seq` at this cursor.' })
  seq!: number;

  @Field(() => Boolean, { description: 'There is more now.' })
  hasMore!: boolean;
}

@ObjectType('CommittedCursor', {
  simpleResolvers: true,
  description: 'How far a consumer has taken the feed.',
})
export class CommittedCursorType {
  @Field(() => ID, { description: 'The name that the consumer gave itself.' })
  name!: string;

  @Field(() => Cursor, { description: 'Use it as `after`.' })
  cursor!: string;

  @Field(() => DateTime, { description: 'When it was committed.' })
  committedAt!: number;
}

@InputType('ChangeFilter', {
  description:
    'Selects messages. Every given list must match by one of its values. A message that has nothing of the sort does not match.',
})
export class ChangeFilter {
  @Field(() => [ChangeKindEnum], { nullable: true, description: 'What messages tell.' })
  kinds?: (keyof typeof ChangeKindEnum)[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Packages. Changes of the containers around them count too.',
  })
  ids?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Identifiers of lots of which units move, or that an event names.',
  })
  lots?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'GTINs of products.' })
  gtins?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Sites that packages leave, head for or reach, or that an event names.',
  })
  sites?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that give, take or hold: your counterparts.',
  })
  parties?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'bizSteps of the event that caused the change: words of the CBV, or URIs.',
  })
  bizSteps?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Dispositions: of the package in a change of place, else of the event. Words of the CBV, or URIs.',
  })
  dispositions?: string[] | null;
}

@ArgsType()
export class ChangesArgs extends AfterArgs {
  @Field(() => ChangeFilter, {
    nullable: true,
    description: 'Selects messages. Without it, all are given.',
  })
  filter?: ChangeFilter | null;
}

@ArgsType()
export class ChangePageArgs {
  @Field(() => ChangeFilter, {
    nullable: true,
    description: 'Selects messages. Without it, all are given.',
  })
  filter?: ChangeFilter | null;

  @Field(() => Cursor, {
    nullable: true,
    description:
      'Gives what came after this message. Without it, begins with the oldest that is kept.',
  })
  after?: string | null;

  @Field(() => Int, {
    defaultValue: 100,
    description:
      'How many messages to read, 1 to 1000, before the filter. Those recorded together come together.',
  })
  first!: number;
}
