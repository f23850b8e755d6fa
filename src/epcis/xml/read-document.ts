import type { CaptureLimits } from '../capture-limits.js';
import {
  MAX_ELEMENTS_AROUND,
  MAX_NAME,
  MAX_NAMESPACES,
  MAX_VALUES,
  maxValuesPerEvent,
} from '../capture-limits.js';
import type { FaultCode } from '../fault-codes.js';
import type { Finding } from '../faults.js';
import { issueOf } from '../faults.js';
import { NumberTexts } from '../number-texts.js';
import type { SourceDocument, SourceRead, Syntax } from '../source.js';
import { TextPlaces } from '../text-places.js';
import { XML_NAMESPACES } from './layout.js';
import { readAround } from './read-around.js';
import { isEventName, readEvent } from './read-event.js';
import type { JsonRecord } from './read-extension.js';
import { Names, prefixesInValues } from './read-names.js';
import { Reading } from './reading.js';
import type { OnElement, XmlElement, XmlParsed } from './xml-tree.js';
import { parseXml, refuseAt } from './xml-tree.js';

/** Most attributes of one element; no element of the schema has more than 23. */
const MAX_ATTRIBUTES = 256;
/** Most levels of elements around an event in 1.2, with its wrappers. */
const LEVELS_AROUND = 12;

const SEVERAL = 'Send several documents.';

const STANDARD_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

const NO_EPCIS: Finding = {
  code: 'ROOT_UNKNOWN',
  expected:
    'EPCISDocument, EPCISQueryDocument or EPCISMasterDataDocument in the namespace of EPCIS 2.0 or 1.2, or one event',
  remedy: 'Bind urn:epcglobal:epcis:xsd:2 (or :1 for 1.2) to a prefix, and use it on the root.',
};

/** The result of one pass over the text. */
interface Pass {
  readonly parsed: XmlParsed;
  readonly events: readonly unknown[];
  readonly reading: Reading;
}

function versionOf({ uri }: XmlElement): '2.0' | '1.2' | undefined {
  const { document, query, masterData } = XML_NAMESPACES;
  const of = [document, query, masterData];
  if (of.some((one) => one['2.0'] === uri)) return '2.0';
  return of.some((one) => one['1.2'] === uri) ? '1.2' : undefined;
}

/** The JSON Pointer of a document's events, by its root. */
function eventsAt(root: XmlElement): string {
  const isQuery = Object.values(XML_NAMESPACES.query).some((uri) => uri === root.uri);
  return isQuery ? '/epcisBody/queryResults/resultsBody/eventList' : '/epcisBody/eventList';
}

const isWrapper = ({ uri, local }: XmlElement): boolean => uri === '' && local === 'extension';

/** True for an element in the list of events; wrappers do not count. */
function isInEventList(around: readonly XmlElement[]): boolean {
  const list = around.findLastIndex((outer) => !isWrapper(outer));
  const found = around[list];
  if (found?.uri !== '' || found.local !== 'EventList') return false;
  return around[1]?.local === 'EPCISBody' || around[0]?.local === 'QueryResults';
}

function moreThan(limit: number, code: FaultCode, what: string, remedy: string): Finding {
  return { code, expected: `at most ${limit} ${what}`, remedy };
}

/** Knows which event is being read. Stops at one element too many, in it or around the events. */
class EventWatch {
  private events = 0;
  private inside = 0;
  private around = 0;
  /** The depth of the event that is being read. */
  private depth: number | undefined;

  constructor(private readonly limits: CaptureLimits) {}

  readonly opened: OnElement = (element, outer) => {
    if (this.depth !== undefined) this.countInside(element);
    else if (isInEventList(outer) && !isWrapper(element)) this.begin(element, outer.length);
    else if (++this.around > MAX_ELEMENTS_AROUND) {
      const what = 'elements around the events';
      refuseAt(moreThan(MAX_ELEMENTS_AROUND, 'LIMIT_ELEMENTS', what, SEVERAL), element);
    }
  };

  /** True when the element that ends is an event of the list. */
  closes(outer: readonly XmlElement[]): boolean {
    if (outer.length !== this.depth) return false;
    this.depth = undefined;
    return true;
  }

  private begin(element: XmlElement, depth: number): void {
    const { maxEvents } = this.limits;
    this.events += 1;
    if (this.events > maxEvents)
      refuseAt(moreThan(maxEvents, 'LIMIT_EVENTS', 'events in one document', SEVERAL), element);
    [this.depth, this.inside] = [depth, 0];
  }

  private countInside(element: XmlElement): void {
    const most = maxValuesPerEvent(this.limits);
    this.inside += 1;
    if (this.inside > most)
      refuseAt(moreThan(most, 'LIMIT_ELEMENTS', 'elements in one event', 'Split it.'), element);
  }
}

/** Parses the text. Each event becomes JSON as soon as it ends, so its elements can be freed. */
function pass(text: string, limits: CaptureLimits, offsets?: Map<string, number>): Pass {
  const events: unknown[] = [];
  const numbers = new NumberTexts();
  const names = new Names(prefixesInValues(text));
  const reading = new Reading(names, numbers, new TextPlaces(text), offsets);
  const watch = new EventWatch(limits);
  const closed: OnElement = (element, around) => {
    const [root] = around;
    if (root === undefined || !watch.closes(around)) return;
    if (events.length === 0) for (const outer of around) names.bind(outer.bound);
    names.bind(element.bound);
    const pointer = `${eventsAt(root)}/${events.length}`;
    reading.eventPlaces.push(reading.placeOf(element));
    events.push(readEvent(element, { pointer, is12: versionOf(root) === '1.2' }, reading));
    element.content = [];
  };
  const xmlLimits = {
    depth: limits.maxDepth + LEVELS_AROUND,
    attributes: MAX_ATTRIBUTES,
    elements: MAX_VALUES,
    namespaces: MAX_NAMESPACES,
    // Prefix, colon and name: any name accepted in JSON can be read back. Events judge names alone.
    name: 2 * MAX_NAME + 1,
  };
  const parsed = parseXml(text, xmlLimits, { opened: watch.opened, closed });
  return { parsed, events, reading };
}

/** Reads XML of EPCIS 2.0 or 1.2 into the shape of the JSON binding; the source has its faults. */
export function readXml(text: string, limits: CaptureLimits): SourceRead {
  const { parsed, events, reading } = pass(text, limits);
  if (!parsed.ok) return { ok: false, issues: [parsed.issue] };
  const { root } = parsed;
  const syntax: Syntax = versionOf(root) === '1.2' ? 'XML 1.2' : 'XML 2.0';
  const document = documentOf(root, events, reading);
  if (document === undefined) {
    const found = `${root.local} in ${root.uri === '' ? 'no namespace' : root.uri}`;
    return { ok: false, issues: [issueOf(NO_EPCIS, '', found, reading.placeOf(root))] };
  }
  const source = {
    syntax,
    document,
    issues: reading.faults.issues,
    warnings: reading.faults.warnings,
    eventPlaces: isEvent(root) ? [reading.placeOf(root)] : reading.eventPlaces,
    ...textAndPlaces(text, limits, document, reading.numbers),
  };
  const context = contextOf(reading.names);
  if (versionOf(root) !== undefined && !isEvent(root)) {
    document['@context'] = context;
    return { ok: true, source };
  }
  return { ok: true, source: { ...source, context } };
}

function isEvent(root: XmlElement): boolean {
  return (root.uri === '' || versionOf(root) !== undefined) && isEventName(root.local);
}

function contextOf(names: Names): readonly unknown[] {
  return [STANDARD_CONTEXT, names.context()];
}

/** The document around the events that were read; undefined when the root is not of EPCIS. */
function documentOf(
  root: XmlElement,
  events: readonly unknown[],
  reading: Reading,
): JsonRecord | undefined {
  reading.names.bind(root.bound);
  const is12 = versionOf(root) === '1.2';
  if (isEvent(root)) return readEvent(root, { pointer: '', is12 }, reading) ?? undefined;
  if (versionOf(root) === undefined) return undefined;
  return readAround(root, events, reading);
}

type Lookups = Pick<SourceDocument, 'textOf' | 'placeOf'>;

function textAndPlaces(
  text: string,
  limits: CaptureLimits,
  document: unknown,
  numbers: NumberTexts,
): Lookups {
  const textOf = (pointer: string): string | undefined =>
    numbers.none ? undefined : numbers.textAt(document, pointer);
  let offsets: Map<string, number> | undefined;
  const places = new TextPlaces(text);
  // Places are needed only for a fault: then the text is read again, with places.
  const findOffsets = (): Map<string, number> => {
    const found = new Map<string, number>();
    const { parsed, events, reading } = pass(text, limits, found);
    if (parsed.ok) {
      found.set('', parsed.root.offset);
      documentOf(parsed.root, events, reading);
    }
    return found;
  };
  const placeOf: SourceDocument['placeOf'] = (pointer) => {
    offsets ??= findOffsets();
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const offset = offsets.get(at);
      if (offset !== undefined) return places.at(offset);
      if (at === '') return undefined;
    }
  };
  return { textOf, placeOf };
}
