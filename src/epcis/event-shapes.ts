import type { Check, JsonObject, Shape } from './checks.js';
import {
  anything,
  boolean,
  checkObject,
  contentOf,
  firstOf,
  isObject,
  list,
  missing,
  number,
  object,
  oneOf,
  pattern,
  text,
  time,
  uri,
  word,
} from './checks.js';
import type { Faults, Finding } from './faults.js';
import { pointerTo } from './faults.js';
import { isUri } from './formats.js';
import { epc, identifier, parent, sameThing } from './identifier-check.js';
import { layoutOf, SENSOR_METADATA, SENSOR_REPORT } from './xml/layout.js';
import type { ObjectLayout, ValueType } from './xml/layout.js';

const unit = pattern(/^[A-Z0-9]{2,3}$/, {
  code: 'UOM_INVALID',
  expected: 'a UN/ECE Recommendation 20 code of two or three capitals and digits, such as KGM',
  remedy: 'Write the common code. Leave uom out for a count of pieces.',
});

const offset = pattern(/^([+]|[-])((0[0-9]|1[0-3]):([0-5][0-9])|14:00)$/, {
  code: 'OFFSET_INVALID',
  expected: 'an offset of at most 14 hours, such as +01:00',
  remedy: 'Write ±hh:mm; UTC is +00:00.',
});

const hex = pattern(/^[A-Fa-f0-9]+$/, {
  code: 'HEX_INVALID',
  expected: 'hexadecimal digits',
  remedy: 'Write the bytes as hexadecimal digits.',
});

const isUriText = (value: unknown): boolean => typeof value === 'string' && isUri(value);

/** `@context` of a document or an event (EPCIS 2.0 section 10.1): a URI, an object, or a list of those. */
const contextItem = firstOf([isUriText, isObject], {
  code: 'CONTEXT_INVALID',
  expected: 'the URI of a context, or an object that binds prefixes',
  remedy:
    'List https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld, then an object with your own prefixes.',
});
const contextList = list(contextItem, { distinctBy: contentOf });

/** Judges `@context`. */
export const context: Check = (value, parent, key, faults) => {
  (Array.isArray(value) ? contextList : contextItem)(value, parent, key, faults);
};

const quantity = object({
  fields: { epcClass: identifier, quantity: number, uom: unit },
  required: ['epcClass'],
  others: 'refused',
});
const quantities = list(quantity);
const epcs = list(epc, { distinctBy: sameThing });
const place = object({ fields: { id: identifier }, required: ['id'], others: 'any' });

const bizTransaction = object({
  fields: { type: word('bizTransactionType'), bizTransaction: uri },
  required: ['bizTransaction'],
  others: 'refused',
});
const source = object({
  fields: { type: word('sourceDestType'), source: identifier },
  required: ['type', 'source'],
  others: 'refused',
});
const destination = object({
  fields: { type: word('sourceDestType'), destination: identifier },
  required: ['type', 'destination'],
  others: 'refused',
});

const dispositions = list(word('disposition'), { min: 1, distinctBy: contentOf });
const persistentDisposition = object({
  fields: { set: dispositions, unset: dispositions },
  others: 'refused',
  whole: (value, at, faults) => {
    if (value['set'] === undefined && value['unset'] === undefined)
      faults.add(SET_OR_UNSET, at, value);
  },
});
const SET_OR_UNSET: Finding = {
  code: 'FIELD_MISSING',
  expected: 'set or unset',
  remedy: 'Say which dispositions are set or unset, or leave the field out.',
};

const CHECKS: Readonly<Record<ValueType, Check>> = {
  string: text,
  uri,
  time,
  decimal: number,
  double: number,
  boolean,
};

/** Checks of the fields whose value type is in the table of the standard's fields. */
function checksOf({ attributes }: ObjectLayout): Readonly<Record<string, Check>> {
  const checks = attributes.flatMap(({ name, is }) =>
    is.form === 'value' ? [[name, is.word ? word(is.word) : CHECKS[is.type]] as const] : [],
  );
  return Object.fromEntries(checks);
}

const sensorMetadata = object({ fields: checksOf(SENSOR_METADATA), others: 'namespaced' });
const sensorReport = object({
  fields: { ...checksOf(SENSOR_REPORT), hexBinaryValue: hex },
  others: 'namespaced',
  whole: (value, at, faults) => {
    // The field is optional in the XML schema and required in the JSON schema.
    if (value['type'] === undefined && !faults.isXml) faults.add(missing('type'), at, undefined);
  },
});
const sensorElement = object({
  fields: { sensorMetadata, sensorReport: list(sensorReport, { min: 1 }) },
  required: ['sensorReport'],
  others: 'namespaced',
});

const errorDeclaration = object({
  fields: { declarationTime: time, reason: word('errorReason'), correctiveEventIDs: list(uri) },
  required: ['declarationTime'],
  others: 'namespaced',
});

const certificates = list(uri);
const certificationInfo: Check = (value, parent, key, faults) => {
  (Array.isArray(value) ? certificates : uri)(value, parent, key, faults);
};

const ilmd = object({ fields: {}, others: 'namespaced' });

const action = oneOf(['OBSERVE', 'ADD', 'DELETE'], {
  code: 'ACTION_INVALID',
  remedy:
    'ADD creates or puts in, DELETE ends or takes out, OBSERVE changes nothing (EPCIS 2.0 section 7.3.3).',
});

const EVERY_EVENT = {
  '@context': context,
  type: anything,
  eventTime: time,
  recordTime: time,
  eventTimeZoneOffset: offset,
  eventID: uri,
  certificationInfo,
  errorDeclaration,
};

const FIELDS: Readonly<Record<string, Check>> = {
  ...EVERY_EVENT,
  action,
  parentID: parent,
  epcList: epcs,
  childEPCs: epcs,
  inputEPCList: epcs,
  outputEPCList: epcs,
  quantityList: quantities,
  childQuantityList: quantities,
  inputQuantityList: quantities,
  outputQuantityList: quantities,
  transformationID: uri,
  bizStep: word('bizStep'),
  disposition: word('disposition'),
  persistentDisposition,
  readPoint: place,
  bizLocation: place,
  bizTransactionList: list(bizTransaction),
  sourceList: list(source),
  destinationList: list(destination),
  sensorElementList: list(sensorElement),
  ilmd,
};

const TIMES = ['eventTime', 'eventTimeZoneOffset'];

const filled = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

const NO_WHAT: Finding = {
  code: 'WHAT_MISSING',
  expected: 'what the event is about: EPCs or quantities',
  remedy:
    'Name objects, or classes with quantities. An ObjectEvent may instead give sensor data with a readPoint.',
};
const NO_CHILDREN: Finding = {
  code: 'WHAT_MISSING',
  expected: 'childEPCs or childQuantityList with at least one item',
  remedy:
    'Name the children. Only DELETE may leave them out: then all are removed (EPCIS 2.0 section 7.4.3).',
};
const NO_PARENT: Finding = {
  code: 'PARENT_MISSING',
  expected: 'parentID, because action is ADD or DELETE',
  remedy: 'Name the container. Only OBSERVE may leave it out (EPCIS 2.0 section 7.4.3).',
};
const NO_INPUT_OR_OUTPUT: Finding = {
  code: 'WHAT_MISSING',
  expected: 'inputs and outputs, or a transformationID with either',
  remedy:
    'Name inputs and outputs, or join several events by one transformationID (EPCIS 2.0 section 7.4.6).',
};
const ILMD_MISPLACED: Finding = {
  code: 'ILMD_NOT_ALLOWED',
  expected: 'ilmd only where action is ADD',
  remedy: 'Put lot master data on the event that commissions the lot (EPCIS 2.0 section 7.4.2).',
};

function objectEventRules(event: JsonObject, at: string, faults: Faults): void {
  const sensed = filled(event['sensorElementList']) && isObject(event['readPoint']);
  if (!filled(event['epcList']) && !filled(event['quantityList']) && !sensed)
    faults.add(NO_WHAT, at, undefined);
  if (event['ilmd'] !== undefined && event['action'] !== 'ADD') {
    faults.add(ILMD_MISPLACED, pointerTo(at, 'ilmd'), event['action']);
  }
}

function childrenRule(event: JsonObject, at: string, faults: Faults): void {
  if (
    event['action'] === 'DELETE' ||
    filled(event['childEPCs']) ||
    filled(event['childQuantityList'])
  )
    return;
  faults.add(NO_CHILDREN, at, undefined);
}

function aggregationRules(event: JsonObject, at: string, faults: Faults): void {
  childrenRule(event, at, faults);
  const binds = event['action'] === 'ADD' || event['action'] === 'DELETE';
  if (binds && event['parentID'] === undefined) faults.add(NO_PARENT, at, undefined);
}

function transactionRules(event: JsonObject, at: string, faults: Faults): void {
  if (event['action'] === 'DELETE' || filled(event['epcList']) || filled(event['quantityList']))
    return;
  faults.add(NO_WHAT, at, undefined);
}

function transformationRules(event: JsonObject, at: string, faults: Faults): void {
  const inputs = filled(event['inputEPCList']) || filled(event['inputQuantityList']);
  const outputs = filled(event['outputEPCList']) || filled(event['outputQuantityList']);
  const joined = event['transformationID'] !== undefined;
  if (!(inputs && outputs) && !(joined && (inputs || outputs)))
    faults.add(NO_INPUT_OR_OUTPUT, at, undefined);
}

/** The shape of an event type, with the fields that the table of the standard has for it. */
function eventShape(
  type: string,
  required: readonly string[],
  whole: NonNullable<Shape['whole']>,
  own: Shape['fields'] = {},
): readonly [string, Shape] {
  const known = new Set(layoutOf(type).elements.map(({ name }) => name));
  const fields = Object.entries(FIELDS).filter(([name]) => known.has(name) || name in EVERY_EVENT);
  return [
    type,
    {
      fields: { ...Object.fromEntries(fields), ...own },
      required: [...TIMES, ...required],
      others: 'namespaced',
      whole,
    },
  ];
}

const SHAPES = [
  eventShape('ObjectEvent', ['action'], objectEventRules),
  eventShape('AggregationEvent', ['action'], aggregationRules),
  eventShape('AssociationEvent', ['action', 'parentID'], childrenRule),
  eventShape('TransactionEvent', ['action', 'bizTransactionList'], transactionRules, {
    bizTransactionList: list(bizTransaction, { min: 1 }),
  }),
  eventShape('TransformationEvent', [], transformationRules),
];

/** A private event type (EPCIS 2.0 section 7.4.1.3) is a URI; only its common fields are judged. */
const EXTENDED = checkObject({
  fields: { ...EVERY_EVENT, type: uri },
  required: TIMES,
  others: 'any',
});

const JUDGES = new Map(SHAPES.map(([type, shape]) => [type, checkObject(shape)]));

const NO_TYPE: Finding = {
  code: 'EVENT_TYPE_INVALID',
  expected:
    'type ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent or AssociationEvent, or a URI',
  remedy: 'Give the event a type of EPCIS 2.0 section 7.4, or a URI of your own.',
};

/** Judges one event by its type and reports all its faults; `at` is its pointer. */
export function checkEvent(event: JsonObject, at: string, faults: Faults): void {
  const type = event['type'];
  const judge =
    typeof type === 'string'
      ? (JUDGES.get(type) ?? (isUri(type) ? EXTENDED : undefined))
      : undefined;
  if (judge) judge(event, at, faults);
  else faults.add(NO_TYPE, pointerTo(at, 'type'), type);
}
