import type { MasterDataEntry } from '../epcis/master-data.js';
import { localName } from '../epcis/master-data.js';
import type { AttributeTermRow, VocabularyRow } from './vocabulary.store.js';

const LONGEST = 300;

/** The term by which EQATTR_ and HASATTR_ find the holder of an attribute, as src/event-terms/term.rules.ts makes them. */
function attributeTerm(...parts: readonly string[]): string {
  return ['attribute', ...parts].join(' ').slice(0, LONGEST);
}

/**
 * What is stored of an element of a vocabulary, null when no document told it; `toKey` gives a child's key, null for what is of
 * another kind.
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

/** What a node is found by for the attributes told now, by local name. */
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

/** The texts of an attribute, those of a complex one included. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
