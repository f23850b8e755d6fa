import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';

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
    'whoever reads origins asks only for packages that are seen; who has a package may know where it comes from',
})`
UNWIND $packages AS asked
WITH asked.key AS key, asked.until AS until
MATCH (p:Package {k: key})
CALL (p, key, until) {
  MATCH (p)<-[of:OF]-(e)
  WHERE coalesce(e.retracted, false) = false AND e.eventTime <= until
    AND ((e.type = 'ObjectEvent' AND e.action = 'ADD') OR of.role = 'output')
    AND NOT EXISTS { MATCH (x:Exception {k: key}) WHERE x.t IS NOT NULL AND x.code = 'NO_STANDING' AND x.eventId = e.id }
  RETURN e ORDER BY e.eventTime DESC, e.hash DESC, e.id DESC LIMIT 1
}
OPTIONAL MATCH (l:Lot {id: p.lot})
RETURN key, coalesce(e.bizLocation, e.readPoint) AS site, e.eventTime AS at, l.madeAt AS madeAt, nullIf(p.lot, '?') AS lot`;

/**
 * Where packages come from, by key; absent when no event tells of their beginning. A partner must not be told of any that he never saw.
 *
 * @param seen until when who asks saw each package: he is not told that it began again after that
 */
export async function readOrigins(
  view: View,
  seen: ReadonlyMap<string, number>,
): Promise<Map<string, Origin>> {
  const packages = [...seen].map(([key, until]) => ({ key, until: int(until) }));
  const rows = await view.read(ORIGINS, { packages });
  return new Map(rows.map(({ key, ...origin }) => [key, origin]));
}
