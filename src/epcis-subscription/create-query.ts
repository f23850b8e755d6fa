import { parametersOfJson, parseEventQuery } from '../epcis-query/index.js';
import type { Graph } from '../graph/graph.js';
import type { Clock } from '../shared/clock.js';
import { storeQuery } from './named-query.store.js';
import { parseQueryRequest } from './subscription-request.rules.js';
import type { NamedQuery } from './subscription.js';

/**
 * Stores a query under a name, once it is known to be one that can be run.
 *
 * @param body `{name, query}`, untrusted
 * @param namespaces prefixes of extension parameters
 * @throws Problem QUERY_PARAMETER, or CONFLICT when the name is taken
 * @see EPCIS 2.0 REST binding, POST /queries
 */
export async function createQuery(
  { graph, clock }: { readonly graph: Graph; readonly clock: Clock },
  body: unknown,
  namespaces: Readonly<Record<string, string>>,
): Promise<NamedQuery> {
  const { name, query } = parseQueryRequest(body);
  parseEventQuery(parametersOfJson(query), namespaces);
  const named = { name, query, namespaces, createdAt: clock.now() };
  await storeQuery(graph, named);
  return named;
}
