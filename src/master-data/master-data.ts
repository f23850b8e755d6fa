import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';

/** Properties of a node as stored; absent ones are null or missing. */
export type Stored = Readonly<Record<string, unknown>>;

/** The fields that every master data record has. */
export interface MasterRecord {
  /** False when events name it but nobody registered it. Then everything but the key is null. */
  readonly registered: boolean;
  /** False when nothing in the graph names it. */
  readonly known: boolean;
  /** Digits of the GS1 company prefix, when a URN stated it. */
  readonly gcp: string | null;
}

/** What tells whether somebody knows a record. */
export type Known = Pick<MasterRecord, 'known' | 'registered'>;

/** Whether a record exists for who asks. What events alone name does not exist for partners: the events may be another's. */
export function isKnownTo(view: View, { known, registered }: Known): boolean {
  return isPartner(view) ? registered : known;
}

/** A trade item: a medicine in one pack size. */
export interface Product extends MasterRecord {
  /** GTIN-14. */
  readonly gtin: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly manufacturer: string | null;
  readonly activeIngredient: string | null;
  readonly strength: string | null;
  readonly form: string | null;
  readonly packSize: string | null;
  readonly ndc: string | null;
  readonly marketAuthorisations: readonly string[];
  readonly storageMinCelsius: number | null;
  readonly storageMaxCelsius: number | null;
  /** Commissioning a serial that no pool allocated is an exception. */
  readonly serialsFromPools: boolean;
  /** Everything else that the source stated, by attribute name. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The postal address of a site or party. */
export interface Address {
  readonly address: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

/** A place: plant, warehouse, pharmacy, or a part of one. */
export interface Site extends MasterRecord, Address {
  readonly key: string;
  readonly name: string | null;
  readonly type: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  /** Key of the party that runs it. */
  readonly operator: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A company or institution. */
export interface Party extends MasterRecord, Address {
  readonly key: string;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly licences: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A lot, or the "lot unknown" of a product. */
export interface Lot {
  /** `01/<gtin>/10/<lot>`; `01/<gtin>` for "lot unknown". */
  readonly id: string;
  readonly gtin: string | null;
  /** Null for "lot unknown". */
  readonly lot: string | null;
  /** ISO date, the earliest of `expiries`. */
  readonly expiry: string | null;
  /** ISO dates that events state, earliest first. More than one cannot be right. */
  readonly expiries: readonly string[];
  /** Epoch ms. */
  readonly madeAt: number | null;
}

/** Something about a lot that cannot be right. */
export interface LotException {
  readonly code: 'EXPIRY_CONTRADICTED';
  /** Epoch ms. */
  readonly at: number;
  readonly eventId: string;
  readonly detail: string;
}
