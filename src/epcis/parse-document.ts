import type { CaptureLimits } from './capture-limits.js';
import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import { documentHeaderOf } from './document-header.js';
import {
  checkDocument,
  checkDocumentType,
  checkQueryDocument,
  checkXmlQueryDocument,
} from './document-shapes.js';
import type { Finding, Issue, Warnings } from './faults.js';
import { Faults, placed, pointerTo } from './faults.js';
import type { Around } from './judge-event.js';
import {
  NOT_AN_OBJECT,
  beyondAround,
  judgeEvent,
  reportBeyond,
  reportNamespaces,
  tooMany,
} from './judge-event.js';
import { masterDataOf } from './master-data.js';
import { ignoredFields, prefixesOf } from './namespaces.js';
import type { Parsed, ParsedEvent, ParsedOne } from './parsed.js';
import type { SourceDocument } from './source.js';
import { jsonSource } from './source-document.js';
import { withDigitsKept } from './write-numbers.js';

export type { CaptureLimits } from './capture-limits.js';
export type { Parsed, ParsedDocument, ParsedEvent, ParsedOne } from './parsed.js';

const NO_ISSUES: ReadonlyMap<string, readonly Issue[]> = new Map();
const NOTHING: ReadonlySet<string> = new Set();

const NO_CONTEXT: Finding = {
  code: 'FIELD_MISSING',
  expected: 'the field @context',
  remedy: 'Add "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"].',
};

/** Where the parts of a document are. */
interface Body {
  readonly pointer: string;
  readonly events: readonly unknown[];
  /** Paths where master data may be. */
  readonly vocabularies: readonly (readonly string[])[];
  /** The object that may have `ignoreFields`, the fields that the event hash excludes. */
  readonly ignoring: unknown;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const step of path) inner = isObject(inner) ? inner[step] : undefined;
  return inner;
}

function bodyOf(document: JsonObject): Body {
  const isQuery = document['type'] === 'EPCISQueryDocument';
  const path = isQuery ? ['epcisBody', 'queryResults', 'resultsBody'] : ['epcisBody'];
  const events = at(document, ...path, 'eventList');
  return {
    pointer: `/${path.join('/')}/eventList`,
    events: Array.isArray(events) ? events : [],
    vocabularies: [
      ['epcisHeader', 'epcisMasterData', 'vocabularyList'],
      [...path, 'vocabularyList'],
    ],
    ignoring: isQuery ? at(document, 'epcisBody', 'queryResults') : document,
  };
}

/** Judges what is around the events. */
function judgeAround(
  document: JsonObject,
  body: Body,
  limits: CaptureLimits,
  faults: Faults,
): void {
  const beyond = beyondAround(document, body.events, limits);
  if (beyond !== null) {
    reportBeyond(beyond, limits, faults);
    return;
  }
  if (reportNamespaces(document['@context'], '', faults)) return;
  const type = document['type'];
  if (type === 'EPCISDocument') checkDocument(document, '', faults);
  else if (type === 'EPCISQueryDocument') {
    const check = faults.isXml ? checkXmlQueryDocument : checkQueryDocument;
    check(document, '', faults);
  } else checkDocumentType(type, '', 'type', faults);
  if (body.events.length > limits.maxEvents) {
    faults.add(
      tooMany(
        'LIMIT_EVENTS',
        'events in one document',
        limits.maxEvents,
        'Send several documents.',
      ),
      body.pointer,
      body.events,
    );
  }
}

function refused(issues: readonly Issue[], warnings: Warnings): Parsed {
  const bad = [{ pointer: '', issues }];
  return { ok: false, issues, warnings, partial: { good: [], bad, masterData: [] } };
}

/** Judges a document that is already parsed JSON; see `parseSource`. */
export function parseDocument(document: unknown, limits: CaptureLimits): Parsed {
  return parseSource(jsonSource(document), limits);
}

/** Faults found while reading, by event; those around the events have the empty pointer. */
function issuesByEvent(source: SourceDocument, body: Body): Map<string, Issue[]> {
  const found = new Map<string, Issue[]>();
  for (const issue of source.issues ?? []) {
    const index = issue.pointer.startsWith(`${body.pointer}/`)
      ? issue.pointer.slice(body.pointer.length + 1).split('/', 1)[0]
      : undefined;
    const pointer = index === undefined ? '' : pointerTo(body.pointer, index);
    const issues = found.get(pointer);
    if (issues === undefined) found.set(pointer, [issue]);
    else issues.push(issue);
  }
  return found;
}

/** Issues with their places in the text; a JSON source has none. */
function withPlaces(issues: readonly Issue[], source: SourceDocument): readonly Issue[] {
  if (source.syntax === 'JSON') return issues;
  return issues.map((issue) =>
    issue.line === undefined ? placed(issue, source.placeOf(issue.pointer)) : issue,
  );
}

/** The warnings of reading and of judging, with their places. */
function warningsOf({ warnings }: Faults, source: SourceDocument): Warnings {
  return { kept: withPlaces(warnings.kept, source), found: warnings.found };
}

/**
 * Judges an EPCISDocument or EPCISQueryDocument (EPCIS 2.0 sections 9 and 10). The result is every
 * fault with its place, or every event with its id, hash and time, and the master data of the
 * header. Never throws, and never goes beyond the limits.
 */
export function parseSource(source: SourceDocument, limits: CaptureLimits): Parsed {
  const faults = new Faults(source.syntax !== 'JSON', limits.digitalLinkDomains);
  const { document } = source;
  if (!isObject(document)) {
    faults.add(NOT_AN_OBJECT, '', document);
    return refused(faults.issues, faults.warnings);
  }
  if (source.warnings !== undefined) faults.warnings.take(source.warnings);
  const context = document['@context'];
  const prefixes = prefixesOf(context);
  const body = bodyOf(document);
  const issues = issuesByEvent(source, body);
  faults.take(issues.get('') ?? []);
  judgeAround(document, body, limits, faults);
  if (body.events.length > limits.maxEvents) {
    return refused(withPlaces(faults.issues, source), warningsOf(faults, source));
  }
  const isSound = faults.found === 0;
  const ignored = ignoredFields(body.ignoring, prefixes);
  const header = isSound ? documentHeaderOf(source) : undefined;
  const around: Around = { source, header, limits, prefixes, ignored, issues };
  const judged = judgeEvents(body, around, faults);
  const masterData = isSound
    ? body.vocabularies.flatMap((path) => masterDataOf(vocabulariesAt(source, path)))
    : [];
  const beside = { masterData, ...(header === undefined ? {} : { header }) };
  const warnings = warningsOf(faults, source);
  if (faults.found === 0)
    return { ok: true, document: { events: judged.good, ...beside }, warnings };
  const all = withPlaces(faults.issues, source);
  const bad = judged.bad.map(({ pointer, from, to }) => ({ pointer, issues: all.slice(from, to) }));
  const good = isSound ? judged.good : [];
  return { ok: false, issues: all, warnings, partial: { good, bad, ...beside } };
}

/** Master data; a number is text if JavaScript would lose its digits. */
function vocabulariesAt({ document, textOf }: SourceDocument, path: readonly string[]): unknown {
  const value = at(document, ...path);
  const text = value === undefined ? undefined : textOf(`/${path.join('/')}`);
  return text === undefined ? value : withDigitsKept(value, text);
}

/** An invalid event, and the range of its issues. */
interface BadEvent {
  readonly pointer: string;
  readonly from: number;
  readonly to: number;
}

function judgeEvents(
  body: Body,
  around: Around,
  faults: Faults,
): { readonly good: readonly ParsedEvent[]; readonly bad: readonly BadEvent[] } {
  const good: ParsedEvent[] = [];
  const before = faults.issues.length;
  const bad: BadEvent[] = before === 0 ? [] : [{ pointer: '', from: 0, to: before }];
  body.events.forEach((value, index) => {
    const pointer = pointerTo(body.pointer, index);
    const from = faults.issues.length;
    const place = around.source.eventPlaces?.[index];
    const parsed = judgeEvent(value, { pointer, place }, around, faults);
    if (parsed) good.push(parsed);
    else bad.push({ pointer, from, to: faults.issues.length });
  });
  return { good, bad };
}

/** Judges one event alone, as in `POST /events` (EPCIS 2.0 section 12.6); JSON needs `@context`. */
export function parseEventSource(source: SourceDocument, limits: CaptureLimits): ParsedOne {
  const { document: event, context } = source;
  const faults = new Faults(source.syntax !== 'JSON', limits.digitalLinkDomains);
  if (isObject(event) && event['@context'] === undefined && context === undefined)
    faults.add(NO_CONTEXT, '', undefined);
  const prefixes = prefixesOf(context);
  const issues =
    source.issues === undefined || source.issues.length === 0
      ? NO_ISSUES
      : new Map([['', source.issues]]);
  const alone = { source, header: undefined, limits, prefixes };
  const around: Around = { ...alone, ignored: NOTHING, issues };
  if (source.warnings !== undefined) faults.warnings.take(source.warnings);
  const parsed = judgeEvent(event, { pointer: '', place: source.eventPlaces?.[0] }, around, faults);
  const warnings = warningsOf(faults, source);
  return parsed && faults.found === 0
    ? { ok: true, event: parsed, warnings }
    : { ok: false, issues: withPlaces(faults.issues, source), warnings };
}

/** Judges an event that is already parsed JSON; see `parseEventSource`. */
export function parseEvent(event: unknown, limits: CaptureLimits): ParsedOne {
  return parseEventSource(jsonSource(event), limits);
}
