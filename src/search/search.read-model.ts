import { isLotShown, sighted } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int, upTo } from '../graph/cypher.js';
import { keepSeen } from '../location/index.js';
import { luceneOf, luceneOfNumber, luceneOfWords, wordsOf } from '../graph/lucene.js';
import { squeezed } from '../shared/squeezed.js';
import { hasNumber, isLotNumber } from './search.rules.js';
import type { LotWanted, Meanings, SearchHit, SearchKind, SearchReason } from './search.rules.js';

/** What a full-text index gives at most, before kinds and products are looked at. */
const FOUND_AT_MOST = 1000;
/** How many products are looked into for a number among their attributes. */
const MAX_LOOKED_INTO = 50;

interface Found {
  readonly why: SearchReason;
  readonly kind: SearchKind;
  readonly key: string;
  readonly label: string | null;
  readonly score: number;
}

/** Each key by the index of its kind. */
const BY_KEY = sighted<Omit<Found, 'score'>>('events', 'search.byKey', ({ only, sees }) => {
  const registered = only(fragment`WHERE n.registered`);
  return fragment`
UNWIND $keys.PACKAGE AS key MATCH (n:Package {k: key}) RETURN 'IDENTIFIER' AS why, 'PACKAGE' AS kind, key, key AS label
UNION ALL
UNWIND $keys.LOT AS key MATCH (n:Lot {id: key}) WHERE key <> '?'
  ${only(fragment`AND ${isLotShown(fragment`key`)}`)} RETURN 'IDENTIFIER' AS why, 'LOT' AS kind, key, n.lot AS label
UNION ALL
UNWIND $keys.PRODUCT AS key MATCH (n:Product {gtin: key}) ${registered} RETURN 'IDENTIFIER' AS why, 'PRODUCT' AS kind, key, n.name AS label
UNION ALL
UNWIND $keys.SITE AS key MATCH (n:Site {k: key}) ${registered} RETURN 'IDENTIFIER' AS why, 'SITE' AS kind, key, n.name AS label
UNION ALL
UNWIND $keys.PARTY AS key MATCH (n:Party {k: key}) ${registered} RETURN 'IDENTIFIER' AS why, 'PARTY' AS kind, key, n.name AS label
UNION ALL
UNWIND $keys.EVENT AS key MATCH (n:Event {id: key}) WHERE true ${sees(fragment`n`)} RETURN 'EVENT_ID' AS why, 'EVENT' AS kind, key, key AS label
UNION ALL
UNWIND $keys.HANDOFF AS key MATCH (n:Handoff {id: key})
  ${only(fragment`MATCH (e:Event {id: key}) WHERE true ${sees(fragment`e`)}`)} RETURN 'EVENT_ID' AS why, 'HANDOFF' AS kind, key, key AS label
UNION ALL
UNWIND $ndc.gtins AS key MATCH (n:Product {gtin: key}) ${registered} RETURN 'NDC' AS why, 'PRODUCT' AS kind, key, n.name AS label
UNION ALL
UNWIND $ndc.spellings AS ndc MATCH (n:Product {ndc: ndc}) ${registered} RETURN 'NDC' AS why, 'PRODUCT' AS kind, n.gtin AS key, n.name AS label`;
});

/** By full-text index: names, whole numbers, words of lot numbers and of attributes. Each list has a query or none. */
// A partner's words are looked for in what it may list: registered products, its own sites and parties, and lots of which it sees units.
const HAS_WORDS = fragment`all(word IN $words WHERE toLower(coalesce(n.lot, n.name, '')) CONTAINS word)`;
const BY_TEXT_FOR_PARTNERS = fragment`
UNWIND $names AS query
CALL db.index.fulltext.queryNodes('names', query, {limit: $most}) YIELD node AS n, score
WITH n, score WHERE 'PRODUCT' IN $kinds AND n:Product AND n.registered
WITH n.gtin AS key, n.name AS label, score ORDER BY score DESC, key LIMIT $first
RETURN 'NAME' AS why, 'PRODUCT' AS kind, key, label, score, null AS attributes
UNION ALL
MATCH (:Party {k: $viewer})<-[:WITHIN*${upTo(20, 0)}]-(own:Party)
CALL (own) {
  WITH own AS n, 'PARTY' AS kind
  RETURN n, kind
  UNION
  MATCH (own)<-[:OPERATED_BY]-(n:Site) RETURN n, 'SITE' AS kind
}
WITH DISTINCT n, kind WHERE kind IN $kinds AND ${HAS_WORDS}
WITH n, kind ORDER BY n.k LIMIT $first
RETURN 'NAME' AS why, kind, n.k AS key, n.name AS label, 0.0 AS score, null AS attributes
UNION ALL
MATCH ()-[s:SHOWS]->(n:Lot)
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot > '' AND 'LOT' IN $kinds
WITH DISTINCT n WHERE ${HAS_WORDS}
WITH n, CASE WHEN toLower(n.lot) = $whole THEN 'LOT_NUMBER' ELSE 'LOT_NUMBER_PART' END AS why ORDER BY why, n.id LIMIT $first
RETURN why, 'LOT' AS kind, n.id AS key, n.lot AS label, 0.0 AS score, null AS attributes
UNION ALL
UNWIND $numbers AS query
CALL db.index.fulltext.queryNodes('national_numbers', query, {limit: $most}) YIELD node AS n
WITH n WHERE n.registered ORDER BY n.gtin LIMIT $first
RETURN 'NATIONAL_NUMBER' AS why, 'PRODUCT' AS kind, n.gtin AS key, n.name AS label, 0.0 AS score, null AS attributes`;
const BY_TEXT = cypher.packages<Found & { readonly attributes: string | null }>('search.byText', {
  partner: BY_TEXT_FOR_PARTNERS,
})`
UNWIND $names AS query
CALL db.index.fulltext.queryNodes('names', query, {limit: $most}) YIELD node AS n, score
WITH n, score, CASE WHEN n:Product THEN 'PRODUCT' WHEN n:Site THEN 'SITE' ELSE 'PARTY' END AS kind
WHERE kind IN $kinds
WITH kind, coalesce(n.gtin, n.k) AS key, n.name AS label, score ORDER BY score DESC, key LIMIT $first
RETURN 'NAME' AS why, kind, key, label, score, null AS attributes
UNION ALL
UNWIND $lots AS asked
CALL db.index.fulltext.queryNodes('lot_numbers', asked.query, {limit: $most}) YIELD node AS n
WITH asked, n WHERE n:Lot
WITH n, CASE WHEN n.lot = asked.number THEN 'LOT_NUMBER' ELSE 'LOT_NUMBER_SIMILAR' END AS why ORDER BY why, n.id LIMIT $first
RETURN why, 'LOT' AS kind, n.id AS key, n.lot AS label, 0.0 AS score, null AS attributes
UNION ALL
UNWIND $lotWords AS query
CALL db.index.fulltext.queryNodes('lots', query, {limit: $most}) YIELD node AS n
WITH n ORDER BY n.id LIMIT $first
RETURN 'LOT_NUMBER_PART' AS why, 'LOT' AS kind, n.id AS key, n.lot AS label, 0.0 AS score, null AS attributes
UNION ALL
UNWIND $numbers AS query
CALL db.index.fulltext.queryNodes('national_numbers', query, {limit: $most}) YIELD node AS n
WITH n ORDER BY n.gtin LIMIT $first
RETURN 'NATIONAL_NUMBER' AS why, 'PRODUCT' AS kind, n.gtin AS key, n.name AS label, 0.0 AS score, null AS attributes
UNION ALL
UNWIND $attributes AS query
CALL db.index.fulltext.queryNodes('product_attributes', query, {limit: $mostLookedInto}) YIELD node AS n
RETURN 'NATIONAL_NUMBER' AS why, 'PRODUCT' AS kind, n.gtin AS key, n.name AS label, 0.0 AS score, n.attributes AS attributes`;

/** What has one of the keys, or is made of the NDC. */
export async function readByKey(
  view: View,
  { keys, ndc }: Pick<Meanings, 'keys' | 'ndc'>,
): Promise<SearchHit[]> {
  const packages = isPartner(view) ? await keepSeen(view, keys.PACKAGE) : keys.PACKAGE;
  const rows = await view.read(BY_KEY, { keys: { ...keys, PACKAGE: packages }, ndc });
  return rows.map((row) => hitOf({ ...row, score: 0 }));
}

/** What has the words in its name, the lot number or the national number; at most `first` of each. */
export async function readByText(
  view: View,
  { text, lots, numbers }: Pick<Meanings, 'lots' | 'numbers'> & { readonly text: string },
  { kinds, first }: { readonly kinds: readonly SearchKind[]; readonly first: number },
): Promise<SearchHit[]> {
  const wanted = <T>(kind: SearchKind, queries: readonly T[]): readonly T[] =>
    kinds.includes(kind) ? queries : [];
  const rows = await view.read(BY_TEXT, {
    names: [luceneOf(text)],
    lots: wanted('LOT', lots).map(lotQuery),
    lotWords: wanted('LOT', isLotNumber(text) ? [luceneOf(text)] : []),
    numbers: wanted('PRODUCT', numbers).map((one) => luceneOfNumber(one, true)),
    attributes: wanted('PRODUCT', numbers.length > 0 ? [luceneOfWords(text, numbers)] : []),
    kinds,
    first: int(first),
    most: int(FOUND_AT_MOST),
    mostLookedInto: int(MAX_LOOKED_INTO),
    ...(isPartner(view) ? { words: wordsOf(text), whole: text.trim().toLowerCase() } : {}),
  });
  return rows.flatMap(({ attributes, ...row }) =>
    attributes === null || hasNumber(JSON.parse(attributes), numbers) ? [hitOf(row)] : [],
  );
}

const SIMILAR_LOTS = cypher.packages<SimilarLot>('search.similarLots', {
  partner: fragment`
UNWIND $asked AS asked
MATCH ()-[s:SHOWS]->(n:Lot)
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot STARTS WITH asked.product
WITH DISTINCT asked, n WHERE n.lot <> asked.number AND toUpper(replace(replace(n.lot, '-', ''), ' ', '')) = asked.squeezed
RETURN asked.key AS asked, n.id AS lot, n.lot AS number ORDER BY asked, lot`,
})`
UNWIND $asked AS asked
CALL db.index.fulltext.queryNodes('lot_numbers', asked.query, {limit: $most}) YIELD node AS n
WITH asked, n WHERE n:Lot AND n.lot <> asked.number
RETURN asked.key AS asked, n.id AS lot, n.lot AS number ORDER BY asked, lot`;

/** A lot whose number has the same letters and digits as that of a lot that was asked for. */
export interface SimilarLot {
  /** Key of the lot that was asked for. */
  readonly asked: string;
  /** Key of the other lot. It is of the same product. */
  readonly lot: string;
  /** Its lot number. */
  readonly number: string;
}

/** How many lots are compared with others for one question. */
const MAX_COMPARED = 100;

/** Lots that somebody may have meant by these keys of lots: other capitals, blanks or hyphens. For the first 100 keys. */
export async function findSimilarLots(view: View, keys: readonly string[]): Promise<SimilarLot[]> {
  const asked = keys.flatMap((key) => {
    const [, gtin = null, number = ''] = /^01\/(\d{14})\/10\/(.+)$/s.exec(key) ?? [];
    return isLotNumber(number) ? [{ key, ...lotQuery({ number, gtin }) }] : [];
  });
  if (asked.length === 0) return [];
  const params = { asked: asked.slice(0, MAX_COMPARED), most: int(FOUND_AT_MOST) };
  return view.read(SIMILAR_LOTS, params);
}

/** `gtin` is 14 digits, so nothing of it is syntax for Lucene. */
function lotQuery({ number, gtin }: LotWanted): {
  readonly number: string;
  readonly query: string;
  readonly product: string;
  readonly squeezed: string;
} {
  const ofProduct = gtin === null ? '' : ` +gtin:${gtin}`;
  const bare = squeezed(number);
  return {
    ...{ number, query: `+lot:${luceneOfNumber(bare)}${ofProduct}` },
    ...{ product: `01/${gtin ?? ''}`, squeezed: bare },
  };
}

function hitOf({ label, ...found }: Found): SearchHit {
  return { ...found, label: label ?? found.key };
}
