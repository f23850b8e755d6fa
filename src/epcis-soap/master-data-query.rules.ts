import type { QueryParameters } from '../epcis-query/index.js';
import { localName } from '../epcis/master-data.js';
import type { VocabularyElementOut, VocabularyOut } from '../epcis/write-json.js';
import { keyOfUri } from '../gs1/identifier.js';
import { EpcisException } from './epcis-exception.js';

/** A checked SimpleMasterDataQuery (EPCIS 1.2 section 8.2.7.2). An element must meet all conditions that are present. */
export interface MasterDataQuery {
  readonly includeAttributes: boolean;
  readonly includeChildren: boolean;
  /** Local names of the attributes to return; undefined means all. */
  readonly attributeNames?: ReadonlySet<string>;
  readonly vocabularyNames?: ReadonlySet<string>;
  /** Canonical keys: the element must be one of them. */
  readonly names?: readonly string[];
  /** Canonical keys: the element must be one of them, or within one. */
  readonly within?: readonly string[];
  /** Lists of local names of attributes: the element must have one attribute of each list. */
  readonly hasAttributes: readonly (readonly string[])[];
  /** The attribute must have one of the values. */
  readonly equalAttributes: readonly {
    readonly name: string;
    readonly values: readonly string[];
  }[];
  /** More elements than this are refused with QueryTooLargeException. */
  readonly maxElementCount?: number;
}

/** An element with its vocabulary. */
export interface NamedElement {
  readonly vocabulary: string;
  readonly element: VocabularyElementOut;
}

/**
 * Checks the parameters of a SimpleMasterDataQuery. This accepts `HASATTR_name` as well as `HASATTR`.
 *
 * @throws EpcisException QueryParameterException naming the parameter
 */
export function parseMasterDataQuery(parameters: QueryParameters): MasterDataQuery {
  const query: Query = { hasAttributes: [], equalAttributes: [] };
  for (const [name, values] of parameters) {
    const texts = values.map(String);
    const take = READERS.get(name) ?? familyOf(name);
    if (take === undefined) throw refusal(name, 'is not a parameter of a SimpleMasterDataQuery.');
    take(query, { name, texts });
  }
  const { includeAttributes, includeChildren, ...rest } = query;
  if (includeAttributes === undefined) throw refusal('includeAttributes', 'is required.');
  if (includeChildren === undefined) throw refusal('includeChildren', 'is required.');
  return { ...rest, includeAttributes, includeChildren };
}

type Query = {
  -readonly [K in keyof MasterDataQuery]?: MasterDataQuery[K];
} & {
  hasAttributes: (readonly string[])[];
  equalAttributes: { readonly name: string; readonly values: readonly string[] }[];
};

interface Given {
  readonly name: string;
  readonly texts: readonly string[];
}

type Take = (query: Query, given: Given) => void;

const READERS: ReadonlyMap<string, Take> = new Map<string, Take>([
  ['includeAttributes', (query, given) => void (query.includeAttributes = booleanOf(given))],
  ['includeChildren', (query, given) => void (query.includeChildren = booleanOf(given))],
  ['attributeNames', (query, given) => void (query.attributeNames = new Set(attributesOf(given)))],
  ['vocabularyName', (query, given) => void (query.vocabularyNames = new Set(listOf(given)))],
  ['EQ_name', (query, given) => void (query.names = listOf(given).map(keyOf))],
  ['WD_name', (query, given) => void (query.within = listOf(given).map(keyOf))],
  ['HASATTR', (query, given) => void query.hasAttributes.push(attributesOf(given))],
  ['maxElementCount', (query, given) => void (query.maxElementCount = countOf(given))],
]);

function familyOf(name: string): Take | undefined {
  const [, family, attribute = ''] = /^(HASATTR|EQATTR)_(.+)$/s.exec(name) ?? [];
  const own = localName(attribute);
  if (family === 'HASATTR') return (query) => void query.hasAttributes.push([own]);
  if (family === undefined) return undefined;
  return (query, given) => void query.equalAttributes.push({ name: own, values: listOf(given) });
}

function listOf({ name, texts }: Given): readonly string[] {
  if (texts.length > 0 && !texts.includes('')) return texts;
  throw refusal(name, 'needs a list of strings (ArrayOfString), and none of them may be empty.');
}

function attributesOf(given: Given): readonly string[] {
  return listOf(given).map(localName);
}

function theOne({ name, texts }: Given): string {
  const [text, ...more] = texts;
  if (text !== undefined && more.length === 0) return text;
  throw refusal(name, 'takes one value.');
}

function booleanOf(given: Given): boolean {
  const text = theOne(given);
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw refusal(given.name, 'must be true or false.');
}

function countOf(given: Given): number {
  const text = theOne(given);
  if (/^\+?\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw refusal(given.name, 'must be a whole number of at least 1.');
}

function refusal(name: string, rule: string): EpcisException {
  return new EpcisException('QueryParameterException', `Parameter "${name.slice(0, 200)}" ${rule}`);
}

/** The key by which vocabulary elements are compared: all forms of a GS1 key are equal. */
function keyOf(name: string): string {
  return keyOfUri(name) ?? name;
}

/** Whether an element meets the conditions on its vocabulary and attributes. Conditions on its name are checked where elements are read. */
export function matchesMasterData(
  { vocabularyNames, hasAttributes, equalAttributes }: MasterDataQuery,
  { vocabulary, element }: NamedElement,
): boolean {
  const said = (element.attributes ?? []).map(({ id, attribute }) => ({
    name: localName(id),
    texts: textsIn(attribute),
  }));
  const has = (name: string): boolean => said.some((one) => one.name === name);
  return (
    (vocabularyNames?.has(vocabulary) ?? true) &&
    hasAttributes.every((names) => names.some(has)) &&
    equalAttributes.every(({ name, values }) =>
      said.some((one) => one.name === name && one.texts.some((text) => values.includes(text))),
    )
  );
}

/** The texts of an attribute, including those inside a complex one. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [String(value)];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

/** Elements in the form of the answer: by vocabulary, with what was asked for. */
export function vocabulariesOf(
  query: MasterDataQuery,
  elements: readonly NamedElement[],
): readonly VocabularyOut[] {
  const lists = new Map<string, VocabularyElementOut[]>();
  for (const { vocabulary, element } of elements) {
    const list = lists.get(vocabulary) ?? [];
    lists.set(vocabulary, list);
    list.push(shown(query, element));
  }
  return [...lists].map(([type, vocabularyElementList]) => ({ type, vocabularyElementList }));
}

function shown(
  { includeAttributes, includeChildren, attributeNames }: MasterDataQuery,
  { id, attributes = [], children = [] }: VocabularyElementOut,
): VocabularyElementOut {
  const told = attributes.filter((one) => attributeNames?.has(localName(one.id)) ?? true);
  return {
    id,
    ...(includeAttributes && told.length > 0 ? { attributes: told } : {}),
    ...(includeChildren && children.length > 0 ? { children } : {}),
  };
}
