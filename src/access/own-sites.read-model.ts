import { cypher } from '../graph/cypher.js';
import { groupBy } from '../shared/group-by.js';
import { readPartyKeys, readTopmost } from '../master-data/operators.read-model.js';
import { partyForms, wholeSite } from '../master-data/one-party.rules.js';
import type { View } from './view.js';

interface RunBy {
  readonly site: string;
  readonly party: string;
  readonly from: number | null;
  readonly to: number | null;
}

const RUN_BY = cypher.public<RunBy>('access.runBy')`
  UNWIND $sites AS site
  MATCH (:Site {k: site})-[r:OPERATED_BY]->(p:Party)
  RETURN site, p.k AS party, r.from AS from, r.to AS to`;

/** The organisation that is registered to run a site at an instant, epoch ms. */
export type OrganisationAt = (site: string, at: number) => string;

/**
 * The organisation that is registered to run each of the sites: the site itself, or else the whole GLN that it is a part of. A GLN that nobody
 * is registered to run belongs to the organisation with the same GLN. What events say of a site does not count, because whoever may send
 * events would take sites with them.
 */
export async function readOrganisationsOf(
  view: View,
  sites: readonly string[],
): Promise<OrganisationAt> {
  const asked = [...new Set(sites.flatMap((site) => [site, wholeSite(site)]))];
  const registered = groupBy(await view.read(RUN_BY, { sites: asked }), ({ site }) => site);
  const runs = (site: string, at: number): string | undefined =>
    registered.get(site)?.find(({ from, to }) => (from ?? at) <= at && at < (to ?? Infinity))
      ?.party;
  const nobody = (site: string): string => partyForms(site).legal ?? site;
  const parties = [...registered.values()].flat().map(({ party }) => party);
  const all = [...new Set([...parties, ...sites.map(nobody)])];
  const keyOf = await readPartyKeys(view, all);
  const tops = await readTopmost(
    view,
    all.map((party) => keyOf.get(party) ?? party),
  );
  const topOf = new Map(all.map((party, i) => [party, tops[i] ?? '']));
  return (site, at) => topOf.get(runs(site, at) ?? runs(wholeSite(site), at) ?? nobody(site)) ?? '';
}
