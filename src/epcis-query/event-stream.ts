import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import type { EpcisEvent } from '../epcis/event.js';
import { prefixesOf, withValuesExpanded } from '../epcis/namespaces.js';
import type { Direction } from '../shared/page.js';
import { readWithin } from '../graph/read-within.js';
import type { Access, AccessPath, TimeRange } from './access-path.rules.js';
import type { EventQuery } from './event-query.js';
import type { EventRow, Of, Place, Reading } from './event-rows.read-model.js';
import { countHints, readHints, readKeys, readWalk, walkAlong } from './event-rows.read-model.js';
import type { Resolved } from './match-event.rules.js';
import { matchesEvent } from './match-event.rules.js';
import { asSeen } from './seen-event.rules.js';

/** What a stream of matching events needs. */
export interface StreamOf {
  readonly view: View;
  readonly query: EventQuery;
  readonly resolved: Resolved;
  readonly order: 'eventTime' | 'recordTime';
  readonly direction: Direction;
  readonly time: TimeRange;
  readonly recordTime: TimeRange;
  readonly seq: TimeRange;
  /** True when the range of log positions was narrowed by record times. */
  readonly seqIsNarrow: boolean;
  readonly after: Place | null;
  /** How many events are wanted now: this sets the size of the first batch. */
  readonly wanted: number;
  /** The most bytes of one batch. */
  readonly maxBytes: number;
}

/**
 * Up to this many hits of one index are sorted. With more, the stream follows the order of an index and checks the rest of the query on the
 * way.
 */
const SORTED_AT_MOST = 2000;
/** When all indexes have many hits, each is counted up to this number to find the one with the fewest. */
const COUNTED_AT_MOST = 20_000;
const LARGEST_BATCH = 500;
const LOOSE_BATCH = 100;

/** The place of a row in the order. */
export function placeOf(row: EventRow, order: StreamOf['order']): Place {
  return { at: order === 'eventTime' ? row.eventTimeMs : row.seq, key: row.key };
}

/** Negative when the first one comes first: by time or log position in the given direction, then by key. */
function comparing(direction: Direction): (a: Place, b: Place) => number {
  const sign = direction === 'ASC' ? 1 : -1;
  return (a, b) => sign * (a.at - b.at) || byText(a.key, b.key);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Matching events, or matching error declarations, in order. They are read on demand, in bounded batches. */
export async function* streamOf(
  from: StreamOf,
  of: Of,
  access: Access,
): AsyncGenerator<EventRow, void> {
  const way = await chooseWay(from, of, access);
  const rows =
    'keys' in way ? rowsOfKeys(from, of, access, way.keys) : rowsAlong(from, access, way);
  for await (const row of rows) {
    const seen = asSeen(row);
    if (isMatch(from, seen)) yield seen;
  }
}

function isMatch({ query, resolved }: StreamOf, row: EventRow): boolean {
  const event = JSON.parse(row.text) as EpcisEvent;
  const context: unknown = row.context === null ? undefined : JSON.parse(row.context);
  const prefixes = prefixesOf(context, event['@context']);
  return matchesEvent(
    query,
    {
      id: row.id,
      event: withValuesExpanded(event, prefixes),
      prefixes,
      recordTimeMs: row.recordTimeMs,
    },
    resolved,
  );
}

type Walk = NonNullable<ReturnType<typeof walkAlong>>;
type Way =
  { readonly keys: readonly string[] } | { readonly walk: Walk; readonly path: AccessPath | null };

/**
 * A single index in the right order is used directly. Otherwise the indexes are tried, the most promising first, until one has few hits,
 * and these are sorted. When all have many hits, the walk follows the shortest one: a page is full soon.
 */
async function chooseWay(from: StreamOf, of: Of, { paths, residue }: Access): Promise<Way> {
  const ranges = narrowRanges(from, of);
  const [path = null, ...more] = paths;
  const walk = walkAlong(path, from.order, of);
  if (walk !== null && more.length + ranges.length === 0) return { walk, path };
  const reading = { ...from, residue, after: null, limit: SORTED_AT_MOST };
  for (const one of [...paths, ...ranges]) {
    const hints = await readHints(from.view, one, reading);
    if (hints !== null) return { keys: sortedKeys(from, hints) };
  }
  return shortestWalk(from, of, paths, reading);
}

async function shortestWalk(
  from: StreamOf,
  of: Of,
  paths: readonly AccessPath[],
  reading: Reading,
): Promise<Way> {
  const ways = paths.flatMap((path) => {
    const walk = walkAlong(path, from.order, of);
    return walk === null ? [] : [{ walk, path }];
  });
  const [only, ...more] = ways;
  if (only !== undefined && more.length === 0) return only;
  const counted: { readonly way: (typeof ways)[number]; readonly count: number }[] = [];
  for (const way of ways) {
    const count = await countHints(from.view, way.path, { ...reading, limit: COUNTED_AT_MOST });
    counted.push({ way, count });
  }
  const [shortest] = counted.sort((a, b) => a.count - b.count);
  if (shortest !== undefined) return shortest.way;
  const walk = walkAlong(null, from.order, of);
  return walk === null ? { keys: [] } : { walk, path: null };
}

/** A range of time or of the log is an index too, when the answer has the other order. */
function narrowRanges(from: StreamOf, of: Of): readonly ('log' | 'time')[] {
  if (of === 'declarations' || isPartner(from.view)) return [];
  if (from.order === 'eventTime') return from.seqIsNarrow ? ['log'] : [];
  const { from: begin, to } = from.time;
  return begin > Number.MIN_SAFE_INTEGER || to < Number.MAX_SAFE_INTEGER ? ['time'] : [];
}

function sortedKeys(
  { order, direction, after, seq }: StreamOf,
  hints: readonly { readonly key: string; readonly eventTimeMs: number; readonly seq: number }[],
): readonly string[] {
  const compare = comparing(direction);
  return hints
    .filter((hint) => hint.seq >= seq.from && hint.seq <= seq.to)
    .map((hint): Place => ({
      at: order === 'eventTime' ? hint.eventTimeMs : hint.seq,
      key: hint.key,
    }))
    .filter((place) => after === null || compare(place, after) > 0)
    .sort(compare)
    .map(({ key }) => key);
}

async function* rowsOfKeys(
  from: StreamOf,
  of: Of,
  { residue, isLoose }: Access,
  keys: readonly string[],
): AsyncGenerator<EventRow, void> {
  const compare = comparing(from.direction);
  let size = firstBatch(from, isLoose);
  for (let at = 0; at < keys.length;) {
    const { rows, limit } = await readWithin(from.maxBytes, size, (most, options) => {
      const reading: Reading = { ...from, residue, after: null, limit: most, options };
      return readKeys(from.view, of, keys.slice(at, at + most), reading);
    });
    yield* rows.sort((a, b) => compare(placeOf(a, from.order), placeOf(b, from.order)));
    at += limit;
    size = Math.min(limit * 2, LARGEST_BATCH);
  }
}

async function* rowsAlong(
  from: StreamOf,
  { residue, isLoose }: Access,
  { walk, path }: Exclude<Way, { keys: readonly string[] }>,
): AsyncGenerator<EventRow, void> {
  let after = from.after;
  let size = firstBatch(from, isLoose);
  for (;;) {
    const start = after;
    const { rows, limit } = await readWithin(from.maxBytes, size, (most, options) => {
      const bounds = { residue, after: start, limit: most, options };
      return readWalk(from.view, walk[from.direction], path, { ...behind(from, start), ...bounds });
    });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    after = placeOf(last, from.order);
    size = Math.min(limit * 2, LARGEST_BATCH);
  }
}

function firstBatch({ wanted }: StreamOf, isLoose: boolean): number {
  return Math.min(isLoose ? Math.max(wanted, LOOSE_BATCH) : wanted, LARGEST_BATCH);
}

/** Narrows the range of the walked index to what comes after a place. */
function behind(from: StreamOf, after: Place | null): StreamOf {
  if (after === null) return from;
  const side = from.direction === 'ASC' ? 'from' : 'to';
  const narrowed = (range: TimeRange): TimeRange => ({
    ...range,
    [side]: side === 'from' ? Math.max(range.from, after.at) : Math.min(range.to, after.at),
  });
  if (from.order === 'eventTime') return { ...from, time: narrowed(from.time) };
  return { ...from, seq: narrowed(from.seq) };
}

/** Merges two streams of the same order into one. */
export async function* mergedStreams(
  from: StreamOf,
  streams: readonly AsyncGenerator<EventRow, void>[],
): AsyncGenerator<EventRow, void> {
  const compare = comparing(from.direction);
  const heads = await Promise.all(
    streams.map(async (stream) => ({ stream, head: await stream.next() })),
  );
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const one of heads) {
      if (one.head.done === true) continue;
      const best = first?.head.value;
      if (
        best === undefined ||
        compare(placeOf(one.head.value, from.order), placeOf(best, from.order)) < 0
      )
        first = one;
    }
    if (first === undefined || first.head.done === true) return;
    yield first.head.value;
    first.head = await first.stream.next();
  }
}
