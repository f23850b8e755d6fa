/** What rows may be told apart by. */
export type InventoryDimension = 'PRODUCT' | 'LOT' | 'SITE' | 'HOLDER' | 'STATUS' | 'EXPIRY_MONTH';

/** Stock at a site, on its way to one, or of unknown place: never added up into one row. */
export type StockState = 'SITE' | 'IN_TRANSIT' | 'UNKNOWN';

/** Which stock is wanted, in canonical keys; null is no condition. */
export interface InventoryFilter {
  readonly gtins: readonly string[] | null;
  /** Lot ids. */
  readonly lots: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly parties: readonly string[] | null;
  readonly statuses: readonly string[] | null;
  /** ISO date: lots that expire before it; lots without a known expiry are not among them. */
  readonly expiringBefore: string | null;
  /** Dispensed, destroyed and decommissioned units too. */
  readonly includeEnded: boolean;
}

/** Units that share what is told apart, in several parts; what is not told apart is null. */
export interface StockPart {
  readonly state: StockState;
  /** Key; in transit the destination. Null when unknown. */
  readonly site: string | null;
  /** In transit the site it left; null when unknown, and elsewhere of no meaning. */
  readonly origin: string | null;
  readonly holder: string | null;
  readonly status: string | null;
  /** Lot id; `01/<gtin>` for "lot unknown", `?` for what has no GTIN. */
  readonly lot: string | null;
  readonly gtin: string | null;
  /** `YYYY-MM`. */
  readonly expiryMonth: string | null;
  /** Less than none where their status is another than that of what they are in. */
  readonly units: number;
  /** Outermost containers standing there that hold them, under their own status. */
  readonly containers: number;
}

/** Stock that shares what was asked to be told apart; null where it was not, or is not known. */
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
  /** Outermost containers with such units inside; one that holds several lots is in several rows. */
  readonly containers: number;
}
