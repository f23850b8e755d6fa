import type { View } from '../access/view.js';
import { changeOf } from '../feed/change-shapes.types.js';
import type { ChangeMessageType } from '../feed/changes.types.js';
import { placeStateOf } from '../feed/envelope.types.js';
import type { HandoffChangeType, LocationChangeType } from '../feed/feed.types.js';
import { selectionOf } from '../feed/change-selection.loaders.js';
import { withParties } from '../feed/open-feed.loaders.js';
import { selectChanges } from '../feed/select-changes.loaders.js';
import type { Feed, FeedItem, PlaceView } from '../feed/index.js';
import { masterData } from '../master-data/master-data.loaders.js';
import type { MessageBody } from './delivery.js';
import type { StoredFilter } from './webhook.js';

/** The wanted messages of a batch of the feed, as a partner sees them now. */
export async function messageBodies(
  { view, feed }: { readonly view: View; readonly feed: Pick<Feed, 'around'> },
  items: readonly FeedItem[],
  filter: StoredFilter | null,
): Promise<readonly MessageBody[]> {
  const selection = selectionOf(filter);
  const wanted = await selectChanges(
    { view, feed },
    items,
    await withParties(selection, masterData({ view })),
  );
  return wanted.map((item) => {
    const { cursor, message } = item;
    const { recordTime } = message;
    const timestamp = new Date(recordTime).toISOString();
    const told = { type: `change.${message.kind}`, timestamp, data: dataOf(changeOf(item)) };
    return { cursor, recordTime, body: JSON.stringify(told) };
  });
}

/** A message as `changes` answers it, without the fields of other kinds: times are ISO 8601, and of sites and lots there is the key. */
function dataOf(change: ChangeMessageType): unknown {
  const { location, handoff, event, exception, job, ...envelope } = change;
  return withTimes({
    ...envelope,
    ...(location && { location: placesIn(location) }),
    ...(handoff && { handoff: sitesIn(handoff) }),
    ...(event && { event }),
    ...(exception && { exception }),
    ...(job && { job }),
  });
}

function placesIn(location: LocationChangeType): object {
  const { from, to, lots } = location;
  return Object.assign({}, location, {
    from: from && placeOf(from),
    to: placeOf(to),
    lots: lots.map(({ lot, units }) => ({ lot: keyOf(lot), units })),
  });
}

function sitesIn(handoff: HandoffChangeType): object {
  return Object.assign({}, handoff, { from: keyOf(handoff.from), to: keyOf(handoff.to) });
}

function placeOf(place: PlaceView): object {
  return { state: placeStateOf(place), site: keyOf(place.site), origin: keyOf(place.origin) };
}

/** Null also for the unknown. */
function keyOf(key: string | null): object | null {
  return key === null || key === '?' ? null : { key };
}

const TIMES = ['recordTime', 'eventTime', 'finishedAt'];

function withTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]): [string, unknown] => [
      name,
      TIMES.includes(name) && typeof one === 'number'
        ? new Date(one).toISOString()
        : withTimes(one),
    ]),
  );
}
