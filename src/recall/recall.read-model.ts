import { NOW, markOf, siteOrNull } from '../holdings/holding.js';
import type { Mark, MarkColumns, Placing } from '../holdings/holding.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { readUntorn } from '../graph/read-untorn.js';
import { BOXES_SEEN, markedSeen } from '../holdings/shown.read-model.js';
import {
  NAMES_OF_PLACES,
  REGISTERED_NAMES_OF_PLACES,
} from '../master-data/place-names.read-model.js';
import type { FoundNames } from '../master-data/place-names.read-model.js';
import { locateUnits } from './affected.read-model.js';
import { MAX_CLASS_LEVEL, REPORTS_OF_LOTS, REPORTS_SEEN } from './class-level.read-model.js';
import type { ClassReport } from './class-level.read-model.js';
import type { LotProbe } from './recall-scope.js';
import { heldAfter } from '../holdings/held.rules.js';
import type { HeldCount, HeldStep } from '../holdings/held.rules.js';
import { corrections } from './recall-scope.rules.js';
import type { HeldUnits, Tally } from './recall-scope.rules.js';
import { PROBE_LIMITS, PROBES_OF_LOTS, PROBES_SEEN } from './selection.read-model.js';
import { readLotsSentOn } from './sent-on.read-model.js';
import {
  isTorn,
  readSurroundings,
  STEPS_AROUND,
  STEPS_AROUND_SEEN,
  surroundingsOf,
} from '../holdings/surrounding.read-model.js';
import type { StoredStep } from '../holdings/surrounding.read-model.js';
import type { Surrounding } from '../holdings/surrounding.rules.js';

/** Affected units by place: those of a known lot, and those without. */
export interface LotTallies {
  readonly sure: readonly Tally[];
  readonly possibly: readonly Tally[];
}

/** The most places whose names are read with the counts. Names of others are read when somebody asks for them. */
const MAX_NAMED_PLACES = 1000;

interface ReadingRow extends FoundNames {
  readonly before: number | null;
  readonly after: number | null;
  readonly members: readonly MarkedRow[];
  readonly steps: readonly StoredStep[];
  readonly probes: readonly LotProbe[];
  readonly reports: readonly ClassReport[];
  readonly rows: readonly {
    readonly loose: boolean;
    /** One line each: mode, site, origin, status, kind of the holding, and `open` or `emptied` (schema/graph-model.md). */
    readonly place: string;
    readonly units: number;
    /** Containers directly inside. After the filling was dissolved they stand there themselves. */
    readonly boxes: number;
    readonly holdings: number;
    /** Only for several lots: emptied fillings whose containers must be looked at. */
    readonly mixed?: readonly string[];
  }[];
}

/** Members of one holding that have the same status of their own, and the affected units they stand for. */
interface MarkedRow extends MarkColumns {
  readonly holding: string;
  readonly loose: boolean;
  readonly units: number;
  readonly containers: number;
}

// Holdings with marked members, top or nested. Usually they are few, so the index finds them at once. Reading the property on all 11,000
// holdings of a lot of a million units cost half as much again as the counts.
const MARKED_OF_LOTS = fragment`
CALL (asked) {
  MATCH (h:Holding) WHERE h.marked > 0 AND size(asked) > 0
  WITH h LIMIT 1001
  RETURN collect(h) AS few
}
CALL (few) {
  UNWIND CASE WHEN size(few) <= 1000 THEN few ELSE [] END AS h
  WITH h WHERE EXISTS { MATCH (h)-[:HOLDS|HOLDS_INSIDE]->(l) WHERE l.id IN $lots }
  RETURN collect(h.id) AS fromIndex
}
CALL (few, asked) {
  UNWIND CASE WHEN size(few) <= 1000 THEN [] ELSE asked END AS lot
  MATCH (:Lot {id: lot})<-[:HOLDS|HOLDS_INSIDE]-(h:Holding) WHERE coalesce(h.marked, 0) > 0
  RETURN collect(h.id) AS fromLots
}`;

const BEGIN = fragment`OPTIONAL MATCH (start:Log {id: 'log'})
WITH start.seq AS before, $lots AS asked`;
const MARKED_MEMBERS = fragment`
UNWIND marked AS id
WITH DISTINCT id
MATCH (h:Holding {id: id})<-[i:IN]-(p:Package) WHERE i.mDiff AND i.to IS NULL
WITH h, i, p
CALL (p) {
  WITH p WHERE p.lot IN $lots AND NOT p:Container
  RETURN p.lot AS lot, 1 AS n
  UNION ALL
  WITH p WHERE p:Container
  MATCH (f:Holding {id: p.cur})-[r:HOLDS|HOLDS_INSIDE]->(l) WHERE l.id IN $lots
  RETURN l.id AS lot, r.n AS n
}
${collectedMembers()}`;

const END = fragment`${MARKED_OF_LOTS}
WITH before, asked, rows, fromIndex + fromLots AS marked
CALL (marked) { ${MARKED_MEMBERS} }
WITH before, asked, rows, members, [member IN members | member.holding] AS ids
CALL (ids) { ${STEPS_AROUND} }
CALL (asked) {
${PROBES_OF_LOTS}
}
CALL (asked) {
${REPORTS_OF_LOTS}
}
${namesAtEnd(NAMES_OF_PLACES)}`;

// Everything about the lots, in one round trip, with the names of the places. The log's position is read before and after what is counted, so
// that the caller sees whether somebody wrote in between.
const LOT_READING = cypher.events<ReadingRow>('recall.lotReading')`
${BEGIN}
CALL (asked) {
  UNWIND asked AS lot
  MATCH (:Lot {id: lot})<-[r:HOLDS]-(h)
  WITH lot IN $withoutLot AS loose, h.place AS place, sum(r.n) AS units, sum(r.c) AS boxes, count(*) AS holdings
  RETURN collect({loose: loose, place: place, units: units, boxes: boxes, holdings: holdings}) AS rows
}
${END}`;

// The same for several lots. It groups by holding first, so that a container that holds several lots counts once.
const LOTS_READING = cypher.events<ReadingRow>('recall.lotsReading')`
${BEGIN}
CALL (asked) {
  UNWIND asked AS lot
  MATCH (:Lot {id: lot})<-[r:HOLDS]-(h)${summedByHolding()}
}
${END}`;

// The same of what tops show to a partner, from its own index.
const LOTS_SEEN = cypher.seen<ReadingRow>('recall.lotsSeen')`
${BEGIN}
CALL (asked) {
  MATCH (h:Holding)-[r:SHOWS]->()
  USING INDEX r:SHOWS(p, lot)
  WHERE r.p = $viewer AND r.lot IN $lots
  WITH r.lot AS lot, r, h${summedByHolding(fragment`coalesce(r.place, h.place)`)}
}
CALL (asked) {
  ${markedSeen(fragment`s.lot IN $lots`)}
  WITH h, i, p, l.id AS lot, n WHERE lot IN $lots
  ${collectedMembers()}
}
WITH before, asked, rows, members, [member IN members | member.holding] AS ids
CALL (ids) { ${STEPS_AROUND_SEEN} }
CALL (asked) {
  OPTIONAL MATCH ()-[s:SHOWS]->()
  USING INDEX s:SHOWS(p, lot)
  WHERE s.p = $viewer AND s.lot IN $lots
  WITH collect(DISTINCT s.lot) AS shown
${PROBES_SEEN}
}
CALL (asked) {
${REPORTS_SEEN}
}
${namesAtEnd(REGISTERED_NAMES_OF_PLACES)}`;

const MARKED_HOLDINGS = cypher.packages<{ marked: string[] }>('recall.markedHoldings')`
WITH $lots AS asked
${MARKED_OF_LOTS}
RETURN fromIndex + fromLots AS marked`;

// Emptied fillings that hold several of the lots. A container in them may hold several lots too, and counts once.
const MIXED_BOXES = cypher.packages<{ id: string; loose: boolean; boxes: number }>(
  'recall.mixedBoxes',
  {
    partner: fragment`
${BOXES_SEEN}
WITH h, p, l WHERE l.id IN $lots
RETURN h.id AS id, l.id IN $withoutLot AS loose, count(DISTINCT p) AS boxes`,
  },
)`
UNWIND $holdings AS id
MATCH (h:Holding {id: id})<-[i:IN]-(c:Container) WHERE i.to IS NULL
MATCH (:Holding {id: c.cur})-[:HOLDS|HOLDS_INSIDE]->(l) WHERE l.id IN $lots
RETURN id, l.id IN $withoutLot AS loose, count(DISTINCT c) AS boxes`;

const STEPS_UNTIL = cypher.packages<HeldStep & { readonly loose: boolean }>('recall.stepsUntil')`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[r:HELD]-(h) WHERE r.at <= $t
WITH lot, h, collect([r.n, r.mark, r.was]) AS came
RETURN h.id AS holding, lot IN $withoutLot AS loose, came`;

const NAMED_UNITS_AS_OF = cypher.packages<
  MarkColumns & { holding: string; loose: boolean; units: number }
>('recall.namedUnitsAsOf')`
UNWIND $keys AS k
MATCH (u:Package {k: k})-[i:IN]->(h:Holding) WHERE i.from <= $t AND (i.to IS NULL OR i.to > $t)
RETURN h.id AS holding, u.lot IN $withoutLot AS loose, i.mStatus AS mStatus, i.mSince AS mSince, i.mAt AS mAt,
  count(*) AS units`;

/** Lots and the "lot unknown" ids of their products; one read takes both. */
export interface LotSets {
  readonly lots: readonly string[];
  readonly withoutLot: readonly string[];
}

/** What to read about lots. */
export interface LotsQuery extends LotSets {
  /** "Lot unknown" ids of the products asked for as a whole: the read tells whether anything is known about each. */
  readonly products: readonly string[];
  /** The lots that are followed: their inputs to transformations need no report. */
  readonly followed: readonly string[];
  /** Reports up to this instant, epoch ms; null for now. Counts exist only for now: for a past instant they are empty. */
  readonly asOf: number | null;
  /** Whether to read the names of the places and of who has what is there; only for now. */
  readonly named: boolean;
}

/** What is known about the lots, and the log's position before and after the read. */
export interface LotReading extends LotTallies {
  readonly before: number;
  readonly after: number;
  /** First those of the lots, then those of the products. */
  readonly probes: readonly LotProbe[];
  /** Reports without serials, at most one more than {@link MAX_CLASS_LEVEL}. */
  readonly reports: readonly ClassReport[];
  readonly names: FoundNames;
}

function collectedMembers(): CypherFragment {
  return fragment`WITH h.id AS holding, lot IN $withoutLot AS loose, i.mStatus AS mStatus, i.mSince AS mSince, i.mAt AS mAt,
  sum(n) AS units, count(DISTINCT CASE WHEN p:Container THEN p END) AS containers
RETURN collect({holding: holding, loose: loose, mStatus: mStatus, mSince: mSince, mAt: mAt, units: units, containers: containers}) AS members`;
}

function summedByHolding(place = fragment`h.place`): CypherFragment {
  return fragment`
  WITH lot IN $withoutLot AS loose, h, ${place} AS place, sum(r.n) AS n, sum(r.c) AS c, count(*) AS lots
  WITH loose, place, sum(n) AS units, sum(CASE WHEN lots = 1 OR c < 2 THEN c ELSE 0 END) AS boxes,
    count(*) AS holdings, collect(CASE WHEN lots > 1 AND c > 1 AND h.dissolvedAt IS NOT NULL THEN h.id END) AS mixed
  RETURN collect({loose: loose, place: place, units: units, boxes: boxes, holdings: holdings, mixed: mixed}) AS rows`;
}

function namesAtEnd(namesOfPlaces: CypherFragment): CypherFragment {
  return fragment`OPTIONAL MATCH (end:Log {id: 'log'})
WITH before, end.seq AS after, rows, members, steps, probes, reports,
  [row IN rows WHERE $named | split(row.place, '\n')][..$mostNamed] AS places
WITH *, [place IN places | place[1]] + [place IN places | nullIf(place[2], '')] AS keys,
  [place IN places | CASE place[0] WHEN 'TO' THEN nullIf(place[2], '') ELSE place[1] END] AS held
CALL (keys, held) { ${namesOfPlaces} }
RETURN before, after, rows, members, steps, probes, reports, sites, found`;
}

/**
 * Where the units of these lots are now, what else is known about the lots, and what was reported of them without serials. This takes one
 * statement, and a second one when an emptied filling holds several of the lots. The cost grows with the holdings, not with the units.
 *
 * A partner's reading is of what it sees. It takes more statements for lots of which it has nothing now, to find out whether it ever had.
 */
export async function readLots(view: View, query: LotsQuery): Promise<LotReading> {
  const { lots, withoutLot, products, followed, asOf, named } = query;
  const all = [...lots, ...withoutLot];
  const params = { lots: asOf === null ? all : [], withoutLot };
  const several = Math.max(lots.length, withoutLot.length) > 1;
  const statement = isPartner(view) ? LOTS_SEEN : several ? LOTS_READING : LOT_READING;
  const asked = {
    ...params,
    ...PROBE_LIMITS,
    ...{ probed: [...new Set([...lots, ...products])], reported: all, followed, named },
    ...{ t: int(asOf ?? NOW), now: int(NOW), mostReports: int(MAX_CLASS_LEVEL + 1) },
    mostNamed: int(MAX_NAMED_PLACES),
  };
  const { before, rows, members, steps, after, probes, reports, sites, found } = await readUntorn(
    view,
    async () => (await view.read(statement, asked))[0] ?? NOTHING,
    (reading) => isTorn(reading.members.map(holdingOf), reading.steps),
  );
  const around = surroundingsOf(members.map(holdingOf), steps);
  const moved = withSurrounding(members.map(withMark), around);
  const mixed = await readMixed(view, rows, params);
  const again = rows.some((row) => (row.mixed ?? []).length > 0);
  const part = (loose: boolean): Tally[] => [
    ...rows.filter((row) => row.loose === loose).flatMap((row) => [toTally(row), ...mixed(row)]),
    ...correctionsOf(moved.filter((member) => member.loose === loose)),
  ];
  return {
    before: before ?? 0,
    after: again ? await view.log.read() : (after ?? 0),
    sure: part(false),
    possibly: part(true),
    probes: isPartner(view) ? await cutProbes(view, probes) : probes,
    reports,
    names: { sites, found },
  };
}

/** Cuts what several lots were stated for to what a partner sees now. It also knows lots of which it sent units on. */
async function cutProbes(view: View, probes: readonly LotProbe[]): Promise<LotProbe[]> {
  const unknown = probes.flatMap(({ lot, known }) => (known ? [] : [lot]));
  const claimed = probes.flatMap(({ claims }) => claims.map(({ k }) => k));
  const [sentOn, seen] = await Promise.all([
    readLotsSentOn(view, { lots: unknown, products: [] }),
    locateUnits(view, [...new Set(claimed)], NOW),
  ]);
  return probes.map(({ claims, known, ...probe }) => ({
    ...probe,
    known: known || sentOn.includes(probe.lot),
    claims: claims.filter(({ k }) => seen.has(k)),
  }));
}

const NOTHING: ReadingRow = {
  before: 0,
  after: 0,
  members: [],
  steps: [],
  rows: [],
  probes: [],
  reports: [],
  sites: [],
  found: { holders: [], parties: [] },
};

async function readMixed(
  view: View,
  rows: ReadingRow['rows'],
  params: { readonly lots: readonly string[]; readonly withoutLot: readonly string[] },
): Promise<(row: ReadingRow['rows'][number]) => Tally[]> {
  const holdings = [...new Set(rows.flatMap((row) => row.mixed ?? []))];
  if (holdings.length === 0) return () => [];
  const found = await view.read(MIXED_BOXES, { holdings, ...params });
  const boxes = new Map(found.map(({ id, loose, boxes: n }) => [`${loose} ${id}`, n]));
  return (row) =>
    (row.mixed ?? []).map((id) => ({
      ...toTally(row),
      units: 0,
      containers: boxes.get(`${row.loose} ${id}`) ?? 0,
    }));
}

/** Holdings of these lots, top or nested, that have members with a status of their own. */
export async function readMarkedHoldings(view: View, lots: readonly string[]): Promise<string[]> {
  const [row] = await view.read(MARKED_HOLDINGS, { lots });
  return row?.marked ?? [];
}

/** Corrections of the counts: units whose status differs from what they are in. */
function correctionsOf(members: readonly (HeldUnits & Pick<MarkedRow, 'containers'>)[]): Tally[] {
  return corrections(
    members.flatMap(({ mark, ...member }) => (mark === null ? [] : [{ ...member, mark }])),
  );
}

/**
 * Every unit of these lots as of `t`, by holding and mark: what came in until then and did not move on. The cost grows with the holdings.
 */
export async function readLotUnits(
  view: View,
  sets: LotSets,
  t: number,
): Promise<{ readonly sure: readonly HeldUnits[]; readonly possibly: readonly HeldUnits[] }> {
  const lots = [...sets.lots, ...sets.withoutLot];
  if (lots.length === 0) return { sure: [], possibly: [] };
  const params = { lots, withoutLot: sets.withoutLot, t: int(t) };
  const steps = await view.read(STEPS_UNTIL, params);
  const part = (loose: boolean): HeldCount[] =>
    heldAfter(steps.filter((step) => step.loose === loose));
  const [sure, possibly] = [part(false), part(true)];
  const holdings = [...sure, ...possibly].map(({ holding }) => holding);
  const around = await readSurroundings(view, holdings, t);
  return { sure: withSurrounding(sure, around), possibly: withSurrounding(possibly, around) };
}

/** Units named one by one, as of `t`, by holding and mark; `possibly` has those without a known lot. */
export async function readNamedUnits(
  view: View,
  named: { readonly keys: readonly string[]; readonly withoutLot: readonly string[] },
  t: number,
): Promise<{ readonly sure: readonly HeldUnits[]; readonly possibly: readonly HeldUnits[] }> {
  if (named.keys.length === 0) return { sure: [], possibly: [] };
  if (isPartner(view)) return readNamedSeen(view, named);
  const rows = await view.read(NAMED_UNITS_AS_OF, { ...named, t: int(t) });
  const around = await readSurroundings(view, rows.map(holdingOf), t);
  const held = withSurrounding(rows.map(withMark), around);
  return { sure: held, possibly: held.filter((row) => row.loose) };
}

/** The same of the units that a partner sees now. */
async function readNamedSeen(
  view: View,
  {
    keys,
    withoutLot,
  }: { readonly keys: readonly string[]; readonly withoutLot: readonly string[] },
): Promise<{ readonly sure: readonly HeldUnits[]; readonly possibly: readonly HeldUnits[] }> {
  const located = [...(await locateUnits(view, keys, NOW)).values()];
  const held = located.map(({ lot, around, status }) => ({
    ...{ around: { ...around, status }, mark: null, units: 1 },
    loose: lot !== null && withoutLot.includes(lot),
  }));
  return { sure: held, possibly: held.filter((row) => row.loose) };
}

function toTally(row: ReadingRow['rows'][number]): Tally {
  const [mode = 'UNKNOWN', site = '?', origin = '', status = 'unknown', kind, open] =
    row.place.split('\n');
  return {
    placing: {
      mode: mode as Placing['mode'],
      site: siteOrNull(site),
      origin: siteOrNull(origin === '' ? null : origin),
    },
    status,
    ended: kind === 'DISPOSED',
    units: row.units,
    containers: kind === 'FILLING' && open === 'open' ? row.holdings : row.boxes,
  };
}

function holdingOf({ holding }: { readonly holding: string }): string {
  return holding;
}

function withMark<R extends MarkColumns>(row: R): R & { readonly mark: Mark | null } {
  return { ...row, mark: markOf(row) };
}

function withSurrounding<R extends { holding: string; units: number; mark: Mark | null }>(
  rows: readonly R[],
  around: ReadonlyMap<string, Surrounding>,
): (R & HeldUnits)[] {
  return rows.flatMap((row) => {
    const surrounding = around.get(row.holding);
    return surrounding === undefined ? [] : [{ ...row, around: surrounding }];
  });
}
