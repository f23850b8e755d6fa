import type { Finding } from '../faults.js';
import { pointerTo } from '../faults.js';
import { XML_NAMESPACES } from './layout.js';
import type { JsonRecord } from './read-extension.js';
import { addExtension, setField } from './read-extension.js';
import { refuseText, unknown } from './read-object.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml-tree.js';
import { elementsOf } from './xml-tree.js';

/** Handlers of the allowed children, by local name, in the order of the schema. */
export type Handlers = Readonly<Record<string, (child: XmlElement) => void>>;

/** The allowed children of an element. Those with a private namespace go to `into`, if given. */
export interface Children {
  readonly at: string;
  readonly handlers: Handlers;
  readonly into?: JsonRecord;
  /** Elements may be repeated. */
  readonly repeated?: boolean;
}

/** Reads children in order and keeps extensions; anything else is a fault. */
export function readChildren(element: XmlElement, children: Children, reading: Reading): void {
  const { at, handlers, into } = children;
  const names = Object.keys(handlers);
  let last = -1;
  refuseText(element, at, reading);
  for (const child of elementsOf(element)) {
    const isQuery = Object.values(XML_NAMESPACES.query).some((uri) => uri === child.uri);
    const handler =
      child.uri === '' || isQuery
        ? Object.entries(handlers).find(([name]) => name === child.local)?.[1]
        : undefined;
    if (handler !== undefined) {
      const index = names.indexOf(child.local);
      checkOrder(child, { index, last, at, children }, reading);
      last = Math.max(last, index);
      handler(child);
    } else if (child.uri !== '' && into !== undefined && !isEpcis(child.uri))
      addExtension(into, child, at, reading);
    else unknown(reading, pointerTo(at, child.name), child, `the element ${child.name}`);
  }
}

function isEpcis(uri: string): boolean {
  const { document, query, masterData } = XML_NAMESPACES;
  return [document, query, masterData].some((of) => uri === of['2.0'] || uri === of['1.2']);
}

interface OrderSoFar {
  readonly index: number;
  readonly last: number;
  readonly at: string;
  readonly children: Children;
}

function checkOrder(
  child: XmlElement,
  { index, last, at, children }: OrderSoFar,
  reading: Reading,
): void {
  if (index > last || (index === last && children.repeated === true)) return;
  const isAgain = index === last;
  const finding: Finding = {
    code: isAgain ? 'ELEMENT_TWICE' : 'ELEMENT_ORDER',
    expected: isAgain
      ? 'the element once'
      : `${child.local} before ${Object.keys(children.handlers)[last] ?? ''}`,
    remedy: 'Write the elements in the order of the schema, each once (EPCIS 2.0 section 9.5).',
  };
  reading.fault(finding, pointerTo(at, child.local), `the element ${child.name} here`, child);
}

/** Reads attributes with a private namespace as fields; `xsi` and `xml` ones are no content. */
export function readOwnAttributes(element: XmlElement, into: JsonRecord, reading: Reading): void {
  for (const one of element.attributes) {
    if (one.uri !== '' && one.uri !== XML_NAMESPACES.instance && one.prefix !== 'xml')
      setField(into, reading.names.nameOf(one), one.value);
  }
}

/** The value of an attribute without a namespace, trimmed. */
export function attributeOf({ attributes }: XmlElement, name: string): string | undefined {
  return attributes.find(({ uri, local }) => uri === '' && local === name)?.value.trim();
}
