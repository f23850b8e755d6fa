import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { limitOf, mapPage, pageOf, wayOf } from '../shared/page.js';
import type { Page, PageRequest } from '../shared/page.js';
import type { Disclosure, DisclosureKind, DisclosureRequest } from './disclosure.js';

/** A disclosure `d`. */
export const DISCLOSURE = fragment`d {.id, grantor: nullIf(d.grantor, 'host'), grantee: nullIf(d.grantee, '*'), .products, .what, .at, .until, .reason, .withdrawnAt}`;
/** A request `r`, with what was granted. */
export const REQUEST = fragment`r {.id, .package, .asker, maker: nullIf(r.maker, 'host'), .reason, .at, .answeredAt, .answer,
  disclosure: head(COLLECT { MATCH (d:Disclosure {id: r.disclosure}) RETURN ${DISCLOSURE} })}`;

/** Selects disclosures; null for any. */
export interface DisclosureFilter {
  /** Keys of parties. */
  readonly grantor: string | null;
  readonly grantee: string | null;
  readonly what: DisclosureKind | null;
  /** Neither withdrawn nor at its end at `now`, epoch ms. */
  readonly active: boolean | null;
  readonly now: number;
}

/** Selects requests; null for any. */
export interface RequestFilter {
  readonly answered: boolean | null;
}

interface Row<T> {
  readonly at: number;
  readonly id: string;
  readonly node: T;
}

interface Source<T> {
  readonly list: BothWays<Row<T>>;
  readonly count: ReadStatement<Counted>;
}

/** A kind of node, of two organisations each. */
interface Kind {
  readonly label: CypherFragment;
  /** The variable. */
  readonly x: CypherFragment;
  /** The properties with the two organisations. */
  readonly ends: readonly [CypherFragment, CypherFragment];
  readonly node: CypherFragment;
  readonly wanted: CypherFragment;
}

/** What an organisation may see of it, from its own entries in an index; and all of it, for the host. */
function sourcesOf<T>(
  name: string,
  kind: Kind,
): { readonly own: Source<T>; readonly all: Source<T> } {
  const { label, x, ends, node, wanted } = kind;
  const [one, other] = ends;
  const order = (by: CypherFragment): CypherFragment => fragment`${x}.at ${by}, ${x}.id ${by}`;
  const time = fragment`${x}.at >= $timeFrom AND ${x}.at <= $timeUntil`;
  const counted = fragment`WITH ${x} LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${wanted} THEN 1 END) AS n`;
  const own = (end: CypherFragment, where: CypherFragment): CypherFragment => fragment`
  MATCH (${x}:${label}) USING INDEX ${x}:${label}(${end}, at)
  WHERE ${x}.${end} = $viewer AND ${where}`;
  return {
    own: {
      list: bothWays((way) => {
        const behind = behindTime(fragment`${x}.at`, fragment`${x}.id`, way);
        const first = (end: CypherFragment): CypherFragment =>
          fragment`${own(end, fragment`${behind} AND ${wanted}`)}
  RETURN ${x} ORDER BY ${x}.${end} ${way.order}, ${order(way.order)} LIMIT $limit`;
        return cypher.own<Row<T>>(`disclosure.${name}${way.suffix}`)`
CALL () {${first(one)}
  UNION ${first(other)}
}
WITH ${x} ORDER BY ${order(way.order)} LIMIT $limit
RETURN ${x}.at AS at, ${x}.id AS id, ${node} AS node
ORDER BY ${order(way.order)}`;
      }),
      count: cypher.own<Counted>(`disclosure.${name}Counted`)`
CALL () {${own(one, time)} RETURN ${x} LIMIT $limit
  UNION ${own(other, time)} RETURN ${x} LIMIT $limit
}
${counted}`,
    },
    all: {
      list: bothWays(
        (way) => cypher.host<Row<T>>(`disclosure.${name}OfAll${way.suffix}`)`
MATCH (${x}:${label}) USING INDEX ${x}:${label}(at)
WHERE ${behindTime(fragment`${x}.at`, fragment`${x}.id`, way)} AND ${wanted}
WITH ${x} ORDER BY ${order(way.order)} LIMIT $limit
RETURN ${x}.at AS at, ${x}.id AS id, ${node} AS node
ORDER BY ${order(way.order)}`,
      ),
      count: cypher.host<Counted>(`disclosure.${name}OfAllCounted`)`
MATCH (${x}:${label}) USING INDEX ${x}:${label}(at)
WHERE ${time}
${counted}`,
    },
  };
}

// What is granted to everybody is listed for its grantor alone: who else may know of it sees it in the journeys that it opens.
const DISCLOSURES = sourcesOf<Disclosure>('disclosures', {
  label: fragment`Disclosure`,
  x: fragment`d`,
  ends: [fragment`grantor`, fragment`grantee`],
  node: DISCLOSURE,
  wanted: fragment`($grantor IS NULL OR d.grantor = $grantor) AND ($grantee IS NULL OR d.grantee = $grantee) AND ($what IS NULL OR d.what = $what)
    AND ($active IS NULL OR $active = (d.withdrawnAt IS NULL AND coalesce(d.until > $now, true)))`,
});

const REQUESTS = sourcesOf<DisclosureRequest>('requests', {
  label: fragment`DisclosureRequest`,
  x: fragment`r`,
  ends: [fragment`asker`, fragment`maker`],
  node: REQUEST,
  wanted: fragment`($answered IS NULL OR $answered = (r.answeredAt IS NOT NULL))`,
});

/** A page of what somebody discloses and of what is disclosed to it, newest first; the host sees all. */
export function listDisclosures(
  view: View,
  { now, ...filter }: DisclosureFilter,
  page: PageRequest,
): Promise<Page<Disclosure>> {
  return listOf(view, DISCLOSURES, { ...filter, now: int(now) }, page);
}

/** A page of what somebody asks for and of what it may answer, newest first; the host sees all. */
export function listRequests(
  view: View,
  filter: RequestFilter,
  page: PageRequest,
): Promise<Page<DisclosureRequest>> {
  return listOf(view, REQUESTS, { ...filter }, page);
}

async function listOf<T>(
  view: View,
  sources: Readonly<Record<'own' | 'all', Source<T>>>,
  values: Readonly<Record<string, unknown>>,
  page: PageRequest,
): Promise<Page<T>> {
  const { list, count } = sources[view.principal.organisation === null ? 'all' : 'own'];
  const way = wayOf(page, 'DESC');
  const limit = int(limitOf(page));
  const rows = await view.read(list[way], { ...values, limit, ...timesIn(way, page) });
  const found = pageOf(rows, page, {
    keyOf: ({ at, id }) => [at, id],
    count: () => readTotal(view, count, { ...values, ...timesIn('ASC', {}) }),
  });
  return mapPage(found, ({ node }) => node);
}

/** What somebody discloses of the path of packages. */
export interface OpenedPath {
  /** Key of the organisation's party, or `host`. */
  readonly grantor: string;
  readonly what: 'CHAIN' | 'PARTIES_HIDDEN';
  /** GTINs; null for everything. */
  readonly products: readonly string[] | null;
}

const OPENED = cypher.own<OpenedPath>('disclosure.opened')`
UNWIND $grantors AS grantor
CALL (grantor) {
  MATCH (d:Disclosure) USING INDEX d:Disclosure(grantor, grantee)
  WHERE d.grantor = grantor AND d.grantee = $viewer RETURN d
  UNION ALL
  MATCH (d:Disclosure) USING INDEX d:Disclosure(grantor, grantee)
  WHERE d.grantor = grantor AND d.grantee = '*' RETURN d
}
WITH d WHERE d.what IN ['CHAIN', 'PARTIES_HIDDEN'] AND d.withdrawnAt IS NULL AND coalesce(d.until > $now, true)
RETURN d.grantor AS grantor, d.what AS what, d.products AS products`;

/** What these grantors disclose to the partner who asks, now. */
export function readOpenedPaths(
  view: View,
  grantors: readonly string[],
  now: number,
): Promise<OpenedPath[]> {
  return view.read(OPENED, { grantors, now: int(now) });
}
