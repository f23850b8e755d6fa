import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { keepSeenNow } from './seen-inside.read-model.js';
import { bothWays } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readSurroundings } from '../holdings/surrounding.read-model.js';
import { NOW } from '../holdings/holding.js';
import type { Direction } from '../shared/page.js';

/** A place in a list: a package, and the part of the list that it is in (a lot, a top holding, or nothing). */
export interface ListedPackage {
  readonly part: string;
  readonly k: string;
  /** Key of its lot; null for a container without one. */
  readonly lot: string | null;
}

/** A part of a list, and the key behind which it goes on. */
export interface ListPart {
  readonly part: string;
  readonly from: string;
}

interface Walk {
  readonly way: Direction;
  readonly limit: number;
  /** UNIT, CONTAINER, or null for both. */
  readonly level: string | null;
}

const OF_LEVEL = fragment`($level IS NULL OR ($level = 'CONTAINER') = p:Container)`;

const BY_KEY = bothWays(
  ({ suffix, order, behind }) => cypher.packages<ListedPackage>(`location.packagesByKey${suffix}`)`
MATCH (p:Package)
WHERE p.k ${behind} $from AND p.k > $first AND p.k < $last AND ${OF_LEVEL}
WITH p ORDER BY p.k ${order} LIMIT $limit
RETURN '' AS part, p.k AS k, p.lot AS lot ORDER BY k ${order}`,
);

const OF_LOTS = bothWays(
  ({ suffix, order, behind }) => cypher.packages<ListedPackage>(`location.packagesOfLots${suffix}`)`
UNWIND $parts AS part
CALL (part) {
  MATCH (p:Unit) WHERE p.lot = part.part AND p.k ${behind} part.from AND ${OF_LEVEL}
  RETURN p ORDER BY p.lot ${order}, p.k ${order} LIMIT $limit
  UNION
  MATCH (p:Container) WHERE p.lot = part.part AND p.k ${behind} part.from AND ${OF_LEVEL}
  RETURN p ORDER BY p.k ${order} LIMIT $limit
}
RETURN part.part AS part, p.k AS k, p.lot AS lot ORDER BY part ${order}, k ${order} LIMIT $limit`,
);

// A filling that is open also tells of its container, unless only what is inside is wanted.
const IN_HOLDINGS = bothWays(
  ({ suffix, order, behind }) => cypher.packages<ListedPackage>(
    `location.packagesInHoldings${suffix}`,
    { limited: 'listPackages starts from what is seen, and keeps what SeenHistory knows' },
  )`
UNWIND $parts AS part
MATCH (h:Holding {id: part.part})
CALL (h) {
  MATCH (h) ((:Holding)<-[i:IN WHERE i.to IS NULL]-(:Container)-[:FILLED]->(y:Holding WHERE y.dissolvedAt IS NULL)){0,32} (z:Holding)
  MATCH (z)<-[j:IN]-(p) WHERE j.to IS NULL
  RETURN p
  UNION
  MATCH (p:Package {k: h.box}) WHERE h.dissolvedAt IS NULL AND NOT $inside
  RETURN p
}
WITH part, p WHERE p.k ${behind} part.from AND ${OF_LEVEL}
RETURN part.part AS part, p.k AS k, p.lot AS lot ORDER BY part ${order}, k ${order} LIMIT $limit`,
);

// Containers that stand alone and have nothing inside have no holding. Their place is on their stay.
const emptyBy = (name: string, find: CypherFragment): BothWays<ListedPackage> =>
  bothWays(
    ({ suffix, order, behind }) => cypher.packages<ListedPackage>(`location.empty${name}${suffix}`)`
${find}
WITH DISTINCT p WHERE p.k ${behind} $from AND NOT EXISTS { MATCH (h:Holding {id: p.cur}) }
RETURN $part AS part, p.k AS k, p.lot AS lot ORDER BY k ${order} LIMIT $limit`,
  );

const EMPTY_AT_SITES = emptyBy(
  'AtSites',
  fragment`UNWIND $sites AS site
MATCH (:Site {k: site})<-[s:STAY]-(p:Container) WHERE s.to IS NULL`,
);
const EMPTY_HELD_FROM = emptyBy(
  'HeldFrom',
  fragment`UNWIND $heldFrom AS site
CALL (site) {
  MATCH (:Site {k: site})<-[s:STAY]-(p:Container) WHERE s.to IS NULL AND s.mode = 'AT' RETURN p
  UNION
  MATCH ()<-[s:STAY]-(p:Container) WHERE s.origin = site AND s.to IS NULL AND s.mode = 'TO' RETURN p
}`,
);
const EMPTY_OF_STATUS = emptyBy(
  'OfStatus',
  fragment`MATCH ()<-[s:STAY]-(p:Container) WHERE s.status = $status AND s.to IS NULL`,
);

/** A top holding, and how many packages it holds: of containers only those directly inside. */
export interface Top {
  readonly id: string;
  readonly packages: number;
}

const ENDED = fragment`($includeEnded OR h.kind <> 'DISPOSED')`;
const AS_TOPS = fragment`WITH DISTINCT h WHERE h.id >= $first AND h.id <= $last AND ${ENDED}
RETURN h.id AS id, 1 + COUNT { (h)<-[:IN]-() } AS packages ORDER BY id`;

const topsBy = (name: string, find: CypherFragment): ReadStatement<Top> =>
  cypher.packages<Top>(`location.tops${name}`)`
${find}
${AS_TOPS}`;

const TOPS_AT_SITES = topsBy(
  'AtSites',
  fragment`UNWIND $sites AS site
MATCH (h:Holding) WHERE h.site = site`,
);
const TOPS_HELD_FROM = topsBy(
  'HeldFrom',
  fragment`UNWIND $heldFrom AS site
CALL (site) {
  MATCH (h:Holding) WHERE h.site = site AND h.mode = 'AT' RETURN h
  UNION
  MATCH (h:Holding) WHERE h.origin = site AND h.mode = 'TO' RETURN h
}`,
);
const TOPS_OF_STATUS = topsBy(
  'OfStatus',
  fragment`CALL () {
  MATCH (h:Holding) WHERE h.status = $status RETURN h
  UNION
  UNWIND $marked AS id
  MATCH (h:Holding {id: id}) RETURN h
}`,
);

const MARKED_WITH = cypher.packages<{ id: string }>('location.markedWith')`
MATCH (h:Holding) WHERE h.marked > 0
MATCH (h)<-[i:IN]-() WHERE i.mDiff AND i.to IS NULL AND i.mStatus = $status
RETURN DISTINCT h.id AS id`;

// A partner's tops begin at what it sees.
const TOPS_SEEN = cypher.seen<Top>('location.topsSeen')`
MATCH (h:Holding)-[s:SHOWS]->(:Lot)
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot > '' AND ($lots IS NULL OR s.lot IN $lots)
${AS_TOPS}`;

const LOTS_EXPIRING = cypher.packages<{ id: string }>('location.lotsExpiring', {
  partner: fragment`
MATCH ()-[s:SHOWS]->(l:Lot)
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot > '' AND l.expiry >= $from AND l.expiry < $until
RETURN DISTINCT l.id AS id ORDER BY id`,
})`
MATCH (l:Lot) WHERE l.expiry >= $from AND l.expiry < $until
RETURN l.id AS id ORDER BY id`;

const FILLING_OF = cypher.packages<{ id: string | null }>('location.fillingOf', {
  limited: 'readFillingOf asks only for containers that are seen',
})`
MATCH (c:Package {k: $key}) WHERE c:Container
RETURN c.cur AS id`;

/** Packages in the order of their keys, between two keys that are not among them. */
export function readByKey(
  view: View,
  walk: Walk & { readonly from: string; readonly first: string; readonly last: string },
): Promise<readonly ListedPackage[]> {
  const { way, limit, ...params } = walk;
  return view.read(BY_KEY[way], { ...params, limit: int(limit) });
}

/** Packages of lots, in the order of lot and key. */
export function readOfLots(
  view: View,
  parts: readonly ListPart[],
  { way, limit, level }: Walk,
): Promise<readonly ListedPackage[]> {
  return view.read(OF_LOTS[way], { parts, level, limit: int(limit) });
}

/** Packages in holdings, at any depth, in the order of holding and key. */
export function readInHoldings(
  view: View,
  parts: readonly ListPart[],
  { way, limit, level, inside }: Walk & { readonly inside: boolean },
): Promise<readonly ListedPackage[]> {
  return view.read(IN_HOLDINGS[way], { parts, level, inside, limit: int(limit) });
}

/** Which tops are wanted: at sites, held from sites, or with a status of their own or of something inside. */
export interface TopsWanted {
  readonly sites: readonly string[] | null;
  readonly heldFrom: readonly string[] | null;
  readonly status: string | null;
  readonly includeEnded: boolean;
  /** Ids between which the tops are, both included. */
  readonly first: string;
  readonly last: string;
}

/** Top holdings by id. */
export async function readTops(view: View, wanted: TopsWanted): Promise<readonly Top[]> {
  const { sites, heldFrom, status, ...params } = wanted;
  if (sites !== null) return view.read(TOPS_AT_SITES, { ...params, sites });
  if (heldFrom !== null) return view.read(TOPS_HELD_FROM, { ...params, heldFrom });
  const holdings = (await view.read(MARKED_WITH, { status })).map(({ id }) => id);
  const around = await readSurroundings(view, holdings, NOW);
  const marked = [...new Set([...around.values()].map(({ top }) => top))];
  return view.read(TOPS_OF_STATUS, { ...params, status, marked });
}

/** Tops in which a partner sees units, of some lots or of all. */
export function readTopsSeen(
  view: View,
  wanted: Pick<TopsWanted, 'includeEnded' | 'first' | 'last'> & {
    readonly lots: readonly string[] | null;
  },
): Promise<readonly Top[]> {
  return view.read(TOPS_SEEN, wanted);
}

/** Containers without contents that stand alone where tops are wanted, by key. They are a part of the list of their own. */
export async function readEmpty(
  view: View,
  { sites, heldFrom, status }: Pick<TopsWanted, 'sites' | 'heldFrom' | 'status'>,
  { way, limit, part, from }: ListPart & Pick<Walk, 'way' | 'limit'>,
): Promise<readonly ListedPackage[]> {
  const params = { part, from, limit: int(limit) };
  if (sites !== null) return view.read(EMPTY_AT_SITES[way], { ...params, sites });
  if (heldFrom !== null) return view.read(EMPTY_HELD_FROM[way], { ...params, heldFrom });
  return view.read(EMPTY_OF_STATUS[way], { ...params, status });
}

/** Ids of lots that expire between two days, the second not included. */
export async function readLotsExpiring(
  view: View,
  from: string | null,
  until: string | null,
): Promise<string[]> {
  const days = { from: from ?? '', until: until ?? '9999-99-99' };
  return (await view.read(LOTS_EXPIRING, days)).map(({ id }) => id);
}

/** The open filling of a container; null when it is no container. */
export async function readFillingOf(view: View, key: string): Promise<string | null> {
  const isSeen = !isPartner(view) || (await keepSeenNow(view, [key])).length > 0;
  const [row] = isSeen ? await view.read(FILLING_OF, { key }) : [];
  return row?.id ?? null;
}
