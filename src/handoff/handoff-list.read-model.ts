import { NOW, siteOrNull } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { groupBy } from '../shared/group-by.js';
import { EMPTY_PAGE, limitOf, pageOf, totalOf, wayOf } from '../shared/page.js';
import type {
  Direction,
  Page,
  PageKey,
  PageKeyShape,
  PageRequest,
  TotalCount,
} from '../shared/page.js';
import { readKeysOfParties, readSitesHeldBy } from '../master-data/operators.read-model.js';
import type { Handoff, HandoffFilter, HandoffOrder } from './handoff.js';

/** The content of cursors: the time that orders the list, and the id. */
export const HANDOFF_SHAPE: PageKeyShape = ['number', 'string'];

type HandoffRow = Omit<Handoff, 'from' | 'to'> & { readonly from: string; readonly to: string };

const END_AT = (
  party: CypherFragment,
  site: CypherFragment,
  parties: CypherFragment,
  sites: CypherFragment,
): CypherFragment =>
  fragment`(${party} IN ${parties} OR (${party} IS NULL AND ${site} IN ${sites}))`;
const [FROM_PARTY, FROM] = [fragment`h.fromParty`, fragment`h.from`];
const [TO_PARTY, TO] = [fragment`h.toParty`, fragment`h.to`];
const [PARTIES, PARTY_SITES] = [fragment`$parties`, fragment`$partySites`];
const [OTHERS, OTHER_SITES] = [fragment`$counterparts`, fragment`$counterpartSites`];
const GIVES = END_AT(FROM_PARTY, FROM, PARTIES, PARTY_SITES);
const TAKES = END_AT(TO_PARTY, TO, PARTIES, PARTY_SITES);
const OTHER_GIVES = END_AT(FROM_PARTY, FROM, OTHERS, OTHER_SITES);
const OTHER_TAKES = END_AT(TO_PARTY, TO, OTHERS, OTHER_SITES);

const WANTED = fragment`
  h.shippedAt >= $shippedFrom AND h.shippedAt < $shippedUntil
  AND ($dueFrom IS NULL OR h.dueAt >= $dueFrom) AND ($dueUntil IS NULL OR h.dueAt < $dueUntil)
  AND ($statuses IS NULL OR h.status IN $statuses)
  AND ($sites IS NULL OR h.from IN $sites OR h.to IN $sites)
  AND ($from IS NULL OR h.from IN $from) AND ($to IS NULL OR h.to IN $to)
  AND ($openBefore IS NULL OR (h.shippedAt < $openBefore AND h.status IN ['OUTSTANDING', 'PARTIAL']))
  AND ($short IS NULL OR $short = (h.status = 'PARTIAL'))
  AND ($late IS NULL OR $late = (h.dueAt IS NOT NULL
    AND CASE WHEN h.status IN ['OUTSTANDING', 'PARTIAL'] THEN $now ELSE coalesce(h.lastReceivedAt, h.dueAt) END > h.dueAt))
  AND ($parties IS NULL OR ($counterparts IS NULL AND (${GIVES} OR ${TAKES}))
    OR ($counterparts IS NOT NULL AND ((${GIVES} AND ${OTHER_TAKES}) OR (${TAKES} AND ${OTHER_GIVES}))))`;
const COLUMNS = fragment`
  h.id AS id, h.status AS status, h.shippedAt AS shippedAt, h.dueAt AS dueAt, h.from AS from, h.to AS to,
  h.fromParty AS fromParty, h.toParty AS toParty, coalesce(h.expected, 0) AS expected, coalesce(h.direct, 0) AS direct,
  coalesce(h.parts, 0) AS parts, h.firstReceivedAt AS firstReceivedAt, h.lastReceivedAt AS lastReceivedAt`;

const IN_ORDER: Readonly<Record<HandoffOrder['field'], CypherFragment>> = {
  SHIPPED: fragment`shippedAt`,
  DUE: fragment`dueAt`,
  RECEIVED: fragment`lastReceivedAt`,
};

/** A way to handoffs: as a list, and for counting. */
interface Source {
  readonly list: BothWays<HandoffRow & { readonly of: string | null }>;
  readonly count: ReadStatement<Counted>;
}

/** Handoffs in the order of one index. */
function along(field: HandoffOrder['field']): Source {
  const at = IN_ORDER[field];
  return {
    list: bothWays(
      (way) => cypher.events<HandoffRow & { of: null }>(`custody.handoffs${field}${way.suffix}`)`
MATCH (h:Handoff)
USING INDEX h:Handoff(${at})
WHERE ${behindTime(fragment`h.${at}`, fragment`h.id`, way)} AND ${WANTED}
WITH h ORDER BY h.${at} ${way.order}, h.id ${way.order} LIMIT $limit
RETURN null AS of, ${COLUMNS}
ORDER BY h.${at} ${way.order}, h.id ${way.order}`,
    ),
    count: cypher.events<Counted>(`custody.handoffs${field}Counted`)`
MATCH (h:Handoff)
USING INDEX h:Handoff(${at})
WHERE h.${at} >= $timeFrom AND h.${at} <= $timeUntil
WITH h LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${WANTED} THEN 1 END) AS n`,
  };
}

/** Handoffs of each of several values, each in the order of an index that ends in the time of shipping. */
function ofValues(name: string, properties: readonly CypherFragment[]): Source {
  const found = (limits: (property: CypherFragment) => CypherFragment): CypherFragment =>
    properties
      .map(
        (p) => fragment`MATCH (h:Handoff)
  USING INDEX h:Handoff(${p}, shippedAt)
  WHERE h.${p} = value AND h.shippedAt >= $timeFrom AND h.shippedAt <= $timeUntil
  ${limits(p)}`,
      )
      .reduce((first, next) => fragment`${first}\n  UNION\n  ${next}`);
  return {
    list: bothWays((way) => {
      const behind = behindTime(fragment`h.shippedAt`, fragment`h.id`, way);
      const part = found(
        (p) => fragment`AND ${behind} AND ${WANTED}
  RETURN h ORDER BY h.${p} ${way.order}, h.shippedAt ${way.order}, h.id ${way.order} LIMIT $limit`,
      );
      return cypher.events<HandoffRow & { of: string }>(`custody.handoffs${name}${way.suffix}`)`
UNWIND $values AS value
CALL (value) {
  ${part}
}
RETURN value AS of, ${COLUMNS}
ORDER BY of, h.shippedAt ${way.order}, h.id ${way.order}`;
    }),
    count: cypher.events<Counted>(`custody.handoffs${name}Counted`)`
UNWIND $values AS value
CALL (value) {
  ${found(() => fragment`RETURN h LIMIT $limit`)}
}
WITH DISTINCT h LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${WANTED} THEN 1 END) AS n`,
  };
}

const SOURCES = {
  SHIPPED: along('SHIPPED'),
  DUE: along('DUE'),
  RECEIVED: along('RECEIVED'),
  sites: ofValues('AtSites', [fragment`from`, fragment`to`]),
  from: ofValues('FromSites', [fragment`from`]),
  to: ofValues('ToSites', [fragment`to`]),
  statuses: ofValues('OfStatuses', [fragment`status`]),
} as const satisfies Record<string, Source>;

const BY_ID = cypher.events<HandoffRow>('custody.handoffsById')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
WITH DISTINCT h WHERE ${WANTED}
RETURN ${COLUMNS}`;

// What was inside what when the handoff was shipped: every step of the way up was in force then.
const LASTING = fragment`all(i IN around WHERE type(i) <> 'IN' OR (i.from <= h.shippedAt AND coalesce(i.to, h.shippedAt + 1) > h.shippedAt))
  AND all(n IN inside WHERE NOT n:Holding OR (n.from <= h.shippedAt AND coalesce(n.dissolvedAt, h.shippedAt + 1) > h.shippedAt))`;

// From the holdings that ever had units of the lots, up through what was around them, to the shippings. A unit was in a holding at a shipping
// when more came into it than left it until then.
const OF_LOTS = cypher.events<{ id: string }>('custody.handoffsOfLots')`
MATCH (l:Lot) WHERE l.id IN $lots
MATCH (l)<-[r:HELD]-(x:Holding)
WITH x, collect([r.at, r.n]) AS steps
MATCH way = (x) ((:Holding)<-[:FILLED]-(:Container)-[:IN]->(:Holding)){0,8} (top:Holding)
WITH x, steps, top, relationships(way) AS around, nodes(way) AS inside
CALL (top) {
  WITH top WHERE top.kind = 'LOOSE' AND top.mode = 'TO'
  RETURN top.by AS id
  UNION
  MATCH (top)<-[:FILLED]-(:Container)-[s:STAY]->(:Site) WHERE s.by IS NOT NULL
  RETURN s.by AS id
}
WITH DISTINCT id, steps, around, inside
MATCH (h:Handoff {id: id})
WHERE ${LASTING} AND reduce(n = 0, step IN steps | CASE WHEN step[0] <= h.shippedAt THEN n + step[1] ELSE n END) > 0
RETURN DISTINCT id`;

// Handoffs that name a package or what it was in, and those that received it on its own.
const OF_PACKAGES = cypher.events<HandoffRow & { of: string }>('custody.handoffsOfPackages')`
UNWIND $keys AS key
MATCH (p:Package {k: key})
CALL (p) {
  MATCH (p)<-[:COVERS]-(h:Handoff) RETURN h
  UNION
  MATCH (p)-[:RECEIVED]->(h:Handoff) RETURN h
  UNION
  MATCH way = (p) ((:Package)-[:IN]->(:Holding)<-[:FILLED]-(:Container)){1,8} (box:Container)
  WITH box, relationships(way) AS around, nodes(way) AS inside
  MATCH (box)<-[:COVERS]-(h:Handoff)
  WHERE ${LASTING}
  RETURN h
}
RETURN key AS of, ${COLUMNS}`;

const LOTS_OF_PRODUCTS = cypher.packages<{ id: string }>('custody.lotsOfProducts')`
UNWIND $gtins AS gtin
MATCH (l:Lot) WHERE l.gtin = gtin
RETURN l.id AS id`;

/** A page of handoffs. Those that nobody shipped count as shipped when they were received. */
export async function listHandoffs(
  view: View,
  filter: HandoffFilter,
  request: PageRequest & { readonly order: HandoffOrder; readonly nowMs: number },
): Promise<Page<Handoff>> {
  const { order, nowMs, ...page } = request;
  const params = await paramsOf(view, filter, nowMs);
  const way = wayOf(page, order.direction);
  const keyOf = (one: Handoff): PageKey => [timeOf(one, order) ?? 0, one.id];
  const inOrder = (all: readonly HandoffRow[]): Handoff[] =>
    sorted(all.map(toHandoff), keyOf, { way, page });
  const ids = await idsOf(view, filter);
  if (ids?.length === 0) return EMPTY_PAGE;
  if (ids !== null) {
    const rows = await view.read(BY_ID, { ...params, ids });
    const all = rows.filter((one) => timeOf(one, order) !== null);
    const count = (): Promise<TotalCount> => Promise.resolve(totalOf(all.length));
    return pageOf(inOrder(all), page, { keyOf, count });
  }
  const { list, count, values } = sourceOf(filter, order);
  const range = { ...params, values, limit: int(limitOf(page)) };
  const rows = await view.read(list[way], { ...range, ...timesIn(way, page) });
  const each = new Map(rows.map((row) => [row.id, row]));
  return pageOf(inOrder([...each.values()]), page, {
    keyOf,
    count: () => readTotal(view, count, { ...range, ...timesIn('ASC', {}) }),
  });
}

/** A page of the handoffs of each site, the newest shipping first. One statement reads all pages. */
export async function listHandoffsAt(
  view: View,
  sites: readonly string[],
  page: PageRequest,
): Promise<Page<Handoff>[]> {
  const way = wayOf(page, 'DESC');
  const params = await paramsOf(view, ALL_HANDOFFS, 0);
  const limit = int(limitOf(page));
  const { list, count } = SOURCES.sites;
  const rows = await view.read(list[way], {
    ...{ ...params, values: sites, limit },
    ...timesIn(way, page),
  });
  const keyOf = (one: Handoff): PageKey => [one.shippedAt, one.id];
  const bySite = groupBy(rows, (row) => row.of);
  return sites.map((site) => {
    const own = (bySite.get(site) ?? []).map(toHandoff);
    return pageOf(sorted(own, keyOf, { way, page }), page, {
      keyOf,
      count: () => readTotal(view, count, { ...params, values: [site], ...timesIn('ASC', {}) }),
    });
  });
}

/** A page of the handoffs by which each package moved, alone or inside something, the newest shipping first. One statement reads all pages. */
export async function listHandoffsOf(
  view: View,
  packages: readonly string[],
  page: PageRequest,
): Promise<Page<Handoff>[]> {
  const way = wayOf(page, 'DESC');
  const rows = await view.read(OF_PACKAGES, { keys: [...new Set(packages)] });
  const keyOf = (one: Handoff): PageKey => [one.shippedAt, one.id];
  const byPackage = groupBy(rows, (row) => row.of);
  return packages.map((key) => {
    const own = (byPackage.get(key) ?? []).map(toHandoff);
    const count = (): Promise<TotalCount> => Promise.resolve(totalOf(own.length));
    return pageOf(sorted(own, keyOf, { way, page }), page, { keyOf, count });
  });
}

/** Handoffs by id; null when there is none. */
export async function readHandoffs(
  view: View,
  ids: readonly string[],
): Promise<(Handoff | null)[]> {
  const rows = await view.read(BY_ID, { ...(await paramsOf(view, ALL_HANDOFFS, 0)), ids });
  const found = new Map(rows.map((row) => [row.id, toHandoff(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

/** Selects all handoffs. */
export const ALL_HANDOFFS: HandoffFilter = {
  ...{ ids: null, lots: null, gtins: null, parties: null, counterparts: null, sites: null },
  ...{ from: null, to: null, statuses: null, short: null, late: null, openBefore: null },
  ...{ shippedFrom: null, shippedUntil: null, dueFrom: null, dueUntil: null },
};

/** Most values that are looked up one by one; for more, the handoffs are walked in order. */
const MAX_VALUES = 20;
const OPEN = ['OUTSTANDING', 'PARTIAL'];

/** The narrowest way to the handoffs, and the values that it looks up. */
function sourceOf(
  { from, to, sites, statuses, openBefore, short }: HandoffFilter,
  { field }: HandoffOrder,
): Source & { readonly values: readonly string[] } {
  const open = openBefore === null ? null : OPEN;
  const part = short === true ? ['PARTIAL'] : null;
  const ways = [
    ['from', from],
    ['to', to],
    ['sites', sites],
    ['statuses', part ?? open ?? statuses],
  ] as const;
  for (const [way, values] of ways)
    if (field === 'SHIPPED' && values !== null && values.length <= MAX_VALUES)
      return { ...SOURCES[way], values: [...new Set(values)] };
  return { ...SOURCES[field], values: [] };
}

/** The handoffs that the filter names by themselves, or by the lots or products they moved; null for any. */
async function idsOf(view: View, { ids, lots, gtins }: HandoffFilter): Promise<string[] | null> {
  if (lots === null && gtins === null) return ids && [...new Set(ids)];
  const ofProducts =
    gtins === null ? [] : (await view.read(LOTS_OF_PRODUCTS, { gtins })).map(({ id }) => id);
  const wanted =
    lots === null || gtins === null
      ? (lots ?? ofProducts)
      : lots.filter((lot) => ofProducts.includes(lot));
  const moved = await view.read(OF_LOTS, { lots: wanted });
  return moved.map(({ id }) => id).filter((id) => ids === null || ids.includes(id));
}

function timeOf(
  { shippedAt, dueAt, lastReceivedAt }: Pick<Handoff, 'shippedAt' | 'dueAt' | 'lastReceivedAt'>,
  { field }: HandoffOrder,
): number | null {
  return { SHIPPED: shippedAt, DUE: dueAt, RECEIVED: lastReceivedAt }[field];
}

/** What is short, and what several values were looked up for, is sorted and cut here. */
function sorted(
  all: readonly Handoff[],
  keyOf: (one: Handoff) => PageKey,
  { way, page }: { readonly way: Direction; readonly page: PageRequest },
): Handoff[] {
  const sign = way === 'ASC' ? 1 : -1;
  const compare = (a: PageKey, b: PageKey): number =>
    sign *
    (Number(a[0]) - Number(b[0]) || (String(a[1]) < String(b[1]) ? -1 : Number(a[1] !== b[1])));
  const { from } = page;
  return all
    .filter((one) => from === undefined || compare(keyOf(one), from) > 0)
    .sort((a, b) => compare(keyOf(a), keyOf(b)))
    .slice(0, limitOf(page));
}

async function paramsOf(
  view: View,
  filter: HandoffFilter,
  nowMs: number,
): Promise<Record<string, unknown>> {
  const { statuses, sites, from, to, short, late, parties, counterparts } = filter;
  const [ends, others] = await Promise.all([readEnds(view, parties), readEnds(view, counterparts)]);
  return {
    ...{ statuses, sites, from, to, short, late, now: int(nowMs) },
    shippedFrom: int(filter.shippedFrom ?? Number.MIN_SAFE_INTEGER),
    shippedUntil: int(filter.shippedUntil ?? Number.MAX_SAFE_INTEGER),
    ...{ dueFrom: intOrNull(filter.dueFrom), dueUntil: intOrNull(filter.dueUntil) },
    openBefore: intOrNull(filter.openBefore),
    ...{ parties: ends.keys, partySites: ends.sites },
    ...{ counterparts: others.keys, counterpartSites: others.sites },
  };
}

/** Keys and sites by which a party gives or takes: an event names one of its keys, or names nobody and the party is the holder at the site. */
async function readEnds(
  view: View,
  parties: readonly string[] | null,
): Promise<{ readonly keys: readonly string[] | null; readonly sites: readonly string[] }> {
  if (parties === null) return { keys: null, sites: [] };
  const [keys, sites] = await Promise.all([
    readKeysOfParties(view, parties),
    readSitesHeldBy(view, parties, NOW),
  ]);
  return { keys, sites };
}

function toHandoff({ from, to, ...row }: HandoffRow): Handoff {
  return { ...row, from: siteOrNull(from), to: siteOrNull(to) };
}
