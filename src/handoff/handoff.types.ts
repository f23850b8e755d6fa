import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { connectionOf, OrderDirectionEnum } from '../graphql/connection.types.js';
import type { Direction } from '../shared/page.js';
import { DateTime, Long } from '../graphql/scalars.js';
import type {
  Handoff,
  HandoffCount,
  HandoffOrder,
  HandoffPackage,
  HandoffStatus,
} from './handoff.js';

export const HandoffStatusEnum = {
  OUTSTANDING: 'OUTSTANDING',
  RECEIVED: 'RECEIVED',
  PARTIAL: 'PARTIAL',
  VOIDED: 'VOIDED',
  UNEXPECTED: 'UNEXPECTED',
} as const satisfies Record<HandoffStatus, HandoffStatus>;

registerEnumType(HandoffStatusEnum, {
  name: 'HandoffStatus',
  description: 'The progress of a change of custody.',
  valuesConfig: {
    OUTSTANDING: { description: 'Shipped, but nothing is received yet.' },
    RECEIVED: { description: 'Everything is received.' },
    PARTIAL: { description: 'A part is received.' },
    VOIDED: { description: 'The shipping was voided.' },
    UNEXPECTED: { description: 'Received although nobody shipped it.' },
  },
});

@InputType('HandoffFilter', {
  description: 'Selects handoffs. All given conditions must hold, each by one entry of its list.',
})
export class HandoffFilterInput {
  @Field(() => [ID], {
    nullable: true,
    description: 'Ids of handoffs. Such an id is the id of the shipping event.',
  })
  ids?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that give or take, as named or by the sites they run.',
  })
  parties?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Parties at the other end from `parties`: what one of these gave to or took from one of those. Only together with `parties`.',
  })
  counterparts?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Lots of which units were inside at shipping: GTIN with lot, in any form.',
  })
  lots?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Products of which units were inside at shipping, by GTIN.',
  })
  gtins?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Sites that give or take.' })
  sites?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Sites that give.' })
  from?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Sites that take.' })
  to?: string[] | null;

  @Field(() => [HandoffStatusEnum], { nullable: true, description: 'Statuses of handoffs.' })
  statuses?: HandoffStatus[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Shipped at or after this time. The receipt counts when nobody shipped.',
  })
  shippedFrom?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Shipped before this time. The receipt counts when nobody shipped.',
  })
  shippedUntil?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Shipped more than so many hours ago, and not all of it is received yet.',
  })
  openLongerThanHours?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Expected at or after this time.' })
  dueFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Expected before this time.' })
  dueUntil?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True selects handoffs of which something was received and something is missing.',
  })
  short?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True selects handoffs that are open after the time when they were expected, and those received after it. False selects all others.',
  })
  lateAgainstExpected?: boolean | null;
}

const HandoffOrderFieldEnum = { SHIPPED: 'SHIPPED', DUE: 'DUE', RECEIVED: 'RECEIVED' } as const;

registerEnumType(HandoffOrderFieldEnum, {
  name: 'HandoffOrderField',
  description: 'What a list of handoffs is ordered by.',
  valuesConfig: {
    SHIPPED: { description: 'When it was shipped. The receipt counts when nobody shipped.' },
    DUE: { description: 'When it is expected. What has no such time is not listed.' },
    RECEIVED: {
      description: 'When something of it was last received. What is not received is not listed.',
    },
  },
});

@InputType('HandoffOrder', { description: 'The order of a list of handoffs.' })
export class HandoffOrderInput implements HandoffOrder {
  @Field(() => HandoffOrderFieldEnum, {
    defaultValue: 'SHIPPED',
    description: 'What they are ordered by.',
  })
  field!: HandoffOrder['field'];

  @Field(() => OrderDirectionEnum, {
    defaultValue: 'DESC',
    description: '`DESC` gives the newest first.',
  })
  direction!: Direction;
}

@ObjectType('HandoffCount', {
  simpleResolvers: true,
  description: 'Compares shipped and received.',
})
export class HandoffCountType implements HandoffCount {
  @Field(() => Int, { description: 'Shipped.' })
  shipped!: number;

  @Field(() => Int, { description: 'Received.' })
  received!: number;

  @Field(() => Int, { description: 'Not received yet, but more may come.' })
  outstanding!: number;

  @Field(() => Int, { description: 'Missing although something else was received.' })
  short!: number;

  @Field(() => Int, { description: 'Received but not shipped.' })
  over!: number;
}

@ObjectType('HandoffLot', {
  simpleResolvers: true,
  description: 'Units of one lot in a handoff.',
})
export class HandoffLotType {
  lot!: string;

  @Field(() => Int, { description: 'How many.' })
  units!: number;
}

@ObjectType('HandoffPackage', { simpleResolvers: true, description: 'A package of a handoff.' })
export class HandoffPackageType implements HandoffPackage {
  handoff!: Handoff;
  site!: string | null;

  @Field(() => ID, { description: 'Canonical key.' })
  key!: string;

  @Field(() => Boolean, { description: 'Whether it holds other packages.' })
  container!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the shipping names it. If not, it is part of a named package or was never shipped.',
  })
  shipped!: boolean;

  @Field(() => Boolean, { description: 'Whether its shipping was voided.' })
  voided!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was received under its own key. Null until then.',
  })
  receivedAt!: number | null;

  @Field(() => ID, { nullable: true, description: 'The event that received it.' })
  eventId!: string | null;
}

@ObjectType('Handoff', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A change of custody: a shipping and what became of it.',
})
export class HandoffType implements Handoff {
  from!: string | null;
  to!: string | null;
  fromParty!: string | null;
  toParty!: string | null;
  expected!: number;
  direct!: number;

  @Field(() => ID, {
    name: 'key',
    description:
      'Id of the shipping event, or `over:…` for a receipt of something that nobody shipped.',
  })
  id!: string;

  @Field(() => HandoffStatusEnum, { description: 'Its progress.' })
  status!: HandoffStatus;

  @Field(() => DateTime, {
    description: 'When it was shipped. For UNEXPECTED, when it was received.',
  })
  shippedAt!: number;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it is expected, if the shipping event states this in an extension (`…:expectedArrival`, `…:eta` and the like).',
  })
  dueAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'First receipt.' })
  firstReceivedAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Newest receipt.' })
  lastReceivedAt!: number | null;

  @Field(() => Int, {
    description: 'How many packages inside the shipped ones were received on their own.',
  })
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
    description: 'Milliseconds since shipping, as long as something is outstanding.',
  })
  openMs!: number | null;
}

export const HandoffConnectionType = connectionOf('Handoff', () => HandoffType);
