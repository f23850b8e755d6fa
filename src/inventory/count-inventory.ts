import type { View } from '../access/view.js';
import { readHoldersAt, readSitesHeldBy } from '../master-data/operators.read-model.js';
import { NOW, heldAt } from '../holdings/holding.js';
import type { InventoryDimension, InventoryFilter, InventoryRow, StockPart } from './inventory.js';
import { readStock } from './inventory.read-model.js';
import { groupStock } from './inventory.rules.js';

/**
 * Stock on hand, by any of product, lot, site, holder, status and month of expiry. It also counts units whose newest
 * events name only their container. Stock in transit has its own row and is never added to the stock of a site.
 */
export async function countInventory(
  view: View,
  filter: InventoryFilter,
  by: readonly InventoryDimension[],
): Promise<InventoryRow[]> {
  const { parties, statuses } = filter;
  const heldFrom = parties === null ? null : await readSitesHeldBy(view, parties, NOW);
  if (heldFrom?.length === 0) return [];
  const stock = await readStock(view, { ...filter, heldFrom, by });
  const wanted = stock.filter(
    ({ status }) => statuses === null || (status !== null && statuses.includes(status)),
  );
  const held = by.includes('HOLDER') ? wanted.flatMap((part) => heldAt(part) ?? []) : [];
  const holders = await readHoldersAt(view, held, NOW);
  const parts = wanted.map((part): StockPart => ({
    ...part,
    holder: holders.get(heldAt(part) ?? '') ?? null,
  }));
  return groupStock(parts, by);
}
