import type { MasterDataKind } from '../epcis/cbv-names.js';
import { CBV_NAMES } from '../epcis/cbv-names.js';
import type { VocabularyElementOut } from '../epcis/write-json.js';
import { formsOf } from '../gs1/identifier.js';
import type { NamedElement } from './master-data-query.rules.js';

/** The vocabulary for what was registered without one (EPCIS 1.2 section 7.2). */
const VOCABULARIES: Readonly<Record<MasterDataKind, string>> = {
  product: 'urn:epcglobal:epcis:vtype:EPCClass',
  site: 'urn:epcglobal:epcis:vtype:BusinessLocation',
  party: 'urn:epcglobal:epcis:vtype:SourceDest',
};

const MASTER_DATA = 'urn:epcglobal:cbv:mda#';

/**
 * A product, site or party that was registered but is in no document's master data, as an element of a vocabulary.
 *
 * @param key canonical key
 * @param node its properties
 */
export function registeredElement(
  kind: MasterDataKind,
  key: string,
  node: Readonly<Record<string, unknown>>,
): NamedElement {
  const own = Object.entries(CBV_NAMES[kind]).flatMap(([property, name]) => {
    const value = node[property];
    const isTold = typeof value === 'string' || typeof value === 'number';
    return isTold ? [{ id: `${MASTER_DATA}${name}`, attribute: String(value) }] : [];
  });
  const element: VocabularyElementOut = {
    id: idOf(key),
    attributes: [...own, ...othersOf(node['attributes'])],
  };
  return { vocabulary: VOCABULARIES[kind], element };
}

/** A name that is not a GS1 key stays as it is. */
function idOf(key: string): string {
  return /^\d{2,4}\//.test(key) ? formsOf(key).digitalLink : key;
}

function othersOf(attributes: unknown): NonNullable<VocabularyElementOut['attributes']> {
  if (typeof attributes !== 'string') return [];
  const known = JSON.parse(attributes) as Readonly<Record<string, unknown>>;
  return Object.entries(known).map(([name, attribute]) => ({
    id: name.includes(':') ? name : `${MASTER_DATA}${name}`,
    attribute,
  }));
}
