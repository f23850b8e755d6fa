import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import { checkDocument, checkDocumentType, checkQueryDocument } from './document-shapes.js';
import type { EpcisEvent } from './event.js';
import { hashOf } from './event-hash.js';
import { checkEvent } from './event-shapes.js';
import type { Finding, Issue } from './faults.js';
import { Faults, pointerTo } from './faults.js';
import { epochMillis } from './formats.js';
import type { MasterDataEntry } from './master-data.js';
import { masterDataOf } from './master-data.js';
import type { Prefixes } from './namespaces.js';
import { ignoredFields, prefixesOf } from './namespaces.js';
import { bareWord } from './vocabulary.js';

/** The most that one document may hold; bytes are counted where it is read. */
export interface CaptureLimits {
  readonly maxEvents: number;
  readonly maxEpcsPerEvent: number;
  /** Levels of nesting inside one event, and around the events. */
  readonly maxDepth: number;
}

/** That an event is declared wrong (EPCIS 2.0 section 7.4.1.4); `reason` is the bare word or a URI. */
export interface ParsedErrorDeclaration {
  readonly declarationTimeMs: number;
  readonly reason?: string;
  readonly correctiveEventIDs: readonly string[];
}

/** One event that is right. */
export interface ParsedEvent {
  readonly pointer: string;
  /** The eventID as given, or the hash. */
  readonly id: string;
  /** The event hash, `ni:///sha-256;…?ver=CBV2.0` (CBV 2.0 section 8.9). */
  readonly hash: string;
  readonly givenId: boolean;
  /** The very object that came, untouched. */
  readonly event: EpcisEvent;
  readonly eventTimeMs: number;
  /** Prefixes in scope, from the document's `@context` and the event's own; without them extensions cannot be read. */
  readonly prefixes: Prefixes;
  readonly errorDeclaration?: ParsedErrorDeclaration;
}

/** A document in which everything is right. */
export interface ParsedDocument {
  readonly events: readonly ParsedEvent[];
  readonly masterData: readonly MasterDataEntry[];
}

/** An event that is not right, with all that is wrong in it. An empty pointer means the document around the events. */
export interface RejectedEvent {
  readonly pointer: string;
  readonly issues: readonly Issue[];
}

/** What can still be taken of a faulty document where the sender asked to proceed; nothing when the fault is around the events. */
export interface PartialDocument {
  readonly good: readonly ParsedEvent[];
  readonly bad: readonly RejectedEvent[];
  readonly masterData: readonly MasterDataEntry[];
}

/** The outcome of reading a document. */
export type Parsed =
  | { readonly ok: true; readonly document: ParsedDocument }
  | { readonly ok: false; readonly issues: readonly Issue[]; readonly partial: PartialDocument };

/** The outcome of reading one event. */
export type ParsedOne =
  | { readonly ok: true; readonly event: ParsedEvent }
  | { readonly ok: false; readonly issues: readonly Issue[] };

const EPC_LISTS = [
  'epcList',
  'childEPCs',
  'inputEPCList',
  'outputEPCList',
  'quantityList',
  'childQuantityList',
  'inputQuantityList',
  'outputQuantityList',
] as const;

const NOT_AN_OBJECT: Finding = {
  code: 'OBJECT_INVALID',
  expected: 'an object',
  remedy: 'Write a JSON object (EPCIS 2.0 section 10).',
};
const NO_CONTEXT: Finding = {
  code: 'FIELD_MISSING',
  expected: 'the field @context',
  remedy: 'Add "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"].',
};

function tooMany(code: string, what: string, limit: number, remedy: string): Finding {
  return { code, expected: `at most ${limit} ${what}`, remedy };
}

/** The first place nested deeper than the limit, or null; never goes deeper than the limit itself. */
function tooDeep(value: unknown, left: number, at: string, skip?: unknown): string | null {
  if (typeof value !== 'object' || value === null || value === skip) return null;
  if (left === 0) return at;
  for (const key of Object.keys(value)) {
    const inner = (value as JsonObject)[key];
    if (typeof inner !== 'object' || inner === null) continue;
    const found = tooDeep(inner, left - 1, pointerTo(at, key), skip);
    if (found !== null) return found;
  }
  return null;
}

function reportDepth(at: string, limits: CaptureLimits, faults: Faults): void {
  faults.add(
    tooMany('LIMIT_DEPTH', 'levels of nesting', limits.maxDepth, 'Flatten the extension.'),
    at,
    'deeper nesting',
  );
}

function countEpcs(event: JsonObject): number {
  let count = 0;
  for (const name of EPC_LISTS) {
    const listed = event[name];
    if (Array.isArray(listed)) count += listed.length;
  }
  return count;
}

/** Limits come first: what is over them is not looked into. */
function withinLimits(
  event: JsonObject,
  at: string,
  limits: CaptureLimits,
  faults: Faults,
): boolean {
  const epcs = countEpcs(event);
  if (epcs > limits.maxEpcsPerEvent) {
    const finding = tooMany(
      'LIMIT_EPCS',
      'EPCs and quantities in one event',
      limits.maxEpcsPerEvent,
      'Split the event.',
    );
    faults.add(finding, at, epcs);
    return false;
  }
  const deep = tooDeep(event, limits.maxDepth, at);
  if (deep === null) return true;
  reportDepth(deep, limits, faults);
  return false;
}

/** What the events of a document share. */
interface Around {
  readonly limits: CaptureLimits;
  readonly context: unknown;
  readonly prefixes: Prefixes;
  readonly ignored: ReadonlySet<string>;
}

function errorDeclarationOf(event: EpcisEvent): ParsedErrorDeclaration | undefined {
  const declared = event.errorDeclaration;
  if (declared === undefined) return undefined;
  return {
    declarationTimeMs: epochMillis(declared.declarationTime) ?? 0,
    ...(declared.reason === undefined ? {} : { reason: bareWord('errorReason', declared.reason) }),
    correctiveEventIDs: declared.correctiveEventIDs ?? [],
  };
}

function parsedEvent(event: EpcisEvent, pointer: string, around: Around): ParsedEvent {
  const own = event['@context'];
  const prefixes = own === undefined ? around.prefixes : prefixesOf(around.context, own);
  const hash = hashOf(event, prefixes, around.ignored);
  const errorDeclaration = errorDeclarationOf(event);
  return {
    pointer,
    id: event.eventID ?? hash,
    hash,
    givenId: event.eventID !== undefined,
    event,
    eventTimeMs: epochMillis(event.eventTime) ?? 0,
    prefixes,
    ...(errorDeclaration === undefined ? {} : { errorDeclaration }),
  };
}

function judgeEvent(
  value: unknown,
  pointer: string,
  around: Around,
  faults: Faults,
): ParsedEvent | null {
  const before = faults.found;
  if (!isObject(value)) faults.add(NOT_AN_OBJECT, pointer, value);
  else if (withinLimits(value, pointer, around.limits, faults)) checkEvent(value, pointer, faults);
  return faults.found === before ? parsedEvent(value as EpcisEvent, pointer, around) : null;
}

/** Where the events of a document stand, whatever else is there. */
interface Body {
  readonly pointer: string;
  readonly events: readonly unknown[];
  readonly vocabularies: readonly unknown[];
  readonly ignored: ReadonlySet<string>;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const step of path) inner = isObject(inner) ? inner[step] : undefined;
  return inner;
}

function bodyOf(document: JsonObject, prefixes: Prefixes): Body {
  const isQuery = document['type'] === 'EPCISQueryDocument';
  const path = isQuery ? ['epcisBody', 'queryResults', 'resultsBody'] : ['epcisBody'];
  const events = at(document, ...path, 'eventList');
  return {
    pointer: `/${path.join('/')}/eventList`,
    events: Array.isArray(events) ? events : [],
    vocabularies: [
      at(document, 'epcisHeader', 'epcisMasterData', 'vocabularyList'),
      at(document, ...path, 'vocabularyList'),
    ],
    ignored: ignoredFields(
      isQuery ? at(document, 'epcisBody', 'queryResults') : undefined,
      prefixes,
    ),
  };
}

/** Judges what stands around the events; false when it is not worth looking at them. */
function judgeAround(
  document: JsonObject,
  body: Body,
  limits: CaptureLimits,
  faults: Faults,
): void {
  const deep = tooDeep(document, limits.maxDepth, '', body.events);
  if (deep !== null) {
    reportDepth(deep, limits, faults);
    return;
  }
  const type = document['type'];
  if (type === 'EPCISDocument') checkDocument(document, '', faults);
  else if (type === 'EPCISQueryDocument') checkQueryDocument(document, '', faults);
  else checkDocumentType(type, '', 'type', faults);
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

function refused(faults: Faults): Parsed {
  const bad = [{ pointer: '', issues: faults.issues }];
  return { ok: false, issues: faults.issues, partial: { good: [], bad, masterData: [] } };
}

/**
 * Reads an EPCISDocument or EPCISQueryDocument (EPCIS 2.0 sections 9 and 10): every fault with its place, or every event with its
 * id, hash and time, and the master data of the header. Never throws; never goes deeper, nor further, than the limits.
 */
export function parseDocument(document: unknown, limits: CaptureLimits): Parsed {
  const faults = new Faults();
  if (!isObject(document)) {
    faults.add(NOT_AN_OBJECT, '', document);
    return refused(faults);
  }
  const context = document['@context'];
  const prefixes = prefixesOf(context);
  const body = bodyOf(document, prefixes);
  judgeAround(document, body, limits, faults);
  const sound = faults.found === 0;
  if (body.events.length > limits.maxEvents) return refused(faults);

  const around: Around = { limits, context, prefixes, ignored: body.ignored };
  const good: ParsedEvent[] = [];
  const bad: RejectedEvent[] = sound ? [] : [{ pointer: '', issues: [...faults.issues] }];
  body.events.forEach((value, index) => {
    const pointer = pointerTo(body.pointer, index);
    const before = faults.issues.length;
    const parsed = judgeEvent(value, pointer, around, faults);
    if (parsed) good.push(parsed);
    else bad.push({ pointer, issues: faults.issues.slice(before) });
  });
  const masterData = sound ? body.vocabularies.flatMap(masterDataOf) : [];
  if (faults.found === 0) return { ok: true, document: { events: good, masterData } };
  return {
    ok: false,
    issues: faults.issues,
    partial: { good: sound ? good : [], bad, masterData },
  };
}

/** Reads one event on its own, as `POST /events` takes it (EPCIS 2.0 section 12.6); its `@context` is required then. */
export function parseEvent(event: unknown, limits: CaptureLimits): ParsedOne {
  const faults = new Faults();
  if (isObject(event) && event['@context'] === undefined) faults.add(NO_CONTEXT, '', undefined);
  const around: Around = {
    limits,
    context: undefined,
    prefixes: prefixesOf(undefined),
    ignored: ignoredFields(undefined, new Map()),
  };
  const parsed = judgeEvent(event, '', around, faults);
  return parsed && faults.found === 0
    ? { ok: true, event: parsed }
    : { ok: false, issues: faults.issues };
}
