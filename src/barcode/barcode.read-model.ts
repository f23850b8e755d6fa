import { isLotShown } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { keepSeen } from '../location/index.js';
import { cypher, fragment } from '../graph/cypher.js';

/** What is known of a package for its barcode. */
export interface PackageLabel {
  readonly lot: string | null;
  /** As stored: an ISO date. */
  readonly expiry: string | null;
}

const LABEL = cypher.packages<PackageLabel>('barcode.packageLabel', {
  limited: 'readLabel asks only for packages that are seen',
})`
MATCH (p:Package {k: $key})
MATCH (l:Lot {id: p.lot})
RETURN l.lot AS lot, l.expiry AS expiry`;

const LOT_LABEL = cypher.packages<PackageLabel>('barcode.lotLabel', {
  partner: fragment`
MATCH (l:Lot {id: $key}) WHERE ${isLotShown(fragment`$key`)}
RETURN l.lot AS lot, l.expiry AS expiry`,
})`
MATCH (l:Lot {id: $key})
RETURN l.lot AS lot, l.expiry AS expiry`;

/** Lot and expiry of a package or lot, as far as events told; undefined for an unknown key. */
export async function readLabel(view: View, key: string): Promise<PackageLabel | undefined> {
  const isLot = key.startsWith('/10/', 17);
  if (!isLot && isPartner(view) && (await keepSeen(view, [key])).length === 0) return undefined;
  return (await view.read(isLot ? LOT_LABEL : LABEL, { key }))[0];
}
