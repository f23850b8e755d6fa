export type { Feed } from './feed.js';
export type {
  Batch,
  FeedBatch,
  FeedItem,
  FeedMessage,
  Heartbeat,
  NewMessage,
  LocationMessage,
  PlaceView,
} from './messages.js';
export { Relay } from './relay.js';
export type { RelayOptions } from './relay.js';
export type { Surroundings } from './surroundings.js';
