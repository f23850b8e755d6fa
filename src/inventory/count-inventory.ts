import type { GraphReader, ReadOptions } from '../graph/graph.js';
import { readOperators } from '../recall/index.js';
import type { InventoryDimension, InventoryFilter, InventoryRow, StockPart } from './inventory.js';
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
  stock: readonly Pick<StockPart, 'site'>[],
  options: ReadOptions,
): Promise<Map<string, string>> {
  const sites = new Set(stock.flatMap(({ site }) => site ?? []));
  return readOperators(graph, [...sites], options);
}

// What is under way is held by nobody we know of: its destination does not have it yet.
function holderOf(
  { state, site }: Pick<StockPart, 'state' | 'site'>,
  holders: ReadonlyMap<string, string>,
): string | null {
  return state === 'SITE' && site !== null ? (holders.get(site) ?? null) : null;
}
