import { audienceOf } from '../access/principal.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { eachMessage } from '../feed/index.js';
import type {
  Feed,
  FeedBatch,
  FeedItem,
  Heartbeat,
  LocationMessage,
  SubscribeOptions,
} from '../feed/index.js';
import type { Clock } from '../shared/clock.js';
import { findRecallScope } from './find-recall-scope.js';
import type { RecallScope, RecallSelectors, ScopeTotals } from './recall-scope.js';
import { makeScopeMatch } from './scope-match.rules.js';
import type { GroupChange } from './scope-match.rules.js';
import type { SharedAnswers } from '../shared/shared-answers.js';

/** One message: a group of affected packages entered, left or moved, with the new totals of the scope. */
export interface RecallScopeChange {
  /** Cursor of the message. */
  readonly cursor: string;
  readonly item: FeedItem<LocationMessage>;
  readonly change: GroupChange;
  /** Affected units in the group. */
  readonly units: number;
  /** Totals of the scope when the message is sent. */
  readonly totals: ScopeTotals;
  readonly possibly: ScopeTotals;
  readonly complete: boolean;
  /** Log position that the totals refer to. */
  readonly logPosition: number | null;
}

/** What a watch needs. */
export interface WatchOptions {
  readonly view: View;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly shared: SharedAnswers;
  /** Cursor of the last message seen. */
  readonly after?: string;
}

/**
 * Changes of a scope as they are recorded: first those after the cursor, then live ones. The totals are counted once for each batch,
 * however many messages it has and however many clients watch the same scope. During a replay they are the totals of now.
 *
 * The scope is fixed when the watch begins, except for new lots of a product that was asked for.
 */
export async function watchRecallScope(
  selectors: RecallSelectors,
  { view, feed, clock, shared, after }: WatchOptions,
): Promise<AsyncIterableIterator<RecallScopeChange | Heartbeat>> {
  const asked = JSON.stringify([audienceOf(view.principal), selectors]);
  const read = (when: string): Promise<RecallScope> =>
    shared.of(`recall scope ${when} ${asked}`, () =>
      findRecallScope(view.common ?? view, selectors, { now: clock.now() }),
    );
  // Use the newest log position, not the one that the messages have reached: what was acknowledged before now belongs to the scope.
  const { selection } = await read(`at ${await feed.head()}`);
  const match = makeScopeMatch(selection, selectors);
  const from = { view, ...(after === undefined ? {} : { after }) };
  const wants: SubscribeOptions['wants'] = (message, around) =>
    message.kind === 'location' && match.wants(message, around);
  const batches = await feed.subscribe(
    isPartner(view) ? from : { ...from, packages: match.watched, wants },
  );
  return eachMessage<FeedBatch, RecallScopeChange | Heartbeat>(batches, async (batch) => {
    if (batch.heartbeat !== undefined) return [batch.heartbeat];
    const items = isPartner(view) ? await wantedIn({ view, feed }, batch, match) : batch.items;
    const found = items.filter(isLocation);
    if (found.length === 0) return [];
    const scope = await read('now');
    return found.map((item) => toChange(item, scope, match));
  });
}

/** What of a batch concerns the scope, with the containers around packages as a partner sees them. */
async function wantedIn(
  { view, feed }: Pick<WatchOptions, 'view' | 'feed'>,
  { items }: FeedBatch,
  match: ReturnType<typeof makeScopeMatch>,
): Promise<readonly FeedItem[]> {
  const messages = items.map(({ message }) => message);
  const watched = { packages: match.watched, holders: false };
  const around = await feed.around(view, messages, watched);
  return items.filter(({ message }) => message.kind === 'location' && match.wants(message, around));
}

function toChange(
  item: FeedItem<LocationMessage>,
  scope: RecallScope,
  match: ReturnType<typeof makeScopeMatch>,
): RecallScopeChange {
  return {
    cursor: item.cursor,
    item,
    change: match.changeOf(item.message),
    units: match.unitsOf(item.message),
    totals: scope.totals,
    possibly: scope.possibly.totals,
    complete: scope.gaps.length === 0,
    logPosition: scope.logPosition,
  };
}

function isLocation(item: FeedItem): item is FeedItem<LocationMessage> {
  return item.message.kind === 'location';
}
