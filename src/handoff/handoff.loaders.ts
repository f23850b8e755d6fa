import DataLoader from 'dataloader';
import type { Context } from '../graphql/context.js';
import { pageLoader } from '../graphql/page-loader.js';
import { perOperation } from '../graphql/per-operation.js';
import type { Handoff, HandoffCount, HandoffPackage } from './handoff.js';
import {
  ALL_HANDOFFS,
  listHandoffs,
  listHandoffsAt,
  listHandoffsOf,
  readHandoffs,
} from './handoff-list.read-model.js';
import { readHandoffPackages, readUnitsInside } from './handoff.read-model.js';
import type { ContentsQuery } from './handoff.read-model.js';
import { packageCount, unitCount } from './handoff.rules.js';

const loadersOf = perOperation((view) => ({
  handoff: new DataLoader<string, Handoff | null>((ids) => readHandoffs(view, ids), {
    maxBatchSize: 1000,
  }),
  packages: new DataLoader<string, HandoffPackage[]>(async (ids) => {
    const found = await readHandoffPackages(view, ids);
    return ids.map((id) => found.get(id) ?? []);
  }),
  units: new DataLoader<ContentsQuery, Set<string>, string>(
    (queries) => readUnitsInside(view, queries),
    { cacheKeyFn: ({ key, t }) => `${t} ${key}`, maxBatchSize: 1000 },
  ),
}));

/** A handoff by its id; null when there is none. */
export function handoffOf(context: Pick<Context, 'view'>, id: string): Promise<Handoff | null> {
  return loadersOf(context).handoff.load(id);
}

/** Handoffs of packages, sites and parties, page by page. One read serves all packages, or all sites, of an operation. */
export const handoffsOf = perOperation((view) => ({
  ofPackage: pageLoader((keys, page) => listHandoffsOf(view, keys, page)),
  atSite: pageLoader((sites, page) => listHandoffsAt(view, sites, page)),
  ofParty: pageLoader((parties, page) =>
    Promise.all(
      parties.map((party) =>
        listHandoffs(
          view,
          { ...ALL_HANDOFFS, parties: [party] },
          { ...page, order: NEWEST_FIRST, nowMs: 0 },
        ),
      ),
    ),
  ),
}));

const NEWEST_FIRST = { field: 'SHIPPED', direction: 'DESC' } as const;

/** Packages of a handoff. One read serves all handoffs of an operation. */
export function packagesOf(context: Context, { id }: Handoff): Promise<HandoffPackage[]> {
  return loadersOf(context).packages.load(id);
}

/** Keys of the units that a package was or had inside at shipping, or at its receipt when nobody shipped it. */
export function unitsOf(
  context: Context,
  handoff: Handoff,
  one: HandoffPackage,
): Promise<Set<string>> {
  const { key, container, isClaimed = false } = one;
  if (isClaimed) return Promise.resolve(new Set(container ? [] : [key]));
  return loadersOf(context).units.load({ key, container, t: handoff.shippedAt });
}

/** Compares shipped and received packages, counted as they are named. */
export async function countPackages(context: Context, handoff: Handoff): Promise<HandoffCount> {
  return packageCount(handoff, await packagesOf(context, handoff));
}

/** Compares shipped and received units. */
export async function countUnits(context: Context, handoff: Handoff): Promise<HandoffCount> {
  const packages = await packagesOf(context, handoff);
  const units = await Promise.all(
    packages.map(async (one) => [one.key, await unitsOf(context, handoff, one)] as const),
  );
  return unitCount(handoff, packages, new Map(units));
}

/** Without a memory, for what outlives an operation. */
export { readHandoffs } from './handoff-list.read-model.js';
export { readHandoffPackages } from './handoff.read-model.js';
