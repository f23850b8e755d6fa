import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { KEY_BEHIND_ALL, startKey } from '../graph/both-ways.js';
import { readHistory } from '../holdings/whereabouts.read-model.js';
import { ENDED, heldAt, NOW } from '../holdings/holding.js';
import type { Whereabouts, WhereaboutsState } from '../holdings/whereabouts.rules.js';
import { readSitesHeldBy } from '../master-data/operators.read-model.js';
import { append } from '../shared/append.js';
import {
  COUNTED_AT_MOST,
  EMPTY_PAGE,
  limitOf,
  mapPage,
  pageOf,
  totalOf,
  wayOf,
} from '../shared/page.js';
import type { Direction, Page, PageRequest, TotalCount } from '../shared/page.js';
import type { PackageLevel } from './package.js';
import {
  readByKey,
  readEmpty,
  readFillingOf,
  readInHoldings,
  readLotsExpiring,
  readOfLots,
  readTops,
  readTopsSeen,
} from './packages.read-model.js';
import type { ListedPackage, ListPart, Top, TopsWanted } from './packages.read-model.js';

/** Selects packages by what they are and where they are now. All conditions must hold; null is no condition. Keys are canonical. */
export interface PackageFilter {
  readonly lot: string | null;
  readonly gtin: string | null;
  /** At the site, or on the way to it. */
  readonly site: string | null;
  readonly holder: string | null;
  readonly state: WhereaboutsState | null;
  readonly status: string | null;
  readonly level: PackageLevel | null;
  /** ISO dates, inclusive and exclusive. */
  readonly expiresFrom: string | null;
  readonly expiresUntil: string | null;
  /** Inside this container, at any depth. */
  readonly container: string | null;
  /** Whether packages that were dispensed, destroyed or decommissioned count too. */
  readonly includeEnded: boolean;
}

/** The parts of a cursor: the lot or top holding, and the key. */
export const PACKAGE_SHAPE = ['string', 'string'] as const;

interface Listing {
  readonly view: View;
  readonly filter: PackageFilter;
  /** Sites whose stock the holder has; null for any. */
  readonly heldFrom: readonly string[] | null;
  readonly way: Direction;
  readonly from: readonly [part: string, key: string];
  /** How many packages are looked at first. */
  readonly chunk: number;
}

/** Most packages that are looked at together, and fewest: a round trip costs more than looking at some in vain. */
const CHUNK = 1000;
const LEAST = 100;

/** How many are looked at next: as long as the page is not full, few of them belong to the list. */
function grown(chunk: number): number {
  return Math.max(chunk, Math.min(2 * chunk, CHUNK));
}

/**
 * Packages by what they are and where they are now: through the container, the lot, the place, the status, the expiry or the key, whichever
 * is given first in this order. What is found so is held against all other conditions.
 */
export async function listPackages(
  view: View,
  filter: PackageFilter,
  page: PageRequest,
): Promise<Page<{ readonly key: string }>> {
  const heldFrom =
    filter.holder === null ? null : await readSitesHeldBy(view, [filter.holder], NOW);
  if (heldFrom?.length === 0) return EMPTY_PAGE;
  const start = { view, filter, heldFrom };
  const way = wayOf(page);
  const [part, key] = page.from ?? [];
  const from = [startKey(way, part), startKey(way, key)] as const;
  const limit = limitOf(page);
  const found: ListedPackage[] = [];
  for await (const some of wanted({ ...start, way, from, chunk: Math.max(2 * limit, LEAST) })) {
    append(found, some.found);
    if (found.length >= limit) break;
  }
  const rows = pageOf(found.slice(0, limit), page, {
    keyOf: (row) => [row.part, row.k],
    count: () => countListed({ ...start, way: 'ASC', from: ['', ''], chunk: CHUNK }),
  });
  return mapPage(rows, ({ k }) => ({ key: k }));
}

/** Counts what is listed. It looks at {@link COUNTED_AT_MOST} packages, so behind a narrow filter it may know little. */
async function countListed(listing: Listing): Promise<TotalCount> {
  let [walked, n] = [0, 0];
  for await (const some of wanted(listing)) {
    walked += some.walked;
    n += some.found.length;
    if (walked > COUNTED_AT_MOST) break;
  }
  return totalOf(n, walked);
}

interface Some {
  readonly found: readonly ListedPackage[];
  readonly walked: number;
}

/** What is found on the way in and meets all conditions, in the order of the list. */
async function* wanted(listing: Listing): AsyncGenerator<Some> {
  const { view, filter } = listing;
  const lots = await lotsOf(listing);
  for await (const some of wayIn(listing, lots)) {
    const named = some.filter((one) => isNamed(one, filter, lots));
    const points = named.map(({ k: key }) => ({ key, at: NOW }));
    const history = points.length === 0 ? null : await readHistory(view, points);
    const found = named.filter(
      ({ k }) => history !== null && stands(history.whereabouts({ key: k, at: NOW }), listing),
    );
    yield { found, walked: some.length };
  }
}

/** The lots that the packages must be of; null for any. */
async function lotsOf({ view, filter }: Listing): Promise<ReadonlySet<string> | null> {
  const { lot, expiresFrom, expiresUntil } = filter;
  if (expiresFrom === null && expiresUntil === null) return lot === null ? null : new Set([lot]);
  const expiring = await readLotsExpiring(view, expiresFrom, expiresUntil);
  return new Set(lot === null ? expiring : expiring.filter((id) => id === lot));
}

async function* wayIn(
  listing: Listing,
  lots: ReadonlySet<string> | null,
): AsyncGenerator<readonly ListedPackage[]> {
  const { view, filter } = listing;
  if (filter.container !== null) {
    const filling = await readFillingOf(view, filter.container);
    if (filling !== null) yield* throughHoldings(listing, [filling], true);
  } else if (isPartner(view)) yield* throughFullTops(listing, lots && [...lots]);
  else yield* throughPlaces(listing, lots);
}

async function* throughPlaces(
  listing: Listing,
  lots: ReadonlySet<string> | null,
): AsyncGenerator<readonly ListedPackage[]> {
  const { filter, heldFrom } = listing;
  if (lots !== null && (filter.lot !== null || (filter.site ?? heldFrom) === null)) {
    yield* throughLots(listing, [...lots]);
  } else if (filter.site !== null || heldFrom !== null || filter.status !== null) {
    yield* throughTops(listing);
  } else yield* byKey(listing);
}

function isNamed(
  { k, lot }: ListedPackage,
  { gtin }: PackageFilter,
  lots: ReadonlySet<string> | null,
): boolean {
  const isOfProduct = gtin === null || k.startsWith(`01/${gtin}/21/`);
  return isOfProduct && (lots === null || (lot !== null && lots.has(lot)));
}

function stands(found: Whereabouts, { filter, heldFrom }: Listing): boolean {
  const { site, state, status, includeEnded } = filter;
  const is = (wanted: string | null, ...some: readonly (string | null)[]): boolean =>
    wanted === null || some.includes(wanted);
  if (!found.known || found.state === 'PASSED_ON' || (!includeEnded && isEnded(found)))
    return false;
  if (heldFrom !== null && !heldFrom.includes(heldAt(found) ?? '')) return false;
  return (
    is(site, found.site, found.destination) && is(state, found.state) && is(status, found.status)
  );
}

/** Whether its life is over. What stands alone, and what is in it, has no holding that says so. */
function isEnded({ holding, status }: Whereabouts): boolean {
  return holding === null ? ENDED.has(status ?? '') : holding.startsWith('D ');
}

async function* throughLots(
  listing: Listing,
  lots: readonly string[],
): AsyncGenerator<readonly ListedPackage[]> {
  const { view, filter, way } = listing;
  yield* inParts(listing, lots, (parts, limit) =>
    readOfLots(view, parts, { way, limit, level: filter.level }),
  );
}

async function* throughTops(listing: Listing): AsyncGenerator<readonly ListedPackage[]> {
  const parts = [throughFullTops, throughEmpty];
  for (const part of listing.way === 'ASC' ? parts : parts.reverse()) yield* part(listing);
}

function placesOf({
  filter,
  heldFrom,
}: Listing): Pick<TopsWanted, 'sites' | 'heldFrom' | 'status'> {
  const { site, status } = filter;
  return { sites: site === null ? null : [site], heldFrom, status };
}

/** @param lots for partners: those in which units are wanted; null for all */
async function* throughFullTops(
  listing: Listing,
  lots: readonly string[] | null = null,
): AsyncGenerator<readonly ListedPackage[]> {
  const { view, filter, way, from, chunk } = listing;
  const [first, last] = way === 'ASC' ? [from[0], KEY_BEHIND_ALL] : ['', from[0]];
  const { includeEnded } = filter;
  const tops = isPartner(view)
    ? await readTopsSeen(view, { lots, includeEnded, first, last })
    : await readTops(view, { ...placesOf(listing), includeEnded, first, last });
  for (const { ids, packages } of batches(way === 'ASC' ? tops : tops.toReversed(), chunk))
    yield* throughHoldings({ ...listing, chunk: packages }, ids, false);
}

/** The part of empty containers comes behind all holdings. */
const EMPTY = '~';

async function* throughEmpty(listing: Listing): AsyncGenerator<readonly ListedPackage[]> {
  const { view, filter, way, from } = listing;
  const isPast = way === 'DESC' && from[0] < EMPTY;
  if (filter.level === 'UNIT' || isPast) return;
  yield* inParts(listing, [EMPTY], ([part], limit) =>
    readEmpty(view, placesOf(listing), { way, limit, ...(part ?? { part: EMPTY, from: '' }) }),
  );
}

/** Ids of tops, as many together as are likely to fill a chunk, and how many packages that is. */
function* batches(
  tops: readonly Top[],
  chunk: number,
): Generator<{ readonly ids: string[]; readonly packages: number }> {
  let [ids, size] = [[] as string[], 0];
  let packages = chunk;
  for (const top of tops) {
    ids.push(top.id);
    size += top.packages;
    if (size < packages) continue;
    yield { ids, packages };
    [ids, size] = [[], 0];
    packages = grown(packages);
  }
  if (ids.length > 0) yield { ids, packages };
}

async function* throughHoldings(
  listing: Listing,
  holdings: readonly string[],
  inside: boolean,
): AsyncGenerator<readonly ListedPackage[]> {
  const { view, filter, way } = listing;
  yield* inParts(listing, holdings, (parts, limit) =>
    readInHoldings(view, parts, { way, limit, level: filter.level, inside }),
  );
}

/** Reads the parts of a list chunk by chunk, from the place of the listing on. */
async function* inParts(
  { way, from, chunk }: Listing,
  all: readonly string[],
  read: (parts: readonly ListPart[], limit: number) => Promise<readonly ListedPackage[]>,
): AsyncGenerator<readonly ListedPackage[]> {
  let [at, key] = from;
  const sorted = way === 'ASC' ? all.toSorted() : all.toSorted().reverse();
  for (let limit = chunk; ; limit = grown(limit)) {
    const parts = sorted
      .filter((part) => (way === 'ASC' ? part >= at : part <= at))
      .map((part) => ({ part, from: part === at ? key : startKey(way, undefined) }));
    if (parts.length === 0) return;
    const some = await read(parts, limit);
    yield some;
    const last = some.at(-1);
    if (last === undefined || some.length < limit) return;
    [at, key] = [last.part, last.k];
  }
}

async function* byKey({
  view,
  filter: { gtin, level },
  way,
  from,
  chunk,
}: Listing): AsyncGenerator<readonly ListedPackage[]> {
  const prefix = gtin === null ? '' : `01/${gtin}/21/`;
  const ends = { first: prefix, last: gtin === null ? KEY_BEHIND_ALL : prefix + KEY_BEHIND_ALL };
  let key = from[1];
  for (let limit = chunk; ; limit = grown(limit)) {
    const some = await readByKey(view, { way, limit, level, from: key, ...ends });
    yield some;
    const last = some.at(-1);
    if (last === undefined || some.length < limit) return;
    key = last.k;
  }
}
