import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { outputHeader } from '../epcis/write-json.js';
import { cypher } from '../graph/cypher.js';
import { MAX_ANSWER_BYTES } from '../graph/read-within.js';
import { Problem } from '../shared/problem.js';
import type { Access, TimeRange } from './access-path.rules.js';
import {
  accessToDeclarations,
  accessToEvents,
  accessToSeen,
  rangeOf,
} from './access-path.rules.js';
import type { EventPage, EventQuery, FoundEvent, PageAsked } from './event-query.js';
import type { EventRow, Place } from './event-rows.read-model.js';
import type { Direction } from '../shared/page.js';
import { positionAt } from './log-position.read-model.js';
import type { StreamOf } from './event-stream.js';
import { mergedStreams, placeOf, streamOf } from './event-stream.js';
import { newestSeen } from './seen-by.read-model.js';
import { sortByField } from './order-by-field.rules.js';
import type { PageMark } from './page-token.js';
import { hashOfQuery, readToken, TOKEN_LIFETIME_MS, writeToken } from './page-token.js';
import { resolveFilters } from './resolve.read-model.js';

/** The most events of a page. */
const MAX_PER_PAGE = 1000;
/** The most events that are sorted by a field without an index. */
const SORTED_BY_FIELD = 10_000;
/** A clock may have been set back, so record times are looked up with this margin. */
const CLOCK_SLACK_MS = 600_000;

/**
 * A page of the events that match (EPCIS 2.0 section 8.2.7.1). Error declarations are events of their own.
 *
 * Without orderBy, the newest event time comes first. Events of one instant are ordered by id. Pages continue by key and show the log as it
 * was at the first page, whatever arrives meanwhile.
 *
 * @throws Problem QUERY_PARAMETER for an invalid token or page size, QUERY_TOO_LARGE for more than `maxEventCount` events, or more than
 *   10,000 to be sorted by an extension field
 */
export async function findEvents(
  view: View,
  query: EventQuery,
  page: PageAsked,
): Promise<EventPage> {
  checkPageSize(page.perPage);
  // A page token is good only for those who see the same.
  const { organisation } = view.principal;
  const of = hashOfQuery(isPartner(view) ? { query, organisation } : query);
  const mark = page.token === undefined ? null : readToken(page.token, of, page.nowMs);
  const seq = await headFor(view, query, { mark, nowMs: page.nowMs });
  const most = (mark ?? { left: query.eventCountLimit }).left ?? Infinity;
  const limit = Math.min(page.perPage, most);
  const maxBytes = mostBytesOf(page);
  const asked = { view, query, seq: { from: 0, to: seq }, mark, limit, maxBytes };
  const { events, last, hasMore } =
    typeof query.orderBy === 'string' ? await orderedPage(asked) : await sortedPage(asked);
  const left = most - events.length;
  const shown = { events: events.map(toFound) };
  if (!hasMore || last === undefined || left === 0) return shown;
  const ends = { of, seq, ...last, expiresAtMs: page.nowMs + TOKEN_LIFETIME_MS };
  const next = writeToken(left === Infinity ? ends : { ...ends, left });
  return { ...shown, next, expiresAtMs: ends.expiresAtMs };
}

/**
 * The last log position that a query reads; for a partner, the record time of the newest event it sees. A client that asks from a record time on will next ask from the time of this answer on. So
 * nothing may be recorded later with an earlier time.
 */
async function headFor(
  view: View,
  query: EventQuery,
  { mark, nowMs }: { readonly mark: PageMark | null; readonly nowMs: number },
): Promise<number> {
  if (mark !== null) return mark.seq;
  const asksFrom = rangeOf(query, 'recordTime').from !== Number.MIN_SAFE_INTEGER;
  const head = await (asksFrom ? view.log.readPast(nowMs) : view.log.read());
  return isPartner(view) ? newestSeen(view, head) : head;
}

function checkPageSize(perPage: number): void {
  if (Number.isInteger(perPage) && perPage >= 1 && perPage <= MAX_PER_PAGE) return;
  const rule = `must be a whole number from 1 to ${MAX_PER_PAGE}.`;
  const remedy = 'Ask for fewer and follow the Link header.';
  throw new Problem('QUERY_PARAMETER', `Parameter "perPage": ${rule} ${remedy}`, {
    details: { parameter: 'perPage', rule, remedy },
  });
}

function mostBytesOf({ maxBytes = MAX_ANSWER_BYTES }: PageAsked): number {
  return maxBytes;
}

interface Asked {
  readonly view: View;
  readonly query: EventQuery;
  readonly seq: TimeRange;
  readonly mark: PageMark | null;
  readonly limit: number;
  readonly maxBytes: number;
}

interface Answer {
  readonly events: readonly EventRow[];
  readonly last: Place | undefined;
  readonly hasMore: boolean;
}

async function orderedPage(asked: Asked): Promise<Answer> {
  const { query, mark, limit, maxBytes } = asked;
  const order = query.orderBy === 'recordTime' ? 'recordTime' : 'eventTime';
  const after = mark === null ? null : { at: mark.at, key: mark.key };
  const stream = await openStream(asked, { order, direction: query.orderDirection, after });
  const { events, hasMore } = await firstOf(stream, limit, maxBytes);
  const isCut = hasMore && events.length < limit;
  const found = isCut ? Infinity : events.length + Number(hasMore);
  if (mark === null) await checkCount(asked, found, order);
  const last = events.at(-1);
  return { events, last: last === undefined ? undefined : placeOf(last, order), hasMore };
}

/** The events that fit into a page, at least one. */
async function firstOf(
  stream: AsyncGenerator<EventRow, void>,
  limit: number,
  maxBytes: number,
): Promise<Pick<Answer, 'events' | 'hasMore'>> {
  const events: EventRow[] = [];
  let bytes = 0;
  for await (const row of stream) {
    bytes += row.text.length;
    const isFull = events.length === limit || (events.length > 0 && bytes > maxBytes);
    if (isFull) return { events, hasMore: true };
    events.push(row);
  }
  return { events, hasMore: false };
}

/** Checks `maxEventCount`. The page alone may be enough to tell; otherwise the events are counted. */
async function checkCount(asked: Asked, found: number, order: StreamOf['order']): Promise<void> {
  const { maxEventCount } = asked.query;
  if (maxEventCount === undefined || found < Math.min(asked.limit + 1, maxEventCount + 1)) return;
  let count = 0;
  const wide = { ...asked, limit: maxEventCount };
  const direction = asked.query.orderDirection;
  for await (const row of await openStream(wide, { order, direction, after: null })) {
    count += row.key === '' ? 0 : 1;
    if (count > maxEventCount) throw tooLarge(maxEventCount, 'maxEventCount');
  }
}

function tooLarge(limit: number, what: string): Problem {
  return new Problem(
    'QUERY_TOO_LARGE',
    `More than ${limit} events match (${what}). Narrow the query, for example by time, or raise the limit.`,
    { details: { parameter: what, limit } },
  );
}

/** Sorts by a field without an index. This reads everything that matches, so the number is limited. */
async function sortedPage(asked: Asked): Promise<Answer> {
  const { query, mark, limit, maxBytes } = asked;
  const { field } = query.orderBy as { readonly field: string };
  const wide = { ...asked, limit: SORTED_BY_FIELD };
  const rows: EventRow[] = [];
  let bytes = 0;
  for await (const row of await openStream(wide, {
    order: 'eventTime',
    direction: 'DESC',
    after: null,
  })) {
    rows.push(row);
    bytes += row.text.length;
    if (rows.length > SORTED_BY_FIELD || bytes > maxBytes)
      throw tooLarge(Math.min(rows.length - 1, SORTED_BY_FIELD), 'orderBy');
  }
  const { maxEventCount } = query;
  if (maxEventCount !== undefined && rows.length > maxEventCount)
    throw tooLarge(maxEventCount, 'maxEventCount');
  const sorted = sortByField(rows, field, query.orderDirection);
  const begin = mark === null ? 0 : sorted.findIndex(({ key }) => key === mark.key) + 1;
  const events = sorted.slice(begin, begin + limit);
  const last = events.at(-1);
  return {
    events,
    last: last === undefined ? undefined : { at: -1, key: last.key },
    hasMore: begin + limit < sorted.length,
  };
}

interface Opening {
  readonly order: StreamOf['order'];
  readonly direction: Direction;
  readonly after: Place | null;
}

/** Events and error declarations that match, in one order. */
async function openStream(
  { view, query, seq, limit, maxBytes }: Asked,
  opening: Opening,
): Promise<AsyncGenerator<EventRow, void>> {
  const resolved = await resolveFilters(view, query);
  const recordTime = rangeOf(query, 'recordTime');
  const narrowed = isPartner(view) ? seq : await positionsOf(view, recordTime, seq);
  const from: StreamOf = {
    view,
    query,
    resolved,
    ...opening,
    time: rangeOf(query, 'eventTime'),
    recordTime,
    seq: narrowed,
    seqIsNarrow: narrowed !== seq,
    wanted: limit + 1,
    maxBytes,
  };
  if (isPartner(view)) return streamOf(from, 'events', accessToSeen(query, resolved));
  const events: Access | null = accessToEvents(query, resolved);
  return mergedStreams(from, [
    ...(events === null ? [] : [streamOf(from, 'events', events)]),
    streamOf(from, 'declarations', accessToDeclarations(query, resolved)),
  ]);
}

/** Log positions for record times. Positions follow record times, unless a clock was set back. */
async function positionsOf(
  view: View,
  { from, to }: TimeRange,
  seq: TimeRange,
): Promise<TimeRange> {
  const isOpen = from === Number.MIN_SAFE_INTEGER;
  const isEndless = to === Number.MAX_SAFE_INTEGER;
  if (isOpen && isEndless) return seq;
  return {
    from: isOpen ? seq.from : await positionAt(view, from - CLOCK_SLACK_MS, seq),
    to: isEndless ? seq.to : Math.min(seq.to, await positionAt(view, to + CLOCK_SLACK_MS, seq)),
  };
}

function toFound(row: EventRow): FoundEvent {
  const { seq, id, eventTimeMs, recordTimeMs, text, context, header, isDeclaration } = row;
  return { seq, id, eventTimeMs, recordTimeMs, text, context, header, isDeclaration };
}

/** A part of the log. */
export interface LogSpan {
  /** The last position that was already read. */
  readonly seqAfter: number;
  /** The last position to read now. */
  readonly seqTo: number;
  readonly limit: number;
}

/** Matching events and error declarations recorded after `seqAfter` up to `seqTo`, in the order of the log, at most `limit`. */
export async function eventsSince(
  view: View,
  query: EventQuery,
  { seqAfter, seqTo, limit }: LogSpan,
): Promise<readonly FoundEvent[]> {
  const seq = { from: seqAfter + 1, to: seqTo };
  const asked = { view, query, seq, mark: null, limit, maxBytes: MAX_ANSWER_BYTES };
  const found: FoundEvent[] = [];
  if (limit < 1) return found;
  const stream = await openStream(asked, { order: 'recordTime', direction: 'ASC', after: null });
  for await (const row of stream) {
    found.push(toFound(row));
    if (found.length >= limit) break;
  }
  return found;
}

const HEADERS = cypher.events<{ id: string; text: string }>('epcis-query.headers', {
  limited: 'the id of a header is only in the rows of who sent its document',
})`
UNWIND $ids AS id
MATCH (h:DocumentHeader {id: id})
RETURN h.id AS id, h.text AS text`;

/** Parsed headers of documents, each once, in the order of `ids`. Missing headers are left out. */
export async function readHeaders(view: View, ids: readonly string[]): Promise<readonly unknown[]> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return [];
  const rows = await view.read(HEADERS, { ids: asked });
  const found = new Map(rows.map(({ id, text }) => [id, outputHeader(text)]));
  return asked.flatMap((id) => (found.has(id) ? [found.get(id)] : []));
}
