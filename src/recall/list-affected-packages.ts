import { NOW } from '../holdings/holding.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { append } from '../shared/append.js';
import { KEY_BEHIND_ALL, startKey } from '../graph/both-ways.js';
import { COUNTED_AT_MOST, limitOf, mapPage, pageOf, totalOf, wayOf } from '../shared/page.js';
import type { Direction, Page, PageKey, PageRequest, TotalCount } from '../shared/page.js';
import {
  locateUnits,
  readHoldingsInside,
  readTopsOfRow,
  readUnitsOfHolding,
  readUnitsOfLots,
} from './affected.read-model.js';
import type { LocatedUnit } from './affected.read-model.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import type { ScopeRow, Selection } from './recall-scope.js';
import { rowMatches, stateOf } from './recall-scope.rules.js';
import type { RowFilter } from './recall-scope.rules.js';
import { readMarkedHoldings } from './recall.read-model.js';
import { readSurroundings } from '../holdings/surrounding.read-model.js';

/** Which affected packages are wanted. */
export interface PackagesFilter extends RowFilter {
  /** Lists the possibly affected packages, whose lot is unknown, instead of the affected ones. */
  readonly withoutLot: boolean;
}

/** One affected unit, and where it is. */
export interface AffectedPackage extends Pick<
  ScopeRow,
  'state' | 'site' | 'origin' | 'status' | 'ended'
> {
  readonly key: string;
  readonly lot: string | null;
  /** Only possibly affected: its lot is unknown, or other lots were stated for it too. */
  readonly possibly: boolean;
  /** Keys of the containers around it, innermost first. */
  readonly containers: readonly string[];
}

/** The parts of a cursor: a lot or top holding (or `~` for units named one by one), the holding inside it, the key. */
export const PACKAGE_CURSOR = ['string', 'string', 'string'] as const;

interface Candidate {
  readonly k: string;
  readonly key: PageKey;
}

interface Listing {
  readonly view: View;
  readonly selection: Selection;
  readonly lots: readonly string[];
  readonly filter: PackagesFilter;
  readonly way: Direction;
  /** The place behind which the listing goes on, or the end it starts from. */
  readonly from: readonly [string, string, string];
  readonly chunk: number;
}

const NAMED = '~';
const FILTER_CHUNK = 1000;
const MODES: Readonly<Record<WhereaboutsState, string | null>> = {
  SITE: 'AT',
  IN_TRANSIT: 'TO',
  UNKNOWN: 'UNKNOWN',
  PASSED_ON: null,
};

/**
 * Affected units one by one, in an order that works for paging by key.
 *
 * All units are read by lot and key, at the cost of one page. One row of now is read through the holdings that stand there, and one row of
 * the past through the units of the lots. A partner's are always read through the holdings in which it sees some.
 */
export async function listAffectedPackages(
  view: View,
  selection: Selection,
  filter: PackagesFilter,
  page: PageRequest,
): Promise<Page<AffectedPackage>> {
  const limit = limitOf(page);
  const filtered = isFiltered(filter) || isPartner(view);
  const lots = filter.withoutLot ? selection.withoutLot : [...selection.lots.keys()];
  const start = { view, selection, lots, filter };
  const listing = listingOf(start, page, filtered ? FILTER_CHUNK : limit);
  const found: Found[] = [];
  for await (const candidates of inOrder(listing)) {
    append(found, await judge(listing, candidates));
    if (found.length >= limit) break;
  }
  const rows = pageOf(found, page, {
    keyOf: (row) => row.key,
    count: () => countListed(listingOf(start, FROM_THE_BEGINNING, FILTER_CHUNK)),
  });
  return mapPage(rows, ({ node }) => node);
}

const FROM_THE_BEGINNING = { size: FILTER_CHUNK, backward: false };

/** Counts what is listed. It looks at {@link COUNTED_AT_MOST} candidates, so behind a narrow filter it may know little. */
async function countListed(listing: Listing): Promise<TotalCount> {
  let [walked, n] = [0, 0];
  for await (const candidates of inOrder(listing)) {
    walked += candidates.length;
    n += (await judge(listing, candidates)).length;
    if (walked > COUNTED_AT_MOST) break;
  }
  return totalOf(n, walked);
}

function listingOf(
  start: Pick<Listing, 'view' | 'selection' | 'lots' | 'filter'>,
  page: PageRequest,
  chunk: number,
): Listing {
  const way = wayOf(page);
  const [part, inner, key] = page.from ?? [];
  const from = [startKey(way, part), startKey(way, inner), startKey(way, key)] as const;
  const listing = { ...start, way, from, chunk };
  return { ...listing, lots: inWay(listing, start.lots) };
}

function isFiltered({ state, status, sites, heldFrom }: PackagesFilter): boolean {
  return [state, status, sites, heldFrom].some((one) => one !== null);
}

/** Keys in the order in which they are listed. */
function inWay({ way }: Pick<Listing, 'way'>, keys: readonly string[]): string[] {
  const sorted = [...keys].sort();
  return way === 'ASC' ? sorted : sorted.reverse();
}

/** Keys that are not listed before a place. */
function notBefore({ way }: Listing, keys: readonly string[], place: string): string[] {
  return keys.filter((key) => (way === 'ASC' ? key >= place : key <= place));
}

interface Found {
  readonly node: AffectedPackage;
  readonly key: PageKey;
}

/** Units found by lot or holding come first, then those that were named one by one. */
async function* inOrder(listing: Listing): AsyncGenerator<Candidate[]> {
  const { filter, way, from } = listing;
  const bulk =
    from[0] === NAMED && way === 'ASC' ? [] : [isByHolding(listing) ? byHoldings : byLots];
  const named = filter.withoutLot || (from[0] < NAMED && way === 'DESC') ? [] : [byName];
  const parts = [...bulk, ...named];
  for (const part of way === 'ASC' ? parts : parts.reverse()) yield* part(listing);
}

function isByHolding({ view, selection, filter }: Listing): boolean {
  return (isFiltered(filter) && selection.asOf === null) || isPartner(view);
}

async function* byLots(listing: Listing): AsyncGenerator<Candidate[]> {
  const { view, lots, way, chunk } = listing;
  let [lot, , key] = bulkStart(listing);
  for (;;) {
    const parts = notBefore(listing, lots, lot).map((id) => ({
      lot: id,
      from: id === lot ? key : startKey(way, undefined),
    }));
    const rows = await readUnitsOfLots(view, parts, { way, limit: chunk });
    yield rows.map((row) => ({ k: row.k, key: [row.lot, '', row.k] }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < chunk) return;
    lot = last.lot;
    key = last.k;
  }
}

/** Where units by lot or holding go on. Read from the end, they start behind those that were named one by one. */
function bulkStart({ way, from }: Listing): Listing['from'] {
  const end = startKey(way, undefined);
  return from[0] === NAMED ? [end, end, end] : from;
}

async function* byHoldings(listing: Listing): AsyncGenerator<Candidate[]> {
  const { view, lots, filter, way } = listing;
  if (lots.length === 0) return;
  const from = bulkStart(listing);
  const [first, last] = way === 'ASC' ? [from[0], KEY_BEHIND_ALL] : ['', from[0]];
  const tops = await readTopsOfRow(view, {
    lots,
    ...{ first, last },
    mode: filter.state === null ? null : MODES[filter.state],
    sites: filter.sites,
    heldFrom: filter.heldFrom,
    status: filter.status,
    marked: await markedTops(listing),
  });
  for (const top of inWay(listing, tops)) {
    const inside = inWay(listing, await readHoldingsInside(view, top, lots));
    const rest = top === from[0] ? notBefore(listing, inside, from[1]) : inside;
    for (const holding of rest) {
      const key = top === from[0] && holding === from[1] ? from[2] : startKey(way, undefined);
      yield* inHolding(listing, { top, holding, key });
    }
  }
}

async function* inHolding(
  { view, lots, way, chunk }: Listing,
  { top, holding, key }: { top: string; holding: string; key: string },
): AsyncGenerator<Candidate[]> {
  for (let from = key; ;) {
    const keys = await readUnitsOfHolding(view, { holding, lots, from, way, limit: chunk });
    yield keys.map((k) => ({ k, key: [top, holding, k] }));
    const last = keys.at(-1);
    if (last === undefined || keys.length < chunk) return;
    from = last;
  }
}

async function* byName(listing: Listing): AsyncGenerator<Candidate[]> {
  const { selection, way, from, chunk } = listing;
  const start = from[0] === NAMED ? from[2] : startKey(way, undefined);
  const named = inWay(listing, [...selection.named.keys()]);
  const keys = notBefore(listing, named, start).filter((k) => k !== start);
  for (let at = 0; at < keys.length; at += chunk)
    yield await Promise.resolve(
      keys.slice(at, at + chunk).map((k) => ({ k, key: [NAMED, '', k] })),
    );
}

/** Tops that may hold units of the wanted status though they have another one. A partner's tops are not chosen by status. */
async function markedTops({ view, lots, filter }: Listing): Promise<string[]> {
  if (filter.status === null || isPartner(view)) return [];
  const marked = await readMarkedHoldings(view, lots);
  const around = await readSurroundings(view, marked, NOW);
  return [...new Set([...around.values()].map(({ top }) => top))];
}

async function judge(
  { view, selection, filter }: Listing,
  candidates: readonly Candidate[],
): Promise<Found[]> {
  if (candidates.length === 0) return [];
  const keys = candidates.map(({ k }) => k);
  const located = await locateUnits(view, keys, selection.asOf ?? NOW);
  return candidates.flatMap(({ k, key }) => {
    const unit = located.get(k);
    if (unit === undefined || (filter.withoutLot && selection.named.has(k))) return [];
    const node = toPackage(unit, filter.withoutLot || selection.doubtful.has(k));
    return rowMatches(node, filter) ? [{ node, key }] : [];
  });
}

function toPackage({ k, lot, around, status }: LocatedUnit, possibly: boolean): AffectedPackage {
  const { placing, ended, boxes } = around;
  return {
    key: k,
    lot,
    possibly,
    state: stateOf(placing),
    site: placing.site,
    origin: placing.mode === 'TO' ? placing.origin : null,
    status,
    ended,
    containers: boxes,
  };
}
