import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
/** What rows may be split by. */
export type InventoryDimension =
  'PRODUCT' | 'LOT' | 'SITE' | 'COUNTRY' | 'HOLDER' | 'STATUS' | 'EXPIRY_MONTH';

/** The wanted stock, in canonical keys. Null means no condition. */
export interface InventoryFilter {
  readonly gtins: readonly string[] | null;
  /** Lot ids. */
  readonly lots: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly parties: readonly string[] | null;
  readonly statuses: readonly string[] | null;
  /** ISO dates, inclusive and exclusive. Either selects lots whose expiry is known. */
  readonly expiresFrom: string | null;
  readonly expiresUntil: string | null;
  /** Whether dispensed, destroyed and decommissioned units count too. */
  readonly includeEnded: boolean;
}

/** Selects all stock that has not ended. */
export const ALL_STOCK: InventoryFilter = {
  ...{ gtins: null, lots: null, sites: null, parties: null, statuses: null },
  ...{ expiresFrom: null, expiresUntil: null, includeEnded: false },
};

/** Units that share the values they are split by; other values are null. Several parts may have the same values. */
export interface StockPart {
  readonly state: WhereaboutsState;
  /** Key of the site, or in transit of the destination. Null when unknown. */
  readonly site: string | null;
  /** In transit, the site it left; null when unknown. Otherwise it has no meaning. */
  readonly origin: string | null;
  /** ISO 3166-1 alpha-2, as registered for the site. */
  readonly country: string | null;
  readonly holder: string | null;
  readonly status: string | null;
  /** Lot id; `01/<gtin>` when the lot is unknown, `?` without a GTIN. */
  readonly lot: string | null;
  readonly gtin: string | null;
  /** `YYYY-MM`. */
  readonly expiryMonth: string | null;
  /** Negative in a correction, which takes units with another status out of the status of their container. */
  readonly units: number;
  /** Outermost containers there that hold such units, counted under the status of the container. */
  readonly containers: number;
  /** Key of a container to count once in its row, when containers are counted one by one. */
  readonly box?: string;
}

/** Stock that shares the values it is split by. A value is null when rows are not split by it or it is unknown. */
export interface InventoryRow {
  readonly state: WhereaboutsState;
  readonly site: string | null;
  readonly country: string | null;
  readonly holder: string | null;
  readonly status: string | null;
  readonly lot: string | null;
  readonly gtin: string | null;
  /** `YYYY-MM`. */
  readonly expiryMonth: string | null;
  readonly units: number;
  /** Outermost containers with such units inside. A container with several lots counts in several rows. */
  readonly containers: number;
}
