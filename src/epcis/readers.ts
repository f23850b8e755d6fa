import { keyOfUri } from '../gs1/identifier.js';
import type { EpcisEvent, QuantityElement, StandardEvent } from './event.js';
import { epochMillis } from './formats.js';
import type { Prefixes } from './namespaces.js';
import { expandName, prefixesOf } from './namespaces.js';
import { bareWord } from './vocabulary.js';

/** The objects an event names one by one, as keys, each once, by the part they play. */
export interface Names {
  readonly parent?: string;
  /** `childEPCs`. */
  readonly kids: readonly string[];
  /** `inputEPCList`. */
  readonly inputs: readonly string[];
  /** `outputEPCList`. */
  readonly outputs: readonly string[];
  /** `epcList`. */
  readonly epcs: readonly string[];
}

/** The part a quantity plays, by the list it stands in. */
export type QuantityRole = 'quantity' | 'childQuantity' | 'inputQuantity' | 'outputQuantity';

/** Objects named by class. */
export interface Quantity {
  readonly role: QuantityRole;
  readonly classKey: string;
  readonly quantity?: number;
  readonly uom?: string;
}

/** Where an event happened (readPoint) and where its objects are from then on (bizLocation), as keys. */
export interface Sites {
  readonly bizLocation?: string;
  readonly readPoint?: string;
}

/** One end of a transfer; `type` is the bare word of CBV 2.0 section 7.4 or a URI. */
export interface TransferEnd {
  readonly type: string;
  readonly key: string;
}

/** Both ends of a transfer. */
export interface Parties {
  readonly sources: readonly TransferEnd[];
  readonly destinations: readonly TransferEnd[];
}

/** What `ilmd` says of a lot. */
export interface LotFacts {
  readonly lot?: string;
  /** ISO date. */
  readonly expiry?: string;
  /** Epoch milliseconds. */
  readonly madeAt?: number;
}

/** The key of a URI: the canonical GS1 key, or the URI itself. */
function keyOf(uri: string): string {
  return keyOfUri(uri) ?? uri;
}

const NOTHING: readonly string[] = [];

function keysOf(uris: readonly string[] | undefined): readonly string[] {
  if (uris === undefined || uris.length === 0) return NOTHING;
  return [...new Set(uris.map(keyOf))];
}

/** The fields of all five types at once: each is there only on the types that have it. */
export interface AnyFields extends StandardEvent {
  readonly parentID?: string;
  readonly epcList?: readonly string[];
  readonly childEPCs?: readonly string[];
  readonly inputEPCList?: readonly string[];
  readonly outputEPCList?: readonly string[];
  readonly quantityList?: readonly QuantityElement[];
  readonly childQuantityList?: readonly QuantityElement[];
  readonly inputQuantityList?: readonly QuantityElement[];
  readonly outputQuantityList?: readonly QuantityElement[];
  readonly ilmd?: Readonly<Record<string, unknown>>;
}

const NO_FIELDS: AnyFields = { eventTime: '', eventTimeZoneOffset: '' };
const TYPES: ReadonlySet<string> = new Set([
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
]);

/** An event of an extended type has no fields we know the meaning of. */
function fieldsOf(event: EpcisEvent): AnyFields {
  return TYPES.has(event.type) ? event : NO_FIELDS;
}

/** The objects an event names (EPCIS 2.0 section 7.3.4.1), as canonical keys, each once. */
export function namesOf(event: EpcisEvent): Names {
  const { parentID, epcList, childEPCs, inputEPCList, outputEPCList } = fieldsOf(event);
  return {
    ...(parentID === undefined ? {} : { parent: keyOf(parentID) }),
    kids: keysOf(childEPCs),
    inputs: keysOf(inputEPCList),
    outputs: keysOf(outputEPCList),
    epcs: keysOf(epcList),
  };
}

function quantities(role: QuantityRole, elements: readonly QuantityElement[] = []): Quantity[] {
  return elements.map(({ epcClass, quantity, uom }) => ({
    role,
    classKey: keyOf(epcClass),
    ...(quantity === undefined ? {} : { quantity }),
    ...(uom === undefined ? {} : { uom }),
  }));
}

/** The class-level quantities of an event (EPCIS 2.0 section 7.3.4.2), in document order. */
export function quantitiesOf(event: EpcisEvent): readonly Quantity[] {
  const fields = fieldsOf(event);
  return [
    ...quantities('quantity', fields.quantityList),
    ...quantities('childQuantity', fields.childQuantityList),
    ...quantities('inputQuantity', fields.inputQuantityList),
    ...quantities('outputQuantity', fields.outputQuantityList),
  ];
}

/** The places of an event (EPCIS 2.0 sections 7.3.5.3 and 7.3.5.4), as keys. */
export function sitesOf(event: EpcisEvent): Sites {
  const { bizLocation, readPoint } = fieldsOf(event);
  return {
    ...(bizLocation === undefined ? {} : { bizLocation: keyOf(bizLocation.id) }),
    ...(readPoint === undefined ? {} : { readPoint: keyOf(readPoint.id) }),
  };
}

/** The ends of a transfer (EPCIS 2.0 section 7.3.5.6), as keys, types as bare words. */
export function partiesOf(event: EpcisEvent): Parties {
  const { sourceList = [], destinationList = [] } = fieldsOf(event);
  return {
    sources: sourceList.map((end) => ({
      type: bareWord('sourceDestType', end.type),
      key: keyOf(end.source),
    })),
    destinations: destinationList.map((end) => ({
      type: bareWord('sourceDestType', end.type),
      key: keyOf(end.destination),
    })),
  };
}

const MDA = /^urn:epcglobal:cbv:mda[:#]?/;
const GS1_VOC = /^(?:https?:\/\/(?:www\.|ref\.)?gs1\.org\/voc\/|gs1:)/;
const LOT = ['lotNumber', 'hasBatchLotNumber', 'batchLotNumber', 'hasBatchLot'];
const EXPIRY = [
  'itemExpirationDate',
  'expirationDate',
  'expirationDateTime',
  'bestBeforeDate',
  'sellByDate',
];
const MADE = [
  'productionDate',
  'productionDateTime',
  'manufacturingDate',
  'manufactureDate',
  'packagingDate',
];

/** The attributes of `ilmd` that belong to the CBV master data or the GS1 Web Vocabulary, by local name. */
function attributesOf(
  ilmd: Readonly<Record<string, unknown>>,
  prefixes: Prefixes,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(ilmd)) {
    const full = expandName(name, prefixes);
    const local = full.replace(MDA, '').replace(GS1_VOC, '');
    const said = textOf(value);
    if (local !== full && said !== undefined && !found.has(local)) found.set(local, said);
  }
  return found;
}

/** Text of an attribute: as a string, a number, or a JSON-LD value object. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null && '@value' in value)
    return textOf(value['@value']);
  return undefined;
}

function firstText(
  attributes: ReadonlyMap<string, string>,
  names: readonly string[],
): string | undefined {
  return names.map((name) => attributes.get(name)).find((text) => text !== undefined);
}

const DATE = /^(\d{4}-\d\d-\d\d)(?:$|[Tt\sZz+-])/;

function isoDate(text: string | undefined): string | undefined {
  const date = text === undefined ? undefined : DATE.exec(text)?.[1];
  return date !== undefined && epochMillis(`${date}T00:00:00Z`) !== null ? date : undefined;
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const date = isoDate(text);
  return (
    epochMillis(text) ??
    (date === undefined ? undefined : (epochMillis(`${date}T00:00:00Z`) ?? undefined))
  );
}

/**
 * Lot, expiry and time of making from `ilmd` (EPCIS 2.0 section 7.3.8, CBV 2.0 section 9.2): `cbvmda:lotNumber`,
 * `cbvmda:itemExpirationDate` and their GS1 Web Vocabulary twins, under any prefix bound to those namespaces or as full URIs.
 */
export function lotOf(event: EpcisEvent, documentPrefixes?: Prefixes): LotFacts {
  const { ilmd } = fieldsOf(event);
  if (ilmd === undefined) return {};
  const own =
    event['@context'] === undefined ? undefined : prefixesOf(undefined, event['@context']);
  const attributes = attributesOf(ilmd, new Map([...(documentPrefixes ?? []), ...(own ?? [])]));
  const lot = firstText(attributes, LOT);
  const expiry = isoDate(firstText(attributes, EXPIRY));
  const madeAt = instantOf(firstText(attributes, MADE));
  return {
    ...(lot === undefined ? {} : { lot }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(madeAt === undefined ? {} : { madeAt }),
  };
}
