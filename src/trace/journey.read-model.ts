import { cypher, fragment } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import type { GraphReader } from '../graph/graph.js';
import { boundsOf, readTouching } from '../holdings/touching.read-model.js';
import type { Touching } from '../holdings/touching.rules.js';
import { NOW } from '../holdings/whereabouts.rules.js';
import { pageOf } from '../shared/page.js';
import type { Page, PageRequest } from '../shared/page.js';
import type { JourneyEntry } from './journey.js';

/** Which part of a journey is wanted. */
export interface JourneyRequest {
  readonly page: PageRequest;
  /** Also events that an error declaration took out. */
  readonly includeRetracted?: boolean;
}

type Stored = Omit<JourneyEntry, 'via' | 'viaSince' | 'viaUntil'> & {
  readonly n: number;
  readonly touch: number;
};

const isEnd = fragment`e.type = 'ObjectEvent' AND e.action <> 'ADD' AND (e.action = 'DELETE'
      OR (e.bizStep = 'dispensing' AND coalesce(e.disposition, 'dispensed') = 'dispensed'))`;

// A touch is a window of a container (or of the package: number 0), innermost first, or after them an event that emptied one.
// `e` has no label there on purpose: with it the planner may begin at the index of all events' times instead of the package.
// An end of the container at the very instant of its unpacking belongs to what was inside before.
// The lowest touch of an event is how the journey tells it. Classes as in the projection: commission, unpack, pack, other, end.
const EVENTS = cypher<Stored>('trace.journey-events')`
UNWIND $journeys AS journey
CALL (journey) {
  CALL (journey) {
    UNWIND journey.windows AS w
    MATCH (:Package {k: w.key})<-[of:OF]-(e)
    WHERE w.from <= e.eventTime AND e.eventTime < w.to AND $time <= e.eventTime
    RETURN e, w.i AS touch, of.role = 'output' AS made
    UNION ALL
    UNWIND journey.emptyings AS w
    MATCH (e:Event {id: w.eventId})
    RETURN e, w.i AS touch, false AS made
    UNION ALL
    UNWIND journey.emptyings AS w
    MATCH (unpack:Event {id: w.eventId})
    WHERE unpack.type = 'AggregationEvent'
    CALL (w) {
      MATCH (:Package {k: w.key})<-[:OF]-(e)
      WHERE e.eventTime = w.at AND coalesce(e.retracted, false) = false AND ${isEnd}
      RETURN e ORDER BY e.hash, e.id LIMIT 1
    }
    RETURN e, w.i AS touch, false AS made
  }
  WITH e, touch, made WHERE $time <= e.eventTime AND ($includeRetracted OR coalesce(e.retracted, false) = false)
  WITH e, touch, max(made) AS made ORDER BY touch
  WITH e, collect({touch: touch, made: made})[0] AS best
  WITH e, best.touch AS touch, CASE
    WHEN best.made OR (e.type = 'ObjectEvent' AND e.action = 'ADD') THEN 0
    WHEN e.type = 'AggregationEvent' AND e.action = 'DELETE' THEN 1
    WHEN e.type = 'AggregationEvent' AND e.action = 'ADD' THEN 2
    WHEN ${isEnd} THEN 4
    ELSE 3 END AS rank
  WHERE e.eventTime > $time OR rank > $rank
    OR (rank = $rank AND (e.hash > $hash OR (e.hash = $hash AND e.id > $id)))
  RETURN e, touch, rank ORDER BY e.eventTime, rank, e.hash, e.id LIMIT $limit
}
RETURN journey.n AS n, touch, rank, e.id AS eventId, e.type AS type, e.action AS action, e.bizStep AS bizStep,
       e.disposition AS disposition, e.eventTime AS eventTime, e.eventTimeZoneOffset AS eventTimeZoneOffset,
       e.recordTime AS recordTime, e.readPoint AS readPoint, e.bizLocation AS bizLocation,
       coalesce(e.retracted, false) AS retracted, e.hash AS hash
ORDER BY n, eventTime, rank, hash, eventId`;

/**
 * The same page of the journey of each package: every event that touched it, its own and those of containers it was in then, each
 * once, in the order of events. Statements: one for each level of packing, one for the events.
 */
export async function readJourneys(
  graph: GraphReader,
  keys: readonly string[],
  { page, includeRetracted = false }: JourneyRequest,
  signal?: AbortSignal,
): Promise<Page<JourneyEntry>[]> {
  const touching = await readTouching(
    graph,
    keys.map((key) => ({ key, at: NOW })),
    signal,
  );
  const rows = await graph.read(
    EVENTS,
    { journeys: touching.map(toJourney), includeRetracted, ...after(page) },
    signal ? { signal } : {},
  );
  return touching.map((touched, n) => {
    const entries = rows.filter((row) => row.n === n).map((row) => toEntry(row, touched));
    return pageOf(entries, page, keyOf);
  });
}

function keyOf(entry: JourneyEntry): readonly (string | number)[] {
  return [entry.eventTime, entry.rank, entry.hash, entry.eventId];
}

function after(page: PageRequest): Record<string, unknown> {
  const [time, rank, hash, id] = page.after ?? [-NOW, -1, '', ''];
  return { time: int(Number(time)), rank: int(Number(rank)), hash, id, limit: int(page.first + 1) };
}

function toJourney({ windows, emptyings }: Touching, n: number): object {
  return {
    n: int(n),
    windows: windows.map((window, i) => ({ i: int(i), key: window.key, ...boundsOf(window) })),
    emptyings: emptyings.map(({ eventId, key, at }, i) => ({
      i: int(windows.length + i),
      eventId,
      key,
      at: int(at),
    })),
  };
}

function toEntry(row: Stored, touched: Touching): JourneyEntry {
  const { touch, ...event } = row;
  return { ...event, ...viaOf(touch, touched) };
}

function viaOf(
  touch: number,
  { windows, emptyings }: Touching,
): Pick<JourneyEntry, 'via' | 'viaSince' | 'viaUntil'> {
  const window = windows[touch];
  if (window !== undefined && window.level > 0) {
    const viaUntil = window.to === Infinity ? null : window.to;
    return { via: window.key, viaSince: window.from, viaUntil };
  }
  const emptying = emptyings[touch - windows.length];
  return emptying === undefined
    ? { via: null, viaSince: null, viaUntil: null }
    : { via: emptying.key, viaSince: emptying.from, viaUntil: emptying.at };
}
