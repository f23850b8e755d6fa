import { cypher } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

// Whatever an event names shows, registered or not; `registered` is set by master data alone, so the gaps can be listed.
const NAMED_THINGS = cypher('capture.namedThings')`
CALL () {
  UNWIND $sites AS row
  MERGE (s:Site {k: row.key})
  WITH s, row WHERE s.gcp IS NULL AND row.gcp IS NOT NULL
  SET s.gcp = row.gcp
}
CALL () {
  UNWIND $parties AS row
  MERGE (p:Party {k: row.key})
  WITH p, row WHERE p.gcp IS NULL AND row.gcp IS NOT NULL
  SET p.gcp = row.gcp
}
CALL () {
  UNWIND $products AS row
  MERGE (p:Product {gtin: row.key})
  WITH p, row WHERE p.gcp IS NULL AND row.gcp IS NOT NULL
  SET p.gcp = row.gcp
}`;

const PACKAGE_PREFIXES = cypher('capture.packagePrefixes')`
UNWIND $rows AS row
MATCH (p:Package {k: row.key}) WHERE p.gcp IS NULL
SET p.gcp = row.gcp`;

/** Something named, and the digits of its company prefix when an URN told them. */
export interface Named {
  readonly key: string;
  readonly gcp: string | null;
}

/** What a batch names beside packages, each once; `packages` only those whose prefix was told and is their own. */
export interface NamedThings {
  readonly sites: readonly Named[];
  readonly parties: readonly Named[];
  readonly products: readonly Named[];
  readonly packages: readonly Named[];
}

/** Lets what events name show in master data, and packages know their company prefix. */
export async function nameThings(tx: GraphTransaction, named: NamedThings): Promise<void> {
  const { packages, ...things } = named;
  const sent = [tx.start(NAMED_THINGS, { ...things })];
  if (packages.length > 0) sent.push(tx.start(PACKAGE_PREFIXES, { rows: packages }));
  await Promise.all(sent);
}
