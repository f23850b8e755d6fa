import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { connectionOf, PageArgs } from '../graphql/connection.types.js';
import { DateTime } from '../graphql/scalars.js';
import type { JourneyEntry } from './journey.js';

@ArgsType()
export class JourneyArgs extends PageArgs {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Includes events that an error declaration took out.',
  })
  includeRetracted!: boolean;
}

@ObjectType('JourneyEntry', {
  simpleResolvers: true,
  description:
    'One event that touched a package: it names the package, or a container it was in at that time.',
})
export class JourneyEntryType implements JourneyEntry {
  rank!: number;
  hash!: string;
  readPoint!: string | null;
  bizLocation!: string | null;
  via!: string | null;

  @Field(() => ID, { description: 'Id of the event.' })
  eventId!: string;

  @Field(() => String, { description: 'Type of the event, e.g. `ObjectEvent`.' })
  type!: string;

  @Field(() => String, { nullable: true, description: 'ADD, OBSERVE or DELETE.' })
  action!: string | null;

  @Field(() => String, { nullable: true, description: 'What was done: CBV bare word or URI.' })
  bizStep!: string | null;

  @Field(() => String, { nullable: true, description: 'Disposition stated: CBV bare word or URI.' })
  disposition!: string | null;

  @Field(() => DateTime, { description: 'When it happened.' })
  eventTime!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Offset of the local time there, e.g. `+01:00`.',
  })
  eventTimeZoneOffset!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was captured here.' })
  recordTime!: number | null;

  @Field(() => Boolean, { description: 'True when an error declaration took the event out.' })
  retracted!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the package came into `via`.',
  })
  viaSince!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the package left `via`; null while it is inside, or without `via`.',
  })
  viaUntil!: number | null;
}

export const JourneyConnectionType = connectionOf('JourneyEntry', () => JourneyEntryType);
