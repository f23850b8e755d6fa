import type { MasterDataEntry } from '../epcis/master-data.js';
import { localName } from '../epcis/master-data.js';
import type { AttributeTermRow, VocabularyRow } from './vocabulary.store.js';

const LONGEST = 300;

/** The term by which EQATTR_ and HASATTR_ find the holder of an attribute. It is made as in src/event-terms/term.rules.ts. */
function attributeTerm(...parts: readonly string[]): string {
  return ['attribute', ...parts].join(' ').slice(0, LONGEST);
}

/**
 * The row to store for an element of a vocabulary; null when no document had the element. `toKey` returns the key of a child, or null for a
 * child of another kind.
 */
export function vocabularyRowOf(
  entry: MasterDataEntry,
  key: string,
  toKey: (key: string) => string | null,
): VocabularyRow | null {
  if (entry.element === undefined) return null;
  const { attributes = [], children } = entry.element;
  const told = attributes.map(({ id, attribute }) => [localName(id), attribute] as const);
  return {
    ...attributeTermsOf(key, told),
    children: children === undefined ? null : entry.children.flatMap((child) => toKey(child) ?? []),
    vocabulary: entry.vocabulary,
    element: JSON.stringify(entry.element),
  };
}

/** The terms by which a node is found through the attributes given, by local name. */
export function attributeTermsOf(
  key: string,
  told: readonly (readonly [name: string, value: unknown])[],
): AttributeTermRow {
  const names = [...new Set(told.map(([name]) => name))];
  const terms = told.flatMap(([name, value]) => {
    const texts = textsIn(value).map((text) => ({ name, term: attributeTerm(name, text) }));
    return texts.length === 0 ? [] : [{ name, term: attributeTerm(name) }, ...texts];
  });
  return { key, names, terms: [...new Map(terms.map((one) => [one.term, one])).values()] };
}

/** The texts of an attribute, including those inside a complex one. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
