import { isLosslessNumber } from 'lossless-json';
import type { JsonObject } from '../checks.js';
import { isObject } from '../checks.js';
import type { Bindings } from '../write-prefixes.js';
import { ATTRIBUTE, CONTENT, TEXT } from './extension-form.js';
import { XML_NAMESPACES } from './layout.js';
import type { NameScope } from './write-scope.js';
import { declarationsOf } from './write-scope.js';
import { attribute, escapedText, plainText } from './write-text.js';

/** An element from its parts; the text of attributes begins with a space. */
export function elementText(name: string, attributes: string, inside: string): string {
  return inside === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}

const XMLNS = `${ATTRIBUTE}xmlns`;

/** True for white space at the ends that `read-extension.ts` would take for layout. */
function endsInLines(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  // A regex for the end would try again from each line.
  const before = value.slice(0, value.length - value.trimStart().length);
  return before.includes('\n') || value.slice(value.trimEnd().length).includes('\n');
}

function attributesText(attributes: ReadonlyMap<string, string>): string {
  return [...attributes].map(([name, value]) => attribute(name, value)).join('');
}

type Attributes = ReadonlyMap<string, string>;

const NO_ATTRIBUTES: Attributes = new Map();

function leafElement(name: string, value: unknown, scope: NameScope, given: Attributes): string {
  const attributes = new Map(given);
  if (endsInLines(value))
    attributes.set(
      scope.nameIn(XML_NAMESPACES.instance, 'type', 'xsi'),
      scope.nameIn(XML_NAMESPACES.schema, 'string', 'xsd'),
    );
  const inside = value === null ? '' : escapedText(plainText(value));
  return elementText(name, attributesText(attributes), inside);
}

/** Prefixes that an object binds for its content, as converters write them: `@xmlns:ext`. */
function boundIn(value: JsonObject): Bindings | undefined {
  const bound = Object.entries(value).filter(
    (entry): entry is [string, string] =>
      entry[0].startsWith(`${XMLNS}:`) && typeof entry[1] === 'string',
  );
  return bound.length === 0
    ? undefined
    : Object.fromEntries(bound.map(([key, uri]) => [key.slice(XMLNS.length + 1), uri]));
}

function ownAttributes(value: JsonObject, scope: NameScope): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [key, said] of Object.entries(value)) {
    if (!key.startsWith(ATTRIBUTE) || key.startsWith(XMLNS) || key === ATTRIBUTE) continue;
    if (said !== null) attributes.set(scope.name(key.slice(1)), plainText(said));
  }
  return attributes;
}

function contentText(parts: readonly unknown[], scope: NameScope): string {
  return parts
    .map((part) => {
      if (isObject(part) && !isLosslessNumber(part)) return fieldsText(part, scope);
      return escapedText(plainText(part));
    })
    .join('');
}

function insideText(value: JsonObject, scope: NameScope): string {
  const mixed = value[CONTENT];
  if (Array.isArray(mixed)) return contentText(mixed, scope);
  const text = value[TEXT];
  const own = text === undefined || text === null ? '' : escapedText(plainText(text));
  return own + fieldsText(value, scope);
}

function objectElement(
  name: string,
  value: JsonObject,
  around: NameScope,
  given: Attributes,
): string {
  const bound = boundIn(value);
  const scope = bound === undefined ? around : around.inside(bound);
  const attributes = new Map([...given, ...ownAttributes(value, scope)]);
  // An element of a simple type, such as xsd:string, may not have other attributes.
  if (endsInLines(value[TEXT])) attributes.set('xml:space', 'preserve');
  const inside = insideText(value, scope);
  const declared = scope === around ? '' : declarationsOf(scope.declarations);
  return elementText(name, declared + attributesText(attributes), inside);
}

/** The elements of an object without a layout, in order. The caller writes attributes and text. */
function fieldsText(value: JsonObject, scope: NameScope): string {
  return Object.entries(value)
    .filter(([key]) => !key.startsWith(ATTRIBUTE) && key !== TEXT && key !== CONTENT)
    .map(([key, one]) => valueElements(scope.name(key), one, scope))
    .join('');
}

/**
 * The element of a JSON value without a layout (an extension, ilmd, a header), or the elements of a
 * list; each has the given attributes besides its own. The form is that of `extension-form.ts`, so
 * that reading gives the same value:
 * - Numbers are written with their digits, booleans as true and false. An attribute with the type
 *   would change the event hash (CBV 2.0 section 8.9), so both are read as text. null is not
 *   written. Text that begins or ends with a line break gets `xsi:type` xsd:string.
 * - A list repeats the element for each item; null is an empty element. So a list of one is read as
 *   its item, an empty list is not written, and nested lists become one.
 * - A text that is not an XML name is escaped (`name-escapes.ts`); a forbidden character becomes
 *   U+FFFD.
 */
export function valueElements(
  name: string,
  value: unknown,
  scope: NameScope,
  given: Attributes = NO_ATTRIBUTES,
): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value))
    return value.map((item: unknown) => valueElements(name, item ?? '', scope, given)).join('');
  return isObject(value) && !isLosslessNumber(value)
    ? objectElement(name, value, scope, given)
    : leafElement(name, value, scope, given);
}
