import { MAX_DEPTH, NOW, siteOrNull } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { limitOf, pageOf, totalOf, wayOf } from '../shared/page.js';
import type {
  Direction,
  Page,
  PageKey,
  PageKeyShape,
  PageRequest,
  TotalCount,
} from '../shared/page.js';
import { readKeysOfParties, readSitesHeldBy } from '../master-data/operators.read-model.js';
import type { Handoff, HandoffFilter, HandoffOrder, HandoffPackage } from './handoff.js';

/** The content of cursors: the time that orders the list, and the id. */
export const HANDOFF_SHAPE: PageKeyShape = ['number', 'string'];

/** A package whose contents at an instant are wanted. */
export interface ContentsQuery {
  readonly key: string;
  readonly container: boolean;
  /** Epoch ms. */
  readonly t: number;
}

type HandoffRow = Omit<Handoff, 'from' | 'to'> & { readonly from: string; readonly to: string };

const WANTED = fragment`
  h.shippedAt >= $shippedFrom AND h.shippedAt < $shippedUntil
  AND ($statuses IS NULL OR h.status IN $statuses)
  AND ($sites IS NULL OR h.from IN $sites OR h.to IN $sites)
  AND ($from IS NULL OR h.from IN $from) AND ($to IS NULL OR h.to IN $to)
  AND ($openBefore IS NULL OR (h.shippedAt < $openBefore AND h.status IN ['OUTSTANDING', 'PARTIAL']))
  AND ($parties IS NULL OR h.fromParty IN $parties OR h.toParty IN $parties
    OR (h.fromParty IS NULL AND h.from IN $partySites) OR (h.toParty IS NULL AND h.to IN $partySites))`;
const COLUMNS = fragment`
  h.id AS id, h.status AS status, h.shippedAt AS shippedAt, h.from AS from, h.to AS to, h.fromParty AS fromParty,
  h.toParty AS toParty, coalesce(h.expected, 0) AS expected, coalesce(h.direct, 0) AS direct,
  coalesce(h.parts, 0) AS parts, h.firstReceivedAt AS firstReceivedAt, h.lastReceivedAt AS lastReceivedAt`;

const IN_ORDER: Readonly<Record<HandoffOrder['field'], CypherFragment>> = {
  SHIPPED: fragment`shippedAt`,
  RECEIVED: fragment`lastReceivedAt`,
};

function along(field: HandoffOrder['field']): BothWays<HandoffRow> {
  const at = IN_ORDER[field];
  return bothWays(
    (way) => cypher.events<HandoffRow>(`custody.handoffs${field}${way.suffix}`)`
MATCH (h:Handoff)
USING INDEX h:Handoff(${at})
WHERE ${behindTime(fragment`h.${at}`, fragment`h.id`, way)} AND ${WANTED}
WITH h ORDER BY h.${at} ${way.order}, h.id ${way.order} LIMIT $limit
RETURN ${COLUMNS}
ORDER BY h.${at} ${way.order}, h.id ${way.order}`,
  );
}

function counted(field: HandoffOrder['field']): ReadStatement<Counted> {
  const at = IN_ORDER[field];
  return cypher.events<Counted>(`custody.handoffs${field}Counted`)`
MATCH (h:Handoff)
USING INDEX h:Handoff(${at})
WHERE h.${at} >= $timeFrom AND h.${at} <= $timeUntil
WITH h LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${WANTED} THEN 1 END) AS n`;
}

const LISTS = { SHIPPED: along('SHIPPED'), RECEIVED: along('RECEIVED') };
const COUNTS = { SHIPPED: counted('SHIPPED'), RECEIVED: counted('RECEIVED') };

const BY_ID = cypher.events<HandoffRow>('custody.handoffsById')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
WITH DISTINCT h WHERE ${WANTED}
RETURN ${COLUMNS}`;

interface PackageRow {
  readonly id: string;
  readonly key: string;
  readonly container: boolean;
  readonly shipped: boolean;
  readonly voided: boolean;
  readonly t: number | null;
  readonly site: string | null;
  readonly eventId: string | null;
}

const PACKAGES = cypher.events<PackageRow>('custody.handoffPackages')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
CALL (h) {
  MATCH (h)-[:COVERS]->(p:Package)
  RETURN p, true AS shipped, false AS voided, null AS t, null AS site, null AS eventId
  UNION ALL
  MATCH (h)<-[r:RECEIVED]-(p:Package)
  RETURN p, false AS shipped, coalesce(r.voided, false) AS voided, r.t AS t, r.site AS site, r.eventId AS eventId
}
RETURN id, p.k AS key, p:Container AS container, shipped, voided, t, site, eventId
ORDER BY id, key, t`;

const INSIDE = cypher.packages<{ root: number; key: string; container: boolean }>('custody.inside')`
UNWIND $spans AS span
MATCH (:Package {k: span.key})-[:FILLED]->(f:Holding)<-[i:IN]-(p:Package)
WHERE f.from <= span.t AND (f.dissolvedAt IS NULL OR f.dissolvedAt > span.t)
  AND i.from <= span.t AND (i.to IS NULL OR i.to > span.t)
RETURN span.root AS root, p.k AS key, p:Container AS container`;

/** A page of handoffs. Those that nobody shipped count as shipped when they were received. */
export async function listHandoffs(
  view: View,
  filter: HandoffFilter,
  request: PageRequest & { readonly order: HandoffOrder },
): Promise<Page<Handoff>> {
  const { order, ...page } = request;
  const params = await paramsOf(view, filter);
  const way = wayOf(page, order.direction);
  const keyOf = (one: Handoff): PageKey => [timeOf(one, order) ?? 0, one.id];
  if (filter.ids !== null) {
    const rows = await view.read(BY_ID, { ...params, ids: [...new Set(filter.ids)] });
    const all = rows.map(toHandoff).filter((one) => timeOf(one, order) !== null);
    const count = (): Promise<TotalCount> => Promise.resolve(totalOf(all.length));
    return pageOf(inOrder(all, keyOf, { way, page }), page, { keyOf, count });
  }
  const limit = int(limitOf(page));
  const rows = await view.read(LISTS[order.field][way], {
    ...params,
    ...timesIn(way, page),
    limit,
  });
  return pageOf(rows.map(toHandoff), page, {
    keyOf,
    count: () => readTotal(view, COUNTS[order.field], { ...params, ...timesIn('ASC', {}) }),
  });
}

/** Handoffs by id; null when there is none. */
export async function readHandoffs(
  view: View,
  ids: readonly string[],
): Promise<(Handoff | null)[]> {
  const rows = await view.read(BY_ID, { ...(await paramsOf(view, ALL_HANDOFFS)), ids });
  const found = new Map(rows.map((row) => [row.id, toHandoff(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

const ALL_HANDOFFS: HandoffFilter = {
  ...{ ids: null, parties: null, sites: null, from: null, to: null, statuses: null },
  ...{ shippedFrom: null, shippedUntil: null, openBefore: null },
};

function timeOf({ shippedAt, lastReceivedAt }: Handoff, { field }: HandoffOrder): number | null {
  return field === 'SHIPPED' ? shippedAt : lastReceivedAt;
}

/** A list by id is short, so it is sorted and cut here. */
function inOrder(
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

async function paramsOf(view: View, filter: HandoffFilter): Promise<Record<string, unknown>> {
  const { statuses, sites, from, to, shippedFrom, shippedUntil, openBefore } = filter;
  return {
    ...{ statuses, sites, from, to },
    shippedFrom: int(shippedFrom ?? Number.MIN_SAFE_INTEGER),
    shippedUntil: int(shippedUntil ?? Number.MAX_SAFE_INTEGER),
    openBefore: intOrNull(openBefore),
    ...(await readEnds(view, filter.parties)),
  };
}

/** Packages of handoffs by handoff id: the shipped ones, and the received ones, whether they were shipped or not. */
export async function readHandoffPackages(
  view: View,
  ids: readonly string[],
): Promise<Map<string, HandoffPackage[]>> {
  const found = new Map<string, Map<string, HandoffPackage>>(ids.map((id) => [id, new Map()]));
  for (const row of await view.read(PACKAGES, { ids })) {
    const packages = found.get(row.id);
    const seen = packages?.get(row.key);
    packages?.set(row.key, seen === undefined ? toPackage(row) : merged(seen, toPackage(row)));
  }
  return new Map([...found].map(([id, packages]) => [id, [...packages.values()]]));
}

/** Keys of the units that packages were or had inside at their instants, at any depth, in the order of the queries. */
export async function readUnitsInside(
  view: View,
  queries: readonly ContentsQuery[],
): Promise<Set<string>[]> {
  const units = queries.map(({ key, container }) => new Set(container ? [] : [key]));
  const seen = new Set<string>();
  let frontier = queries.flatMap(({ key, container, t }, root) =>
    container ? [{ root, key, t }] : [],
  );
  for (let depth = 0; frontier.length > 0 && depth < MAX_DEPTH; depth++) {
    const spans = frontier.map(({ root, key, t }) => ({ root: int(root), key, t: int(t) }));
    frontier = [];
    for (const { root, key, container } of await view.read(INSIDE, { spans })) {
      const t = queries[root]?.t ?? 0;
      if (!container) units[root]?.add(key);
      else if (!seen.has(`${root} ${key}`)) frontier.push({ root, key, t });
      seen.add(`${root} ${key}`);
    }
  }
  return units;
}

/** Keys and sites by which a party gives or takes: an event names one of its keys, or names nobody and the party is the holder at the site. */
async function readEnds(
  view: View,
  parties: readonly string[] | null,
): Promise<{ readonly parties: readonly string[] | null; readonly partySites: readonly string[] }> {
  if (parties === null) return { parties, partySites: [] };
  const [keys, partySites] = await Promise.all([
    readKeysOfParties(view, parties),
    readSitesHeldBy(view, parties, NOW),
  ]);
  return { parties: keys, partySites };
}

function toHandoff({ from, to, ...row }: HandoffRow): Handoff {
  return { ...row, from: siteOrNull(from), to: siteOrNull(to) };
}

function toPackage({
  key,
  container,
  shipped,
  voided,
  t,
  site,
  eventId,
}: PackageRow): HandoffPackage {
  return { key, container, shipped, voided, receivedAt: voided ? null : t, site, eventId };
}

// Rows come in the order of time, so the first receipt stays.
function merged(seen: HandoffPackage, next: HandoffPackage): HandoffPackage {
  const first = seen.receivedAt === null ? next : seen;
  return { ...first, shipped: seen.shipped || next.shipped, voided: seen.voided || next.voided };
}
