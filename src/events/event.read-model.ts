import { notWithheld } from '../access/sighted.js';
import type { View } from '../access/view.js';
import { cypher, fragment } from '../graph/cypher.js';
import { cutEvent } from './cut-event.rules.js';
import type { SeenOfEvent } from './cut-event.rules.js';
import type { StoredDeclaration, StoredEvent } from './stored-event.js';

interface GivenText {
  readonly text: string;
  readonly context: string | null;
  /** For partners: what they see of it. */
  readonly seen?: SeenOfEvent;
}

/** An event as it is read. */
export interface EventRow
  extends Omit<StoredEvent, 'document' | 'retracted' | 'redacted' | 'seq'>, GivenText {
  readonly seq: number;
  readonly retracted: boolean | null;
}

/** The columns of an {@link EventRow}. */
export const EVENT_COLUMNS = fragment`e.id AS id, e.type AS type, e.action AS action, e.bizStep AS bizStep, e.disposition AS disposition,
  e.eventTime AS eventTime, e.eventTimeZoneOffset AS eventTimeZoneOffset, e.recordTime AS recordTime, e.seq AS seq,
  e.readPoint AS readPoint, e.bizLocation AS bizLocation, e.retracted AS retracted, e.text AS text, e.context AS context,
  e.header AS header, CASE e.sentBy WHEN 'host' THEN null ELSE e.sentBy END AS sentBy`;

/** The relationship that says that the partner who asks sees `e`. */
const SEEN = fragment`(e)-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND ${notWithheld(fragment`e`, fragment`s`)}`;
const OF_IT = fragment`{whole: coalesce(s.whole, false), names: s.names} AS seen`;
/** {@link EVENT_COLUMNS} for partners, and what they see of the event. */
export const SEEN_COLUMNS = fragment`${EVENT_COLUMNS}, ${OF_IT}`;

const EVENTS_BY_ID = cypher.events<EventRow>('events.byId', {
  givesDocuments: true,
  partner: fragment`
UNWIND $ids AS id
MATCH (e:Event {id: id})
MATCH ${SEEN}
RETURN ${SEEN_COLUMNS}`,
})`
UNWIND $ids AS id
MATCH (e:Event {id: id})
RETURN ${EVENT_COLUMNS}`;

interface DeclarationRow extends GivenText {
  event: string;
  id: string;
  reason: string | null;
  declarationTime: number;
  recordTime: number;
  seq: number;
  correctiveEventIDs: readonly string[] | null;
}

const DECLARATION_COLUMNS = fragment`id AS event, d.id AS id, d.reason AS reason, d.declarationTime AS declarationTime, d.recordTime AS recordTime,
  d.seq AS seq, d.correctiveEventIDs AS correctiveEventIDs, d.text AS text, d.context AS context`;

const DECLARATIONS = cypher.events<DeclarationRow>('events.declarations', {
  givesDocuments: true,
  partner: fragment`
UNWIND $ids AS id
MATCH (e:Event {id: id})<-[:DECLARES]-(d:ErrorDeclaration)
MATCH ${SEEN}
RETURN ${DECLARATION_COLUMNS}, ${OF_IT}
ORDER BY event, declarationTime, id`,
})`
UNWIND $ids AS id
MATCH (e:Event {id: id})<-[:DECLARES]-(d:ErrorDeclaration)
RETURN ${DECLARATION_COLUMNS}
ORDER BY event, declarationTime, id`;

const HEADERS = cypher.events<{ id: string; text: string }>('events.headers', {
  givesDocuments: true,
  limited: 'the id of a header is in the row of an event that is seen whole',
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

function toDeclaration(row: DeclarationRow): StoredDeclaration {
  const { id, reason, declarationTime, recordTime, correctiveEventIDs, seen } = row;
  const correct = correctiveEventIDs ?? [];
  return {
    id,
    reason,
    declarationTime,
    recordTime,
    seq: seen === undefined ? row.seq : null,
    correctiveEventIDs: correct,
    document: documentOf(row),
  };
}

/** An event from its row. Partners see no log position, and who sent it and around what only of a whole event. */
export function toEvent({ text, context, retracted, seen, ...row }: EventRow): StoredEvent {
  const given = { text, context, ...(seen === undefined ? {} : { seen }) };
  const event = { ...row, retracted: retracted === true, document: documentOf(given) };
  if (seen === undefined) return { ...event, redacted: false };
  return seen.whole
    ? { ...event, redacted: false, seq: null }
    : { ...event, redacted: true, seq: null, header: null, sentBy: null };
}

/** Adds the prefixes of its document to an event. Those that the event declares itself come later and win. */
function documentOf({ text, context, seen }: GivenText): Record<string, unknown> {
  const event = parse(text);
  if (seen?.whole === false) return cutEvent(event, seen);
  if (context === null) return event;
  const around = parse(context);
  const own = event['@context'];
  if (own === undefined) return { '@context': around, ...event };
  return { ...event, '@context': [around, ...(Array.isArray(own) ? (own as unknown[]) : [own])] };
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
