import { Field, Float, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime, Json, Long } from '../graphql/scalars.js';
import { OrderDirectionEnum } from '../graphql/connection.types.js';
import type { Direction } from '../shared/page.js';
import type { EventOrder, StoredDeclaration, StoredEvent } from './stored-event.js';

const EventOrderFieldEnum = {
  EVENT_TIME: 'EVENT_TIME',
  RECORD_TIME: 'RECORD_TIME',
} as const;

registerEnumType(EventOrderFieldEnum, {
  name: 'EventOrderField',
  description: 'What a list of events is ordered by.',
  valuesConfig: {
    EVENT_TIME: { description: 'When it happened.' },
    RECORD_TIME: { description: 'When it was recorded: the log position.' },
  },
});

@InputType('EventOrder', {
  description: 'The order of a list of events. Events of one time are ordered by id.',
})
export class EventOrderInput implements EventOrder {
  @Field(() => EventOrderFieldEnum, {
    defaultValue: 'EVENT_TIME',
    description: 'What they are ordered by.',
  })
  field!: EventOrder['field'];

  @Field(() => OrderDirectionEnum, {
    defaultValue: 'ASC',
    description: '`DESC` gives the newest first.',
  })
  direction!: Direction;
}

/** What an event does to its objects, EPCIS 2.0 section 7.3.2. */
export const ActionEnum = { ADD: 'ADD', OBSERVE: 'OBSERVE', DELETE: 'DELETE' } as const;

registerEnumType(ActionEnum, {
  name: 'Action',
  description: 'What an event does to its objects (EPCIS 2.0, 7.3.2).',
  valuesConfig: {
    ADD: { description: 'They begin, or are put in.' },
    OBSERVE: { description: 'They are seen.' },
    DELETE: { description: 'They end, or are taken out.' },
  },
});

@ObjectType('BizTransaction', {
  simpleResolvers: true,
  description: 'A business document that an event belongs to.',
})
export class BizTransactionType {
  @Field(() => String, {
    nullable: true,
    description: 'Kind of document, as given (po, desadv, inv …).',
  })
  type!: string | null;

  @Field(() => String, { description: 'Its identifier.' })
  bizTransaction!: string;
}

@ObjectType('SourceOrDestination', { simpleResolvers: true, description: 'One end of a transfer.' })
export class SourceOrDestinationType {
  @Field(() => String, {
    description: 'What is transferred, as given: owning_party, possessing_party or location.',
  })
  type!: string;

  @Field(() => ID, { description: 'Key of the party or place.' })
  key!: string;
}

@ObjectType('Quantity', { simpleResolvers: true, description: 'An amount of a class of objects.' })
export class QuantityType {
  @Field(() => ID, { description: 'Key of the class: a lot or a product.' })
  key!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'How much. Null when the event does not say.',
  })
  quantity!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Unit of measure (UN/ECE Rec. 20). Null for a count.',
  })
  uom!: string | null;
}

@ObjectType('ErrorDeclaration', {
  simpleResolvers: true,
  description: 'A statement that an event was wrong.',
})
export class ErrorDeclarationType implements StoredDeclaration {
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'did_not_occur, incorrect_data, or another URI.',
  })
  reason!: string | null;

  @Field(() => DateTime, { description: 'When it was declared.' })
  declarationTime!: number;

  @Field(() => DateTime, { description: 'When it was recorded here.' })
  recordTime!: number;

  @Field(() => Long, { nullable: true, description: 'Log position; null for partners.' })
  seq!: number | null;

  @Field(() => [ID], { description: 'Corrective events that replace it.' })
  correctiveEventIDs!: readonly string[];

  @Field(() => Json, { description: 'The declaration exactly as given.' })
  document!: Readonly<Record<string, unknown>>;
}

@ObjectType('Event', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'One EPCIS event. It never changes, but it can be declared in error.',
})
export class EventType implements StoredEvent {
  @Field(() => ID, {
    name: 'eventId',
    description: 'The given id, or the CBV event hash.',
  })
  id!: string;

  @Field(() => String, {
    description:
      'ObjectEvent, AggregationEvent, AssociationEvent, TransactionEvent, TransformationEvent, or an extension.',
  })
  type!: string;

  @Field(() => String, {
    nullable: true,
    description: 'ADD, OBSERVE or DELETE; null for a TransformationEvent.',
  })
  action!: string | null;

  @Field(() => DateTime, { description: 'When it happened.' })
  eventTime!: number;

  @Field(() => String, {
    description: 'Offset of the place and time where it happened, e.g. +02:00.',
  })
  eventTimeZoneOffset!: string;

  @Field(() => DateTime, { description: 'When it was recorded here.' })
  recordTime!: number;

  @Field(() => Long, {
    nullable: true,
    description: 'Log position of the transaction that recorded it; null for partners.',
  })
  seq!: number | null;

  @Field(() => String, { nullable: true, description: 'Business step: the CBV word, or a URI.' })
  bizStep!: string | null;

  @Field(() => String, { nullable: true, description: 'Disposition: the CBV word, or a URI.' })
  disposition!: string | null;

  @Field(() => Boolean, { description: 'Whether an error declaration took it out.' })
  retracted!: boolean;

  @Field(() => Boolean, {
    description:
      'True if there is more in it than you may see: you had some of its packages, but you did not send it and it does not name you. Then it has only these packages, and what was done when and where.',
  })
  redacted!: boolean;

  @Field(() => Json, {
    description:
      'The event exactly as given, with its extensions, unless it is `redacted`. @context also has the prefixes that its document declared.',
  })
  document!: Readonly<Record<string, unknown>>;

  /** Id of the document's header, which the field documentHeader gives. */
  header!: string | null;
  sentBy!: string | null;

  /** Site keys. The fields with these names give the sites. */
  readPoint!: string | null;
  bizLocation!: string | null;
}

export const EventConnectionType = connectionOf('Event', () => EventType);

@InputType('EventFilter', { description: 'Selects events that meet every given part.' })
export class EventFilter {
  @Field(() => DateTime, { nullable: true, description: 'Event time at or after this.' })
  eventTimeFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Event time before this.' })
  eventTimeUntil?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Record time at or after this.' })
  recordTimeFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Record time before this.' })
  recordTimeUntil?: number | null;

  @Field(() => Long, { nullable: true, description: 'Log position at or after this.' })
  seqFrom?: number | null;

  @Field(() => Long, { nullable: true, description: 'Log position before this.' })
  seqUntil?: number | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Any of these business steps: a CBV word in any spelling, or a URI of your own. Another word is refused.',
  })
  bizSteps?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Any of these dispositions: a CBV word in any spelling, or a URI of your own. Another word is refused.',
  })
  dispositions?: string[] | null;

  @Field(() => [ActionEnum], { nullable: true, description: 'Any of these actions.' })
  actions?: (keyof typeof ActionEnum)[] | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'A business document that the event names, whatever its type: a purchase order, a despatch advice, an invoice.',
  })
  bizTransaction?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'A party that the event names as a source or destination: it gives, takes, sells or buys.',
  })
  party?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Any of these event types: those of the standard, or one of your own with its namespace.',
  })
  types?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Read point or business location.' })
  site?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Events that name this package. Its journey also has those that name its containers.',
  })
  package?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Events that name this lot or product as a class, or commission units of it.',
  })
  lot?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True selects events that are declared in error, false those that are not.',
  })
  retracted?: boolean | null;
}
