import { cypher, int } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

/** The terms of one node. */
export interface TermRow {
  readonly id: string;
  /** Event time, epoch ms. */
  readonly at: number;
  readonly terms: readonly string[];
}

const EVENT_TERMS = cypher('epcis-query.storeEventTerms')`
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
UNWIND row.terms AS term
CREATE (e)-[:SAYS {term: term, at: row.at}]->(e)`;

const DECLARATION_TERMS = cypher('epcis-query.storeDeclarationTerms')`
UNWIND $rows AS row
MATCH (d:ErrorDeclaration {id: row.id})
SET d.eventTime = row.at
WITH d, row
UNWIND row.terms AS term
CREATE (d)-[:SAYS {term: term, at: row.at}]->(d)`;

/** Stores the terms of new events and error declarations. Their nodes must exist. Without terms, it sends nothing. */
export async function storeTerms(
  tx: GraphTransaction,
  rows: { readonly events: readonly TermRow[]; readonly declarations: readonly TermRow[] },
): Promise<void> {
  const sent: Promise<unknown>[] = [];
  if (rows.events.length > 0) sent.push(tx.start(EVENT_TERMS, { rows: rows.events.map(toParams) }));
  if (rows.declarations.length > 0)
    sent.push(tx.start(DECLARATION_TERMS, { rows: rows.declarations.map(toParams) }));
  await Promise.all(sent);
}

function toParams({ at, ...row }: TermRow): unknown {
  return { ...row, at: int(at) };
}
