import { inForce, markOf, NOW } from '../holdings/holding.js';
import type { MarkColumns, Placing } from '../holdings/holding.js';
import { sighted } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { bothWays } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { Direction } from '../shared/page.js';
import { readSteady, readUntorn } from '../graph/read-untorn.js';
import type { Surrounding } from '../holdings/surrounding.rules.js';
import { readSurroundings } from '../holdings/surrounding.read-model.js';
import type { SeenHistory } from '../holdings/seen-history.rules.js';
import { readSeenHistory } from '../holdings/whereabouts.read-model.js';
import type { Whereabouts } from '../holdings/whereabouts.rules.js';
import { readKnownPackages } from './selection.read-model.js';

/** A unit, what is around it, and its status there. */
export interface LocatedUnit {
  readonly k: string;
  readonly lot: string | null;
  readonly around: Surrounding;
  readonly status: string;
}

/** What the graph knows about one package, for an explanation. */
export interface PackageFacts {
  readonly lot: string | null;
  readonly container: boolean;
  /** The newest event that stated its lot. */
  readonly statedBy: string | null;
  readonly statedAt: number | null;
  /** For a container: the units of affected lots inside it now. */
  readonly affected: number;
}

const UNITS_OF_LOTS = bothWays(
  ({ suffix, order, behind }) => cypher.packages<{ k: string; lot: string }>(
    `recall.unitsOfLots${suffix}`,
  )`
UNWIND $parts AS part
CALL (part) {
  MATCH (u:Unit) WHERE u.lot = part.lot AND u.k ${behind} part.from
  RETURN u.lot AS lot, u.k AS k ORDER BY u.lot ${order}, u.k ${order} LIMIT $limit
}
RETURN k, lot
LIMIT $limit`,
);

// A unit that has been somewhere and is now nowhere is being moved by a commit: its holding is null.
const LOCATED_UNITS = cypher.packages<
  MarkColumns & { k: string; lot: string | null; holding: string | null }
>('recall.locatedUnits')`
UNWIND $keys AS k
MATCH (u:Package {k: k})
OPTIONAL MATCH (u)-[i:IN]->(h:Holding) WHERE i.from <= $t AND (i.to IS NULL OR i.to > $t)
WITH k, u, i, h
WHERE h IS NOT NULL OR (NOT u:Container AND EXISTS { (u)-[before:IN]->() WHERE before.from <= $t })
RETURN k, u.lot AS lot, h.id AS holding, i.mStatus AS mStatus, i.mSince AS mSince, i.mAt AS mAt`;

const TOP_WANTED = fragment`h.id >= $first AND h.id <= $last
  AND ($mode IS NULL OR h.mode = $mode) AND ($sites IS NULL OR h.site IN $sites)
  AND ($heldFrom IS NULL OR CASE h.mode WHEN 'TO' THEN h.origin ELSE h.site END IN $heldFrom)`;
// By the place that the partner is told.
const SHOWN_WANTED = fragment`h.id >= $first AND h.id <= $last
  AND ($mode IS NULL OR at[0] = $mode) AND ($sites IS NULL OR at[1] IN $sites)
  AND ($heldFrom IS NULL OR CASE at[0] WHEN 'TO' THEN at[2] ELSE at[1] END IN $heldFrom)`;

// Units inside may have another status than the top, so a partner's tops are not chosen by status.
const TOPS_OF_ROW = cypher.packages<{ id: string }>('recall.topsOfRow', {
  partner: fragment`
MATCH (h:Holding)-[s:SHOWS]->()
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot IN $lots
WITH DISTINCT h, split(coalesce(s.place, h.place), '\n') AS at
WHERE ${SHOWN_WANTED}
RETURN DISTINCT h.id AS id ORDER BY id`,
})`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[:HOLDS]-(h:Holding)
WITH DISTINCT h
WHERE ${TOP_WANTED}
  AND ($status IS NULL OR h.status = $status OR h.id IN $marked)
RETURN h.id AS id ORDER BY id`;

const INNER_FILLINGS = cypher.packages<{ id: string }>('recall.innerFillings', {
  limited: 'it starts from tops that are seen, and the units found are cut to those that are seen',
})`
UNWIND $holdings AS id
MATCH (h:Holding {id: id})<-[i:IN]-(c:Container) WHERE h.kind = 'FILLING' AND i.to IS NULL
MATCH (f:Holding {id: c.cur})
WHERE EXISTS { MATCH (f)-[:HOLDS|HOLDS_INSIDE]->(l) WHERE l.id IN $lots }
RETURN DISTINCT f.id AS id`;

// Before the WITH, ask for no label or property: the planner once started from the index on lots, with a million units.
const UNITS_OF_HOLDING = bothWays(
  ({ suffix, order, behind }) => cypher.packages<{ k: string }>(`recall.unitsOfHolding${suffix}`, {
    limited: 'listAffectedPackages keeps only units that locateUnits finds for a partner',
  })`
MATCH (:Holding {id: $holding})<-[i:IN]-(p) WHERE i.to IS NULL
WITH DISTINCT p.k AS k, p.lot AS lot, p:Container AS container
WHERE lot IN $lots AND k ${behind} $from AND NOT container
RETURN k ORDER BY k ${order} LIMIT $limit`,
);

// What is inside for a partner is counted by its own way.
const PACKAGE_FACTS = sighted<PackageFacts>(
  'events',
  'recall.packageFacts',
  ({ isPartner: isSeenOnly, sees }) => fragment`
MATCH (p:Package {k: $key})
OPTIONAL MATCH (p)<-[:OF]-(e:Event)-[c:OF_CLASS]->(:Lot {id: p.lot})
WHERE c.role = 'ilmd' AND coalesce(e.retracted, false) = false ${sees(fragment`e`, fragment`p.k`)}
WITH p, e ORDER BY e.eventTime DESC LIMIT 1
${
  isSeenOnly
    ? fragment`RETURN p.lot AS lot, p:Container AS container, e.id AS statedBy, e.eventTime AS statedAt, 0 AS affected`
    : fragment`OPTIONAL MATCH (f:Holding {id: p.cur})-[r:HOLDS|HOLDS_INSIDE]->(l) WHERE l.id IN $lots
RETURN p.lot AS lot, p:Container AS container, e.id AS statedBy, e.eventTime AS statedAt, coalesce(sum(r.n), 0) AS affected`
}`,
);

const CLAIMS = sighted<{ lot: string; eventId: string; at: number }>(
  'events',
  'recall.claims',
  ({ sees }) => fragment`
MATCH (:Package {k: $key})-[c:CLAIMED]->(l:Lot)
MATCH (e:Event {id: c.eventId}) WHERE true ${sees(fragment`e`, fragment`$key`)}
RETURN l.id AS lot, e.id AS eventId, e.eventTime AS at ORDER BY at, lot`,
);

/** Units of lots in the order of (lot, key), or from the end. The parts are in that order, and each says behind which key its lot goes on. */
export function readUnitsOfLots(
  view: View,
  parts: readonly { readonly lot: string; readonly from: string }[],
  { way, limit }: { readonly way: Direction; readonly limit: number },
): Promise<{ k: string; lot: string }[]> {
  return view.read(UNITS_OF_LOTS[way], { parts, limit: int(limit) });
}

/**
 * Where units were at `t` and what was around them, all from one commit. Units not yet known at `t` are missing. For a partner it is always
 * now, and units that it does not see are missing.
 */
export async function locateUnits(
  view: View,
  keys: readonly string[],
  t: number,
): Promise<Map<string, LocatedUnit>> {
  if (isPartner(view)) return locateSeen(view, keys);
  const located = await readSteady(view, () => readLocated(view, keys, t));
  return new Map(located.map((unit) => [unit.k, unit]));
}

async function locateSeen(view: View, keys: readonly string[]): Promise<Map<string, LocatedUnit>> {
  if (keys.length === 0) return new Map();
  const points = keys.map((key) => ({ key, at: NOW }));
  const [history, known] = await Promise.all([
    readSeenHistory(view, points),
    readKnownPackages(view, keys),
  ]);
  return new Map(
    known.flatMap(({ k, lot, container }): [string, LocatedUnit][] => {
      const { has, owns } = history.seeing(k, NOW);
      if (container !== false || !(has || owns)) return [];
      return [[k, { k, lot, ...standingOf(history, k) }]];
    }),
  );
}

/** What is around a unit that a partner sees, and its status there. */
function standingOf(history: SeenHistory, key: string): Pick<LocatedUnit, 'around' | 'status'> {
  const found = history.whereabouts({ key, at: NOW });
  const outermost = found.containers.at(-1);
  const status = found.status ?? 'active';
  const around: Surrounding = {
    placing: placingOf(found),
    ...{ status, since: 0, top: found.holding ?? '', boxes: found.containers },
    ended: found.holding?.startsWith('D ') ?? false,
    outermost:
      outermost === undefined
        ? null
        : {
            key: outermost,
            status: history.whereabouts({ key: outermost, at: NOW }).status ?? 'active',
          },
  };
  return { around, status };
}

function placingOf({ state, site, origin, destination }: Whereabouts): Placing {
  if (state === 'IN_TRANSIT') return { mode: 'TO', site: destination, origin };
  return { mode: state === 'SITE' ? 'AT' : 'UNKNOWN', site, origin: null };
}

async function readLocated(view: View, keys: readonly string[], t: number): Promise<LocatedUnit[]> {
  const rows = await readUntorn(
    view,
    () => view.read(LOCATED_UNITS, { keys, t: int(t) }),
    (read) => read.some(({ holding }) => holding === null),
  );
  const holdings = rows.flatMap(({ holding }) => holding ?? []);
  const around = await readSurroundings(view, holdings, t);
  return rows.flatMap((row): LocatedUnit[] => {
    const surrounding = around.get(row.holding ?? '');
    if (surrounding === undefined) return [];
    const mark = markOf(row);
    const status = mark !== null && inForce(mark, surrounding) ? mark.status : surrounding.status;
    return [{ k: row.k, lot: row.lot, around: surrounding, status }];
  });
}

/** Selects the top holdings of these lots that a row may be about: by place and status, or because members inside carry marks. */
export interface TopsQuery {
  readonly lots: readonly string[];
  /** Ids of the first and the last holding that may be among them. */
  readonly first: string;
  readonly last: string;
  readonly mode: string | null;
  readonly sites: readonly string[] | null;
  readonly heldFrom: readonly string[] | null;
  readonly status: string | null;
  readonly marked: readonly string[];
}

/** Top holdings that may hold units of a row, ordered by id. */
export async function readTopsOfRow(view: View, query: TopsQuery): Promise<string[]> {
  const rows = await view.read(TOPS_OF_ROW, { ...query });
  return rows.map((row) => row.id);
}

/** The fillings inside a holding, at any depth, that hold units of these lots. The holding itself comes first. */
export async function readHoldingsInside(
  view: View,
  top: string,
  lots: readonly string[],
): Promise<string[]> {
  const found = new Set([top]);
  let frontier = [top];
  while (frontier.length > 0) {
    const rows = await view.read(INNER_FILLINGS, { holdings: frontier, lots });
    frontier = rows.map((row) => row.id).filter((id) => !found.has(id));
    for (const id of frontier) found.add(id);
  }
  return [...found];
}

/** Units of these lots that are directly in a holding now, behind a key. */
export async function readUnitsOfHolding(
  view: View,
  query: {
    readonly holding: string;
    readonly lots: readonly string[];
    readonly from: string;
    readonly way: Direction;
    readonly limit: number;
  },
): Promise<string[]> {
  const { way, limit, ...params } = query;
  const rows = await view.read(UNITS_OF_HOLDING[way], { ...params, limit: int(limit) });
  return rows.map((row) => row.k);
}

/** What the graph knows about one package; undefined when no event named it. */
export async function readPackageFacts(
  view: View,
  key: string,
  lots: readonly string[],
): Promise<PackageFacts | undefined> {
  const [known] = await readKnownPackages(view, isPartner(view) ? [key] : []);
  if (isPartner(view) && known?.container == null) return undefined;
  const [row] = await view.read(PACKAGE_FACTS, { key, lots });
  return row;
}

/** The lots that events state for a package when they state several, oldest first. */
export function readClaims(
  view: View,
  key: string,
): Promise<{ lot: string; eventId: string; at: number }[]> {
  return view.read(CLAIMS, { key });
}

// Naming a lot or a unit also names its product.
const NAMED_AHEAD = cypher.events<{ k: string }>('recall.namedAhead')`
UNWIND $keys AS k
WITH k, CASE WHEN k STARTS WITH '01/' AND size(k) = 17 THEN substring(k, 3) END AS gtin
WHERE EXISTS { MATCH (:Package {k: k})<-[:OF_AHEAD]-(e:Event) WHERE e.retracted IS NULL }
  OR EXISTS { MATCH (:Lot {id: k})<-[:OF_CLASS_AHEAD]-(e:Event) WHERE e.retracted IS NULL }
  OR EXISTS { MATCH (l:Lot)<-[:OF_CLASS_AHEAD]-(e:Event) WHERE l.gtin = gtin AND e.retracted IS NULL }
  OR EXISTS { MATCH (p:Package)<-[:OF_AHEAD]-(e:Event) WHERE p.k STARTS WITH '01/' + gtin + '/21/' AND e.retracted IS NULL }
RETURN k`;

/** Which of these lots, products and packages are named by events dated ahead of the clock. A partner is not told. */
export async function readNamedAhead(view: View, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0 || isPartner(view)) return new Set();
  const rows = await view.read(NAMED_AHEAD, { keys: [...new Set(keys)] });
  return new Set(rows.map(({ k }) => k));
}

const CONTAINERS_OF = cypher.packages<{ k: string }>('recall.containersOf', {
  partner: fragment`
UNWIND $containers AS k
MATCH (c:Package {k: k})
MATCH (:Holding {id: c.cur})-[s:SHOWS]->() WHERE s.p = $viewer AND s.lot IN $lots
RETURN DISTINCT k`,
})`
UNWIND $containers AS k
MATCH (c:Package {k: k})
MATCH (:Holding {id: c.cur})-[:HOLDS|HOLDS_INSIDE]->(l) WHERE l.id IN $lots
RETURN DISTINCT k`;

/** Which of these containers hold something of these lots now. */
export async function readContainersOf(
  view: View,
  containers: readonly string[],
  lots: readonly string[],
): Promise<Set<string>> {
  if (containers.length === 0 || lots.length === 0) return new Set();
  const params = { containers: [...new Set(containers)], lots };
  const rows = await view.read(CONTAINERS_OF, params);
  return new Set(rows.map((row) => row.k));
}
