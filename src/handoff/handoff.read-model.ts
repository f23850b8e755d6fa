import { MAX_DEPTH } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import type { HandoffPackage } from './handoff.js';

/** A package whose contents at an instant are wanted. */
export interface ContentsQuery {
  readonly key: string;
  readonly container: boolean;
  /** Epoch ms. */
  readonly t: number;
}

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
