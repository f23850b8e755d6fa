import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher } from '../graph/cypher.js';
import { keepSeen } from './seen-inside.read-model.js';

/** Where a package comes from. It is told to everybody who has the package or had it. */
export interface Origin {
  /** Site where it was commissioned; null when the event does not say. */
  readonly site: string | null;
  /** When it was commissioned, epoch ms. */
  readonly at: number;
  /** When its lot was made, as its master data states. */
  readonly madeAt: number | null;
  /** Id of its lot. */
  readonly lot: string | null;
}

// The newest commissioning counts, as for the lot (src/projection/README.md rule 19), unless its sender had no standing (rule 22).
const ORIGINS = cypher.events<Origin & { readonly key: string }>('location.origins', {
  limited:
    'readOrigins asks only for packages that are seen; who has a package may know where it comes from',
})`
UNWIND $keys AS key
MATCH (p:Package {k: key})
CALL (p, key) {
  MATCH (p)<-[of:OF]-(e)
  WHERE coalesce(e.retracted, false) = false
    AND ((e.type = 'ObjectEvent' AND e.action = 'ADD') OR of.role = 'output')
    AND NOT EXISTS { MATCH (x:Exception {k: key}) WHERE x.t IS NOT NULL AND x.code = 'NO_STANDING' AND x.eventId = e.id }
  RETURN e ORDER BY e.eventTime DESC, e.hash DESC, e.id DESC LIMIT 1
}
OPTIONAL MATCH (l:Lot {id: p.lot})
RETURN key, coalesce(e.bizLocation, e.readPoint) AS site, e.eventTime AS at, l.madeAt AS madeAt, nullIf(p.lot, '?') AS lot`;

/** Where packages come from, in the order of `keys`; null when no event tells of their beginning. */
export async function readOrigins(view: View, keys: readonly string[]): Promise<(Origin | null)[]> {
  const asked = isPartner(view) ? await keepSeen(view, keys) : keys;
  const rows = await view.read(ORIGINS, { keys: asked });
  const found = new Map(rows.map(({ key, ...origin }) => [key, origin]));
  return keys.map((key) => found.get(key) ?? null);
}
