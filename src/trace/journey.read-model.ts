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

/** What somebody discloses of the path of a package: events that he sees himself. */
export interface DisclosedPath extends Touching {
  /** Key of the organisation's party, or `host`. */
  readonly by: string;
  /** Without the parties. */
  readonly isHidden: boolean;
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

// What another (`w.by`) discloses to a partner is what that one sees himself. The host discloses what he sent.
const sees = ({ sees: doesSee, only }: Sight): CypherFragment => {
  const seen = doesSee(fragment`e`, fragment`w.key`, fragment`coalesce(w.by, $viewer)`);
  return only(
    fragment`AND CASE WHEN w.by = 'host' THEN coalesce(e.sentBy, 'host') = 'host' ELSE true ${seen} END`,
  );
};

// A touch is a window of a container (or of the package: number 0), innermost first. After the windows come the events that emptied a
// container. There, `e` has no label on purpose: with one, the planner may start from the index of all events' times instead of the
// package. When a container ends at the very instant of its unpacking, the end belongs to what was inside before. The journey shows an
// event by its lowest touch. Classes as in the projection: commission, unpack, pack, other, end.
const touches = (sight: Sight): CypherFragment => fragment`CALL (journey) {
    UNWIND journey.windows AS w
    MATCH (:Package {k: w.key})<-[of:OF]-(e)
    WHERE w.from <= e.eventTime AND e.eventTime < w.to AND ${inTime} ${sees(sight)}
    RETURN e, w.i AS touch, of.role = 'output' AS made
    UNION ALL
    UNWIND journey.emptyings AS w
    MATCH (e:Event {id: w.eventId}) WHERE true ${sees(sight)}
    RETURN e, w.i AS touch, false AS made
    UNION ALL
    UNWIND journey.emptyings AS w
    MATCH (unpack:Event {id: w.eventId})
    WHERE unpack.type = 'AggregationEvent'
    CALL (w) {
      MATCH (:Package {k: w.key})<-[:OF]-(e)
      WHERE e.eventTime = w.at AND coalesce(e.retracted, false) = false AND ${isEnd} ${sees(sight)}
      RETURN e ORDER BY e.hash, e.id LIMIT 1
    }
    RETURN e, w.i AS touch, false AS made
  }`;

/** A place, but not of an event that is disclosed without the parties. */
function placeOf(site: CypherFragment, { isPartner }: Sight): CypherFragment {
  return isPartner ? fragment`CASE WHEN touch < hiddenFrom THEN ${site} END` : site;
}

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
WITH journey.n AS n, ${sight.only(fragment`journey.hiddenFrom AS hiddenFrom, `)}touch, rank, e ORDER BY n, e.eventTime ${order}, rank ${order}, e.hash ${order}, e.id ${order}
WITH collect({n: n, touch: touch, rank: rank, eventId: e.id, type: e.type, action: e.action, bizStep: e.bizStep,
  disposition: e.disposition, eventTime: e.eventTime, eventTimeZoneOffset: e.eventTimeZoneOffset, recordTime: e.recordTime,
  readPoint: ${placeOf(fragment`e.readPoint`, sight)}, bizLocation: ${placeOf(fragment`e.bizLocation`, sight)}, retracted: coalesce(e.retracted, false), hash: e.hash}) AS entries
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
  disclosed: readonly (readonly DisclosedPath[])[] = [],
): Promise<FoundJourneys> {
  const way = wayOf(page);
  const touched = touching.map((own, n) => touchesOf(own, disclosed[n] ?? []));
  const journeys = touched.map(toJourney);
  const params = { journeys, includeRetracted, ...placeIn(page, way) };
  const [row] = await view.read(EVENTS[way], params);
  const { entries = [], sites = [] } = row ?? {};
  const byJourney = groupBy(entries, ({ n }) => n);
  const pages = touched.map((touches, n) => {
    const found = (byJourney.get(n) ?? []).map((entry) => toEntry(entry, touches));
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

/** A window or an emptying of a path. Its place in the list is its number. */
interface Touch {
  /** Who discloses it; absent for what who asks sees himself. */
  readonly by?: string;
  readonly isHidden: boolean;
  readonly window?: Touching['windows'][number];
  readonly emptying?: Touching['emptyings'][number];
}

/** What somebody sees himself comes first, then what is disclosed to him, and last what is disclosed without the parties. */
function touchesOf(own: Touching, disclosed: readonly DisclosedPath[]): readonly Touch[] {
  return [{ ...own, isHidden: false }, ...disclosed]
    .toSorted((a, b) => Number(a.isHidden) - Number(b.isHidden))
    .flatMap(({ windows, emptyings, ...of }) => [
      ...windows.map((window) => ({ ...of, window })),
      ...emptyings.map((emptying) => ({ ...of, emptying })),
    ]);
}

function toJourney(touches: readonly Touch[], n: number): object {
  const numbered = touches.map((touch, i) => ({ ...touch, i: int(i), by: touch.by ?? null }));
  const hiddenFrom = touches.findIndex(({ isHidden }) => isHidden);
  return {
    n: int(n),
    hiddenFrom: int(hiddenFrom < 0 ? touches.length : hiddenFrom),
    windows: numbered.flatMap(({ i, by, window }) =>
      window === undefined ? [] : { i, by, key: window.key, ...boundsOf(window) },
    ),
    emptyings: numbered.flatMap(({ i, by, emptying }) =>
      emptying === undefined
        ? []
        : { i, by, eventId: emptying.eventId, key: emptying.key, at: int(emptying.at) },
    ),
  };
}

function toEntry(row: Stored, touches: readonly Touch[]): JourneyEntry {
  const { touch, ...event } = row;
  return { ...event, ...viaOf(touches[touch]) };
}

function viaOf({ isHidden = true, window, emptying }: Partial<Touch> = {}): Pick<
  JourneyEntry,
  'via' | 'viaSince' | 'viaUntil'
> {
  if (!isHidden && window !== undefined && window.level > 0) {
    const viaUntil = window.to === Infinity || window.isCut === true ? null : window.to;
    return { via: window.key, viaSince: window.from, viaUntil };
  }
  return isHidden || emptying === undefined
    ? { via: null, viaSince: null, viaUntil: null }
    : { via: emptying.key, viaSince: emptying.from, viaUntil: emptying.at };
}
