import { isLosslessNumber } from 'lossless-json';
import type { JsonObject } from '../checks.js';
import { isObject } from '../checks.js';
import { quantityEventOf } from '../quantity-event.js';
import { wordIn } from '../translate-vocabulary.js';
import type { WordKind } from '../vocabulary.js';
import { isWord } from '../vocabulary.js';
import type { FieldForm, FieldLayout, ListForm, ObjectLayout, SimpleForm } from './layout.js';
import {
  EVENT_WRAPPERS_12,
  FILLED_LISTS,
  layoutOf,
  newestIn12,
  QUANTITY_EVENT,
  XML_NAMESPACES,
} from './layout.js';
import type { NameScope } from './write-scope.js';
import { attribute, decimalText, escapedText, plainText, timeText } from './write-text.js';
import { elementText, valueElements } from './write-values.js';

/** Versions of EPCIS XML that are written. */
export type XmlVersion = '2.0' | '1.2';

/** What all elements of one event share. */
interface Writing {
  readonly version: XmlVersion;
  readonly scope: NameScope;
}

/**
 * A CBV word for XML, which has no bare words: a bare word becomes a URN; in 1.2 every word does. A
 * component becomes its Web URI instead, because tools that hash events do not know its URN.
 */
function wordText(kind: WordKind, text: string, version: XmlVersion): string {
  const form = kind === 'component' ? 'WEB_URI' : 'URN';
  return version === '1.2' || isWord(kind, text) ? wordIn(form, kind, text) : text;
}

function simpleText(value: unknown, { type, word }: SimpleForm, { version }: Writing): string {
  const text = plainText(value);
  if (word !== undefined) return wordText(word, text, version);
  if (type === 'time') return timeText(text);
  return type === 'decimal' ? decimalText(text) : text;
}

/** True for values that fit in one xsd:anyURI, which may have only one fragment. */
function isJoinable(items: readonly unknown[]): items is readonly string[] {
  return items.every((item) => typeof item === 'string') && items.join('').split('#').length < 3;
}

function listElements(name: string, value: unknown, is: ListForm, writing: Writing): string {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0 && FILLED_LISTS.has(name)) return '';
  if (is.joined === true && isJoinable(items))
    return items.length === 0 ? '' : elementText(name, '', escapedText(items.join(' ')));
  const inside = items.map((item) => fieldElements(is.item ?? name, item, is.of, writing)).join('');
  return is.item === undefined ? inside : elementText(name, '', inside);
}

function fieldElements(name: string, value: unknown, is: FieldForm, writing: Writing): string {
  if (value === undefined || value === null) return '';
  if (is.form === 'list') return listElements(name, value, is, writing);
  const isPlain = !isObject(value) || isLosslessNumber(value);
  if (isPlain !== (is.form === 'value') || Array.isArray(value))
    return valueElements(name, value, writing.scope);
  return is.form === 'value'
    ? elementText(name, '', escapedText(simpleText(value, is, writing)))
    : objectElement(name, value as JsonObject, is.layout, writing);
}

function attributesText(value: JsonObject, layout: ObjectLayout, writing: Writing): string {
  const said = new Map<string, string>();
  for (const { name, is } of layout.attributes) {
    const one = value[name];
    if (one !== undefined && one !== null && is.form === 'value')
      said.set(name, simpleText(one, is, writing));
  }
  if (layout.extensions === 'attributes') {
    const known = knownIn(layout);
    for (const [key, one] of Object.entries(value))
      if (!known.has(key) && one !== null) said.set(writing.scope.name(key), plainText(one));
  }
  return [...said].map(([name, text]) => attribute(name, text)).join('');
}

const known = new WeakMap<ObjectLayout, ReadonlySet<string>>();

function knownIn(layout: ObjectLayout): ReadonlySet<string> {
  const found = known.get(layout);
  if (found !== undefined) return found;
  const { attributes, text, elements } = layout;
  const all = [...attributes, ...elements, ...(text === undefined ? [] : [text])];
  const names = new Set([...all.map(({ name }) => name), '@context']);
  known.set(layout, names);
  return names;
}

function objectElement(
  name: string,
  value: JsonObject,
  layout: ObjectLayout,
  writing: Writing,
): string {
  const text = layout.text === undefined ? undefined : value[layout.text.name];
  const inside =
    (text === undefined ? '' : escapedText(plainText(text))) + insideText(value, layout, writing);
  return elementText(name, attributesText(value, layout, writing), inside);
}

const NOTHING: ReadonlySet<string> = new Set();

/** Writes standard elements, with other plain names in `extension`; then those with a namespace. */
function insideText(
  value: JsonObject,
  layout: ObjectLayout,
  writing: Writing,
  without: ReadonlySet<string> = NOTHING,
): string {
  if (layout.extensions !== 'elements') return standardElements(value, layout, writing);
  const known = knownIn(layout);
  const others = Object.keys(value).filter((key) => !known.has(key) && !without.has(key));
  const plain = others.filter((key) => !key.includes(':'));
  const named = others.filter((key) => key.includes(':'));
  const standard = standardElements(value, layout, writing, plain);
  return standard + otherElements(value, named, writing);
}

function otherElements(value: JsonObject, keys: readonly string[], { scope }: Writing): string {
  return keys.map((key) => valueElements(scope.name(key), value[key], scope)).join('');
}

function wrapped(name: string, inside: string): string {
  return inside === '' ? '' : elementText(name, '', inside);
}

/** A field, and the wrappers that it still needs. */
interface Placed {
  readonly field: Pick<FieldLayout, 'name'> & Partial<FieldLayout>;
  readonly wrappers: readonly string[];
}

/** `newer` are unknown fields without a namespace. */
function standardElements(
  value: JsonObject,
  layout: ObjectLayout,
  writing: Writing,
  newer: readonly string[] = [],
): string {
  const is12 = writing.version === '1.2';
  const placed: Placed[] = layout.elements.map((field) => ({
    field,
    wrappers: is12 ? field.wrappers12 : [],
  }));
  const wrappers = is12 ? newestIn12(layout) : ['extension'];
  const others = newer.map((name) => ({ field: { name }, wrappers }));
  return placedElements(value, [...placed, ...others], writing);
}

/** Elements in their wrappers: `baseExtension` at its first field, `extension` at the end. */
function placedElements(value: JsonObject, fields: readonly Placed[], writing: Writing): string {
  const inside = (wrapper: string): string => {
    const held = fields.filter(({ wrappers }) => wrappers[0] === wrapper);
    const unwrapped = held.map(({ field, wrappers }) => ({ field, wrappers: wrappers.slice(1) }));
    return held.length === 0 ? '' : wrapped(wrapper, placedElements(value, unwrapped, writing));
  };
  const firstBase = fields.findIndex(({ wrappers }) => wrappers[0] === 'baseExtension');
  const direct = fields.map(({ field, wrappers }, index) => {
    if (index === firstBase) return inside('baseExtension');
    if (wrappers.length > 0) return '';
    const { name, is } = field;
    if (is === undefined) return otherElements(value, [name], writing);
    if (value[name] !== undefined) return fieldElements(name, value[name], is, writing);
    return absentField(
      field,
      fields.slice(index + 1).some((later) => value[later.field.name] !== undefined),
      writing,
    );
  });
  return direct.join('') + inside('extension');
}

/** What the schema requires for an absent field: an empty list (1.2), a nil quantity before uom. */
function absentField(field: Placed['field'], isFollowed: boolean, writing: Writing): string {
  if (writing.version === '1.2' && field.requiredIn12 === true)
    return elementText(field.name, '', '');
  if (field.nillable !== true || !isFollowed) return '';
  const nil = writing.scope.nameIn(XML_NAMESPACES.instance, 'nil', 'xsi');
  return elementText(field.name, attribute(nil, 'true'), '');
}

/** The element of an event, and its wrappers in EventList, outermost first. */
export interface EventElement {
  readonly name: string;
  readonly inside: string;
  readonly wrappers: readonly string[];
}

/** Fields of the ObjectEvent that a QuantityEvent implies. */
const OF_OBJECT_EVENT: ReadonlySet<string> = new Set(['type', 'action', 'epcList', 'quantityList']);

/** Writes the content of one event. The caller adds the tag, with the declarations of the scope. */
export function eventElement(
  event: JsonObject,
  scope: NameScope,
  version: XmlVersion,
): EventElement {
  const type = String(event['type']);
  const writing = { version, scope };
  const counted = version === '1.2' ? quantityEventOf(event) : null;
  if (counted !== null) {
    const inside = insideText({ ...event, ...counted }, QUANTITY_EVENT, writing, OF_OBJECT_EVENT);
    return { name: 'QuantityEvent', inside, wrappers: [] };
  }
  const fields = Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'type'));
  const layout = layoutOf(type);
  const wrappers12 = EVENT_WRAPPERS_12.get(type);
  if (wrappers12 !== undefined) {
    const wrappers = version === '1.2' ? wrappers12 : [];
    return { name: type, inside: insideText(fields, layout, writing), wrappers };
  }
  const others = Object.keys(fields).filter((key) => !knownIn(layout).has(key));
  const inside = standardElements(fields, layout, writing) + otherElements(fields, others, writing);
  // Elements with a namespace are in the extension of 2.0, which 1.2 has two levels further in.
  const levels = version === '1.2' ? 3 : 1;
  return { name: scope.name(type), inside, wrappers: Array<string>(levels).fill('extension') };
}
