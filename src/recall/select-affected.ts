import type { GraphReader, ReadOptions } from '../graph/graph.js';
import { readClassInside } from './class-level.read-model.js';
import type { ClassReport } from './class-level.read-model.js';
import { findAtSite } from './find-at-site.js';
import type { FoundAtSite } from './find-at-site.js';
import { followMaking } from './follow-making.js';
import { followMembers } from './follow-members.js';
import type { MemberSource } from './follow-members.js';
import {
  containersOfLotGaps,
  contentsUnknownGap,
  contradictedGap,
  futureGap,
  madeIntoGaps,
  madeWindowGap,
  packagesMadeIntoGap,
  serialsMissingGap,
  unknownGaps,
} from './gaps.rules.js';
import type { Unknowns } from './gaps.rules.js';
import type {
  Gap,
  LotProbe,
  LotStep,
  NamedReason,
  RecallSelectors,
  ScopeOptions,
  Selection,
} from './recall-scope.js';
import {
  readKnownPackages,
  readLotProbes,
  readLotsOfProduct,
  readPackagesMadeInto,
  readSerialSpan,
  readSilentContainers,
} from './selection.read-model.js';
import { countSerials, lotsMadeBetween, serialSpans, withoutLotOf } from './selection.rules.js';
import { append } from '../shared/append.js';

/** Most lots of one scope. */
const MAX_LOTS = 5000;
/** Most units that a scope takes in one by one (those of affected lots are not among them). */
const MAX_NAMED = 200_000;
/** Where the serial begins in the key of a unit with a GTIN. */
const SERIAL_AT = '01/09506000134352/21/'.length;
const LAST_INSTANT = 8_640_000_000_000_000;

interface Building {
  readonly lots: Map<string, LotStep>;
  readonly contents: Map<string, LotStep>;
  readonly named: Map<string, NamedReason>;
  readonly doubtful: Set<string>;
  /** Products asked for as such: their units without a lot matter even when they have no lot at all. */
  readonly gtins: Set<string>;
  /** Lots of these that were not made within the window asked for. */
  readonly outsideWindow: string[];
  readonly gaps: Gap[];
  readonly unknown: { readonly [K in keyof Unknowns]: string[] };
  readonly containers: MemberSource[];
  /** Containers that came out of transformations, not looked into. */
  readonly madeContainers: Set<string>;
  readonly containersOfLot: string[];
  readonly classReports: ClassReport[];
}

/** Resolves the selectors of a recall to affected lots and, beside them, affected units one by one. */
export async function selectAffected(
  graph: GraphReader,
  selectors: RecallSelectors,
  options: ScopeOptions,
): Promise<Selection> {
  const building: Building = {
    lots: new Map(
      selectors.lots.map((lot) => [lot, { role: 'SELECTED', from: null, eventId: null }]),
    ),
    contents: new Map(),
    named: new Map(),
    doubtful: new Set(),
    gtins: new Set(),
    outsideWindow: [],
    gaps: [...futureGap(selectors.asOf, options.now)],
    unknown: { lots: [], products: [], serials: [], containers: [], sites: [] },
    containers: [],
    madeContainers: new Set(),
    containersOfLot: [],
    classReports: [],
  };
  await addProducts(graph, selectors, building, options);
  for (const lot of selectors.sourceLots)
    addLot(building, lot, { role: 'SOURCE', from: null, eventId: null });
  await addMade(graph, { lots: selectors.sourceLots, packages: [] }, building, options);
  await addSerials(graph, selectors, building, options);
  await addRanges(graph, selectors, building, options);
  await addMembers(graph, selectors, building, options);
  await probeLots(graph, selectors, building, options);
  return finish(building, selectors.asOf);
}

async function addProducts(
  graph: GraphReader,
  { products }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  for (const product of products) {
    const { gtin } = product;
    building.gtins.add(gtin);
    const lots = await readLotsOfProduct(graph, gtin, options);
    const made = lotsMadeBetween(lots, gtin, product);
    const counts = { all: lots.length, within: made.ids.length };
    append(building.gaps, [...made.gaps, ...madeWindowGap(product, counts)]);
    const within = new Set(made.ids);
    append(
      building.outsideWindow,
      lots.flatMap(({ id }) => (within.has(id) ? [] : [id])),
    );
    for (const id of made.ids)
      addLot(building, id, { role: 'SELECTED', from: null, eventId: null });
  }
}

/** What came out of what these lots and packages went into. */
async function addMade(
  graph: GraphReader,
  sources: { readonly lots: readonly string[]; readonly packages: readonly string[] },
  building: Building,
  options: ReadOptions,
): Promise<void> {
  const room = MAX_LOTS - building.lots.size;
  const made = await followMaking(graph, { ...sources, room }, options);
  for (const [id, step] of made.lots) addLot(building, id, step);
  for (const [key, reason] of made.units) addNamed(building, key, reason);
  for (const key of made.containers) building.madeContainers.add(key);
  if (made.cut !== null) building.gaps.push({ code: 'LINEAGE_CUT', detail: made.cut });
}

async function addSerials(
  graph: GraphReader,
  { serials, container }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  const keys = container === null ? serials : [...serials, container];
  for (const row of await readKnownPackages(graph, keys, options)) {
    if (row.container !== null) addPackage(building, { ...row, container: row.container });
    else building.unknown[row.k === container ? 'containers' : 'serials'].push(row.k);
  }
}

async function addRanges(
  graph: GraphReader,
  { serialRanges }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  for (const { gtin, from, to } of serialRanges) {
    const known: string[] = [];
    for (const span of serialSpans(gtin, from, to))
      for (const row of await readSerialSpan(graph, span, MAX_NAMED + 1, options)) {
        addPackage(building, row);
        known.push(row.k.slice(SERIAL_AT));
      }
    const name = `${gtin} ${from} to ${to}`;
    append(building.gaps, serialsMissingGap(name, countSerials(from, to, known)));
    if (known.length === 0) building.unknown.serials.push(`01/${gtin}/21/${from} to ${to}`);
  }
}

function addPackage(
  building: Building,
  row: { readonly k: string; readonly lot: string | null; readonly container: boolean },
): void {
  if (row.container)
    building.containers.push({
      id: row.k,
      from: 0,
      until: LAST_INSTANT,
      role: 'CONTAINER',
      via: row.k,
    });
  else {
    const { k, lot } = row;
    addNamed(building, k, { role: 'SERIAL', via: null, eventId: null, at: null, lot });
  }
}

async function probeLots(
  graph: GraphReader,
  { lots, sourceLots }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  const products = [...building.gtins].map((gtin) => `01/${gtin}`);
  const probes = await readLotProbes(graph, [...building.lots.keys(), ...products], options);
  const known = new Set(probes.flatMap((probe) => (probe.known ? [probe.lot] : [])));
  const asked = new Set([...lots, ...sourceLots]);
  for (const { lot } of probes) {
    if (known.has(lot)) continue;
    if (asked.has(lot)) building.unknown.lots.push(lot);
    // Of a product asked for as such, a lot that only events declared in error spoke of is no lot.
    else building.lots.delete(lot);
  }
  const unseen = products.filter((id) => ![...known].some((lot) => lot.startsWith(id)));
  const others = building.outsideWindow.filter((lot) => unseen.some((id) => lot.startsWith(id)));
  const real = (await readLotProbes(graph, others, options)).filter((probe) => probe.known);
  for (const product of unseen)
    if (!real.some(({ lot }) => lot.startsWith(product))) building.unknown.products.push(product);
  const affected = probes.filter(({ lot }) => building.lots.has(lot));
  const claimed = probes.map((probe) => withClaimed(probe));
  const lookedInto = new Set(keysOf(building.containers));
  const isIn = (id: string): boolean =>
    building.lots.has(id) || building.named.has(id) || lookedInto.has(id);
  append(building.gaps, madeIntoGaps(affected, building.lots, isIn));
  const made = [...building.madeContainers].filter((key) => !isIn(key)).sort();
  append(building.gaps, packagesMadeIntoGap(made));
  append(building.gaps, containersOfLotGaps(claimed));
  append(
    building.containersOfLot,
    claimed.flatMap((probe) => probe.containers),
  );
  for (const probe of probes) addClaimed(building, probe);
  append(building.gaps, contradictedGap([...building.doubtful].sort()));
}

function withClaimed({ containers, claims, ...probe }: LotProbe): LotProbe {
  const more = claims.filter(({ container }) => container).map(({ k }) => k);
  return { ...probe, claims, containers: [...new Set([...containers, ...more])] };
}

/** Units that another lot was stated of too: they count under the newest, and are in by this one as well. */
function addClaimed(building: Building, { lot: via, claims }: LotProbe): void {
  for (const { k, lot, container, eventId, claimed } of claims) {
    if (container || !building.lots.has(via)) continue;
    if (claimed.some((id) => !building.lots.has(id))) building.doubtful.add(k);
    if (!isCovered(building, lot))
      addNamed(building, k, { role: 'CLAIMED', via, eventId, at: null, lot });
  }
}

async function addMembers(
  graph: GraphReader,
  { siteWindow, asOf }: RecallSelectors,
  building: Building,
  options: ScopeOptions,
): Promise<void> {
  const until = asOf ?? LAST_INSTANT;
  const room = MAX_NAMED - building.named.size;
  const bounds = { latest: until, room };
  const at = siteWindow === null ? null : await findAtSite(graph, siteWindow, bounds, options);
  if (at !== null) addFoundAt(building, at);
  else if (siteWindow !== null) building.unknown.sites.push(siteWindow.site);
  const { containers, holdings } = at ?? { containers: [], holdings: [] };
  const sources = { containers: [...building.containers, ...containers], holdings };
  const found = await followMembers(graph, { ...sources, until, room }, options);
  for (const [key, reason] of found.units) addNamed(building, key, reason);
  if (found.cut !== null) building.gaps.push({ code: 'UNITS_CUT', detail: found.cut });
  const silent = await readSilentContainers(graph, keysOf(found.containers), options);
  append(building.gaps, contentsUnknownGap(silent));
  await addClassContents(graph, found.containers, building, options);
}

function addFoundAt(building: Building, { units, reports, gaps, isCut }: FoundAtSite): void {
  for (const [key, reason] of units) addNamed(building, key, reason);
  append(building.classReports, reports);
  append(building.gaps, gaps);
  if (isCut) building.gaps.push(unitsCutGap());
}

/** What containers held by class, and what was made of it; of other packages only that something was made of them. */
async function addClassContents(
  graph: GraphReader,
  containers: readonly MemberSource[],
  building: Building,
  options: ReadOptions,
): Promise<void> {
  const reports = await readClassInside(graph, containers, options);
  append(building.classReports, reports);
  for (const { lot, eventId } of reports)
    building.contents.set(lot, { role: 'CONTENTS', from: null, eventId });
  const filled = new Set(reports.flatMap(({ container }) => container ?? []));
  const others = [...building.named].filter(([, { role }]) => role !== 'OUTPUT');
  const used = [...keysOf(containers), ...others.map(([key]) => key)];
  const made = used.filter((key) => !filled.has(key));
  append(building.gaps, packagesMadeIntoGap(await readPackagesMadeInto(graph, made, options)));
  await addMade(
    graph,
    { lots: [...building.contents.keys()], packages: [...filled] },
    building,
    options,
  );
}

function keysOf(containers: readonly MemberSource[]): string[] {
  return [...new Set(containers.map(({ id }) => id))];
}

function isCovered(building: Building, lot: string | null): boolean {
  return lot !== null && building.lots.has(lot);
}

function addLot(building: Building, id: string, step: LotStep): void {
  if (!building.lots.has(id)) building.lots.set(id, step);
}

function addNamed(building: Building, key: string, reason: NamedReason): void {
  if (!building.named.has(key)) building.named.set(key, reason);
}

function finish(building: Building, asOf: number | null): Selection {
  const { gaps, unknown, gtins, containersOfLot, doubtful, classReports } = building;
  // A lot that came in later covers units named before.
  const beside = [...building.named].filter(([, { lot }]) => !isCovered(building, lot));
  const named = new Map(beside.slice(0, MAX_NAMED));
  if (beside.length > MAX_NAMED) gaps.push(unitsCutGap());
  const lots = new Map([...building.lots].slice(0, MAX_LOTS));
  if (building.lots.size > MAX_LOTS)
    gaps.push({
      code: 'LINEAGE_CUT',
      detail: `More than ${MAX_LOTS} lots are affected: only the first ${MAX_LOTS} are in. Ask in parts.`,
    });
  const products = [...gtins].map((gtin) => `01/${gtin}`);
  const withoutLot = [...new Set([...withoutLotOf(lots.keys()), ...products])].sort();
  return {
    lots,
    contents: new Map([...building.contents].filter(([id]) => !lots.has(id))),
    withoutLot,
    named,
    doubtful,
    containers: building.containers.map(({ id }) => id),
    classReports,
    gaps: [...gaps, ...unknownGaps(unknown)],
    notFound: Object.values(unknown).flat(),
    containersOfLot,
    asOf,
  };
}

function unitsCutGap(): Gap {
  const detail = `More than ${MAX_NAMED} units were named one by one: only the first ${MAX_NAMED} are in. Ask by lot, or in parts.`;
  return { code: 'UNITS_CUT', detail };
}
