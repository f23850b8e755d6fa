import type { Finding } from '../faults.js';
import { pointerTo } from '../faults.js';
import type { FieldForm, FieldLayout, ListForm, ObjectLayout, SimpleForm } from './layout.js';
import { EVENT_FIELDS, FILLED_LISTS, XML_NAMESPACES } from './layout.js';
import type { JsonRecord } from './read-extension.js';
import { addExtension, setField } from './read-extension.js';
import { readValue } from './read-value.js';
import type { Reading } from './reading.js';
import type { XmlAttribute, XmlElement } from './xml-tree.js';
import { elementsOf, textOfElement } from './xml-tree.js';
import { append } from '../../shared/append.js';

const WRAPPERS: ReadonlySet<string> = new Set(['extension', 'baseExtension']);

const EMPTY: Finding = {
  code: 'LIST_EMPTY',
  expected: 'at least one item',
  remedy: 'Leave the element out, or add an item.',
};
const TWICE: Finding = {
  code: 'ELEMENT_TWICE',
  expected: 'the element once',
  remedy: 'Keep one of them.',
};
const MISPLACED_TEXT: Finding = {
  code: 'TEXT_MISPLACED',
  expected: 'no text of its own here',
  remedy: 'Put the text into an element of the standard or of a namespace of your own.',
};
const NOT_TEXT: Finding = {
  code: 'TEXT_INVALID',
  expected: 'text, no elements inside',
  remedy: 'Write the value alone.',
};

/** Reports an element or attribute that is not allowed in its place. */
export function unknown(
  reading: Reading,
  pointer: string,
  element: XmlElement,
  name: string,
): void {
  const isStandard = Object.values(XML_NAMESPACES.document).some((uri) => uri === element.uri);
  const finding: Finding = {
    code: 'FIELD_UNKNOWN',
    expected: 'an element of the standard, or an extension with a namespace',
    remedy: isStandard
      ? 'Only the root has a namespace in EPCIS. Bind it to a prefix, and write the inner elements without it.'
      : 'Correct the spelling, or give an extension a namespace of your own.',
  };
  reading.fault(finding, pointer, name, element);
}

/** Reports text in an element that may only hold elements, because it would be lost. */
export function refuseText(element: XmlElement, at: string, reading: Reading): void {
  const text = textOfElement(element).trim();
  if (text !== '') reading.fault(MISPLACED_TEXT, at, JSON.stringify(text.slice(0, 80)), element);
}

/** The state while the children of one element are read. */
interface Inside {
  readonly layout: ObjectLayout;
  readonly target: JsonRecord;
  readonly at: string;
  /** Unknown elements are kept as they are, in events of a private type. */
  readonly open: boolean;
  /** In a standard event: this many wrappers further in, unknown elements are newer ones. */
  readonly newerIn?: number;
}

/** Checks the order of elements: that of the schema, with extensions last. */
class Order {
  private last = -1;
  private name = '';

  constructor(
    private readonly reading: Reading,
    private readonly isFree: boolean,
  ) {}

  take(index: number, element: XmlElement, pointer: string): void {
    if (index >= this.last || this.isFree) {
      this.last = index;
      this.name = element.name;
      return;
    }
    const finding: Finding = {
      code: 'ELEMENT_ORDER',
      expected: `${element.name} before ${this.name}`,
      remedy: 'Write the elements in the order of the schema (EPCIS 2.0 section 9.5).',
    };
    this.reading.fault(finding, pointer, `${element.name} after ${this.name}`, element);
  }
}

/** Reads an element with known fields into a JSON object; faults go to the reading. */
function readObject(
  element: XmlElement,
  layout: ObjectLayout,
  at: string,
  reading: Reading,
): JsonRecord {
  return readInto({ layout, target: {}, at, open: false }, element, reading);
}

/**
 * Reads an event of the standard. Elements of a newer standard are kept with a warning, if they are
 * where the schema allows them: `newerIn` wrappers further in.
 */
export function readStandardEvent(
  element: XmlElement,
  layout: ObjectLayout,
  { at, newerIn }: { readonly at: string; readonly newerIn: number },
  reading: Reading,
): JsonRecord {
  return readInto({ layout, target: {}, at, open: false, newerIn }, element, reading);
}

/** Reads an event of a private type; elements that are not of the standard are kept. */
export function readOpenObject(
  element: XmlElement,
  layout: ObjectLayout,
  at: string,
  reading: Reading,
): JsonRecord {
  return readInto({ layout, target: {}, at, open: true }, element, reading);
}

function readInto(inside: Inside, element: XmlElement, reading: Reading): JsonRecord {
  const { layout, target, at } = inside;
  for (const attribute of element.attributes) readAttribute(attribute, inside, element, reading);
  if (layout.text !== undefined) readText(layout.text, element, inside, reading);
  else refuseText(element, at, reading);
  readElements(inside, element, reading);
  return target;
}

function readAttribute(
  attribute: XmlAttribute,
  { layout, target, at }: Inside,
  element: XmlElement,
  reading: Reading,
): void {
  const { uri, local, value } = attribute;
  if (uri === XML_NAMESPACES.instance || attribute.prefix === 'xml') return;
  const field = uri === '' ? layout.attributes.find(({ name }) => name === local) : undefined;
  if (field?.is.form === 'value') {
    // Spaces count only in this text.
    if (local === 'stringValue') target[local] = value;
    else setValue(target, { name: local, is: field.is }, { text: value, at, element }, reading);
  } else if (uri === '' || layout.extensions === 'none')
    unknown(reading, pointerTo(at, attribute.name), element, `the attribute ${attribute.name}`);
  else setField(target, reading.names.nameOf(attribute), value);
}

interface Said {
  readonly text: string;
  readonly at: string;
  readonly element: XmlElement;
}

function setValue(
  target: JsonRecord,
  field: { readonly name: string; readonly is: SimpleForm },
  { text, at, element }: Said,
  reading: Reading,
): void {
  const read = readValue(text, field.is.type);
  if (!read.ok) {
    const found = JSON.stringify(text.trim().slice(0, 80));
    reading.fault(read, pointerTo(at, field.name), found, element);
    return;
  }
  target[field.name] = read.value;
  if ('text' in read) reading.numbers.note(target, field.name, read.text);
}

function readText(
  field: FieldLayout,
  element: XmlElement,
  { target, at }: Inside,
  reading: Reading,
): void {
  const { name, is } = field;
  if (is.form !== 'value') return;
  setValue(target, { name, is }, { text: textOfElement(element), at, element }, reading);
}

function readElements(inside: Inside, element: XmlElement, reading: Reading): void {
  const { layout, at } = inside;
  const order = new Order(reading, layout.anyOrder === true);
  for (const child of elementsOf(element)) {
    const pointer = pointerTo(at, child.uri === '' ? child.local : child.name);
    if (child.uri === '') readStandard(inside, child, { pointer, order }, reading);
    else if (takesExtensions(inside, child)) {
      order.take(Number.MAX_SAFE_INTEGER, child, pointer);
      addExtension(inside.target, child, at, reading);
    } else unknown(reading, pointer, child, `the element ${child.name}`);
  }
}

/** True for an event. Elsewhere, `extension` may hold any element without a namespace. */
function isEvent({ elements }: ObjectLayout): boolean {
  return elements[0]?.name === 'eventTime';
}

function takesExtensions({ layout, open }: Inside, { uri }: XmlElement): boolean {
  const isEpcis = uri === XML_NAMESPACES.document['2.0'] || uri === XML_NAMESPACES.document['1.2'];
  return (layout.extensions === 'elements' || open) && !isEpcis;
}

function readStandard(
  inside: Inside,
  child: XmlElement,
  { pointer, order }: { readonly pointer: string; readonly order: Order },
  reading: Reading,
): void {
  const index = inside.layout.elements.findIndex(({ name }) => name === child.local);
  const field = inside.layout.elements[index];
  if (field !== undefined) {
    order.take(index, child, pointer);
    reading.mark(pointer, child);
    readField(inside, field, child, reading);
  } else if (WRAPPERS.has(child.local)) {
    refuseText(child, inside.at, reading);
    const { newerIn } = inside;
    readElements(
      {
        ...inside,
        open: inside.open || !isEvent(inside.layout),
        ...(newerIn === undefined ? {} : { newerIn: newerIn - 1 }),
      },
      child,
      reading,
    );
  } else if (inside.open && inside.layout.extensions === 'elements')
    addExtension(inside.target, child, inside.at, reading);
  else if (isNewer(inside, child)) {
    reading.warn(NEWER, pointer, `the element ${child.name}`, child);
    addExtension(inside.target, child, inside.at, reading);
  } else unknown(reading, pointer, child, `the element ${child.name}`);
}

const NEWER: Finding = {
  code: 'ELEMENT_NEWER',
  expected: 'an element of EPCIS 2.0 or earlier',
  remedy: 'It is kept as an element of a newer standard. Check its spelling.',
};

/** False for an element that the standard has elsewhere, as it would get that meaning in JSON. */
function isNewer({ newerIn = Infinity }: Inside, { local }: XmlElement): boolean {
  return newerIn <= 0 && !EVENT_FIELDS.has(local);
}

function readField(
  inside: Inside,
  field: FieldLayout,
  element: XmlElement,
  reading: Reading,
): void {
  const { target, at } = inside;
  const { name, is } = field;
  const pointer = pointerTo(at, name);
  const isThere = Object.hasOwn(target, field.name);
  if (isThere && !(is.form === 'list' && is.item === undefined)) {
    reading.fault(TWICE, pointer, `a second ${field.name}`, element);
    return;
  }
  if (is.form === 'list') readList({ target, field, is, pointer }, element, reading);
  else if (is.form === 'object')
    target[field.name] = readObject(element, is.layout, pointer, reading);
  else readSimple(inside, { name, is }, element, reading);
}

function isNil({ attributes }: XmlElement): boolean {
  return attributes.some(
    ({ uri, local, value }) =>
      uri === XML_NAMESPACES.instance && local === 'nil' && ['true', '1'].includes(value.trim()),
  );
}

function readSimple(
  { target, at }: Inside,
  { name, is }: { readonly name: string; readonly is: SimpleForm },
  element: XmlElement,
  reading: Reading,
): void {
  if (isNil(element)) return;
  const text = plainText(element, pointerTo(at, name), reading);
  setValue(target, { name, is }, { text, at, element }, reading);
}

/** Text of an element of a simple type; anything else in it is a fault. */
function plainText(element: XmlElement, pointer: string, reading: Reading): string {
  if (elementsOf(element).length > 0) reading.fault(NOT_TEXT, pointer, 'elements', element);
  for (const { uri, prefix, name } of element.attributes) {
    if (uri !== XML_NAMESPACES.instance && prefix !== 'xml')
      unknown(reading, `${pointer}/${name}`, element, `the attribute ${name}`);
  }
  return textOfElement(element);
}

interface ListPlace {
  readonly target: JsonRecord;
  readonly field: FieldLayout;
  readonly is: ListForm;
  readonly pointer: string;
}

function readList(
  { target, field, is, pointer }: ListPlace,
  element: XmlElement,
  reading: Reading,
): void {
  if (is.item !== undefined) {
    target[field.name] = readItems(element, is, pointer, reading);
    if (FILLED_LISTS.has(field.name) && elementsOf(element).length === 0)
      reading.fault(EMPTY, pointer, 'nothing', element);
    return;
  }
  const before = target[field.name];
  const list: unknown[] = before === undefined ? [] : Array.isArray(before) ? before : [before];
  if (is.joined === true) append(list, joinedItems(element, pointer, reading));
  else addItem({ list, of: is.of, at: pointer }, element, reading);
  target[field.name] = is.oneMayStandAlone === true && list.length === 1 ? list[0] : list;
}

function joinedItems(element: XmlElement, pointer: string, reading: Reading): readonly string[] {
  return plainText(element, pointer, reading)
    .split(/\s+/)
    .filter((item) => item !== '');
}

function readItems(
  element: XmlElement,
  { item, of }: ListForm,
  pointer: string,
  reading: Reading,
): unknown[] {
  const list: unknown[] = [];
  refuseText(element, pointer, reading);
  for (const child of elementsOf(element)) {
    if (child.uri === '' && child.local === item)
      addItem({ list, of, at: pointer }, child, reading);
    else unknown(reading, `${pointer}/${list.length}`, child, `the element ${child.name}`);
  }
  return list;
}

interface ItemPlace {
  readonly list: unknown[];
  readonly of: FieldForm;
  readonly at: string;
}

function addItem({ list, of, at }: ItemPlace, element: XmlElement, reading: Reading): void {
  const pointer = pointerTo(at, list.length);
  reading.mark(pointer, element);
  if (of.form === 'object') list.push(readObject(element, of.layout, pointer, reading));
  else list.push(plainText(element, pointer, reading).trim());
}
