import { documentOf } from '../e2e/capture-event-types.js';

const NAMES = 'xmlns:ext="https://ns.example.com/ext/"';

/** Events of the JSON binding as an EPCISQueryDocument. */
export function queryDocumentOf(...events: readonly unknown[]): Record<string, unknown> {
  const { epcisBody, ...rest } = documentOf(...events);
  const queryResults = { queryName: 'SimpleEventQuery', resultsBody: epcisBody };
  return { ...rest, type: 'EPCISQueryDocument', epcisBody: { queryResults } };
}

interface XmlParts {
  readonly isQuery?: boolean;
  /** The event without a document. */
  readonly isAlone?: boolean;
  /** Name of the event's bizLocation, as master data of the header. */
  readonly place?: string;
  /** Further elements of EPCISHeader. */
  readonly header?: string;
  /** Behind the fields of the standard. */
  readonly more?: string;
  /** Instead of the one event. */
  readonly events?: string;
}

function headerOf({ place, header = '' }: XmlParts): string {
  if (place === undefined && header === '') return '';
  const masterData = `<extension><EPCISMasterData><VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList><VocabularyElement id="urn:epc:id:sgln:9506000.13435.0"><attribute id="urn:epcglobal:cbv:mda#name">${place ?? ''}</attribute></VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension>`;
  return `<EPCISHeader>${header}${place === undefined ? '' : masterData}</EPCISHeader>`;
}

function documentIn(version: 1 | 2, event: string, parts: XmlParts): string {
  const list = `<EventList>\n${parts.events ?? event}\n</EventList>`;
  const about = `${NAMES} schemaVersion="${version === 1 ? '1.2' : '2.0'}" creationDate="2026-03-14T10:00:00Z"`;
  const header = headerOf(parts);
  return parts.isQuery === true
    ? `<?xml version="1.0" encoding="UTF-8"?>\n<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:${version}" ${about}>${header}<EPCISBody><q:QueryResults><queryName>SimpleEventQuery</queryName><resultsBody>${list}</resultsBody></q:QueryResults></EPCISBody></q:EPCISQueryDocument>`
    : `<?xml version="1.0" encoding="UTF-8"?>\n<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:${version}" ${about}>${header}<EPCISBody>${list}</EPCISBody></e:EPCISDocument>`;
}

const TIMES =
  '<eventTime>2026-03-14T09:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>';
const id = (serial: string): string => `<eventID>urn:x:event:${serial}</eventID>`;
const rest = (serial: string, more: string): string =>
  `<epcList><epc>https://id.gs1.org/01/09506000134352/21/${serial}</epc></epcList><action>OBSERVE</action><bizLocation><id>https://id.gs1.org/414/9506000134352</id></bizLocation>${more}`;

/** The event that `sighting(serial)` is, in XML 2.0. */
export function inXml2(serial: string, parts: XmlParts = {}): string {
  const event = `<ObjectEvent>${TIMES}${id(serial)}${rest(serial, parts.more ?? '')}</ObjectEvent>`;
  if (parts.isAlone === true) return event;
  return documentIn(2, event, parts);
}

/** The event that `sighting(serial)` is, in XML 1.2. */
export function inXml12(serial: string, parts: XmlParts = {}): string {
  const event = `<ObjectEvent>${TIMES}<baseExtension>${id(serial)}</baseExtension>${rest(serial, parts.more ?? '')}</ObjectEvent>`;
  return parts.isAlone === true ? event : documentIn(1, event, parts);
}
