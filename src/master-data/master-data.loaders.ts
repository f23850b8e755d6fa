import DataLoader from 'dataloader';
import type { Graph } from '../graph/graph.js';
import type { Lot, Party, Product, Site } from './master-data.js';
import { readLots, readParties, readProducts, readSites } from './master-data.read-model.js';

const BATCH = { maxBatchSize: 1000 };

/** Products by GTIN; one nobody registered comes as `registered: false`. */
export function makeProductLoader(graph: Graph, signal?: AbortSignal): DataLoader<string, Product> {
  return new DataLoader((gtins) => readProducts(graph, gtins, signal), BATCH);
}

/** Lots by id; null when there is none. */
export function makeLotLoader(graph: Graph, signal?: AbortSignal): DataLoader<string, Lot | null> {
  return new DataLoader((ids) => readLots(graph, ids, signal), BATCH);
}

/** Sites by key; null only for the unknown place `?`. */
export function makeSiteLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<string, Site | null> {
  return new DataLoader((keys) => readSites(graph, keys, signal), BATCH);
}

/** Parties by key; one nobody registered comes as `registered: false`. */
export function makePartyLoader(graph: Graph, signal?: AbortSignal): DataLoader<string, Party> {
  return new DataLoader((keys) => readParties(graph, keys, signal), BATCH);
}
