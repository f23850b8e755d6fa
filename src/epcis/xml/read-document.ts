import type { CaptureLimits } from '../capture-limits.js';
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
import type { XmlElement, XmlParsed } from './xml-tree.js';
import { parseXml } from './xml-tree.js';

/** Attributes of one element; the schema knows none with more than 23. */
const MAX_ATTRIBUTES = 256;
/** Elements around an event in 1.2, and its own wrappers. */
const LEVELS_AROUND = 12;

const STANDARD_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

const NO_EPCIS: Finding = {
  code: 'ROOT_UNKNOWN',
  expected:
    'EPCISDocument, EPCISQueryDocument or EPCISMasterDataDocument in the namespace of EPCIS 2.0 or 1.2, or one event',
  remedy: 'Bind urn:epcglobal:epcis:xsd:2 (or :1 for 1.2) to a prefix, and use it on the root.',
};

/** What one pass over the text gives. */
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

/** Where the events of a document stand, by its root; undefined for what is no document. */
function eventsAt(root: XmlElement): string {
  const isQuery = Object.values(XML_NAMESPACES.query).some((uri) => uri === root.uri);
  return isQuery ? '/epcisBody/queryResults/resultsBody/eventList' : '/epcisBody/eventList';
}

const isWrapper = ({ uri, local }: XmlElement): boolean => uri === '' && local === 'extension';

/** True for an element that stands in the list of events, wrappers aside. */
function isInEventList(around: readonly XmlElement[]): boolean {
  const list = around.findLastIndex((outer) => !isWrapper(outer));
  const found = around[list];
  if (found?.uri !== '' || found.local !== 'EventList') return false;
  return around[1]?.local === 'EPCISBody' || around[0]?.local === 'QueryResults';
}

/** Parses the text, turning each event into JSON as soon as it is whole, so that its elements can go. */
function pass(text: string, limits: CaptureLimits, offsets?: Map<string, number>): Pass {
  const events: unknown[] = [];
  const numbers = new NumberTexts();
  const names = new Names(prefixesInValues(text));
  const reading = new Reading(names, numbers, new TextPlaces(text), offsets);
  const onClose = (element: XmlElement, around: readonly XmlElement[]): void => {
    const [root] = around;
    if (root === undefined || isWrapper(element) || !isInEventList(around)) return;
    if (events.length === 0) for (const outer of around) names.bind(outer.bound);
    names.bind(element.bound);
    const pointer = `${eventsAt(root)}/${events.length}`;
    reading.eventPlaces.push(reading.placeOf(element));
    events.push(readEvent(element, { pointer, is12: versionOf(root) === '1.2' }, reading));
    element.content = [];
  };
  const xmlLimits = { depth: limits.maxDepth + LEVELS_AROUND, attributes: MAX_ATTRIBUTES };
  const parsed = parseXml(text, xmlLimits, onClose);
  return { parsed, events, reading };
}

/** Reads an XML document of EPCIS 2.0 or 1.2 into the shape of the JSON binding; faults inside it come with the source. */
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

/** The document around the events that were read; undefined when the root is none of EPCIS. */
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
  // Who asks has a fault to tell of: then the text is read once more, with places.
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
