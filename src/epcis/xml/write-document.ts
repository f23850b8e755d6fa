import type { JsonObject } from '../checks.js';
import { isObject } from '../checks.js';
import { prefixesOf, withValuesExpanded } from '../namespaces.js';
import type { OutputEvent, OutputHeader, OutputOptions } from '../write-json.js';
import { commonHeader } from '../write-json.js';
import { withNumbersAsWritten } from '../write-numbers.js';
import type { Bindings } from '../write-prefixes.js';
import { sharedBindings } from '../write-prefixes.js';
import { XML_NAMESPACES } from './layout.js';
import type { EventElement, XmlVersion } from './write-event.js';
import { eventElement } from './write-event.js';
import type { HeaderElements } from './write-header.js';
import { headerElements, vocabularyList } from './write-header.js';
import { declarationsOf, NameScope } from './write-scope.js';
import { attribute, escapedText } from './write-text.js';
import { elementText } from './write-values.js';

/** Options of a document in XML, with its version. */
export interface XmlOptions extends OutputOptions {
  readonly version: XmlVersion;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An event without its start tag, which depends on what the document declares. */
interface Written {
  readonly element: EventElement;
  readonly scope: NameScope;
  readonly content: JsonObject;
}

function written(output: OutputEvent, version: XmlVersion): Written {
  const { '@context': own, ...event } = output.event as unknown as JsonObject;
  const prefixes = prefixesOf(output.context, own);
  const scope = new NameScope(Object.fromEntries(prefixes));
  const meant = withValuesExpanded(event, prefixes);
  const recorded =
    output.recordTimeMs === undefined
      ? meant
      : { ...meant, recordTime: new Date(output.recordTimeMs).toISOString() };
  const content = withNumbersAsWritten(recorded, output.text) as JsonObject;
  return { element: eventElement(content, scope, version), scope, content };
}

function eventText({ element, scope }: Written, holding: Bindings): string {
  const { name, inside, wrappers } = element;
  const event = elementText(name, declarationsOf(scope.declarations, holding), inside);
  return wrappers.reduce((text, wrapper) => elementText(wrapper, '', text), event);
}

/** The parts of a document. */
interface Parts {
  readonly header: HeaderElements;
  readonly events: readonly Written[];
  /** Prefixes of the root and header, and those that all events share. */
  readonly declared: Bindings;
  /** Master data, if that is the answer to a query. */
  readonly vocabularies?: string;
}

function partsOf(events: readonly OutputEvent[], options: XmlOptions, fixed: Bindings): Parts {
  const { kind, version, masterData } = options;
  const { '@context': context, ...fields } = commonHeader(options.headers ?? []);
  const scope = new NameScope(isObject(context) ? (context as Bindings) : {}, fixed);
  const answer = kind === 'EPCISQueryDocument' && events.length === 0 ? masterData : undefined;
  const vocabularies = answer === undefined ? undefined : vocabularyList(answer, scope);
  const beside = answer === undefined ? (masterData ?? []) : [];
  const header = headerElements(fields, beside, scope, version);
  const all = events.map((event) => written(event, version));
  const common = sharedBindings(
    all.map((one) => ({ bindings: one.scope.declarations, content: one.content })),
  );
  // Prefixes of root and header win, because only an event can bind a prefix again.
  const declared = { ...common, ...scope.declarations };
  return { header, events: all, declared, ...(vocabularies === undefined ? {} : { vocabularies }) };
}

function eventList({ events, declared, vocabularies }: Parts): string {
  if (vocabularies !== undefined) return vocabularies;
  return elementText('EventList', '', events.map((event) => eventText(event, declared)).join('\n'));
}

/** What is around results that are a document of their own. */
interface Around {
  readonly attributes: string;
  readonly after: string;
}

const INSIDE: Around = { attributes: '', after: '' };

function queryResults(
  results: string,
  name: string,
  { queryName = 'SimpleEventQuery', subscriptionID }: XmlOptions,
  { attributes, after }: Around = INSIDE,
): string {
  const subscription =
    subscriptionID === undefined
      ? ''
      : elementText('subscriptionID', '', escapedText(subscriptionID));
  return elementText(
    name,
    attributes,
    elementText('queryName', '', escapedText(queryName)) +
      subscription +
      elementText('resultsBody', '', results) +
      after,
  );
}

/**
 * An EPCISDocument or EPCISQueryDocument in XML, 2.0 or 1.2 (EPCIS 2.0 section 9, EPCIS 1.2 section
 * 9.3). It is valid by the schema if the events are. The root declares prefixes; an event declares
 * those that have another meaning in another event. CBV words are URNs in 1.2; in 2.0 they stay as
 * given, and a bare word becomes a URN. In 1.2, `extension` holds what 2.0 added. In a query
 * document without events, master data is the answer; otherwise it is in the header.
 */
export function writeXmlDocument(events: readonly OutputEvent[], options: XmlOptions): string {
  const { kind, version, creationDateMs } = options;
  const isQuery = kind === 'EPCISQueryDocument';
  const prefix = isQuery ? 'epcisq' : 'epcis';
  const namespace = XML_NAMESPACES[isQuery ? 'query' : 'document'][version];
  const { header, declared, ...parts } = partsOf(events, options, { [prefix]: namespace });
  const list = eventList({ header, declared, ...parts });
  const body = isQuery ? queryResults(list, `${prefix}:QueryResults`, options) : list;
  const attributes =
    declarationsOf(declared) +
    attribute('schemaVersion', version) +
    attribute('creationDate', new Date(creationDateMs).toISOString());
  const inside = header.before + elementText('EPCISBody', '', body) + header.after;
  return `${DECLARATION}${elementText(`${prefix}:${kind}`, attributes, inside)}\n`;
}

/**
 * Only the `QueryResults` of {@link writeXmlDocument}, with the prefixes it needs, for a SOAP body.
 * The common header fields of the events' documents follow the results, except business document
 * headers, which describe one document.
 */
export function writeXmlResults(
  events: readonly OutputEvent[],
  options: Omit<XmlOptions, 'kind' | 'creationDateMs'>,
): string {
  const { version, headers = [] } = options;
  const whole: XmlOptions = {
    ...options,
    kind: 'EPCISQueryDocument',
    creationDateMs: 0,
    headers: headers.map(withoutBusinessDocument),
  };
  const fixed = { epcisq: XML_NAMESPACES.query[version] };
  const { header, declared, ...parts } = partsOf(events, whole, fixed);
  return queryResults(eventList({ header, declared, ...parts }), 'epcisq:QueryResults', whole, {
    attributes: declarationsOf(declared),
    after: header.after,
  });
}

function withoutBusinessDocument(header: OutputHeader): OutputHeader {
  const kept = Object.entries(header).filter(
    ([key]) => !key.endsWith(':StandardBusinessDocumentHeader'),
  );
  return Object.fromEntries(kept);
}

/** One event as its own XML document, as `POST /events` accepts it. */
export function writeXmlEvent(event: OutputEvent, version: XmlVersion): string {
  const one = written(event, version);
  return `${DECLARATION}${eventText({ ...one, element: { ...one.element, wrappers: [] } }, {})}\n`;
}
