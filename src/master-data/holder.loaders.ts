import { heldAt } from '../holdings/holding.js';
import type { Party } from './master-data.js';
import type { MasterDataLoaders } from './master-data.loaders.js';

/** Who holds what stands at a place at an instant; null when nobody is known. */
export async function holderOf(
  where: Parameters<typeof heldAt>[0],
  at: number,
  { holder, party }: Pick<MasterDataLoaders, 'holder' | 'party'>,
): Promise<Party | null> {
  const site = heldAt(where);
  const key = site === null ? null : await holder.load({ site, at });
  return key === null ? null : party.load(key);
}
