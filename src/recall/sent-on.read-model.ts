import { readOrganisationsOf } from '../access/own-sites.read-model.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { CUSTODY_STEPS, moveOf, NOW, siteOrNull } from '../holdings/holding.js';
import { inside, unitsSeen } from '../holdings/shown.read-model.js';
import { readHoldersAt, readPartyKeys } from '../master-data/operators.read-model.js';
import type { Shipping, SentUnit } from './sent-on.rules.js';

interface ShippingRow {
  readonly id: string;
  readonly shippedAt: number;
  readonly from: string;
  readonly to: string;
  /** The parties that the shipping names; null when it is not seen whole. */
  readonly fromParty: string | null;
  readonly toParty: string | null;
}

// From the partner's own events, so it costs the same whatever others ship.
const SHIPPINGS = cypher.seen<ShippingRow>('recall.shippingsSeen')`
MATCH ()-[s:SEEN_BY]->(e:Event)
USING INDEX s:SEEN_BY(p, at)
WHERE s.p = $viewer AND s.at >= $since AND e.bizStep IN $steps AND e.retracted IS NULL
MATCH (h:Handoff {id: e.id}) WHERE h.status <> 'VOIDED'
RETURN h.id AS id, h.shippedAt AS shippedAt, coalesce(h.from, '?') AS from, coalesce(h.to, '?') AS to,
  CASE WHEN s.whole THEN h.fromParty END AS fromParty, CASE WHEN s.whole THEN h.toParty END AS toParty
ORDER BY shippedAt, id`;

const LASTS = fragment`in_.from <= h.shippedAt AND coalesce(h.shippedAt < in_.to, true)
    AND inner.from <= h.shippedAt AND coalesce(h.shippedAt < inner.dissolvedAt, true)`;
const WANTED = fragment`(lot IN $lots OR any(product IN $products WHERE lot STARTS WITH product))`;

// What was inside a package that was shipped, of what the partner saw then. Only holdings that ever had units of the lots are looked into.
const SENT = fragment`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
MATCH (e:Event {id: id})-[s:SEEN_BY]->(e) WHERE s.p = $viewer
MATCH (h)-[:COVERS]->(p:Package) WHERE coalesce(p.k IN s.names, true)
CALL (h, p) {
  WITH p WHERE NOT p:Container
  RETURN p AS u, [p.k] AS path
  UNION ALL
  WITH h, p WHERE p:Container
  OPTIONAL MATCH (p)-[stay:STAY]->() WHERE stay.from <= h.shippedAt AND coalesce(h.shippedAt < stay.to, true)
  WITH h, p, [coalesce($viewer IN stay.hands, false), coalesce(stay.title = $viewer, false), coalesce(stay.titleAt, 0)] AS sight
  MATCH (p)-[:FILLED]->(f:Holding) WHERE f.from <= h.shippedAt AND coalesce(h.shippedAt < f.dissolvedAt, true)
  MATCH (f) ((:Holding)<-[in_:IN]-(box:Container)-[:FILLED]->(inner:Holding) WHERE ${LASTS}){0,31} (z:Holding)
  WHERE EXISTS { MATCH (z)-[:HELD]->(l:Lot) WITH l.id AS lot WHERE ${WANTED} }
  MATCH (z)<-[last:IN]-(u) WHERE last.from <= h.shippedAt AND coalesce(h.shippedAt < last.to, true)
  WITH p, u, box, ${inside(fragment`sight`, fragment`in_ + last`)} AS sight
  WHERE (sight[0] OR sight[1]) AND NOT u:Container
  RETURN u, [p.k] + [one IN box | one.k] + u.k AS path
}
WITH h, p, u, path, u.lot AS lot WHERE ${WANTED}`;

const LOTS_SENT = cypher.seen<{ lot: string }>('recall.lotsSent')`
${SENT}
RETURN DISTINCT lot ORDER BY lot`;

// A receipt tells of what is inside too. The partner sees a receipt as it sees its event.
const UNITS_SENT = cypher.seen<SentUnit>('recall.unitsSent')`
${SENT}
WITH h, p, collect({k: u.k, path: path}) AS units
CALL (h) {
  MATCH (h)<-[r:RECEIVED]-(q:Package)
  WHERE coalesce(r.voided, false) OR EXISTS {
    MATCH (e:Event {id: r.eventId})-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND coalesce(q.k IN s.names, true) }
  RETURN collect(CASE WHEN coalesce(r.voided, false) THEN q.k END) AS voided,
    collect(CASE WHEN NOT coalesce(r.voided, false) THEN q.k END) AS arrived
}
UNWIND units AS one
WITH h, p, one, arrived, voided WHERE none(k IN one.path WHERE k IN voided)
RETURN one.k AS key, h.id AS shipping, CASE WHEN p:Container THEN p.k END AS box, any(k IN one.path WHERE k IN arrived) AS received`;

const UNITS_HAD = cypher.seen<{ key: string }>('recall.unitsHad')`
${unitsSeen(fragment`s.lot IN $lots AND NOT coalesce(s.place, h.place) STARTS WITH 'TO'`)}
WITH u, sight WHERE sight[0] AND u.lot IN $lots
RETURN u.k AS key`;

/** Those of the lots, and the lots of the products, of which a partner sent units on. Products are beginnings of the keys of lots. */
export async function readLotsSentOn(
  view: View,
  asked: { readonly lots: readonly string[]; readonly products: readonly string[] },
): Promise<string[]> {
  if (asked.lots.length + asked.products.length === 0) return [];
  const ids = (await readShippings(view)).map(({ id }) => id);
  const rows = await view.read(LOTS_SENT, { ids, ...asked });
  return rows.map(({ lot }) => lot);
}

/** What a partner sent on of these lots, and which of their units it has now. */
export async function readSentOn(
  view: View,
  lots: readonly string[],
): Promise<{
  readonly shippings: readonly Shipping[];
  readonly units: readonly SentUnit[];
  readonly had: ReadonlySet<string>;
}> {
  const shippings = await readShippings(view);
  const ids = shippings.map(({ id }) => id);
  const [units, had] = await Promise.all([
    view.read(UNITS_SENT, { ids, lots, products: [] }),
    view.read(UNITS_HAD, { lots }),
  ]);
  return {
    shippings: await withCounterparts(view, shippings),
    units,
    had: new Set(had.map(({ key }) => key)),
  };
}

/** The shippings by which a partner gave something away, oldest first. */
async function readShippings(view: View): Promise<ShippingRow[]> {
  const steps = CUSTODY_STEPS.filter((step) => moveOf(step) === 'ship');
  const rows = await view.read(SHIPPINGS, { since: int(-NOW), steps });
  const ends = rows.flatMap(({ from, fromParty }) =>
    [siteOrNull(from) ?? [], fromParty ?? []].flat(),
  );
  const runBy = await readOrganisationsOf(view, [...new Set(ends)]);
  return rows.filter(({ from, fromParty, shippedAt }) =>
    [siteOrNull(from), fromParty].some(
      (key) => key !== null && runBy(key, shippedAt) === view.principal.organisation,
    ),
  );
}

/** The party at the other end: the one that the shipping names, else the one registered to run the destination. */
async function withCounterparts(view: View, rows: readonly ShippingRow[]): Promise<Shipping[]> {
  const sites = rows.flatMap(({ to, toParty }) => (toParty === null ? (siteOrNull(to) ?? []) : []));
  const [holders, parties] = await Promise.all([
    readHoldersAt(view, sites, NOW),
    readPartyKeys(view, [...new Set(rows.flatMap(({ toParty }) => toParty ?? []))]),
  ]);
  return rows.map(({ id, shippedAt, to, toParty }) => ({
    ...{ id, shippedAt },
    counterpart: toParty === null ? (holders.get(to) ?? null) : (parties.get(toParty) ?? toParty),
  }));
}
