import type { View } from '../access/view.js';
import { parametersOfJson, parseEventQuery } from '../epcis-query/index.js';
import { prefixesOf } from '../epcis/namespaces.js';
import type { Clock } from '../shared/clock.js';
import { storeQuery } from './named-query.store.js';
import { parseQueryRequest } from './subscription-request.rules.js';
import type { NamedQuery } from './subscription.js';

/**
 * Stores a query under a name, after checking that it can be run.
 *
 * @param body `{"@context", name, query}`, untrusted; the query may have a `@context` of its own
 * @param extensions further prefixes that the request declares
 * @throws Problem QUERY_PARAMETER, or CONFLICT when the name is taken
 * @see EPCIS 2.0 REST binding, POST /queries
 */
export async function createQuery(
  { view, clock }: { readonly view: View; readonly clock: Clock },
  body: unknown,
  extensions: Readonly<Record<string, string>>,
): Promise<NamedQuery> {
  const { name, query, context } = parseQueryRequest(body);
  const own = prefixesOf(context, query['@context']);
  const namespaces = { ...extensions, ...Object.fromEntries(own) };
  parseEventQuery(parametersOfJson(query), namespaces);
  const named = { name, query, namespaces, createdAt: clock.now() };
  await storeQuery(view, named);
  return named;
}
