import type { View } from '../access/view.js';
import { holdersOf, readSitesHeldBy } from '../master-data/operators.read-model.js';
import { readNames } from '../master-data/place-names.read-model.js';
import type { FoundNames } from '../master-data/place-names.read-model.js';
import { NOW, heldAt } from '../holdings/holding.js';
import type { InventoryDimension, InventoryFilter, InventoryRow, StockPart } from './inventory.js';
import { readStock } from './inventory.read-model.js';
import { groupStock } from './inventory.rules.js';

/**
 * Stock on hand, by any of product, lot, site, country, holder, status and month of expiry. It also counts units whose newest
 * events name only their container. Stock in transit has its own row and is never added to the stock of a site.
 *
 * @param onNames called with the names of the sites and holders of the rows
 */
export async function countInventory(
  view: View,
  filter: InventoryFilter,
  by: readonly InventoryDimension[],
  onNames?: (names: FoundNames) => void,
): Promise<InventoryRow[]> {
  const { parties, statuses } = filter;
  const heldFrom = parties === null ? null : await readSitesHeldBy(view, parties, NOW);
  if (heldFrom?.length === 0) return [];
  const stock = await readStock(view, { ...filter, heldFrom, by });
  const wanted = stock.filter(
    ({ status }) => statuses === null || (status !== null && statuses.includes(status)),
  );
  const names = await readNames(view, {
    sites:
      by.includes('SITE') || by.includes('COUNTRY') ? wanted.flatMap(({ site }) => site ?? []) : [],
    held: by.includes('HOLDER') ? wanted.flatMap((part) => heldAt(part) ?? []) : [],
  });
  onNames?.(names);
  const holderAt = holdersOf(names.found);
  const countries = new Map(names.sites.map(({ key, node }) => [key, node?.['country']]));
  const parts = wanted.map((part): StockPart => {
    const site = heldAt(part);
    return {
      ...part,
      country: textOrNull(countries.get(part.site ?? '')),
      holder: site === null ? null : holderAt({ site, at: NOW }),
    };
  });
  return groupStock(parts, by);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
