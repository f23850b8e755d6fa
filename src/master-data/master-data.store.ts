import { cypher, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { groupBy } from '../shared/group-by.js';
import { RUNS_NOW } from './names.read-model.js';

/** One record to store. Absent properties stay as they are, and null ones are removed. */
export interface MasterDataRow {
  readonly key: string;
  readonly properties: Readonly<
    Record<string, string | number | boolean | readonly string[] | null>
  >;
  /** Attributes with other names. They are added to those known. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What to store, by kind. */
export interface MasterDataRows {
  readonly products?: readonly MasterDataRow[];
  readonly sites?: readonly MasterDataRow[];
  readonly parties?: readonly MasterDataRow[];
  /** Which party runs a site; a null party means that nobody is known. */
  readonly operators?: readonly OperatorRow[];
}

/** Who runs a site, or null for nobody, from and until when: epoch ms, null for an open end. */
export interface OperatorRow {
  readonly site: string;
  readonly party: string | null;
  readonly from: number | null;
  readonly to: number | null;
}

/** How many records were new, and how many were known. */
export interface MasterDataReceipt {
  readonly created: number;
  readonly updated: number;
  /** Keys of things that would have had more than {@link MAX_ATTRIBUTES} attributes. Their oldest attributes were forgotten. */
  readonly full: readonly string[];
}

/** The most attributes with other names that are kept for one thing. */
export const MAX_ATTRIBUTES = 1000;

// Never write `SET l.seq = l.seq`: it reads before it has the lock, so it could put back an older number.
const LOCK_LOG = cypher('master-data.lockLog')`
MATCH (l:Log {id: 'log'}) SET l.locked = true`;

const STORE_PRODUCTS = cypher<{ created: number }>('master-data.storeProducts')`
UNWIND $rows AS row
MERGE (n:Product {gtin: row.key})
WITH n, row, n.registered IS NULL AS created
SET n += row.properties, n.registered = true
RETURN sum(CASE WHEN created THEN 1 ELSE 0 END) AS created`;

// Tells the writer, which locks the log anyway, that some serials must come from pools. Without such products the writer does not check.
const JUDGE_SERIALS = cypher('master-data.judgeSerials')`
MERGE (l:Log {id: 'log'})
ON CREATE SET l.seq = 0
SET l.judgesSerials = true`;

const STORE_SITES = cypher<{ created: number }>('master-data.storeSites')`
UNWIND $rows AS row
MERGE (n:Site {k: row.key})
WITH n, row, n.registered IS NULL AS created
SET n += row.properties, n.registered = true
RETURN sum(CASE WHEN created THEN 1 ELSE 0 END) AS created`;

const STORE_PARTIES = cypher<{ created: number }>('master-data.storeParties')`
UNWIND $rows AS row
MERGE (n:Party {k: row.key})
WITH n, row, n.registered IS NULL AS created
SET n += row.properties, n.registered = true
RETURN sum(CASE WHEN created THEN 1 ELSE 0 END) AS created`;

// Whoever ran the site before, or runs it after, keeps the time that is left. Without dates, and when the party runs it now, nothing is new: documents
// tell it again and again.
const STORE_OPERATORS = cypher('master-data.storeOperators')`
UNWIND $rows AS row
MATCH (s:Site {k: row.site})
WHERE row.from IS NOT NULL OR row.to IS NOT NULL OR NOT EXISTS {
  MATCH (s)-[r:OPERATED_BY]->(now:Party) WHERE now.k = row.party AND ${RUNS_NOW} }
CALL (s, row) {
  MATCH (s)-[old:OPERATED_BY]->(p:Party)
  WHERE coalesce(old.from < row.to, true) AND coalesce(row.from < old.to, true)
  FOREACH (_ IN CASE WHEN row.from IS NOT NULL AND coalesce(old.from < row.from, true) THEN [1] ELSE [] END |
    CREATE (s)-[:OPERATED_BY {from: old.from, to: row.from}]->(p))
  FOREACH (_ IN CASE WHEN row.to IS NOT NULL AND coalesce(row.to < old.to, true) THEN [1] ELSE [] END |
    CREATE (s)-[:OPERATED_BY {from: row.to, to: old.to}]->(p))
  DELETE old
}
WITH s, row WHERE row.party IS NOT NULL
MERGE (p:Party {k: row.party})
CREATE (s)-[:OPERATED_BY {from: row.from, to: row.to}]->(p)`;

const KNOWN_ATTRIBUTES = cypher<{ kind: string; key: string; attributes: string }>(
  'master-data.knownAttributes',
)`
UNWIND $products AS key MATCH (n:Product {gtin: key}) WHERE n.attributes IS NOT NULL
RETURN 'products' AS kind, key, n.attributes AS attributes
UNION ALL
UNWIND $sites AS key MATCH (n:Site {k: key}) WHERE n.attributes IS NOT NULL
RETURN 'sites' AS kind, key, n.attributes AS attributes
UNION ALL
UNWIND $parties AS key MATCH (n:Party {k: key}) WHERE n.attributes IS NOT NULL
RETURN 'parties' AS kind, key, n.attributes AS attributes`;

/** Stores or updates records. For one key the last record wins. Safe to repeat. Locks the log first, as every writing transaction does. */
export async function storeMasterDataRows(
  tx: GraphTransaction,
  rows: MasterDataRows,
): Promise<MasterDataReceipt> {
  await tx.run(LOCK_LOG);
  const kinds = {
    products: merged(rows.products),
    sites: merged(rows.sites),
    parties: merged(rows.parties),
  };
  const known = await knownAttributes(tx, kinds);
  let created = 0;
  const full: string[] = [];
  for (const [kind, statement] of STATEMENTS) {
    const stored = kinds[kind].map((row) => {
      const { isFull, ...one } = withAttributes(row, known.get(`${kind} ${row.key}`));
      if (isFull) full.push(row.key);
      return one;
    });
    if (stored.length === 0) continue;
    const [count] = await tx.run(statement, { rows: stored });
    created += count?.created ?? 0;
  }
  if (kinds.products.some(({ properties }) => properties['serialsFromPools'] === true))
    await tx.run(JUDGE_SERIALS);
  await storeOperators(tx, rows.operators ?? []);
  const total = kinds.products.length + kinds.sites.length + kinds.parties.length;
  return { created, updated: total - created, full };
}

/** A statement does not see what it wrote for an earlier row, so it takes each site once. */
async function storeOperators(tx: GraphTransaction, rows: readonly OperatorRow[]): Promise<void> {
  const all = [...groupBy(rows, ({ site }) => site).values()];
  for (let i = 0; all.some((one) => i < one.length); i++) {
    const some = all.flatMap((one) => one.slice(i, i + 1));
    const params = some.map(({ from, to, ...row }) => ({
      ...row,
      from: intOrNull(from),
      to: intOrNull(to),
    }));
    await tx.run(STORE_OPERATORS, { rows: params });
  }
}

type Kind = 'products' | 'sites' | 'parties';
const STATEMENTS = [
  ['products', STORE_PRODUCTS],
  ['sites', STORE_SITES],
  ['parties', STORE_PARTIES],
] as const;

async function knownAttributes(
  tx: GraphTransaction,
  kinds: Record<Kind, readonly MasterDataRow[]>,
): Promise<Map<string, Record<string, unknown>>> {
  const keysOf = (kind: Kind): string[] =>
    kinds[kind].filter((row) => Object.keys(row.attributes ?? {}).length > 0).map((row) => row.key);
  const params = {
    products: keysOf('products'),
    sites: keysOf('sites'),
    parties: keysOf('parties'),
  };
  if (Object.values(params).every((keys) => keys.length === 0)) return new Map();
  const found = await tx.run(KNOWN_ATTRIBUTES, params);
  return new Map(
    found.map(({ kind, key, attributes }) => [
      `${kind} ${key}`,
      JSON.parse(attributes) as Record<string, unknown>,
    ]),
  );
}

function withAttributes(
  row: MasterDataRow,
  known: Record<string, unknown> = {},
): Pick<MasterDataRow, 'key' | 'properties'> & { readonly isFull: boolean } {
  const { key, properties, attributes = {} } = row;
  const told = Object.entries(attributes);
  if (told.length === 0) return { key, properties, isFull: false };
  const others = Object.entries(known).filter(([name]) => !Object.hasOwn(attributes, name));
  const all = [...others, ...told];
  const kept = JSON.stringify(Object.fromEntries(all.slice(-MAX_ATTRIBUTES)));
  return {
    key,
    properties: { ...properties, attributes: kept },
    isFull: all.length > MAX_ATTRIBUTES,
  };
}

function merged(rows: readonly MasterDataRow[] = []): MasterDataRow[] {
  const byKey = new Map<string, MasterDataRow>();
  for (const row of rows) {
    const before = byKey.get(row.key);
    byKey.set(row.key, {
      key: row.key,
      properties: { ...before?.properties, ...row.properties },
      attributes: { ...before?.attributes, ...row.attributes },
    });
  }
  return [...byKey.values()];
}
