import { MAX_DEPTH, isContainerKey } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { sighted } from '../access/sighted.js';
import { isClaim } from '../access/standing.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { HandoffPackage } from './handoff.js';
import type { Around } from './seen-handoff.read-model.js';
import {
  alike,
  isOfSeen,
  keepSeenAround,
  SEEN_EVENT_OF_ID,
  SEES_RECEIPT,
} from './seen-handoff.read-model.js';

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
  readonly claimed?: boolean;
  readonly shipped: boolean;
  readonly voided: boolean;
  readonly t: number | null;
  readonly site: string | null;
  readonly eventId: string | null;
}

const PACKAGES = cypher.events<PackageRow>('custody.handoffPackages', {
  partner: fragment`
UNWIND $ids AS id
${SEEN_EVENT_OF_ID}
CALL (id, key, e, s) {
  MATCH (n:Handoff {id: id})-[:COVERS]->(p:Package)
  WHERE key IS NULL AND coalesce(p.k IN s.names, true)
  RETURN p, true AS shipped, false AS voided, null AS t, null AS site, null AS eventId
  UNION ALL
  MATCH (n:Handoff {id: id})<-[r:RECEIVED]-(p:Package)
  WHERE key IS NULL AND ${SEES_RECEIPT} AND ${isOfSeen(fragment`s`)}
  RETURN p, false AS shipped, coalesce(r.voided, false) AS voided, r.t AS t, r.site AS site, r.eventId AS eventId
  UNION ALL
  MATCH (p:Package {k: key})
  RETURN p, false AS shipped, false AS voided, e.eventTime AS t, e.bizLocation AS site, e.id AS eventId
}
WITH id, p, shipped, voided, t, site, eventId,
  ${isClaim({ seen: fragment`s`, id: fragment`e.id`, at: fragment`e.eventTime`, key: fragment`p.k` })} AS claimed
RETURN id, p.k AS key, p:Container AND NOT claimed AS container, claimed, shipped, voided, t, site, eventId
ORDER BY id, key, t`,
})`
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

interface InsideRow {
  readonly root: number;
  readonly key: string;
  readonly container: boolean;
  readonly alike?: unknown;
}

const INSIDE = sighted<InsideRow>(
  'packages',
  'custody.inside',
  ({ only }) => fragment`
UNWIND $spans AS span
MATCH (:Package {k: span.key})-[:FILLED]->(f:Holding)<-[i:IN]-(p:Package)
WHERE f.from <= span.t AND (f.dissolvedAt IS NULL OR f.dissolvedAt > span.t)
  AND i.from <= span.t AND (i.to IS NULL OR i.to > span.t)
RETURN span.root AS root, p.k AS key, p:Container AS container${only(fragment`, ${alike(fragment`p.k`, fragment`span.t`)} AS alike`)}`,
);

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

/**
 * Keys of the units that packages were or had inside at their instants, at any depth, in the order of the queries. A partner is told of those
 * that it saw then.
 */
export async function readUnitsInside(
  view: View,
  queries: readonly ContentsQuery[],
): Promise<Set<string>[]> {
  const boxes = queries.flatMap(({ key, container, t }, root) =>
    container ? [{ root, key, t, alike: key }] : [],
  );
  const inside = await readInside(view, boxes);
  const units = queries.map(({ key, container }) => new Set(container ? [] : [key]));
  for (const { root, key } of await keepSeenAround(view, inside)) units[root]?.add(key);
  return units;
}

interface Inside extends Around {
  /** Place of the query. */
  readonly root: number;
}

/** The units in boxes, one level a statement. */
async function readInside(view: View, boxes: readonly Inside[]): Promise<Inside[]> {
  const units: Inside[] = [];
  const seen = new Set<string>();
  let frontier = boxes;
  for (let depth = 0; frontier.length > 0 && depth < MAX_DEPTH; depth++) {
    const times = new Map(frontier.map(({ root, t }) => [root, t]));
    const spans = frontier.map(({ root, key, t }) => ({ root: int(root), key, t: int(t) }));
    const next: Inside[] = [];
    for (const { root, key, container, ...more } of await view.read(INSIDE, { spans })) {
      const one = { root, key, t: times.get(root) ?? 0, alike: more.alike };
      if (!container) units.push(one);
      else if (!seen.has(`${root} ${key}`)) next.push(one);
      seen.add(`${root} ${key}`);
    }
    frontier = next;
  }
  return units;
}

function toPackage({ t, claimed = false, container, ...row }: PackageRow): HandoffPackage {
  const { key, shipped, voided, site, eventId } = row;
  const receivedAt = voided ? null : t;
  return {
    ...{ key, shipped, voided, receivedAt, site, eventId },
    ...{ container: container || isContainerKey(key), isClaimed: claimed },
  };
}

// Rows come in the order of time, so the first receipt stays.
function merged(seen: HandoffPackage, next: HandoffPackage): HandoffPackage {
  const first = seen.receivedAt === null ? next : seen;
  return { ...first, shipped: seen.shipped || next.shipped, voided: seen.voided || next.voided };
}
