import type { Finding } from '../faults.js';
import { pointerTo } from '../faults.js';
import { ATTRIBUTE, CONTENT, TEXT } from './extension-form.js';
import { XML_NAMESPACES } from './layout.js';
import { readValue } from './read-value.js';
import type { Reading } from './reading.js';
import type { XmlAttribute, XmlElement } from './xml-tree.js';
import { elementsOf, textOfElement } from './xml-tree.js';

const FORBIDDEN: Finding = {
  code: 'KEY_FORBIDDEN',
  expected: 'no name that changes the prototype of objects',
  remedy: 'Give the element another name.',
};

/** A JSON object that is being built. */
export type JsonRecord = Record<string, unknown>;

/** Sets an own field of any name. */
export function setField(target: JsonRecord, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

const TYPED: Readonly<Record<string, 'decimal' | 'double' | 'integer' | 'boolean'>> = {
  decimal: 'decimal',
  integer: 'integer',
  int: 'integer',
  long: 'integer',
  short: 'integer',
  byte: 'integer',
  nonNegativeInteger: 'integer',
  positiveInteger: 'integer',
  double: 'double',
  float: 'double',
  boolean: 'boolean',
};

function isInstance({ uri }: XmlAttribute): boolean {
  return uri === XML_NAMESPACES.instance;
}

function instanceOf({ attributes }: XmlElement, local: string): string | undefined {
  return attributes.find((one) => isInstance(one) && one.local === local)?.value.trim();
}

function isPreserved({ attributes }: XmlElement): boolean {
  return attributes.some(({ name, value }) => name === 'xml:space' && value === 'preserve');
}

/** White space at an end is layout if it contains a line break; otherwise it is text. */
function textIn(element: XmlElement): string {
  const text = textOfElement(element);
  if (isPreserved(element) || instanceOf(element, 'type')?.split(':').at(-1) === 'string')
    return text;
  // The ends are trimmed one by one: a single regex takes cubic time in the white space.
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  const from = text.slice(0, start).includes('\n') ? start : 0;
  return text.slice(end).includes('\n') ? text.slice(from, Math.max(from, end)) : text.slice(from);
}

/** Attributes that are content; others only say how to read the element. */
function ownAttributes(element: XmlElement): readonly XmlAttribute[] {
  return element.attributes.filter(
    (one) =>
      one.name !== 'xml:space' &&
      !(isInstance(one) && ['type', 'nil', 'schemaLocation'].includes(one.local)),
  );
}

/**
 * How mixed content is represented: as fields and also in order; inside mixed content, which is
 * there twice, only one way.
 */
type Form = 'whole' | 'fields' | 'content';

/** Adds an extension element to an object, beside others of its name: see `extension-form.ts`. */
export function addExtension(
  target: JsonRecord,
  element: XmlElement,
  at: string,
  reading: Reading,
): void {
  addElement(target, element, { at, form: 'whole' }, reading);
}

function addElement(
  target: JsonRecord,
  element: XmlElement,
  { at, form }: { readonly at: string; readonly form: Form },
  reading: Reading,
): void {
  reading.names.bind(element.bound);
  const name = reading.names.nameOf(element);
  if (name === '__proto__') {
    reading.fault(FORBIDDEN, pointerTo(at, name), `the element ${name}`, element);
    return;
  }
  const before = Object.hasOwn(target, name) ? target[name] : undefined;
  const pointer = pointerTo(at, name);
  if (before === undefined) {
    reading.mark(pointer, element);
    const slot = { in: target, key: name, pointer, form };
    setField(target, name, extensionValue(element, slot, reading));
    return;
  }
  const list = Array.isArray(before) ? (before as unknown[]) : asList(target, name, reading);
  const inside = pointerTo(pointer, list.length);
  reading.mark(inside, element);
  const slot = { in: list, key: list.length, pointer: inside, form };
  list.push(extensionValue(element, slot, reading));
}

/** The second element of a name turns the first into a list. */
function asList(target: JsonRecord, name: string, reading: Reading): unknown[] {
  const list = [target[name]];
  reading.numbers.move(target, name, list, 0);
  setField(target, name, list);
  return list;
}

/** Where a value will be stored. */
interface Slot {
  readonly in: object;
  readonly key: string | number;
  readonly pointer: string;
  readonly form: Form;
}

function extensionValue(element: XmlElement, slot: Slot, reading: Reading): unknown {
  const attributes = ownAttributes(element);
  if (attributes.length === 0 && elementsOf(element).length === 0)
    return leafValue(element, slot, reading);
  const value: JsonRecord = {};
  for (const one of attributes) setField(value, ATTRIBUTE + reading.names.nameOf(one), one.value);
  addInside(value, element, slot, reading);
  return value;
}

function leafValue(element: XmlElement, slot: Slot, reading: Reading): unknown {
  if (['true', '1'].includes(instanceOf(element, 'nil') ?? '')) return null;
  const text = textIn(element);
  const type = TYPED[instanceOf(element, 'type')?.split(':').at(-1) ?? ''];
  if (type === undefined) return text;
  const read = readValue(text, type);
  if (!read.ok) {
    reading.fault(read, slot.pointer, JSON.stringify(text.slice(0, 80)), element);
    return text;
  }
  if (typeof read.value === 'number' && 'text' in read)
    reading.numbers.note(slot.in, slot.key, read.text);
  return read.value;
}

function addInside(value: JsonRecord, element: XmlElement, slot: Slot, reading: Reading): void {
  const { pointer, form } = slot;
  const isMixed =
    element.content.some((part) => typeof part === 'string') && elementsOf(element).length > 0;
  if (!isMixed || form !== 'content')
    addFields(value, element, { ...slot, form: isMixed ? 'fields' : form }, reading);
  if (isMixed && form !== 'fields')
    setField(value, CONTENT, contentOf(element, `${pointer}/${CONTENT}`, reading));
}

/** Adds the text before the first child, and the children by name. */
function addFields(
  value: JsonRecord,
  element: XmlElement,
  { pointer, form }: Slot,
  reading: Reading,
): void {
  const elements = elementsOf(element);
  const first = element.content[0];
  if (elements.length === 0) {
    const text = leafValue(element, { in: value, key: TEXT, pointer, form }, reading);
    if (text !== '') setField(value, TEXT, text);
  } else if (typeof first === 'string') setField(value, TEXT, first.trim());
  for (const child of elements) addElement(value, child, { at: pointer, form }, reading);
}

function contentOf({ content }: XmlElement, pointer: string, reading: Reading): unknown[] {
  return content.map((part) => {
    if (typeof part === 'string') return part;
    const one: JsonRecord = {};
    addElement(one, part, { at: pointer, form: 'content' }, reading);
    return one;
  });
}
