import type { EpcRole } from '../event-terms/words.js';
import type { EpcPattern, Filter, FilterOf } from './event-query.js';
import type { Resolved } from './match-event.rules.js';
import { ANY_FIELD, SENSOR_TEXTS, termOf } from '../event-terms/term.rules.js';
import { append } from '../shared/append.js';

/** Terms of which a matching event has at least one: in full, or beginning so. */
export interface TermAlternatives {
  readonly exact: readonly string[];
  readonly prefixes: readonly string[];
}

const MAX_KEYS = 500;

function exactly(exact: readonly string[]): TermAlternatives {
  return { exact, prefixes: [] };
}

/**
 * The terms a filter can be found by, in the vocabulary of error declarations; null when there are none, or too many. Events have
 * those of {@link isEventTerm} only.
 */
export function termsOfFilter(filter: Filter, resolved: Resolved): TermAlternatives | null {
  switch (filter.kind) {
    case 'eventType':
      return exactly(filter.values.map((value) => termOf('type', value)));
    case 'action':
    case 'bizStep':
    case 'disposition':
      return exactly(filter.values.map((value) => termOf(filter.kind, value)));
    case 'place':
      return ofKeys(placesOf(filter, resolved), (key) => termOf(filter.field, key));
    case 'epc':
      return epcTerms(filter.roles, filter.patterns);
    case 'eventID':
      return exactly(filter.values.map((value) => termOf('id', value)));
    case 'errorReason':
      return exactly(filter.values.map((value) => termOf('reason', value)));
    case 'correctiveEventID':
      return exactly(filter.values.map((value) => termOf('corrects', value)));
    default:
      return commonTerms(filter, resolved);
  }
}

/** Terms that events and error declarations have in common. */
export function commonTerms(filter: Filter, resolved: Resolved): TermAlternatives | null {
  switch (filter.kind) {
    case 'transformationID':
      return exactly(filter.values.map((value) => termOf('tid', value)));
    case 'persistentDisposition':
      return exactly(filter.values.map((value) => termOf(filter.part, value)));
    case 'typed':
      return exactly(
        filter.types.flatMap((type) =>
          filter.values.map((value) => termOf(filter.list, type, value)),
        ),
      );
    case 'epcClass':
      return classTerms(filter);
    case 'field':
      return exactly(fieldTerms(filter));
    case 'attribute':
      return attributeTerms(filter, resolved);
    default:
      return measuredTerms(filter, resolved);
  }
}

function attributeTerms(
  filter: FilterOf<'attribute'>,
  resolved: Resolved,
): TermAlternatives | null {
  return filter.field === 'epcClass' ? classKeys([...(resolved.get(filter) ?? [])]) : null;
}

function measuredTerms(filter: Filter, resolved: Resolved): TermAlternatives | null {
  switch (filter.kind) {
    case 'classWithin':
      return classKeys([...(resolved.get(filter) ?? [])]);
    case 'quantity':
      return exactly(['quantity']);
    case 'sensorText':
      return exactly(readingTerms(filter));
    case 'sensorTime':
    case 'sensorNumber':
      return exactly(['sensor']);
    case 'standardField':
      return filter.name === 'sensorElementList' ? exactly(['sensor']) : null;
    default:
      return null;
  }
}

/** Keys of places that a filter stands for. */
export function placesOf(filter: FilterOf<'place'>, resolved: Resolved): readonly string[] {
  return filter.descend ? [...(resolved.get(filter) ?? [])] : filter.values;
}

function ofKeys(keys: readonly string[], term: (key: string) => string): TermAlternatives | null {
  return keys.length > MAX_KEYS ? null : exactly(keys.map(term));
}

function classKeys(keys: readonly string[]): TermAlternatives | null {
  if (keys.length > MAX_KEYS) return null;
  return exactly(
    keys.flatMap((key) => ['any', 'input', 'output'].map((role) => termOf('class', role, key))),
  );
}

function spread(patterns: readonly EpcPattern[], heads: readonly string[]): TermAlternatives {
  const exact: string[] = [];
  const prefixes: string[] = [];
  for (const pattern of patterns)
    for (const head of heads)
      if (pattern.kind === 'exact') exact.push(termOf(head, pattern.key));
      else
        append(
          prefixes,
          pattern.prefixes.map((prefix) => termOf(head, prefix)),
        );
  return { exact, prefixes };
}

function classTerms({ roles, patterns }: FilterOf<'epcClass'>): TermAlternatives {
  return spread(
    patterns,
    roles.map((role) => `class ${role}`),
  );
}

/** Terms of EPCs by the parts they may play. */
export function epcTerms(
  roles: readonly EpcRole[],
  patterns: readonly EpcPattern[],
): TermAlternatives {
  return spread(
    patterns,
    roles.map((role) => `epc ${role}`),
  );
}

function fieldTerms({ op, scope, inner, name, values }: FilterOf<'field'>): readonly string[] {
  const place = inner ? `${scope}/` : scope;
  // Only texts are equal where they are spelt alike; the same time has many spellings.
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
