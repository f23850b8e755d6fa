import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment, upTo } from '../graph/cypher.js';
import type { Stored } from './master-data.js';
import {
  askedPoints,
  HOLDERS_OF_POINTS,
  nameOf,
  PARTIES_OF_KEYS,
  REGISTERED_HOLDERS_OF_POINTS,
} from './names.read-model.js';
import type { FoundHolders, FoundParty, SitePoint } from './names.read-model.js';
import { formsOf, onePartyOf } from './one-party.rules.js';

export type { SitePoint };

const HOLDERS = cypher.events<FoundHolders>('master-data.holders', {
  publicly: fragment`
WITH $points AS points
CALL (points) { ${REGISTERED_HOLDERS_OF_POINTS} }
RETURN holders, parties`,
})`
WITH $points AS points
CALL (points) { ${HOLDERS_OF_POINTS} }
RETURN holders, parties`;

const SITES_RUN = cypher.public<{ site: string }>('master-data.sitesRun')`
UNWIND $parties AS party
MATCH (:Party {k: party})<-[:OPERATED_BY]-(s:Site)
RETURN DISTINCT s.k AS site`;

// '0' follows '/' in code order: the range holds every `414/<gln>/254/…`.
const PARTIES_WITHIN = cypher.public<{ key: string }>('master-data.partiesWithin')`
UNWIND $places AS place
MATCH (p:Party) WHERE p.k >= place + '/254/' AND p.k < place + '/2540'
RETURN p.k AS key`;

const SITES_WITHIN = cypher.public<{ site: string }>('master-data.sitesWithin')`
UNWIND $places AS place
MATCH (s:Site) WHERE s.k >= place + '/254/' AND s.k < place + '/2540'
RETURN s.k AS site`;

const SITES_HANDED_OVER = cypher.events<{ site: string }>('master-data.sitesHandedOver')`
UNWIND $parties AS party
CALL (party) {
  MATCH (h:Handoff) WHERE h.takenBy = party AND h.takenAt > '' RETURN h.takenAt AS site
  UNION
  MATCH (h:Handoff) WHERE h.fromParty = party AND h.from > '' AND h.from <> '?' RETURN h.from AS site
}
RETURN DISTINCT site`;

/**
 * Who holds what stands at each site, in the order of `points`; null when nobody is known. This is the one rule of the service. It is
 * whoever is registered to run the site, else the whole GLN the site is part of. Where the register knows nobody, it is the party that the
 * newest transfer to or from the site names. The result is the one party that such a key stands for.
 */
export async function readHolders(
  view: View,
  points: readonly SitePoint[],
): Promise<(string | null)[]> {
  if (points.length === 0) return [];
  const [row] = await view.read(HOLDERS, { points: askedPoints(points) });
  const holderOf = holdersOf(row ?? { holders: [], parties: [] });
  return points.map(holderOf);
}

/** Who holds what stands at a point that was given to {@link HOLDERS_OF_POINTS}; null when nobody is known. */
export function holdersOf({ holders, parties }: FoundHolders): (point: SitePoint) => string | null {
  const { keyOf } = partiesOf(parties);
  const named = new Map(holders.map(({ party, ...point }) => [nameOf(point), party]));
  return (point) => {
    const party = named.get(nameOf(point)) ?? null;
    return party === null ? null : keyOf(party);
  };
}

/** Like {@link readHolders} for sites at one instant, by site. Sites without a holder are missing. */
export async function readHoldersAt(
  view: View,
  sites: Iterable<string>,
  at: number,
): Promise<Map<string, string>> {
  const points = [...new Set(sites)].map((site) => ({ site, at }));
  const holders = await readHolders(view, points);
  return new Map(points.flatMap(({ site }, i) => (holders[i] ? [[site, holders[i]]] : [])));
}

/** All sites where one of the parties holds what stands there at an instant: the reverse of {@link readHolders}. */
export async function readSitesHeldBy(
  view: View,
  parties: readonly string[],
  at: number,
): Promise<string[]> {
  const wanted = new Set((await readPartyKeys(view, parties)).values());
  const { run, names } = await readNames(view, [...wanted]);
  const handed = isPartner(view) ? [] : await view.read(SITES_HANDED_OVER, { parties: names });
  const places = [...run, ...names, ...handed.map(({ site }) => site)].filter(isPlace);
  const within = await view.read(SITES_WITHIN, { places: places.filter(isWhole) });
  const candidates = [...places, ...within.map(({ site }) => site)];
  const holders = await readHoldersAt(view, candidates, at);
  return [...holders].flatMap(([site, party]) => (wanted.has(party) ? [site] : []));
}

/** Every key by which events may name one of the parties, including the keys given. */
export async function readKeysOfParties(view: View, parties: readonly string[]): Promise<string[]> {
  const wanted = new Set((await readPartyKeys(view, parties)).values());
  const { names } = await readNames(view, [...wanted]);
  const one = await readPartyKeys(view, names);
  return names.filter((name) => wanted.has(one.get(name) ?? name));
}

/**
 * The sites that parties are registered to run, and keys by which the parties may be named. A key of another party may be among them, but
 * none is missing.
 */
async function readNames(
  view: View,
  parties: readonly string[],
): Promise<{ readonly run: readonly string[]; readonly names: readonly string[] }> {
  const forms = parties.flatMap(formsOf);
  const run = (await view.read(SITES_RUN, { parties: forms })).map(({ site }) => site);
  const named = [...new Set([...forms, ...run.flatMap(formsOf)])];
  const within = await view.read(PARTIES_WITHIN, { places: named.filter(isWhole) });
  return { run, names: [...new Set([...named, ...within.map(({ key }) => key)])] };
}

function isPlace(key: string): boolean {
  return !key.startsWith('417/');
}

function isWhole(key: string): boolean {
  return /^414\/\d{13}$/.test(key);
}

const PARTIES = cypher.public<{ parties: readonly FoundParty[] }>('master-data.parties')`
WITH $keys AS keys
CALL (keys) { ${PARTIES_OF_KEYS} }
RETURN parties`;

const TOPMOST = cypher.public<{ key: string; top: string }>('master-data.topmostParties')`
UNWIND $keys AS key
MATCH (:Party {k: key})-[:WITHIN*${upTo(20, 0)}]->(top:Party)
WHERE NOT EXISTS { (top)-[:WITHIN]->(:Party) }
RETURN key, min(top.k) AS top`;

/** The key of the topmost party that each party belongs to, in the order of `keys`. A party that belongs to none gets its own key. */
export async function readTopmost(view: View, keys: readonly string[]): Promise<string[]> {
  const rows = await view.read(TOPMOST, { keys });
  const found = new Map(rows.map(({ key, top }) => [key, top]));
  return keys.map((key) => found.get(key) ?? key);
}

/** The key of the one party that each key stands for in the register. */
export async function readPartyKeys(
  view: View,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const { keyOf } = await readFoundParties(view, keys);
  return new Map(keys.map((key) => [key, keyOf(key)]));
}

/** Everything that tells which parties the keys stand for, in one statement. */
export async function readFoundParties(view: View, keys: readonly string[]): Promise<KnownParties> {
  if (keys.length === 0) return partiesOf([]);
  const [row] = await view.read(PARTIES, { keys });
  return partiesOf(row?.parties ?? []);
}

/** Parties that were read. */
export interface KnownParties {
  /** Key of the one party that a key stands for. */
  readonly keyOf: (key: string) => string;
  /** What is known under the key itself; undefined when it was not read. */
  readonly under: (key: string) => FoundParty | undefined;
}

/** Makes the parties from the rows of {@link PARTIES_OF_KEYS}. */
export function partiesOf(found: readonly FoundParty[]): KnownParties {
  const byKey = new Map(found.map((one) => [one.key, one]));
  const oneOf = ({ own, place, whole, ...facts }: FoundParty): string =>
    onePartyOf({
      ...facts,
      own: isRegistered(own),
      place: isRegistered(place),
      whole: isRegistered(whole),
    });
  return {
    under: (key) => byKey.get(key),
    keyOf: (key) => {
      const asked = byKey.get(key);
      const first = asked === undefined ? key : oneOf(asked);
      const other = byKey.get(first);
      return other === undefined ? first : oneOf({ ...other, operator: null });
    },
  };
}

function isRegistered(node: Stored | null): boolean {
  return node?.['registered'] === true;
}
