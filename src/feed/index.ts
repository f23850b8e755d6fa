export { eachMessage } from './each-message.js';
export type { Feed, SubscribeOptions } from './feed.js';
export type {
  Batch,
  FeedBatch,
  FeedItem,
  FeedMessage,
  Heartbeat,
  NewMessage,
  PartnerMessages,
  LocationMessage,
  PlaceView,
} from './messages.js';
export { textOfMessages } from './messages.js';
export type { Surroundings } from './surroundings.js';
