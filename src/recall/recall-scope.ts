/** Where affected units are, in the words of the answer. */
export type RecallState = 'SITE' | 'IN_TRANSIT' | 'UNKNOWN';

/** Affected units that share place and status. */
export interface ScopeRow {
  readonly state: RecallState;
  /** Key; for IN_TRANSIT the destination. Null when unknown. */
  readonly site: string | null;
  /** Key of the place left; IN_TRANSIT only. */
  readonly origin: string | null;
  readonly status: string;
  /** Dispensed, destroyed or decommissioned: no longer in the chain. */
  readonly ended: boolean;
  readonly units: number;
  /** Outermost containers standing there, themselves with this status, that hold affected units. */
  readonly containers: number;
}

/** Why an answer may not be the whole truth. */
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
  /** A sentence for a person, with the number or name at stake. */
  readonly detail: string;
  /** Of what was asked for and never reported: the keys. */
  readonly keys?: readonly string[];
}

/** Why a lot is in a scope: asked for, made from something in it, a source asked for, or held by class in a container of it. */
export type LotRole = 'SELECTED' | 'MADE_FROM' | 'SOURCE' | 'CONTENTS';

/** Why a package that no affected lot covers is in a scope. */
export type NamedRole =
  'SERIAL' | 'OUTPUT' | 'SITE_WINDOW' | 'READ_POINT' | 'CONTAINER' | 'CLAIMED';

/** What brought one package in: the selector, and the thing and event it came by. */
export interface NamedReason {
  readonly role: NamedRole;
  /** Key of the container, site or source. */
  readonly via: string | null;
  readonly eventId: string | null;
  /** From when, where that is known. */
  readonly at: number | null;
  /** Lot id of the package, null when unknown. */
  readonly lot: string | null;
}

/** A step of transformation inside a scope. */
export interface LotStep {
  readonly role: LotRole;
  /** The lot or package it was made from. */
  readonly from: string | null;
  readonly eventId: string | null;
}

/** What a scope is about, once its selectors are resolved. */
export interface Selection {
  /** Affected lots by id, each with how it came in. */
  readonly lots: ReadonlyMap<string, LotStep>;
  /** Lots that containers of the scope hold or held by class: not counted, nobody knows which units of them. */
  readonly contents: ReadonlyMap<string, LotStep>;
  /** Units of the scope that were commissioned under lots outside it too: in every count, and possibly not affected. */
  readonly doubtful: ReadonlySet<string>;
  /** Containers asked for by their own key. */
  readonly containers: readonly string[];
  /** Reports of quantities met while the selectors were resolved: in containers and at sites. */
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

/** Units and outermost containers. */
export interface ScopeTotals {
  readonly units: number;
  readonly containers: number;
  /** Of the units: dispensed, destroyed or decommissioned. */
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
  /** What that container holds of it at the instant asked for; null without a container, and where an event left it open. */
  readonly left: number | null;
}

/** The answer to "what is affected, and where is it". */
export interface RecallScope {
  readonly selection: Selection;
  readonly gaps: readonly Gap[];
  readonly logPosition: number;
  readonly totals: ScopeTotals;
  readonly rows: readonly ScopeRow[];
  /** Units of the products concerned whose lot nobody stated: possibly affected, not in `totals`. */
  readonly possibly: { readonly totals: ScopeTotals; readonly rows: readonly ScopeRow[] };
  readonly classLevel: readonly ClassLevelQuantity[];
}

/** Selectors as asked, in canonical keys. */
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
  /** Lots made from it, some. */
  readonly madeInto: readonly string[];
  /** Packages that were commissioned under it and under another lot. */
  readonly claims: readonly LotClaim[];
  /** Keys of containers commissioned with this lot, up to the reader's bound. */
  readonly containers: readonly string[];
}

/** A package commissioned under several lots, as one of these tells it. */
export interface LotClaim {
  readonly k: string;
  /** The newest, which it counts under. */
  readonly lot: string;
  readonly container: boolean;
  /** An event that states the lot asked about. */
  readonly eventId: string;
  /** All of them. */
  readonly claimed: readonly string[];
}

/** How many serials of a range are known, and how many it has; null when they cannot be counted. */
export interface SerialCount {
  readonly known: number;
  readonly asked: bigint | null;
}

/** How a question is asked beside what it asks for. */
export interface ScopeOptions {
  /** Epoch ms: what lies ahead of it cannot be known. */
  readonly now: number;
}
