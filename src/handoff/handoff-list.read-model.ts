import { NOW } from '../holdings/holding.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { BothWays, Way } from '../graph/both-ways.js';
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
import { readHandoffsOf, readIds } from './handoffs-inside.read-model.js';
import {
  COLUMNS,
  SEEN_EVENT_OF_ID,
  SEEN_STEPS,
  seenEvents,
  seenHandoffs,
  toHandoff,
} from './seen-handoff.read-model.js';
import type { HandoffRow } from './seen-handoff.read-model.js';

/** The content of cursors: the time that orders the list, and the id. */
export const HANDOFF_SHAPE: PageKeyShape = ['number', 'string'];

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

const SEEN_IN_TIME = seenEvents(fragment`s.at >= $timeFrom AND s.at <= $timeUntil`);

/** For partners: the handoffs that they see. By shipping, in the order of what is seen; else what is seen is sorted. */
function seenAlong(
  field: HandoffOrder['field'],
): Record<'count', CypherFragment> & { readonly list: (way: Way) => CypherFragment } {
  const isShipped = field === 'SHIPPED';
  const at = isShipped ? fragment`s.at` : fragment`h.${IN_ORDER[field]}`;
  const seen = isShipped ? SEEN_IN_TIME : seenEvents();
  return {
    list: (way) => fragment`
${seen}
${seenHandoffs()}
WITH s, h WHERE ${behindTime(at, fragment`h.id`, way)} AND ${WANTED}
WITH h, ${at} AS at ORDER BY at ${way.order}, h.id ${way.order} LIMIT $limit
RETURN null AS of, ${COLUMNS}
ORDER BY at ${way.order}, h.id ${way.order}`,
    count: fragment`
${seen}
${seenHandoffs()}
WITH s, h WHERE ${at} >= $timeFrom AND ${at} <= $timeUntil
WITH h LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${WANTED} THEN 1 END) AS n`,
  };
}

/** Handoffs in the order of one index. */
function along(field: HandoffOrder['field']): Source {
  const at = IN_ORDER[field];
  const seen = seenAlong(field);
  return {
    list: bothWays(
      (way) => cypher.events<HandoffRow & { of: null }>(`custody.handoffs${field}${way.suffix}`, {
        partner: seen.list(way),
      })`
MATCH (h:Handoff)
USING INDEX h:Handoff(${at})
WHERE ${behindTime(fragment`h.${at}`, fragment`h.id`, way)} AND ${WANTED}
WITH h ORDER BY h.${at} ${way.order}, h.id ${way.order} LIMIT $limit
RETURN null AS of, ${COLUMNS}
ORDER BY h.${at} ${way.order}, h.id ${way.order}`,
    ),
    count: cypher.events<Counted>(`custody.handoffs${field}Counted`, { partner: seen.count })`
MATCH (h:Handoff)
USING INDEX h:Handoff(${at})
WHERE h.${at} >= $timeFrom AND h.${at} <= $timeUntil
WITH h LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${WANTED} THEN 1 END) AS n`,
  };
}

/**
 * Handoffs of each of several values, each in the order of an index that ends in the time of shipping. Partners list only sites so, and
 * without a filter.
 */
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
  const isOfValue = properties
    .map((p) => fragment`h.${p} = value`)
    .reduce((first, next) => fragment`(${first} OR ${next})`);
  return {
    list: bothWays((way) => {
      const behind = behindTime(fragment`h.shippedAt`, fragment`h.id`, way);
      const part = found(
        (p) => fragment`AND ${behind} AND ${WANTED}
  RETURN h ORDER BY h.${p} ${way.order}, h.shippedAt ${way.order}, h.id ${way.order} LIMIT $limit`,
      );
      const partner = fragment`
UNWIND $values AS value
CALL (value) {
  ${SEEN_IN_TIME}
  ${seenHandoffs()}
  WITH s, h WHERE ${isOfValue} AND ${behindTime(fragment`s.at`, fragment`h.id`, way)}
  RETURN h, s.at AS at ORDER BY at ${way.order}, h.id ${way.order} LIMIT $limit
}
RETURN value AS of, ${COLUMNS}
ORDER BY of, at ${way.order}, h.id ${way.order}`;
      return cypher.events<HandoffRow & { of: string }>(`custody.handoffs${name}${way.suffix}`, {
        partner,
      })`
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

const BY_ID = cypher.events<HandoffRow>('custody.handoffsById', {
  partner: fragment`
UNWIND $ids AS id
${SEEN_EVENT_OF_ID}
${seenHandoffs(fragment`key`)}
WITH id, h WHERE h.id = id AND ${WANTED}
RETURN ${COLUMNS}`,
})`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
WITH DISTINCT h WHERE ${WANTED}
RETURN ${COLUMNS}`;

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
  const ids = await readIds(view, filter);
  if (ids?.length === 0) return EMPTY_PAGE;
  if (ids !== null) {
    const rows = await view.read(BY_ID, { ...params, ids });
    const all = rows.filter((one) => timeOf(one, order) !== null);
    const count = (): Promise<TotalCount> => Promise.resolve(totalOf(all.length));
    return pageOf(inOrder(all), page, { keyOf, count });
  }
  const { list, count, values } = isPartner(view)
    ? { ...SOURCES[order.field], values: [] }
    : sourceOf(filter, order);
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
  const { list } = SOURCES.sites;
  const { count } = isPartner(view) ? SOURCES.SHIPPED : SOURCES.sites;
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
      count: () =>
        readTotal(view, count, {
          ...{ ...params, values: [site], sites: [site] },
          ...timesIn('ASC', {}),
        }),
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
  const rows = await readHandoffsOf(view, [...new Set(packages)]);
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
    ...{ ...SEEN_STEPS, statuses, sites, from, to, short, late, now: int(nowMs) },
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
