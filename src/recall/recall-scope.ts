import type { SimilarLot } from '../search/index.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';

/** Affected units that share place and status. */
export interface ScopeRow {
  readonly state: WhereaboutsState;
  /** Key of the site or, IN_TRANSIT, of the destination. Null when unknown. */
  readonly site: string | null;
  /** Key of the place left; only for IN_TRANSIT. */
  readonly origin: string | null;
  readonly status: string;
  /** Dispensed, destroyed or decommissioned: no longer in the supply chain. */
  readonly ended: boolean;
  readonly units: number;
  /** Outermost containers that stand there with this status of their own and hold affected units. */
  readonly containers: number;
}

/** Why an answer may be incomplete. */
export type GapCode =
  | 'LINEAGE_CUT'
  | 'UNITS_CUT'
  | 'LOT_UNKNOWN'
  | 'PRODUCT_UNKNOWN'
  | 'SERIAL_UNKNOWN'
  | 'SERIALS_MISSING'
  | 'CONTAINER_UNKNOWN'
  | 'CONTENTS_UNKNOWN'
  | 'SITE_UNKNOWN'
  | 'SITE_WINDOW_EMPTY'
  | 'WINDOW_IN_FUTURE'
  | 'AS_OF_IN_FUTURE'
  | 'NOT_KNOWN_THEN'
  | 'NOTHING_FOUND'
  | 'MADE_WINDOW_EMPTY'
  | 'MADE_TIME_UNKNOWN'
  | 'UNITS_WITHOUT_LOT'
  | 'CLASS_LEVEL'
  | 'MADE_INTO'
  | 'CONTAINERS_OF_LOT'
  | 'LOT_CONTRADICTED'
  | 'CHANGED_WHILE_READ';

/** One reason why a scope is not complete. */
export interface Gap {
  readonly code: GapCode;
  /** A sentence for a person, with the number or name concerned. */
  readonly detail: string;
  /** The keys that were asked for and never reported. */
  readonly keys?: readonly string[];
}

/**
 * Why a lot is in a scope: it was asked for, made from something in it, a source asked for, or held by class in a container of the scope.
 */
export type LotRole = 'SELECTED' | 'MADE_FROM' | 'SOURCE' | 'CONTENTS';

/** Why a package that no affected lot covers is in a scope. */
export type NamedRole =
  'SERIAL' | 'OUTPUT' | 'SITE_WINDOW' | 'READ_POINT' | 'CONTAINER' | 'CLAIMED';

/** What brought one package in: the selector, and the thing and the event that led to it. */
export interface NamedReason {
  readonly role: NamedRole;
  /** Key of the container, site or source. */
  readonly via: string | null;
  readonly eventId: string | null;
  /** From when, if known. */
  readonly at: number | null;
  /** Lot id of the package; null when unknown. */
  readonly lot: string | null;
}

/** How a lot came into a scope, and what it was made from. */
export interface LotStep {
  readonly role: LotRole;
  /** The lot or package it was made from. */
  readonly from: string | null;
  readonly eventId: string | null;
}

/** What a scope is about, after its selectors were resolved. */
export interface Selection {
  /** Affected lots by id, each with how it came in. */
  readonly lots: ReadonlyMap<string, LotStep>;
  /**
   * Lots that containers of the scope hold or held by class. They are not counted: nobody knows which of their units are in a container.
   */
  readonly contents: ReadonlyMap<string, LotStep>;
  /** Units of the scope that were also commissioned under lots outside it. Every count includes them, but they may not be affected. */
  readonly doubtful: ReadonlySet<string>;
  /** Containers asked for by their own key. */
  readonly containers: readonly string[];
  /** Reports of quantities in containers and at sites, found while the selectors were resolved. */
  readonly classReports: readonly Omit<ClassLevelQuantity, 'left'>[];
  /** "Lot unknown" ids of the products of those lots. */
  readonly withoutLot: readonly string[];
  /** Affected units that no affected lot covers. */
  readonly named: ReadonlyMap<string, NamedReason>;
  readonly gaps: readonly Gap[];
  /** Keys of containers that are themselves of an affected lot. */
  readonly containersOfLot: readonly string[];
  readonly notFound: readonly string[];
  /** Epoch ms; null for now. */
  readonly asOf: number | null;
}

/** Totals of units and outermost containers. */
export interface ScopeTotals {
  readonly units: number;
  readonly containers: number;
  /** How many of the units were dispensed, destroyed or decommissioned. */
  readonly ended: number;
}

/** A quantity of an affected lot that was reported without serial numbers. */
export interface ClassLevelQuantity {
  readonly lot: string;
  readonly role: string;
  readonly quantity: number | null;
  readonly uom: string | null;
  readonly eventId: string;
  readonly t: number;
  /** Key of the container it was reported in. */
  readonly container: string | null;
  /** What that container holds of it at the instant asked for. Null without a container, and when an event did not state its quantity. */
  readonly left: number | null;
}

/** The answer to "what is affected, and where is it?". */
export interface RecallScope {
  readonly selection: Selection;
  readonly gaps: readonly Gap[];
  /** Lots that may be meant by those that were asked for and never reported. They are not in the scope. */
  readonly suggestions: readonly SimilarLot[];
  readonly logPosition: number;
  readonly totals: ScopeTotals;
  readonly rows: readonly ScopeRow[];
  /** Units of the products concerned whose lot nobody stated. They are possibly affected and not in `totals`. */
  readonly possibly: { readonly totals: ScopeTotals; readonly rows: readonly ScopeRow[] };
  readonly classLevel: readonly ClassLevelQuantity[];
}

/** The selectors as asked, in canonical keys. */
export interface RecallSelectors {
  readonly lots: readonly string[];
  readonly products: readonly {
    readonly gtin: string;
    readonly madeFrom: number | null;
    readonly madeUntil: number | null;
  }[];
  readonly serials: readonly string[];
  readonly serialRanges: readonly {
    readonly gtin: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly sourceLots: readonly string[];
  readonly siteWindow: {
    readonly site: string;
    readonly from: number;
    readonly until: number;
  } | null;
  readonly container: string | null;
  readonly asOf: number | null;
}

/** What the graph knows about a lot that was asked for. */
export interface LotProbe {
  readonly lot: string;
  readonly known: boolean;
  /** Some of the lots made from it. */
  readonly madeInto: readonly string[];
  /** Packages that were commissioned under it and under another lot. */
  readonly claims: readonly LotClaim[];
  /** Keys of containers commissioned with this lot, up to the limit of the reader. */
  readonly containers: readonly string[];
}

/** A package commissioned under several lots, as seen from one of them. */
export interface LotClaim {
  readonly k: string;
  /** The newest lot. The package counts under this one. */
  readonly lot: string;
  readonly container: boolean;
  /** An event that states the lot asked about; null when a partner sees none. */
  readonly eventId: string | null;
  /** All lots stated for the package. */
  readonly claimed: readonly string[];
}

/** How many serials of a range are known, and how many the range has; null when they cannot be counted. */
export interface SerialCount {
  readonly known: number;
  readonly asked: bigint | null;
}

/** Options of a question that are not selectors. */
export interface ScopeOptions {
  /** Epoch ms. What lies ahead of it cannot be known. */
  readonly now: number;
}
