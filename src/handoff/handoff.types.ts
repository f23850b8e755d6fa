import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime, Long } from '../graphql/scalars.js';
import type { Handoff, HandoffCount, HandoffPackage, HandoffStatus } from './handoff.js';

export const HandoffStatusEnum = {
  OUTSTANDING: 'OUTSTANDING',
  RECEIVED: 'RECEIVED',
  PARTIAL: 'PARTIAL',
  VOIDED: 'VOIDED',
  UNEXPECTED: 'UNEXPECTED',
} as const satisfies Record<HandoffStatus, HandoffStatus>;

registerEnumType(HandoffStatusEnum, {
  name: 'HandoffStatus',
  description: 'How far a change of custody has come.',
  valuesConfig: {
    OUTSTANDING: { description: 'Shipped, nothing received yet.' },
    RECEIVED: { description: 'All received.' },
    PARTIAL: { description: 'Some received.' },
    VOIDED: { description: 'The shipping was voided.' },
    UNEXPECTED: { description: 'Received though nobody shipped it.' },
  },
});

@InputType('HandoffFilter', {
  description: 'Which handoffs: all conditions given must hold, any entry of each list.',
})
export class HandoffFilterInput {
  @Field(() => [ID], {
    nullable: true,
    description: 'Handoffs by id: the id of the shipping event.',
  })
  ids?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties on either side, as named or by the sites they run.',
  })
  parties?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Sites on either side.' })
  sites?: string[] | null;

  @Field(() => [HandoffStatusEnum], { nullable: true, description: 'How far they have come.' })
  statuses?: HandoffStatus[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Shipped at or after; what nobody shipped counts by its receipt.',
  })
  shippedFrom?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Shipped at or before; what nobody shipped counts by its receipt.',
  })
  shippedUntil?: number | null;
}

@ObjectType('HandoffCount', { simpleResolvers: true, description: 'Shipped against received.' })
export class HandoffCountType implements HandoffCount {
  @Field(() => Int, { description: 'Shipped.' })
  shipped!: number;

  @Field(() => Int, { description: 'Received.' })
  received!: number;

  @Field(() => Int, { description: 'Not received yet while more may come.' })
  outstanding!: number;

  @Field(() => Int, { description: 'Missing although something was received.' })
  short!: number;

  @Field(() => Int, { description: 'Received and not shipped.' })
  over!: number;
}

@ObjectType('HandoffPackage', { simpleResolvers: true, description: 'A package of a handoff.' })
export class HandoffPackageType implements HandoffPackage {
  handoff!: Handoff;
  site!: string | null;

  @Field(() => ID, { description: 'Canonical key.' })
  key!: string;

  @Field(() => Boolean, { description: 'Holds other packages.' })
  container!: boolean;

  @Field(() => Boolean, {
    description: 'Named by the shipping; otherwise part of something named, or never shipped.',
  })
  shipped!: boolean;

  @Field(() => Boolean, { description: 'Its shipping was voided.' })
  voided!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Received under its own key; null while it was not.',
  })
  receivedAt!: number | null;

  @Field(() => ID, { nullable: true, description: 'The event that received it.' })
  eventId!: string | null;
}

@ObjectType('Handoff', {
  simpleResolvers: true,
  description: 'A change of custody: something shipped, and what became of it.',
})
export class HandoffType implements Handoff {
  from!: string | null;
  to!: string | null;
  fromParty!: string | null;
  toParty!: string | null;
  expected!: number;
  direct!: number;

  @Field(() => ID, {
    description: 'Id of the shipping event, or `over:…` for a receipt of something nobody shipped.',
  })
  id!: string;

  @Field(() => HandoffStatusEnum, { description: 'How far it has come.' })
  status!: HandoffStatus;

  @Field(() => DateTime, {
    description: 'When it was shipped; of an UNEXPECTED one when it was received.',
  })
  shippedAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'First receipt.' })
  firstReceivedAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Newest receipt.' })
  lastReceivedAt!: number | null;

  @Field(() => Int, { description: 'Receipts of things inside what was shipped.' })
  parts!: number;
}

@ObjectType('HandoffDuration', { simpleResolvers: true, description: 'How long a handoff took.' })
export class HandoffDurationType {
  @Field(() => Long, {
    nullable: true,
    description: 'Milliseconds from shipping to the first receipt.',
  })
  firstMs!: number | null;

  @Field(() => Long, {
    nullable: true,
    description: 'Milliseconds from shipping to the newest receipt.',
  })
  lastMs!: number | null;

  @Field(() => Long, {
    nullable: true,
    description: 'Milliseconds since shipping while something is outstanding.',
  })
  openMs!: number | null;
}

export const HandoffConnectionType = connectionOf('Handoff', () => HandoffType);
