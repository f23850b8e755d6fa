import type { GraphReader, ReadOptions } from '../graph/graph.js';
import type { Gap, LotStep, NamedReason, RecallSelectors, Selection } from './recall-scope.js';
import { followMembers } from './follow-members.js';
import type { MemberSource } from './follow-members.js';
import {
  readKnownPackages,
  readLotProbes,
  readLotsOfProduct,
  readMadeFromLots,
  readMadeFromPackages,
  readSerialSpan,
  readSitesWithin,
  readStandingAt,
} from './selection.read-model.js';
import type { MadeRow } from './selection.read-model.js';
import {
  containersOfLotGaps,
  lotsMadeBetween,
  madeIntoGaps,
  notFoundGaps,
  serialSpans,
  withoutLotOf,
} from './selection.rules.js';
import type { LotProbe } from './selection.rules.js';

/** Most lots of one scope. */
const MAX_LOTS = 5000;
/** Most units that a scope takes in one by one (those of affected lots are not among them). */
const MAX_NAMED = 200_000;
/** Most transformations in a row that a source lot is followed through. */
const MAX_GENERATIONS = 20;

const LAST_INSTANT = 8_640_000_000_000_000;

interface Building {
  readonly lots: Map<string, LotStep>;
  readonly named: Map<string, NamedReason>;
  /** Products asked for as such: their units without a lot matter even when they have no lot at all. */
  readonly gtins: Set<string>;
  readonly gaps: Gap[];
  readonly notFound: string[];
  readonly containers: MemberSource[];
  readonly containersOfLot: string[];
}

/** Resolves the selectors of a recall to affected lots and, beside them, affected units one by one. */
export async function selectAffected(
  graph: GraphReader,
  selectors: RecallSelectors,
  options: ReadOptions = {},
): Promise<Selection> {
  const building: Building = {
    lots: new Map(
      selectors.lots.map((lot) => [lot, { role: 'SELECTED', from: null, eventId: null }]),
    ),
    named: new Map(),
    gtins: new Set(),
    gaps: [],
    notFound: [],
    containers: [],
    containersOfLot: [],
  };
  await addProducts(graph, selectors, building, options);
  await addMadeFrom(graph, selectors, building, options);
  await addSerials(graph, selectors, building, options);
  await addRanges(graph, selectors, building, options);
  await probeLots(graph, building, options);
  await addMembers(graph, selectors, building, options);
  return finish(building, selectors.asOf);
}

async function addProducts(
  graph: GraphReader,
  { products }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  for (const { gtin, madeFrom, madeUntil } of products) {
    building.gtins.add(gtin);
    const lots = await readLotsOfProduct(graph, gtin, options);
    const made = lotsMadeBetween(lots, gtin, { madeFrom, madeUntil });
    building.gaps.push(...made.gaps);
    for (const id of made.ids)
      addLot(building, id, { role: 'SELECTED', from: null, eventId: null });
  }
}

async function addMadeFrom(
  graph: GraphReader,
  { sourceLots }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  for (const lot of sourceLots)
    addLot(building, lot, { role: 'SOURCE', from: null, eventId: null });
  const seen = new Set<string>(sourceLots);
  let lots = [...seen];
  let keys: string[] = [];
  for (let generation = 0; lots.length + keys.length > 0; generation++) {
    if (generation >= MAX_GENERATIONS || building.lots.size >= MAX_LOTS) {
      const detail = `What was made from the source lots was followed through ${generation} transformations and ${building.lots.size} lots, and cut there: more may be affected.`;
      building.gaps.push({ code: 'LINEAGE_CUT', detail });
      return;
    }
    const rows = await Promise.all([
      readMadeFromLots(graph, lots, options),
      readMadeFromPackages(graph, keys, options),
    ]);
    const next = takeMade(rows.flat(), seen, building);
    lots = next.lots;
    keys = next.keys;
  }
}

function takeMade(
  rows: readonly MadeRow[],
  seen: Set<string>,
  building: Building,
): { lots: string[]; keys: string[] } {
  const lots: string[] = [];
  const keys: string[] = [];
  for (const row of rows) {
    const id = row.lot ?? row.unit;
    if (id === null || seen.has(id)) continue;
    seen.add(id);
    if (row.lot !== null) {
      lots.push(row.lot);
      addLot(building, row.lot, { role: 'MADE_FROM', from: row.source, eventId: row.eventId });
    } else {
      keys.push(id);
      addNamed(building, id, { role: 'OUTPUT', via: row.source, eventId: row.eventId, at: null });
    }
  }
  return { lots, keys };
}

async function addSerials(
  graph: GraphReader,
  { serials, container }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  const keys = container === null ? serials : [...serials, container];
  for (const row of await readKnownPackages(graph, keys, options)) {
    if (row.container === null) building.notFound.push(row.k);
    else addPackage(building, { ...row, container: row.container });
  }
}

async function addRanges(
  graph: GraphReader,
  { serialRanges }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  for (const { gtin, from, to } of serialRanges) {
    const before = building.named.size + building.containers.length;
    for (const span of serialSpans(gtin, from, to)) {
      const rows = await readSerialSpan(graph, span, MAX_NAMED + 1, options);
      for (const row of rows) addPackage(building, row);
    }
    if (building.named.size + building.containers.length === before)
      building.notFound.push(`01/${gtin}/21/${from} to ${to}`);
  }
}

function addPackage(
  building: Building,
  row: { readonly k: string; readonly lot: string | null; readonly container: boolean },
): void {
  if (isCovered(building, row.lot) && !row.container) return;
  if (row.container)
    building.containers.push({
      id: row.k,
      from: 0,
      until: LAST_INSTANT,
      role: 'CONTAINER',
      via: row.k,
    });
  else addNamed(building, row.k, { role: 'SERIAL', via: null, eventId: null, at: null });
}

async function probeLots(
  graph: GraphReader,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  const probes = await readLotProbes(graph, [...building.lots.keys()], options);
  building.notFound.push(...probes.filter((probe) => !probe.known).map((probe) => probe.lot));
  const selected = (probe: LotProbe): boolean => building.lots.get(probe.lot)?.role === 'SELECTED';
  building.gaps.push(...madeIntoGaps(probes.filter(selected), building.lots));
  building.gaps.push(...containersOfLotGaps(probes));
  building.containersOfLot.push(...probes.flatMap((probe) => probe.containers));
}

async function addMembers(
  graph: GraphReader,
  { siteWindow, asOf }: RecallSelectors,
  building: Building,
  options: ReadOptions,
): Promise<void> {
  const sources = [...building.containers];
  const holdings: MemberSource[] = [];
  if (siteWindow !== null) {
    const sites = await readSitesWithin(graph, siteWindow.site, options);
    if (sites.length === 0) building.notFound.push(siteWindow.site);
    const found = await readStandingAt(graph, sites, siteWindow, options);
    const why = { role: 'SITE_WINDOW', via: siteWindow.site } as const;
    sources.push(...found.containers.map((span) => ({ ...span, ...why })));
    holdings.push(...found.holdings.map((span) => ({ ...span, ...why })));
  }
  if (sources.length + holdings.length === 0) return;
  const until = asOf ?? LAST_INSTANT;
  const room = MAX_NAMED - building.named.size;
  const found = await followMembers(graph, { containers: sources, holdings, until, room }, options);
  for (const [key, { reason, lot }] of found.units)
    if (!isCovered(building, lot)) addNamed(building, key, reason);
  if (found.cut !== null) building.gaps.push({ code: 'UNITS_CUT', detail: found.cut });
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
  const { gaps, notFound, gtins, containersOfLot } = building;
  const named = new Map([...building.named].slice(0, MAX_NAMED));
  if (building.named.size > MAX_NAMED)
    gaps.push({
      code: 'UNITS_CUT',
      detail: `More than ${MAX_NAMED} units were named one by one: only the first ${MAX_NAMED} are in. Ask by lot, or in parts.`,
    });
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
    withoutLot,
    named,
    gaps: [...gaps, ...notFoundGaps(notFound)],
    notFound,
    containersOfLot,
    asOf,
  };
}
