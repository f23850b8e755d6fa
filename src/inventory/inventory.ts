/** What rows may be split by. */
export type InventoryDimension = 'PRODUCT' | 'LOT' | 'SITE' | 'HOLDER' | 'STATUS' | 'EXPIRY_MONTH';

/** Stock at a site, in transit to a site, or at an unknown place. These are never in the same row. */
export type StockState = 'SITE' | 'IN_TRANSIT' | 'UNKNOWN';

/** The wanted stock, in canonical keys. Null means no condition. */
export interface InventoryFilter {
  readonly gtins: readonly string[] | null;
  /** Lot ids. */
  readonly lots: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly parties: readonly string[] | null;
  readonly statuses: readonly string[] | null;
  /** ISO date. It selects lots that expire before it, without those whose expiry is unknown. */
  readonly expiringBefore: string | null;
  /** Whether dispensed, destroyed and decommissioned units count too. */
  readonly includeEnded: boolean;
}

/** Units that share the values they are split by; other values are null. Several parts may have the same values. */
export interface StockPart {
  readonly state: StockState;
  /** Key of the site, or in transit of the destination. Null when unknown. */
  readonly site: string | null;
  /** In transit, the site it left; null when unknown. Otherwise it has no meaning. */
  readonly origin: string | null;
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
}

/** Stock that shares the values it is split by. A value is null when rows are not split by it or it is unknown. */
export interface InventoryRow {
  readonly state: StockState;
  readonly site: string | null;
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
