import type { VocabularyKind } from '../epcis/cbv-names.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { parseIdentifier } from '../gs1/identifier.js';
import { companyPrefixOf } from './company-prefix.js';
import { storeMasterDataRows } from './master-data.store.js';
import type { MasterDataReceipt, MasterDataRow, OperatorRow } from './master-data.store.js';
import { vocabularyRowOf } from './vocabulary.rules.js';
import { storeVocabularyRows } from './vocabulary.store.js';

/** Maps attribute names of CBV 2.0 (section 9) and of the GS1 Web Vocabulary to our properties. */
const PROPERTY_OF: Readonly<Record<string, string>> = {
  name: 'name',
  siteName: 'name',
  organizationName: 'name',
  partyName: 'name',
  tradeItemDescription: 'description',
  descriptionShort: 'name',
  productName: 'name',
  functionalName: 'functionalName',
  regulatedProductName: 'name',
  drainedWeight: 'drainedWeight',
  manufacturerOfTradeItemPartyName: 'manufacturer',
  labelerName: 'manufacturer',
  dosageFormType: 'form',
  dosageForm: 'form',
  strengthDescription: 'strength',
  strength: 'strength',
  netContentDescription: 'packSize',
  additionalTradeItemIdentification: 'ndc',
  ndc: 'ndc',
  activeIngredient: 'activeIngredient',
  streetAddressOne: 'address',
  streetAddress: 'address',
  city: 'city',
  state: 'region',
  region: 'region',
  postalCode: 'postalCode',
  countryCode: 'country',
  country: 'country',
  latitude: 'lat',
  longitude: 'lon',
  siteLocationType: 'type',
};
const KEPT: Readonly<Record<'product' | 'site' | 'party', readonly string[]>> = {
  product: [
    'name',
    'description',
    'manufacturer',
    'form',
    'strength',
    'packSize',
    'ndc',
    'activeIngredient',
  ],
  site: ['name', 'address', 'city', 'region', 'postalCode', 'country', 'lat', 'lon', 'type'],
  party: ['name', 'address', 'city', 'region', 'postalCode', 'country'],
};
const NUMBERS: readonly string[] = ['lat', 'lon'];
/** Attributes that say who runs a site. */
export const OPERATOR: readonly string[] = [
  'owning_party',
  'possessing_party',
  'operatedBy',
  'operator',
];

/**
 * Stores the master data of a document's header, inside the caller's write transaction.
 *
 * Attributes without a property of ours are kept under `attributes`. Entries that are not a product, site or party, such as business steps,
 * dispositions or lots, are kept as words of their vocabulary. Safe to repeat.
 */
export async function storeMasterData(
  tx: GraphTransaction,
  entries: readonly MasterDataEntry[],
): Promise<MasterDataReceipt> {
  const products = entries.flatMap((entry) =>
    entry.type === 'product' ? rowsOf(entry, 'product', gtinOf(entry)) : [],
  );
  const sites = entries.flatMap((entry) =>
    entry.type === 'site' ? rowsOf(entry, 'site', entry.key) : [],
  );
  const parties = entries.flatMap((entry) =>
    entry.type === 'party' ? rowsOf(entry, 'party', entry.key) : [],
  );
  const operators = entries.flatMap((entry) => (entry.type === 'site' ? operatorOf(entry) : []));
  const receipt = await storeMasterDataRows(tx, { products, sites, parties, operators });
  await storeVocabularies(tx, entries);
  return receipt;
}

async function storeVocabularies(
  tx: GraphTransaction,
  entries: readonly MasterDataEntry[],
): Promise<void> {
  const kindOf = (entry: MasterDataEntry): VocabularyKind =>
    entry.type === 'other' || (entry.type === 'product' && gtinOf(entry) === null)
      ? 'word'
      : entry.type;
  for (const kind of ['site', 'product', 'party', 'word'] as const) {
    const toKey = kind === 'product' ? gtinOfKey : (key: string): string => key;
    const rows = entries.flatMap((entry) => {
      const key = kindOf(entry) === kind ? toKey(entry.key) : null;
      return key === null ? [] : (vocabularyRowOf(entry, key, toKey) ?? []);
    });
    await storeVocabularyRows(tx, kind, rows);
  }
}

function gtinOf(entry: MasterDataEntry): string | null {
  return gtinOfKey(entry.key);
}

function gtinOfKey(key: string): string | null {
  return /^01\/(\d{14})$/.exec(key)?.[1] ?? null;
}

function operatorOf(entry: MasterDataEntry): OperatorRow[] {
  const given = OPERATOR.map((name) => entry.attributes[name]).find(
    (value) => typeof value === 'string',
  );
  if (given === undefined) return [];
  const parsed = parseIdentifier(given);
  return parsed.ok ? [{ site: entry.key, party: parsed.id.key, from: null, to: null }] : [];
}

function rowsOf(
  entry: MasterDataEntry,
  kind: keyof typeof KEPT,
  key: string | null,
): MasterDataRow[] {
  if (key === null) return [];
  const properties: Record<string, string | number> = {};
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entry.attributes)) {
    const property = PROPERTY_OF[name];
    const stored =
      property !== undefined && KEPT[kind].includes(property)
        ? toStored(property, value)
        : undefined;
    if (property !== undefined && stored !== undefined) properties[property] = stored;
    else attributes[name] = value;
  }
  const gcp = companyPrefixOf(entry.id);
  return [
    { key, properties: { ...properties, ...(gcp === undefined ? {} : { gcp }) }, attributes },
  ];
}

function toStored(property: string, value: unknown): string | number | undefined {
  if (NUMBERS.includes(property)) {
    const number = Number(value);
    return value === '' || value === null || Number.isNaN(number) ? undefined : number;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
