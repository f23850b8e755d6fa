import { demandHost, isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { luceneOf, wordsOf } from '../graph/lucene.js';
import { Problem } from '../shared/problem.js';
import { KEY_BEHIND_ALL, bothWays, startKey } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import { cypher, fragment, int, upTo } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { limitOf, mapPage, pageOf, totalOf, wayOf } from '../shared/page.js';
import type { Page, PageRequest } from '../shared/page.js';
import { toLot, toParty, toProduct, toSite } from './master-data.read-model.js';
import { RUNS_NOW } from './names.read-model.js';
import type { Lot, Party, Product, Site, Stored } from './master-data.js';

interface Found {
  readonly key: string;
  readonly node: Stored;
  readonly operator?: string | null;
}

interface FoundOf extends Found {
  /** How many records the index found, and how many of them meet the filter. */
  readonly walked: number;
  readonly total: number;
}

/** How records of one kind are listed. */
interface Kind<T, S extends string> {
  readonly byKey: BothWays<Found>;
  readonly count: ReadStatement<Counted>;
  /** Lists that begin with an index, by the condition that it answers. */
  readonly found: Readonly<Record<S, ReadStatement<FoundOf>>>;
  readonly toRecord: (row: Found) => T;
}

/** Most records that an index may find for a filter; all are sorted for each page. */
const FOUND_AT_MOST = 100_000;

const OPERATOR = fragment`head(COLLECT {
  MATCH (o:Site) WHERE o.k IN [n.k, CASE WHEN n.k STARTS WITH '414/' THEN left(n.k, 17) END]
  MATCH (o)-[r:OPERATED_BY]->(p:Party) WHERE ${RUNS_NOW}
  RETURN p.k ORDER BY size(o.k) DESC, p.k LIMIT 1
})`;

/** The parties of the organisation of who asks: itself, and those within it. */
const OWN_PARTIES = fragment`MATCH (:Party {k: $viewer})<-[:WITHIN*${upTo(20, 0)}]-(own:Party)`;

function kindOf<T, S extends string>(
  name: 'product' | 'site' | 'party' | 'lot',
  parts: {
    /** What the rows tell of: lots are packages of somebody. */
    readonly reads: typeof cypher.public;
    readonly node: CypherFragment;
    readonly key: CypherFragment;
    readonly operator: CypherFragment;
    /** All conditions of the filter. */
    readonly meets: CypherFragment;
    /** Conditions that an index answers: what finds the records that meet it. */
    readonly sources: Readonly<Record<S, CypherFragment>>;
    /** What finds the records that a partner may list. All conditions are held against these. */
    readonly own: CypherFragment;
    readonly toRecord: (row: Found) => T;
  },
): Kind<T, S> {
  const { reads, node, key, operator, meets, sources, own, toRecord } = parts;
  const filtered = (source: CypherFragment, meeting: CypherFragment): CypherFragment => fragment`
${source}
WITH DISTINCT n WHERE ${key} <> '?'
WITH n LIMIT $most
WITH count(*) AS walked, collect(CASE WHEN ${meeting} THEN n END) AS found
CALL (found) {
  UNWIND found AS n
  WITH n WHERE ${key} > $after AND ${key} < $before
  WITH n ORDER BY ${key}
  RETURN collect(n) AS rows
}
UNWIND CASE WHEN $backward THEN rows[-$limit..] ELSE rows[..$limit] END AS n
RETURN ${key} AS key, properties(n) AS node, ${operator} AS operator, walked, size(found) AS total ORDER BY key`;
  const found = (Object.entries(sources) as [S, CypherFragment][]).map(([by, source]) => [
    by,
    reads<FoundOf>(`master-data.${name}By-${by}`, {
      partner: filtered(own, fragment`(${meets}) AND ${HAS_WORDS}`),
    })`${filtered(source, meets)}`,
  ]);
  return {
    byKey: bothWays(
      ({ suffix, order, behind }) => reads<Found>(`master-data.${name}Page${suffix}`, {
        partner: fragment`
${own}
WITH DISTINCT n WHERE ${key} ${behind} $from AND ${key} <> '?'
WITH n ORDER BY ${key} ${order} LIMIT $limit
RETURN ${key} AS key, properties(n) AS node, ${operator} AS operator ORDER BY key ${order}`,
      })`
MATCH ${node} WHERE ${key} ${behind} $from AND ${key} <> '?' AND (NOT $gaps OR n.registered IS NULL)
WITH n ORDER BY ${key} ${order} LIMIT $limit
RETURN ${key} AS key, properties(n) AS node, ${operator} AS operator ORDER BY key ${order}`,
    ),
    count: reads<Counted>(`master-data.${name}Count`, {
      partner: fragment`
${own}
WITH DISTINCT n WHERE ${key} <> '?'
WITH n LIMIT $limit
RETURN count(*) AS n`,
    })`
MATCH ${node} WHERE ${key} > ''
WITH n LIMIT $limit
RETURN count(*) AS walked, count(CASE WHEN ${key} <> '?' AND (NOT $gaps OR n.registered IS NULL) THEN 1 END) AS n`,
    found: Object.fromEntries(found) as Kind<T, S>['found'],
    toRecord,
  };
}

// The full-text index finds what everybody has. A partner's words are looked for in what he may list.
const HAS_WORDS = fragment`all(word IN $words WHERE toLower(coalesce(n.name, '') + ' ' + coalesce(n.lot, '') + ' ' + coalesce(n.description, '')
    + ' ' + coalesce(n.activeIngredient, '') + ' ' + coalesce(n.manufacturer, '')) CONTAINS word)`;

const NAMED = fragment`CALL db.index.fulltext.queryNodes('names', $text, {limit: $most}) YIELD node AS n`;

const PRODUCTS = kindOf('product', {
  reads: cypher.public,
  node: fragment`(n:Product)`,
  key: fragment`n.gtin`,
  operator: fragment`null`,
  meets: fragment`($gtins IS NULL OR n.gtin IN $gtins OR n.ndc IN $ndcs) AND ($held IS NULL OR n.gtin IN $held)`,
  sources: {
    text: fragment`${NAMED} WITH n WHERE n:Product`,
    code: fragment`MATCH (n:Product) WHERE n.gtin IN $gtins OR n.ndc IN $ndcs`,
    held: fragment`MATCH (n:Product) WHERE n.gtin IN $held`,
  },
  own: fragment`MATCH (n:Product) WHERE n.gtin > '' AND n.registered AND $viewer > ''`,
  toRecord: ({ key, node }) => toProduct(key, node),
});
const SITES = kindOf('site', {
  reads: cypher.public,
  node: fragment`(n:Site)`,
  key: fragment`n.k`,
  operator: OPERATOR,
  meets: fragment`($country IS NULL OR n.country = $country) AND ($type IS NULL OR n.type = $type)
    AND ($operators IS NULL OR EXISTS { (n)-[r:OPERATED_BY]->(o:Party) WHERE o.k IN $operators AND ${RUNS_NOW} })`,
  sources: {
    text: fragment`${NAMED} WITH n WHERE n:Site`,
    operators: fragment`MATCH (o:Party) WHERE o.k IN $operators
MATCH (o)<-[:OPERATED_BY]-(n:Site)`,
    type: fragment`MATCH (n:Site) WHERE n.type = $type`,
    country: fragment`MATCH (n:Site) WHERE n.country = $country`,
  },
  own: fragment`${OWN_PARTIES}
MATCH (own)<-[:OPERATED_BY]-(n:Site)`,
  toRecord: ({ key, node, operator }) => toSite(key, node, operator ?? null),
});
const PARTIES = kindOf('party', {
  reads: cypher.public,
  node: fragment`(n:Party)`,
  key: fragment`n.k`,
  operator: fragment`null`,
  meets: fragment`$country IS NULL OR n.country = $country`,
  sources: {
    text: fragment`${NAMED} WITH n WHERE n:Party`,
    country: fragment`MATCH (n:Party) WHERE n.country = $country`,
  },
  own: fragment`${OWN_PARTIES}
WITH own AS n`,
  toRecord: ({ key, node }) => toParty(key, node),
});

const LOTS = kindOf('lot', {
  reads: cypher.packages,
  node: fragment`(n:Lot)`,
  key: fragment`n.id`,
  operator: fragment`null`,
  meets: fragment`($gtin IS NULL OR n.gtin = $gtin) AND ($expiresFrom IS NULL OR n.expiry >= $expiresFrom)
    AND ($expiresUntil IS NULL OR n.expiry < $expiresUntil)`,
  sources: {
    text: fragment`CALL db.index.fulltext.queryNodes('lots', $text, {limit: $most}) YIELD node AS n WITH n WHERE n:Lot`,
    gtin: fragment`MATCH (n:Lot) WHERE n.gtin = $gtin`,
    expiry: fragment`MATCH (n:Lot) WHERE n.expiry >= coalesce($expiresFrom, '') AND n.expiry < coalesce($expiresUntil, '9999-99-99')`,
  },
  own: fragment`MATCH ()-[s:SHOWS]->(n:Lot)
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot > ''`,
  toRecord: ({ node }) => toLot(node),
});

/** Selects products. All conditions must hold; null is no condition. */
export interface ProductFilter {
  /** Words, or beginnings of words, of a name, description, active ingredient or manufacturer. */
  readonly text: string | null;
  /** GTIN-14, and spellings of an NDC: one of them must be the product's. */
  readonly gtins: readonly string[] | null;
  readonly ndcs: readonly string[];
  /** GTINs of what a party has. */
  readonly held: readonly string[] | null;
}

/** Selects sites. All conditions must hold; null is no condition. */
export interface SiteFilter {
  readonly text: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly type: string | null;
  /** Keys of one party. */
  readonly operators: readonly string[] | null;
}

/** Selects parties. All conditions must hold; null is no condition. */
export interface PartyFilter {
  readonly text: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

/** Selects lots. All conditions must hold; null is no condition. */
export interface LotFilter {
  /** Words, or beginnings of words, of the lot number. */
  readonly text: string | null;
  readonly gtin: string | null;
  /** ISO dates, inclusive and exclusive. */
  readonly expiresFrom: string | null;
  readonly expiresUntil: string | null;
}

/** Lots by key, without the lot of what has no product. */
export function listLots(
  view: View,
  request: PageRequest,
  filter: LotFilter | null = null,
): Promise<Page<Lot>> {
  if (filter?.text != null) return listFound(view, LOTS, 'text', { filter, request });
  if (filter?.gtin != null) return listFound(view, LOTS, 'gtin', { filter, request });
  if (filter?.expiresFrom != null || filter?.expiresUntil != null)
    return listFound(view, LOTS, 'expiry', { filter, request });
  return listAll(view, LOTS, request);
}

/** Products by GTIN. */
export function listProducts(
  view: View,
  request: PageRequest,
  filter: ProductFilter | null = null,
): Promise<Page<Product>> {
  if (filter?.text != null) return listFound(view, PRODUCTS, 'text', { filter, request });
  if (filter?.gtins != null) return listFound(view, PRODUCTS, 'code', { filter, request });
  if (filter?.held != null) return listFound(view, PRODUCTS, 'held', { filter, request });
  return listAll(view, PRODUCTS, request);
}

/** Sites by key, without the unknown place. */
export function listSites(
  view: View,
  request: PageRequest,
  filter: SiteFilter | null = null,
): Promise<Page<Site>> {
  const by = (['text', 'operators', 'type', 'country'] as const).find(
    (one) => filter?.[one] != null,
  );
  if (by === undefined || filter === null) return listAll(view, SITES, request);
  return listFound(view, SITES, by, { filter, request });
}

/** Parties by key. */
export function listParties(
  view: View,
  request: PageRequest,
  filter: PartyFilter | null = null,
): Promise<Page<Party>> {
  const by = (['text', 'country'] as const).find((one) => filter?.[one] != null);
  if (by === undefined || filter === null) return listAll(view, PARTIES, request);
  return listFound(view, PARTIES, by, { filter, request });
}

/** What events name and nobody registered. It is told of all events, so only to the host. */
export const listGaps = {
  products: (view: View, request: PageRequest): Promise<Page<Product>> => {
    demandHost(view);
    return listAll(view, PRODUCTS, request, true);
  },
  sites: (view: View, request: PageRequest): Promise<Page<Site>> => {
    demandHost(view);
    return listAll(view, SITES, request, true);
  },
};

async function listFound<T, S extends string>(
  view: View,
  { found, toRecord }: Kind<T, S>,
  by: S,
  {
    filter,
    request,
  }: { readonly filter: { readonly text: string | null }; readonly request: PageRequest },
): Promise<Page<T>> {
  const text = filter.text === null ? null : luceneOf(filter.text);
  const words = filter.text === null ? [] : wordsOf(filter.text);
  const read = async (page: PageRequest): Promise<FoundOf[]> => {
    const { backward, from } = page;
    const rows = await view.read(found[by], {
      ...{ ...filter, text, backward, ...(isPartner(view) ? { words } : {}) },
      after: backward || from === undefined ? '' : String(from[0]),
      before: backward && from !== undefined ? String(from[0]) : KEY_BEHIND_ALL,
      limit: int(limitOf(page)),
      most: int(FOUND_AT_MOST + 1),
    });
    if ((rows[0]?.walked ?? 0) > FOUND_AT_MOST) throw tooMany(by);
    return backward ? rows.reverse() : rows;
  };
  const page = pageOf(await read(request), request, {
    keyOf: (row) => [row.key],
    count: async () => totalOf((await read({ size: 1, backward: false }))[0]?.total ?? 0),
  });
  return mapPage(page, toRecord);
}

function tooMany(by: string): Problem {
  const rule = `finds more than ${FOUND_AT_MOST.toLocaleString('en')} records.`;
  const remedy = 'Add a condition or more words, or list all by key without a filter.';
  return new Problem('BAD_USER_INPUT', `Argument "filter.${by}": ${rule} ${remedy}`, {
    details: { argument: `filter.${by}`, rule, remedy },
  });
}

async function listAll<T>(
  view: View,
  { byKey, count, toRecord }: Pick<Kind<T, string>, 'byKey' | 'count' | 'toRecord'>,
  request: PageRequest,
  gaps = false,
): Promise<Page<T>> {
  const way = wayOf(request);
  const from = startKey(way, request.from?.[0]);
  const rows = await view.read(byKey[way], { from, gaps, limit: int(limitOf(request)) });
  const page = pageOf(rows, request, {
    keyOf: (row) => [row.key],
    count: () => readTotal(view, count, { gaps }),
  });
  return mapPage(page, toRecord);
}
