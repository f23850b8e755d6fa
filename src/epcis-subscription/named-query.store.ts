import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import { Problem, isProblem } from '../shared/problem.js';
import type { NamedQuery } from './subscription.js';

const CREATE_QUERY = cypher('subscription.createQuery')`
CREATE (q:NamedQuery {name: $name})
SET q.query = $query, q.namespaces = $namespaces, q.createdAt = $createdAt, q.sentBy = $sentBy`;

// Locks the query before it looks for its subscriptions. A subscription being made waits, and then finds no query.
const DELETE_QUERY = cypher<{ ids: readonly string[] }>('subscription.deleteQuery')`
MATCH (q:NamedQuery {name: $name})
SET q.createdAt = q.createdAt
WITH q
CALL (q) {
  MATCH (s:QuerySubscription) WHERE s.queryName = $name AND s.id > ''
  WITH s, s.id AS id
  DETACH DELETE s
  RETURN collect(id) AS ids
}
DELETE q
RETURN ids`;

/**
 * Stores a query under its name.
 *
 * @throws Problem CONFLICT when the name is taken
 */
export async function storeQuery(view: View, named: NamedQuery): Promise<void> {
  const { name, query, namespaces, createdAt } = named;
  try {
    await view.write((tx) =>
      tx.run(CREATE_QUERY, {
        name,
        query: JSON.stringify(query),
        namespaces: JSON.stringify(namespaces),
        createdAt: int(createdAt),
        sentBy: view.principal.subject,
      }),
    );
  } catch (error) {
    if (!isProblem(error, 'CONFLICT')) throw error;
    throw new Problem(
      'CONFLICT',
      `There is a query "${name}" already. Delete it first, or give yours another name.`,
      { cause: error },
    );
  }
}

/** Deletes a query and its subscriptions. Returns the ids of the subscriptions, or null when there is no such query. */
export async function deleteQuery(view: View, name: string): Promise<readonly string[] | null> {
  const [row] = await view.write((tx) => tx.run(DELETE_QUERY, { name }), {
    evenIfFull: true,
  });
  return row?.ids ?? null;
}
