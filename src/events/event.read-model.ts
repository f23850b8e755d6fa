import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { pageOf } from '../shared/page.js';
import type { Page, PageKeyShape, PageRequest } from '../shared/page.js';
import type { EventOrder, EventSelection, StoredDeclaration, StoredEvent } from './stored-event.js';

/** The content of cursors of event lists: the time or log position, and the event's id. */
export const EVENT_SHAPE: PageKeyShape = ['number', 'string'];

interface GivenText {
  readonly text: string;
  readonly context: string | null;
}

interface EventRow extends Omit<StoredEvent, 'document' | 'retracted'>, GivenText {
  readonly retracted: boolean | null;
}

const COLUMNS = fragment`e.id AS id, e.type AS type, e.action AS action, e.bizStep AS bizStep, e.disposition AS disposition,
  e.eventTime AS eventTime, e.eventTimeZoneOffset AS eventTimeZoneOffset, e.recordTime AS recordTime, e.seq AS seq,
  e.readPoint AS readPoint, e.bizLocation AS bizLocation, e.retracted AS retracted, e.text AS text, e.context AS context,
  e.header AS header`;

const MATCHES_BUT_SITE = fragment`e.eventTime >= $eventTimeFrom AND e.eventTime < $eventTimeTo
  AND e.recordTime >= $recordTimeFrom AND e.recordTime < $recordTimeTo
  AND e.seq >= $seqFrom AND e.seq <= $seqTo
  AND ($bizSteps IS NULL OR e.bizStep IN $bizSteps)
  AND ($types IS NULL OR e.type IN $types)
  AND ($retracted IS NULL OR coalesce(e.retracted, false) = $retracted)
  AND ($package IS NULL OR EXISTS { (e)-[:OF|OF_AHEAD]->(:Package {k: $package}) })
  AND ($lot IS NULL OR EXISTS { (e)-[:OF_CLASS|OF_QUANTITY|OF_CLASS_AHEAD]->(:Lot {id: $lot}) })`;

const MATCHES = fragment`${MATCHES_BUT_SITE} AND ($site IS NULL OR e.readPoint = $site OR e.bizLocation = $site)`;

// With an OR, the planner may make two seeks and sort all that follows. CASE keeps the one ordered range.
const BEHIND_IN_TIME = fragment`CASE WHEN e.eventTime = $start THEN e.id > $afterId ELSE true END`;
const BEHIND_IN_LOG = fragment`CASE WHEN e.seq = $start THEN e.id > $afterId ELSE true END`;

const EVENTS_BY_ID = cypher.events<EventRow>('events.byId', { givesDocuments: true })`
UNWIND $ids AS id
MATCH (e:Event {id: id})
RETURN ${COLUMNS}`;

const EVENTS_BY_TIME = cypher.events<EventRow>('events.byTime', { givesDocuments: true })`
MATCH (e:Event)
USING INDEX e:Event(eventTime)
WHERE e.eventTime >= $start AND ${BEHIND_IN_TIME} AND ${MATCHES}
WITH e ORDER BY e.eventTime, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY eventTime, id`;

const EVENTS_BY_SEQ = cypher.events<EventRow>('events.bySeq', { givesDocuments: true })`
MATCH (e:Event)
USING INDEX e:Event(seq)
WHERE e.seq >= $start AND ${BEHIND_IN_LOG} AND ${MATCHES}
WITH e ORDER BY e.seq, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY seq, id`;

const EVENTS_AT_SITE = cypher.events<EventRow>('events.atSite', { givesDocuments: true })`
CALL () {
  MATCH (e:Event)
  USING INDEX e:Event(readPoint, eventTime)
  WHERE e.readPoint = $site AND e.eventTime >= $start AND ${BEHIND_IN_TIME} AND ${MATCHES_BUT_SITE}
  RETURN e ORDER BY e.readPoint, e.eventTime, e.id LIMIT $limit
  UNION
  MATCH (e:Event)
  USING INDEX e:Event(bizLocation, eventTime)
  WHERE e.bizLocation = $site AND e.eventTime >= $start AND ${BEHIND_IN_TIME} AND ${MATCHES_BUT_SITE}
  RETURN e ORDER BY e.bizLocation, e.eventTime, e.id LIMIT $limit
}
WITH e ORDER BY e.eventTime, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY eventTime, id`;

const EVENTS_OF_PACKAGE = cypher.events<EventRow>('events.ofPackage', { givesDocuments: true })`
MATCH (:Package {k: $package})<-[:OF|OF_AHEAD]-(e:Event)
WITH DISTINCT e
WHERE ${MATCHES} AND CASE WHEN $recorded THEN e.seq >= $start AND ${BEHIND_IN_LOG} ELSE e.eventTime >= $start AND ${BEHIND_IN_TIME} END
WITH e, CASE WHEN $recorded THEN e.seq ELSE e.eventTime END AS place
ORDER BY place, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY place, id`;

const EVENTS_OF_LOT = cypher.events<EventRow>('events.ofLot', { givesDocuments: true })`
MATCH (:Lot {id: $lot})<-[:OF_CLASS|OF_QUANTITY|OF_CLASS_AHEAD]-(e:Event)
WITH DISTINCT e
WHERE ${MATCHES} AND CASE WHEN $recorded THEN e.seq >= $start AND ${BEHIND_IN_LOG} ELSE e.eventTime >= $start AND ${BEHIND_IN_TIME} END
WITH e, CASE WHEN $recorded THEN e.seq ELSE e.eventTime END AS place
ORDER BY place, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY place, id`;

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

/** A page of events in the order of event time or of recording. It reads the index that fits the selection best. */
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
  const params = paramsOf(await readable(view, selection, order), order, request);
  const rows = await view.read(statementOf(selection, order), params);
  const page = pageOf(rows, request, (row) => [
    order === 'RECORDED' ? row.seq : row.eventTime,
    row.id,
  ]);
  return {
    ...page,
    items: page.items.map(({ cursor, node }) => ({ cursor, node: toEvent(node) })),
  };
}

/** Limits a list in the order of the log to complete commits. A client that continues inside half a commit would never see the other half. */
async function readable(
  view: View,
  selection: EventSelection,
  order: EventOrder,
): Promise<EventSelection> {
  if (order !== 'RECORDED') return selection;
  const head = await view.log.read();
  return { ...selection, seqTo: Math.min(selection.seqTo ?? head, head) };
}

function statementOf(selection: EventSelection, order: EventOrder): typeof EVENTS_BY_TIME {
  if (selection.package !== undefined) return EVENTS_OF_PACKAGE;
  if (selection.lot !== undefined) return EVENTS_OF_LOT;
  if (order === 'RECORDED') return EVENTS_BY_SEQ;
  return selection.site === undefined ? EVENTS_BY_TIME : EVENTS_AT_SITE;
}

const BEFORE_ALL = Number.MIN_SAFE_INTEGER;
const AFTER_ALL = Number.MAX_SAFE_INTEGER;

function paramsOf(
  selection: EventSelection,
  order: EventOrder,
  request: PageRequest,
): Record<string, unknown> {
  const [afterKey = BEFORE_ALL, afterId = ''] = request.after ?? [];
  const recorded = order === 'RECORDED';
  const lowest = (recorded ? selection.seqFrom : selection.eventTimeFrom) ?? BEFORE_ALL;
  return {
    ...rangesOf(selection),
    ...valuesOf(selection),
    recorded,
    start: int(Math.max(Number(afterKey), lowest)),
    afterId: Number(afterKey) < lowest ? '' : afterId,
    limit: int(request.first + 1),
  };
}

function valuesOf({
  bizSteps,
  types,
  retracted,
  ...keys
}: EventSelection): Record<string, unknown> {
  return {
    bizSteps: bizSteps ?? null,
    types: types ?? null,
    retracted: retracted ?? null,
    site: keys.site ?? null,
    package: keys.package ?? null,
    lot: keys.lot ?? null,
  };
}

function rangesOf(selection: EventSelection): Record<string, unknown> {
  return {
    eventTimeFrom: int(selection.eventTimeFrom ?? BEFORE_ALL),
    eventTimeTo: int(selection.eventTimeTo ?? AFTER_ALL),
    recordTimeFrom: int(selection.recordTimeFrom ?? BEFORE_ALL),
    recordTimeTo: int(selection.recordTimeTo ?? AFTER_ALL),
    seqFrom: int(selection.seqFrom ?? BEFORE_ALL),
    seqTo: int(selection.seqTo ?? AFTER_ALL),
  };
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

function toEvent({ text, context, retracted, ...row }: EventRow): StoredEvent {
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
