import DataLoader from 'dataloader';
import type { Graph } from '../graph/graph.js';
import type { Page, PageRequest } from '../shared/page.js';
import { listLotsOf, listSitesOf } from './master-data-list.read-model.js';
import type { Lot, LotException, Party, Product, Site } from './master-data.js';
import {
  readLotExceptions,
  readLots,
  readParties,
  readProducts,
  readSites,
} from './master-data.read-model.js';
import { readHolders } from './operators.read-model.js';
import type { SitePoint } from './operators.read-model.js';
import { readTopmost } from './parties.read-model.js';

const BATCH = { maxBatchSize: 1000 };

/** Products by GTIN; one nobody registered comes as `registered: false`. */
export function makeProductLoader(graph: Graph, signal?: AbortSignal): DataLoader<string, Product> {
  return new DataLoader((gtins) => readProducts(graph, gtins, signal), BATCH);
}

/** Lots by id; null when there is none. */
export function makeLotLoader(graph: Graph, signal?: AbortSignal): DataLoader<string, Lot | null> {
  return new DataLoader((ids) => readLots(graph, ids, signal), BATCH);
}

/** What cannot be right about lots. */
export function makeLotExceptionLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<Lot, LotException[]> {
  return new DataLoader((lots) => readLotExceptions(graph, lots, signal), BATCH);
}

/** Sites by key; null only for the unknown place `?`. */
export function makeSiteLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<string, Site | null> {
  return new DataLoader((keys) => readSites(graph, keys, signal), BATCH);
}

/** Parties by key, each the one party its key stands for; one nobody registered comes as `registered: false`. */
export function makePartyLoader(graph: Graph, signal?: AbortSignal): DataLoader<string, Party> {
  return new DataLoader((keys) => readParties(graph, keys, signal), BATCH);
}

/** Keys of the parties that have what stands at a site at an instant; null where nobody is known to. */
export function makeHolderLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<SitePoint, string | null, string> {
  return new DataLoader((points) => readHolders(graph, points, signal ? { signal } : {}), {
    ...BATCH,
    cacheKeyFn: ({ site, at }) => `${at} ${site}`,
  });
}

/** Keys of the topmost parties that parties are within. */
export function makeTopmostLoader(graph: Graph, signal?: AbortSignal): DataLoader<string, string> {
  return new DataLoader((keys) => readTopmost(graph, keys, signal), BATCH);
}

/** A page of a list that belongs to one record. */
export interface PageOf extends PageRequest {
  /** Key of that record. */
  readonly of: string;
}

/** Pages of lots by GTIN. */
export function makeLotsOfProductLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<PageOf, Page<Lot>, string> {
  return pageLoader((of, request) => listLotsOf(graph, of, request, signal));
}

/** Pages of sites by the party that runs them. */
export function makeSitesOfPartyLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<PageOf, Page<Site>, string> {
  return pageLoader((of, request) => listSitesOf(graph, of, request, signal));
}

/** One read for all records of which the same page is asked; in one operation that is nearly always one read. */
function pageLoader<T>(
  read: (of: readonly string[], request: PageRequest) => Promise<readonly Page<T>[]>,
): DataLoader<PageOf, Page<T>, string> {
  const keyOf = ({ of, first, after }: PageOf): string => JSON.stringify([of, first, after]);
  return new DataLoader(
    async (asked) => {
      const groups = new Map<string, PageOf[]>();
      for (const one of asked) {
        const same = JSON.stringify([one.first, one.after]);
        groups.set(same, [...(groups.get(same) ?? []), one]);
      }
      const pages = new Map<string, Page<T>>();
      for (const group of groups.values()) {
        const [request] = group;
        const found = request
          ? await read(
              group.map(({ of }) => of),
              request,
            )
          : [];
        group.forEach((one, i) => {
          const page = found[i];
          if (page) pages.set(keyOf(one), page);
        });
      }
      return asked.map((one) => pages.get(keyOf(one)) ?? new Error('A page was not read'));
    },
    { ...BATCH, cacheKeyFn: keyOf },
  );
}
