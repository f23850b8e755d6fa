import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import type { Prefixes } from './namespaces.js';
import { splitUri, within } from './namespaces.js';
import { canonicalValue, webWord } from './prehash-values.js';
import type { WordKind } from './vocabulary.js';
import { isName } from './xml/name-escapes.js';

/**
 * An element of the event as in the XML binding. The event hash is defined on that form, so JSON
 * and XML of one event have the same hash (CBV 2.0 section 8.9).
 */
export interface Node {
  readonly name: string;
  readonly text: string;
  readonly kids: readonly Node[];
}

const SURROGATE = /[\ud800-\udfff]/;

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Joins parts, sorted by their code points. */
export function joinSorted(parts: string[]): string {
  if (parts.length === 0) return '';
  if (parts.length === 1) return parts[0] ?? '';
  const joined = parts.sort().join('');
  return SURROGATE.test(joined) ? parts.sort(byCodePoint).join('') : joined;
}

/** Writes `ext:field`, or a URI, as `{namespace}field`; with an unknown prefix the name stays. */
function elementName(key: string, prefixes: Prefixes): string {
  const colon = key.indexOf(':');
  if (colon < 0) return key;
  const prefix = key.slice(0, colon);
  const local = key.slice(colon + 1);
  const bound = prefixes.get(prefix) ?? UNDECLARED.get(prefix);
  if (bound !== undefined && !local.startsWith('//')) return `{${bound}}${local}`;
  if (isName(prefix) && isName(local)) return key;
  const [namespace, name] = splitUri(key);
  return `{${namespace}}${name}`;
}

/** Prefixes that need no declaration; `cbvmda` is as in XML (CBV 2.0 section 9). */
const UNDECLARED: Prefixes = new Map([
  ['cbvmda', 'urn:epcglobal:cbv:mda'],
  ['gs1', 'https://gs1.org/voc/'],
  ['cbv', 'https://ref.gs1.org/cbv/'],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

const NOT_CONTENT: ReadonlySet<string> = new Set([
  '#text',
  '#content',
  'comment',
  'rdfs:comment',
  '@context',
]);
const QUANTITIES: ReadonlySet<string> = new Set([
  'inputQuantity',
  'outputQuantity',
  'childQuantity',
]);
/** Lists of elements whose `type` comes before the value; these two are never sorted. */
const TYPED: ReadonlyMap<string, { readonly field: string; readonly kind: WordKind }> = new Map([
  ['bizTransactionList', { field: 'bizTransaction', kind: 'bizTransactionType' }],
  ['sourceList', { field: 'source', kind: 'sourceDestType' }],
  ['destinationList', { field: 'destination', kind: 'sourceDestType' }],
]);
const TYPED_VALUES: ReadonlySet<string> = new Set(['bizTransaction', 'source', 'destination']);

/** The element name in a list; JSON omits it or names it differently. */
function memberName(list: string): string {
  const name = list.slice(0, -4);
  return name === 'inputEPC' || name === 'outputEPC' ? 'epc' : name;
}

function renamed(name: string, hasKids: boolean): string {
  if (name === 'inputEPC' || name === 'outputEPC') return 'epc';
  return QUANTITIES.has(name) || (name === 'quantity' && hasKids) ? 'quantityElement' : name;
}

/** Adds the prefixes that an object declares for its content, as converters from XML do. */
function scopeOf(value: JsonObject, prefixes: Prefixes): Prefixes {
  const declared = Object.keys(value).filter(
    (key) => key.startsWith('@xmlns:') && typeof value[key] === 'string',
  );
  if (declared.length === 0) return prefixes;
  const own = declared.map((key): [string, string] => [key.slice(7), value[key] as string]);
  return within(prefixes, new Map(own));
}

function nodeOf(name: string, value: unknown, prefixes: Prefixes): Node {
  if (Array.isArray(value))
    return { name, text: '', kids: value.map((item: unknown) => nodeOf('', item, prefixes)) };
  if (!isObject(value))
    return { name: renamed(name, false), text: canonicalValue(value, prefixes), kids: [] };
  const scope = scopeOf(value, prefixes);
  const kids = kidsOf(value, scope);
  return {
    name: renamed(name, kids.length > 0),
    text: canonicalValue(value['#text'], scope),
    kids,
  };
}

/** The members of a typed list: the type, then the value, without an element name. */
function typedMembers(
  list: string,
  values: readonly unknown[],
  prefixes: Prefixes,
): readonly Node[] {
  const typed = TYPED.get(list);
  if (typed === undefined) return [];
  return values.filter(isObject).map((value) => {
    const type = { name: 'type', text: webWord(typed.kind, value['type'], prefixes), kids: [] };
    const kids = [
      ...(type.text === '' ? [] : [type]),
      nodeOf(typed.field, value[typed.field], prefixes),
    ];
    return { name: '', text: '', kids };
  });
}

function saysNothing(key: string, value: unknown): boolean {
  return value === undefined || value === null || NOT_CONTENT.has(key) || key.startsWith('@xmlns');
}

/** A list of the JSON binding by its name. An extension object is an element, even if named so. */
function isList(name: string, value: unknown): boolean {
  return name.endsWith('List') && !(isObject(value) && name.includes('}'));
}

/** The elements that correspond to one field of an object. */
export function nodesOf(key: string, value: unknown, prefixes: Prefixes): readonly Node[] {
  if (saysNothing(key, value)) return [];
  // The hash treats an XML attribute like an element.
  const name = elementName(key.startsWith('@') ? key.slice(1) : key, prefixes);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) return [];
  if (TYPED.has(name)) return [{ name, text: '', kids: typedMembers(name, values, prefixes) }];
  if (name === 'childEPCs')
    return [{ name, text: '', kids: values.map((one) => nodeOf('epc', one, prefixes)) }];
  if (!isList(name, value)) return values.map((one) => nodeOf(name, one, prefixes));
  return [{ name, text: '', kids: values.map((one) => nodeOf(memberName(name), one, prefixes)) }];
}

function kidsOf(value: JsonObject, prefixes: Prefixes): readonly Node[] {
  return Object.keys(value).flatMap((key) => nodesOf(key, value[key], prefixes));
}

/** The text of elements, each with its content, sorted unless the standard fixes their order. */
export function textOfNodes(nodes: readonly Node[]): string {
  const parts = nodes.map(({ name, text, kids }) => {
    const inside = kids.length === 0 ? '' : textOfNodes(kids);
    return text === '' ? name + inside : `${name}=${text}${inside}`;
  });
  return nodes.some(({ name }) => TYPED_VALUES.has(name)) ? parts.join('') : joinSorted(parts);
}
