import type { View } from '../access/view.js';
import { cypher, upTo } from '../graph/cypher.js';
import { onePartyOf, partyForms } from './one-party.rules.js';
import type { PartyFacts } from './one-party.rules.js';

const PARTY_FACTS = cypher<PartyFacts>('master-data.partyFacts')`
UNWIND $rows AS row
OPTIONAL MATCH (own:Party {k: row.key})
OPTIONAL MATCH (legal:Party {k: row.legal})
OPTIONAL MATCH (place:Site {k: row.place})
OPTIONAL MATCH (whole:Site {k: row.whole})
RETURN row.key AS key, coalesce(own.registered, false) AS own,
  coalesce(legal.registered, false) OR EXISTS { (legal)<-[:OPERATED_BY]-(:Site) } AS legal,
  coalesce(place.registered, false) AS place, coalesce(whole.registered, false) AS whole, head(
    COLLECT { MATCH (place)-[r:OPERATED_BY]->(p:Party) WHERE r.to IS NULL RETURN p.k ORDER BY p.k LIMIT 1 } +
    COLLECT { MATCH (whole)-[r:OPERATED_BY]->(p:Party) WHERE r.to IS NULL RETURN p.k ORDER BY p.k LIMIT 1 }) AS operator`;

const TOPMOST = cypher<{ key: string; top: string }>('master-data.topmostParties')`
UNWIND $keys AS key
MATCH (:Party {k: key})-[:WITHIN*${upTo(20, 0)}]->(top:Party)
WHERE NOT EXISTS { (top)-[:WITHIN]->(:Party) }
RETURN key, min(top.k) AS top`;

/** The key of the topmost party that each one is within, in the order of `keys`; of one within none its own. */
export async function readTopmost(view: View, keys: readonly string[]): Promise<string[]> {
  const rows = await view.read(TOPMOST, { keys });
  const found = new Map(rows.map(({ key, top }) => [key, top]));
  return keys.map((key) => found.get(key) ?? key);
}

/** The key of the one party that each key stands for, as the register has it. */
export async function readPartyKeys(
  view: View,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const facts = await readFacts(view, keys);
  const firsts = new Map([...facts].map(([key, one]) => [key, onePartyOf(one)]));
  // Who runs a place may be told by another form of his key: that is looked up in its turn, once, since places may run each other.
  const others = await readFacts(
    view,
    [...firsts.values()].filter((key) => !facts.has(key)),
  );
  const lastOf = (first: string): string => {
    const found = others.get(first) ?? facts.get(first);
    return found === undefined ? first : onePartyOf({ ...found, operator: null });
  };
  return new Map([...firsts].map(([key, first]) => [key, lastOf(first)]));
}

async function readFacts(view: View, keys: readonly string[]): Promise<Map<string, PartyFacts>> {
  if (keys.length === 0) return new Map();
  const rows = await view.read(PARTY_FACTS, { rows: [...new Set(keys)].map(partyForms) });
  return new Map(rows.map((row) => [row.key, row]));
}
