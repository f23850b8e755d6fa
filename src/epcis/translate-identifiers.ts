import { formsOf, keyOfUri, urnOfKey } from '../gs1/identifier.js';
import type { PrefixLengths } from '../gs1/prefix-lengths.js';
import { EPC_LISTS, isStandard, QUANTITY_LISTS } from './event.js';
import type { EpcisEvent } from './event.js';
import type { Prefixes } from './namespaces.js';
import { expandValue } from './namespaces.js';

/** The values of the header `GS1-EPC-Format` (EPCIS 2.0 REST bindings). */
export type EpcFormat =
  'No_Preference' | 'Always_GS1_Digital_Link' | 'Always_EPC_URN' | 'Never_Translates';

type Translate = (uri: string) => string;
type Fields = Record<string, unknown>;

/** Fields that hold identifiers, by the shape around them. */
const SINGLES = ['parentID', 'transformationID'];
const PLACES = ['readPoint', 'bizLocation'];
const ELEMENTS: readonly (readonly [list: string, field: string])[] = [
  ...QUANTITY_LISTS.map((list) => [list, 'epcClass'] as const),
  ['sourceList', 'source'],
  ['destinationList', 'destination'],
  ['bizTransactionList', 'bizTransaction'],
];

/**
 * The event with its GS1 identifiers in the requested form. No field is added and the order stays;
 * without a change the same object is returned. A second translation changes nothing.
 *
 * To Digital Link: EPC URNs become `https://id.gs1.org/…`; Digital Links of any domain stay.
 * To EPC URN: Digital Links become URNs if `prefixes` knows the length of the company prefix,
 * otherwise they stay. What a URN cannot express beside the key (a lot beside a serial, a variant,
 * attributes) is dropped. `No_Preference` and `Never_Translates` change nothing. eventID,
 * correctiveEventIDs, extensions, ilmd and URIs that are not GS1 keys never change.
 *
 * @param bound namespaces of the prefixes in CURIEs
 *
 * @see EPCIS 2.0 REST bindings, header GS1-EPC-Format; CBV 2.0 section 8
 */
export function withEpcFormat<E extends EpcisEvent>(
  event: E,
  format: EpcFormat,
  prefixes: PrefixLengths,
  bound: Prefixes = new Map(),
): E {
  if (!isStandard(event)) return event;
  switch (format) {
    case 'Always_GS1_Digital_Link':
      return translated(event, ofCuries(toDigitalLink, bound));
    case 'Always_EPC_URN':
      return translated(
        event,
        ofCuries((uri) => toUrn(uri, prefixes), bound),
      );
    case 'No_Preference':
    case 'Never_Translates':
      return event;
  }
}

/**
 * One identifier in the requested form, by the rules of {@link withEpcFormat}. It is for
 * identifiers outside an event, such as the list of EPCs.
 */
export function identifierInFormat(
  uri: string,
  format: EpcFormat,
  prefixes: PrefixLengths,
): string {
  if (format === 'Always_GS1_Digital_Link') return toDigitalLink(uri);
  return format === 'Always_EPC_URN' ? toUrn(uri, prefixes) : uri;
}

/** Translates the URI that a CURIE stands for; without a translation the CURIE stays. */
function ofCuries(translate: Translate, bound: Prefixes): Translate {
  return (uri) => {
    const full = expandValue(uri, bound);
    const after = translate(full);
    return after === full ? uri : after;
  };
}

function toDigitalLink(uri: string): string {
  if (!/^urn:epc:/i.test(uri)) return uri;
  const key = keyOfUri(uri);
  return key === null ? uri : formsOf(key).digitalLink;
}

function toUrn(uri: string, prefixes: PrefixLengths): string {
  if (!/^https?:/i.test(uri)) return uri;
  const key = keyOfUri(uri);
  return (key === null ? null : urnOfKey(key, prefixes)) ?? uri;
}

function translated<E extends EpcisEvent>(event: E, translate: Translate): E {
  const fields = event as unknown as Readonly<Fields>;
  const changed: Fields = {};
  for (const name of SINGLES) put(changed, fields, name, (value) => text(value, translate));
  for (const name of EPC_LISTS) put(changed, fields, name, (list) => identifiers(list, translate));
  for (const name of PLACES) put(changed, fields, name, (place) => field(place, 'id', translate));
  for (const [name, inner] of ELEMENTS)
    put(changed, fields, name, (list) => each(list, (one) => field(one, inner, translate)));
  put(changed, fields, 'sensorElementList', (list) =>
    each(list, (one) => sensorElement(one, translate)),
  );
  return Object.keys(changed).length === 0 ? event : { ...event, ...changed };
}

function put(
  changed: Fields,
  fields: Readonly<Fields>,
  name: string,
  change: (value: unknown) => unknown,
): void {
  const value = fields[name];
  const after = value === undefined ? undefined : change(value);
  if (after !== value) changed[name] = after;
}

function text(value: unknown, translate: Translate): unknown {
  return typeof value === 'string' ? translate(value) : value;
}

/** Returns the same list when none of its elements changes. */
function each(list: unknown, change: (value: unknown) => unknown): unknown {
  if (!Array.isArray(list)) return list;
  const after = list.map(change);
  return after.some((value, at) => value !== list[at]) ? after : list;
}

/** Keeps a list free of repetition: if it has one identifier in both forms, both stay. */
function identifiers(list: unknown, translate: Translate): unknown {
  const after = each(list, (epc) => text(epc, translate));
  if (after === list || !Array.isArray(list)) return list;
  const given: readonly unknown[] = list;
  const taken = new Set(given.filter((value) => text(value, translate) === value));
  return given.map((value) => {
    const translation = text(value, translate);
    if (translation === value || taken.has(translation)) return value;
    taken.add(translation);
    return translation;
  });
}

function field(holder: unknown, name: string, translate: Translate): unknown {
  if (!isObject(holder)) return holder;
  const after = text(holder[name], translate);
  return after === holder[name] ? holder : { ...holder, [name]: after };
}

function sensorElement(element: unknown, translate: Translate): unknown {
  if (!isObject(element)) return element;
  const changed: Fields = {};
  put(changed, element, 'sensorMetadata', (value) => field(value, 'deviceID', translate));
  put(changed, element, 'sensorReport', (list) =>
    each(list, (one) => field(one, 'deviceID', translate)),
  );
  return Object.keys(changed).length === 0 ? element : { ...element, ...changed };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
