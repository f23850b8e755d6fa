import type { QueryParameters } from '../epcis-query/index.js';
import { XML_NAMESPACES } from '../epcis/xml/layout.js';
import type { XmlElement } from '../epcis/xml/xml-tree.js';
import { elementsOf } from '../epcis/xml/xml-tree.js';
import { EpcisException } from './epcis-exception.js';
import { trimmedText } from './soap-message.js';

/** Parameters of a query, and the namespaces of the prefixes in their names. */
export interface GivenParams {
  readonly parameters: QueryParameters;
  readonly namespaces: Readonly<Record<string, string>>;
}

/**
 * Reads `params` (EPCIS 1.2 section 11.1, QueryParams). A value is a VoidHolder, an ArrayOfString, or a text of any simple type. The text
 * itself shows its type; of `xsi:type` only VoidHolder matters. Values are not split at `|`.
 *
 * @throws EpcisException QueryParameterException, also when two parameters have one name (section 8.2.6)
 */
export function readQueryParams(
  params: XmlElement | undefined,
  bound: Readonly<Record<string, string>>,
): GivenParams {
  const parameters = new Map<string, readonly string[]>();
  const prefixes: Record<string, string> = { ...bound, ...params?.bound };
  for (const param of params === undefined ? [] : elementsOf(params)) {
    if (param.local !== 'param')
      throw refusal(`params must contain param, not ${param.local.slice(0, 100)}.`);
    const { name, value } = partsOf(param);
    const text = name === undefined ? '' : trimmedText(name);
    if (name === undefined || text === '') throw refusal('A param has no name.');
    if (parameters.has(text)) throw refusal(`Parameter "${text.slice(0, 200)}" is given twice.`);
    if (value === undefined)
      throw refusal(`Parameter "${text.slice(0, 200)}" has no value element.`);
    Object.assign(prefixes, param.bound, name.bound);
    parameters.set(text, valuesOf(text, value));
  }
  return { parameters, namespaces: usedOf(prefixes, parameters) };
}

function partsOf(param: XmlElement): { name?: XmlElement; value?: XmlElement } {
  return Object.fromEntries(elementsOf(param).map((part) => [part.local, part]));
}

function valuesOf(name: string, value: XmlElement): readonly string[] {
  const inside = elementsOf(value);
  if (inside.length > 0) return inside.map((one) => stringIn(name, one));
  const text = trimmedText(value);
  if (text === '') return [];
  if (typeOf(value) === 'VoidHolder')
    throw refusal(`Parameter "${name.slice(0, 200)}" is a VoidHolder, which must be empty.`);
  return [text];
}

function stringIn(name: string, one: XmlElement): string {
  if (one.local === 'string' && elementsOf(one).length === 0) return trimmedText(one);
  throw refusal(
    `Parameter "${name.slice(0, 200)}" contains ${one.local.slice(0, 100)}; a list is an ArrayOfString, which contains string.`,
  );
}

/** Local name of `xsi:type`. */
function typeOf({ attributes }: XmlElement): string | undefined {
  const type = attributes.find(
    ({ local, uri }) => local === 'type' && uri === XML_NAMESPACES.instance,
  );
  return type?.value.trim().split(':').at(-1);
}

/** Schemes of identifiers. A prefix must not replace them. */
const SCHEMES: readonly string[] = ['', 'urn', 'http', 'https'];

function usedOf(
  prefixes: Readonly<Record<string, string>>,
  parameters: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, string>> {
  const texts = [...parameters].flatMap(([name, values]) => [name, ...values.map((v) => `_${v}`)]);
  const used = Object.entries(prefixes).filter(
    ([prefix]) => !SCHEMES.includes(prefix) && texts.some((text) => text.includes(`_${prefix}:`)),
  );
  return Object.fromEntries(used);
}

function refusal(reason: string): EpcisException {
  return new EpcisException('QueryParameterException', reason);
}
