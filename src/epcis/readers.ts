import { isClassKey, keyOfUri } from '../gs1/identifier.js';
import { isStandard } from './event.js';
import type { Action, EpcisEvent, QuantityElement, StandardEvent } from './event.js';
import { dateOf } from './dates.js';
import { epochMillis } from './formats.js';
import type { Prefixes } from './namespaces.js';
import { expandName, prefixesOf, within } from './namespaces.js';
import { bareWord } from './vocabulary.js';

/** The objects an event names one by one, as keys without repetition, by their role. */
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

/** The role of a quantity, by the list that holds it. */
export type QuantityRole = 'quantity' | 'childQuantity' | 'inputQuantity' | 'outputQuantity';

/** Objects named by class. */
export interface Quantity {
  readonly role: QuantityRole;
  readonly classKey: string;
  readonly quantity?: number;
  readonly uom?: string;
}

/** Keys of where an event happened (readPoint) and where its objects are then (bizLocation). */
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

/** Keys of single objects. A class in such a list is left out: `quantitiesOf` has it. */
function keysOf(uris: readonly string[] | undefined): readonly string[] {
  if (uris === undefined || uris.length === 0) return NOTHING;
  const keys = new Set(uris.map(keyOf));
  for (const key of keys) if (isClassKey(key)) keys.delete(key);
  return [...keys];
}

/** The fields of all five event types; an event has only those of its type. */
export interface AnyFields extends StandardEvent {
  readonly action?: Action;
  readonly transformationID?: string;
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

/** The fields of the standard; none for a private event type, whose fields may mean anything. */
export function standardFields(event: EpcisEvent): AnyFields {
  return isStandard(event) ? event : NO_FIELDS;
}

/** The objects an event names (EPCIS 2.0 section 7.3.4.1), as canonical keys without repetition. */
export function namesOf(event: EpcisEvent): Names {
  const { parentID, epcList, childEPCs, inputEPCList, outputEPCList } = standardFields(event);
  return {
    ...(parentID === undefined ? {} : { parent: keyOf(parentID) }),
    kids: keysOf(childEPCs),
    inputs: keysOf(inputEPCList),
    outputs: keysOf(outputEPCList),
    epcs: keysOf(epcList),
  };
}

function quantities(
  role: QuantityRole,
  elements: readonly QuantityElement[] = [],
  epcs: readonly string[] = NOTHING,
): Quantity[] {
  const counted = elements.map(({ epcClass, quantity, uom }) => ({
    role,
    classKey: keyOf(epcClass),
    ...(quantity === undefined ? {} : { quantity }),
    ...(uom === undefined ? {} : { uom }),
  }));
  const classes = new Set(epcs.map(keyOf).filter(isClassKey));
  for (const { classKey } of counted) classes.delete(classKey);
  return [...counted, ...[...classes].map((classKey) => ({ role, classKey }))];
}

/**
 * The class-level quantities of an event (EPCIS 2.0 section 7.3.4.2), in document order. Classes in
 * lists of EPCs follow, without a quantity.
 */
export function quantitiesOf(event: EpcisEvent): readonly Quantity[] {
  const fields = standardFields(event);
  return [
    ...quantities('quantity', fields.quantityList, fields.epcList),
    ...quantities('childQuantity', fields.childQuantityList, fields.childEPCs),
    ...quantities('inputQuantity', fields.inputQuantityList, fields.inputEPCList),
    ...quantities('outputQuantity', fields.outputQuantityList, fields.outputEPCList),
  ];
}

/** The places of an event (EPCIS 2.0 sections 7.3.5.3 and 7.3.5.4), as keys. */
export function sitesOf(event: EpcisEvent): Sites {
  const { bizLocation, readPoint } = standardFields(event);
  return {
    ...(bizLocation === undefined ? {} : { bizLocation: keyOf(bizLocation.id) }),
    ...(readPoint === undefined ? {} : { readPoint: keyOf(readPoint.id) }),
  };
}

/** The ends of a transfer (EPCIS 2.0 section 7.3.5.6), as keys, with types as bare words. */
export function partiesOf(event: EpcisEvent): Parties {
  const { sourceList = [], destinationList = [] } = standardFields(event);
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

/** One attribute of `ilmd`: its name there, and its text if it has one. */
interface Attribute {
  readonly name: string;
  readonly value: unknown;
  readonly text: string | undefined;
}

/** CBV or GS1 Web Vocabulary attributes of `ilmd`, by local name; the first of a name counts. */
function attributesOf(
  ilmd: Readonly<Record<string, unknown>>,
  prefixes: Prefixes,
): Map<string, Attribute> {
  const found = new Map<string, Attribute>();
  for (const [name, value] of Object.entries(ilmd)) {
    const full = expandName(name, prefixes);
    const local = full.replace(MDA, '').replace(GS1_VOC, '');
    if (local !== full && !found.has(local)) found.set(local, { name, value, text: textOf(value) });
  }
  return found;
}

/** Text of an attribute: a string, a number, a JSON-LD value object, or an XML element. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if ('@value' in value) return textOf(value['@value']);
  return '#text' in value ? textOf(value['#text']) : undefined;
}

function first<T>(
  attributes: ReadonlyMap<string, Attribute>,
  names: readonly string[],
  read: (text: string) => T | null,
): T | undefined {
  for (const name of names) {
    const text = attributes.get(name)?.text;
    const value = text === undefined ? null : read(text);
    if (value !== null) return value;
  }
  return undefined;
}

/** The attributes of `ilmd`, and the year of the event, to complete years of two digits. */
function lotAttributesOf(
  event: EpcisEvent,
  prefixes: Prefixes | undefined,
): { readonly attributes: ReadonlyMap<string, Attribute>; readonly year: number } | null {
  const { ilmd, eventTime } = standardFields(event);
  if (ilmd === undefined) return null;
  const own =
    event['@context'] === undefined ? undefined : prefixesOf(undefined, event['@context']);
  const around = prefixes ?? prefixesOf(undefined);
  const attributes = attributesOf(ilmd, own === undefined ? around : within(around, own));
  return { attributes, year: Number(eventTime.slice(0, 4)) };
}

function instantOf(text: string, year: number): number | null {
  const date = dateOf(text, year);
  return epochMillis(text) ?? (date === null ? null : epochMillis(`${date}T00:00:00Z`));
}

/**
 * Lot, expiry and production time from `ilmd` (EPCIS 2.0 section 7.3.8, CBV 2.0 section 9.2):
 * `cbvmda:lotNumber`, `cbvmda:itemExpirationDate` and their GS1 Web Vocabulary equivalents, with
 * any prefix of those namespaces or as full URIs. Dates may have any form of ISO 8601 or GS1;
 * `unreadDatesOf` has those that cannot be read.
 */
export function lotOf(event: EpcisEvent, documentPrefixes?: Prefixes): LotFacts {
  const told = lotAttributesOf(event, documentPrefixes);
  if (told === null) return {};
  const { attributes, year } = told;
  const lot = first(attributes, LOT, (text) => text);
  const expiry = first(attributes, EXPIRY, (text) => dateOf(text, year));
  const madeAt = first(attributes, MADE, (text) => instantOf(text, year));
  return {
    ...(lot === undefined ? {} : { lot }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(madeAt === undefined ? {} : { madeAt }),
  };
}

/** The dates in `ilmd` that cannot be read, with their names there. */
export function unreadDatesOf(
  event: EpcisEvent,
  documentPrefixes?: Prefixes,
): readonly { readonly name: string; readonly value: unknown }[] {
  const told = lotAttributesOf(event, documentPrefixes);
  if (told === null) return [];
  const { attributes, year } = told;
  const readers = [
    ...EXPIRY.map((name) => [name, dateOf] as const),
    ...MADE.map((name) => [name, instantOf] as const),
  ];
  return readers.flatMap(([local, read]) => {
    const { name, value, text } = attributes.get(local) ?? {};
    const isSaid = name !== undefined && value !== '' && value !== null;
    return isSaid && (text === undefined || read(text, year) === null) ? [{ name, value }] : [];
  });
}
