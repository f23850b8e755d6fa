import type { View } from '../access/view.js';
import { cypher, int, upTo } from '../graph/cypher.js';
import { Problem } from '../shared/problem.js';
import type { EventQuery, Filter } from './event-query.js';
import type { Resolved } from './match-event.rules.js';
import { termOf } from '../event-terms/term.rules.js';

/** The most places or classes that are put into a query. */
const MOST_KEYS = 50_000;

const SITES_WITHIN = cypher.public<{ key: string }>('epcis-query.sitesWithin')`
UNWIND $keys AS k
MATCH (:Site {k: k})<-[:WITHIN*${upTo(20)}]-(s:Site)
RETURN DISTINCT s.k AS key LIMIT $limit`;

const PRODUCTS_WITHIN = cypher.public<{ key: string }>('epcis-query.productsWithin')`
UNWIND $keys AS gtin
MATCH (:Product {gtin: gtin})<-[:WITHIN*${upTo(20)}]-(p:Product)
RETURN DISTINCT '01/' + p.gtin AS key LIMIT $limit`;

const WITH_ATTRIBUTE = cypher.public<{ key: string }>('epcis-query.withAttribute')`
UNWIND $values AS value
CALL (value) {
  MATCH ()-[s:SAYS]->(n)
  WHERE s.term = value AND s.at >= 0
  RETURN n LIMIT $limit
}
WITH DISTINCT n LIMIT $limit
RETURN coalesce(n.k, '01/' + n.gtin) AS key`;

/** Looks up what the filters on master data stand for: a place and all places within it, or the holders of an attribute. */
export async function resolveFilters(view: View, { filters }: EventQuery): Promise<Resolved> {
  const found = new Map<Filter, ReadonlySet<string>>();
  // One after the other: a query may have any number of filters, and all requests share the connections.
  for (const filter of filters) {
    const keys = await keysOf(view, filter);
    if (keys !== null) found.set(filter, new Set(keys));
  }
  return found;
}

async function keysOf(view: View, filter: Filter): Promise<readonly string[] | null> {
  const limit = int(MOST_KEYS + 1);
  if (filter.kind === 'place' && filter.descend) {
    const rows = await view.read(SITES_WITHIN, { keys: filter.values, limit });
    return bounded([...filter.values, ...rows.map(({ key }) => key)]);
  }
  if (filter.kind === 'classWithin') {
    const keys = filter.values.flatMap((key) => /^01\/(\d{14})$/.exec(key)?.[1] ?? []);
    const rows = await view.read(PRODUCTS_WITHIN, { keys, limit });
    return bounded([...filter.values, ...rows.map(({ key }) => key)]);
  }
  if (filter.kind !== 'attribute') return null;
  const { names, values } = filter;
  const terms = names.flatMap((name) =>
    values === undefined
      ? [termOf('attribute', name)]
      : values.map((value) => termOf('attribute', name, value)),
  );
  const rows = await view.read(WITH_ATTRIBUTE, { values: terms, limit });
  return bounded(rows.map(({ key }) => key));
}

function bounded(keys: readonly string[]): readonly string[] {
  if (keys.length <= MOST_KEYS) return keys;
  throw new Problem(
    'QUERY_TOO_LARGE',
    `The master data asked for has more than ${MOST_KEYS} places or classes. Narrow the query.`,
    { details: { limit: MOST_KEYS } },
  );
}
