import { keyOfUri } from '../gs1/identifier.js';
import { isObject } from './checks.js';

/** What a vocabulary element is about. */
export type MasterDataType = 'site' | 'product' | 'party' | 'other';

/** One element of `epcisHeader.epcisMasterData.vocabularyList` (EPCIS 2.0 section 9.4). */
export interface MasterDataEntry {
  readonly type: MasterDataType;
  /** The URI of the vocabulary, such as `urn:epcglobal:epcis:vtype:BusinessLocation`. */
  readonly vocabulary: string;
  /** The id as given. */
  readonly id: string;
  /** The canonical key of `id`, or `id` itself. */
  readonly key: string;
  /** By local name (`name`, …); by full name if it is not of the CBV. The last of a name wins. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Keys. */
  readonly children: readonly string[];
  /** The element as it came, if it came from a document. */
  readonly element?: MasterDataElement;
}

/** An element of a vocabulary as a document has it. */
export interface MasterDataElement {
  readonly id: string;
  readonly attributes?: readonly { readonly id: string; readonly attribute?: unknown }[];
  readonly children?: readonly string[];
}

const KINDS: readonly (readonly [RegExp, MasterDataType])[] = [
  [/(?:Location|ReadPoint|Site)$/i, 'site'],
  [/(?:EPCClass|Product|TradeItem)$/i, 'product'],
  [/(?:SourceDest|Party)$/i, 'party'],
];

function typeOf(vocabulary: string, key: string): MasterDataType {
  if (key.startsWith('417/')) return 'party';
  return KINDS.find(([form]) => form.test(vocabulary))?.[1] ?? 'other';
}

/** The local name of an attribute of the CBV or the GS1 Web Vocabulary; any other name as it is. */
export function localName(name: string): string {
  return name.replace(
    /^(?:urn:epcglobal:cbv:mda[:#]|cbvmda:|https?:\/\/ref\.gs1\.org\/cbv\/|gs1:|https?:\/\/(?:www\.|ref\.)?gs1\.org\/voc\/)/,
    '',
  );
}

function keyOf(uri: string): string {
  return keyOfUri(uri) ?? uri;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function entryOf(vocabulary: string, element: unknown): MasterDataEntry | null {
  if (!isObject(element) || typeof element['id'] !== 'string') return null;
  const key = keyOf(element['id']);
  const attributes = list(element['attributes'])
    .filter(isObject)
    .map((one): [string, unknown] => [localName(String(one['id'])), one['attribute']])
    .filter(([, value]) => value !== undefined);
  return {
    type: typeOf(vocabulary, key),
    vocabulary,
    id: element['id'],
    key,
    attributes: Object.fromEntries(attributes),
    children: list(element['children'])
      .filter((child) => typeof child === 'string')
      .map(keyOf),
    element: elementOf(element['id'], element),
  };
}

function elementOf(id: string, element: Readonly<Record<string, unknown>>): MasterDataElement {
  const attributes = list(element['attributes'])
    .filter(isObject)
    .map((one) => ({ ...one, id: String(one['id']) }));
  const children = element['children'];
  return {
    id,
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(Array.isArray(children) ? { children: list(children).map(String) } : {}),
  };
}

/** Master data in a judged list of vocabularies; anything of a wrong form is skipped. */
export function masterDataOf(vocabularies: unknown): MasterDataEntry[] {
  return list(vocabularies)
    .filter(isObject)
    .flatMap((vocabulary) =>
      list(vocabulary['vocabularyElementList']).map((element) =>
        entryOf(String(vocabulary['type']), element),
      ),
    )
    .filter((entry) => entry !== null);
}
