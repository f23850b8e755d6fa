import { NOW } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { sighted } from '../access/sighted.js';
import type { Sight } from '../access/sighted.js';
import { fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import type { Touching } from '../holdings/touching.rules.js';
import { boundsOf } from '../holdings/whereabouts.read-model.js';
import { SITES_OF_KEYS } from '../master-data/names.read-model.js';
import type { FoundSite } from '../master-data/names.read-model.js';
import { groupBy } from '../shared/group-by.js';
import { bothWays, startKey } from '../graph/both-ways.js';
import { readTotal } from '../graph/read-total.js';
import { limitOf, pageOf, wayOf } from '../shared/page.js';
import type { Direction, Page, PageRequest } from '../shared/page.js';
import type { JourneyEntry } from './journey.js';

/** Which part of a journey is wanted. */
export interface JourneyRequest {
  readonly page: PageRequest;
  /** Includes events that an error declaration took out. */
  readonly includeRetracted?: boolean;
}

type Stored = Omit<JourneyEntry, 'via' | 'viaSince' | 'viaUntil'> & {
  readonly n: number;
  readonly touch: number;
};

interface FoundEntries {
  readonly entries: readonly Stored[];
  readonly sites: readonly FoundSite[];
}

const inTime = fragment`$since <= e.eventTime AND e.eventTime <= $until`;
/** Behind the rank of every event of an instant. */
const LAST_RANK = 9;
const isEnd = fragment`e.type = 'ObjectEvent' AND e.action <> 'ADD' AND (e.action = 'DELETE'
      OR (e.bizStep = 'dispensing' AND coalesce(e.disposition, 'dispensed') = 'dispensed'))`;

// A touch is a window of a container (or of the package: number 0), innermost first. After the windows come the events that emptied a
// container. There, `e` has no label on purpose: with one, the planner may start from the index of all events' times instead of the
// package. When a container ends at the very instant of its unpacking, the end belongs to what was inside before. The journey shows an
// event by its lowest touch. Classes as in the projection: commission, unpack, pack, other, end.
const touches = ({ sees }: Sight): CypherFragment => fragment`CALL (journey) {
    UNWIND journey.windows AS w
    MATCH (:Package {k: w.key})<-[of:OF]-(e)
    WHERE w.from <= e.eventTime AND e.eventTime < w.to AND ${inTime} ${sees(fragment`e`, fragment`w.key`)}
    RETURN e, w.i AS touch, of.role = 'output' AS made
    UNION ALL
    UNWIND journey.emptyings AS w
    MATCH (e:Event {id: w.eventId}) WHERE true ${sees(fragment`e`, fragment`w.key`)}
    RETURN e, w.i AS touch, false AS made
    UNION ALL
    UNWIND journey.emptyings AS w
    MATCH (unpack:Event {id: w.eventId})
    WHERE unpack.type = 'AggregationEvent'
    CALL (w) {
      MATCH (:Package {k: w.key})<-[:OF]-(e)
      WHERE e.eventTime = w.at AND coalesce(e.retracted, false) = false AND ${isEnd} ${sees(fragment`e`, fragment`w.key`)}
      RETURN e ORDER BY e.hash, e.id LIMIT 1
    }
    RETURN e, w.i AS touch, false AS made
  }`;

const EVENTS = bothWays(({ suffix, order, behind }) =>
  sighted<FoundEntries>(
    'events',
    `trace.journeyEvents${suffix}`,
    (sight) => fragment`
UNWIND $journeys AS journey
CALL (journey) {
  ${touches(sight)}
  WITH e, touch, made WHERE ${inTime} AND ($includeRetracted OR coalesce(e.retracted, false) = false)
  WITH e, touch, max(made) AS made ORDER BY touch
  WITH e, collect({touch: touch, made: made})[0] AS best
  WITH e, best.touch AS touch, CASE
    WHEN best.made OR (e.type = 'ObjectEvent' AND e.action = 'ADD') THEN 0
    WHEN e.type = 'AggregationEvent' AND e.action = 'DELETE' THEN 1
    WHEN e.type = 'AggregationEvent' AND e.action = 'ADD' THEN 2
    WHEN ${isEnd} THEN 4
    ELSE 3 END AS rank
  WHERE e.eventTime <> $time OR rank ${behind} $rank
    OR (rank = $rank AND (e.hash ${behind} $hash OR (e.hash = $hash AND e.id ${behind} $id)))
  RETURN e, touch, rank ORDER BY e.eventTime ${order}, rank ${order}, e.hash ${order}, e.id ${order} LIMIT $limit
}
WITH journey.n AS n, touch, rank, e ORDER BY n, e.eventTime ${order}, rank ${order}, e.hash ${order}, e.id ${order}
WITH collect({n: n, touch: touch, rank: rank, eventId: e.id, type: e.type, action: e.action, bizStep: e.bizStep,
  disposition: e.disposition, eventTime: e.eventTime, eventTimeZoneOffset: e.eventTimeZoneOffset, recordTime: e.recordTime,
  readPoint: e.readPoint, bizLocation: e.bizLocation, retracted: coalesce(e.retracted, false), hash: e.hash}) AS entries
WITH entries, [entry IN entries | entry.readPoint] + [entry IN entries | entry.bizLocation] AS keys
CALL (keys) { ${SITES_OF_KEYS} }
RETURN entries, sites`,
  ),
);

const EVENTS_COUNTED = sighted<{ n: number }>(
  'events',
  'trace.journeyCounted',
  (sight) => fragment`
WITH $journey AS journey
${touches(sight)}
WITH DISTINCT e WHERE ${inTime} AND ($includeRetracted OR coalesce(e.retracted, false) = false)
WITH e LIMIT $limit
RETURN count(*) AS n`,
);

/** Pages of journeys, and the sites that their entries name. */
export interface FoundJourneys {
  /** In the order of the packages asked for. */
  readonly pages: readonly Page<JourneyEntry>[];
  readonly sites: readonly FoundSite[];
}

/**
 * The same page of the journey of each package: every event that names it or a container it was in then, each event once, in the order of
 * events. One statement.
 */
export async function readJourneys(
  view: View,
  touching: readonly Touching[],
  { page, includeRetracted = false }: JourneyRequest,
): Promise<FoundJourneys> {
  const way = wayOf(page);
  const journeys = touching.map(toJourney);
  const params = { journeys, includeRetracted, ...placeIn(page, way) };
  const [row] = await view.read(EVENTS[way], params);
  const { entries = [], sites = [] } = row ?? {};
  const byJourney = groupBy(entries, ({ n }) => n);
  const pages = touching.map((touched, n) => {
    const found = (byJourney.get(n) ?? []).map((entry) => toEntry(entry, touched));
    return pageOf(found, page, {
      keyOf,
      count: () =>
        readTotal(view, EVENTS_COUNTED, {
          ...{ journey: journeys[n], includeRetracted, since: int(-NOW), until: int(NOW) },
        }),
    });
  });
  return { pages, sites };
}

function keyOf(entry: JourneyEntry): readonly (string | number)[] {
  return [entry.eventTime, entry.rank, entry.hash, entry.eventId];
}

function placeIn(page: PageRequest, way: Direction): Record<string, unknown> {
  const [from, rank, hash, id] = page.from ?? [];
  const time = from === undefined ? startTime(way) : Number(from);
  return {
    since: int(way === 'ASC' ? time : -NOW),
    until: int(way === 'ASC' ? NOW : time),
    time: int(time),
    rank: int(rank === undefined ? (way === 'ASC' ? -1 : LAST_RANK) : Number(rank)),
    hash: startKey(way, hash),
    id: startKey(way, id),
    limit: int(limitOf(page)),
  };
}

function startTime(way: Direction): number {
  return way === 'ASC' ? -NOW : NOW;
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
    const viaUntil = window.to === Infinity || window.isCut === true ? null : window.to;
    return { via: window.key, viaSince: window.from, viaUntil };
  }
  const emptying = emptyings[touch - windows.length];
  return emptying === undefined
    ? { via: null, viaSince: null, viaUntil: null }
    : { via: emptying.key, viaSince: emptying.from, viaUntil: emptying.at };
}
