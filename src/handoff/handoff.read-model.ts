import { MAX_DEPTH, NOW, siteOrNull } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { readKeysOfParties, readSitesHeldBy } from '../master-data/operators.read-model.js';
import type { Handoff, HandoffFilter, HandoffPackage } from './handoff.js';

/** A list continues after this (shippedAt, id). */
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

const WANTED = fragment`
  ($statuses IS NULL OR h.status IN $statuses)
  AND ($sites IS NULL OR h.from IN $sites OR h.to IN $sites)
  AND ($parties IS NULL OR h.fromParty IN $parties OR h.toParty IN $parties
    OR (h.fromParty IS NULL AND h.from IN $partySites) OR (h.toParty IS NULL AND h.to IN $partySites))`;
const COLUMNS = fragment`
  h.id AS id, h.status AS status, h.shippedAt AS shippedAt, h.from AS from, h.to AS to, h.fromParty AS fromParty,
  h.toParty AS toParty, coalesce(h.expected, 0) AS expected, coalesce(h.direct, 0) AS direct,
  coalesce(h.parts, 0) AS parts, h.firstReceivedAt AS firstReceivedAt, h.lastReceivedAt AS lastReceivedAt`;

const SHIPPED = cypher.events<HandoffRow>('custody.shippedHandoffs')`
MATCH (h:Handoff) WHERE h.shippedAt >= $from AND h.shippedAt <= $until
WITH h WHERE (h.shippedAt < $until OR h.id > $afterId OR $wholeInstant) AND ${WANTED}
RETURN ${COLUMNS}
ORDER BY h.shippedAt DESC, h.id LIMIT $limit`;

const BY_ID = cypher.events<HandoffRow>('custody.handoffsById')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
WITH h WHERE ${WANTED}
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

/** Handoffs, newest first; the receipt gives the time when nobody shipped. It reads one more than `first`, to tell whether there are more. */
export async function readHandoffs(
  view: View,
  filter: HandoffFilter,
  page: { readonly first: number; readonly after: HandoffPlace | null },
): Promise<Handoff[]> {
  const { statuses, sites } = filter;
  const params = { statuses, sites, ...(await readEnds(view, filter.parties)) };
  return filter.ids === null
    ? readShipped(view, filter, { params, page })
    : readById(view, filter, { params, page });
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

interface Reading {
  readonly params: Readonly<Record<string, unknown>>;
  readonly page: { readonly first: number; readonly after: HandoffPlace | null };
}

async function readShipped(
  view: View,
  { shippedFrom, shippedUntil }: HandoffFilter,
  { params, page: { first, after } }: Reading,
): Promise<Handoff[]> {
  const latest = shippedUntil ?? Number.MAX_SAFE_INTEGER;
  const rows = await view.read(SHIPPED, {
    ...params,
    from: int(shippedFrom ?? 0),
    until: int(Math.min(latest, after?.shippedAt ?? latest)),
    afterId: after?.id ?? '',
    wholeInstant: after === null || latest < after.shippedAt,
    limit: int(first + 1),
  });
  return rows.map(toHandoff);
}

// A list by id is short, so it is sorted and cut here.
async function readById(
  view: View,
  { ids, shippedFrom, shippedUntil }: HandoffFilter,
  { params, page: { first, after } }: Reading,
): Promise<Handoff[]> {
  const rows = await view.read(BY_ID, { ...params, ids: [...new Set(ids)] });
  const follows = (one: Handoff): boolean =>
    after === null ||
    one.shippedAt < after.shippedAt ||
    (one.shippedAt === after.shippedAt && one.id > after.id);
  return rows
    .map(toHandoff)
    .filter(follows)
    .filter((one) => shippedFrom === null || one.shippedAt >= shippedFrom)
    .filter((one) => shippedUntil === null || one.shippedAt <= shippedUntil)
    .sort((a, b) => b.shippedAt - a.shippedAt || (a.id < b.id ? -1 : 1))
    .slice(0, first + 1);
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
