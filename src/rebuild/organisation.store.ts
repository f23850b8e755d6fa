import { cypher } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

const ADMIT = cypher('rebuild.admitOrganisation')`
MERGE (l:Log {id: 'log'}) ON CREATE SET l.seq = 0
SET l.hasPartners = true
MERGE (o:Organisation {k: $organisation})
SET o.prefixes = $prefixes`;

/** Stores that an organisation takes part, and its company prefixes. */
export async function storeOrganisation(
  tx: GraphTransaction,
  organisation: string,
  prefixes: readonly string[],
): Promise<void> {
  await tx.run(ADMIT, { organisation, prefixes });
}

const ADMITTED = cypher<Admitted>('rebuild.organisations')`
MATCH (o:Organisation) WHERE o.k > '' AND o.prefixes IS NOT NULL
OPTIONAL MATCH (p:Party {k: o.k})
RETURN o.k AS organisation, p.name AS name, o.prefixes AS prefixes ORDER BY organisation`;

/** An organisation that takes part. */
export interface Admitted {
  /** Key of its party. */
  readonly organisation: string;
  readonly name: string | null;
  /** GS1 company prefixes: it may send the first event of what has one of them. */
  readonly prefixes: readonly string[];
}

/** The organisations that take part, by key. */
export function readAdmitted(tx: GraphTransaction): Promise<Admitted[]> {
  return tx.run(ADMITTED);
}
