import { isLotNamed, isLotShown, sighted } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { cypher, fragment } from '../graph/cypher.js';
import { placeOfGeoUri } from './geo-uri.rules.js';
import { SITES_OF_KEYS } from './names.read-model.js';
import type { FoundParty, FoundSite } from './names.read-model.js';
import { readFoundParties } from './operators.read-model.js';
import type { KnownParties } from './operators.read-model.js';
import type {
  Lot,
  LotException,
  MasterRecord,
  Party,
  Product,
  Site,
  Stored,
} from './master-data.js';

const PRODUCTS = cypher.public<{ gtin: string; node: Stored | null }>('master-data.products')`
UNWIND $gtins AS gtin
OPTIONAL MATCH (p:Product {gtin: gtin})
RETURN gtin, properties(p) AS node`;

// A partner knows a lot of which it sees units, or an event that names it.
const LOTS = cypher.packages<{ id: string; node: Stored | null }>('master-data.lots', {
  partner: fragment`
UNWIND $ids AS id
MATCH (l:Lot {id: id})
WHERE id IN $told OR ${isLotShown(fragment`id`)} OR ${isLotNamed(fragment`l`)}
RETURN id, properties(l) AS node`,
})`
UNWIND $ids AS id
OPTIONAL MATCH (l:Lot {id: id})
RETURN id, properties(l) AS node`;

// For each date, the first event that states it.
const LOT_EXCEPTIONS = sighted<LotException & { lot: string }>(
  'events',
  'master-data.lot-exceptions',
  ({ sees }) => fragment`
UNWIND $lots AS lot
MATCH (:Lot {id: lot})<-[c:OF_CLASS {role: 'ilmd'}]-(e:Event)
WHERE c.expiry IS NOT NULL AND e.retracted IS NULL ${sees(fragment`e`)}
WITH lot, c.expiry AS detail, e ORDER BY e.eventTime, e.hash
WITH lot, detail, collect({at: e.eventTime, id: e.id})[0] AS said
RETURN lot, 'EXPIRY_CONTRADICTED' AS code, said.at AS at, said.id AS eventId, detail
ORDER BY detail`,
);

const SITES = cypher.public<{ sites: readonly FoundSite[] }>('master-data.sites')`
WITH $keys AS keys
CALL (keys) { ${SITES_OF_KEYS} }
RETURN sites`;

/** Products in the order of `gtins`. A product that nobody registered has `registered: false`. */
export async function readProducts(view: View, gtins: readonly string[]): Promise<Product[]> {
  const rows = await view.read(PRODUCTS, { gtins });
  const found = new Map(rows.map((row) => [row.gtin, row.node]));
  return gtins.map((gtin) => toProduct(gtin, found.get(gtin) ?? {}));
}

/**
 * Lots in the order of `ids`; null for a lot that does not exist.
 *
 * @param told those that this operation has told a partner already, as the lot of a package that it saw
 */
export async function readLots(
  view: View,
  ids: readonly string[],
  told: readonly string[] = [],
): Promise<(Lot | null)[]> {
  const rows = await view.read(LOTS, isPartner(view) ? { ids, told } : { ids });
  const found = new Map(rows.map((row) => [row.id, row.node]));
  return ids.map((id) => {
    const node = found.get(id);
    return node ? toLot(node) : null;
  });
}

/** What cannot be right about lots, by id: the expiry dates of lots for which events state several. */
export async function readLotExceptions(
  view: View,
  lots: readonly Lot[],
): Promise<LotException[][]> {
  const doubtful = lots.flatMap(({ id, expiries }) => (expiries.length > 1 ? [id] : []));
  if (doubtful.length === 0) return lots.map(() => []);
  const rows = await view.read(LOT_EXCEPTIONS, { lots: doubtful });
  return lots.map(({ id }) => rows.filter(({ lot }) => lot === id));
}

/** Sites in the order of `keys`; null for `?`. A site that nobody registered has `registered: false`. */
export async function readSites(view: View, keys: readonly string[]): Promise<(Site | null)[]> {
  const [row] = await view.read(SITES, { keys });
  const found = new Map(row?.sites.map((site) => [site.key, siteOf(site)]));
  return keys.map((key) => found.get(key) ?? null);
}

/** The site of a row that was read. */
export function siteOf({ key, node, operator }: FoundSite): Site {
  return toSite(key, node ?? {}, operator);
}

/**
 * Parties in the order of `keys`: for each key the one party that it stands for. A party that nobody registered has `registered: false`.
 */
export async function readParties(view: View, keys: readonly string[]): Promise<Party[]> {
  const found = await readFoundParties(view, keys);
  return keys.map((key) => partyOf(key, found));
}

/** The one party that a key stands for, out of the parties that were read. */
export function partyOf(key: string, { keyOf, under }: KnownParties): Party {
  const one = keyOf(key);
  return toNamedParty(one, under(one));
}

/** A party without a name or address takes those of the place with its key, or of the whole GLN. */
function toNamedParty(key: string, found: FoundParty | undefined): Party {
  const party = toParty(key, found?.own ?? {});
  const places = [found?.place, found?.whole].filter((node) => node !== undefined && node !== null);
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
