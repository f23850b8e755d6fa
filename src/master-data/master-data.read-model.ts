import type { View } from '../access/view.js';
import { cypher } from '../graph/cypher.js';
import { placeOfGeoUri } from './geo-uri.rules.js';
import { partyForms, wholeSite } from './one-party.rules.js';
import { readPartyKeys } from './parties.read-model.js';
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
UNWIND $rows AS row
OPTIONAL MATCH (s:Site {k: row.key})
RETURN row.key AS k, properties(s) AS node, head(COLLECT {
  MATCH (o:Site) WHERE o.k IN [row.key, row.whole]
  MATCH (o)-[r:OPERATED_BY]->(p:Party) WHERE r.to IS NULL
  RETURN p.k ORDER BY size(o.k) DESC, p.k LIMIT 1
}) AS operator`;

const PARTIES = cypher<{ key: string; own: Stored | null; places: readonly Stored[] }>(
  'master-data.parties',
)`
UNWIND $rows AS row
OPTIONAL MATCH (own:Party {k: row.key})
OPTIONAL MATCH (place:Site {k: row.place})
OPTIONAL MATCH (whole:Site {k: row.whole})
RETURN row.key AS key, properties(own) AS own,
  [node IN [place, whole] WHERE node IS NOT NULL | properties(node)] AS places`;

/** Products in the order of `gtins`; one nobody registered comes as `registered: false`. */
export async function readProducts(view: View, gtins: readonly string[]): Promise<Product[]> {
  const rows = await view.read(PRODUCTS, { gtins });
  const found = new Map(rows.map((row) => [row.gtin, row.node]));
  return gtins.map((gtin) => toProduct(gtin, found.get(gtin) ?? {}));
}

/** Lots in the order of `ids`, null where there is none. */
export async function readLots(view: View, ids: readonly string[]): Promise<(Lot | null)[]> {
  const rows = await view.read(LOTS, { ids });
  const found = new Map(rows.map((row) => [row.id, row.node]));
  return ids.map((id) => {
    const node = found.get(id);
    return node ? toLot(node) : null;
  });
}

/** What cannot be right about lots, by id: the dates of those that events state several expiries of. */
export async function readLotExceptions(
  view: View,
  lots: readonly Lot[],
): Promise<LotException[][]> {
  const doubtful = lots.flatMap(({ id, expiries }) => (expiries.length > 1 ? [id] : []));
  if (doubtful.length === 0) return lots.map(() => []);
  const rows = await view.read(LOT_EXCEPTIONS, { lots: doubtful });
  return lots.map(({ id }) => rows.filter(({ lot }) => lot === id));
}

/** Sites in the order of `keys`; null for `?`; one nobody registered comes as `registered: false`. */
export async function readSites(view: View, keys: readonly string[]): Promise<(Site | null)[]> {
  const asked = { rows: keys.map((key) => ({ key, whole: wholeSite(key) })) };
  const rows = await view.read(SITES, asked);
  const found = new Map(rows.map((row) => [row.k, row]));
  return keys.map((key) => {
    const row = found.get(key);
    return key === '?' ? null : toSite(key, row?.node ?? {}, row?.operator ?? null);
  });
}

/** Parties in the order of `keys`, each the one party its key stands for; one nobody registered comes as `registered: false`. */
export async function readParties(view: View, keys: readonly string[]): Promise<Party[]> {
  // Nearly every key is the one of its party: its nodes are read beside asking.
  const [one, found] = await Promise.all([readPartyKeys(view, keys), readPartyNodes(view, keys)]);
  const others = [...one.values()].filter((key) => !found.has(key));
  const parties = new Map([...found, ...(await readPartyNodes(view, others))]);
  return keys.map((key) => parties.get(one.get(key) ?? key) ?? toParty(key, {}));
}

async function readPartyNodes(view: View, keys: readonly string[]): Promise<Map<string, Party>> {
  if (keys.length === 0) return new Map();
  const rows = await view.read(PARTIES, { rows: [...new Set(keys)].map(partyForms) });
  return new Map(rows.map(({ key, own, places }) => [key, toNamedParty(key, own, places)]));
}

/** A party has the name and the address of the place of its key, or of the whole GLN, where none of its own are known. */
function toNamedParty(key: string, own: Stored | null, places: readonly Stored[]): Party {
  const party = toParty(key, own ?? {});
  const told = [party, ...places.map((node) => toParty(key, node))];
  const { address, city, region, postalCode, country } = told.find(hasAddress) ?? party;
  const registered = told.find((one) => one.registered) ?? party;
  return {
    ...party,
    registered: registered.registered,
    known: told.some((one) => one.known),
    name: told.find(({ name }) => name !== null)?.name ?? null,
    ...{ address, city, region, postalCode, country },
    attributes: registered.attributes,
  };
}

function hasAddress(party: Party): boolean {
  return ADDRESS.some((line) => party[line] !== null);
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
  const named = placeOfGeoUri(key);
  return {
    key,
    ...masterRecord(node),
    ...texts(node, ['name', 'type', ...ADDRESS]),
    lat: number(node, 'lat') ?? named?.lat ?? null,
    lon: number(node, 'lon') ?? named?.lon ?? null,
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
