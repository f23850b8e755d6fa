import type { CaptureLimits } from './capture-limits.js';
import { MAX_NAME, MAX_NAMESPACES, maxValuesPerEvent } from './capture-limits.js';
import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import type { DocumentHeader } from './document-header.js';
import { contextOf, prefixesUsed } from './event-context.js';
import { EPC_LISTS, QUANTITY_LISTS } from './event.js';
import type { EpcisEvent } from './event.js';
import { hashOf } from './event-hash.js';
import { checkEvent } from './event-shapes.js';
import type { FaultCode } from './fault-codes.js';
import type { Finding, Issue, TextPlace } from './faults.js';
import { Faults, pointerTo } from './faults.js';
import { epochMillis } from './formats.js';
import type { Declared, Prefixes } from './namespaces.js';
import { prefixesOf, within, withValuesExpanded } from './namespaces.js';
import type { ParsedErrorDeclaration, ParsedEvent } from './parsed.js';
import { unreadDatesOf } from './readers.js';
import type { SourceDocument } from './source.js';
import { bareWord } from './vocabulary.js';

/** The finding for a value that is not a JSON object. */
export const NOT_AN_OBJECT: Finding = {
  code: 'OBJECT_INVALID',
  expected: 'an object',
  remedy: 'Write a JSON object (EPCIS 2.0 section 10).',
};
/** The finding for more of something than a limit allows. */
export function tooMany(code: FaultCode, what: string, limit: number, remedy: string): Finding {
  return { code, expected: `at most ${limit} ${what}`, remedy };
}

/** The first place that exceeds a limit of nesting, names or values. */
export interface Beyond {
  readonly at: string;
  readonly of: 'depth' | 'name' | 'values';
}

/** Finds what exceeds the limits, in an event or around the events; never goes deeper than them. */
class Bounds {
  private values = 0;

  constructor(
    private readonly maxValues: number,
    private readonly skip: unknown,
  ) {}

  look(value: object, left: number, at: string): Beyond | null {
    if (left === 0) return { at, of: 'depth' };
    const isList = Array.isArray(value);
    for (const key of Object.keys(value)) {
      const inner = (value as JsonObject)[key];
      if (inner === this.skip) continue;
      this.values += 1;
      if (this.values > this.maxValues) return { at, of: 'values' };
      if (!isList && key.length > MAX_NAME) return { at, of: 'name' };
      if (typeof inner !== 'object' || inner === null) continue;
      const found = this.look(inner, left - 1, pointerTo(at, key));
      if (found !== null) return found;
    }
    return null;
  }
}

/** The first place in an event beyond the limits, or null. */
function beyondIn(event: JsonObject, at: string, limits: CaptureLimits): Beyond | null {
  return new Bounds(maxValuesPerEvent(limits), undefined).look(event, limits.maxDepth, at);
}

/** A private event type is an element name in XML, so the limit of names applies. */
function longType({ type }: JsonObject, at: string): Beyond | null {
  const isLong = typeof type === 'string' && type.length > MAX_NAME;
  return isLong ? { at: pointerTo(at, 'type'), of: 'name' } : null;
}

/** The first place beyond the limits in a document, without its events. */
export function beyondAround(
  document: JsonObject,
  events: unknown,
  { maxDepth }: CaptureLimits,
): Beyond | null {
  return new Bounds(Infinity, events).look(document, maxDepth, '');
}

/** Reports what is beyond the limits. */
export function reportBeyond({ at, of }: Beyond, limits: CaptureLimits, faults: Faults): void {
  if (of === 'depth') {
    const remedy = 'Flatten the extension.';
    faults.add(
      tooMany('LIMIT_DEPTH', 'levels of nesting', limits.maxDepth, remedy),
      at,
      'deeper nesting',
    );
  } else if (of === 'name') {
    const finding = tooMany('LIMIT_NAME', 'characters in a name', MAX_NAME, 'Use a shorter name.');
    faults.add(finding, at, 'a longer name');
  } else {
    const limit = maxValuesPerEvent(limits);
    faults.add(tooMany('LIMIT_VALUES', 'values in one event', limit, 'Split it.'), at, 'more');
  }
}

/** Reports too many prefixes or too long namespaces in a context; true if it found any. */
export function reportNamespaces(context: unknown, at: string, faults: Faults): boolean {
  if (context === undefined) return false;
  const declared = prefixesOf(context);
  const pointer = pointerTo(at, '@context');
  const long = [...declared].find(
    ([prefix, uri]) => prefix.length > MAX_NAME || uri.length > MAX_NAME,
  );
  if (declared.size > MAX_NAMESPACES) {
    const remedy = 'Use one namespace for what belongs together.';
    const finding = tooMany('LIMIT_NAMESPACES', 'prefixes in a context', MAX_NAMESPACES, remedy);
    faults.add(finding, pointer, declared.size);
  } else if (long !== undefined) {
    const what = 'characters in a namespace';
    faults.add(tooMany('LIMIT_NAME', what, MAX_NAME, 'Use a shorter one.'), pointer, long[1]);
  } else return false;
  return true;
}

function countEpcs(event: JsonObject): number {
  let count = 0;
  for (const name of [...EPC_LISTS, ...QUANTITY_LISTS]) {
    const listed = event[name];
    if (Array.isArray(listed)) count += listed.length;
  }
  return count;
}

/** Limits are checked first, because what exceeds them is not examined further. */
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
  if (reportNamespaces(event['@context'], at, faults)) return false;
  const beyond = longType(event, at) ?? beyondIn(event, at, limits);
  if (beyond === null) return true;
  reportBeyond(beyond, limits, faults);
  return false;
}

/** What the events of a document share. */
export interface Around {
  readonly source: SourceDocument;
  readonly header: DocumentHeader | undefined;
  readonly limits: CaptureLimits;
  /** The prefixes that the document declares. */
  readonly prefixes: Declared;
  readonly ignored: ReadonlySet<string>;
  /** Faults found while reading, by the pointer of their event. */
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

/** The place of an event. */
interface EventPlace {
  readonly pointer: string;
  /** The place in the text, if known. */
  readonly place: TextPlace | undefined;
}

/** An event as it came, with its CURIEs expanded, and the prefixes of these CURIEs. */
interface Judged {
  /** As it came. */
  readonly given: EpcisEvent;
  /** With expanded CURIEs; the same object as `given` if it has none. */
  readonly event: EpcisEvent;
  /** The prefixes that the event itself declares. */
  readonly own: Declared | undefined;
  readonly scope: Prefixes;
}

function readJudged(given: EpcisEvent, { prefixes }: Around): Judged {
  const context = given['@context'];
  if (context === undefined && prefixes.size === 0)
    return { given, event: given, own: undefined, scope: prefixes };
  const own = context === undefined ? undefined : prefixesOf(undefined, context);
  const scope = own === undefined ? prefixes : within(prefixes, own);
  return { given, event: withValuesExpanded(given, scope), own, scope };
}

function parsedEvent(judged: Judged, at: EventPlace, around: Around): ParsedEvent {
  const { event, scope } = judged;
  const { pointer, place } = at;
  const hash = hashOf(event, scope, around.ignored);
  const errorDeclaration = errorDeclarationOf(event);
  return {
    pointer,
    ...(place === undefined ? {} : { place }),
    id: event.eventID ?? hash,
    hash,
    givenId: event.eventID !== undefined,
    event,
    eventTimeMs: epochMillis(event.eventTime) ?? 0,
    ...(errorDeclaration === undefined ? {} : { errorDeclaration }),
    ...textAndPrefixes(judged, pointer, around),
    ...(around.header === undefined ? {} : { header: around.header.id }),
  };
}

function textAndPrefixes(
  { given, event, own }: Judged,
  pointer: string,
  around: Around,
): Pick<ParsedEvent, 'text' | 'meant' | 'context' | 'prefixes'> {
  const written = around.source.textOf(pointer);
  const meant = event === given ? {} : { meant: JSON.stringify(event) };
  // Without prefixes of the document the event is complete in itself, so no text has to be made.
  if (around.prefixes.size === 0 && event === given) {
    const prefixes = own ?? around.prefixes;
    return written === undefined ? { prefixes } : { prefixes, text: written };
  }
  const text = written ?? JSON.stringify(given);
  const used = prefixesUsed(text, around.prefixes, own);
  const context = contextOf(used);
  const prefixes = own === undefined ? used : new Map([...used, ...own]);
  return context === undefined
    ? { prefixes, text, ...meant }
    : { prefixes, text, ...meant, context };
}

/** The expanded CURIEs must be right too; a standard word as a full URI is no fault here. */
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
  remedy: 'It is kept as given, but the lot does not get this date. Write it as YYYY-MM-DD.',
};
const LONG_AGO: Finding = {
  code: 'TIME_LONG_AGO',
  expected: 'a time in 1990 or later',
  remedy: 'It is accepted as it is. Check the clock of the device that recorded it.',
};

/** Warns of what is strange in a valid event. */
function warnOf({ event, pointer, eventTimeMs, prefixes }: ParsedEvent, faults: Faults): void {
  if (eventTimeMs < FIRST_USUAL)
    faults.warn(LONG_AGO, pointerTo(pointer, 'eventTime'), event.eventTime);
  for (const { name, value } of unreadDatesOf(event, prefixes))
    faults.warn(UNREAD_DATE, pointerTo(`${pointer}/ilmd`, name), value);
}

/** Judges one event. When it is not valid, the result is null and `faults` has the reasons. */
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
