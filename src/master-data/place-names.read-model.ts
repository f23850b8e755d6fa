import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { NOW } from '../holdings/holding.js';
import {
  GLN_OF_KEY,
  HOLDERS_OF_POINTS,
  REGISTERED_HOLDERS_OF_POINTS,
  SITES_OF_KEYS,
} from './names.read-model.js';
import type { FoundHolders, FoundSite } from './names.read-model.js';

/** What {@link NAMES_OF_PLACES} found. */
export interface FoundNames {
  readonly sites: readonly FoundSite[];
  readonly found: FoundHolders;
}

/**
 * Subquery for any feature. It takes the lists `keys` and `held`, and `$now` ({@link NOW}), and returns `sites` and `found`: the sites of
 * `keys`, and who holds now what stands at the sites `held`. It makes points as `askedPoints` does.
 */
export const NAMES_OF_PLACES: CypherFragment = namesBy(HOLDERS_OF_POINTS);
/** {@link NAMES_OF_PLACES} by the register alone, for partners. */
export const REGISTERED_NAMES_OF_PLACES: CypherFragment = namesBy(REGISTERED_HOLDERS_OF_POINTS);

function namesBy(holders: CypherFragment): CypherFragment {
  return fragment`
CALL (keys) { ${SITES_OF_KEYS} }
CALL (held) {
  UNWIND held AS key
  WITH DISTINCT key, ${GLN_OF_KEY} AS gln WHERE key IS NOT NULL AND key <> '?'
  WITH key, '417/' + gln AS legal, CASE WHEN gln IS NULL OR key = '414/' + gln THEN [key] ELSE [key, '414/' + gln] END AS forms
  RETURN collect({site: key, at: $now, keys: forms, names: CASE WHEN legal IS NULL THEN forms ELSE forms + legal END}) AS points
}
CALL (points) { ${holders} }
RETURN sites, {holders: holders, parties: parties} AS found`;
}

const NAMES = cypher.events<FoundNames>('master-data.namesOfPlaces', {
  publicly: fragment`
WITH $sites AS keys, $held AS held
CALL (keys, held) { ${REGISTERED_NAMES_OF_PLACES} }
RETURN sites, found`,
})`
WITH $sites AS keys, $held AS held
CALL (keys, held) { ${NAMES_OF_PLACES} }
RETURN sites, found`;

/** The names of sites, and who holds now what stands at the sites `held`, in one statement. */
export async function readNames(
  view: View,
  places: { readonly sites: readonly string[]; readonly held: readonly string[] },
): Promise<FoundNames> {
  const none = { sites: [], found: { holders: [], parties: [] } };
  if (places.sites.length + places.held.length === 0) return none;
  const [sites, held] = [[...new Set(places.sites)], [...new Set(places.held)]];
  const [row] = await view.read(NAMES, { sites, held, now: int(NOW) });
  return row ?? none;
}
