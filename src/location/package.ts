import type { FindingCode } from '../holdings/finding-code.js';
/** A unit has a serial and holds nothing. A container is an SSCC, GRAI or GIAI, or anything that an event packed something into. */
export type PackageLevel = 'UNIT' | 'CONTAINER';

/** What a package is, whatever happened to it. */
export interface PackageFacts {
  readonly key: string;
  readonly level: PackageLevel;
  readonly gtin: string | null;
  /** Lot id; null for what has no GTIN, and for a container that nobody commissioned with a lot. */
  readonly lot: string | null;
  /** ISO date, from the commissioning of its lot. */
  readonly expiry: string | null;
  /** Digits of the GS1 company prefix, when a URN stated it. */
  readonly gcp: string | null;
  /** For a container: id of its open filling. */
  readonly filling: string | null;
}

/** Units of one lot inside a container, including nested containers. */
export interface LotInside {
  /** Lot id: `01/<gtin>` stands for units without a known lot, `?` for what has no GTIN. */
  readonly lot: string;
  readonly units: number;
}

/** What a container holds by class only, without serials: what events put in since it was last emptied, less what they took out. */
export interface ClassInside {
  /** Key of the class. */
  readonly lot: string;
  /** Null means pieces. */
  readonly uom: string | null;
  /** Null when an event did not state its quantity. */
  readonly quantity: number | null;
  /** More was taken out than was put in. */
  readonly negative: boolean;
}

/** What a container holds now. */
export interface ContentsSummary {
  readonly packages: number;
  readonly lots: readonly LotInside[];
  readonly classes: readonly ClassInside[];
}

/** What cannot be right about a package. */
export type PackageExceptionCode =
  FindingCode | 'SERIAL_NOT_ALLOCATED' | 'EVENT_IN_FUTURE' | 'EXPIRY_CONTRADICTED';

/** Something about a package that cannot be right. It is kept as found. */
export interface PackageException {
  readonly code: PackageExceptionCode;
  /** Instant at which it shows in the order of events, epoch ms. */
  readonly at: number;
  readonly eventId: string | null;
  readonly detail: string | null;
}

/** One thing durably attached to another by an AssociationEvent. */
export interface Association {
  /** Key of the package or place that it is attached to. */
  readonly parent: string;
  /** Key of what is attached. */
  readonly child: string;
  /** Epoch ms. */
  readonly since: number;
  readonly eventId: string;
}
