import type { MasterDataKind } from '../epcis/cbv-names.js';
import { CBV_NAMES } from '../epcis/cbv-names.js';
import { localName } from '../epcis/master-data.js';
import type { MasterDataRow } from './master-data.store.js';
import { attributeTermsOf } from './vocabulary.rules.js';
import type { AttributeTermRow } from './vocabulary.store.js';

/**
 * The terms by which queries find registered products, sites or parties, one row for each node. For one key the last record wins. So a
 * query on attributes finds registered values as it finds those of documents. An attribute given as null is no longer found.
 */
export function registeredTermRows(
  kind: MasterDataKind,
  records: readonly MasterDataRow[],
): readonly AttributeTermRow[] {
  const told = new Map<string, Map<string, unknown>>();
  for (const { key, properties, attributes = {} } of records) {
    const own = Object.entries(CBV_NAMES[kind])
      .filter(([property]) => property in properties)
      .map(([property, name]) => [name, properties[property]] as const);
    const others = Object.entries(attributes).map(
      ([name, value]) => [localName(name), value] as const,
    );
    told.set(key, new Map([...(told.get(key) ?? []), ...own, ...others]));
  }
  return [...told].map(([key, attributes]) => attributeTermsOf(key, [...attributes]));
}
