import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Cursor, DateTime, Long } from './scalars.js';

/** Ends the description of every subscription. */
export const HEARTBEATS = 'While nothing matches, heartbeats bring the cursor.';
/** Describes the one field of a message that a heartbeat does not have. */
export const NULL_IN_HEARTBEAT =
  'What changed. Null in a heartbeat, which only tells that nothing else matches up to its cursor.';

/** What every message of a subscription has, whatever it tells. */
@ObjectType({ simpleResolvers: true })
export abstract class SubscriptionMessage {
  @Field(() => Cursor, {
    description: 'Pass it as `after` to continue after this message, also after a heartbeat.',
  })
  cursor!: string;

  @Field(() => Long, {
    description:
      'For the host the log position. For an organisation the number of the message in its own feed, which counts without gaps.',
  })
  seq!: number;

  @Field(() => ID, {
    nullable: true,
    description: 'The event that caused the change. Null when none did that you see.',
  })
  eventId!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the change was recorded. Null in a heartbeat.',
  })
  recordTime!: number | null;

  @Field(() => Int, { description: 'The version of this contract of messages: 1.' })
  version!: number;
}

/** The version of the contract of messages. */
export const MESSAGE_VERSION = 1;
