import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { BothWays, Way } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { limitOf, mapPage, pageOf, wayOf } from '../shared/page.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import type { Page, PageKeyShape, PageRequest } from '../shared/page.js';
import type { EventOrder, EventSelection, StoredDeclaration, StoredEvent } from './stored-event.js';

/** The content of cursors of event lists: the time or log position, and the event's id. */
export const EVENT_SHAPE: PageKeyShape = ['number', 'string'];

interface GivenText {
  readonly text: string;
  readonly context: string | null;
}

/** An event as it is read. */
export interface EventRow extends Omit<StoredEvent, 'document' | 'retracted'>, GivenText {
  readonly retracted: boolean | null;
}

/** The columns of an {@link EventRow}. */
export const EVENT_COLUMNS = fragment`e.id AS id, e.type AS type, e.action AS action, e.bizStep AS bizStep, e.disposition AS disposition,
  e.eventTime AS eventTime, e.eventTimeZoneOffset AS eventTimeZoneOffset, e.recordTime AS recordTime, e.seq AS seq,
  e.readPoint AS readPoint, e.bizLocation AS bizLocation, e.retracted AS retracted, e.text AS text, e.context AS context,
  e.header AS header, CASE e.sentBy WHEN 'host' THEN null ELSE e.sentBy END AS sentBy`;

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

const EVENTS_BY_ID = cypher.events<EventRow>('events.byId', { givesDocuments: true })`
UNWIND $ids AS id
MATCH (e:Event {id: id})
RETURN ${EVENT_COLUMNS}`;

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
} as const satisfies Record<string, Source>;

interface DeclarationRow extends GivenText {
  event: string;
  id: string;
  reason: string | null;
  declarationTime: number;
  recordTime: number;
  seq: number;
  correctiveEventIDs: readonly string[] | null;
}

const DECLARATIONS = cypher.events<DeclarationRow>('events.declarations', { givesDocuments: true })`
UNWIND $ids AS id
MATCH (e:Event {id: id})<-[:DECLARES]-(d:ErrorDeclaration)
RETURN id AS event, d.id AS id, d.reason AS reason, d.declarationTime AS declarationTime, d.recordTime AS recordTime,
  d.seq AS seq, d.correctiveEventIDs AS correctiveEventIDs, d.text AS text, d.context AS context
ORDER BY event, declarationTime, id`;

const HEADERS = cypher.events<{ id: string; text: string }>('events.headers', {
  givesDocuments: true,
})`
UNWIND $ids AS id
MATCH (h:DocumentHeader {id: id})
RETURN h.id AS id, h.text AS text`;

/** Headers of documents in the order of `ids`; null when there is none. */
export async function readDocumentHeaders(
  view: View,
  ids: readonly string[],
): Promise<(Readonly<Record<string, unknown>> | null)[]> {
  const rows = await view.read(HEADERS, { ids });
  const found = new Map(rows.map(({ id, text }) => [id, parse(text)]));
  return ids.map((id) => found.get(id) ?? null);
}

/** Events in the order of `ids`; null when there is none. */
export async function readEvents(
  view: View,
  ids: readonly string[],
): Promise<(StoredEvent | null)[]> {
  const rows = await view.read(EVENTS_BY_ID, { ids });
  const found = new Map(rows.map((row) => [row.id, toEvent(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

/** Error declarations of each event, oldest first. */
export async function readDeclarations(
  view: View,
  ids: readonly string[],
): Promise<StoredDeclaration[][]> {
  const rows = await view.read(DECLARATIONS, { ids });
  return ids.map((id) => rows.filter((row) => row.event === id).map(toDeclaration));
}

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
  // A client that asks from a record time on will ask again from the time of this answer on.
  if (selection.recordTimeFrom !== undefined) await view.log.readPast(nowMs);
  const isInLog = order.field === 'RECORD_TIME';
  const wanted = isInLog ? await readable(view, selection) : selection;
  const { list, count, values } = sourceOf(wanted, isInLog);
  const way = wayOf(request, order.direction);
  const params = { ...valuesOf(wanted), values, limit: int(limitOf(request)) };
  const range = isInLog
    ? { from: wanted.seqFrom, until: wanted.seqUntil }
    : { from: wanted.eventTimeFrom, until: wanted.eventTimeUntil };
  const rows = await view.read(list[way], { ...params, ...timesIn(way, request, range) });
  const page = pageOf(rows, request, {
    keyOf: (row) => [isInLog ? row.seq : row.eventTime, row.id],
    count: () => readTotal(view, count, { ...params, ...timesIn('ASC', {}, range) }),
  });
  return mapPage(page, toEvent);
}

/** Limits a list in the order of the log to complete commits. A client that continues inside half a commit would never see the other half. */
async function readable(view: View, selection: EventSelection): Promise<EventSelection> {
  const head = await view.log.read();
  const end = head + 1;
  return { ...selection, seqUntil: Math.min(selection.seqUntil ?? end, end) };
}

/** The narrowest way to the events, and the values that it looks up. */
function sourceOf(
  { package: k, lot, terms, site, bizSteps, dispositions }: EventSelection,
  isInLog: boolean,
): Source & { readonly values: readonly string[] } {
  const by = (source: keyof typeof SOURCES, values: readonly string[] = []) => ({
    ...SOURCES[source],
    values,
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

function toDeclaration(row: DeclarationRow): StoredDeclaration {
  const { id, reason, declarationTime, recordTime, seq, correctiveEventIDs } = row;
  const correct = correctiveEventIDs ?? [];
  return {
    id,
    reason,
    declarationTime,
    recordTime,
    seq,
    correctiveEventIDs: correct,
    document: documentOf(row),
  };
}

/** An event from its row. */
export function toEvent({ text, context, retracted, ...row }: EventRow): StoredEvent {
  return { ...row, retracted: retracted === true, document: documentOf({ text, context }) };
}

/** Adds the prefixes of its document to an event. Those that the event declares itself come later and win. */
function documentOf({ text, context }: GivenText): Record<string, unknown> {
  const event = parse(text);
  if (context === null) return event;
  const around = parse(context);
  const own = event['@context'];
  if (own === undefined) return { '@context': around, ...event };
  return { ...event, '@context': [around, ...(Array.isArray(own) ? (own as unknown[]) : [own])] };
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
