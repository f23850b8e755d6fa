export { logCursor, END_OF_BATCH } from './cursor.js';
export type { Feed, SubscribeOptions } from './feed.js';
export type {
  Batch,
  FeedBatch,
  FeedItem,
  FeedMessage,
  HandoffMessage,
  LocationMessage,
  LotCount,
  PlaceView,
} from './messages.js';
export { Relay } from './relay.js';
export type { RelayOptions } from './relay.js';
export type { Surroundings } from './surroundings.js';
