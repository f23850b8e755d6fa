import { audienceOf } from '../access/principal.js';
import { isPartner } from '../access/view.js';
import { masterData } from '../master-data/master-data.loaders.js';
import type { MasterDataLoaders } from '../master-data/master-data.loaders.js';
import type { ChangeSelection } from './change-filter.rules.js';
import { eachMessage } from './each-message.js';
import { wantsHandoff, wantsLocation } from './feed-filter.rules.js';
import type { SubscribeOptions } from './feed.js';
import type { FeedContext } from './feed.types.js';
import type { FeedBatch, FeedItem, Heartbeat } from './messages.js';
import { selectChanges } from './select-changes.loaders.js';

/** type-graphql passes the arguments of `subscribe` as they came. Only GraphQL's own checks are done. */
export interface Subscribing<A> {
  readonly args: A;
  readonly context: FeedContext;
}

/**
 * The wanted messages of the feed of who asks: after a cursor, or from now on.
 *
 * What the host asks of places and handoffs is decided once for all its subscribers; everything else is read for each.
 */
export async function openFeed(
  context: FeedContext,
  after: string | null | undefined,
  asked: ChangeSelection,
): Promise<AsyncIterableIterator<FeedItem | Heartbeat>> {
  const { view, feed } = context;
  const selection = await withParties(asked, masterData(context));
  const from = { view, ...(after === undefined || after === null ? {} : { after }) };
  const wants = isPartner(view) ? undefined : knownByMessage(selection);
  if (wants === undefined) {
    const select = sharedSelect(context, selection);
    return eachMessage(await feed.subscribe(from), async (batch) =>
      partsOf(batch, await select(batch.items)),
    );
  }
  const batches = await feed.subscribe({
    ...{ ...from, wants },
    packages: [...(selection.ids ?? [])],
    holders: selection.parties !== undefined,
  });
  return eachMessage(batches, (batch) => partsOf(batch, batch.items));
}

/** Selects once for all subscribers who see the same, ask for the same and have come as far. */
function sharedSelect(
  { view, feed, shared }: FeedContext,
  selection: ChangeSelection,
): (items: readonly FeedItem[]) => Promise<readonly FeedItem[]> {
  const asked = JSON.stringify(selection, (_, value: unknown) =>
    value instanceof Set ? [...value] : value,
  );
  const name = `changes ${audienceOf(view.principal)} ${asked}`;
  return (items) => {
    const find = (): Promise<readonly FeedItem[]> =>
      selectChanges({ view: view.common ?? view, feed }, items, selection);
    const [first, last] = [items[0]?.cursor, items.at(-1)?.cursor];
    return first === undefined ? Promise.resolve([]) : shared.of(`${name} ${first} ${last}`, find);
  };
}

/** The wanted messages of a batch, or its heartbeat. */
function partsOf(
  { heartbeat }: FeedBatch,
  items: readonly FeedItem[],
): readonly (FeedItem | Heartbeat)[] {
  return heartbeat === undefined ? items : [heartbeat];
}

/** Decides by the message alone, when that is enough. */
function knownByMessage(selection: ChangeSelection): SubscribeOptions['wants'] {
  const [kind] = selection.kinds?.size === 1 ? selection.kinds : [];
  if (kind === 'location') return (message, around) => wantsLocation(selection, message, around);
  if (kind === 'handoff') return (message, around) => wantsHandoff(selection, message, around);
  return undefined;
}

/** Replaces the keys of parties in a selection by the one key of each party. */
export async function withParties(
  selection: ChangeSelection,
  { party }: Pick<MasterDataLoaders, 'party'>,
): Promise<ChangeSelection> {
  if (selection.parties === undefined) return selection;
  const found = await Promise.all([...selection.parties].map((key) => party.load(key)));
  return { ...selection, parties: new Set(found.map(({ key }) => key)) };
}
