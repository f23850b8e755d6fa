import type { EpcisEvent } from '../epcis/event.js';
import { parseInstant } from '../epcis/formats.js';
import type { Prefixes } from '../epcis/namespaces.js';
import { quantityEventOf } from '../epcis/quantity-event.js';
import { quantitiesOf, sitesOf, standardFields } from '../epcis/readers.js';
import type { WordKind } from '../epcis/vocabulary.js';
import { bareWord } from '../epcis/vocabulary.js';
import { matchesPattern } from './epc-pattern.rules.js';
import type { ExtensionField } from '../event-terms/event-fields.rules.js';
import { extensionFields, isEmpty, keyOf, sensorsOf } from '../event-terms/event-fields.rules.js';
import {
  classRoleOf,
  epcsOf,
  transformationOf,
  typedOf,
} from '../event-terms/event-readers.rules.js';
import type { EventQuery, Filter, FilterOf, MasterDataField } from './event-query.js';
import { canonicalName } from '../event-terms/field-name.rules.js';
import {
  isBetween,
  matchesSensorNumber,
  matchesSensorText,
  matchesSensorTime,
  meets,
  meetsIn,
} from './match-fields.rules.js';

/** A stored event, with what the store knows about it. */
export interface Candidate {
  readonly id: string;
  readonly event: EpcisEvent;
  readonly prefixes: Prefixes;
  readonly recordTimeMs: number;
}

/** The keys that a filter on master data stands for. Only the graph knows them. */
export type Resolved = ReadonlyMap<Filter, ReadonlySet<string>>;

type Fields = Readonly<Record<string, unknown>>;

type Matchers = {
  readonly [K in Filter['kind']]: (
    filter: FilterOf<K>,
    of: Candidate,
    resolved: Resolved,
  ) => boolean;
};

/** Whether an event meets all filters of a query. This pure function decides; indexes only find what may match. */
export function matchesEvent(
  { filters }: Pick<EventQuery, 'filters'>,
  candidate: Candidate,
  resolved: Resolved = new Map(),
): boolean {
  return filters.every((filter) => matches(filter, candidate, resolved));
}

function matches<K extends Filter['kind']>(
  filter: FilterOf<K>,
  candidate: Candidate,
  resolved: Resolved,
): boolean {
  const matcher = MATCHERS[filter.kind] as Matchers[K];
  return matcher(filter, candidate, resolved);
}

function word(kind: WordKind, value: unknown): string | undefined {
  return typeof value === 'string' ? bareWord(kind, value) : undefined;
}

function isIn(values: readonly string[], value: string | undefined): boolean {
  return value !== undefined && values.includes(value);
}

function matchesField(filter: FilterOf<'field'>, fields: readonly ExtensionField[]): boolean {
  const { op, values, scope, inner, name } = filter;
  return fields.some(
    (field) =>
      field.scope === scope &&
      field.inner === inner &&
      field.names.includes(name) &&
      (op === 'EXISTS' ||
        field.values.some((value) => values.some((asked) => meets(value, op, asked)))),
  );
}

/** Keys of the values of a field that may have master data. */
function valuesOf(field: MasterDataField, { event, prefixes }: Candidate): readonly string[] {
  const sites = sitesOf(event);
  switch (field) {
    case 'readPoint':
      return sites.readPoint === undefined ? [] : [sites.readPoint];
    case 'bizLocation':
      return sites.bizLocation === undefined ? [] : [sites.bizLocation];
    case 'epcClass':
      return quantitiesOf(event).map(({ classKey }) => classKey);
    case 'source':
    case 'destination':
      return typedOf(event, field).map(({ key }) => key);
    default:
      return extensionFields(event, prefixes)
        .filter(({ names }) => names.includes(field.name))
        .flatMap(({ values }) => values.map((value) => keyOf(String(value))));
  }
}

const MATCHERS: Matchers = {
  eventType: ({ values }, { event, prefixes }) =>
    values.includes(event.type) ||
    (values.includes('QuantityEvent') && quantityEventOf(event) !== null) ||
    (event.type.includes(':') && values.includes(canonicalName(event.type, prefixes))),
  eventTime: (filter, { event }) => isBetween(parseInstant(event.eventTime), filter),
  recordTime: (filter, { recordTimeMs }) => isBetween({ ms: recordTimeMs, micros: 0 }, filter),
  declarationTime: (filter, { event }) =>
    event.errorDeclaration !== undefined &&
    isBetween(parseInstant(event.errorDeclaration.declarationTime), filter),
  action: ({ values }, { event }) => isIn(values, standardFields(event).action),
  bizStep: ({ values }, { event }) => isIn(values, word('bizStep', standardFields(event).bizStep)),
  disposition: ({ values }, { event }) =>
    isIn(values, word('disposition', standardFields(event).disposition)),
  persistentDisposition: ({ part, values }, { event }) =>
    (standardFields(event).persistentDisposition?.[part] ?? []).some((one) =>
      isIn(values, word('disposition', one)),
    ),
  place: (filter, { event }, resolved) => {
    const site = sitesOf(event)[filter.field];
    if (site === undefined) return false;
    return filter.descend
      ? (resolved.get(filter)?.has(site) ?? false)
      : filter.values.includes(site);
  },
  transformationID: ({ values }, { event }) => isIn(values, transformationOf(event)),
  epc: ({ roles, patterns }, { event }) =>
    roles.some((role) =>
      epcsOf(event, role).some((key) => patterns.some((pattern) => matchesPattern(key, pattern))),
    ),
  epcClass: ({ roles, patterns }, { event }) =>
    quantitiesOf(event).some(
      (one) =>
        roles.includes(classRoleOf(one)) &&
        patterns.some((pattern) => matchesPattern(one.classKey, pattern)),
    ),
  classWithin: (filter, { event }, resolved) =>
    quantitiesOf(event).some(({ classKey }) => resolved.get(filter)?.has(classKey) ?? false),
  quantity: (filter, { event }) =>
    quantitiesOf(event).some(
      ({ quantity, uom }) => quantity !== undefined && meetsIn(quantity, uom, filter),
    ),
  typed: ({ list, types, values }, { event }) =>
    typedOf(event, list).some((one) => types.includes(one.type) && values.includes(one.key)),
  eventID: ({ values }, { id }) => values.includes(id),
  errorDeclaration: (_filter, { event }) => event.errorDeclaration !== undefined,
  errorReason: ({ values }, { event }) =>
    isIn(values, word('errorReason', event.errorDeclaration?.reason)),
  correctiveEventID: ({ values }, { event }) =>
    (event.errorDeclaration?.correctiveEventIDs ?? []).some((id) => values.includes(id)),
  field: (filter, { event, prefixes }) => matchesField(filter, extensionFields(event, prefixes)),
  standardField: ({ name }, { id, event }) =>
    name === 'eventID' ? id !== '' : !isEmpty((event as unknown as Fields)[name]),
  sensorText: (filter, { event }) => matchesSensorText(filter, sensorsOf(event)),
  sensorTime: (filter, { event }) => matchesSensorTime(filter, sensorsOf(event)),
  sensorNumber: (filter, { event }) => matchesSensorNumber(filter, sensorsOf(event)),
  attribute: (filter, candidate, resolved) =>
    valuesOf(filter.field, candidate).some((key) => resolved.get(filter)?.has(key) ?? false),
};
