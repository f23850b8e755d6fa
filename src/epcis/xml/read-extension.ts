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

/** A JSON object being made. */
export type JsonRecord = Record<string, unknown>;

/** Sets an own field, whatever its name. */
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

/** White space at the ends is layout where it breaks the line; elsewhere it is text. */
function textIn(element: XmlElement): string {
  const text = textOfElement(element);
  if (isPreserved(element) || instanceOf(element, 'type')?.split(':').at(-1) === 'string')
    return text;
  return text.replace(/^\s*\n\s*|\s*\n\s*$/g, '');
}

/** Attributes that are part of what is said: not how it is to be read. */
function ownAttributes(element: XmlElement): readonly XmlAttribute[] {
  return element.attributes.filter(
    (one) =>
      one.name !== 'xml:space' &&
      !(isInstance(one) && ['type', 'nil', 'schemaLocation'].includes(one.local)),
  );
}

/** Puts the value of an extension element into an object, beside others of its name: see `extension-form.ts`. */
export function addExtension(
  target: JsonRecord,
  element: XmlElement,
  at: string,
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
    setField(target, name, extensionValue(element, pointer, { in: target, key: name }, reading));
    return;
  }
  const list = Array.isArray(before) ? (before as unknown[]) : asList(target, name, reading);
  const inside = pointerTo(pointer, list.length);
  reading.mark(inside, element);
  list.push(extensionValue(element, inside, { in: list, key: list.length }, reading));
}

/** A second element of a name makes a list of the first. */
function asList(target: JsonRecord, name: string, reading: Reading): unknown[] {
  const list = [target[name]];
  reading.numbers.move(target, name, list, 0);
  setField(target, name, list);
  return list;
}

/** Where a value will stand. */
interface Slot {
  readonly in: object;
  readonly key: string | number;
}

function extensionValue(
  element: XmlElement,
  pointer: string,
  slot: Slot,
  reading: Reading,
): unknown {
  const attributes = ownAttributes(element);
  if (attributes.length === 0 && elementsOf(element).length === 0)
    return leafValue(element, pointer, slot, reading);
  const value: JsonRecord = {};
  for (const one of attributes) setField(value, ATTRIBUTE + reading.names.nameOf(one), one.value);
  addInside(value, element, pointer, reading);
  return value;
}

function leafValue(element: XmlElement, pointer: string, slot: Slot, reading: Reading): unknown {
  if (['true', '1'].includes(instanceOf(element, 'nil') ?? '')) return null;
  const text = textIn(element);
  const type = TYPED[instanceOf(element, 'type')?.split(':').at(-1) ?? ''];
  if (type === undefined) return text;
  const read = readValue(text, type);
  if (!read.ok) {
    reading.fault(read, pointer, JSON.stringify(text.slice(0, 80)), element);
    return text;
  }
  if (typeof read.value === 'number' && 'text' in read)
    reading.numbers.note(slot.in, slot.key, read.text);
  return read.value;
}

function addInside(
  value: JsonRecord,
  element: XmlElement,
  pointer: string,
  reading: Reading,
): void {
  const { content } = element;
  const isMixed =
    content.some((part) => typeof part === 'string') && elementsOf(element).length > 0;
  const first = content[0];
  if (elementsOf(element).length === 0) {
    const text = leafValue(element, pointer, { in: value, key: TEXT }, reading);
    if (text !== '') setField(value, TEXT, text);
  } else if (typeof first === 'string') setField(value, TEXT, first.trim());
  for (const child of elementsOf(element)) addExtension(value, child, pointer, reading);
  if (isMixed) setField(value, CONTENT, contentOf(element, `${pointer}/${CONTENT}`, reading));
}

function contentOf({ content }: XmlElement, pointer: string, reading: Reading): unknown[] {
  return content.map((part) => {
    if (typeof part === 'string') return part;
    const one: JsonRecord = {};
    addExtension(one, part, pointer, reading);
    return one;
  });
}
