export type { Feed, SubscribeOptions } from './feed.js';
export type {
  Batch,
  FeedItem,
  FeedMessage,
  HandoffMessage,
  LocationMessage,
  LotCount,
  PlaceView,
} from './messages.js';
