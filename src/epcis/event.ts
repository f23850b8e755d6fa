/** The event types of the standard (EPCIS 2.0 section 7.4). */
export const EVENT_TYPES: readonly string[] = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
];

/** The lists that name objects one by one, of all event types. */
export const EPC_LISTS = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'] as const;

/** The lists that name objects by class. */
export const QUANTITY_LISTS = [
  'quantityList',
  'childQuantityList',
  'inputQuantityList',
  'outputQuantityList',
] as const;

/** True for an event type of the standard. In other types, a field may hold anything. */
export function isStandard(event: EpcisEvent): event is Exclude<EpcisEvent, ExtendedEvent> {
  return EVENT_TYPES.includes(event.type);
}

/** What an event does to the objects it names (EPCIS 2.0 section 7.3.3). */
export type Action = 'ADD' | 'OBSERVE' | 'DELETE';

/** Extensions, `prefix:field` or a URI (EPCIS 2.0 section 10.1), are kept as they came. */
export type Extensions = Readonly<Record<`${string}:${string}`, unknown>>;

/** Objects named by class (EPCIS 2.0 section 7.3.4.2). No quantity: unknown; no uom: pieces. */
export interface QuantityElement {
  readonly epcClass: string;
  readonly quantity?: number;
  readonly uom?: string;
}

/** A read point or business location (EPCIS 2.0 section 7.3.5.3, 7.3.5.4). */
export interface Place extends Extensions {
  readonly id: string;
}

/** A business transaction (EPCIS 2.0 section 7.3.5.5). */
export interface BizTransaction {
  readonly type?: string;
  readonly bizTransaction: string;
}

/** Where a transfer starts (EPCIS 2.0 section 7.3.5.6). */
export interface Source {
  readonly type: string;
  readonly source: string;
}

/** Where a transfer ends (EPCIS 2.0 section 7.3.5.6). */
export interface Destination {
  readonly type: string;
  readonly destination: string;
}

/** Dispositions that hold until they are unset (EPCIS 2.0 section 7.3.5.7). */
export interface PersistentDisposition {
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
}

/** Metadata shared by the reports of a sensor element (EPCIS 2.0 section 7.3.7.2). */
export interface SensorMetadata extends Extensions {
  readonly time?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly deviceID?: string;
  readonly deviceMetadata?: string;
  readonly rawData?: string;
  readonly dataProcessingMethod?: string;
  readonly bizRules?: string;
}

/** One reading (EPCIS 2.0 section 7.3.7.3). */
export interface SensorReport extends Extensions {
  readonly type: string;
  readonly exception?: string;
  readonly deviceID?: string;
  readonly deviceMetadata?: string;
  readonly rawData?: string;
  readonly dataProcessingMethod?: string;
  readonly bizRules?: string;
  readonly time?: string;
  readonly microorganism?: string;
  readonly chemicalSubstance?: string;
  readonly coordinateReferenceSystem?: string;
  readonly value?: number;
  readonly component?: string;
  readonly stringValue?: string;
  readonly booleanValue?: boolean;
  readonly hexBinaryValue?: string;
  readonly uriValue?: string;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly meanValue?: number;
  readonly sDev?: number;
  readonly percRank?: number;
  readonly percValue?: number;
  readonly uom?: string;
}

/** Sensor data with its metadata (EPCIS 2.0 section 7.3.7.1). */
export interface SensorElement extends Extensions {
  readonly sensorMetadata?: SensorMetadata;
  readonly sensorReport: readonly SensorReport[];
}

/** Declares that its event is wrong (EPCIS 2.0 section 7.4.1.4). */
export interface ErrorDeclaration extends Extensions {
  readonly declarationTime: string;
  readonly reason?: string;
  readonly correctiveEventIDs?: readonly string[];
}

/** The fields of every event (EPCIS 2.0 section 7.4.1). */
export interface EveryEvent extends Extensions {
  readonly '@context'?: unknown;
  readonly eventTime: string;
  readonly eventTimeZoneOffset: string;
  readonly recordTime?: string;
  readonly eventID?: string;
  readonly certificationInfo?: string | readonly string[];
  readonly errorDeclaration?: ErrorDeclaration;
}

/** The fields that the five event types share: why, where, how (EPCIS 2.0 section 7.3.5). */
export interface StandardEvent extends EveryEvent {
  readonly bizStep?: string;
  readonly disposition?: string;
  readonly persistentDisposition?: PersistentDisposition;
  readonly readPoint?: Place;
  readonly bizLocation?: Place;
  readonly bizTransactionList?: readonly BizTransaction[];
  readonly sourceList?: readonly Source[];
  readonly destinationList?: readonly Destination[];
  readonly sensorElementList?: readonly SensorElement[];
}

/** Something happened to objects (EPCIS 2.0 section 7.4.2). */
export interface ObjectEvent extends StandardEvent {
  readonly type: 'ObjectEvent';
  readonly action: Action;
  readonly epcList?: readonly string[];
  readonly quantityList?: readonly QuantityElement[];
  readonly ilmd?: Extensions;
}

interface ParentAndChildren extends StandardEvent {
  readonly action: Action;
  readonly parentID?: string;
  readonly childEPCs?: readonly string[];
  readonly childQuantityList?: readonly QuantityElement[];
}

/** Objects were packed into another or taken out of it (EPCIS 2.0 section 7.4.3). */
export interface AggregationEvent extends ParentAndChildren {
  readonly type: 'AggregationEvent';
}

/** Objects were permanently associated, as a sensor with a pallet (EPCIS 2.0 section 7.4.7). */
export interface AssociationEvent extends ParentAndChildren {
  readonly type: 'AssociationEvent';
  readonly parentID: string;
}

/** Objects were tied to business transactions (EPCIS 2.0 section 7.4.5). */
export interface TransactionEvent extends StandardEvent {
  readonly type: 'TransactionEvent';
  readonly action: Action;
  readonly bizTransactionList: readonly BizTransaction[];
  readonly parentID?: string;
  readonly epcList?: readonly string[];
  readonly quantityList?: readonly QuantityElement[];
}

/** Inputs were used to make outputs (EPCIS 2.0 section 7.4.6). */
export interface TransformationEvent extends StandardEvent {
  readonly type: 'TransformationEvent';
  readonly transformationID?: string;
  readonly inputEPCList?: readonly string[];
  readonly inputQuantityList?: readonly QuantityElement[];
  readonly outputEPCList?: readonly string[];
  readonly outputQuantityList?: readonly QuantityElement[];
  readonly ilmd?: Extensions;
}

/**
 * An event of a private type, a URI or `prefix:Name`: it is stored and given back, but has no
 * meaning to us (EPCIS 2.0 section 7.4.1.3).
 */
export interface ExtendedEvent extends EveryEvent {
  readonly type: `${string}:${string}`;
}

/** An event in the EPCIS 2.0 JSON binding, as it came. */
export type EpcisEvent =
  | ObjectEvent
  | AggregationEvent
  | TransactionEvent
  | TransformationEvent
  | AssociationEvent
  | ExtendedEvent;
