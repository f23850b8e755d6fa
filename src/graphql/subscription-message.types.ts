import { Field, ObjectType } from 'type-graphql';
import { Cursor, Long } from './scalars.js';

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

  @Field(() => Long, { description: 'Log position.' })
  seq!: number;
}
