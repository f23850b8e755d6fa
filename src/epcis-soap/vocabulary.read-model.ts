import type { View } from '../access/view.js';
import type { VocabularyKind } from '../epcis/cbv-names.js';
import type { VocabularyElementOut } from '../epcis/write-json.js';
import { cypher, fragment, upTo } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import type { MasterDataQuery, NamedElement } from './master-data-query.rules.js';
import { registeredElement } from './registered-element.rules.js';

interface NodeRow {
  readonly key: string;
  readonly node: Readonly<Record<string, unknown>>;
}

interface Statements {
  readonly all: ReadStatement<NodeRow>;
  readonly named: ReadStatement<NodeRow>;
  readonly within: ReadStatement<NodeRow>;
}

// Names that only an event or a list of children has are not elements: nobody stated their vocabulary.
function statements(kind: VocabularyKind, label: CypherFragment, key: CypherFragment): Statements {
  const told = fragment`(n.vocabularies IS NOT NULL OR n.registered)`;
  return {
    all: cypher.public<NodeRow>(`epcis-soap.all-${kind}`)`
MATCH (n:${label}) WHERE n.${key} > '' AND ${told}
RETURN n.${key} AS key, properties(n) AS node ORDER BY n.${key}`,
    named: cypher.public<NodeRow>(`epcis-soap.named-${kind}`)`
UNWIND $keys AS key
MATCH (n:${label} {${key}: key}) WHERE ${told}
RETURN key, properties(n) AS node ORDER BY key`,
    within: cypher.public<NodeRow>(`epcis-soap.within-${kind}`)`
UNWIND $keys AS key
MATCH (:${label} {${key}: key})<-[:WITHIN*${upTo(20, 0)}]-(n:${label}) WHERE ${told}
WITH DISTINCT n
RETURN n.${key} AS key, properties(n) AS node ORDER BY key`,
  };
}

const STATEMENTS: readonly (readonly [VocabularyKind, Statements])[] = [
  ['product', statements('product', fragment`Product`, fragment`gtin`)],
  ['site', statements('site', fragment`Site`, fragment`k`)],
  ['party', statements('party', fragment`Party`, fragment`k`)],
  ['word', statements('word', fragment`Word`, fragment`k`)],
];

/**
 * The elements of vocabularies that match the names of a query, by key: products, sites, parties, other words. One node may be an element
 * of several vocabularies.
 */
export async function* namedElements(
  view: View,
  { names, within }: MasterDataQuery,
): AsyncGenerator<NamedElement, void> {
  for (const [kind, { all, named, within: descending }] of STATEMENTS) {
    const isName = isOneOf(kind, names);
    const rows =
      within !== undefined
        ? view.readStream(descending, { keys: keysOf(kind, within) })
        : names !== undefined
          ? view.readStream(named, { keys: keysOf(kind, names) })
          : view.readStream(all, {});
    for await (const { key, node } of rows) if (isName(key)) yield* elementsOf(kind, key, node);
  }
}

/** Property values by which nodes of a kind are found. A product is found by its GTIN. */
function keysOf(kind: VocabularyKind, keys: readonly string[]): readonly string[] {
  const own =
    kind === 'product' ? keys.flatMap((key) => /^01\/(\d{14})$/.exec(key)?.[1] ?? []) : keys;
  return [...new Set(own)];
}

function isOneOf(
  kind: VocabularyKind,
  names: readonly string[] | undefined,
): (key: string) => boolean {
  if (names === undefined) return () => true;
  const keys = new Set(keysOf(kind, names));
  return (key) => keys.has(key);
}

function elementsOf(
  kind: VocabularyKind,
  key: string,
  node: NodeRow['node'],
): readonly NamedElement[] {
  const told = node['vocabularies'];
  if (typeof told !== 'string')
    return kind === 'word'
      ? []
      : [registeredElement(kind, kind === 'product' ? `01/${key}` : key, node)];
  const elements = JSON.parse(told) as Readonly<Record<string, VocabularyElementOut>>;
  return Object.entries(elements).map(([vocabulary, element]) => ({ vocabulary, element }));
}
