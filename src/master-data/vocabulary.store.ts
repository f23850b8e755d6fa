import type { MasterDataKind, VocabularyKind } from '../epcis/cbv-names.js';
import { cypher, fragment } from '../graph/cypher.js';
import type { CypherFragment, CypherStatement } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

/** The terms by which queries find a node. */
export interface AttributeTermRow {
  /** Key of the node: GTIN of a product, key of a place or party. */
  readonly key: string;
  /** Names of the attributes given now. Their former values are forgotten. */
  readonly names: readonly string[];
  /** The terms by which queries find it. */
  readonly terms: readonly { readonly name: string; readonly term: string }[];
}

/** What a document states about one element of a vocabulary. */
export interface VocabularyRow extends AttributeTermRow {
  /** Keys of the nodes within it; null when nothing was stated about them. */
  readonly children: readonly string[] | null;
  /** The vocabulary, and the element as it came, as JSON. */
  readonly vocabulary: string;
  readonly element: string;
}

/** The most vocabularies that are kept for one thing. The newest are kept. */
const MAX_VOCABULARIES = 20;

interface Statements {
  readonly known: CypherStatement<{ key: string; vocabularies: string }>;
  readonly elements: CypherStatement;
  readonly attributes: CypherStatement;
  readonly children: CypherStatement;
}

function statements(kind: VocabularyKind, label: CypherFragment, key: CypherFragment): Statements {
  return {
    known: cypher<{ key: string; vocabularies: string }>(`master-data.vocabulariesOf-${kind}`)`
UNWIND $keys AS key
MATCH (n:${label} {${key}: key}) WHERE n.vocabularies IS NOT NULL
RETURN key, n.vocabularies AS vocabularies`,
    elements: cypher(`master-data.storeVocabulary-${kind}`)`
UNWIND $rows AS row
MATCH (n:${label} {${key}: row.key})
SET n.vocabularies = row.vocabularies`,
    attributes: cypher(`master-data.storeAttributeTerms-${kind}`)`
UNWIND $rows AS row
MATCH (n:${label} {${key}: row.key})
CALL (n, row) {
  MATCH (n)-[old:SAYS]->(n) WHERE old.name IN row.names
  DELETE old
}
CALL (n, row) {
  UNWIND row.terms AS one
  CREATE (n)-[:SAYS {term: one.term, at: 0, name: one.name}]->(n)
}`,
    children: cypher(`master-data.storeChildren-${kind}`)`
UNWIND $rows AS row
MATCH (n:${label} {${key}: row.key})
CALL (n) {
  MATCH (n)<-[old:WITHIN]-(:${label})
  DELETE old
}
CALL (n, row) {
  UNWIND row.children AS k
  MERGE (c:${label} {${key}: k})
  MERGE (c)-[:WITHIN]->(n)
}`,
  };
}

const STORE_WORDS = cypher('master-data.storeWords')`
UNWIND $keys AS key
MERGE (:Word {k: key})`;

const STATEMENTS: Readonly<Record<VocabularyKind, Statements>> = {
  site: statements('site', fragment`Site`, fragment`k`),
  product: statements('product', fragment`Product`, fragment`gtin`),
  party: statements('party', fragment`Party`, fragment`k`),
  word: statements('word', fragment`Word`, fragment`k`),
};

/**
 * Stores what vocabularies state about nodes of one kind: the nodes within them, the terms that attribute queries use, and the elements as
 * they came. Except for words, the nodes must exist. The newest element of a vocabulary replaces the one before. Safe to repeat.
 */
export async function storeVocabularyRows(
  tx: GraphTransaction,
  kind: VocabularyKind,
  rows: readonly VocabularyRow[],
): Promise<void> {
  if (rows.length === 0) return;
  if (kind === 'word')
    await tx.run(STORE_WORDS, { keys: [...new Set(rows.map(({ key }) => key))] });
  const { known, elements, attributes, children } = STATEMENTS[kind];
  const before = await tx.run(known, { keys: [...new Set(rows.map(({ key }) => key))] });
  await tx.run(elements, { rows: mergedElements(rows, before) });
  // One row at a time: of two rows in a statement, the second would not see what the first wrote.
  for (const one of rows) {
    if (one.names.length > 0) await tx.run(attributes, { rows: [one] });
    if (one.children !== null) await tx.run(children, { rows: [one] });
  }
}

/** Stores the terms by which attribute queries find nodes, one row for each node. The nodes must exist. Safe to repeat. */
export async function storeAttributeTerms(
  tx: GraphTransaction,
  kind: MasterDataKind,
  rows: readonly AttributeTermRow[],
): Promise<void> {
  const told = rows.filter(({ names }) => names.length > 0);
  if (told.length > 0) await tx.run(STATEMENTS[kind].attributes, { rows: told });
}

function mergedElements(
  rows: readonly VocabularyRow[],
  known: readonly { readonly key: string; readonly vocabularies: string }[],
): readonly { readonly key: string; readonly vocabularies: string }[] {
  const told = new Map(
    known.map(({ key, vocabularies }) => [
      key,
      JSON.parse(vocabularies) as Record<string, unknown>,
    ]),
  );
  for (const { key, vocabulary, element } of rows)
    told.set(key, { ...told.get(key), [vocabulary]: JSON.parse(element) as unknown });
  return [...told].map(([key, vocabularies]) => ({
    key,
    vocabularies: JSON.stringify(
      Object.fromEntries(Object.entries(vocabularies).slice(-MAX_VOCABULARIES)),
    ),
  }));
}
