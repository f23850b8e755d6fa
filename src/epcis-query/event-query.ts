import type { ClassRole, EpcRole, FieldScope, TypedList } from '../event-terms/words.js';

/** One value of a query parameter, as it comes from a URL or a JSON query. */
export type QueryValue = string | number | boolean;

/** Parameters by name, each with its values. Values of a URL were split at `|`. A name may have no values, such as EXISTS_. */
export type QueryParameters = ReadonlyMap<string, readonly QueryValue[]>;

/** An instant: epoch milliseconds, and the microseconds after them. */
export interface QueryInstant {
  readonly ms: number;
  readonly micros: number;
}

/** How two values are compared. */
export type Comparison = 'EQ' | 'GT' | 'GE' | 'LT' | 'LE';

/** What the value of an extension field is compared with. */
export type FieldValue =
  | { readonly kind: 'text'; readonly text: string; readonly number?: number }
  | { readonly kind: 'time'; readonly text: string; readonly at: QueryInstant };

/**
 * What an EPC or EPC class is matched with (EPCIS 2.0 section 8.2.7.1.1), by canonical keys: one key, or every key with one of several
 * prefixes, optionally with its serial in a range.
 */
export type EpcPattern =
  | { readonly kind: 'exact'; readonly key: string }
  | {
      readonly kind: 'prefix';
      readonly prefixes: readonly string[];
      /** The text after the prefix is a number in this range. */
      readonly range?: readonly [number, number];
      /** The text after the GTIN: `/21/`, `/235/`, `/10/` or nothing. */
      readonly joint?: string;
    };

/** A field for whose value master data may exist. */
export type MasterDataField =
  'readPoint' | 'bizLocation' | 'epcClass' | 'source' | 'destination' | { readonly name: string };

/**
 * One condition (EPCIS 2.0 section 8.2.7.1). The values of a condition are alternatives. Words are bare, identifiers are canonical keys,
 * and names of extension fields are `namespace#local`. A time must be at or after `from` and before `to`.
 */
export type Filter =
  | { readonly kind: 'eventType'; readonly values: readonly string[] }
  | {
      readonly kind: 'eventTime' | 'recordTime' | 'declarationTime';
      readonly from?: QueryInstant;
      readonly to?: QueryInstant;
    }
  | {
      readonly kind: 'action' | 'bizStep' | 'disposition';
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'persistentDisposition';
      readonly part: 'set' | 'unset';
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'place';
      readonly field: 'readPoint' | 'bizLocation';
      readonly values: readonly string[];
      /** Includes the children that master data states. */
      readonly descend: boolean;
    }
  | { readonly kind: 'transformationID'; readonly values: readonly string[] }
  | {
      readonly kind: 'epc';
      readonly roles: readonly EpcRole[];
      readonly patterns: readonly EpcPattern[];
    }
  | {
      readonly kind: 'epcClass';
      readonly roles: readonly ClassRole[];
      readonly patterns: readonly EpcPattern[];
    }
  | { readonly kind: 'classWithin'; readonly values: readonly string[] }
  | {
      readonly kind: 'quantity';
      readonly op: Comparison;
      readonly values: readonly number[];
      readonly uom?: string;
    }
  | {
      readonly kind: 'typed';
      readonly list: TypedList;
      /** Spellings of one type. */
      readonly types: readonly string[];
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'eventID' | 'errorReason' | 'correctiveEventID';
      readonly values: readonly string[];
    }
  | { readonly kind: 'errorDeclaration' }
  | {
      readonly kind: 'field';
      readonly op: Comparison | 'EXISTS';
      readonly scope: FieldScope;
      /** True for a field at any depth inside an extension field; false for the extension field itself. */
      readonly inner: boolean;
      readonly name: string;
      readonly values: readonly FieldValue[];
    }
  | { readonly kind: 'standardField'; readonly name: string }
  | {
      readonly kind: 'sensorText';
      readonly attribute: string;
      readonly in: SensorPart;
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'sensorTime';
      readonly attribute: 'time' | 'startTime' | 'endTime';
      readonly from?: QueryInstant;
      readonly to?: QueryInstant;
    }
  | {
      readonly kind: 'sensorNumber';
      readonly attribute: string;
      readonly op: Comparison;
      readonly values: readonly number[];
      readonly uom?: string;
    }
  | {
      readonly kind: 'attribute';
      readonly field: MasterDataField;
      /** Local names of attributes; master data must have one of them. */
      readonly names: readonly string[];
      /** The attribute must have one of these values; undefined means any value. */
      readonly values?: readonly string[];
    };

type OfKind<F, K> = F extends { readonly kind: infer X } ? (K extends X ? F : never) : never;

/** The filters of one kind. */
export type FilterOf<K extends Filter['kind']> = OfKind<Filter, K>;

/** The part of a sensor element that has an attribute. */
export type SensorPart = 'metadata' | 'report' | 'either';

/** The order of the answer; `field` is the name of an extension field. */
export type OrderBy = 'eventTime' | 'recordTime' | { readonly field: string };

/** A checked query, as plain data: equal parameters give equal queries. An event must meet all filters. */
export interface EventQuery {
  readonly filters: readonly Filter[];
  /** The default is the event time. */
  readonly orderBy: OrderBy;
  readonly orderDirection: 'ASC' | 'DESC';
  /** Only this many events, from the first on. */
  readonly eventCountLimit?: number;
  /** More events than this are refused with QUERY_TOO_LARGE. */
  readonly maxEventCount?: number;
}

/** One event of an answer. An error declaration is an event of its own. */
export interface FoundEvent {
  readonly seq: number;
  readonly id: string;
  readonly eventTimeMs: number;
  readonly recordTimeMs: number;
  /** JSON text of the event, with numbers as they were written. */
  readonly text: string;
  /** JSON object with the prefixes that the document's context declared, or null. */
  readonly context: string | null;
  /** Id of the header of its document, or null. */
  readonly header: string | null;
  readonly isDeclaration: boolean;
}

/** Some events, in order. */
export interface EventPage {
  readonly events: readonly FoundEvent[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
  /** When `next` stops working, epoch ms. */
  readonly expiresAtMs?: number;
}

/** Which page of an answer. */
export interface PageAsked {
  /** 1 to 1,000. */
  readonly perPage: number;
  readonly token?: string;
  readonly nowMs: number;
  /** The page ends before it exceeds this, but has at least one event; default 16 MiB. */
  readonly maxBytes?: number | undefined;
}

/** The top-level lists of the REST interface. */
export type TopLevelResource =
  'epcs' | 'bizSteps' | 'bizLocations' | 'readPoints' | 'dispositions' | 'eventTypes';

/** Some values of a top-level resource, in order. */
export interface ResourcePage {
  readonly values: readonly string[];
  readonly next?: string;
  readonly expiresAtMs?: number;
}
