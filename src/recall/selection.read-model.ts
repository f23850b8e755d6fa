import { isJoined, mayBegin } from '../access/standing.js';
import { isLotNamed, seesClass } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { NOW } from '../holdings/holding.js';
import { readSeenHistory } from '../holdings/whereabouts.read-model.js';
import type { LotProbe } from './recall-scope.js';
import type { ProductLot, SerialSpan } from './selection.rules.js';

/** What one transformation made from a lot or package. */
export interface MadeRow {
  readonly source: string;
  /** Lot id; null when the output has no known lot. */
  readonly lot: string | null;
  /** Key of an output without a known lot. */
  readonly unit: string | null;
  /** Whether that output is a container. */
  readonly container: boolean;
  readonly eventId: string;
}

/** A holding or container, and the part of its time that matters (both ends included, epoch ms). */
export interface Span {
  readonly id: string;
  readonly from: number;
  readonly until: number;
}

/** Something found in a holding during a span; `at` is the index of that span in the list given. */
export interface MemberRow extends Span {
  readonly at: number;
  readonly lot: string | null;
  readonly container: boolean;
}

/** The most lots that are named as made from one lot. */
const MAX_MADE_INTO = 20;
/** The most packages of one lot for which another lot was stated too. */
const MAX_CLAIMS = 200_000;
/** The most containers of one lot whose contents are looked at. */
const MAX_CONTAINERS_OF_LOT = 10_000;

/** An event `e` itself, and the events that a transformationID joins with it. */
const joined = fragment`CALL (e) {
  RETURN e AS one
  UNION
  MATCH (e)-[:PART_OF]->(:Transformation)<-[:PART_OF]-(other:Event)
  WHERE other.retracted IS NULL AND ${isJoined(fragment`e`, fragment`other`)}
  RETURN other AS one
}`;

/** An output of an event `one`: a package `p` or a lot `l`. What others say was made of goods counts only where they may begin what was made. */
const isOutput = fragment`o.role = 'output' AND ${mayBegin(fragment`one`, fragment`p.k`)}`;
const isOutputLot = fragment`c.role = 'outputQuantity' AND ${mayBegin(fragment`one`, fragment`l.id`)}`;

/** The outputs of an event `e`, by lot where an output has one. */
const outputs = fragment`${joined}
CALL (one) {
  MATCH (one)-[o:OF]->(p:Package) WHERE ${isOutput}
  RETURN CASE WHEN p.lot CONTAINS '/10/' THEN p.lot ELSE p.k END AS id
  UNION
  MATCH (one)-[c:OF_QUANTITY]->(l:Lot) WHERE ${isOutputLot}
  RETURN l.id AS id
}`;

/** The same outputs for the next step: containers and units without a lot are apart. */
const madeOut = fragment`${joined}
CALL (one) {
  MATCH (one)-[o:OF]->(p:Package) WHERE ${isOutput}
  OPTIONAL MATCH (l:Lot {id: p.lot}) WHERE l.lot IS NOT NULL
  RETURN DISTINCT l.id AS lot, CASE WHEN l IS NULL THEN p.k END AS unit, l IS NULL AND p:Container AS container
  UNION
  MATCH (one)-[c:OF_QUANTITY]->(l:Lot) WHERE ${isOutputLot} AND l.lot IS NOT NULL
  RETURN l.id AS lot, null AS unit, false AS container
}`;

// Few containers were used up as an input, in most stores none. Only when there is one are the holdings of a lot searched for them.
/** What is known of the lots `$probed`, in their order. */
export const PROBES_OF_LOTS = fragment`
MATCH (any:Input)
WITH count(any) AS used
UNWIND $probed AS lot
OPTIONAL MATCH (l:Lot {id: lot})
CALL (l) {
  CALL (l) {
    MATCH (l)<-[:MADE_FROM]-(made:Lot)
    RETURN DISTINCT made.id AS id LIMIT $mostMade
    UNION
    MATCH (l)<-[:MADE_FROM]-(one:Event)-[o:OF]->(p:Package) WHERE ${isOutput}
    RETURN DISTINCT CASE WHEN p.lot CONTAINS '/10/' THEN p.lot ELSE p.k END AS id LIMIT $mostMade
  }
  RETURN collect(id) AS madeOf
}
CALL (l, used) {
  WITH l WHERE used > 0
  MATCH (l)<-[:HOLDS|HOLDS_INSIDE]-(h:Holding)<-[:FILLED]-(:Input)<-[i:OF]-(e:Event)
  WHERE i.role = 'input' AND e.retracted IS NULL AND h.from <= e.eventTime
    AND (h.dissolvedAt IS NULL OR e.eventTime <= h.dissolvedAt)
  WITH DISTINCT e LIMIT $mostMade
  ${outputs}
  RETURN collect(DISTINCT id) AS madeOfBoxes
}
CALL (l) {
  MATCH (l)<-[c:CLAIMED]-(p:Package)
  WITH p, min(c.eventId) AS eventId LIMIT $mostClaims
  RETURN collect({k: p.k, lot: p.lot, container: p:Container, eventId: eventId,
    claimed: COLLECT { MATCH (p)-[:CLAIMED]->(other:Lot) RETURN DISTINCT other.id ORDER BY other.id }}) AS claims
}
CALL (lot) {
  MATCH (c:Container) WHERE c.lot = lot
  WITH c LIMIT $mostContainers
  RETURN collect(c.k) AS containers
}
RETURN collect({lot: lot, madeInto: madeOf + [id IN madeOfBoxes WHERE NOT id IN madeOf], claims: claims, containers: containers,
  known: EXISTS { (l)<-[:HOLDS|HOLDS_INSIDE]-(:Holding) } OR EXISTS { (l)-[:MADE_FROM]-(:Lot) } OR
    EXISTS { MATCH (l)<-[:OF_QUANTITY|OF_CLASS]-(e:Event) WHERE e.retracted IS NULL }}) AS probes`;

/**
 * The same for a partner, who is told of a lot only what it sees: that it has units of it (the lots `shown`) or sees an event that names it.
 * Packages with several lots are still to be cut to those that it sees.
 */
export const PROBES_SEEN = fragment`
UNWIND $probed AS lot
OPTIONAL MATCH (l:Lot {id: lot})
CALL (l) {
  MATCH (l)<-[c:CLAIMED]-(p:Unit)
  WITH p, collect(c.eventId) AS stating LIMIT $mostClaims
  RETURN collect({k: p.k, lot: p.lot, container: false,
    eventId: head(COLLECT {
      UNWIND stating AS one
      MATCH (e:Event {id: one})-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND coalesce(p.k IN s.names, true)
      RETURN one ORDER BY one LIMIT 1 }),
    claimed: COLLECT { MATCH (p)-[:CLAIMED]->(other:Lot) RETURN DISTINCT other.id ORDER BY other.id }}) AS claims
}
RETURN collect({lot: lot, madeInto: [], claims: claims, containers: [],
  known: lot IN shown OR ${isLotNamed(fragment`l`)}}) AS probes`;

/** The limits of {@link PROBES_OF_LOTS}. */
export const PROBE_LIMITS = {
  mostMade: int(MAX_MADE_INTO),
  mostClaims: int(MAX_CLAIMS),
  mostContainers: int(MAX_CONTAINERS_OF_LOT),
};

/** What a partner sees that was made, by an event `e` of which it sees an input, and by the events joined with it. */
function madeSeen(inputs: CypherFragment): CypherFragment {
  return fragment`
${inputs}
WITH DISTINCT source, e
${joined}
MATCH (one)-[s:SEEN_BY]->(one) WHERE s.p = $viewer
CALL (one, s) {
  MATCH (one)-[o:OF]->(p:Package) WHERE ${isOutput} AND coalesce(p.k IN s.names, true)
  OPTIONAL MATCH (l:Lot {id: p.lot}) WHERE l.lot IS NOT NULL
  RETURN DISTINCT l.id AS lot, CASE WHEN l IS NULL THEN p.k END AS unit, l IS NULL AND p:Container AS container
  UNION
  MATCH (one)-[c:OF_QUANTITY]->(l:Lot) WHERE s.whole AND ${isOutputLot} AND l.lot IS NOT NULL
  RETURN l.id AS lot, null AS unit, false AS container
}
RETURN DISTINCT source, lot, unit, container, one.id AS eventId ORDER BY eventId`;
}

const LOT_PROBES = cypher.events<{ probes: LotProbe[] }>('recall.lotProbes', {
  partner: fragment`
OPTIONAL MATCH ()-[s:SHOWS]->()
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot IN $probed
WITH collect(DISTINCT s.lot) AS shown
CALL (shown) { ${PROBES_SEEN} }
RETURN probes`,
})`${PROBES_OF_LOTS}`;

// A partner sees when a lot was made as master data or the events that it sees say.
const LOTS_OF_PRODUCT = cypher.packages<ProductLot>('recall.lotsOfProduct', {
  partner: fragment`
CALL () {
  MATCH ()-[s:SHOWS]->(l:Lot)
  USING INDEX s:SHOWS(p, lot)
  WHERE s.p = $viewer AND s.lot STARTS WITH '01/' + $gtin + '/10/'
  RETURN DISTINCT l
  UNION
  UNWIND $sentOn AS id
  MATCH (l:Lot {id: id})
  RETURN l
}
CALL (l) {
  WITH l WHERE l.madeAt IS NULL
  MATCH (l)<-[c:OF_CLASS]-(e:Event) WHERE c.role = 'ilmd' AND e.retracted IS NULL AND ${seesClass(fragment`e`, fragment`c`)}
  RETURN min(e.eventTime) AS first, max(e.eventTime) AS last
  UNION ALL
  WITH l WHERE l.madeAt IS NOT NULL
  RETURN min(l.madeAt) AS first, max(l.madeAt) AS last
}
RETURN l.id AS id, min(first) AS from, max(last) AS until
ORDER BY id`,
})`
MATCH (l:Lot) WHERE l.gtin = $gtin AND l.lot IS NOT NULL
CALL (l) {
  WITH l WHERE l.madeAt IS NULL
  MATCH (l)<-[c:OF_CLASS]-(e:Event) WHERE c.role = 'ilmd' AND coalesce(e.retracted, false) = false
  RETURN min(e.eventTime) AS first, max(e.eventTime) AS last
  UNION ALL
  WITH l WHERE l.madeAt IS NOT NULL
  RETURN min(l.madeAt) AS first, max(l.madeAt) AS last
}
RETURN l.id AS id, min(first) AS from, max(last) AS until
ORDER BY id`;

const KNOWN_PACKAGES = cypher.packages<{
  k: string;
  lot: string | null;
  container: boolean | null;
}>('recall.knownPackages', { limited: 'readKnownPackages asks only for packages that are seen' })`
UNWIND $keys AS k
OPTIONAL MATCH (p:Package {k: k}) WHERE EXISTS { (p)-[:IN|STAY]->() }
RETURN k, p.lot AS lot, p:Container AS container`;

const SERIAL_SPAN = cypher.packages<{ k: string; lot: string | null; container: boolean }>(
  'recall.serialSpan',
)`
MATCH (p:Package) WHERE p.k >= $from AND p.k <= $until AND ($length IS NULL OR size(p.k) = $length)
  AND EXISTS { (p)-[:IN|STAY]->() }
RETURN p.k AS k, p.lot AS lot, p:Container AS container
LIMIT $limit`;

// What was made from a lot, whether the lot was an input by class, or was in an input container by class or by serials. An output is given
// by its lot, or by its serial when it has none. The events of one transformationID share their inputs and outputs. The lot of such an
// output has both ids as its reason: the event comes first, so that it can be looked up.
const MADE_FROM_LOTS = cypher.events<MadeRow>('recall.madeFromLots', {
  partner: madeSeen(fragment`
UNWIND $lots AS source
MATCH (l:Lot {id: source})
CALL (l) {
  MATCH (l)<-[m:MADE_FROM]-()
  MATCH (e:Event {id: m.eventId})-[s:SEEN_BY]->(e)
  WHERE s.p = $viewer AND EXISTS {
    MATCH (e)-[:OF {role: 'input'}]->(put:Package) WHERE put.lot = l.id AND coalesce(put.k IN s.names, true) }
  RETURN e
  UNION
  MATCH (l)<-[c:OF_QUANTITY]-(e:Event)-[s:SEEN_BY]->(e)
  WHERE c.role = 'inputQuantity' AND s.p = $viewer AND s.whole
  RETURN e
}
WITH source, e WHERE e.retracted IS NULL`),
})`
UNWIND $lots AS source
MATCH (l:Lot {id: source})
CALL (l) {
  MATCH (l)<-[m:MADE_FROM]-(made:Lot)
  RETURN made, m.eventId AS eventId
  UNION
  MATCH (l)<-[:MADE_FROM]-(e:Event)
  RETURN null AS made, e.id AS eventId
  UNION
  MATCH (l)<-[c:OF_QUANTITY]-(e:Event)
  WHERE c.role = 'inputQuantity' AND coalesce(e.retracted, false) = false
  RETURN null AS made, e.id AS eventId
  UNION
  MATCH (l)<-[c:OF_QUANTITY]-(put:Event)-[of:OF]->(p:Package)<-[i:OF]-(e:Event)
  WHERE c.role = 'childQuantity' AND of.role = 'parent' AND i.role = 'input' AND put.action = 'ADD'
    AND put.retracted IS NULL AND e.retracted IS NULL AND put.eventTime <= e.eventTime
    AND NOT EXISTS { MATCH (p)-[:FILLED]->(f:Holding) WHERE put.eventTime < f.dissolvedAt AND f.dissolvedAt < e.eventTime }
  RETURN null AS made, e.id AS eventId
  UNION
  MATCH (l)<-[:HOLDS|HOLDS_INSIDE]-(h:Holding) WHERE h.box IS NOT NULL
  MATCH (:Package {k: h.box})<-[i:OF]-(e:Event)
  WHERE i.role = 'input' AND e.retracted IS NULL AND h.from <= e.eventTime
    AND (h.dissolvedAt IS NULL OR e.eventTime <= h.dissolvedAt)
  RETURN null AS made, e.id AS eventId
}
WITH source, made, eventId
CALL (made, eventId) {
  WITH made WHERE made.lot IS NOT NULL
  RETURN made.id AS lot, null AS unit, false AS container
  UNION
  WITH made, eventId WHERE made IS NULL OR made.lot IS NULL
  MATCH (e:Event {id: eventId})
  ${madeOut}
  RETURN lot, unit, container
}
WITH DISTINCT source, lot, unit, container, eventId
RETURN source, lot, unit, container, eventId ORDER BY EXISTS { (:Event {id: eventId}) } DESC, eventId`;

const MADE_FROM_PACKAGES = cypher.events<MadeRow>('recall.madeFromPackages', {
  partner: madeSeen(fragment`
UNWIND $keys AS source
MATCH (:Package {k: source})<-[i:OF]-(e:Event)
WHERE i.role = 'input' AND e.retracted IS NULL
MATCH (e)-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND coalesce(source IN s.names, true)`),
})`
UNWIND $keys AS source
MATCH (:Package {k: source})<-[i:OF]-(e:Event)
WHERE i.role = 'input' AND coalesce(e.retracted, false) = false
${madeOut}
RETURN DISTINCT source, lot, unit, container, one.id AS eventId`;

const FILLINGS = cypher.packages<Span & { at: number }>('recall.fillings', {
  limited: 'what followMembers finds for a partner is cut to what it sees',
})`
UNWIND $spans AS span
MATCH (:Package {k: span.id})-[:FILLED]->(f:Holding)
WHERE f.from <= span.until AND (f.dissolvedAt IS NULL OR f.dissolvedAt > span.from)
RETURN span.at AS at, f.id AS id, CASE WHEN f.from > span.from THEN f.from ELSE span.from END AS from,
  CASE WHEN f.dissolvedAt <= span.until THEN f.dissolvedAt - 1 ELSE span.until END AS until`;

// An ended unit stays in its DISPOSED holding forever. It was at the site only if it ended there within the span.
const MEMBERS = cypher.packages<MemberRow>('recall.members', {
  limited: 'what followMembers finds for a partner is cut to what it sees',
})`
UNWIND $spans AS span
MATCH (h:Holding {id: span.id})<-[i:IN]-(p:Package)
WHERE i.from <= span.until AND (i.to IS NULL OR i.to > span.from)
  AND (h.kind <> 'DISPOSED' OR i.from >= span.from)
RETURN span.at AS at, p.k AS id, p.lot AS lot, p:Container AS container,
  CASE WHEN i.from > span.from THEN i.from ELSE span.from END AS from,
  CASE WHEN i.to <= span.until THEN i.to - 1 ELSE span.until END AS until`;

// The package was an input itself, or was inside of one.
const MADE_INTO = cypher.events<{ id: string }>('recall.packagesMadeInto')`
UNWIND $keys AS k
MATCH (asked:Package {k: k})
CALL (asked) {
  MATCH (asked)<-[i:OF]-(e:Event) WHERE i.role = 'input' AND e.retracted IS NULL
  RETURN e
  UNION
  MATCH (asked) (()-[in:IN]->(:Holding)<-[:FILLED]-(:Container)){1,4} (:Input)<-[i:OF]-(e:Event)
  WHERE i.role = 'input' AND e.retracted IS NULL
    AND all(one IN in WHERE one.from <= e.eventTime AND (one.to IS NULL OR e.eventTime <= one.to))
  RETURN e
}
${outputs}
RETURN DISTINCT id ORDER BY id LIMIT $limit`;

const SILENT = cypher.packages<{ k: string }>('recall.silentContainers')`
UNWIND $keys AS k
MATCH (c:Package {k: k})
WHERE NOT EXISTS { (c)-[:FILLED]->(:Holding)<-[:IN]-() }
  AND NOT EXISTS {
    MATCH (c)<-[of:OF]-(e:Event)-[part:OF_QUANTITY]->(:Lot)
    WHERE of.role = 'parent' AND part.role = 'childQuantity' AND e.retracted IS NULL
  }
RETURN k ORDER BY k`;

/** What is known of these lots, in their order. */
export async function readLotProbes(view: View, lots: readonly string[]): Promise<LotProbe[]> {
  if (lots.length === 0) return [];
  const [row] = await view.read(LOT_PROBES, { probed: lots, ...PROBE_LIMITS });
  return row?.probes ?? [];
}

/**
 * The lots of a product and when they were made: `madeAt`, or the first and last commissioning.
 *
 * @param sentOn for partners, lots of which they sent units on
 */
export function readLotsOfProduct(
  view: View,
  gtin: string,
  sentOn: readonly string[] = [],
): Promise<ProductLot[]> {
  return view.read(LOTS_OF_PRODUCT, isPartner(view) ? { gtin, sentOn } : { gtin });
}

/** Packages by key; `container` is null when no event in force ever named it, and for a partner when it never saw it. */
export async function readKnownPackages(
  view: View,
  keys: readonly string[],
): Promise<{ k: string; lot: string | null; container: boolean | null }[]> {
  if (keys.length === 0) return [];
  const seen = isPartner(view) ? await keepKnown(view, keys) : keys;
  const found = await view.read(KNOWN_PACKAGES, { keys: seen });
  const never = keys.filter((k) => !seen.includes(k));
  return [...found, ...never.map((k) => ({ k, lot: null, container: null }))];
}

/** Those of the packages that a partner sees or saw. */
async function keepKnown(view: View, keys: readonly string[]): Promise<string[]> {
  const points = keys.map((key) => ({ key, at: NOW }));
  const history = await readSeenHistory(view, points);
  return keys.filter((key) => history.isKnown(key));
}

/** Packages whose key is in a span, at most `limit`. Packages that only events declared in error named are left out. */
export function readSerialSpan(
  view: View,
  span: SerialSpan,
  limit: number,
): Promise<{ k: string; lot: string | null; container: boolean }[]> {
  const length = span.length === null ? null : int(span.length);
  const params = { from: span.from, until: span.until, length, limit: int(limit) };
  return view.read(SERIAL_SPAN, params);
}

/** What was made from these lots in one step. */
export function readMadeFromLots(view: View, lots: readonly string[]): Promise<MadeRow[]> {
  return lots.length === 0 ? Promise.resolve([]) : view.read(MADE_FROM_LOTS, { lots });
}

/** What was made from these packages in one step. */
export function readMadeFromPackages(view: View, keys: readonly string[]): Promise<MadeRow[]> {
  return keys.length === 0 ? Promise.resolve([]) : view.read(MADE_FROM_PACKAGES, { keys });
}

/** The fillings that containers had during their spans. */
export function readFillings(
  view: View,
  spans: readonly Span[],
): Promise<(Span & { at: number })[]> {
  return spans.length === 0
    ? Promise.resolve([])
    : view.read(FILLINGS, { spans: spans.map(toParams) });
}

/** What was in holdings during their spans. */
export function readMembers(view: View, spans: readonly Span[]): Promise<MemberRow[]> {
  return spans.length === 0
    ? Promise.resolve([])
    : view.read(MEMBERS, { spans: spans.map(toParams) });
}

function toParams(span: Span, at: number): Record<string, unknown> {
  return { at: int(at), id: span.id, from: int(span.from), until: int(span.until) };
}

/** The containers among these whose contents no event ever reported. */
export async function readSilentContainers(view: View, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  return (await view.read(SILENT, { keys })).map(({ k }) => k);
}

/** Some of the lots and packages that were made from these packages. */
export async function readPackagesMadeInto(view: View, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await view.read(MADE_INTO, { keys, limit: int(MAX_MADE_INTO) });
  return rows.map(({ id }) => id);
}
