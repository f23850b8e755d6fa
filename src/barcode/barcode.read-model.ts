import type { View } from '../access/view.js';
import { cypher } from '../graph/cypher.js';

/** What is known of a package for its barcode. */
export interface PackageLabel {
  readonly lot: string | null;
  /** As stored: an ISO date. */
  readonly expiry: string | null;
}

const LABEL = cypher.packages<PackageLabel>('barcode.packageLabel')`
MATCH (p:Package {k: $key})
MATCH (l:Lot {id: p.lot})
RETURN l.lot AS lot, l.expiry AS expiry`;

const LOT_LABEL = cypher.packages<PackageLabel>('barcode.lotLabel')`
MATCH (l:Lot {id: $key})
RETURN l.lot AS lot, l.expiry AS expiry`;

/** Lot and expiry of a package or lot, as far as events told; undefined for an unknown key. */
export async function readLabel(view: View, key: string): Promise<PackageLabel | undefined> {
  const statement = key.startsWith('/10/', 17) ? LOT_LABEL : LABEL;
  return (await view.read(statement, { key }))[0];
}
