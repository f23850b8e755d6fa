import type DataLoader from 'dataloader';
import { heldAt } from '../holdings/holding.js';
import type { Party } from './master-data.js';
import type { SitePoint } from './operators.read-model.js';

/** What of the loaders of an operation tells who has something. */
interface HolderLoaders {
  readonly holder: DataLoader<SitePoint, string | null, string>;
  readonly party: DataLoader<string, Party>;
}

/** Who has what is somewhere at an instant; null where nobody is known to. */
export async function holderOf(
  where: Parameters<typeof heldAt>[0],
  at: number,
  { holder, party }: HolderLoaders,
): Promise<Party | null> {
  const site = heldAt(where);
  const key = site === null ? null : await holder.load({ site, at });
  return key === null ? null : party.load(key);
}
