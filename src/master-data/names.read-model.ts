import { fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import type { Stored } from './master-data.js';
import { formsOf, wholeSite } from './one-party.rules.js';

/** A site at an instant. */
export interface SitePoint {
  readonly site: string;
  /** Epoch ms, or {@link NOW}. */
  readonly at: number;
}

/** A {@link SitePoint} as a statement takes it. */
interface AskedPoint {
  readonly site: string;
  readonly at: ReturnType<typeof int>;
  /** The site, and the whole GLN. */
  readonly keys: readonly string[];
  /** Keys of a party that is the place itself. */
  readonly names: readonly string[];
}

/** What {@link HOLDERS_OF_POINTS} found. */
export interface FoundHolders {
  readonly holders: readonly (SitePoint & { readonly party: string | null })[];
  readonly parties: readonly FoundParty[];
}

/** What the register has under one key and under the other forms of its GLN: see `partyForms`. */
export interface FoundParty {
  readonly key: string;
  readonly own: Stored | null;
  readonly place: Stored | null;
  readonly whole: Stored | null;
  readonly legal: boolean;
  readonly operator: string | null;
}

/** The digits of the GLN in `key`, as `partyForms` finds them; null when it has none. */
export const GLN_OF_KEY = fragment`CASE WHEN key =~ '41[47]/[0-9]{13}(/254/.+)?' THEN substring(key, 4, 13) END`;

const PLACES_OF_KEY = fragment`WITH key, ${GLN_OF_KEY} AS gln
OPTIONAL MATCH (place:Site {k: CASE WHEN gln IS NULL OR key STARTS WITH '414/' THEN key ELSE '414/' + gln END})
OPTIONAL MATCH (whole:Site {k: '414/' + gln})`;

/** Whether who runs a site (`r`) does so at an instant. */
const runsAt = (at: CypherFragment): CypherFragment =>
  fragment`coalesce(r.from <= ${at}, true) AND coalesce(${at} < r.to, true)`;

/** Whether who runs a site (`r`) does so now. */
export const RUNS_NOW = runsAt(fragment`timestamp()`);

const OPERATOR = fragment`head(
    COLLECT { MATCH (place)-[r:OPERATED_BY]->(p:Party) WHERE ${RUNS_NOW} RETURN p.k ORDER BY p.k LIMIT 1 } +
    COLLECT { MATCH (whole)-[r:OPERATED_BY]->(p:Party) WHERE ${RUNS_NOW} RETURN p.k ORDER BY p.k LIMIT 1 })`;

/**
 * Subquery for any feature. It takes the list `keys` and returns a list `parties` for {@link partiesOf}: everything that tells which party
 * each key stands for. The operator of a place may be stated by another form of its key. So operators are looked up as well, but only once,
 * since places may run each other.
 */
export const PARTIES_OF_KEYS: CypherFragment = fragment`
UNWIND keys AS key
WITH DISTINCT key WHERE key IS NOT NULL
${PLACES_OF_KEY}
WITH key, ${OPERATOR} AS operator
WITH collect(key) + collect(operator) AS named
UNWIND named AS key
WITH DISTINCT key, ${GLN_OF_KEY} AS gln
UNWIND [key, '417/' + gln, '414/' + gln] AS form
WITH DISTINCT form AS key WHERE key IS NOT NULL
${PLACES_OF_KEY}
OPTIONAL MATCH (own:Party {k: key})
OPTIONAL MATCH (legal:Party {k: '417/' + gln})
RETURN collect({key: key, own: properties(own), place: properties(place), whole: properties(whole), operator: ${OPERATOR},
  legal: coalesce(legal.registered, false) OR EXISTS { (legal)<-[:OPERATED_BY]-(:Site) }}) AS parties`;

// What is to come is asked as of now: nobody runs a site before its day.
const DATED = runsAt(fragment`CASE WHEN point.at > timestamp() THEN timestamp() ELSE point.at END`);

/**
 * Subquery for any feature. It takes the list `points` (see {@link askedPoints}) and returns lists `holders` and `parties` for {@link
 * holdersOf}: who holds what stands at each point.
 *
 * The register comes first: whoever is registered to run the site or the whole GLN, else the party registered under that GLN, or a party
 * that events name by the exact key of the place. Without these it is the newest transfer up to the instant, else the first one after it.
 * Each transfer is one step in an index, however many there were.
 */
export const HOLDERS_OF_POINTS: CypherFragment = holdersBy(
  fragment`CALL (point, runBy) {
  UNWIND CASE WHEN runBy IS NULL THEN point.keys ELSE [] END AS k
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
  WITH party ORDER BY size(k) DESC, t > point.at, abs(t - point.at), party LIMIT 1
  RETURN head(collect(party)) AS handedTo
}`,
);

/** {@link HOLDERS_OF_POINTS} by the register alone, for partners: the transfers of others are not theirs to see. */
export const REGISTERED_HOLDERS_OF_POINTS: CypherFragment = holdersBy(
  fragment`WITH point, runBy, null AS handedTo`,
  fragment`p.registered`,
);

function holdersBy(
  transfers: CypherFragment,
  isKnown = fragment`(p.registered OR p.k IN point.keys)`,
): CypherFragment {
  return fragment`
UNWIND points AS point
WITH point, head(
  COLLECT {
    MATCH (s:Site) WHERE s.k IN point.keys
    MATCH (s)-[r:OPERATED_BY]->(p:Party) WHERE ${DATED}
    RETURN p.k ORDER BY size(s.k) DESC, p.k LIMIT 1
  } + COLLECT {
    MATCH (p:Party) WHERE p.k IN point.names AND ${isKnown}
    RETURN p.k ORDER BY p.registered IS NULL, size(p.k) DESC, p.k LIMIT 1
  }) AS runBy
${transfers}
WITH collect({site: point.site, at: point.at, party: coalesce(runBy, handedTo)}) AS holders
WITH holders, [holder IN holders | holder.party] AS keys
CALL (keys) { ${PARTIES_OF_KEYS} }
RETURN holders, parties`;
}

/** A site as {@link SITES_OF_KEYS} finds it. */
export interface FoundSite {
  readonly key: string;
  readonly node: Stored | null;
  readonly operator: string | null;
}

/** Subquery for any feature. It takes the list `keys` and returns a list `sites`, each site once, without `?`. */
export const SITES_OF_KEYS: CypherFragment = fragment`
UNWIND keys AS key
WITH DISTINCT key WHERE key IS NOT NULL AND key <> '?'
WITH key, coalesce('414/' + ${GLN_OF_KEY}, key) AS whole
OPTIONAL MATCH (s:Site {k: key})
RETURN collect({key: key, node: properties(s), operator: head(COLLECT {
  MATCH (o:Site) WHERE o.k IN [key, whole]
  MATCH (o)-[r:OPERATED_BY]->(p:Party) WHERE ${RUNS_NOW}
  RETURN p.k ORDER BY size(o.k) DESC, p.k LIMIT 1
})}) AS sites`;

/** Each of the points once, as {@link HOLDERS_OF_POINTS} takes them. */
export function askedPoints(points: readonly SitePoint[]): AskedPoint[] {
  const distinct = new Map(points.map((point) => [nameOf(point), point]));
  return [...distinct.values()].map(({ site, at }) => {
    const keys = [...new Set([site, wholeSite(site)])];
    return { site, at: int(at), keys, names: [...new Set([...keys, ...formsOf(site)])] };
  });
}

/** A site and an instant as one text. */
export function nameOf({ site, at }: SitePoint): string {
  return `${at} ${site}`;
}
