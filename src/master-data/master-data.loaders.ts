import DataLoader from 'dataloader';
import { pageLoader } from '../graphql/page-loader.js';
import type { Context } from '../graphql/context.js';
import { perOperation } from '../graphql/per-operation.js';
import { listLotsOf, listSitesOf } from './lists-of-records.read-model.js';
import type { Lot, LotException, Party, Product, Site } from './master-data.js';
import {
  partyOf,
  readLotExceptions,
  readLots,
  readParties,
  readProducts,
  readSites,
  siteOf,
} from './master-data.read-model.js';
import type { FoundHolders, FoundSite, SitePoint } from './names.read-model.js';
import { holdersOf, partiesOf, readHolders, readTopmost } from './operators.read-model.js';

const BATCH = { maxBatchSize: 1000 };

const loadersOf = perOperation((view) => ({
  /** By GTIN-14. Never null: a product that nobody registered has `registered: false`. */
  product: new DataLoader<string, Product>((gtins) => readProducts(view, gtins), BATCH),
  /** By lot id. Null when there is no such lot. */
  lot: new DataLoader<string, Lot | null>((ids) => readLots(view, ids), BATCH),
  /** Lots of packages that this operation has read: who may know of the package may know of its lot. */
  lotOfPackage: new DataLoader<string, Lot | null>((ids) => readLots(view, ids, ids), BATCH),
  /** What cannot be right about lots. */
  lotExceptions: new DataLoader<Lot, LotException[]>(
    (lots) => readLotExceptions(view, lots),
    BATCH,
  ),
  /** By key. Null only for the unknown place `?`. */
  site: new DataLoader<string, Site | null>((keys) => readSites(view, keys), BATCH),
  /** Key of the party that holds what stands at a site at an instant; null when nobody is known. */
  holder: new DataLoader<SitePoint, string | null, string>((points) => readHolders(view, points), {
    ...BATCH,
    cacheKeyFn: ({ site, at }) => `${at} ${site}`,
  }),
  /** By key: the one party that the key stands for. Never null: a party that nobody registered has `registered: false`. */
  party: new DataLoader<string, Party>((keys) => readParties(view, keys), BATCH),
  /** Key of the topmost party that a party belongs to. */
  topmost: new DataLoader<string, string>((keys) => readTopmost(view, keys), BATCH),
  /** Pages of lots by GTIN. */
  lotsOfProduct: pageLoader((of, request) => listLotsOf(view, of, request)),
  /** Pages of sites, by the party that runs them. */
  sitesOfParty: pageLoader((of, request) => listSitesOf(view, of, request)),
}));

/** The type of {@link masterData}. */
export type MasterDataLoaders = ReturnType<typeof loadersOf>;

/** Reads about products, lots, sites and parties, each batched over one operation. Subscribers share the results. */
export function masterData({ view }: Pick<Context, 'view'>): MasterDataLoaders {
  return loadersOf({ view: view.common ?? view });
}

/** Keeps sites that another statement found, so that this operation does not read them again. */
export function keepSites(
  found: readonly FoundSite[],
  { site }: Pick<MasterDataLoaders, 'site'>,
): void {
  for (const one of found) site.prime(one.key, siteOf(one));
}

/** Keeps, in the same way, who holds what stands at some places. */
export function keepHolders(
  places: readonly SitePoint[],
  found: FoundHolders,
  { holder, party }: Pick<MasterDataLoaders, 'holder' | 'party'>,
): void {
  const holderAt = holdersOf(found);
  const parties = partiesOf(found.parties);
  for (const place of places) {
    const key = holderAt(place);
    holder.prime(place, key);
    if (key !== null) party.prime(key, partyOf(key, parties));
  }
}
