import { EVENT_LAYOUTS, QUANTITY_EVENT, XML_NAMESPACES, layoutOf, newestIn12 } from './layout.js';
import type { ObjectLayout } from './layout.js';
import type { JsonRecord } from './read-extension.js';
import { readOpenObject, readStandardEvent, unknown } from './read-object.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml-tree.js';

/** Names of the elements that are events of the standard. */
export function isEventName(local: string): boolean {
  return EVENT_LAYOUTS.has(local) || local === 'QuantityEvent';
}

/** The ObjectEvent that is equal to a QuantityEvent: OBSERVE, with one quantity of a class. */
function objectEventOf(event: JsonRecord, reading: Reading): JsonRecord {
  const { epcClass, quantity, ...rest } = event;
  const element = { epcClass, ...(quantity === undefined ? {} : { quantity }) };
  reading.numbers.move(event, 'quantity', element, 'quantity');
  return { type: 'ObjectEvent', ...rest, action: 'OBSERVE', epcList: [], quantityList: [element] };
}

/** The place of an event, and its version: 1.2 requires lists that 2.0 leaves out. */
export interface EventPlace {
  readonly pointer: string;
  readonly is12: boolean;
}

/** Reads an event of the standard, or of a private type (EPCIS 2.0 section 7.4.1.3). */
export function readEvent(
  element: XmlElement,
  { pointer, is12 }: EventPlace,
  reading: Reading,
): JsonRecord | null {
  const { uri, local } = element;
  reading.mark(pointer, element);
  const isPlain = uri === '' || Object.values(XML_NAMESPACES.document).some((one) => one === uri);
  if (!isPlain) {
    const type = reading.names.nameOf(element);
    const event = readOpenObject(element, layoutOf(type), pointer, reading);
    return withType(type, event, reading);
  }
  if (local === 'QuantityEvent')
    return objectEventOf(
      readStandardEvent(element, QUANTITY_EVENT, { at: pointer, newerIn: 1 }, reading),
      reading,
    );
  const layout = EVENT_LAYOUTS.get(local);
  if (layout !== undefined) {
    const newerIn = is12 ? newestIn12(layout).length : 1;
    const event = readStandardEvent(element, layout, { at: pointer, newerIn }, reading);
    if (is12) leaveOutEmpty(event, layout);
    return withType(local, event, reading);
  }
  unknown(reading, pointer, element, `the element ${element.name}`);
  return null;
}

const OTHER_WHAT = ['quantityList', 'childQuantityList', 'sensorElementList'];

/** Removes the empty lists that 1.2 requires, unless nothing else says what the event is about. */
function leaveOutEmpty(event: JsonRecord, { elements }: ObjectLayout): void {
  const saysMore =
    event['action'] === 'DELETE' || OTHER_WHAT.some((name) => event[name] !== undefined);
  for (const { name, requiredIn12 } of elements) {
    const list = event[name];
    if (requiredIn12 === true && saysMore && Array.isArray(list) && list.length === 0)
      Reflect.deleteProperty(event, name);
  }
}

/** Puts `type` first, where readers expect it. */
function withType(type: string, event: JsonRecord, reading: Reading): JsonRecord {
  const typed: JsonRecord = { type };
  for (const [name, value] of Object.entries(event)) {
    typed[name] = value;
    reading.numbers.move(event, name, typed, name);
  }
  return typed;
}
