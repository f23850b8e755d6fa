import type { EpcisEvent } from '../epcis/event.js';
import type { Prefixes } from '../epcis/namespaces.js';
import { quantityEventOf } from '../epcis/quantity-event.js';
import { quantitiesOf, sitesOf, standardFields } from '../epcis/readers.js';
import { bareWord } from '../epcis/vocabulary.js';
import { extensionFields, keyOf, sensorsOf } from './event-fields.rules.js';
import { canonicalName } from './field-name.rules.js';
import { classRoleOf, epcsOf, sensorText, typedOf } from './event-readers.rules.js';
import { ANY_FIELD, DECLARED, SENSOR_TEXTS, termOf } from './term.rules.js';
import type { EpcRole } from './words.js';

/** What terms are made from. */
export interface TermSource {
  readonly id: string;
  readonly event: EpcisEvent;
  readonly prefixes: Prefixes;
}

/** Most terms from extension fields. An event with more is found under {@link ANY_FIELD}. */
const MAX_FIELD_TERMS = 100;
const ROLES: readonly EpcRole[] = ['epc', 'child', 'parent', 'input', 'output'];
/** Types with an action. An index on the node finds them. */
const INDEXED_TYPES: ReadonlySet<string> = new Set(
  ['ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'AssociationEvent'].map((type) =>
    termOf('type', type),
  ),
);

/**
 * The terms that find an event, besides the indexed properties of its node and its packages. Most events of serialized goods
 * have none, so they cost nothing. Terms are only hints, and `matchesEvent` decides.
 */
export function termsOfEvent(source: TermSource): readonly string[] {
  const { event, prefixes } = source;
  const types = typeTerms(event, prefixes).filter((term) => !INDEXED_TYPES.has(term));
  // A place is not a package, so no OF relationship finds it.
  const places = mayNamePlace(event) ? epcTerms(event).filter((term) => PLACE.test(term)) : [];
  const terms = [...types, ...places, ...commonTerms(source)];
  return terms.length < 2 ? terms : [...new Set(terms)];
}

const PLACE = /^epc \w+ 414\//;
const PLACE_URI = /:sgln:|\/(?:414|gln)\//i;

/** Whether an EPC may be a place. It looks only at the text, because an event may name thousands. */
function mayNamePlace(event: EpcisEvent): boolean {
  const fields = standardFields(event);
  const lists = [fields.epcList, fields.childEPCs, fields.inputEPCList, fields.outputEPCList];
  if (fields.parentID !== undefined && PLACE_URI.test(fields.parentID)) return true;
  return lists.some((list) => list?.some((uri) => PLACE_URI.test(uri)) ?? false);
}

/** All terms that find an error declaration. */
export function termsOfDeclaration(source: TermSource): readonly string[] {
  const { id, event, prefixes } = source;
  const { reason, correctiveEventIDs = [] } = event.errorDeclaration ?? { declarationTime: '' };
  const terms = [
    'all',
    termOf('id', id),
    ...(reason === undefined ? [] : [termOf('reason', bareWord('errorReason', reason))]),
    ...correctiveEventIDs.map((one) => termOf('corrects', one)),
    ...typeTerms(event, prefixes),
    ...nodeTerms(event),
    ...epcTerms(event),
    ...commonTerms(source),
  ];
  return [...new Set(terms.map((term) => `${DECLARED}${term}`))];
}

function typeTerms(event: EpcisEvent, prefixes: Prefixes): readonly string[] {
  const counts = quantityEventOf(event) === null ? [] : [termOf('type', 'QuantityEvent')];
  if (!event.type.includes(':')) return [termOf('type', event.type), ...counts];
  return [termOf('type', event.type), termOf('type', canonicalName(event.type, prefixes))];
}

/** Terms for the properties on the node of an event. */
function nodeTerms(event: EpcisEvent): readonly string[] {
  const { bizStep, disposition, action } = standardFields(event) as {
    readonly bizStep?: string;
    readonly disposition?: string;
    readonly action?: string;
  };
  const { readPoint, bizLocation } = sitesOf(event);
  const found: readonly (readonly [string, string | undefined])[] = [
    ['action', action],
    ['bizStep', bizStep === undefined ? undefined : bareWord('bizStep', bizStep)],
    ['disposition', disposition === undefined ? undefined : bareWord('disposition', disposition)],
    ['readPoint', readPoint],
    ['bizLocation', bizLocation],
  ];
  return found.flatMap(([kind, value]) => (value === undefined ? [] : [termOf(kind, value)]));
}

function epcTerms(event: EpcisEvent): readonly string[] {
  return ROLES.flatMap((role) => epcsOf(event, role).map((key) => termOf('epc', role, key)));
}

function commonTerms({ event, prefixes }: TermSource): readonly string[] {
  const { persistentDisposition, transformationID } = standardFields(event) as {
    readonly persistentDisposition?: {
      readonly set?: readonly string[];
      readonly unset?: readonly string[];
    };
    readonly transformationID?: string;
  };
  const persistent = (['set', 'unset'] as const).flatMap((part) =>
    (persistentDisposition?.[part] ?? []).map((one) => termOf(part, bareWord('disposition', one))),
  );
  const typed = (['bizTransaction', 'source', 'destination'] as const).flatMap((list) =>
    typedOf(event, list).map(({ type, key }) => termOf(list, type, key)),
  );
  return [
    ...(transformationID === undefined ? [] : [termOf('tid', keyOf(transformationID))]),
    ...persistent,
    ...typed,
    ...quantityTerms(event),
    ...fieldTerms(event, prefixes),
    ...sensorTerms(event),
  ];
}

function quantityTerms(event: EpcisEvent): readonly string[] {
  const quantities = quantitiesOf(event);
  const counted = quantities.some(({ quantity }) => quantity !== undefined);
  const classes = quantities.map((one) => termOf('class', classRoleOf(one), one.classKey));
  return counted ? ['quantity', ...classes] : classes;
}

function fieldTerms(event: EpcisEvent, prefixes: Prefixes): readonly string[] {
  const terms = new Set<string>();
  for (const { scope, inner, names, values } of extensionFields(event, prefixes)) {
    const place = inner ? `${scope}/` : scope;
    for (const name of names) {
      terms.add(termOf('has', place, name));
      for (const value of values) terms.add(termOf('is', place, name, String(value)));
    }
    if (terms.size > MAX_FIELD_TERMS) return [ANY_FIELD];
  }
  return [...terms];
}

const MAX_SENSOR_TERMS = 100;

/** Every event with sensor elements has the term `sensor`. When its other terms are too many, a `*` for each attribute replaces them. */
function sensorTerms(event: EpcisEvent): readonly string[] {
  const elements = sensorsOf(event);
  if (elements.length === 0) return [];
  const holders = elements.flatMap(({ sensorMetadata, sensorReport }) => [
    sensorMetadata ?? {},
    ...sensorReport,
  ]);
  const terms = new Set(['sensor', ...holders.flatMap(readingsOf)]);
  return terms.size > MAX_SENSOR_TERMS
    ? ['sensor', ...SENSOR_TEXTS.map((attribute) => termOf('reads', attribute, '*'))]
    : [...terms];
}

function readingsOf(holder: object): readonly string[] {
  const fields = holder as Readonly<Record<string, unknown>>;
  return SENSOR_TEXTS.flatMap((attribute) => {
    const value = fields[attribute];
    return typeof value === 'string'
      ? [termOf('reads', attribute, sensorText(attribute, value))]
      : [];
  });
}
