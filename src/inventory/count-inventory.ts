import type { GraphReader, ReadOptions } from '../graph/graph.js';
import { readOperators } from '../recall/index.js';
import type { InventoryDimension, InventoryFilter, InventoryRow, StockPart } from './inventory.js';
import type { Unheld } from './inventory.read-model.js';
import { readSitesOf, readStock } from './inventory.read-model.js';
import { groupStock } from './inventory.rules.js';

/**
 * Stock on hand, by any of product, lot, site, holder, status and month of expiry; units that no event but a
 * container's names are counted too. What is in transit is a row of its own, never added to the stock of a site.
 */
export async function countInventory(
  graph: GraphReader,
  filter: InventoryFilter,
  by: readonly InventoryDimension[],
  options: ReadOptions = {},
): Promise<InventoryRow[]> {
  const sites = await sitesOf(graph, filter, options);
  if (sites?.length === 0) return [];
  const stock = await readStock(graph, { ...filter, sites }, options);
  const { statuses } = filter;
  const wanted = stock.filter(({ status }) => statuses === null || statuses.includes(status));
  const holders = by.includes('HOLDER') ? await holdersOf(graph, wanted, options) : new Map();
  const parts = wanted.map((part): StockPart => ({ ...part, holder: holderOf(part, holders) }));
  return groupStock(parts, by);
}

async function sitesOf(
  graph: GraphReader,
  { sites, parties }: InventoryFilter,
  options: ReadOptions,
): Promise<string[] | null> {
  if (parties === null) return sites === null ? null : [...new Set(sites)];
  const run = await readSitesOf(graph, parties, options);
  return sites === null ? run : run.filter((site) => sites.includes(site));
}

function holdersOf(
  graph: GraphReader,
  stock: readonly Unheld[],
  options: ReadOptions,
): Promise<Map<string, string>> {
  const sites = new Set(stock.flatMap((part) => heldAt(part) ?? []));
  return readOperators(graph, [...sites], options);
}

function holderOf(part: Unheld, holders: ReadonlyMap<string, string>): string | null {
  const site = heldAt(part);
  return site === null ? null : (holders.get(site) ?? null);
}

// What is under way is its shipper's until somebody receives it, as a recall has it.
function heldAt({ state, site, origin }: Unheld): string | null {
  return state === 'IN_TRANSIT' ? origin : site;
}
