import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { readEvents } from '../events/event.loaders.js';
import type { StoredEvent } from '../events/index.js';
import { readHandoffPackages, readHandoffs } from '../handoff/handoff.loaders.js';
import { asksForEvents, wantsChange } from './change-filter.rules.js';
import type { ChangeSelection } from './change-filter.rules.js';
import type { Feed } from './feed.js';
import type { FeedItem, FeedMessage, HandoffMessage } from './messages.js';

/** The messages that somebody asked for, of those of a batch. Partners' handoffs are as they see them now. */
export async function selectChanges(
  { view, feed }: { readonly view: View; readonly feed: Pick<Feed, 'around'> },
  given: readonly FeedItem[],
  selection: ChangeSelection,
): Promise<readonly FeedItem[]> {
  const { kinds } = selection;
  const ofKind = given.filter(({ message }) => kinds?.has(message.kind) ?? true);
  const items = isPartner(view) ? await withHandoffs(view, ofKind, selection) : ofKind;
  if (!asksForEvents(selection)) return items;
  const messages = items.map(({ message }) => message);
  const events = await eventsOf(view, messages);
  const around = await feed.around(view, messages, {
    packages: [...(selection.ids ?? [])],
    holders: selection.parties !== undefined,
    sites: [...events.values()].flatMap(sitesOf),
  });
  return items.filter(({ message }) => {
    const event = events.get(eventIdOf(message) ?? '') ?? null;
    return wantsChange(selection, message, { event, around });
  });
}

function sitesOf({ readPoint, bizLocation }: StoredEvent): readonly string[] {
  return [readPoint, bizLocation].filter((site) => site !== null);
}

function eventIdOf(message: FeedMessage): string | null {
  return message.kind === 'job' ? null : message.eventId;
}

async function eventsOf(
  view: View,
  messages: readonly FeedMessage[],
): Promise<Map<string, StoredEvent>> {
  const ids = [...new Set(messages.flatMap((message) => eventIdOf(message) ?? []))];
  const found = ids.length === 0 ? [] : await readEvents(view, ids);
  return new Map(found.flatMap((event) => (event === null ? [] : [[event.id, event]])));
}

/** Tells partners' handoffs as they see them now, because what they see of one is counted when it is read. */
async function withHandoffs(
  view: View,
  items: readonly FeedItem[],
  { ids: wanted }: ChangeSelection,
): Promise<readonly FeedItem[]> {
  const ids = items.flatMap(({ message }) => (isHandoff(message) ? [message.handoffId] : []));
  if (ids.length === 0) return items;
  const [handoffs, packages] = await Promise.all([
    readHandoffs(view, ids),
    wanted === undefined ? new Map<string, never[]>() : readHandoffPackages(view, ids),
  ]);
  const now = new Map(handoffs.flatMap((one) => (one === null ? [] : [[one.id, one]])));
  return items.map((item) => {
    const { message } = item;
    if (!isHandoff(message)) return item;
    const { status, from = null, to = null, fromParty, toParty } = now.get(message.handoffId) ?? {};
    const filled: HandoffMessage = {
      ...message,
      ...{ from, to, packages: (packages.get(message.handoffId) ?? []).map(({ key }) => key) },
      ...(status === undefined ? {} : { status }),
      ...(fromParty == null ? {} : { fromParty }),
      ...(toParty == null ? {} : { toParty }),
    };
    return { ...item, message: filled };
  });
}

function isHandoff(message: FeedMessage): message is HandoffMessage {
  return message.kind === 'handoff';
}
