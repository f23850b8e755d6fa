import type { WordKind } from '../vocabulary.js';

/** How the text of an element or attribute becomes a JSON value, and back. */
export type ValueType = 'string' | 'uri' | 'time' | 'decimal' | 'double' | 'boolean';

/** A field whose value is text, a number or a boolean. */
export interface SimpleForm {
  readonly form: 'value';
  readonly type: ValueType;
  /** The closed vocabulary of its bare words. */
  readonly word?: WordKind;
}

/** A field whose value is an object: one element with content. */
export interface ObjectForm {
  readonly form: 'object';
  readonly layout: ObjectLayout;
}

/** A field whose value is a list: `item` elements in one wrapper, or the element repeated. */
export interface ListForm {
  readonly form: 'list';
  /** Name of an item's element in the wrapper; absent if the element itself is repeated. */
  readonly item?: string;
  readonly of: SimpleForm | ObjectForm;
  /** JSON may write a list of one as the item alone; XML cannot tell them apart. */
  readonly oneMayStandAlone?: boolean;
  /** The schema allows the element only once: it holds several URIs, separated by spaces. */
  readonly joined?: true;
}

/** The form of a field in XML. */
export type FieldForm = SimpleForm | ObjectForm | ListForm;

/** Wrappers around a field in EPCIS 1.2 XML, outermost first; none if it is in the event itself. */
export type Wrappers = readonly ('extension' | 'baseExtension')[];

/** A field of the standard: its name, the same in JSON and XML, and its form in XML. */
export interface FieldLayout {
  readonly name: string;
  readonly is: FieldForm;
  /**
   * Its place in 1.2. Fields of 2.0 follow the rule of the 1.2 schema for newer elements: one
   * `extension` further in. The reader accepts any depth.
   */
  readonly wrappers12: Wrappers;
  /** The 1.2 schema requires the element even when it is empty. */
  readonly requiredIn12?: true;
  /** The schema requires it before later elements: `xsi:nil="true"` if the field is absent. */
  readonly nillable?: true;
}

/** The content of an object: attributes, then elements in schema order, then extensions. */
export interface ObjectLayout {
  /** Fields that are attributes without a namespace. */
  readonly attributes: readonly FieldLayout[];
  /** The field that is the element's own text. */
  readonly text?: FieldLayout;
  /** Elements without a namespace, in the order of the 2.0 schema and of each 1.2 wrapper. */
  readonly elements: readonly FieldLayout[];
  /** Elements may have any order (errorDeclaration in 2.0). */
  readonly anyOrder?: true;
  /** How fields with a namespace are written: as elements after the others, as attributes, or not at all. */
  readonly extensions: 'elements' | 'attributes' | 'none';
}

const DIRECT: Wrappers = [];
const EXTENSION: Wrappers = ['extension'];
const EXTENSION_TWICE: Wrappers = ['extension', 'extension'];
const BASE: Wrappers = ['baseExtension'];
const BASE_EXTENSION: Wrappers = ['baseExtension', 'extension'];

function value(type: ValueType, kind?: WordKind): SimpleForm {
  return { form: 'value', type, ...(kind === undefined ? {} : { word: kind }) };
}

function field(name: string, is: FieldForm, wrappers12: Wrappers = DIRECT): FieldLayout {
  return { name, is, wrappers12 };
}

function fields(type: ValueType, ...names: readonly string[]): FieldLayout[] {
  return names.map((name) => field(name, value(type)));
}

const text = (name: string): FieldLayout => field(name, value('string'));
const uri = (name: string): FieldLayout => field(name, value('uri'));
const time = (name: string): FieldLayout => field(name, value('time'));
const word = (name: string, kind: WordKind): FieldLayout => field(name, value('uri', kind));
const object = (layout: ObjectLayout): ObjectForm => ({ form: 'object', layout });
const list = (item: string, of: SimpleForm | ObjectForm): ListForm => ({ form: 'list', item, of });
const repeated = (of: SimpleForm | ObjectForm): ListForm => ({ form: 'list', of });

const PLACE = object({ attributes: [], elements: [uri('id')], extensions: 'elements' });

const QUANTITIES = list(
  'quantityElement',
  object({
    attributes: [],
    elements: [
      uri('epcClass'),
      { ...field('quantity', value('decimal')), nillable: true },
      text('uom'),
    ],
    extensions: 'none',
  }),
);

const EPCS = list('epc', value('string'));

/** An element whose text is the value and whose `type` is an attribute. */
function typed(name: string, kind: WordKind): ListForm {
  return list(
    name,
    object({ attributes: [word('type', kind)], text: uri(name), elements: [], extensions: 'none' }),
  );
}

const DISPOSITIONS = repeated(value('uri', 'disposition'));
const PERSISTENT_DISPOSITION = object({
  attributes: [],
  elements: [field('unset', DISPOSITIONS), field('set', DISPOSITIONS)],
  extensions: 'none',
});

const ILMD = object({ attributes: [], elements: [], extensions: 'elements' });

const ERROR_DECLARATION = object({
  attributes: [],
  elements: [
    time('declarationTime'),
    word('reason', 'errorReason'),
    field('correctiveEventIDs', list('correctiveEventID', value('uri'))),
  ],
  anyOrder: true,
  extensions: 'elements',
});

const DEVICE = fields('uri', 'deviceID', 'deviceMetadata', 'rawData');

/** Metadata shared by the reports of a sensor element. */
export const SENSOR_METADATA: ObjectLayout = {
  attributes: [
    time('time'),
    ...DEVICE,
    time('startTime'),
    time('endTime'),
    uri('bizRules'),
    uri('dataProcessingMethod'),
  ],
  elements: [],
  extensions: 'attributes',
};

/** One reading. */
export const SENSOR_REPORT: ObjectLayout = {
  attributes: [
    word('type', 'measurementType'),
    ...fields('double', 'value'),
    word('component', 'component'),
    text('stringValue'),
    field('booleanValue', value('boolean')),
    text('hexBinaryValue'),
    uri('uriValue'),
    text('uom'),
    ...fields('double', 'minValue', 'maxValue', 'sDev'),
    ...fields('uri', 'chemicalSubstance', 'microorganism'),
    ...DEVICE,
    time('time'),
    ...fields('double', 'meanValue', 'percRank', 'percValue'),
    ...fields('uri', 'dataProcessingMethod', 'bizRules', 'coordinateReferenceSystem'),
    word('exception', 'sensorAlertType'),
  ],
  elements: [],
  extensions: 'attributes',
};

const SENSOR_ELEMENTS = list(
  'sensorElement',
  object({
    attributes: [],
    elements: [
      field('sensorMetadata', object(SENSOR_METADATA)),
      field('sensorReport', repeated(object(SENSOR_REPORT))),
    ],
    extensions: 'elements',
  }),
);

/** Fields of all events, in the order of the schema (EPCIS 2.0 section 9.5, `EPCISEventType`). */
const EVERY_EVENT: readonly FieldLayout[] = [
  time('eventTime'),
  time('recordTime'),
  text('eventTimeZoneOffset'),
  field('eventID', value('uri'), BASE),
  field('errorDeclaration', ERROR_DECLARATION, BASE),
  field(
    'certificationInfo',
    { form: 'list', of: value('uri'), oneMayStandAlone: true, joined: true },
    BASE_EXTENSION,
  ),
];

const STEP_AND_PLACES: readonly FieldLayout[] = [
  word('bizStep', 'bizStep'),
  word('disposition', 'disposition'),
  field('readPoint', PLACE),
  field('bizLocation', PLACE),
];
const ACTION = text('action');
const PARENT = uri('parentID');
const BIZ_TRANSACTIONS = field('bizTransactionList', typed('bizTransaction', 'bizTransactionType'));

function parties(wrappers12: Wrappers): FieldLayout[] {
  return [
    field('sourceList', typed('source', 'sourceDestType'), wrappers12),
    field('destinationList', typed('destination', 'sourceDestType'), wrappers12),
  ];
}

/** Fields that EPCIS 2.0 added to every event type. */
function added(wrappers12: Wrappers): FieldLayout[] {
  return [
    field('sensorElementList', SENSOR_ELEMENTS, wrappers12),
    field('persistentDisposition', PERSISTENT_DISPOSITION, wrappers12),
  ];
}

function event(...own: readonly FieldLayout[]): ObjectLayout {
  return { attributes: [], elements: [...EVERY_EVENT, ...own], extensions: 'elements' };
}

/** A private event type: only its common fields are known. */
const EXTENDED_EVENT = event();

/** The five event types: fields in the order of the 2.0 XML schema, with their places in 1.2. */
export const EVENT_LAYOUTS: ReadonlyMap<string, ObjectLayout> = new Map([
  [
    'ObjectEvent',
    event(
      { ...field('epcList', EPCS), requiredIn12: true },
      ACTION,
      ...STEP_AND_PLACES,
      BIZ_TRANSACTIONS,
      field('quantityList', QUANTITIES, EXTENSION),
      ...parties(EXTENSION),
      ...added(EXTENSION_TWICE),
      field('ilmd', ILMD, EXTENSION),
    ),
  ],
  [
    'AggregationEvent',
    event(
      PARENT,
      { ...field('childEPCs', EPCS), requiredIn12: true },
      ACTION,
      ...STEP_AND_PLACES,
      BIZ_TRANSACTIONS,
      field('childQuantityList', QUANTITIES, EXTENSION),
      ...parties(EXTENSION),
      ...added(EXTENSION_TWICE),
    ),
  ],
  [
    'TransactionEvent',
    event(
      BIZ_TRANSACTIONS,
      PARENT,
      { ...field('epcList', EPCS), requiredIn12: true },
      ACTION,
      ...STEP_AND_PLACES,
      field('quantityList', QUANTITIES, EXTENSION),
      ...parties(EXTENSION),
      ...added(EXTENSION_TWICE),
    ),
  ],
  [
    'TransformationEvent',
    event(
      field('inputEPCList', EPCS),
      field('inputQuantityList', QUANTITIES),
      field('outputEPCList', EPCS),
      field('outputQuantityList', QUANTITIES),
      uri('transformationID'),
      ...STEP_AND_PLACES,
      BIZ_TRANSACTIONS,
      ...parties(DIRECT),
      ...added(EXTENSION),
      field('ilmd', ILMD),
    ),
  ],
  [
    'AssociationEvent',
    event(
      PARENT,
      field('childEPCs', EPCS),
      field('childQuantityList', QUANTITIES),
      ACTION,
      ...STEP_AND_PLACES,
      BIZ_TRANSACTIONS,
      ...parties(DIRECT),
      ...added(DIRECT),
    ),
  ],
]);

/** A class and a count (EPCIS 1.2 section 7.4.4); deprecated since 1.1, removed in 2.0. */
export const QUANTITY_EVENT: ObjectLayout = {
  attributes: [],
  elements: [
    ...EVERY_EVENT,
    uri('epcClass'),
    field('quantity', value('decimal')),
    ...STEP_AND_PLACES,
    BIZ_TRANSACTIONS,
  ],
  extensions: 'elements',
};

/** Every field that some event of the standard has, in JSON or XML. */
export const EVENT_FIELDS: ReadonlySet<string> = new Set([
  'type',
  '@context',
  'epcClass',
  'quantity',
  ...[...EVENT_LAYOUTS.values()].flatMap(({ elements }) => elements.map(({ name }) => name)),
]);

/** The wrappers in which the 1.2 schema allows elements of newer standards. */
export function newestIn12({ elements }: ObjectLayout): Wrappers {
  const extended = elements
    .map(({ wrappers12 }) => wrappers12)
    .filter(([one]) => one === 'extension');
  return extended.reduce((most, one) => (one.length > most.length ? one : most), EXTENSION);
}

/** The layout of an event type; a private type has only the common fields. */
export function layoutOf(eventType: string): ObjectLayout {
  return EVENT_LAYOUTS.get(eventType) ?? EXTENDED_EVENT;
}

/** The wrappers around an event type in the EventList of EPCIS 1.2. */
export const EVENT_WRAPPERS_12: ReadonlyMap<string, Wrappers> = new Map([
  ['ObjectEvent', DIRECT],
  ['AggregationEvent', DIRECT],
  ['TransactionEvent', DIRECT],
  ['TransformationEvent', EXTENSION],
  ['AssociationEvent', EXTENSION_TWICE],
]);

/** Namespaces of EPCIS XML, both versions. */
export const XML_NAMESPACES = {
  document: { '2.0': 'urn:epcglobal:epcis:xsd:2', '1.2': 'urn:epcglobal:epcis:xsd:1' },
  query: { '2.0': 'urn:epcglobal:epcis-query:xsd:2', '1.2': 'urn:epcglobal:epcis-query:xsd:1' },
  masterData: {
    '2.0': 'urn:epcglobal:epcis-masterdata:xsd:2',
    '1.2': 'urn:epcglobal:epcis-masterdata:xsd:1',
  },
  sbdh: 'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader',
  schema: 'http://www.w3.org/2001/XMLSchema',
  instance: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;

/** Lists that need at least one item by the XML schema; in JSON they may be empty. */
export const FILLED_LISTS: ReadonlySet<string> = new Set([
  'bizTransactionList',
  'sourceList',
  'destinationList',
  'sensorElementList',
]);
