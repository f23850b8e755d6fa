import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { boundsOf } from '../holdings/whereabouts.read-model.js';
import { joined } from '../holdings/touching.rules.js';
import type { Membership } from '../holdings/touching.rules.js';
import { MAX_EDGES, MAX_NODES } from './lineage.rules.js';
import type {
  LineageLink,
  LineageNode,
  LineageNodeKind,
  LineageState,
  LineageWay,
} from './lineage.rules.js';

interface StoredMembership extends Membership {
  readonly member: string;
  readonly container: boolean;
}

// A window spans all times asked for. A membership outside the window is dropped here; one outside the time of its own path is dropped
// later.
const MEMBERS = cypher.packages<StoredMembership>('trace.members')`
UNWIND $windows AS w
MATCH (:Package {k: w.key})-[:FILLED]->(h:Holding)<-[i:IN]-(m:Package)
WHERE i.from < w.to AND (i.to IS NULL OR w.from < i.to)
  AND (h.dissolvedAt IS NULL OR (w.from < h.dissolvedAt AND i.from < h.dissolvedAt))
RETURN m.k AS member, m:Container AS container, w.key AS box, h.id AS holding, i.from AS from, i.to AS to,
       h.dissolvedAt AS dissolvedAt, h.endedBy AS endedBy
ORDER BY from, member LIMIT $limit`;

const CONTAINERS = cypher.packages<StoredMembership>('trace.containers')`
UNWIND $windows AS w
MATCH (m:Package {k: w.key})-[i:IN]->(h:Holding)
WHERE h.kind = 'FILLING' AND i.from < w.to AND (i.to IS NULL OR w.from < i.to)
  AND (h.dissolvedAt IS NULL OR (w.from < h.dissolvedAt AND i.from < h.dissolvedAt))
RETURN m.k AS member, m:Container AS container, h.box AS box, h.id AS holding, i.from AS from, i.to AS to,
       h.dissolvedAt AS dissolvedAt, h.endedBy AS endedBy
ORDER BY from, box LIMIT $limit`;

interface StoredClassContent {
  readonly of: string;
  readonly container: string;
  readonly lot: string;
  readonly from: number;
  /** When the container was emptied next. */
  readonly until: number | null;
  readonly eventId: string;
}

/** A lot that event `e` packed by class into container `c`, until that container was emptied. */
const classContent = fragment`
WHERE o.role = 'parent' AND q.role = 'childQuantity' AND e.type = 'AggregationEvent' AND e.action = 'ADD'
  AND e.retracted IS NULL AND e.eventTime < w.to
CALL (c, e) {
  OPTIONAL MATCH (c)-[:FILLED]->(h:Holding) WHERE h.dissolvedAt > e.eventTime
  RETURN min(h.dissolvedAt) AS until
}
WITH w, c, e, l, until WHERE until IS NULL OR w.from < until
RETURN w.key AS of, c.k AS container, l.id AS lot, e.eventTime AS from, until, e.id AS eventId
ORDER BY from, container, lot LIMIT $limit`;

const CLASSES_IN = cypher.events<StoredClassContent>('trace.classes-in')`
UNWIND $windows AS w
MATCH (c:Package {k: w.key})<-[o:OF]-(e:Event)-[q:OF_QUANTITY]->(l:Lot)
${classContent}`;

const HOLDERS_OF_CLASS = cypher.events<StoredClassContent>('trace.holders-of-class')`
UNWIND $windows AS w
MATCH (l:Lot {id: w.key})<-[q:OF_QUANTITY]-(e:Event)-[o:OF]->(c:Package)
${classContent}`;

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
const kindOfPackage = fragment`CASE WHEN p:Container THEN 'CONTAINER' ELSE 'UNIT' END`;

/** Event `put` packed lot `l` by class into container `c`, and nothing emptied the container before `used`. */
const stillHeld = (used: CypherFragment): CypherFragment => fragment`
  of.role = 'parent' AND q.role = 'childQuantity' AND put.action = 'ADD' AND put.retracted IS NULL
  AND put.eventTime <= ${used}.eventTime
  AND NOT EXISTS { MATCH (c)-[:FILLED]->(f:Holding) WHERE put.eventTime < f.dissolvedAt AND f.dissolvedAt < ${used}.eventTime }`;

const OUTPUTS = cypher.events<StoredTransformation>('trace.outputs')`
UNWIND $windows AS w
CALL (w) {
  MATCH (:Package {k: w.key})<-[:OF {role: 'input'}]-(e:Event) RETURN e
  UNION
  MATCH (:Lot {id: w.key})<-[:OF_QUANTITY {role: 'inputQuantity'}]-(e:Event) RETURN e
  UNION
  WITH w WHERE NOT w.part
  MATCH (:Lot {id: w.key})<-[q:OF_QUANTITY]-(put:Event)-[of:OF]->(c:Package)<-[:OF {role: 'input'}]-(e:Event)
  WHERE ${stillHeld(fragment`e`)}
  RETURN e
}
WITH w, e WHERE ${active} AND w.from <= e.eventTime
CALL (e) {
  RETURN e AS out
  UNION
  MATCH (e)-[:PART_OF]->(:Transformation)<-[:PART_OF]-(out:Event)
  WHERE coalesce(out.retracted, false) = false
  RETURN out
}
CALL (out) {
  MATCH (out)-[:OF {role: 'output'}]->(p:Package) RETURN p.k AS other, ${kindOfPackage} AS kind
  UNION
  MATCH (out)-[:OF_QUANTITY {role: 'outputQuantity'}]->(l:Lot) RETURN l.id AS other, 'LOT' AS kind
}
RETURN DISTINCT w.key AS of, other, kind, out.eventTime AS t, out.id AS eventId, out.eventTime AS madeAt
ORDER BY t, eventId, other LIMIT $limit`;

// The inputs of a lot are given as lots where they have one. The lot's own units lead to the input units.
const INPUTS = cypher.events<StoredTransformation>('trace.inputs')`
UNWIND $windows AS w
CALL (w) {
  MATCH (:Package {k: w.key})<-[:OF {role: 'output'}]-(e:Event) RETURN e, false AS ofLot
  UNION
  MATCH (:Lot {id: w.key})<-[out:OF_CLASS|OF_QUANTITY]-(e:Event)
  WHERE e.type = 'TransformationEvent' AND out.role IN ['outputQuantity', 'ilmd']
  RETURN e, true AS ofLot
}
WITH w, e, ofLot WHERE ${active} AND e.eventTime < w.to
CALL (e) {
  RETURN e AS source
  UNION
  MATCH (e)-[:PART_OF]->(:Transformation)<-[:PART_OF]-(source:Event)
  WHERE coalesce(source.retracted, false) = false
  RETURN source
}
CALL (source, ofLot) {
  MATCH (source)-[:OF {role: 'input'}]->(p:Package)
  WITH p, ofLot AND coalesce(p.lot, '?') <> '?' AS asLot
  RETURN CASE WHEN asLot THEN p.lot ELSE p.k END AS other, CASE WHEN asLot THEN 'LOT' ELSE ${kindOfPackage} END AS kind
  UNION
  MATCH (source)-[:OF_QUANTITY {role: 'inputQuantity'}]->(l:Lot) RETURN l.id AS other, 'LOT' AS kind
  UNION
  MATCH (source)-[:OF {role: 'input'}]->(c:Package)<-[of:OF]-(put:Event)-[q:OF_QUANTITY]->(l:Lot)
  WHERE ${stillHeld(fragment`source`)}
  RETURN l.id AS other, 'LOT' AS kind
}
RETURN DISTINCT w.key AS of, other, kind, source.eventTime AS t, e.id AS eventId, e.eventTime AS madeAt
ORDER BY t, eventId, other LIMIT $limit`;

interface StoredMaking {
  readonly of: string;
  readonly other: string;
  readonly eventId: string | null;
  readonly madeAt: number | null;
}

const MADE_OF = cypher.events<StoredMaking>('trace.lots-made-of')`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[made:MADE_FROM]-(other:Lot)
OPTIONAL MATCH (e:Event {id: made.eventId})
WITH lot, made, other, e WHERE ${active}
RETURN lot AS of, other.id AS other, made.eventId AS eventId, e.eventTime AS madeAt
ORDER BY madeAt, other LIMIT $limit`;

const MADE_FROM = cypher.events<StoredMaking>('trace.lots-made-from')`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})-[made:MADE_FROM]->(other:Lot)
OPTIONAL MATCH (e:Event {id: made.eventId})
WITH lot, made, other, e WHERE ${active}
RETURN lot AS of, other.id AS other, made.eventId AS eventId, e.eventTime AS madeAt
ORDER BY madeAt, other LIMIT $limit`;

interface StoredLotLink {
  readonly of: string;
  readonly other: string;
  readonly kind: LineageNodeKind;
}

const PACKAGES_OF_LOTS = cypher.packages<StoredLotLink>('trace.packages-of-lots')`
UNWIND $lots AS lot
CALL (lot) {
  MATCH (p:Container {lot: lot}) RETURN p.k AS other, 'CONTAINER' AS kind LIMIT $limit
  UNION ALL
  MATCH (p:Unit) WHERE p.lot = lot AND p.k IS NOT NULL
  RETURN p.k AS other, 'UNIT' AS kind ORDER BY p.lot, p.k LIMIT $limit
}
RETURN lot AS of, other, kind LIMIT $limit`;

const LOTS_OF_PACKAGES = cypher.packages<StoredLotLink>('trace.lots-of-packages')`
UNWIND $keys AS key
MATCH (p:Package {k: key})
WHERE p.lot IS NOT NULL AND p.lot <> '?'
RETURN key AS of, p.lot AS other, 'LOT' AS kind`;

const LOTS_OF_PRODUCT = cypher.packages<StoredLotLink>('trace.lots-of-product')`
MATCH (l:Lot {gtin: $gtin})
WHERE l.lot IS NOT NULL
RETURN $key AS of, l.id AS other, 'LOT' AS kind
ORDER BY other LIMIT $limit`;

const START = cypher.packages<{ container: boolean | null; lot: boolean }>('trace.lineage-start')`
OPTIONAL MATCH (p:Package {k: $key})
OPTIONAL MATCH (l:Lot {id: $key})
OPTIONAL MATCH (product:Product {gtin: $gtin})
RETURN p:Container AS container,
       l IS NOT NULL OR product IS NOT NULL OR EXISTS { MATCH (:Lot {gtin: $gtin}) } AS lot`;

/** The node that a lineage starts from; null when nothing with that key is known. */
export async function readStart(view: View, key: string): Promise<LineageNode | null> {
  const gtin = /^01\/(\d{14})$/.exec(key)?.[1] ?? '';
  const [row] = await view.read(START, { key, gtin });
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
  const [made, transformed, ofLots, packed, held] = await Promise.all([
    readMakings(view, keysOf(lots), way),
    readTransformations(view, level, way),
    way === 'FORWARD'
      ? readPackagesOfLots(view, keysOf(whole))
      : readLotsOf(view, keysOf(packages)),
    readContainment(view, packages, way),
    way === 'FORWARD'
      ? readClassContents(view, CLASSES_IN, packages)
      : readClassContents(view, HOLDERS_OF_CLASS, lots),
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

const limit = int(MAX_EDGES + 1);

async function readContainment(
  view: View,
  level: readonly LineageState[],
  way: LineageWay,
): Promise<LineageLink[]> {
  const asked = way === 'FORWARD' ? level.filter(({ kind }) => kind === 'CONTAINER') : level;
  if (asked.length === 0) return [];
  const statement = way === 'FORWARD' ? MEMBERS : CONTAINERS;
  const rows = await view.read(statement, { windows: hulls(asked), limit });
  const containers = new Set(rows.flatMap((row) => (row.container ? row.member : [])));
  const byMember = new Map<string, StoredMembership[]>();
  for (const row of rows) byMember.set(row.member, [...(byMember.get(row.member) ?? []), row]);
  return [...byMember].flatMap(([member, memberships]) =>
    joined(memberships).map((membership) => {
      const kind = containers.has(member) ? 'CONTAINER' : 'UNIT';
      return way === 'FORWARD'
        ? packedLink(member, membership, membership.box, { key: member, kind })
        : packedLink(member, membership, member, { key: membership.box, kind: 'CONTAINER' });
    }),
  );
}

function packedLink(
  member: string,
  { box, from, to, dissolvedAt, endedBy }: Membership,
  of: string,
  node: LineageNode,
): LineageLink {
  const until = Math.min(to ?? Infinity, dissolvedAt ?? Infinity);
  const isOpen = until === Infinity;
  const eventId = until === dissolvedAt ? endedBy : null;
  const edge = { from: box, to: member, since: from, until: isOpen ? null : until, eventId };
  return { of, node, edge: { ...edge, kind: 'CONTAINMENT' }, from, to: until };
}

/** Forward, what containers hold by class; back, the containers that hold a lot by class. */
async function readClassContents(
  view: View,
  statement: typeof CLASSES_IN,
  level: readonly LineageState[],
): Promise<LineageLink[]> {
  if (level.length === 0) return [];
  const rows = await view.read(statement, { windows: hulls(level), limit });
  return rows.map(({ of, container, lot, from, until, eventId }) => {
    const edge = { from: container, to: lot, since: from, until, eventId };
    const node: LineageNode =
      of === container ? { key: lot, kind: kindOfLot(lot) } : { key: container, kind: 'CONTAINER' };
    return { of, node, edge: { ...edge, kind: 'CONTAINMENT' }, from, to: until ?? Infinity };
  });
}

async function readTransformations(
  view: View,
  level: readonly LineageState[],
  way: LineageWay,
): Promise<LineageLink[]> {
  const statement = way === 'FORWARD' ? OUTPUTS : INPUTS;
  const rows = await view.read(statement, { windows: hulls(level), limit });
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
  const rows = await view.read(way === 'FORWARD' ? MADE_OF : MADE_FROM, { lots, limit });
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
  return rows.map((row) => lotLink(row, row.of, row.other));
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

/** One window for each key, over all the times it was reached with. `part` is true when only a part of the lot was reached. */
function hulls(level: readonly LineageState[]): object[] {
  const windows = new Map<string, { from: number; to: number; part: boolean }>();
  for (const { key, from, to, part } of level) {
    const known = windows.get(key);
    windows.set(key, {
      from: Math.min(from, known?.from ?? from),
      to: Math.max(to, known?.to ?? to),
      part: part === true && known?.part !== false,
    });
  }
  return [...windows].map(([key, { part, ...window }]) => ({ key, part, ...boundsOf(window) }));
}

function keysOf(level: readonly LineageState[]): string[] {
  return [...new Set(level.map(({ key }) => key))];
}

function kindOfLot(id: string): LineageNodeKind {
  return id.includes('/10/') ? 'LOT' : 'PRODUCT';
}
