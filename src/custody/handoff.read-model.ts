import { cypher, fragment } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import type { GraphReader, ReadOptions } from '../graph/graph.js';
import type { Handoff, HandoffFilter, HandoffPackage } from './handoff.js';

/** Where a list goes on: behind (shippedAt, id); `shippedAt` -1 is among those nobody shipped, which come last. */
export interface HandoffPlace {
  readonly shippedAt: number;
  readonly id: string;
}

/** A package whose contents at an instant are wanted. */
export interface ContentsQuery {
  readonly key: string;
  readonly container: boolean;
  /** Epoch ms. */
  readonly t: number;
}

type HandoffRow = Omit<Handoff, 'from' | 'to'> & { readonly from: string; readonly to: string };

const MAX_DEPTH = 32;

const WANTED = fragment`
  ($statuses IS NULL OR h.status IN $statuses)
  AND ($sites IS NULL OR h.from IN $sites OR h.to IN $sites)
  AND ($parties IS NULL OR h.fromParty IN $parties OR h.toParty IN $parties
    OR h.from IN $partySites OR h.to IN $partySites)`;
const COLUMNS = fragment`
  h.id AS id, h.status AS status, h.shippedAt AS shippedAt, h.from AS from, h.to AS to, h.fromParty AS fromParty,
  h.toParty AS toParty, coalesce(h.expected, 0) AS expected, coalesce(h.direct, 0) AS direct,
  coalesce(h.parts, 0) AS parts, h.firstReceivedAt AS firstReceivedAt, h.lastReceivedAt AS lastReceivedAt`;

const SHIPPED = cypher<HandoffRow>('custody.shippedHandoffs')`
MATCH (h:Handoff) WHERE h.shippedAt >= $from AND h.shippedAt <= $until
WITH h WHERE (h.shippedAt < $until OR h.id > $afterId OR $wholeInstant) AND ${WANTED}
RETURN ${COLUMNS}
ORDER BY h.shippedAt DESC, h.id LIMIT $limit`;

const NEVER_SHIPPED = cypher<HandoffRow>('custody.unexpectedHandoffs')`
MATCH (h:Handoff) WHERE h.id STARTS WITH 'over:' AND h.id > $afterId
WITH h WHERE h.shippedAt IS NULL AND ${WANTED}
RETURN ${COLUMNS}
ORDER BY h.id LIMIT $limit`;

const BY_ID = cypher<HandoffRow>('custody.handoffsById')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
WITH h WHERE ${WANTED}
RETURN ${COLUMNS}`;

const PACKAGES = cypher<{
  id: string;
  key: string;
  container: boolean;
  shipped: boolean;
  t: number | null;
  site: string | null;
  eventId: string | null;
}>('custody.handoffPackages')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
CALL (h) {
  MATCH (h)-[:COVERS]->(p:Package)
  RETURN p, true AS shipped, null AS t, null AS site, null AS eventId
  UNION ALL
  MATCH (h)<-[r:RECEIVED]-(p:Package)
  RETURN p, false AS shipped, r.t AS t, r.site AS site, r.eventId AS eventId
}
RETURN id, p.k AS key, p:Container AS container, shipped, t, site, eventId
ORDER BY id, key, t`;

const INSIDE = cypher<{ root: number; key: string; container: boolean }>('custody.inside')`
UNWIND $spans AS span
MATCH (:Package {k: span.key})-[:FILLED]->(f:Holding)<-[i:IN]-(p:Package)
WHERE f.from <= span.t AND (f.dissolvedAt IS NULL OR f.dissolvedAt > span.t)
  AND i.from <= span.t AND (i.to IS NULL OR i.to > span.t)
RETURN span.root AS root, p.k AS key, p:Container AS container`;

const SITES_OF_PARTIES = cypher<{ site: string }>('custody.sitesOfParties')`
UNWIND $parties AS party
MATCH (:Party {k: party})<-[:OPERATED_BY]-(s:Site)
RETURN DISTINCT s.k AS site`;

/** Handoffs, the newest shipping first; those nobody shipped come last, by id. One more than `first` says that there are more. */
export async function readHandoffs(
  graph: GraphReader,
  filter: HandoffFilter,
  page: { readonly first: number; readonly after: HandoffPlace | null },
  options: ReadOptions = {},
): Promise<Handoff[]> {
  const { statuses, sites, parties } = filter;
  const partySites = await readSitesOf(graph, parties ?? [], options);
  const params = { statuses, sites, parties, partySites };
  if (filter.ids !== null) return readById(graph, filter, { params, page }, options);
  const limit = page.first + 1;
  const shipped =
    page.after?.shippedAt === -1 ? [] : await readShipped(graph, filter, { params, page }, options);
  const dated = filter.shippedFrom !== null || filter.shippedUntil !== null;
  if (shipped.length >= limit || dated) return shipped;
  const afterId = page.after?.shippedAt === -1 ? page.after.id : '';
  const rest = { ...params, afterId, limit: int(limit - shipped.length) };
  const rows = await graph.read(NEVER_SHIPPED, rest, options);
  return [...shipped, ...rows.map(toHandoff)];
}

/** Packages of handoffs, by handoff id: those shipped, and those received whether shipped or not. */
export async function readHandoffPackages(
  graph: GraphReader,
  ids: readonly string[],
  options: ReadOptions = {},
): Promise<Map<string, HandoffPackage[]>> {
  const found = new Map<string, Map<string, HandoffPackage>>(ids.map((id) => [id, new Map()]));
  for (const row of await graph.read(PACKAGES, { ids }, options)) {
    const packages = found.get(row.id);
    const seen = packages?.get(row.key);
    // By time: the first receipt stays.
    packages?.set(row.key, {
      key: row.key,
      container: row.container,
      shipped: row.shipped || (seen?.shipped ?? false),
      receivedAt: seen?.receivedAt ?? row.t,
      site: seen?.site ?? row.site,
      eventId: seen?.eventId ?? row.eventId,
    });
  }
  return new Map([...found].map(([id, packages]) => [id, [...packages.values()]]));
}

/** Keys of the units that packages were or had inside at their instants, in their order; at any depth. */
export async function readUnitsInside(
  graph: GraphReader,
  queries: readonly ContentsQuery[],
  options: ReadOptions = {},
): Promise<Set<string>[]> {
  const units = queries.map(({ key, container }) => new Set(container ? [] : [key]));
  const seen = new Set<string>();
  let frontier = queries.flatMap(({ key, container, t }, root) =>
    container ? [{ root, key, t }] : [],
  );
  for (let depth = 0; frontier.length > 0 && depth < MAX_DEPTH; depth++) {
    const spans = frontier.map(({ root, key, t }) => ({ root: int(root), key, t: int(t) }));
    frontier = [];
    for (const { root, key, container } of await graph.read(INSIDE, { spans }, options)) {
      const t = queries[root]?.t ?? 0;
      if (!container) units[root]?.add(key);
      else if (!seen.has(`${root} ${key}`)) frontier.push({ root, key, t });
      seen.add(`${root} ${key}`);
    }
  }
  return units;
}

interface Reading {
  readonly params: Readonly<Record<string, unknown>>;
  readonly page: { readonly first: number; readonly after: HandoffPlace | null };
}

async function readShipped(
  graph: GraphReader,
  { shippedFrom, shippedUntil }: HandoffFilter,
  { params, page: { first, after } }: Reading,
  options: ReadOptions,
): Promise<Handoff[]> {
  const latest = shippedUntil ?? Number.MAX_SAFE_INTEGER;
  const rows = await graph.read(
    SHIPPED,
    {
      ...params,
      from: int(shippedFrom ?? 0),
      until: int(Math.min(latest, after?.shippedAt ?? latest)),
      afterId: after?.id ?? '',
      wholeInstant: after === null || latest < after.shippedAt,
      limit: int(first + 1),
    },
    options,
  );
  return rows.map(toHandoff);
}

// A list by id is short: it is put in order and cut here.
async function readById(
  graph: GraphReader,
  { ids, shippedFrom, shippedUntil }: HandoffFilter,
  { params, page: { first, after } }: Reading,
  options: ReadOptions,
): Promise<Handoff[]> {
  const rows = await graph.read(BY_ID, { ...params, ids: [...new Set(ids)] }, options);
  const at = (handoff: Handoff): number => handoff.shippedAt ?? -1;
  const follows = (handoff: Handoff): boolean =>
    after === null ||
    at(handoff) < after.shippedAt ||
    (at(handoff) === after.shippedAt && handoff.id > after.id);
  return rows
    .map(toHandoff)
    .filter(follows)
    .filter((one) => shippedFrom === null || at(one) >= shippedFrom)
    .filter((one) => shippedUntil === null || (one.shippedAt !== null && at(one) <= shippedUntil))
    .sort((a, b) => at(b) - at(a) || (a.id < b.id ? -1 : 1))
    .slice(0, first + 1);
}

async function readSitesOf(
  graph: GraphReader,
  parties: readonly string[],
  options: ReadOptions,
): Promise<string[]> {
  if (parties.length === 0) return [];
  const rows = await graph.read(SITES_OF_PARTIES, { parties }, options);
  return rows.map((row) => row.site);
}

function toHandoff({ from, to, ...row }: HandoffRow): Handoff {
  return { ...row, from: from === '?' ? null : from, to: to === '?' ? null : to };
}
