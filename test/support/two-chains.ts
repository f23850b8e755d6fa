/** A maker that sells pallets of the same lots to two companies, which pass some of it on. */
import { withCheckDigit } from '../../src/gs1/check-digit.js';
import { DEPOT, MAKER, OTHER, PLANT, SHOP, THIRD, place, sold } from './access-client.js';
import type { Named } from './partner-fields.js';

const GTIN = '09506000134352';
const KIT = '09506000134369';
const LOTS = 10;
const UNITS_A_CASE = 25;
const MINUTE = 60_000;
const BEGIN = Date.UTC(2026, 0, 1);
/** Customers of both; nobody registered them. */
const CLINIC = '9506000160009';
const WARD = '9506000160016';

/** Units on a pallet. */
export const UNITS_A_PALLET = 2 * UNITS_A_CASE;

/** Who buys a pallet. */
export const BIRCH = { company: OTHER, site: DEPOT };
export const CEDAR = { company: THIRD, site: SHOP };

const link = (key: string): string => `https://id.gs1.org/${key}`;
const unit = (pallet: number, n: number): string => link(`01/${GTIN}/21/U${pallet}-${n}`);
const box = (pallet: number, n: number): string =>
  withCheckDigit(`095060001${String(3 * pallet + n).padStart(8, '0')}`);
const sscc = (pallet: number, n: number): string => link(`00/${box(pallet, n)}`);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const lotOf = (pallet: number): string => `L${pallet % LOTS}`;

/** What the n-th pallet is called. */
export function namesOf(pallet: number, { company, site }: typeof BIRCH): Named {
  const [serial, number] = [`U${pallet}-0`, box(pallet, 2)];
  const event = `urn:x:${pallet}:3`;
  return { unit: serial, box: number, lot: lotOf(pallet), event, gtin: GTIN, party: company, site };
}

/** Everything that happens to the n-th pallet; n decides what becomes of it. */
export function storyOf(pallet: number, { company, site }: typeof BIRCH): object[] {
  const cases = [sscc(pallet, 0), sscc(pallet, 1)];
  const load = sscc(pallet, 2);
  const [plant, there] = [{ bizLocation: place(PLANT) }, { bizLocation: place(site) }];
  const units = (n: number): string[] =>
    range(UNITS_A_CASE).map((i) => unit(pallet, n * UNITS_A_CASE + i));
  const made = { action: 'ADD', bizStep: 'commissioning', ...plant };
  const ends = sold(MAKER, company, site);
  const events = [
    { ...made, epcList: [...units(0), ...units(1)], ilmd: ilmd(lotOf(pallet)) },
    ...cases.map((parentID, n) => ({ ...PACKING, ...plant, parentID, childEPCs: units(n) })),
    { ...PACKING, ...plant, parentID: load, childEPCs: cases },
    { ...SHIPPING, epcList: [load], readPoint: place(PLANT), ...ends },
    { bizStep: 'receiving', disposition: 'in_progress', epcList: [load], ...there, ...ends },
    ...FATES[pallet % FATES.length]!({ pallet, company, site, cases, load, there, units }),
  ];
  return events.map((told, i) => ({
    ...{ type: 'ObjectEvent', action: 'OBSERVE', eventTimeZoneOffset: '+00:00' },
    eventID: `urn:x:${pallet}:${i}`,
    eventTime: new Date(BEGIN + (20 * pallet + i) * MINUTE).toISOString(),
    ...told,
  }));
}

const PACKING = { type: 'AggregationEvent', action: 'ADD', bizStep: 'packing' };
const UNPACKING = { type: 'AggregationEvent', action: 'DELETE', bizStep: 'unpacking' };
const SHIPPING = { bizStep: 'shipping', disposition: 'in_transit' };

const ilmd = (lot: string): object => ({
  'cbvmda:lotNumber': lot,
  'cbvmda:itemExpirationDate': '2028-01-31',
});

interface Arrived extends Record<'company' | 'site' | 'load', string> {
  readonly pallet: number;
  readonly cases: readonly string[];
  readonly there: object;
  readonly units: (n: number) => string[];
}

/** What may become of a pallet that was received. */
const FATES: readonly ((of: Arrived) => object[])[] = [
  () => [],
  // One case goes on, and its units are given out one by one.
  ({ load, cases, there, company, site, units }) => [
    { ...UNPACKING, ...there, parentID: load, childEPCs: cases },
    {
      ...{ ...SHIPPING, epcList: cases.slice(0, 1), readPoint: place(site) },
      ...sold(company, CLINIC, WARD),
    },
    { ...UNPACKING, ...there, parentID: cases[1], childEPCs: units(1) },
    { bizStep: 'dispensing', disposition: 'dispensed', epcList: units(1).slice(0, 5), ...there },
  ],
  // Something inside has a status of its own, something is loose, and an order names both.
  ({ cases, units, there, pallet }) => [
    { bizStep: 'inspecting', disposition: 'damaged', epcList: units(0).slice(0, 1), ...there },
    { ...UNPACKING, ...there, parentID: cases[1], childEPCs: units(1).slice(0, 3) },
    {
      ...{ type: 'TransactionEvent', action: 'ADD', bizStep: 'arriving', epcList: units(0) },
      ...there,
      bizTransactionList: [{ type: 'po', bizTransaction: `urn:x:order:${pallet}` }],
    },
  ],
  // Two units become one of another product.
  ({ load, cases, units, there, pallet }) => [
    { ...UNPACKING, ...there, parentID: load, childEPCs: cases },
    { ...UNPACKING, ...there, parentID: cases[0], childEPCs: units(0) },
    {
      ...{ type: 'TransformationEvent', action: undefined, ...there },
      inputEPCList: units(0).slice(0, 2),
      outputEPCList: [link(`01/${KIT}/21/K${pallet}`)],
      ilmd: ilmd('KITS'),
    },
    {
      ...{ type: 'AssociationEvent', action: 'ADD', bizStep: 'assembling', ...there },
      ...{ parentID: cases[1], childEPCs: units(0).slice(3, 4) },
    },
  ],
];
