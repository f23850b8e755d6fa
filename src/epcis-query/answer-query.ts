import type { View } from '../access/view.js';
import type { EpcisEvent } from '../epcis/event.js';
import { prefixesOf, withValuesExpanded } from '../epcis/namespaces.js';
import type { EpcFormat } from '../epcis/translate-identifiers.js';
import { withEpcFormat } from '../epcis/translate-identifiers.js';
import type { CbvXmlFormat } from '../epcis/translate-vocabulary.js';
import { vocabularyFormOf, withVocabularyForm } from '../epcis/translate-vocabulary.js';
import type { OutputEvent, OutputHeader, OutputOptions } from '../epcis/write-json.js';
import { writeJsonDocument } from '../epcis/write-json.js';
import { writeXmlDocument, writeXmlResults } from '../epcis/xml/write-document.js';
import type { PrefixLengths } from '../gs1/prefix-lengths.js';
import type { Clock } from '../shared/clock.js';
import type { CompanyPrefixes } from './company-prefixes.read-model.js';
import { findEvents, readHeaders } from './event-query.read-model.js';
import type { EventQuery, FoundEvent, PageAsked } from './event-query.js';

const STANDARD_CONTEXT = '/epcis-context.jsonld';

/** What is needed to answer queries. */
export interface QueryDeps {
  readonly view: View;
  readonly clock: Clock;
  readonly prefixes: CompanyPrefixes;
  /** About how many bytes of events one answer may have; default 16 MiB. */
  readonly maxBytes?: number;
}

/** The part that is the same for every call. */
export type AnswerDeps = Omit<QueryDeps, 'view'>;

/** The form of an answer. */
export interface AnswerForm {
  readonly syntax: 'JSON' | 'XML';
  /** Version of XML. JSON exists only in 2.0. */
  readonly version: '2.0' | '1.2';
  readonly epcFormat: EpcFormat;
  readonly cbvXmlFormat: CbvXmlFormat;
  /** `SimpleEventQuery` unless given. */
  readonly queryName?: string;
  readonly subscriptionID?: string;
}

/** An EPCISQueryDocument with a page of events. */
export interface QueryAnswer {
  readonly text: string;
  readonly count: number;
  /** nextPageToken; absent on the last page. */
  readonly next?: string;
  readonly expiresAtMs?: number;
}

/**
 * Finds a page of events and writes them as an EPCISQueryDocument. The page has fewer events than asked for when they are long.
 *
 * @throws Problem as {@link findEvents}
 * @see EPCIS 2.0, 8.2.5 (query control interface)
 */
export async function answerQuery(
  deps: QueryDeps,
  query: EventQuery,
  page: Omit<PageAsked, 'nowMs'>,
  form: AnswerForm,
): Promise<QueryAnswer> {
  const { view, clock, maxBytes } = deps;
  const found = await findEvents(view, query, { ...page, nowMs: clock.now(), maxBytes });
  const { events, ...next } = found;
  return { text: await writeFound(deps, events, form), count: events.length, ...next };
}

/**
 * Writes events as an EPCISQueryDocument, with identifiers and words in the form asked for. Each event has its recordTime and an eventID:
 * the sender's, or the one given here. The header has the fields that the headers of their documents have in common.
 */
export async function writeFound(
  deps: QueryDeps,
  found: readonly FoundEvent[],
  form: AnswerForm,
): Promise<string> {
  const { events, options } = await outputsOf(deps, found, form);
  return form.syntax === 'JSON'
    ? writeJsonDocument(events, options)
    : writeXmlDocument(events, { ...options, version: form.version });
}

/** Like {@link writeFound}, but only the XML element `QueryResults`. */
export async function writeFoundResults(
  deps: QueryDeps,
  found: readonly FoundEvent[],
  form: AnswerForm,
): Promise<string> {
  const { events, options } = await outputsOf(deps, found, form);
  return writeXmlResults(events, { ...options, version: form.version });
}

async function outputsOf(
  { view, clock, prefixes }: QueryDeps,
  found: readonly FoundEvent[],
  form: AnswerForm,
): Promise<{ readonly events: readonly OutputEvent[]; readonly options: OutputOptions }> {
  const lengths = await prefixes.knownFor(form.epcFormat, view);
  const options: OutputOptions = {
    kind: 'EPCISQueryDocument',
    creationDateMs: clock.now(),
    headers: await headersOf(view, found),
    ...(form.queryName === undefined ? {} : { queryName: form.queryName }),
    ...(form.subscriptionID === undefined ? {} : { subscriptionID: form.subscriptionID }),
  };
  return { events: found.map((event) => outputOf(event, form, lengths)), options };
}

async function headersOf(
  view: View,
  found: readonly FoundEvent[],
): Promise<readonly OutputHeader[]> {
  const ids = [...new Set(found.map(({ header }) => header))];
  const present = ids.filter((id) => id !== null);
  if (present.length === 0) return [];
  const headers = (await readHeaders(view, present)) as readonly OutputHeader[];
  return present.length === ids.length ? headers : [...headers, {}];
}

function outputOf(found: FoundEvent, form: AnswerForm, lengths: PrefixLengths): OutputEvent {
  const named = withEventID(readEvent(found.text), found);
  const context =
    found.context === null
      ? undefined
      : (JSON.parse(found.context) as Readonly<Record<string, string>>);
  const bound = prefixesOf(context, named['@context']);
  const given = form.syntax === 'XML' ? withValuesExpanded(named, bound) : named;
  const words = form.syntax === 'JSON' ? 'BARE' : vocabularyFormOf(form.cbvXmlFormat);
  const spelled = words === null ? given : withVocabularyForm(given, words);
  return {
    event: withEpcFormat(spelled, form.epcFormat, lengths, bound),
    text: found.text,
    recordTimeMs: found.recordTimeMs,
    ...(context === undefined ? {} : { context }),
  };
}

/** An event captured by itself has the standard's @context, which is now on the document around it. */
function readEvent(text: string): EpcisEvent {
  const event = JSON.parse(text) as EpcisEvent & { readonly '@context'?: unknown };
  const { '@context': context, ...rest } = event;
  if (context === undefined) return event;
  const parts = (Array.isArray(context) ? context : [context]) as readonly unknown[];
  const own = parts.filter((part) => typeof part !== 'string' || !part.endsWith(STANDARD_CONTEXT));
  return own.length === 0 ? rest : withContext(rest, own);
}

function withContext(event: EpcisEvent, context: readonly unknown[]): EpcisEvent {
  const own = { '@context': context };
  return { ...own, ...event };
}

/** An event captured without eventID gets the one given here, so that it can be found again. A declaration gets that of its event. */
function withEventID(event: EpcisEvent, { id }: FoundEvent): EpcisEvent {
  if (event.eventID !== undefined) return event;
  const [eventID = id] = id.split(' declared ', 1);
  return { ...event, eventID };
}
