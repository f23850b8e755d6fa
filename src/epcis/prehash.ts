import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import type { Prefixes } from './namespaces.js';
import { expandName } from './namespaces.js';
import type { Node } from './prehash-nodes.js';
import { joinSorted, nodesOf, textOfNodes } from './prehash-nodes.js';
import { canonicalTime, canonicalValue, webWord } from './prehash-values.js';
import type { WordKind } from './vocabulary.js';
import { SENSOR_METADATA, SENSOR_REPORT } from './xml/layout.js';
import type { ObjectLayout } from './xml/layout.js';

/** What a field contributes: text in canonical order, and inner elements outside that order. */
interface Written {
  readonly text: string;
  readonly rest: readonly Node[];
}

type Write = (name: string, value: unknown, prefixes: Prefixes) => Written;
type Order = readonly (readonly [string, Write])[];

const NO_REST: readonly Node[] = [];

function valuesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Writes `name=text` for a value, or for each value of a list, sorted. */
function leaf(textOf: (value: unknown, prefixes: Prefixes) => string): Write {
  return (name, value, prefixes) => {
    const parts = valuesOf(value).map((one) => textOf(one, prefixes));
    return {
      text: joinSorted(parts.filter((text) => text !== '').map((text) => `${name}=${text}`)),
      rest: NO_REST,
    };
  };
}

const value = leaf(canonicalValue);
const time = leaf((one) => canonicalTime(one));
const word = (kind: WordKind): Write => leaf((one, prefixes) => webWord(kind, one, prefixes));

const epcs: Write = (name, listed, prefixes) => {
  const parts = valuesOf(listed).map((one) => `epc=${canonicalValue(one, prefixes)}`);
  return { text: parts.length === 0 ? '' : name + joinSorted(parts), rest: NO_REST };
};

const element = (name: string, kids: readonly Node[]): Node => ({ name, text: '', kids });

/** As in the reference, extensions stay in their element if their namespace ends in a slash. */
function staysInside(node: Node): boolean {
  return node.name.includes('{') && node.name.includes('/}');
}

function gathered(extras: readonly Node[], alone: boolean): readonly Node[] {
  if (alone || extras.some(({ name }) => name.includes('eventTime') || name.includes('action')))
    return NO_REST;
  return extras.filter(staysInside);
}

/** Writes the content of an object: its fields in order, then its extensions. */
function inside(order: Order): (object: JsonObject, prefixes: Prefixes) => Written {
  const known = new Set(order.map(([name]) => name));
  return (object, prefixes) => {
    let text = '';
    const rest: Node[] = [];
    for (const [name, write] of order) {
      if (object[name] === undefined || object[name] === null) continue;
      const written = write(name, object[name], prefixes);
      text += written.text;
      for (const node of written.rest) rest.push(node);
    }
    const keys = Object.keys(object);
    const extras = keys
      .filter((key) => !known.has(key))
      .flatMap((key) => nodesOf(key, object[key], prefixes));
    if (extras.length === 0) return { text, rest };
    const kept = gathered(extras, keys.length === 1 && extras.length === 1);
    const isKept = new Set(kept);
    return {
      text: text + textOfNodes(kept),
      rest: [...extras.filter((node) => !isKept.has(node)), ...rest],
    };
  };
}

/** Writes an element with content, or several with one name, sorted. */
function elements(order: Order): Write {
  const read = inside(order);
  return (name, listed, prefixes) => {
    const written = valuesOf(listed)
      .filter(isObject)
      .map((one) => read(one, prefixes));
    const texts = written.filter(({ text }) => text !== '').map(({ text }) => name + text);
    const rest = written.filter((one) => one.rest.length > 0).map((one) => element(name, one.rest));
    return { text: joinSorted(texts), rest };
  };
}

/** Writes a list whose members have their own name in the XML binding. */
function listOf(member: string, order: Order): Write {
  const write = elements(order);
  return (name, listed, prefixes) => {
    const { text, rest } = write(member, listed, prefixes);
    return {
      text: text === '' ? '' : name + text,
      rest: rest.length === 0 ? NO_REST : [element(name, rest)],
    };
  };
}

const QUANTITIES = listOf('quantityElement', [
  ['epcClass', value],
  ['quantity', value],
  ['uom', value],
]);
const PLACE = elements([['id', value]]);

/** Values in this order, each written by its type in the table of the standard's fields. */
function ordered({ attributes }: ObjectLayout, names: string): Order {
  const forms = new Map(attributes.map(({ name, is }) => [name, is]));
  return names.split(' ').map((name) => {
    const is = forms.get(name);
    if (is?.form !== 'value') throw new Error(`${name} is no value`);
    return [name, is.word ? word(is.word) : is.type === 'time' ? time : value];
  });
}

const METADATA =
  'time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules';
const REPORT =
  'type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue minValue maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem';

/** The canonical order of fields (CBV 2.0 section 8.9). Other fields follow as the remainder. */
const EVENT: Order = [
  ['eventTime', time],
  ['eventTimeZoneOffset', value],
  ['certificationInfo', value],
  ['parentID', value],
  ['epcList', epcs],
  ['inputEPCList', epcs],
  ['childEPCs', epcs],
  ['quantityList', QUANTITIES],
  ['childQuantityList', QUANTITIES],
  ['inputQuantityList', QUANTITIES],
  ['outputEPCList', epcs],
  ['outputQuantityList', QUANTITIES],
  ['action', value],
  ['transformationID', value],
  ['bizStep', word('bizStep')],
  ['disposition', word('disposition')],
  [
    'persistentDisposition',
    elements([
      ['set', word('disposition')],
      ['unset', word('disposition')],
    ]),
  ],
  ['readPoint', PLACE],
  ['bizLocation', PLACE],
  [
    'sensorElementList',
    listOf('sensorElement', [
      ['sensorMetadata', elements(ordered(SENSOR_METADATA, METADATA))],
      ['sensorReport', elements(ordered(SENSOR_REPORT, REPORT))],
    ]),
  ],
];

const ORDERED: ReadonlySet<string> = new Set(EVENT.map(([name]) => name));
const LEFT_OUT: ReadonlySet<string> = new Set([
  'type',
  'recordTime',
  'eventID',
  'errorDeclaration',
  '@context',
]);

/** The fields of the event outside the canonical order, as elements. */
function remainder(event: JsonObject, prefixes: Prefixes, ignored: ReadonlySet<string>): Node[] {
  const found: Node[] = [];
  for (const key of Object.keys(event)) {
    if (ORDERED.has(key) || LEFT_OUT.has(key)) continue;
    if (ignored.size > 0 && ignored.has(expandName(key, prefixes))) continue;
    for (const node of nodesOf(key, event[key], prefixes)) found.push(node);
  }
  return found;
}

/** The text whose digest is the event hash (CBV 2.0 section 8.9). */
export function prehashOf(
  event: JsonObject,
  prefixes: Prefixes,
  ignored: ReadonlySet<string>,
): string {
  // A private event type must hash the same with any prefix.
  let text = `eventType=${expandName(String(event['type']), prefixes)}`;
  const rests: (readonly Node[])[] = [];
  for (const [name, write] of EVENT) {
    const given = event[name];
    if (given === undefined || given === null) continue;
    const written = write(name, given, prefixes);
    text += written.text;
    if (written.rest.length > 0) rests.push(written.rest);
  }
  rests.push(remainder(event, prefixes, ignored));
  const rest = rests.flat();
  return rest.length === 0 ? text : text + textOfNodes(rest);
}
