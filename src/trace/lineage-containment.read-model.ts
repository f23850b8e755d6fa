import { eventOf, seesClass, sighted } from '../access/sighted.js';
import type { Sight } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { fragment } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { NOW } from '../holdings/holding.js';
import type { SeenHistory } from '../holdings/seen-history.rules.js';
import { joined } from '../holdings/touching.rules.js';
import type { Membership } from '../holdings/touching.rules.js';
import { readSeenHistory } from '../holdings/whereabouts.read-model.js';
import { cutToSight, seenWindows } from './lineage-sight.rules.js';
import { ROW_LIMIT, hulls, toWindow } from './lineage-window.read-model.js';
import { kindOfLot } from './lineage.rules.js';
import type { LineageLink, LineageNode, LineageState, LineageWay } from './lineage.rules.js';

interface StoredMembership extends Membership {
  readonly member: string;
  readonly container: boolean;
  /** For partners: it has a sight or a title of its own. */
  readonly own?: boolean;
}

/** The event that emptied `h`, if who asks sees it. */
const endedBy = ({ isPartner, sees }: Sight): CypherFragment =>
  isPartner
    ? fragment`CASE WHEN EXISTS { MATCH (e:Event {id: h.endedBy}) WHERE true ${sees(fragment`e`)} } THEN h.endedBy END`
    : fragment`h.endedBy`;

const HAS_OWN_SIGHT = fragment`(i.apart IS NOT NULL OR i.mTitleAt IS NOT NULL)`;

// A window spans all times asked for. A membership outside the window is dropped here; one outside the time of its own path is dropped
// later. A partner asks for members apart that it may see although it does not see the container.
const MEMBERS = sighted<StoredMembership>(
  'packages',
  'trace.members',
  (sight) => fragment`
UNWIND $windows AS w
MATCH (:Package {k: w.key})-[:FILLED]->(h:Holding)<-[i:IN]-(m:Package)
WHERE i.from < w.to AND (i.to IS NULL OR w.from < i.to)
  AND (h.dissolvedAt IS NULL OR (w.from < h.dissolvedAt AND i.from < h.dissolvedAt))${sight.only(
    fragment` AND w.own = ${HAS_OWN_SIGHT}`,
  )}
RETURN m.k AS member, m:Container AS container, w.key AS box, h.id AS holding, i.from AS from, i.to AS to,
       h.dissolvedAt AS dissolvedAt, ${endedBy(sight)} AS endedBy${sight.only(fragment`, w.own AS own`)}
ORDER BY from, member LIMIT $limit`,
);

const CONTAINERS = sighted<StoredMembership>(
  'packages',
  'trace.containers',
  (sight) => fragment`
UNWIND $windows AS w
MATCH (m:Package {k: w.key})-[i:IN]->(h:Holding)
WHERE h.kind = 'FILLING' AND i.from < w.to AND (i.to IS NULL OR w.from < i.to)
  AND (h.dissolvedAt IS NULL OR (w.from < h.dissolvedAt AND i.from < h.dissolvedAt))
RETURN m.k AS member, m:Container AS container, h.box AS box, h.id AS holding, i.from AS from, i.to AS to,
       h.dissolvedAt AS dissolvedAt, ${endedBy(sight)} AS endedBy
ORDER BY from, box LIMIT $limit`,
);

interface StoredClassContent {
  readonly of: string;
  readonly container: string;
  readonly lot: string;
  readonly from: number;
  /** When the container was emptied next. */
  readonly until: number | null;
  readonly eventId: string;
}

/** `AND` a condition: who asks sees the event that emptied the holding. What it does not see, it cannot take into account. */
export const seesEmptying = ({ sees, only }: Sight, holding: CypherFragment): CypherFragment =>
  only(
    fragment`AND EXISTS { MATCH (emptied:Event {id: ${holding}.endedBy}) WHERE true ${sees(fragment`emptied`)} }`,
  );

/** A lot that event `e` packed by class into container `c`, until that container was emptied. */
const classContent = (sight: Sight): CypherFragment => fragment`
WHERE o.role = 'parent' AND q.role = 'childQuantity' AND e.type = 'AggregationEvent' AND e.action = 'ADD'
  AND e.retracted IS NULL AND e.eventTime < w.to ${sight.only(fragment`AND ${seesClass(fragment`e`, fragment`q`)}`)}
CALL (c, e) {
  OPTIONAL MATCH (c)-[:FILLED]->(h:Holding) WHERE h.dissolvedAt > e.eventTime ${seesEmptying(sight, fragment`h`)}
  RETURN min(h.dissolvedAt) AS until
}
WITH w, c, e, l, until WHERE until IS NULL OR w.from < until
RETURN w.key AS of, c.k AS container, l.id AS lot, e.eventTime AS from, until, e.id AS eventId
ORDER BY from, container, lot LIMIT $limit`;

const CLASSES_IN = sighted<StoredClassContent>(
  'events',
  'trace.classes-in',
  (sight) => fragment`
UNWIND $windows AS w
MATCH (c:Package {k: w.key})<-[o:OF]-(e${eventOf(sight)})-[q:OF_QUANTITY]->(l:Lot)
${classContent(sight)}`,
);

const HOLDERS_OF_CLASS = sighted<StoredClassContent>(
  'events',
  'trace.holders-of-class',
  (sight) => fragment`
UNWIND $windows AS w
MATCH (l:Lot {id: w.key})<-[q:OF_QUANTITY]-(e${eventOf(sight)})-[o:OF]->(c:Package)
${classContent(sight)}`,
);

interface Looking {
  readonly way: LineageWay;
  /** For a partner: when it saw the packages of the level. */
  readonly sight: SeenHistory | undefined;
}

/** What containers hold, or what packages are in. A partner is told of the times in which it saw that. */
export async function readContainment(
  view: View,
  level: readonly LineageState[],
  { way, sight }: Looking,
): Promise<LineageLink[]> {
  const asked = way === 'FORWARD' ? level.filter(({ kind }) => kind === 'CONTAINER') : level;
  if (asked.length === 0) return [];
  const statement = way === 'FORWARD' ? MEMBERS : CONTAINERS;
  const rows = await view.read(statement, {
    windows: windowsOf(asked, { way, sight }),
    limit: ROW_LIMIT,
  });
  const containers = new Set(rows.flatMap((row) => (row.container ? row.member : [])));
  const own = new Set(rows.flatMap((row) => (row.own === true ? row.member : [])));
  const ownSight = own.size === 0 ? undefined : await readSight(view, [...own]);
  const byMember = new Map<string, StoredMembership[]>();
  for (const row of rows) byMember.set(row.member, [...(byMember.get(row.member) ?? []), row]);
  return [...byMember].flatMap(([member, memberships]) =>
    joined(memberships).flatMap((membership) => {
      const kind = containers.has(member) ? 'CONTAINER' : 'UNIT';
      const link =
        way === 'FORWARD'
          ? packedLink(member, membership, membership.box, { key: member, kind })
          : packedLink(member, membership, member, { key: membership.box, kind: 'CONTAINER' });
      if (sight === undefined) return [link];
      const spans = own.has(member) ? ownSight?.spansOf(member) : sight.spansOf(link.of);
      return cutToSight(link, spans ?? []);
    }),
  );
}

/** A partner asks for the times in which it saw the packages. What has a sight of its own inside, it may see at any other time. */
function windowsOf(level: readonly LineageState[], { way, sight }: Looking): object[] {
  const windows = hulls(level);
  if (sight === undefined) return windows.map(toWindow);
  const seen = seenWindows(windows, sight);
  const own = way === 'FORWARD' ? windows.map((window) => ({ ...window, own: true })) : [];
  return [...seen, ...own].map(toWindow);
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
export async function readClassContents(
  view: View,
  way: LineageWay,
  level: readonly LineageState[],
): Promise<LineageLink[]> {
  if (level.length === 0) return [];
  const statement = way === 'FORWARD' ? CLASSES_IN : HOLDERS_OF_CLASS;
  const rows = await view.read(statement, {
    windows: hulls(level).map(toWindow),
    limit: ROW_LIMIT,
  });
  return rows.map(({ of, container, lot, from, until, eventId }) => {
    const edge = { from: container, to: lot, since: from, until, eventId };
    const node: LineageNode =
      of === container ? { key: lot, kind: kindOfLot(lot) } : { key: container, kind: 'CONTAINER' };
    return { of, node, edge: { ...edge, kind: 'CONTAINMENT' }, from, to: until ?? Infinity };
  });
}

/** When a partner saw packages; undefined for the host, who sees all. */
export async function readSight(
  view: View,
  keys: readonly string[],
): Promise<SeenHistory | undefined> {
  if (!isPartner(view)) return undefined;
  return readSeenHistory(
    view,
    keys.map((key) => ({ key, at: NOW })),
  );
}
