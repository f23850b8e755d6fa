import { cypher } from '../graph/cypher.js';
import type { Graph } from '../graph/graph.js';
import type { Lot, LotException, MasterRecord, Party, Product, Site } from './master-data.js';

/** Properties of a node as stored; absent ones are null or missing. */
type Stored = Readonly<Record<string, unknown>>;

const PRODUCTS = cypher<{ gtin: string; node: Stored | null }>('master-data.products')`
UNWIND $gtins AS gtin
OPTIONAL MATCH (p:Product {gtin: gtin})
RETURN gtin, properties(p) AS node`;

const LOTS = cypher<{ id: string; node: Stored | null }>('master-data.lots')`
UNWIND $ids AS id
OPTIONAL MATCH (l:Lot {id: id})
RETURN id, properties(l) AS node`;

// Of each date the first event that states it.
const LOT_EXCEPTIONS = cypher<LotException & { lot: string }>('master-data.lot-exceptions')`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[c:OF_CLASS {role: 'ilmd'}]-(e:Event)
WHERE c.expiry IS NOT NULL AND e.retracted IS NULL
WITH lot, c.expiry AS detail, e ORDER BY e.eventTime, e.hash
WITH lot, detail, collect({at: e.eventTime, id: e.id})[0] AS said
RETURN lot, 'EXPIRY_CONTRADICTED' AS code, said.at AS at, said.id AS eventId, detail
ORDER BY detail`;

const SITES = cypher<{ k: string; node: Stored | null; operator: string | null }>(
  'master-data.sites',
)`
UNWIND $keys AS k
OPTIONAL MATCH (s:Site {k: k})
RETURN k, properties(s) AS node, head([(s)-[:OPERATED_BY]->(p:Party) | p.k]) AS operator`;

const PARTIES = cypher<{ k: string; node: Stored | null }>('master-data.parties')`
UNWIND $keys AS k
OPTIONAL MATCH (p:Party {k: k})
RETURN k, properties(p) AS node`;

/** Products in the order of `gtins`; one nobody registered comes as `registered: false`. */
export async function readProducts(
  graph: Graph,
  gtins: readonly string[],
  signal?: AbortSignal,
): Promise<Product[]> {
  const rows = await graph.read(PRODUCTS, { gtins }, signal ? { signal } : {});
  const found = new Map(rows.map((row) => [row.gtin, row.node]));
  return gtins.map((gtin) => toProduct(gtin, found.get(gtin) ?? {}));
}

/** Lots in the order of `ids`, null where there is none. */
export async function readLots(
  graph: Graph,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<(Lot | null)[]> {
  const rows = await graph.read(LOTS, { ids }, signal ? { signal } : {});
  const found = new Map(rows.map((row) => [row.id, row.node]));
  return ids.map((id) => {
    const node = found.get(id);
    return node ? toLot(node) : null;
  });
}

/** What cannot be right about lots, by id: the dates of those that events state several expiries of. */
export async function readLotExceptions(
  graph: Graph,
  lots: readonly Lot[],
  signal?: AbortSignal,
): Promise<LotException[][]> {
  const doubtful = lots.flatMap(({ id, expiries }) => (expiries.length > 1 ? [id] : []));
  if (doubtful.length === 0) return lots.map(() => []);
  const rows = await graph.read(LOT_EXCEPTIONS, { lots: doubtful }, signal ? { signal } : {});
  return lots.map(({ id }) => rows.filter(({ lot }) => lot === id));
}

/** Sites in the order of `keys`; null for `?`; one nobody registered comes as `registered: false`. */
export async function readSites(
  graph: Graph,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<(Site | null)[]> {
  const rows = await graph.read(SITES, { keys }, signal ? { signal } : {});
  const found = new Map(rows.map((row) => [row.k, row]));
  return keys.map((key) => {
    const row = found.get(key);
    return key === '?' ? null : toSite(key, row?.node ?? {}, row?.operator ?? null);
  });
}

/** Parties in the order of `keys`; one nobody registered comes as `registered: false`. */
export async function readParties(
  graph: Graph,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<Party[]> {
  const rows = await graph.read(PARTIES, { keys }, signal ? { signal } : {});
  const found = new Map(rows.map((row) => [row.k, row.node]));
  return keys.map((key) => toParty(key, found.get(key) ?? {}));
}

/** A product from its node. */
export function toProduct(gtin: string, node: Stored): Product {
  return {
    gtin,
    ...masterRecord(node),
    ...texts(node, [
      'name',
      'description',
      'manufacturer',
      'activeIngredient',
      'strength',
      'form',
      'packSize',
      'ndc',
    ]),
    marketAuthorisations: list(node, 'marketAuthorisations'),
    storageMinCelsius: number(node, 'storageMinCelsius'),
    storageMaxCelsius: number(node, 'storageMaxCelsius'),
    serialsFromPools: node['serialsFromPools'] === true,
  };
}

/** A lot from its node. */
export function toLot(node: Stored): Lot {
  return {
    id: String(node['id']),
    ...texts(node, ['gtin', 'lot', 'expiry']),
    expiries: list(node, 'expiries'),
    madeAt: number(node, 'madeAt'),
  };
}

/** A site from its node. */
export function toSite(key: string, node: Stored, operator: string | null): Site {
  return {
    key,
    ...masterRecord(node),
    ...texts(node, ['name', 'type', ...ADDRESS]),
    lat: number(node, 'lat'),
    lon: number(node, 'lon'),
    operator,
  };
}

/** A party from its node. */
export function toParty(key: string, node: Stored): Party {
  return {
    key,
    ...masterRecord(node),
    ...texts(node, ['name', ...ADDRESS]),
    roles: list(node, 'roles'),
    licences: list(node, 'licences'),
  };
}

const ADDRESS = ['address', 'city', 'region', 'postalCode', 'country'] as const;

function masterRecord(
  node: Stored,
): MasterRecord & { readonly attributes: Readonly<Record<string, unknown>> } {
  const attributes = node['attributes'];
  return {
    registered: node['registered'] === true,
    known: Object.keys(node).length > 0,
    gcp: text(node, 'gcp'),
    attributes:
      typeof attributes === 'string' ? (JSON.parse(attributes) as Record<string, unknown>) : {},
  };
}

function texts<N extends string>(node: Stored, names: readonly N[]): Record<N, string | null> {
  return Object.fromEntries(names.map((name) => [name, text(node, name)])) as Record<
    N,
    string | null
  >;
}

function text(node: Stored, name: string): string | null {
  const value = node[name];
  return typeof value === 'string' ? value : null;
}

function number(node: Stored, name: string): number | null {
  const value = node[name];
  return typeof value === 'number' ? value : null;
}

function list(node: Stored, name: string): readonly string[] {
  const value = node[name];
  return Array.isArray(value) ? value.map(String) : [];
}
