import type { GraphReader, ReadOptions } from '../graph/graph.js';
import type {
  Gap,
  LotProbe,
  LotStep,
  NamedReason,
  RecallSelectors,
  Selection,
} from './recall-scope.js';
import { followMembers } from './follow-members.js';
import type { MemberSource } from './follow-members.js';
import {
  contentsUnknownGap,
  containersOfLotGaps,
  futureGap,
  madeIntoGaps,
  madeWindowGap,
  serialsMissingGap,
  siteWindowGaps,
  unknownGaps,
} from './gaps.rules.js';
import type { Unknowns } from './gaps.rules.js';
import {
  readKnownPackages,
  readLotProbes,
  readLotsOfProduct,
  readMadeFromLots,
  readMadeFromPackages,
  readSerialSpan,
  readSilentContainers,
} from './selection.read-model.js';
import type { MadeRow } from './selection.read-model.js';
import { countSerials, lotsMadeBetween, serialSpans, withoutLotOf } from './selection.rules.js';
import { readReadAt, readSitesWithin, readStandingAt } from './standing-at.read-model.js';
import type { ReadPackage } from './standing-at.read-model.js';

/** Most lots of one scope. */
const MAX_LOTS = 5000;
/** Most units that a scope takes in one by one (those of affected lots are not among them). */
const MAX_NAMED = 200_000;
/** Most transformations in a row that a source lot is followed through. */
const MAX_GENERATIONS = 20;

/** Where the serial begins in the key of a unit with a GTIN. */
const SERIAL_AT = '01/09506000134352/21/'.length;
const LAST_INSTANT = 8_640_000_000_000_000;

/** How a question is asked beside what it asks for. */
export interface ScopeOptions extends ReadOptions {
  /** Epoch ms: what lies ahead of it cannot be known. */
  readonly now: number;
}

interface Building {
  readonly lots: Map<string, LotStep>;
  readonly named: Map<string, NamedReason>;
  /** Products asked for as such: their units without a lot matter even when they have no lot at all. */
  readonly gtins: Set<string>;
  readonly gaps: Gap[];
  readonly unknown: { readonly [K in keyof Unknowns]: string[] };
  readonly containers: MemberSource[];
  readonly containersOfLot: string[];
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
    named: new Map(),
    gtins: new Set(),
    gaps: [...futureGap(selectors.asOf, options.now)],
    unknown: { lots: [], products: [], serials: [], containers: [], sites: [] },
    containers: [],
    containersOfLot: [],
  };
  await addProducts(graph, selectors, building, options);
  await addMadeFrom(graph, selectors, building, options);
  await addSerials(graph, selectors, building, options);
  await addRanges(graph, selectors, building, options);
  await probeLots(graph, selectors, building, options);
  await addMembers(graph, selectors, building, options);
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
    building.gaps.push(...made.gaps, ...madeWindowGap(product, counts));
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
      const { source: via, eventId } = row;
      addNamed(building, id, { role: 'OUTPUT', via, eventId, at: null, lot: null });
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
    building.gaps.push(...serialsMissingGap(name, countSerials(from, to, known)));
    if (known.length === 0) building.unknown.serials.push(`01/${gtin}/21/${from} to ${to}`);
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
  for (const product of products)
    if (![...known].some((lot) => lot.startsWith(product))) building.unknown.products.push(product);
  const selected = (probe: LotProbe): boolean => building.lots.get(probe.lot)?.role === 'SELECTED';
  building.gaps.push(...madeIntoGaps(probes.filter(selected), building.lots));
  building.gaps.push(...containersOfLotGaps(probes));
  building.containersOfLot.push(...probes.flatMap((probe) => probe.containers));
}

async function addMembers(
  graph: GraphReader,
  { siteWindow, asOf }: RecallSelectors,
  building: Building,
  options: ScopeOptions,
): Promise<void> {
  const atSite =
    siteWindow === null
      ? NOBODY
      : await addFoundAt(graph, { ...siteWindow, asOf }, building, options);
  const containers = [...building.containers, ...atSite.containers];
  const { holdings } = atSite;
  if (containers.length + holdings.length === 0) return;
  const until = asOf ?? LAST_INSTANT;
  const room = MAX_NAMED - building.named.size;
  const found = await followMembers(graph, { containers, holdings, until, room }, options);
  for (const [key, reason] of found.units)
    if (!isCovered(building, reason.lot)) addNamed(building, key, reason);
  if (found.cut !== null) building.gaps.push({ code: 'UNITS_CUT', detail: found.cut });
  const silent = await readSilentContainers(graph, found.containers, options);
  building.gaps.push(...contentsUnknownGap(silent));
}

interface AtSite {
  readonly containers: readonly MemberSource[];
  readonly holdings: readonly MemberSource[];
}

const NOBODY: AtSite = { containers: [], holdings: [] };

/** What stood at a site or was read there within a window: units by name, containers and holdings for what they held then. */
async function addFoundAt(
  graph: GraphReader,
  {
    asOf,
    ...window
  }: NonNullable<RecallSelectors['siteWindow']> & { readonly asOf: number | null },
  building: Building,
  options: ScopeOptions,
): Promise<AtSite> {
  const sites = await readSitesWithin(graph, window.site, options);
  if (sites.length === 0) {
    building.unknown.sites.push(window.site);
    return NOBODY;
  }
  // What happens there later is not known yet, or not asked for.
  const until = Math.min(window.until, options.now, asOf ?? LAST_INSTANT);
  const span = { sites, from: window.from, until };
  const [standing, read] = await Promise.all([
    readStandingAt(graph, span, options),
    readReadAt(graph, span, MAX_NAMED + 1, options),
  ]);
  const { containers, holdings } = standing;
  const found = containers.length + holdings.length + read.length;
  building.gaps.push(...siteWindowGaps(window, found, options.now));
  if (read.length > MAX_NAMED) building.gaps.push(unitsCutGap());
  for (const { k, lot, container, ...reading } of read)
    if (!container && !isCovered(building, lot))
      addNamed(building, k, {
        role: 'READ_POINT',
        via: reading.site,
        eventId: reading.eventId,
        at: reading.t,
        lot,
      });
  const why = { role: 'SITE_WINDOW', via: window.site } as const;
  return {
    containers: [
      ...containers.map((span) => ({ ...span, ...why })),
      ...read.filter(({ container }) => container).map(toSource),
    ],
    holdings: holdings.map((span) => ({ ...span, ...why })),
  };
}

// What an event empties was in it until just before.
function toSource({ k, t, site, emptied }: ReadPackage): MemberSource {
  return { id: k, from: emptied ? t - 1 : t, until: t, role: 'READ_POINT', via: site };
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
  const { gaps, unknown, gtins, containersOfLot } = building;
  const named = new Map([...building.named].slice(0, MAX_NAMED));
  if (building.named.size > MAX_NAMED) gaps.push(unitsCutGap());
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
