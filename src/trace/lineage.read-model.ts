import { eventOf, isLotNamed, isLotShown, seesClass, sighted } from '../access/sighted.js';
import type { Sight } from '../access/sighted.js';
import { isJoined, mayBegin, noStanding } from '../access/standing.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import {
  readClassContents,
  readContainment,
  readSight,
  seesEmptying,
} from './lineage-containment.read-model.js';
import { ROW_LIMIT, hulls, toWindow } from './lineage-window.read-model.js';
import { MAX_NODES, kindOfLot } from './lineage.rules.js';
import type {
  LineageLink,
  LineageNode,
  LineageNodeKind,
  LineageState,
  LineageWay,
} from './lineage.rules.js';

interface StoredTransformation {
  readonly of: string;
  readonly other: string;
  readonly kind: LineageNodeKind;
  /** When the neighbour was an input or an output. */
  readonly t: number;
  /** The event that made the output. */
  readonly eventId: string;
  readonly madeAt: number;
}

const active = fragment`coalesce(e.retracted, false) = false`;

/** Of a package that an event names: what it is. Who only claims it does not learn that. */
const kindOfPackage = ({ only }: Sight, event: CypherFragment): CypherFragment =>
  fragment`CASE WHEN p:Container${only(fragment` AND NOT ${isClaimed(event)}`)} THEN 'CONTAINER' ELSE 'UNIT' END`;

function isClaimed(event: CypherFragment): CypherFragment {
  return noStanding({
    id: fragment`${event}.id`,
    at: fragment`${event}.eventTime`,
    key: fragment`p.k`,
  });
}

/** `AND` a condition: who asks sees that an event names a class by the relationship. */
const names = ({ only }: Sight, event: CypherFragment, by: CypherFragment): CypherFragment =>
  only(fragment`AND ${seesClass(event, by)}`);

/** Event `put` packed lot `l` by class into container `c`, and nothing emptied the container before `used`. */
const stillHeld = (sight: Sight, used: CypherFragment): CypherFragment => fragment`
  of.role = 'parent' AND q.role = 'childQuantity' AND put.action = 'ADD' AND put.retracted IS NULL
  AND put.eventTime <= ${used}.eventTime ${names(sight, fragment`put`, fragment`q`)} ${sight.sees(used, fragment`c.k`)}
  AND NOT EXISTS { MATCH (c)-[:FILLED]->(f:Holding)
    WHERE put.eventTime < f.dissolvedAt AND f.dissolvedAt < ${used}.eventTime ${seesEmptying(sight, fragment`f`)} }`;

const OUTPUTS = sighted<StoredTransformation>(
  'events',
  'trace.outputs',
  (sight) => fragment`
UNWIND $windows AS w
CALL (w) {
  MATCH (:Package {k: w.key})<-[:OF {role: 'input'}]-(e:Event) WHERE true ${sight.sees(fragment`e`, fragment`w.key`)} RETURN e
  UNION
  MATCH (:Lot {id: w.key})<-[q:OF_QUANTITY {role: 'inputQuantity'}]-(e:Event) WHERE true ${names(sight, fragment`e`, fragment`q`)} RETURN e
  UNION
  WITH w WHERE NOT w.part
  MATCH (:Lot {id: w.key})<-[q:OF_QUANTITY]-(put${eventOf(sight)})-[of:OF]->(c:Package)<-[:OF {role: 'input'}]-(e:Event)
  WHERE ${stillHeld(sight, fragment`e`)}
  RETURN e
}
WITH w, e WHERE ${active} AND w.from <= e.eventTime
CALL (e) {
  RETURN e AS out
  UNION
  MATCH (e)-[:PART_OF]->(:Transformation)<-[:PART_OF]-(out:Event)
  WHERE coalesce(out.retracted, false) = false AND ${isJoined(fragment`e`, fragment`out`)}
  RETURN out
}
CALL (out) {
  MATCH (out)-[:OF {role: 'output'}]->(p:Package) WHERE ${mayBegin(fragment`out`, fragment`p.k`)} ${sight.sees(fragment`out`, fragment`p.k`)}
  RETURN p.k AS other, ${kindOfPackage(sight, fragment`out`)} AS kind
  UNION
  MATCH (out)-[q:OF_QUANTITY {role: 'outputQuantity'}]->(l:Lot) WHERE ${mayBegin(fragment`out`, fragment`l.id`)} ${names(sight, fragment`out`, fragment`q`)}
  RETURN l.id AS other, 'LOT' AS kind
}
RETURN DISTINCT w.key AS of, other, kind, out.eventTime AS t, out.id AS eventId, out.eventTime AS madeAt
ORDER BY t, eventId, other LIMIT $limit`,
);

// The inputs of a lot are given as lots where they have one. The lot's own units lead to the input units.
const INPUTS = sighted<StoredTransformation>(
  'events',
  'trace.inputs',
  (sight) => fragment`
UNWIND $windows AS w
CALL (w) {
  MATCH (:Package {k: w.key})<-[:OF {role: 'output'}]-(e:Event) WHERE ${mayBegin(fragment`e`, fragment`w.key`)} ${sight.sees(fragment`e`, fragment`w.key`)}
  RETURN e, false AS ofLot
  UNION
  MATCH (:Lot {id: w.key})<-[out:OF_CLASS|OF_QUANTITY]-(e:Event)
  WHERE e.type = 'TransformationEvent' AND out.role IN ['outputQuantity', 'ilmd']
    AND ${mayBegin(fragment`e`, fragment`w.key`)} ${names(sight, fragment`e`, fragment`out`)}
  RETURN e, true AS ofLot
}
WITH w, e, ofLot WHERE ${active} AND e.eventTime < w.to
CALL (e) {
  RETURN e AS source
  UNION
  MATCH (e)-[:PART_OF]->(:Transformation)<-[:PART_OF]-(source:Event)
  WHERE coalesce(source.retracted, false) = false AND ${isJoined(fragment`source`, fragment`e`)}
  RETURN source
}
CALL (source, ofLot) {
  MATCH (source)-[:OF {role: 'input'}]->(p:Package) WHERE true ${sight.sees(fragment`source`, fragment`p.k`)}
  WITH source, p, ofLot AND coalesce(p.lot, '?') <> '?'${sight.only(fragment` AND NOT ${isClaimed(fragment`source`)}`)} AS asLot
  RETURN CASE WHEN asLot THEN p.lot ELSE p.k END AS other,
    CASE WHEN asLot THEN 'LOT' ELSE ${kindOfPackage(sight, fragment`source`)} END AS kind
  UNION
  MATCH (source)-[q:OF_QUANTITY {role: 'inputQuantity'}]->(l:Lot) WHERE true ${names(sight, fragment`source`, fragment`q`)}
  RETURN l.id AS other, 'LOT' AS kind
  UNION
  MATCH (source)-[:OF {role: 'input'}]->(c:Package)<-[of:OF]-(put${eventOf(sight)})-[q:OF_QUANTITY]->(l:Lot)
  WHERE ${stillHeld(sight, fragment`source`)}
  RETURN l.id AS other, 'LOT' AS kind
}
RETURN DISTINCT w.key AS of, other, kind, source.eventTime AS t, e.id AS eventId, e.eventTime AS madeAt
ORDER BY t, eventId, other LIMIT $limit`,
);

interface StoredMaking {
  readonly of: string;
  readonly other: string;
  readonly eventId: string | null;
  readonly madeAt: number | null;
}

// A partner sees all that went into a lot, and all that was made of it, only in an event that it sees whole, and that names what was made:
// the id of the making may be a transformationID, and a sender may have taken the id of somebody's event for one.
const seesMaking = ({ only }: Sight, made: CypherFragment): CypherFragment =>
  only(
    fragment`AND EXISTS { MATCH (e)-[s:SEEN_BY]->(e)-[:OF_CLASS|OF_QUANTITY]->(:Lot {id: ${made}}) WHERE s.p = $viewer AND s.whole }`,
  );

const MADE_OF = sighted<StoredMaking>(
  'events',
  'trace.lots-made-of',
  (sight) => fragment`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[made:MADE_FROM]-(other:Lot)
OPTIONAL MATCH (e:Event {id: made.eventId})
WITH lot, made, other, e WHERE ${active} ${seesMaking(sight, fragment`other.id`)}
RETURN lot AS of, other.id AS other, made.eventId AS eventId, e.eventTime AS madeAt
ORDER BY madeAt, other LIMIT $limit`,
);

const MADE_FROM = sighted<StoredMaking>(
  'events',
  'trace.lots-made-from',
  (sight) => fragment`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})-[made:MADE_FROM]->(other:Lot)
OPTIONAL MATCH (e:Event {id: made.eventId})
WITH lot, made, other, e WHERE ${active} ${seesMaking(sight, fragment`lot`)}
RETURN lot AS of, other.id AS other, made.eventId AS eventId, e.eventTime AS madeAt
ORDER BY madeAt, other LIMIT $limit`,
);

interface StoredLotLink {
  readonly of: string;
  readonly other: string;
  readonly kind: LineageNodeKind;
}

// Of a lot, a partner asks for what stands where it sees units of it, and for what events name that it sees. The rest is cut later.
const PACKAGES_OF_LOTS = cypher.packages<StoredLotLink>('trace.packages-of-lots', {
  partner: fragment`
UNWIND $lots AS lot
CALL (lot) {
  MATCH (top:Holding)-[s:SHOWS]->(:Lot) WHERE s.p = $viewer AND s.lot = lot
  MATCH (top) ((:Holding)<-[up:IN]-(:Container)-[:FILLED]->(f:Holding) WHERE up.to IS NULL AND f.dissolvedAt IS NULL){0,8} (h:Holding)
  CALL (h) {
    MATCH (h)<-[i:IN]-(p:Package) WHERE i.to IS NULL RETURN p
    UNION
    MATCH (h)<-[:FILLED]-(p:Package) RETURN p
  }
  WITH p WHERE p.lot = lot RETURN p LIMIT $limit
  UNION
  MATCH (:Lot {id: lot})<-[c:OF_CLASS]-(e:Event)-[:OF]->(p:Package)
  WHERE ${seesClass(fragment`e`, fragment`c`)} AND p.lot = lot
  RETURN p LIMIT $limit
}
RETURN DISTINCT lot AS of, p.k AS other, CASE WHEN p:Container THEN 'CONTAINER' ELSE 'UNIT' END AS kind
ORDER BY kind, other LIMIT $limit`,
})`
UNWIND $lots AS lot
CALL (lot) {
  MATCH (p:Container {lot: lot}) RETURN p.k AS other, 'CONTAINER' AS kind LIMIT $limit
  UNION ALL
  MATCH (p:Unit) WHERE p.lot = lot AND p.k IS NOT NULL
  RETURN p.k AS other, 'UNIT' AS kind ORDER BY p.lot, p.k LIMIT $limit
}
RETURN lot AS of, other, kind LIMIT $limit`;

const LOTS_OF_PACKAGES = cypher.packages<StoredLotLink>('trace.lots-of-packages', {
  limited: 'readLinks asks only for packages that are seen (SeenHistory)',
})`
UNWIND $keys AS key
MATCH (p:Package {k: key})
WHERE p.lot IS NOT NULL AND p.lot <> '?'
RETURN key AS of, p.lot AS other, 'LOT' AS kind`;

// '0' follows '/' in code order, so the range holds every `01/<gtin>/10/<lot>`.
const SHOWN_OF_PRODUCT = fragment`MATCH ()-[s:SHOWS]->(shown:Lot)
WHERE s.p = $viewer AND s.lot >= '01/' + $gtin + '/10/' AND s.lot < '01/' + $gtin + '/100'`;

const LOTS_OF_PRODUCT = cypher.packages<StoredLotLink>('trace.lots-of-product', {
  partner: fragment`
${SHOWN_OF_PRODUCT}
RETURN DISTINCT $key AS of, shown.id AS other, 'LOT' AS kind
ORDER BY other LIMIT $limit`,
})`
MATCH (l:Lot {gtin: $gtin})
WHERE l.lot IS NOT NULL
RETURN $key AS of, l.id AS other, 'LOT' AS kind
ORDER BY other LIMIT $limit`;

const START = cypher.packages<{ container: boolean | null; lot: boolean }>('trace.lineage-start', {
  partner: fragment`
OPTIONAL MATCH (p:Package {k: $key}) WHERE $seen
OPTIONAL MATCH (l:Lot {id: $key})
OPTIONAL MATCH (product:Product {gtin: $gtin}) WHERE product.registered
RETURN p:Container AS container, product IS NOT NULL
  OR ${isLotShown(fragment`$key`)}
  OR ${isLotNamed(fragment`l`)}
  OR EXISTS { ${SHOWN_OF_PRODUCT} } AS lot`,
})`
OPTIONAL MATCH (p:Package {k: $key})
OPTIONAL MATCH (l:Lot {id: $key})
OPTIONAL MATCH (product:Product {gtin: $gtin})
RETURN p:Container AS container,
       l IS NOT NULL OR product IS NOT NULL OR EXISTS { MATCH (:Lot {gtin: $gtin}) } AS lot`;

/** The node that a lineage starts from; null when nothing with that key is known. */
export async function readStart(view: View, key: string): Promise<LineageNode | null> {
  const gtin = /^01\/(\d{14})$/.exec(key)?.[1] ?? '';
  const history = await readSight(view, [key]);
  const seen = history?.isKnown(key) !== false;
  const [row] = await view.read(START, { key, gtin, seen });
  if (typeof row?.container === 'boolean')
    return { key, kind: row.container ? 'CONTAINER' : 'UNIT' };
  return row?.lot === true ? { key, kind: kindOfLot(key) } : null;
}

/**
 * The neighbours of a whole level in one direction, in a fixed number of statements, however many nodes the level has. Lots come first, so
 * a lineage cut by its size still has them.
 */
export async function readLinks(
  view: View,
  level: readonly LineageState[],
  way: LineageWay,
): Promise<LineageLink[]> {
  const packages = level.filter(({ kind }) => kind === 'UNIT' || kind === 'CONTAINER');
  const lots = level.filter(({ kind }) => kind === 'LOT' || kind === 'PRODUCT');
  const whole = lots.filter(({ part }) => part !== true);
  const sight = packages.length === 0 ? undefined : await readSight(view, keysOf(packages));
  const known = keysOf(packages).filter((key) => sight?.isKnown(key) !== false);
  const [made, transformed, ofLots, packed, held] = await Promise.all([
    readMakings(view, keysOf(lots), way),
    readTransformations(view, level, way),
    way === 'FORWARD' ? readPackagesOfLots(view, keysOf(whole)) : readLotsOf(view, known),
    readContainment(view, packages, { way, sight }),
    way === 'FORWARD' ? readClassContents(view, way, packages) : readClassContents(view, way, lots),
  ]);
  // A making joined by a transformationID has no event of its own. Drop it when the events show the same edge.
  const told = new Set(transformed.map(pairOf));
  const makingsLeft = made.filter((link) => link.edge.since !== null || !told.has(pairOf(link)));
  return [...makingsLeft, ...transformed, ...held, ...ofLots, ...packed];
}

function pairOf({ edge }: LineageLink): string {
  return `${edge.from} ${edge.to}`;
}

/** The lots of a product, when a lineage starts from one. */
export async function readLotsOfProduct(view: View, key: string): Promise<LineageLink[]> {
  const params = { key, gtin: key.slice(3), limit: int(MAX_NODES + 1) };
  const rows = await view.read(LOTS_OF_PRODUCT, params);
  return rows.map((row) => lotLink(row, row.of, row.other));
}

async function readTransformations(
  view: View,
  level: readonly LineageState[],
  way: LineageWay,
): Promise<LineageLink[]> {
  const statement = way === 'FORWARD' ? OUTPUTS : INPUTS;
  const rows = await view.read(statement, {
    windows: hulls(level).map(toWindow),
    limit: ROW_LIMIT,
  });
  return rows.map(({ of, other, kind, t, eventId, madeAt }) => {
    const [from, to] = way === 'FORWARD' ? [of, other] : [other, of];
    const edge = { from, to, since: madeAt, until: null, eventId, kind: 'TRANSFORMATION' } as const;
    const node = { key: other, kind: kind === 'LOT' ? kindOfLot(other) : kind };
    return { of, node, edge, from: t, to: t + 1 };
  });
}

async function readMakings(
  view: View,
  lots: readonly string[],
  way: LineageWay,
): Promise<LineageLink[]> {
  if (lots.length === 0) return [];
  const rows = await view.read(way === 'FORWARD' ? MADE_OF : MADE_FROM, { lots, limit: ROW_LIMIT });
  return rows.map(({ of, other, eventId, madeAt }) => {
    const [from, to] = way === 'FORWARD' ? [of, other] : [other, of];
    const edge = { from, to, since: madeAt, until: null, eventId, kind: 'TRANSFORMATION' } as const;
    const node = { key: other, kind: kindOfLot(other) };
    return { of, node, edge, from: -Infinity, to: Infinity };
  });
}

async function readPackagesOfLots(view: View, lots: readonly string[]): Promise<LineageLink[]> {
  if (lots.length === 0) return [];
  const params = { lots, limit: int(MAX_NODES + 1) };
  const rows = await view.read(PACKAGES_OF_LOTS, params);
  const sight = await readSight(
    view,
    rows.map(({ other }) => other),
  );
  const seen = rows.filter(({ other }) => sight?.isKnown(other) !== false);
  return seen.map((row) => lotLink(row, row.of, row.other));
}

async function readLotsOf(view: View, keys: readonly string[]): Promise<LineageLink[]> {
  if (keys.length === 0) return [];
  const rows = await view.read(LOTS_OF_PACKAGES, { keys });
  return rows.map((row) => lotLink(row, row.other, row.of));
}

function lotLink({ of, other, kind }: StoredLotLink, from: string, to: string): LineageLink {
  const edge = { from, to, kind: 'LOT', since: null, until: null, eventId: null } as const;
  const node = { key: other, kind: kind === 'LOT' ? kindOfLot(other) : kind };
  return { of, node, edge, from: -Infinity, to: Infinity };
}

function keysOf(level: readonly LineageState[]): string[] {
  return [...new Set(level.map(({ key }) => key))];
}
