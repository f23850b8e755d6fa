import type { EpcRole } from '../event-terms/words.js';
import type { EpcPattern, Filter, FilterOf } from './event-query.js';
import type { Resolved } from './match-event.rules.js';
import { ANY_FIELD, SENSOR_TEXTS, termOf } from '../event-terms/term.rules.js';

/** A matching event has at least one of these terms: exactly, or with one of these prefixes. */
export interface TermAlternatives {
  readonly exact: readonly string[];
  readonly prefixes: readonly string[];
}

const MAX_KEYS = 500;

function exactly(exact: readonly string[]): TermAlternatives {
  return { exact, prefixes: [] };
}

function ofValues(head: string, values: readonly string[]): TermAlternatives {
  return exactly(values.map((value) => termOf(head, value)));
}

type TermsByKind = {
  readonly [K in Filter['kind']]?: (
    filter: FilterOf<K>,
    resolved: Resolved,
  ) => TermAlternatives | null;
};

/** Terms of the kinds that find both events and error declarations. */
const COMMON_TERMS: TermsByKind = {
  transformationID: ({ values }) => ofValues('tid', values),
  persistentDisposition: ({ part, values }) => ofValues(part, values),
  typed: ({ list, types, values }) =>
    exactly(types.flatMap((type) => values.map((value) => termOf(list, type, value)))),
  epcClass: ({ roles, patterns }) => spread('class', roles, patterns),
  classWithin: (filter, resolved) => classKeys([...(resolved.get(filter) ?? [])]),
  attribute: (filter, resolved) =>
    filter.field === 'epcClass' ? classKeys([...(resolved.get(filter) ?? [])]) : null,
  field: (filter) => exactly(fieldTerms(filter)),
  quantity: () => exactly(['quantity']),
  sensorText: (filter) => exactly(readingTerms(filter)),
  sensorTime: () => exactly(['sensor']),
  sensorNumber: () => exactly(['sensor']),
  standardField: ({ name }) => (name === 'sensorElementList' ? exactly(['sensor']) : null),
};

/** Terms of all kinds that find error declarations. For the kinds added here, events have indexes of their own. */
const DECLARED_TERMS: TermsByKind = {
  ...COMMON_TERMS,
  eventType: ({ values }) => ofValues('type', values),
  action: ({ kind, values }) => ofValues(kind, values),
  bizStep: ({ kind, values }) => ofValues(kind, values),
  disposition: ({ kind, values }) => ofValues(kind, values),
  place: (filter, resolved) => placeTerms(filter.field, placesOf(filter, resolved)),
  epc: ({ roles, patterns }) => epcTerms(roles, patterns),
  eventID: ({ values }) => ofValues('id', values),
  errorReason: ({ values }) => ofValues('reason', values),
  correctiveEventID: ({ values }) => ofValues('corrects', values),
};

/**
 * The terms that find error declarations for a filter; null when there are none, or too many. Events have only those of {@link
 * commonTerms}.
 */
export function termsOfFilter(filter: Filter, resolved: Resolved): TermAlternatives | null {
  return termsIn(DECLARED_TERMS, filter, resolved);
}

/** The terms that find both events and error declarations. */
export function commonTerms(filter: Filter, resolved: Resolved): TermAlternatives | null {
  return termsIn(COMMON_TERMS, filter, resolved);
}

function termsIn<K extends Filter['kind']>(
  kinds: TermsByKind,
  filter: FilterOf<K>,
  resolved: Resolved,
): TermAlternatives | null {
  return (kinds[filter.kind] as TermsByKind[K])?.(filter, resolved) ?? null;
}

/** Keys of the places that a filter stands for. */
export function placesOf(filter: FilterOf<'place'>, resolved: Resolved): readonly string[] {
  return filter.descend ? [...(resolved.get(filter) ?? [])] : filter.values;
}

function placeTerms(field: string, keys: readonly string[]): TermAlternatives | null {
  return keys.length > MAX_KEYS ? null : ofValues(field, keys);
}

function classKeys(keys: readonly string[]): TermAlternatives | null {
  if (keys.length > MAX_KEYS) return null;
  return exactly(
    keys.flatMap((key) => ['any', 'input', 'output'].map((role) => termOf('class', role, key))),
  );
}

function spread(
  head: 'class' | 'epc',
  roles: readonly string[],
  patterns: readonly EpcPattern[],
): TermAlternatives {
  const of = (keys: readonly string[]): readonly string[] =>
    keys.flatMap((key) => roles.map((role) => termOf(head, role, key)));
  return {
    exact: of(patterns.flatMap((one) => (one.kind === 'exact' ? [one.key] : []))),
    prefixes: of(patterns.flatMap((one) => (one.kind === 'exact' ? [] : one.prefixes))),
  };
}

/** Terms of EPCs, by the roles they may have. */
export function epcTerms(
  roles: readonly EpcRole[],
  patterns: readonly EpcPattern[],
): TermAlternatives {
  return spread('epc', roles, patterns);
}

function fieldTerms({ op, scope, inner, name, values }: FilterOf<'field'>): readonly string[] {
  const place = inner ? `${scope}/` : scope;
  // Only texts that are equal have the same spelling. One time can be written in many ways.
  const spelt = values.flatMap((value) =>
    value.kind === 'text'
      ? [value.text, ...(value.number === undefined ? [] : [String(value.number)])]
      : [],
  );
  const isSpelt = op === 'EQ' && values.every(({ kind }) => kind === 'text');
  return isSpelt
    ? [ANY_FIELD, ...new Set(spelt.map((text) => termOf('is', place, name, text)))]
    : [ANY_FIELD, termOf('has', place, name)];
}

function readingTerms({ attribute, values }: FilterOf<'sensorText'>): readonly string[] {
  if (!SENSOR_TEXTS.includes(attribute)) return ['sensor'];
  return ['*', ...values].map((value) => termOf('reads', attribute, value));
}
