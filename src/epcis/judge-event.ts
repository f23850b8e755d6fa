import type { CaptureLimits } from './capture-limits.js';
import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import type { DocumentHeader } from './document-header.js';
import { contextUsed } from './event-context.js';
import type { EpcisEvent } from './event.js';
import { hashOf } from './event-hash.js';
import { checkEvent } from './event-shapes.js';
import type { Finding, Issue, TextPlace } from './faults.js';
import { Faults, pointerTo } from './faults.js';
import { epochMillis } from './formats.js';
import type { Prefixes } from './namespaces.js';
import { prefixesOf, withValuesExpanded } from './namespaces.js';
import type { ParsedErrorDeclaration, ParsedEvent } from './parsed.js';
import { unreadDatesOf } from './readers.js';
import type { SourceDocument } from './source.js';
import { bareWord } from './vocabulary.js';

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

/** Something that should be a JSON object. */
export const NOT_AN_OBJECT: Finding = {
  code: 'OBJECT_INVALID',
  expected: 'an object',
  remedy: 'Write a JSON object (EPCIS 2.0 section 10).',
};
/** More of something than a limit allows. */
export function tooMany(code: string, what: string, limit: number, remedy: string): Finding {
  return { code, expected: `at most ${limit} ${what}`, remedy };
}

/** The first place nested deeper than the limit, or null; never goes deeper than the limit itself. */
export function tooDeep(value: unknown, left: number, at: string, skip?: unknown): string | null {
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

/** Nesting beyond the limit, at a pointer. */
export function reportDepth(at: string, limits: CaptureLimits, faults: Faults): void {
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
export interface Around {
  readonly source: SourceDocument;
  readonly header: DocumentHeader | undefined;
  readonly limits: CaptureLimits;
  readonly context: unknown;
  readonly prefixes: Prefixes;
  readonly ignored: ReadonlySet<string>;
  /** What reading found wrong, by the pointer of the event it is in. */
  readonly issues: ReadonlyMap<string, readonly Issue[]>;
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

/** Where an event stands. */
interface EventPlace {
  readonly pointer: string;
  /** In the text, where that is known. */
  readonly place: TextPlace | undefined;
}

/** An event, what it means, and the prefixes that make the difference. */
interface Judged {
  /** As it came. */
  readonly given: EpcisEvent;
  /** With its CURIEs written out; the very event that came where it has none. */
  readonly event: EpcisEvent;
  readonly prefixes: Prefixes;
}

function readJudged(given: EpcisEvent, around: Around): Judged {
  const own = given['@context'];
  const prefixes = own === undefined ? around.prefixes : prefixesOf(around.context, own);
  return { given, event: withValuesExpanded(given, prefixes), prefixes };
}

function parsedEvent(judged: Judged, at: EventPlace, around: Around): ParsedEvent {
  const { event, prefixes } = judged;
  const { pointer, place } = at;
  const hash = hashOf(event, prefixes, around.ignored);
  const errorDeclaration = errorDeclarationOf(event);
  return {
    pointer,
    ...(place === undefined ? {} : { place }),
    id: event.eventID ?? hash,
    hash,
    givenId: event.eventID !== undefined,
    event,
    eventTimeMs: epochMillis(event.eventTime) ?? 0,
    prefixes,
    ...(errorDeclaration === undefined ? {} : { errorDeclaration }),
    ...textAndContext(judged, pointer, around),
    ...(around.header === undefined ? {} : { header: around.header.id }),
  };
}

function textAndContext(
  { given, event }: Judged,
  pointer: string,
  { source, prefixes }: Around,
): Pick<ParsedEvent, 'text' | 'meant' | 'context'> {
  const written = source.textOf(pointer);
  const meant = event === given ? {} : { meant: JSON.stringify(event) };
  // Without prefixes around it an event says all itself: nothing more to look for, and its text can wait.
  if (prefixes.size === 0 && event === given) return written === undefined ? {} : { text: written };
  const text = written ?? JSON.stringify(given);
  const context = contextUsed(text, prefixes, given['@context']);
  return context === undefined ? { text, ...meant } : { text, ...meant, context };
}

/** What CURIEs stand for has to be right too; that a word of the standard is written out is no fault then. */
function checkMeant({ given, event }: Judged, pointer: string, faults: Faults): void {
  if (event === given) return;
  const lenient = new Faults(true, faults.linkDomains);
  checkEvent(event as unknown as JsonObject, pointer, lenient);
  faults.take(lenient.issues);
}

const FIRST_USUAL = Date.UTC(1990, 0, 1);
const UNREAD_DATE: Finding = {
  code: 'DATE_UNREAD',
  expected: 'a date of ISO 8601 or GS1, such as 2028-05-31, 2028-05, 20280531 or 280531',
  remedy: 'It is kept as given, and the lot has no such date. Write it as YYYY-MM-DD.',
};
const LONG_AGO: Finding = {
  code: 'TIME_LONG_AGO',
  expected: 'a time in 1990 or later',
  remedy: 'It is taken as it stands. Look at the clock of whoever read it.',
};

/** What is strange in an event that is right. */
function warnOf({ event, pointer, eventTimeMs, prefixes }: ParsedEvent, faults: Faults): void {
  if (eventTimeMs < FIRST_USUAL)
    faults.warn(LONG_AGO, pointerTo(pointer, 'eventTime'), event.eventTime);
  for (const { name, value } of unreadDatesOf(event, prefixes))
    faults.warn(UNREAD_DATE, pointerTo(`${pointer}/ilmd`, name), value);
}

/** Judges one event; null when it is not right, the faults told. */
export function judgeEvent(
  value: unknown,
  at: EventPlace,
  around: Around,
  faults: Faults,
): ParsedEvent | null {
  const { pointer } = at;
  const before = faults.found;
  const known = around.issues.get(pointer);
  if (known !== undefined) faults.take(known);
  else if (!isObject(value)) faults.add(NOT_AN_OBJECT, pointer, value);
  else if (withinLimits(value, pointer, around.limits, faults)) checkEvent(value, pointer, faults);
  if (faults.found > before) return null;
  const judged = readJudged(value as EpcisEvent, around);
  checkMeant(judged, pointer, faults);
  if (faults.found > before) return null;
  const parsed = parsedEvent(judged, at, around);
  warnOf(parsed, faults);
  return parsed;
}
