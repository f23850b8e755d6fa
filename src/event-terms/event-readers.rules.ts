import type { EpcisEvent } from '../epcis/event.js';
import { namesOf, partiesOf, standardFields } from '../epcis/readers.js';
import type { Quantity } from '../epcis/readers.js';
import type { WordKind } from '../epcis/vocabulary.js';
import { bareWord } from '../epcis/vocabulary.js';
import { keyOfUri } from '../gs1/identifier.js';
import { keyOf } from './event-fields.rules.js';
import type { ClassRole, EpcRole, TypedList } from './words.js';

/** Keys of the EPCs in one list of an event. */
export function epcsOf(event: EpcisEvent, role: EpcRole): readonly string[] {
  const names = namesOf(event);
  switch (role) {
    case 'epc':
      return names.epcs;
    case 'child':
      return names.kids;
    case 'parent':
      return names.parent === undefined ? [] : [names.parent];
    case 'input':
      return names.inputs;
    case 'output':
      return names.outputs;
  }
}

const ROLE_OF_LIST: Readonly<Record<Quantity['role'], ClassRole>> = {
  quantity: 'any',
  childQuantity: 'any',
  inputQuantity: 'input',
  outputQuantity: 'output',
};

/** The list of classes that a quantity belongs to. */
export function classRoleOf({ role }: Quantity): ClassRole {
  return ROLE_OF_LIST[role];
}

/** Type and key of the elements of a list of business transactions, sources or destinations. */
export function typedOf(
  event: EpcisEvent,
  list: TypedList,
): readonly { readonly type: string; readonly key: string }[] {
  if (list === 'source') return partiesOf(event).sources;
  if (list === 'destination') return partiesOf(event).destinations;
  return (standardFields(event).bizTransactionList ?? []).map(({ type, bizTransaction }) => ({
    type: type === undefined ? '' : bareWord('bizTransactionType', type),
    key: keyOf(bizTransaction),
  }));
}

/** Key of the transformation that an event is part of; undefined when it names none. */
export function transformationOf(event: EpcisEvent): string | undefined {
  const { transformationID } = standardFields(event);
  return transformationID === undefined ? undefined : keyOf(transformationID);
}

/** Attributes of sensor reports whose values are words of the standard, with the kind of word. */
export const SENSOR_WORDS: Readonly<Record<string, WordKind>> = {
  type: 'measurementType',
  exception: 'sensorAlertType',
  component: 'component',
};

/** How the value of a text attribute is compared: as the bare word, as the canonical key of an identifier, or as it is. */
export function sensorText(attribute: string, value: string): string {
  const kind = SENSOR_WORDS[attribute];
  if (kind !== undefined) return bareWord(kind, value);
  if (attribute === 'hexBinaryValue') return value.toUpperCase();
  if (attribute === 'stringValue' || !value.includes(':')) return value;
  return keyOfUri(value) ?? value;
}
