import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { holdersOf, readHoldersAt, readSitesHeldBy } from '../master-data/operators.read-model.js';
import type { SitePoint } from '../master-data/operators.read-model.js';
import { readNames } from '../master-data/place-names.read-model.js';
import type { FoundNames } from '../master-data/place-names.read-model.js';
import { NOW, heldAt } from '../holdings/holding.js';
import type { InventoryDimension, InventoryFilter, InventoryRow, StockPart } from './inventory.js';
import { readStock } from './inventory.read-model.js';
import type { StockQuery, Unheld } from './inventory.read-model.js';
import { readStockAsOf } from './stock-as-of.read-model.js';
import { groupStock } from './inventory.rules.js';
import { refusedArgument } from '../shared/problem.js';

/** Options of {@link countInventory}. */
interface InventoryOptions {
  /** Epoch ms; null or absent for now. */
  readonly asOf?: number | null;
  /** Called with the names of the sites and holders of the rows; not for a past instant. */
  readonly onNames?: (names: FoundNames) => void;
}

/**
 * Stock on hand, by any of product, lot, site, country, holder, status and month of expiry. It also counts units whose newest
 * events name only their container. Stock in transit has its own row and is never added to the stock of a site.
 * It is counted now, or after everything that happened at an instant. For a partner it is what it sees now.
 *
 * @throws Problem BAD_USER_INPUT when a partner asks for the past: what tops show is kept for now only
 */
export async function countInventory(
  view: View,
  filter: InventoryFilter,
  by: readonly InventoryDimension[],
  { asOf, onNames }: InventoryOptions = {},
): Promise<InventoryRow[]> {
  const at = asOf ?? NOW;
  refusePastForPartners(view, at);
  const stock = await readWanted(view, { ...filter, by }, at);
  const sites = by.includes('SITE') || by.includes('COUNTRY');
  const held = by.includes('HOLDER') ? stock.flatMap((part) => heldAt(part) ?? []) : [];
  const names = await readNames(view, {
    sites: sites ? stock.flatMap(({ site }) => site ?? []) : [],
    held: at === NOW ? held : [],
  });
  if (at === NOW) onNames?.(names);
  const holderAt =
    at === NOW ? holdersOf(names.found) : holdersThen(await readHoldersAt(view, held, at));
  const countries = new Map(names.sites.map(({ key, node }) => [key, node?.['country']]));
  const parts = stock.map((part): StockPart => {
    const site = heldAt(part);
    return {
      ...part,
      country: textOrNull(countries.get(part.site ?? '')),
      holder: site === null ? null : holderAt({ site, at }),
    };
  });
  return groupStock(parts, by);
}

/** @throws Problem BAD_USER_INPUT */
function refusePastForPartners(view: View, at: number): void {
  if (at === NOW || !isPartner(view)) return;
  throw refusedArgument('asOf', new Date(at).toISOString(), {
    rule: 'cannot be given by a partner, because stock that it sees is counted for now only.',
    remedy: 'Leave it out, or ask locate for a package at that instant.',
  });
}

/** The stock that meets all conditions. */
async function readWanted(
  view: View,
  query: Omit<StockQuery, 'heldFrom'> & Pick<InventoryFilter, 'parties'>,
  at: number,
): Promise<Unheld[]> {
  const { parties, statuses } = query;
  const heldFrom = parties === null ? null : await readSitesHeldBy(view, parties, at);
  if (heldFrom?.length === 0) return [];
  const wanted = { ...query, heldFrom };
  const stock = at === NOW ? await readStock(view, wanted) : await readStockAsOf(view, wanted, at);
  return stock.filter(
    ({ status }) => statuses === null || (status !== null && statuses.includes(status)),
  );
}

function holdersThen(found: ReadonlyMap<string, string>): (point: SitePoint) => string | null {
  return ({ site }) => found.get(site) ?? null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
