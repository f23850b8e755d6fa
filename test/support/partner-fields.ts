/** What partners are asked about when every field of the schema is tried. */
import type { Arguments } from './walk-schema.js';

/** Fields that only the host may ask: they tell of everybody, or how the service is run. A new field is for partners, or it is named here. */
export const FOR_HOST = [
  'Query.accessLog',
  'Query.keys',
  'Query.serialAllocation',
  'Query.serialAllocations',
  'Query.serialStatus',
  'Unregistered.products',
  'Unregistered.sites',
];

/** Things that a question names. */
export interface Named {
  /** The serial of a unit of `gtin`. */
  readonly unit: string;
  /** An SSCC. */
  readonly box: string;
  readonly lot: string;
  readonly event: string;
  readonly gtin: string;
  /** GLNs. */
  readonly party: string;
  readonly site: string;
}

/** The arguments of the fields that need some. */
export function argumentsOf({ unit, box, lot, event, gtin, party, site }: Named): Arguments {
  const link = (key: string): string => `https://id.gs1.org/${key}`;
  const [pack, pallet] = [link(`01/${gtin}/21/${unit}`), link(`00/${box}`)];
  return {
    'Query.barcode': `id: "${pack}", format: DATAMATRIX`,
    'Query.captureJob': 'id: "3b8a54d6-0000-4000-8000-000000000000"',
    'Query.committedCursor': 'name: "portal"',
    'Query.deadLetters': 'webhook: "3b8a54d6-0000-4000-8000-000000000000"',
    'Query.event': `id: "${event}"`,
    'Query.inventory': 'by: [LOT, SITE, HOLDER, STATUS]',
    'Query.journey': `id: "${pack}"`,
    'Query.lineage': `id: "${pack}", direction: BOTH`,
    'Query.locate': `id: "${pack}"`,
    'Query.lot': `gtin: "${gtin}", lot: "${lot}"`,
    'Query.node': `id: "Package:00/${box}"`,
    'Query.packageById': `id: "${pallet}"`,
    'Query.packagesById': `ids: ["${pack}", "${pallet}"]`,
    'Query.party': `gln: "${party}"`,
    'Query.product': `gtin: "${gtin}"`,
    'Query.recallScope': `input: { lots: [{ gtin: "${gtin}", lot: "${lot}" }] }`,
    'Query.search': `text: "${lot}"`,
    'Query.serialAllocation': 'id: "A1"',
    'Query.serialAllocations': `gtin: "${gtin}"`,
    'Query.serialStatus': `gtin: "${gtin}", serial: "${unit}"`,
    'Query.site': `gln: "${site}"`,
    'RecallScope.explain': `id: "${pack}"`,
  };
}
