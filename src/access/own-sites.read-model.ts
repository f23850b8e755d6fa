import { cypher } from '../graph/cypher.js';
import { readPartyKeys, readTopmost } from '../master-data/operators.read-model.js';
import { partyForms, wholeSite } from '../master-data/one-party.rules.js';
import type { View } from './view.js';

const RUN_BY = cypher.public<{ site: string; party: string }>('access.runBy')`
  UNWIND $sites AS site
  MATCH (:Site {k: site})-[:OPERATED_BY]->(p:Party)
  RETURN site, p.k AS party`;

/**
 * The organisation that is registered to run each site: the site itself, or else the whole GLN that it is a part of. A GLN that nobody is
 * registered to run belongs to the organisation with the same GLN. What events say of a site does not count, because whoever may send
 * events would take sites with them.
 */
export async function readOrganisationsOf(
  view: View,
  sites: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(sites.flatMap((site) => [site, wholeSite(site)]))];
  const rows = await view.read(RUN_BY, { sites: asked });
  const registered = new Map(rows.map(({ site, party }) => [site, party]));
  const parties = sites.map(
    (site) =>
      registered.get(site) ?? registered.get(wholeSite(site)) ?? partyForms(site).legal ?? site,
  );
  const keyOf = await readPartyKeys(view, parties);
  const tops = await readTopmost(
    view,
    parties.map((party) => keyOf.get(party) ?? party),
  );
  return new Map(sites.map((site, i) => [site, tops[i] ?? '']));
}
