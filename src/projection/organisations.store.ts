import { cypher, fragment, upTo } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { Fact } from './fact.js';
import type { RegisteredKey } from './organisations.rules.js';
import { placesOf, registeredOrganisations } from './organisations.rules.js';
import type { Organisations } from './sight.js';
import { NO_ORGANISATIONS } from './sight.js';
import { NotLoaded, none } from './world.js';

const TOPMOST = fragment`MATCH (p)-[:WITHIN*${upTo(20, 0)}]->(top:Party)
    WHERE NOT EXISTS { (top)-[:WITHIN]->(:Party) }`;

const REGISTERED = fragment`
OPTIONAL MATCH (o:Organisation {k: row.key})
RETURN row.key AS key, o.prefixes AS prefixes,
  COLLECT {
    MATCH (s:Site) WHERE s.k IN row.places
    MATCH (s)-[r:OPERATED_BY]->(p:Party)
    ${TOPMOST}
    WITH s, r, p, min(top.k) AS organisation
    RETURN {from: r.from, to: r.to, organisation: organisation} ORDER BY size(s.k) DESC, p.k
  } AS operators,
  head(COLLECT {
    MATCH (p:Party {k: row.key})
    ${TOPMOST}
    RETURN min(top.k)
  }) AS organisation`;

const OF_KEYS = cypher<RegisteredKey>('projection.organisationsOf')`
UNWIND $rows AS row
${REGISTERED}`;

const ALL = { mayScan: 'verify reads all that decides who sees what' };

const HAS_PARTNERS = cypher<{ hasPartners: boolean }>('projection.hasPartners')`
MATCH (l:Log {id: 'log'}) RETURN l.hasPartners IS NOT NULL AS hasPartners`;

const EVERYTHING = cypher<{ key: string }>('projection.keysOfOrganisations', ALL)`
MATCH (s:Site) RETURN s.k AS key
UNION
MATCH (p:Party) RETURN p.k AS key
UNION
MATCH (o:Organisation) RETURN o.k AS key`;

/** The keys whose organisations decide who sees what a fact tells. */
export function keysThatDecide(facts: Iterable<Fact>): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { by, site, dest, giver, taker, parties = [] } of facts)
    for (const key of [by, site, dest, giver?.possessor, taker?.possessor, ...parties])
      if (key !== undefined) keys.add(key);
  return keys;
}

/** Reads what the register has under each key. */
function readRegistered(
  tx: Pick<GraphTransaction, 'run'>,
  keys: Iterable<string>,
): Promise<RegisteredKey[]> {
  const rows = [...keys].map((key) => ({ key, places: placesOf(key) }));
  return tx.run(OF_KEYS, { rows });
}

/** Organisations that were loaded. It asks for others by throwing {@link NotLoaded}. */
export class LoadedOrganisations implements Organisations {
  private readonly known = new Map<string, RegisteredKey>();
  private readonly registered = registeredOrganisations((key) => this.find(key));

  of(key: string, t: number): string | null {
    return this.registered.of(key, t);
  }

  mayBegin(key: string, organisation: string): boolean {
    return this.registered.mayBegin(key, organisation);
  }

  async load(tx: GraphTransaction, keys: Iterable<string>): Promise<void> {
    const wanted = [...keys].filter((key) => !this.known.has(key));
    if (wanted.length === 0) return;
    for (const one of await readRegistered(tx, wanted)) this.known.set(one.key, one);
  }

  private find(key: string): RegisteredKey {
    const found = this.known.get(key);
    if (found === undefined) throw new NotLoaded({ ...none(), organisations: new Set([key]) });
    return found;
  }
}

/** Everything that decides who sees what; nobody when the host has no partners. */
export async function readOrganisations(graph: GraphReader): Promise<Organisations> {
  const [log] = await graph.read(HAS_PARTNERS);
  if (log?.hasPartners !== true) return NO_ORGANISATIONS;
  const keys = await graph.read(EVERYTHING, {}, { timeoutMs: 600_000 });
  const rows = keys.map(({ key }) => ({ key, places: placesOf(key) }));
  const found = await graph.read(OF_KEYS, { rows }, { timeoutMs: 600_000 });
  const known = new Map(found.map((one) => [one.key, one]));
  const byWhole = (key: string): RegisteredKey | undefined =>
    known.get(key) ?? known.get(placesOf(key)[1] ?? '');
  return registeredOrganisations(byWhole);
}
