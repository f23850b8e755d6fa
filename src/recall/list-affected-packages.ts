import { NOW } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { append } from '../shared/append.js';
import { pageOf } from '../shared/page.js';
import type { Page, PageKey, PageRequest } from '../shared/page.js';
import {
  locateUnits,
  readHoldingsInside,
  readTopsOfRow,
  readUnitsOfHolding,
  readUnitsOfLots,
} from './affected.read-model.js';
import type { LocatedUnit } from './affected.read-model.js';
import type { RecallState, ScopeRow, Selection } from './recall-scope.js';
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
  readonly after: readonly [string, string, string];
  readonly chunk: number;
}

const NAMED = '~';
const FILTER_CHUNK = 1000;
const MODES: Readonly<Record<RecallState, string>> = {
  SITE: 'AT',
  IN_TRANSIT: 'TO',
  UNKNOWN: 'UNKNOWN',
};

/**
 * Affected units one by one, in an order that works for paging by key.
 *
 * All units are read by lot and key, at the cost of one page. One row of now is read through the holdings that stand there, and one row of
 * the past through the units of the lots.
 */
export async function listAffectedPackages(
  view: View,
  selection: Selection,
  filter: PackagesFilter,
  page: PageRequest,
): Promise<Page<AffectedPackage>> {
  const { first, after } = page;
  const filtered = [filter.state, filter.status, filter.sites, filter.heldFrom].some(
    (one) => one !== null,
  );
  const listing: Listing = {
    view,
    selection,
    lots: filter.withoutLot ? selection.withoutLot : [...selection.lots.keys()].sort(),
    filter,
    after: placeOf(after),
    chunk: filtered ? FILTER_CHUNK : first + 1,
  };
  const found: Found[] = [];
  for await (const candidates of inOrder(listing, filtered && selection.asOf === null)) {
    append(found, await judge(listing, candidates));
    if (found.length > first) break;
  }
  const request = after === undefined ? { first } : { first, after };
  const rows = pageOf(found, request, (row) => row.key);
  const items = rows.items.map(({ cursor, node }) => ({ cursor, node: node.node }));
  return { ...rows, items };
}

interface Found {
  readonly node: AffectedPackage;
  readonly key: PageKey;
}

function placeOf(after: PageKey | undefined): Listing['after'] {
  const [part = '', inner = '', key = ''] = after ?? [];
  return [String(part), String(inner), String(key)];
}

async function* inOrder(listing: Listing, byRow: boolean): AsyncGenerator<Candidate[]> {
  if (listing.after[0] !== NAMED) yield* byRow ? byHoldings(listing) : byLots(listing);
  if (!listing.filter.withoutLot) yield* byName(listing);
}

async function* byLots({ view, lots, after, chunk }: Listing): AsyncGenerator<Candidate[]> {
  let [lot, , key] = after;
  for (;;) {
    const parts = lots
      .filter((id) => id >= lot)
      .map((id) => ({ lot: id, after: id === lot ? key : '' }));
    const rows = await readUnitsOfLots(view, parts, chunk);
    yield rows.map((row) => ({ k: row.k, key: [row.lot, '', row.k] }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < chunk) return;
    lot = last.lot;
    key = last.k;
  }
}

async function* byHoldings(listing: Listing): AsyncGenerator<Candidate[]> {
  const { view, lots, filter, after } = listing;
  if (lots.length === 0) return;
  const tops = await readTopsOfRow(view, {
    lots,
    from: after[0],
    mode: filter.state === null ? null : MODES[filter.state],
    sites: filter.sites,
    heldFrom: filter.heldFrom,
    status: filter.status,
    marked: filter.status === null ? [] : await markedTops(listing),
  });
  for (const top of tops) {
    const inside = (await readHoldingsInside(view, top, lots)).sort();
    const rest = top === after[0] ? inside.filter((id) => id >= after[1]) : inside;
    for (const holding of rest) {
      const key = top === after[0] && holding === after[1] ? after[2] : '';
      yield* inHolding(listing, { top, holding, key });
    }
  }
}

async function* inHolding(
  { view, lots, chunk }: Listing,
  { top, holding, key }: { top: string; holding: string; key: string },
): AsyncGenerator<Candidate[]> {
  for (let after = key; ;) {
    const keys = await readUnitsOfHolding(view, { holding, lots, after, limit: chunk });
    yield keys.map((k) => ({ k, key: [top, holding, k] }));
    const last = keys.at(-1);
    if (last === undefined || keys.length < chunk) return;
    after = last;
  }
}

async function* byName({ selection, after, chunk }: Listing): AsyncGenerator<Candidate[]> {
  const from = after[0] === NAMED ? after[2] : '';
  const keys = [...selection.named.keys()].filter((k) => k > from).sort();
  for (let start = 0; start < keys.length; start += chunk)
    yield await Promise.resolve(
      keys.slice(start, start + chunk).map((k) => ({ k, key: [NAMED, '', k] })),
    );
}

async function markedTops({ view, lots }: Listing): Promise<string[]> {
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
