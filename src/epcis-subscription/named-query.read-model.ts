import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import { Problem } from '../shared/problem.js';
import type { NamedQuery } from './subscription.js';

interface QueryRow {
  readonly name: string;
  readonly query: string;
  readonly namespaces: string;
  readonly createdAt: number;
}

const QUERY_BY_NAME = cypher.host<QueryRow>('subscription.queryByName')`
MATCH (q:NamedQuery {name: $name})
RETURN q.name AS name, q.query AS query, q.namespaces AS namespaces, q.createdAt AS createdAt`;

const QUERIES = cypher.host<QueryRow>('subscription.queries')`
MATCH (q:NamedQuery) WHERE q.name > $after
WITH q ORDER BY q.name LIMIT $limit
RETURN q.name AS name, q.query AS query, q.namespaces AS namespaces, q.createdAt AS createdAt ORDER BY name`;

/**
 * The query with that name.
 *
 * @throws Problem NO_SUCH_NAME
 */
export async function readQuery(view: View, name: string): Promise<NamedQuery> {
  const [row] = await view.read(QUERY_BY_NAME, { name });
  if (row === undefined) throw new Problem('NO_SUCH_NAME', `There is no query "${name}".`);
  return toQuery(row);
}

/** Up to `limit` queries whose names come after `after`. */
export async function listQueries(view: View, after: string, limit: number): Promise<NamedQuery[]> {
  const rows = await view.read(QUERIES, { after, limit: int(limit) });
  return rows.map(toQuery);
}

function toQuery({ query, namespaces, ...row }: QueryRow): NamedQuery {
  return {
    ...row,
    query: JSON.parse(query) as NamedQuery['query'],
    namespaces: JSON.parse(namespaces) as NamedQuery['namespaces'],
  };
}

const CREATION_TIMES = cypher.host<{ name: string; createdAt: number }>(
  'subscription.creationTimes',
)`
UNWIND $names AS name
MATCH (q:NamedQuery {name: name})
RETURN q.name AS name, q.createdAt AS createdAt`;

/** When each query was made, epoch ms. Deleted queries are left out. */
export async function readCreationTimes(
  view: View,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await view.read(CREATION_TIMES, { names });
  return new Map(rows.map(({ name, createdAt }) => [name, createdAt]));
}
