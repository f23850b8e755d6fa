/** A unit has a serial and holds nothing; a container is an SSCC, a GRAI or GIAI, or whatever an event packed something into. */
export type PackageLevel = 'UNIT' | 'CONTAINER';

/** What a package is, whatever happened to it. */
export interface PackageFacts {
  readonly key: string;
  readonly level: PackageLevel;
  readonly gtin: string | null;
  /** Lot id; null for what has no GTIN, and for a container nobody commissioned with a lot. */
  readonly lot: string | null;
  /** ISO date, from the commissioning of its lot. */
  readonly expiry: string | null;
  /** Digits of the GS1 company prefix, when an URN told it. */
  readonly gcp: string | null;
  /** Id of the filling now open, for a container. */
  readonly filling: string | null;
}

/** Units of one lot inside a container, nested ones included. */
export interface LotInside {
  /** Lot id: `01/<gtin>` stands for units without a known lot, `?` for what has no GTIN. */
  readonly lot: string;
  readonly units: number;
}

/** What is inside a container by class only, without serials: put in minus taken out, as events told since it was last emptied. */
export interface ClassInside {
  /** Key of the class. */
  readonly lot: string;
  /** Null: pieces. */
  readonly uom: string | null;
  /** Null: an event left the quantity open, so nobody knows. */
  readonly quantity: number | null;
  /** More was taken out than had been put in. */
  readonly negative: boolean;
}

/** What a container holds now. */
export interface ContentsSummary {
  readonly packages: number;
  readonly lots: readonly LotInside[];
  readonly classes: readonly ClassInside[];
}

/** Something about a package that cannot be right, kept as found. */
export interface PackageException {
  readonly code: string;
  /** Instant at which it was noticed in the order of events, epoch ms. */
  readonly at: number;
  readonly eventId: string | null;
  readonly detail: string | null;
}

/** One thing durably attached to another by an AssociationEvent. */
export interface Association {
  /** Key of the thing it is attached to; a package or a place. */
  readonly parent: string;
  /** Key of the thing attached. */
  readonly child: string;
  /** Epoch ms. */
  readonly since: number;
  readonly eventId: string;
}
