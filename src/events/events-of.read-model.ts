import { notWithheld } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { Way } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import { groupBy } from '../shared/group-by.js';
import { limitOf, mapPage, pageOf, wayOf } from '../shared/page.js';
import type { Direction, Page, PageRequest } from '../shared/page.js';
import { SOURCES, isOfLot, isOfSite, valuesOf } from './event-list.read-model.js';
import { EVENT_COLUMNS, SEEN_COLUMNS, toEvent } from './event.read-model.js';
import type { EventRow } from './event.read-model.js';
import type { StoredEvent } from './stored-event.js';

type OwnRow = EventRow & { readonly of: string };

/** The events that a partner sees of those of each site or lot: they begin at what is seen, and not at the site or lot. */
function seenOf(isOf: CypherFragment, way: Way): CypherFragment {
  const by = fragment`s.at ${way.order}, e.id ${way.order}`;
  return fragment`
UNWIND $of AS of
CALL (of) {
  MATCH ()-[s:SEEN_BY]->(e:Event)
  USING INDEX s:SEEN_BY(p, at)
  WHERE s.p = $viewer AND ${behindTime(fragment`s.at`, fragment`e.id`, way)} AND ${isOf}
    AND ${notWithheld(fragment`e`, fragment`s`)}
  RETURN s, e ORDER BY ${by} LIMIT $limit
}
RETURN of, ${SEEN_COLUMNS} ORDER BY of, ${by}`;
}

const OF_SITES = bothWays((way) => {
  const behind = behindTime(fragment`e.eventTime`, fragment`e.id`, way);
  const partner = seenOf(isOfSite(fragment`of`), way);
  return cypher.events<OwnRow>(`events.ofSites${way.suffix}`, { givesDocuments: true, partner })`
UNWIND $of AS of
CALL (of) {
  MATCH (e:Event)
  USING INDEX e:Event(readPoint, eventTime)
  WHERE e.readPoint = of AND ${behind}
  RETURN e ORDER BY e.readPoint ${way.order}, e.eventTime ${way.order}, e.id ${way.order} LIMIT $limit
  UNION
  MATCH (e:Event)
  USING INDEX e:Event(bizLocation, eventTime)
  WHERE e.bizLocation = of AND ${behind}
  RETURN e ORDER BY e.bizLocation ${way.order}, e.eventTime ${way.order}, e.id ${way.order} LIMIT $limit
}
RETURN of, ${EVENT_COLUMNS} ORDER BY of, e.eventTime ${way.order}, e.id ${way.order}`;
});

const OF_LOTS = bothWays((way) => {
  const behind = behindTime(fragment`e.eventTime`, fragment`e.id`, way);
  const partner = seenOf(isOfLot(fragment`of`), way);
  return cypher.events<OwnRow>(`events.ofLots${way.suffix}`, { givesDocuments: true, partner })`
UNWIND $of AS of
CALL (of) {
  MATCH (:Lot {id: of})<-[:OF_CLASS|OF_QUANTITY|OF_CLASS_AHEAD]-(e:Event)
  WITH DISTINCT e WHERE ${behind}
  RETURN e ORDER BY e.eventTime ${way.order}, e.id ${way.order} LIMIT $limit
}
RETURN of, ${EVENT_COLUMNS} ORDER BY of, e.eventTime ${way.order}, e.id ${way.order}`;
});

/** A page of the events of each site or lot, by event time. One statement reads all pages. */
export async function listEventsOf(
  view: View,
  kind: 'site' | 'lot',
  of: readonly string[],
  { order, ...page }: PageRequest & { readonly order: Direction },
): Promise<Page<StoredEvent>[]> {
  const way = wayOf(page, order);
  const statement = (kind === 'site' ? OF_SITES : OF_LOTS)[way];
  const rows = await view.read(statement, {
    ...{ of, limit: int(limitOf(page)) },
    ...timesIn(way, page),
  });
  const byKey = groupBy(rows, (row) => row.of);
  return of.map((key) => {
    const own = (byKey.get(key) ?? []).slice(0, limitOf(page));
    const counting = { ...valuesOf({ [kind]: key }), values: [key], ...timesIn('ASC', {}) };
    return mapPage(
      pageOf(own, page, {
        keyOf: (row) => [row.eventTime, row.id],
        count: () => readTotal(view, SOURCES[isPartner(view) ? 'seen' : kind].count, counting),
      }),
      toEvent,
    );
  });
}
