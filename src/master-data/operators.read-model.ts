import type { View } from '../access/view.js';
import { cypher, fragment } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import { formsOf, wholeSite } from './one-party.rules.js';
import { readPartyKeys } from './parties.read-model.js';

export { readPartyKeys };

/** Later than any instant: who has it now. */
export const NOW = Number.MAX_SAFE_INTEGER;

/** A site at an instant. */
export interface SitePoint {
  readonly site: string;
  /** Epoch ms, or {@link NOW}. */
  readonly at: number;
}

interface AskedPoint {
  readonly i: ReturnType<typeof int>;
  readonly at: ReturnType<typeof int>;
  /** The site, and the whole GLN. */
  readonly keys: readonly string[];
  /** Keys of a party that would be the place itself. */
  readonly names: readonly string[];
}

interface Answer {
  readonly i: number;
  readonly party: string | null;
}

const DATED = fragment`coalesce(r.from <= point.at, true) AND coalesce(point.at < r.to, true)`;

// The register first: who is told to run the site, or the whole GLN; else the party registered under that GLN, or one that events name
// by the very key of the place.
const RUN_BY = cypher<Answer>('master-data.runBy')`
UNWIND $points AS point
RETURN point.i AS i, head(
  COLLECT {
    MATCH (s:Site) WHERE s.k IN point.keys
    MATCH (s)-[r:OPERATED_BY]->(p:Party) WHERE ${DATED}
    RETURN p.k ORDER BY size(s.k) DESC, p.k LIMIT 1
  } + COLLECT {
    MATCH (p:Party) WHERE p.k IN point.names AND (p.registered OR p.k IN point.keys)
    RETURN p.k ORDER BY p.registered IS NULL, size(p.k) DESC, p.k LIMIT 1
  }) AS party`;

// The newest transfer up to the instant, else the first behind it. Each is one step in an index, whatever was handed over there.
const HANDED_TO = cypher<Answer>('master-data.handedTo')`
UNWIND $points AS point
CALL (point) {
  UNWIND point.keys AS k
  CALL (k, point) {
    MATCH (h:Handoff) WHERE h.takenAt = k AND h.shippedAt <= point.at AND h.takenBy > '' AND h.status <> 'VOIDED'
    RETURN h.takenBy AS party, h.shippedAt AS t ORDER BY h.shippedAt DESC, h.takenBy DESC LIMIT 1
    UNION ALL
    MATCH (h:Handoff) WHERE h.takenAt = k AND h.shippedAt > point.at AND h.takenBy > '' AND h.status <> 'VOIDED'
    RETURN h.takenBy AS party, h.shippedAt AS t ORDER BY h.shippedAt, h.takenBy LIMIT 1
    UNION ALL
    MATCH (h:Handoff) WHERE h.from = k AND h.shippedAt <= point.at AND h.fromParty > '' AND h.status <> 'VOIDED'
    RETURN h.fromParty AS party, h.shippedAt AS t ORDER BY h.shippedAt DESC, h.fromParty DESC LIMIT 1
    UNION ALL
    MATCH (h:Handoff) WHERE h.from = k AND h.shippedAt > point.at AND h.fromParty > '' AND h.status <> 'VOIDED'
    RETURN h.fromParty AS party, h.shippedAt AS t ORDER BY h.shippedAt, h.fromParty LIMIT 1
  }
  RETURN party ORDER BY size(k) DESC, t > point.at, abs(t - point.at), party LIMIT 1
}
RETURN point.i AS i, party`;

const SITES_RUN = cypher<{ site: string }>('master-data.sitesRun')`
UNWIND $parties AS party
MATCH (:Party {k: party})<-[:OPERATED_BY]-(s:Site)
RETURN DISTINCT s.k AS site`;

// '0' follows '/': the range holds every `414/<gln>/254/…`.
const PARTIES_WITHIN = cypher<{ key: string }>('master-data.partiesWithin')`
UNWIND $places AS place
MATCH (p:Party) WHERE p.k >= place + '/254/' AND p.k < place + '/2540'
RETURN p.k AS key`;

const SITES_WITHIN = cypher<{ site: string }>('master-data.sitesWithin')`
UNWIND $places AS place
MATCH (s:Site) WHERE s.k >= place + '/254/' AND s.k < place + '/2540'
RETURN s.k AS site`;

const SITES_HANDED_OVER = cypher<{ site: string }>('master-data.sitesHandedOver')`
UNWIND $parties AS party
CALL (party) {
  MATCH (h:Handoff) WHERE h.takenBy = party AND h.takenAt > '' RETURN h.takenAt AS site
  UNION
  MATCH (h:Handoff) WHERE h.fromParty = party AND h.from > '' AND h.from <> '?' RETURN h.from AS site
}
RETURN DISTINCT site`;

/**
 * Who has what stands at each site, in the order of `points`; null where nobody is known to. The one rule of the service: who is told
 * to run the site, else the whole GLN it is a part of; where the register knows nobody, whom the newest transfer to or from it names.
 * The answer is the one party that such a key stands for.
 */
export async function readHolders(
  view: View,
  points: readonly SitePoint[],
): Promise<(string | null)[]> {
  const distinct = new Map(points.map((point) => [nameOf(point), point]));
  const asked = [...distinct.values()].map(({ site, at }, i): AskedPoint => {
    const keys = [...new Set([site, wholeSite(site)])];
    return { i: int(i), at: int(at), keys, names: [...new Set([...keys, ...formsOf(site)])] };
  });
  const run = await readAnswers(view, RUN_BY, asked);
  const open = asked.filter((_, i) => !run.has(i));
  const found = new Map([...run, ...(await readAnswers(view, HANDED_TO, open))]);
  const one = await readPartyKeys(view, [...new Set(found.values())]);
  const partyOf = (i: number): string | null => {
    const party = found.get(i);
    return party === undefined ? null : (one.get(party) ?? party);
  };
  const byName = new Map([...distinct.keys()].map((name, i) => [name, partyOf(i)]));
  return points.map((point) => byName.get(nameOf(point)) ?? null);
}

/** As {@link readHolders}, of sites at one instant, by site; sites with nobody are missing. */
export async function readHoldersAt(
  view: View,
  sites: Iterable<string>,
  at: number,
): Promise<Map<string, string>> {
  const points = [...new Set(sites)].map((site) => ({ site, at }));
  const holders = await readHolders(view, points);
  return new Map(points.flatMap(({ site }, i) => (holders[i] ? [[site, holders[i]]] : [])));
}

/** Every site where what stands there is held by one of the parties at an instant: {@link readHolders} the other way round. */
export async function readSitesHeldBy(
  view: View,
  parties: readonly string[],
  at: number,
): Promise<string[]> {
  const wanted = new Set((await readPartyKeys(view, parties)).values());
  const { run, names } = await readNames(view, [...wanted]);
  const handed = await view.read(SITES_HANDED_OVER, { parties: names });
  const places = [...run, ...names, ...handed.map(({ site }) => site)].filter(isPlace);
  const within = await view.read(SITES_WITHIN, { places: places.filter(isWhole) });
  const candidates = [...places, ...within.map(({ site }) => site)];
  const holders = await readHoldersAt(view, candidates, at);
  return [...holders].flatMap(([site, party]) => (wanted.has(party) ? [site] : []));
}

/** Every key by which events may name one of the parties, themselves included. */
export async function readKeysOfParties(view: View, parties: readonly string[]): Promise<string[]> {
  const wanted = new Set((await readPartyKeys(view, parties)).values());
  const { names } = await readNames(view, [...wanted]);
  const one = await readPartyKeys(view, names);
  return names.filter((name) => wanted.has(one.get(name) ?? name));
}

/** The sites that parties are told to run, and the keys by which they may be named: more than theirs, never fewer. */
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

async function readAnswers(
  view: View,
  statement: typeof RUN_BY,
  points: readonly AskedPoint[],
): Promise<Map<number, string>> {
  if (points.length === 0) return new Map();
  const rows = await view.read(statement, { points });
  return new Map(rows.flatMap(({ i, party }) => (party === null ? [] : [[i, party]])));
}

function nameOf({ site, at }: SitePoint): string {
  return `${at} ${site}`;
}

function isPlace(key: string): boolean {
  return !key.startsWith('417/');
}

function isWhole(key: string): boolean {
  return /^414\/\d{13}$/.test(key);
}
