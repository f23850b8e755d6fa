import { MESSAGE_VERSION } from '../graphql/subscription-message.types.js';
import type { SubscriptionMessage } from '../graphql/subscription-message.types.js';
import type { FeedItem, Heartbeat, PlaceView } from './messages.js';

/** What a message has before what it tells. */
export type Envelope = Pick<SubscriptionMessage, keyof SubscriptionMessage>;
/** What a message of a subscription has before what it tells. */
export function envelopeOf(part: FeedItem | Heartbeat): Envelope {
  const { cursor, seq } = part;
  const common = { cursor, seq, version: MESSAGE_VERSION };
  if ('heartbeat' in part) return { ...common, eventId: null, recordTime: null };
  const { message } = part;
  const eventId = message.kind === 'job' ? null : message.eventId;
  return { ...common, eventId, recordTime: message.recordTime };
}

const STATES = {
  AT: 'SITE',
  TO: 'IN_TRANSIT',
  UNKNOWN: 'UNKNOWN',
  PASSED_ON: 'PASSED_ON',
} as const;

/** The state of a place in a message. */
export function placeStateOf({ mode }: PlaceView): (typeof STATES)[PlaceView['mode']] {
  return STATES[mode];
}
