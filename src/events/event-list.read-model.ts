import { isClassSeen, notWithheld } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { BothWays, Way } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { limitOf, mapPage, pageOf, wayOf } from '../shared/page.js';
import { refusedArgument } from '../shared/problem.js';
import type { Page, PageKeyShape, PageRequest } from '../shared/page.js';
import { EVENT_COLUMNS, SEEN_COLUMNS, toEvent } from './event.read-model.js';
import type { EventRow } from './event.read-model.js';
import type { EventOrder, EventSelection, StoredEvent } from './stored-event.js';

/** The content of cursors of event lists: the time or log position, and the event's id. */
export const EVENT_SHAPE: PageKeyShape = ['number', 'string'];

const MATCHES = fragment`e.eventTime >= $eventTimeFrom AND e.eventTime < $eventTimeUntil
  AND e.recordTime >= $recordTimeFrom AND e.recordTime < $recordTimeUntil
  AND e.seq >= $seqFrom AND e.seq < $seqUntil
  AND ($bizSteps IS NULL OR e.bizStep IN $bizSteps)
  AND ($dispositions IS NULL OR e.disposition IN $dispositions)
  AND ($actions IS NULL OR e.action IN $actions)
  AND ($types IS NULL OR e.type IN $types)
  AND ($retracted IS NULL OR coalesce(e.retracted, false) = $retracted)
  AND ($site IS NULL OR e.readPoint = $site OR e.bizLocation = $site)
  AND ($package IS NULL OR EXISTS { (e)-[:OF|OF_AHEAD]->(:Package {k: $package}) })
  AND ($lot IS NULL OR EXISTS { (e)-[:OF_CLASS|OF_QUANTITY|OF_CLASS_AHEAD]->(:Lot {id: $lot}) })
  AND ($terms IS NULL OR all(one IN $terms WHERE EXISTS { (e)-[said:SAYS]->() WHERE said.term IN one }))`;

/** Whether an event happened at a site, or leaves its objects there. */
export const isOfSite = (site: CypherFragment): CypherFragment =>
  fragment`(e.readPoint = ${site} OR e.bizLocation = ${site})`;

/** Whether a partner sees that an event commissions units of a lot, or names it as a class. */
export const isOfLot = (lot: CypherFragment): CypherFragment => fragment`EXISTS {
    MATCH (e)-[c:OF_CLASS|OF_QUANTITY|OF_CLASS_AHEAD]->(:Lot {id: ${lot}})
    WHERE ${isClassSeen(fragment`e`, fragment`s`, fragment`c`)} }`;

// Only what a partner sees of an event decides whether it matches: else a filter would tell of the rest.
const MATCHES_SEEN = fragment`${notWithheld(fragment`e`, fragment`s`)}
  AND s.rec >= $recordTimeFrom AND s.rec < $recordTimeUntil AND e.seq < $seqUntil
  AND ($bizSteps IS NULL OR e.bizStep IN $bizSteps)
  AND ($dispositions IS NULL OR e.disposition IN $dispositions)
  AND ($actions IS NULL OR e.action IN $actions)
  AND ($types IS NULL OR e.type IN $types)
  AND ($retracted IS NULL OR coalesce(e.retracted, false) = $retracted)
  AND ($site IS NULL OR ${isOfSite(fragment`$site`)})
  AND ($package IS NULL OR (coalesce($package IN s.names, true) AND EXISTS { (e)-[:OF|OF_AHEAD]->(:Package {k: $package}) }))
  AND ($lot IS NULL OR ${isOfLot(fragment`$lot`)})
  AND ($terms IS NULL OR (s.whole AND all(one IN $terms WHERE EXISTS { (e)-[said:SAYS]->() WHERE said.term IN one })))`;

/** A way to the events of a selection: as a list, and for counting. */
interface Source {
  readonly list: BothWays<EventRow>;
  readonly count: ReadStatement<Counted>;
}

/** How a statement orders events, and which of them are behind the one that a page starts from. */
type OrderPart = (way: Way) => { readonly behind: CypherFragment; readonly by: CypherFragment };

const inTime: OrderPart = (way) => ({
  behind: behindTime(fragment`e.eventTime`, fragment`e.id`, way),
  by: fragment`e.eventTime ${way.order}, e.id ${way.order}`,
});
const inLog: OrderPart = (way) => ({
  behind: behindTime(fragment`e.seq`, fragment`e.id`, way),
  by: fragment`e.seq ${way.order}, e.id ${way.order}`,
});

// A count looks at a bounded number of events, whether they match or not.
const COUNT = fragment`WITH e LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${MATCHES} THEN 1 END) AS n`;

/** Events in the order of one index. */
function along(name: string, index: CypherFragment, part: OrderPart): Source {
  return {
    list: bothWays((way) => {
      const { behind, by } = part(way);
      return cypher.events<EventRow>(`events.${name}${way.suffix}`, { givesDocuments: true })`
MATCH (e:Event)
USING INDEX e:Event(${index})
WHERE ${behind} AND ${MATCHES}
WITH e ORDER BY ${by} LIMIT $limit
RETURN ${EVENT_COLUMNS} ORDER BY ${by}`;
    }),
    count: cypher.events<Counted>(`events.${name}Counted`)`
MATCH (e:Event)
USING INDEX e:Event(${index})
WHERE e.${index} >= $timeFrom AND e.${index} <= $timeUntil
${COUNT}`,
  };
}

/** Events of one of several values, each in the order of an index that ends in the time. */
function ofValues(name: string, properties: readonly CypherFragment[]): Source {
  const found = (limits: (property: CypherFragment) => CypherFragment): CypherFragment =>
    properties
      .map(
        (p) => fragment`UNWIND $values AS value
  CALL (value) {
    MATCH (e:Event)
    USING INDEX e:Event(${p}, eventTime)
    WHERE e.${p} = value AND e.eventTime >= $timeFrom AND e.eventTime <= $timeUntil
    ${limits(p)}
  }
  RETURN e`,
      )
      .reduce(
        (first, next) => fragment`${first}
  UNION
  ${next}`,
      );
  return {
    list: bothWays((way) => {
      const { behind, by } = inTime(way);
      const part = found(
        (p) => fragment`AND ${behind} AND ${MATCHES}
    RETURN e ORDER BY e.${p} ${way.order}, ${by} LIMIT $limit`,
      );
      return cypher.events<EventRow>(`events.${name}${way.suffix}`, { givesDocuments: true })`
CALL () {
  ${part}
}
WITH e ORDER BY ${by} LIMIT $limit
RETURN ${EVENT_COLUMNS} ORDER BY ${by}`;
    }),
    count: cypher.events<Counted>(`events.${name}Counted`)`
CALL () {
  ${found(() => fragment`RETURN e LIMIT $limit`)}
}
${COUNT}`,
  };
}

/** Events that are reached from a package or a lot, or by what they say; they are sorted. */
function reached(name: string, match: CypherFragment, part: OrderPart): Source {
  return {
    list: bothWays((way) => {
      const { behind, by } = part(way);
      return cypher.events<EventRow>(`events.${name}${way.suffix}`, { givesDocuments: true })`
MATCH ${match}
WITH DISTINCT e
WHERE ${behind} AND ${MATCHES}
WITH e ORDER BY ${by} LIMIT $limit
RETURN ${EVENT_COLUMNS} ORDER BY ${by}`;
    }),
    count: cypher.events<Counted>(`events.${name}Counted`)`
MATCH ${match}
WITH DISTINCT e
${COUNT}`,
  };
}

const OF_PACKAGE = fragment`(:Package {k: $package})<-[:OF|OF_AHEAD]-(e:Event)`;
const OF_LOT = fragment`(:Lot {id: $lot})<-[:OF_CLASS|OF_QUANTITY|OF_CLASS_AHEAD]-(e:Event)`;

const SAID: Source = {
  list: bothWays((way) => {
    const { behind, by } = inTime(way);
    return cypher.events<EventRow>(`events.said${way.suffix}`, { givesDocuments: true })`
UNWIND $values AS value
CALL (value) {
  MATCH ()-[s:SAYS]->(e:Event)
  WHERE s.term = value AND s.at >= $timeFrom AND s.at <= $timeUntil AND ${behind} AND ${MATCHES}
  RETURN e ORDER BY s.term ${way.order}, s.at ${way.order}, e.id ${way.order} LIMIT $limit
}
WITH DISTINCT e ORDER BY ${by} LIMIT $limit
RETURN ${EVENT_COLUMNS} ORDER BY ${by}`;
  }),
  count: cypher.events<Counted>('events.saidCounted')`
UNWIND $values AS value
CALL (value) {
  MATCH ()-[s:SAYS]->(e:Event)
  WHERE s.term = value AND s.at >= $timeFrom AND s.at <= $timeUntil
  RETURN e LIMIT $limit
}
WITH DISTINCT e
${COUNT}`,
};

/** Events that a partner sees, in the order of event time or of recording. It begins at what is seen, whatever is asked for. */
function seenIn(name: string, time: CypherFragment): Source {
  return {
    list: bothWays((way) => {
      const by = fragment`s.${time} ${way.order}, e.id ${way.order}`;
      return cypher.seen<EventRow>(`events.${name}${way.suffix}`, { givesDocuments: true })`
MATCH ()-[s:SEEN_BY]->(e:Event)
USING INDEX s:SEEN_BY(p, ${time})
WHERE s.p = $viewer AND ${behindTime(fragment`s.${time}`, fragment`e.id`, way)} AND ${MATCHES_SEEN}
WITH s, e ORDER BY ${by} LIMIT $limit
RETURN ${SEEN_COLUMNS} ORDER BY ${by}`;
    }),
    count: cypher.seen<Counted>(`events.${name}Counted`)`
MATCH ()-[s:SEEN_BY]->(e:Event)
USING INDEX s:SEEN_BY(p, ${time})
WHERE s.p = $viewer AND s.${time} >= $timeFrom AND s.${time} <= $timeUntil
WITH s, e LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${MATCHES_SEEN} THEN 1 END) AS n`,
  };
}

/** The ways to events. */
export const SOURCES = {
  time: along('byTime', fragment`eventTime`, inTime),
  log: along('bySeq', fragment`seq`, inLog),
  site: ofValues('atSite', [fragment`readPoint`, fragment`bizLocation`]),
  bizStep: ofValues('ofBizStep', [fragment`bizStep`]),
  disposition: ofValues('ofDisposition', [fragment`disposition`]),
  said: SAID,
  package: reached('ofPackage', OF_PACKAGE, inTime),
  packageInLog: reached('ofPackageInLog', OF_PACKAGE, inLog),
  lot: reached('ofLot', OF_LOT, inTime),
  lotInLog: reached('ofLotInLog', OF_LOT, inLog),
  seen: seenIn('seen', fragment`at`),
  seenInLog: seenIn('seenInLog', fragment`rec`),
} as const satisfies Record<string, Source>;

/**
 * A page of events in the order of event time or of recording. It reads the index that fits the selection best: one statement, and
 * another if somebody wants the count.
 *
 * In the order of recording, only packages and lots have an index of their own. With other conditions, the log is walked.
 */
export async function listEvents(
  view: View,
  selection: EventSelection,
  {
    order,
    nowMs,
    ...request
  }: PageRequest & { readonly order: EventOrder; readonly nowMs: number },
): Promise<Page<StoredEvent>> {
  if (isPartner(view)) refuseLogPositions(selection);
  // A client that asks from a record time on will ask again from the time of this answer on.
  if (selection.recordTimeFrom !== undefined) await view.log.readPast(nowMs);
  const isInLog = order.field === 'RECORD_TIME';
  const wanted = isInLog ? await readable(view, selection) : selection;
  const { list, count, values, keyOf } = isPartner(view)
    ? seenSource(isInLog)
    : sourceOf(wanted, isInLog);
  const way = wayOf(request, order.direction);
  const params = { ...valuesOf(wanted), values, limit: int(limitOf(request)) };
  const range = rangeOf(view, wanted, isInLog);
  const rows = await view.read(list[way], { ...params, ...timesIn(way, request, range) });
  const page = pageOf(rows, request, {
    keyOf: (row) => [keyOf(row), row.id],
    count: () => readTotal(view, count, { ...params, ...timesIn('ASC', {}, range) }),
  });
  return mapPage(page, toEvent);
}

/** Log positions count what everybody sends. */
function refuseLogPositions(selection: EventSelection): void {
  for (const name of ['seqFrom', 'seqUntil'] as const)
    if (selection[name] !== undefined)
      throw refusedArgument(`filter.${name}`, String(selection[name]), {
        rule: 'is a position in the log of the host, which partners do not see.',
        remedy: 'Use recordTimeFrom and recordTimeUntil.',
      });
}

/** What a list is cut to before anything else, by what it is ordered by. */
function rangeOf(
  view: View,
  {
    seqFrom,
    seqUntil,
    eventTimeFrom,
    eventTimeUntil,
    recordTimeFrom,
    recordTimeUntil,
  }: EventSelection,
  isInLog: boolean,
): { readonly from: number | undefined; readonly until: number | undefined } {
  if (!isInLog) return { from: eventTimeFrom, until: eventTimeUntil };
  return isPartner(view)
    ? { from: recordTimeFrom, until: recordTimeUntil }
    : { from: seqFrom, until: seqUntil };
}

/** Limits a list in the order of the log to complete commits. A client that continues inside half a commit would never see the other half. */
async function readable(view: View, selection: EventSelection): Promise<EventSelection> {
  const head = await view.log.read();
  const end = head + 1;
  return { ...selection, seqUntil: Math.min(selection.seqUntil ?? end, end) };
}

interface Chosen extends Source {
  readonly values: readonly string[];
  /** What a row is ordered by, before its id. */
  readonly keyOf: (row: EventRow) => number;
}

/** What a partner sees: the same way, whatever is asked for. */
function seenSource(isInLog: boolean): Chosen {
  return isInLog
    ? { ...SOURCES.seenInLog, values: [], keyOf: ({ recordTime }) => recordTime }
    : { ...SOURCES.seen, values: [], keyOf: ({ eventTime }) => eventTime };
}

/** The narrowest way to the events, and the values that it looks up. */
function sourceOf(
  { package: k, lot, terms, site, bizSteps, dispositions }: EventSelection,
  isInLog: boolean,
): Chosen {
  const by = (source: keyof typeof SOURCES, values: readonly string[] = []): Chosen => ({
    ...SOURCES[source],
    values,
    keyOf: isInLog ? ({ seq }) => seq : ({ eventTime }) => eventTime,
  });
  if (k !== undefined) return by(isInLog ? 'packageInLog' : 'package');
  if (lot !== undefined) return by(isInLog ? 'lotInLog' : 'lot');
  if (isInLog) return by('log');
  if (terms !== undefined) return by('said', terms[0]);
  if (site !== undefined) return by('site', [site]);
  if (bizSteps !== undefined) return by('bizStep', [...new Set(bizSteps)]);
  if (dispositions !== undefined) return by('disposition', [...new Set(dispositions)]);
  return by('time');
}

const BEFORE_ALL = Number.MIN_SAFE_INTEGER;
const AFTER_ALL = Number.MAX_SAFE_INTEGER;

/** Every condition that the statements know, with null for those that are not given. */
const NO_CONDITIONS = {
  ...{ bizSteps: null, dispositions: null, actions: null, types: null, terms: null },
  ...{ retracted: null, site: null, package: null, lot: null },
};

/** A selection as the parameters of the statements. */
export function valuesOf(selection: EventSelection): Record<string, unknown> {
  const { eventTimeFrom, eventTimeUntil, recordTimeFrom, recordTimeUntil, seqFrom, seqUntil } =
    selection;
  const least = { eventTimeFrom, recordTimeFrom, seqFrom };
  const most = { eventTimeUntil, recordTimeUntil, seqUntil };
  return {
    ...NO_CONDITIONS,
    ...selection,
    ...mapValues(least, (n) => int(n ?? BEFORE_ALL)),
    ...mapValues(most, (n) => int(n ?? AFTER_ALL)),
  };
}

function mapValues<T>(object: Readonly<Record<string, T>>, change: (value: T) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
