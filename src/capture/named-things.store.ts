import { cypher } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

// Everything that an event names is shown, registered or not. Only master data sets `registered`, so the gaps can be listed. Of several
// company prefixes the shortest counts, whichever comes first.
const NAMED_THINGS = cypher('capture.namedThings')`
CALL () {
  UNWIND $sites AS row
  MERGE (s:Site {k: row.key})
  WITH s, row WHERE row.gcp < coalesce(s.gcp, 'none')
  SET s.gcp = row.gcp
}
CALL () {
  UNWIND $parties AS row
  MERGE (p:Party {k: row.key})
  WITH p, row WHERE row.gcp < coalesce(p.gcp, 'none')
  SET p.gcp = row.gcp
}
CALL () {
  UNWIND $products AS row
  MERGE (p:Product {gtin: row.key})
  WITH p, row WHERE row.gcp < coalesce(p.gcp, 'none')
  SET p.gcp = row.gcp
}`;

const PACKAGE_PREFIXES = cypher('capture.packagePrefixes')`
UNWIND $rows AS row
MATCH (p:Package {k: row.key}) WHERE row.gcp < coalesce(p.gcp, 'none')
SET p.gcp = row.gcp`;

/** Something that an event names, with the digits of its company prefix if a URN contains them. */
export interface Named {
  readonly key: string;
  readonly gcp: string | null;
}

/** What a batch names, each once. `packages` has only those packages whose own company prefix is in a URN. */
export interface NamedThings {
  readonly sites: readonly Named[];
  readonly parties: readonly Named[];
  readonly products: readonly Named[];
  readonly packages: readonly Named[];
}

/** Adds what events name to master data, and company prefixes to packages. */
export async function nameThings(tx: GraphTransaction, named: NamedThings): Promise<void> {
  const { packages, ...things } = named;
  const sent = [tx.start(NAMED_THINGS, { ...things })];
  if (packages.length > 0) sent.push(tx.start(PACKAGE_PREFIXES, { rows: packages }));
  await Promise.all(sent);
}
