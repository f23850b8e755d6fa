import type { ClassRole, EpcRole, FieldScope, TypedList } from '../event-terms/words.js';

/** One value of a query parameter, as a URL or a JSON query gives it. */
export type QueryValue = string | number | boolean;

/** Parameters by name, each with its values; what a URL parts with `|` is parted. A name without values: EXISTS_ and the like. */
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
 * What an EPC or an EPC class is matched with (EPCIS 2.0 section 8.2.7.1.1), on canonical keys: one key, or every key that begins
 * in one of several ways, its serial perhaps within a range.
 */
export type EpcPattern =
  | { readonly kind: 'exact'; readonly key: string }
  | {
      readonly kind: 'prefix';
      readonly prefixes: readonly string[];
      /** What follows the prefix is a number from the first to the last. */
      readonly range?: readonly [number, number];
      /** What stands behind the GTIN: `/21/`, `/235/`, `/10/` or nothing. */
      readonly joint?: string;
    };

/** A field whose value master data may tell of. */
export type MasterDataField =
  'readPoint' | 'bizLocation' | 'epcClass' | 'source' | 'destination' | { readonly name: string };

/**
 * One condition (EPCIS 2.0 section 8.2.7.1). Values of one condition are alternatives; words are bare, identifiers canonical keys,
 * names of extension fields `namespace#local`. A time has to be at or after `from` and before `to`.
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
      /** The children that master data tells of, too. */
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
      /** Spellings of the one type. */
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
      /** Nested at any depth inside an extension field, instead of being one. */
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
      /** Local names of attributes, one of which master data has to tell. */
      readonly names: readonly string[];
      /** One of which the attribute has to be; undefined: whatever it is. */
      readonly values?: readonly string[];
    };

type OfKind<F, K> = F extends { readonly kind: infer X } ? (K extends X ? F : never) : never;

/** The filters of one kind. */
export type FilterOf<K extends Filter['kind']> = OfKind<Filter, K>;

/** Where an attribute of a sensor element stands. */
export type SensorPart = 'metadata' | 'report' | 'either';

/** What the answer is ordered by; `field` is the name of an extension field. */
export type OrderBy = 'eventTime' | 'recordTime' | { readonly field: string };

/** A query that was checked: plain data, equal for equal parameters. An event has to meet all filters. */
export interface EventQuery {
  readonly filters: readonly Filter[];
  /** By event time where nobody says. */
  readonly orderBy: OrderBy;
  readonly orderDirection: 'ASC' | 'DESC';
  /** Only the first so many. */
  readonly eventCountLimit?: number;
  /** QUERY_TOO_LARGE when there are more. */
  readonly maxEventCount?: number;
}

/** One event as it is answered; an error declaration is an event of its own. */
export interface FoundEvent {
  readonly seq: number;
  readonly id: string;
  readonly eventTimeMs: number;
  readonly recordTimeMs: number;
  /** JSON text of the event, numbers as written. */
  readonly text: string;
  /** JSON object of the prefixes that the document's context declared, or null. */
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
  /** The page ends before it has more, though never without an event; default 16 MiB. */
  readonly maxBytes?: number | undefined;
}

/** The lists of the top level of the REST interface. */
export type TopLevelResource =
  'epcs' | 'bizSteps' | 'bizLocations' | 'readPoints' | 'dispositions' | 'eventTypes';

/** Some values of a top-level resource, in order. */
export interface ResourcePage {
  readonly values: readonly string[];
  readonly next?: string;
  readonly expiresAtMs?: number;
}
