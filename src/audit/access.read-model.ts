import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { EMPTY_PAGE, limitOf, pageOf, wayOf } from '../shared/page.js';
import type { Page, PageKeyShape, PageRequest } from '../shared/page.js';
import type { ChainedEntry } from './access-entry.js';

/** The content of cursors: when it was asked, and the id. */
export const ACCESS_SHAPE: PageKeyShape = ['number', 'string'];

/** Selects entries; null for any. */
export interface AccessFilter {
  readonly subject: string | null;
  /** Key of the organisation's party. */
  readonly organisation: string | null;
  readonly operation: string | null;
  readonly outcome: string | null;
  /** Epoch ms, included. */
  readonly from: number | null;
  /** Epoch ms, not included. */
  readonly until: number | null;
}

interface Row {
  readonly entry: ChainedEntry;
}

const COLUMNS = fragment`{.n, .hash, .id, .at, .subject, .organisation, .actor, .operation, .name, .variables, .ids, .idCount, .outcome, .address, .ms, .lost} AS entry`;
const WANTED = fragment`($viewer IS NULL OR a.organisation = $viewer)
  AND ($subject IS NULL OR a.subject = $subject) AND ($organisation IS NULL OR a.organisation = $organisation)
  AND ($operation IS NULL OR a.operation = $operation) AND ($outcome IS NULL OR a.outcome = $outcome)`;

interface Source {
  readonly list: BothWays<Row>;
  readonly count: ReadStatement<Counted>;
}

/** All entries, in the order of time. */
const ALL: Source = {
  list: bothWays(
    (way) => cypher.own<Row>(`audit.accesses${way.suffix}`)`
MATCH (a:Access)
USING INDEX a:Access(at)
WHERE ${behindTime(fragment`a.at`, fragment`a.id`, way)} AND ${WANTED}
WITH a ORDER BY a.at ${way.order}, a.id ${way.order} LIMIT $limit
RETURN a ${COLUMNS}
ORDER BY a.at ${way.order}, a.id ${way.order}`,
  ),
  count: cypher.own<Counted>('audit.accessesCounted')`
MATCH (a:Access)
USING INDEX a:Access(at)
WHERE a.at >= $timeFrom AND a.at <= $timeUntil
WITH a LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${WANTED} THEN 1 END) AS n`,
};

/** Entries with one value of a property, by the index that begins with it and ends in the time. */
function withOne(name: string, property: CypherFragment): Source {
  return {
    list: bothWays(
      (way) => cypher.own<Row>(`audit.accesses${name}${way.suffix}`)`
MATCH (a:Access)
USING INDEX a:Access(${property}, at)
WHERE a.${property} = $${property} AND ${behindTime(fragment`a.at`, fragment`a.id`, way)} AND ${WANTED}
WITH a ORDER BY a.${property} ${way.order}, a.at ${way.order}, a.id ${way.order} LIMIT $limit
RETURN a ${COLUMNS}
ORDER BY a.at ${way.order}, a.id ${way.order}`,
    ),
    count: cypher.own<Counted>(`audit.accesses${name}Counted`)`
MATCH (a:Access)
USING INDEX a:Access(${property}, at)
WHERE a.${property} = $${property} AND a.at >= $timeFrom AND a.at <= $timeUntil
WITH a LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${WANTED} THEN 1 END) AS n`,
  };
}

/** The narrowest first. */
const WITH_ONE = {
  subject: withOne('OfSubject', fragment`subject`),
  organisation: withOne('OfOrganisation', fragment`organisation`),
  operation: withOne('OfOperation', fragment`operation`),
  outcome: withOne('WithOutcome', fragment`outcome`),
} as const;

/** A page of entries, newest first. An organisation gets only its own, which are found by its own index, whatever else it asks for. */
export async function listAccesses(
  view: View,
  filter: AccessFilter,
  page: PageRequest,
): Promise<Page<ChainedEntry>> {
  const { organisation: own } = view.principal;
  if (own !== null && filter.organisation !== null && filter.organisation !== own)
    return EMPTY_PAGE;
  const wanted = own === null ? filter : { ...filter, organisation: own };
  const { list, count } = sourceOf(wanted, own !== null);
  const { from, until, ...values } = wanted;
  const range = {
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until: until - 1 }),
  };
  const way = wayOf(page, 'DESC');
  const limit = int(limitOf(page));
  const rows = await view.read(list[way], { ...values, limit, ...timesIn(way, page, range) });
  return pageOf(
    rows.map(({ entry }) => entry),
    page,
    {
      keyOf: ({ at, id }) => [at, id],
      count: () => readTotal(view, count, { ...values, ...timesIn('ASC', {}, range) }),
    },
  );
}

function sourceOf(filter: AccessFilter, isOwn: boolean): Source {
  if (isOwn) return WITH_ONE.organisation;
  const names = ['subject', 'organisation', 'operation', 'outcome'] as const;
  const first = names.find((name) => filter[name] !== null);
  return first === undefined ? ALL : WITH_ONE[first];
}

const ROWS_AT_ONCE = 1000;

/** All entries of a time, oldest first, a thousand at a time. */
export async function* streamAccesses(
  view: View,
  range: Pick<AccessFilter, 'from' | 'until'>,
): AsyncGenerator<readonly ChainedEntry[]> {
  const filter = { subject: null, organisation: null, operation: null, outcome: null, ...range };
  // The list is newest first, so its oldest rows are read backward.
  let page: PageRequest = { size: ROWS_AT_ONCE, backward: true };
  for (;;) {
    const { items, hasPreviousPage } = await listAccesses(view, filter, page);
    const rows = items.map(({ node }) => node).reverse();
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!hasPreviousPage || last === undefined) return;
    page = { ...page, from: [last.at, last.id] };
  }
}

const END = cypher.host<{ n: number; hash: string }>('audit.chainEnd')`
MATCH (c:AccessChain {id: 'chain'}) RETURN c.n AS n, c.hash AS hash`;

/** The end of the chain: place and hash of the newest entry. */
export async function readChainEnd(view: View): Promise<Pick<ChainedEntry, 'n' | 'hash'>> {
  return (await view.read(END))[0] ?? { n: 0, hash: '' };
}

const CHAIN = cypher.host<Row>('audit.chain')`
MATCH (a:Access) WHERE a.n > $after AND a.n <= $last
WITH a ORDER BY a.n LIMIT $limit
RETURN a ${COLUMNS}
ORDER BY a.n`;

/** Some entries behind a place, up to another one, in the order of the chain. */
export async function readChain(
  view: View,
  after: number,
  last: number,
): Promise<readonly ChainedEntry[]> {
  const limit = int(ROWS_AT_ONCE);
  const rows = await view.read(CHAIN, { after: int(after), last: int(last), limit });
  return rows.map(({ entry }) => entry);
}
