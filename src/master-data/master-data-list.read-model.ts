import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import { pageOf } from '../shared/page.js';
import type { Page, PageKeyShape, PageRequest } from '../shared/page.js';
import { toLot, toParty, toProduct, toSite } from './master-data.read-model.js';
import type { Lot, Party, Product, Site, Stored } from './master-data.js';

/** A cursor of these lists holds the key. */
export const KEY_SHAPE: PageKeyShape = ['string'];

const PRODUCT_PAGE = cypher.public<{ key: string; node: Stored }>('master-data.productPage')`
MATCH (p:Product) WHERE p.gtin > $after AND (NOT $gaps OR p.registered IS NULL)
RETURN p.gtin AS key, properties(p) AS node ORDER BY p.gtin LIMIT $limit`;

const SITE_PAGE = cypher.public<{ key: string; node: Stored; operator: string | null }>(
  'master-data.sitePage',
)`
MATCH (s:Site) WHERE s.k > $after AND s.k <> '?' AND (NOT $gaps OR s.registered IS NULL)
WITH s ORDER BY s.k LIMIT $limit
RETURN s.k AS key, properties(s) AS node, head(COLLECT {
  MATCH (o:Site) WHERE o.k IN [s.k, CASE WHEN s.k STARTS WITH '414/' THEN left(s.k, 17) END]
  MATCH (o)-[r:OPERATED_BY]->(p:Party) WHERE r.to IS NULL
  RETURN p.k ORDER BY size(o.k) DESC, p.k LIMIT 1
}) AS operator
ORDER BY key`;

const PARTY_PAGE = cypher.public<{ key: string; node: Stored }>('master-data.partyPage')`
MATCH (p:Party) WHERE p.k > $after AND (NOT $gaps OR p.registered IS NULL)
RETURN p.k AS key, properties(p) AS node ORDER BY p.k LIMIT $limit`;

// '0' follows '/' in code order, so the range holds `01/<gtin>` itself and every `01/<gtin>/10/<lot>`.
const LOTS_OF_PRODUCTS = cypher.packages<{ of: string; id: string; node: Stored }>(
  'master-data.lotsOfProducts',
)`
UNWIND $rows AS row
CALL (row) {
  MATCH (l:Lot) WHERE l.id > row.after AND l.id >= row.begin AND l.id < row.end
  RETURN l ORDER BY l.id LIMIT $limit
}
RETURN row.of AS of, l.id AS id, properties(l) AS node ORDER BY of, id`;

const SITES_OF_PARTIES = cypher.public<{ of: string; key: string; node: Stored }>(
  'master-data.sitesOfParties',
)`
UNWIND $rows AS row
CALL (row) {
  MATCH (p:Party {k: row.of})<-[:OPERATED_BY]-(s:Site)
  USING INDEX p:Party(k)
  WHERE s.k > row.after
  RETURN s ORDER BY s.k LIMIT $limit
}
RETURN row.of AS of, s.k AS key, properties(s) AS node ORDER BY of, key`;

/** Which records a list has. */
export interface ListOptions {
  /** Only records that nobody registered. */
  readonly gaps?: boolean;
}

/** Products by GTIN. */
export async function listProducts(
  view: View,
  request: PageRequest,
  options: ListOptions = {},
): Promise<Page<Product>> {
  const rows = await view.read(PRODUCT_PAGE, paramsOf(request, options));
  const page = pageOf(rows, request, (row) => [row.key]);
  return mapPage(page, ({ key, node }) => toProduct(key, node));
}

/** Sites by key, without the unknown place. */
export async function listSites(
  view: View,
  request: PageRequest,
  options: ListOptions = {},
): Promise<Page<Site>> {
  const rows = await view.read(SITE_PAGE, paramsOf(request, options));
  const page = pageOf(rows, request, (row) => [row.key]);
  return mapPage(page, ({ key, node, operator }) => toSite(key, node, operator));
}

/** Parties by key. */
export async function listParties(
  view: View,
  request: PageRequest,
  options: ListOptions = {},
): Promise<Page<Party>> {
  const rows = await view.read(PARTY_PAGE, paramsOf(request, options));
  const page = pageOf(rows, request, (row) => [row.key]);
  return mapPage(page, ({ key, node }) => toParty(key, node));
}

/** A page of the lots of each product, in the order asked for. One statement reads all pages. */
export async function listLotsOf(
  view: View,
  gtins: readonly string[],
  request: PageRequest,
): Promise<Page<Lot>[]> {
  const after = afterOf(request);
  const rows = gtins.map((of) => ({ of, after, begin: `01/${of}`, end: `01/${of}0` }));
  const found = await view.read(LOTS_OF_PRODUCTS, { rows, limit: int(request.first + 1) });
  return gtins.map((gtin) => {
    const page = pageOf(
      found.filter((row) => row.of === gtin),
      request,
      (row) => [row.id],
    );
    return mapPage(page, ({ node }) => toLot(node));
  });
}

/** A page of the sites that each party runs, in the order asked for. One statement reads all pages. */
export async function listSitesOf(
  view: View,
  parties: readonly string[],
  request: PageRequest,
): Promise<Page<Site>[]> {
  const after = afterOf(request);
  const rows = parties.map((of) => ({ of, after }));
  const found = await view.read(SITES_OF_PARTIES, { rows, limit: int(request.first + 1) });
  return parties.map((party) => {
    const page = pageOf(
      found.filter((row) => row.of === party),
      request,
      (row) => [row.key],
    );
    return mapPage(page, ({ key, node }) => toSite(key, node, party));
  });
}

function paramsOf(request: PageRequest, { gaps = false }: ListOptions): Record<string, unknown> {
  return { after: afterOf(request), gaps, limit: int(request.first + 1) };
}

function afterOf(request: PageRequest): string {
  return String(request.after?.[0] ?? '');
}

function mapPage<T, U>(page: Page<T>, shape: (row: T) => U): Page<U> {
  return { ...page, items: page.items.map(({ cursor, node }) => ({ cursor, node: shape(node) })) };
}
