import type { EventQuery, Filter, FilterOf, QueryInstant } from './event-query.js';
import type { Resolved } from './match-event.rules.js';
import { commonTerms, epcTerms, placesOf, termsOfFilter } from './term-filters.rules.js';
import type { TermAlternatives } from './term-filters.rules.js';
import { DECLARED, termOf } from '../event-terms/term.rules.js';

/** A property of events that has an index together with the event time. */
export type IndexedProperty = 'bizStep' | 'disposition' | 'readPoint' | 'bizLocation';

/** One way to find events that may match, by an index. */
export type AccessPath =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | {
      readonly kind: 'names';
      readonly roles: readonly string[];
      readonly keys: readonly string[];
      readonly prefixes: readonly string[];
    }
  | { readonly kind: 'terms'; readonly terms: readonly string[] }
  | { readonly kind: 'termPrefixes'; readonly prefixes: readonly string[] }
  | {
      readonly kind: 'property';
      readonly property: IndexedProperty;
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'kinds';
      readonly types: readonly string[];
      readonly actions: readonly string[];
    };

/** What the statements check on every event they read; null means anything. An event that fails the check cannot match. */
export interface Residue {
  readonly types: readonly string[] | null;
  readonly actions: readonly string[] | null;
  readonly bizSteps: readonly string[] | null;
  readonly dispositions: readonly string[] | null;
  readonly readPoints: readonly string[] | null;
  readonly bizLocations: readonly string[] | null;
  readonly terms: readonly (readonly string[])[] | null;
  readonly names:
    | readonly {
        readonly roles: readonly string[];
        readonly keys: readonly string[];
        readonly prefixes: readonly string[];
      }[]
    | null;
  /** For partners: only error declarations can match, or only what is seen whole. */
  readonly only: 'DECLARATIONS' | 'WHOLE' | null;
}

/** Epoch ms, both ends included. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** How events, or error declarations, that may match are found. */
export interface Access {
  /** The paths that are probably short come first. */
  readonly paths: readonly AccessPath[];
  readonly residue: Residue;
  /** True when no statement checks some filter, so that many events may be read for one hit. */
  readonly isLoose: boolean;
}

/** A residue that lets everything pass. */
const NO_RESIDUE: Residue = {
  types: null,
  actions: null,
  bizSteps: null,
  dispositions: null,
  readPoints: null,
  bizLocations: null,
  terms: null,
  names: null,
  only: null,
};

const EVERYTHING: TimeRange = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

/** The range that the filters of one kind allow. Its ends are rounded outward to whole milliseconds, so nothing is lost. */
export function rangeOf(query: EventQuery, kind: 'eventTime' | 'recordTime'): TimeRange {
  let { from, to } = EVERYTHING;
  for (const filter of query.filters) {
    if (filter.kind !== kind) continue;
    if (filter.from !== undefined) from = Math.max(from, filter.from.ms);
    if (filter.to !== undefined) to = Math.min(to, lastBefore(filter.to));
  }
  return { from, to };
}

function lastBefore({ ms, micros }: QueryInstant): number {
  return micros > 0 ? ms : ms - 1;
}

const DECLARATIONS_ONLY: ReadonlySet<Filter['kind']> = new Set([
  'errorDeclaration',
  'declarationTime',
  'errorReason',
  'correctiveEventID',
] as const);

/** How the events that may match are found; null when only error declarations can match. */
export function accessToEvents({ filters }: EventQuery, resolved: Resolved): Access | null {
  const isOfDeclarations = (filter: Filter): boolean =>
    DECLARATIONS_ONLY.has(filter.kind) ||
    (filter.kind === 'field' && filter.scope === 'errorDeclaration');
  if (filters.some(isOfDeclarations)) return null;
  const paths = [
    ...filters.flatMap((filter) => pathsOf(filter, resolved)),
    ...kindPaths(filters),
  ].sort((a, b) => RANKS.indexOf(a.kind) - RANKS.indexOf(b.kind));
  const residue = residueOf(filters, resolved);
  return { paths, residue, isLoose: filters.some((filter) => LOOSE.has(filter.kind)) };
}

/**
 * How what a partner sees that may match is found, events and error declarations together: by their ids, else along all that it sees. The
 * other indexes would lead over what others do.
 */
export function accessToSeen(query: EventQuery, resolved: Resolved): Access {
  const { filters } = query;
  const paths = filters.flatMap((filter) =>
    filter.kind === 'eventID' ? pathsOf(filter, resolved) : [],
  );
  const events = accessToEvents(query, resolved);
  if (events === null)
    return { paths, residue: { ...NO_RESIDUE, only: 'DECLARATIONS' }, isLoose: true };
  const residue = {
    ...events.residue,
    only: filters.some(asksOfWhole) ? ('WHOLE' as const) : null,
  };
  return { paths, residue, isLoose: events.isLoose || residue.terms !== null };
}

const OF_WHOLE: ReadonlySet<Filter['kind']> = new Set([
  'transformationID',
  'typed',
  'epcClass',
  'classWithin',
  'quantity',
  'sensorText',
  'sensorTime',
  'sensorNumber',
] as const);

/** Whether a filter asks for what is left out of an event that is not seen whole. */
function asksOfWhole(filter: Filter): boolean {
  if (filter.kind !== 'attribute') return OF_WHOLE.has(filter.kind);
  return filter.field !== 'readPoint' && filter.field !== 'bizLocation';
}

/** How the error declarations that may match are found: only by their terms. */
export function accessToDeclarations({ filters }: EventQuery, resolved: Resolved): Access {
  const paths = filters.flatMap((filter): readonly AccessPath[] => {
    const terms = termsOfFilter(filter, resolved);
    return terms === null ? [] : pathsOfTerms(declared(terms));
  });
  const all: AccessPath = { kind: 'terms', terms: [`${DECLARED}all`] };
  return { paths: paths.length === 0 ? [all] : paths, residue: NO_RESIDUE, isLoose: true };
}

function declared({ exact, prefixes }: TermAlternatives): TermAlternatives {
  const mark = (term: string): string => `${DECLARED}${term}`;
  return { exact: exact.map(mark), prefixes: prefixes.map(mark) };
}

const RANKS: readonly AccessPath['kind'][] = [
  'ids',
  'names',
  'terms',
  'termPrefixes',
  'property',
  'kinds',
];
const LOOSE: ReadonlySet<Filter['kind']> = new Set([
  'quantity',
  'field',
  'standardField',
  'sensorText',
  'sensorTime',
  'sensorNumber',
  'attribute',
] as const);

/** One path must find all alternatives. When some are prefixes, the exact terms are read as prefixes too. */
function pathsOfTerms({ exact, prefixes }: TermAlternatives): readonly AccessPath[] {
  if (prefixes.length === 0) return [{ kind: 'terms', terms: exact }];
  return [{ kind: 'termPrefixes', prefixes: [...exact, ...prefixes] }];
}

const MAX_VALUES = 500;

function pathsOf(filter: Filter, resolved: Resolved): readonly AccessPath[] {
  switch (filter.kind) {
    case 'eventID':
      return [{ kind: 'ids', ids: filter.values }];
    case 'epc':
      return namePaths(filter);
    case 'bizStep':
    case 'disposition':
      return [{ kind: 'property', property: filter.kind, values: filter.values }];
    case 'place':
      return propertyPaths(filter.field, placesOf(filter, resolved));
    case 'attribute':
      return attributePaths(filter, resolved);
    default: {
      const terms = commonTerms(filter, resolved);
      return terms === null ? [] : pathsOfTerms(terms);
    }
  }
}

function propertyPaths(
  property: IndexedProperty,
  values: readonly string[],
): readonly AccessPath[] {
  return values.length > MAX_VALUES ? [] : [{ kind: 'property', property, values }];
}

function attributePaths(filter: FilterOf<'attribute'>, resolved: Resolved): readonly AccessPath[] {
  const { field } = filter;
  const keys = [...(resolved.get(filter) ?? [])];
  if (field === 'readPoint' || field === 'bizLocation') return propertyPaths(field, keys);
  const terms = commonTerms(filter, resolved);
  return terms === null ? [] : pathsOfTerms(terms);
}

const isPlace = (text: string): boolean => text.startsWith('414/');

/** Places are found by terms, and everything else that an event names by its packages. A mixture of both has no path. */
function namePaths(filter: FilterOf<'epc'>): readonly AccessPath[] {
  const { roles, patterns } = filter;
  const starts = patterns.flatMap((one) => (one.kind === 'exact' ? [one.key] : one.prefixes));
  if (starts.every(isPlace)) return pathsOfTerms(epcTerms(roles, patterns));
  return starts.some(isPlace) ? [] : [{ kind: 'names', ...namesIn(filter) }];
}

function namesIn({ roles, patterns }: FilterOf<'epc'>): {
  readonly roles: readonly string[];
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
} {
  return {
    roles,
    keys: patterns.flatMap((one) => (one.kind === 'exact' ? [one.key] : [])),
    prefixes: patterns.flatMap((one) => (one.kind === 'prefix' ? one.prefixes : [])),
  };
}

const TYPES = ['ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'AssociationEvent'];
const ACTIONS = ['ADD', 'OBSERVE', 'DELETE'];

/** Type and action share one index, which has only the types with an action. Other types are found by a term. */
function kindPaths(filters: readonly Filter[]): readonly AccessPath[] {
  const types = valuesOf(filters, 'eventType');
  const actions = valuesOf(filters, 'action');
  if (types === null && actions === null) return [];
  const indexed = TYPES.filter((type) => types?.includes(type) ?? true);
  const others = (types ?? []).filter((type) => !TYPES.includes(type));
  if (actions !== null || others.length === 0)
    return [{ kind: 'kinds', types: indexed, actions: actions ?? ACTIONS }];
  return indexed.length > 0
    ? []
    : [{ kind: 'terms', terms: others.map((type) => termOf('type', type)) }];
}

/** The values that all filters of one kind allow; null when there is no such filter. */
function valuesOf(
  filters: readonly Filter[],
  kind: 'eventType' | 'action' | 'bizStep' | 'disposition',
): readonly string[] | null {
  const lists = filters.flatMap((filter) => (filter.kind === kind ? [filter.values] : []));
  return lists.length === 0 ? null : common(lists);
}

function common(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...more] = lists;
  return first.filter((value) => more.every((list) => list.includes(value)));
}

function residueOf(filters: readonly Filter[], resolved: Resolved): Residue {
  const types = valuesOf(filters, 'eventType');
  return {
    // An extension type may be spelt in several ways, in the event and in the query. A QuantityEvent is stored as an ObjectEvent.
    types: types?.every((type) => !/[:#]|^QuantityEvent$/.test(type)) === true ? types : null,
    actions: valuesOf(filters, 'action'),
    bizSteps: valuesOf(filters, 'bizStep'),
    dispositions: valuesOf(filters, 'disposition'),
    readPoints: placesIn(filters, 'readPoint', resolved),
    bizLocations: placesIn(filters, 'bizLocation', resolved),
    terms: termGroups(filters, resolved),
    names: nameGroups(filters),
    only: null,
  };
}

function placesIn(
  filters: readonly Filter[],
  field: 'readPoint' | 'bizLocation',
  resolved: Resolved,
): readonly string[] | null {
  const lists = filters.flatMap((filter) => {
    if (filter.kind === 'place' && filter.field === field) return [placesOf(filter, resolved)];
    if (filter.kind === 'attribute' && filter.field === field)
      return [[...(resolved.get(filter) ?? [])]];
    return [];
  });
  return lists.length === 0 ? null : common(lists);
}

function termGroups(
  filters: readonly Filter[],
  resolved: Resolved,
): readonly (readonly string[])[] | null {
  const groups = filters.flatMap((filter) => {
    const terms = commonTerms(filter, resolved);
    return terms === null || terms.prefixes.length > 0 ? [] : [terms.exact];
  });
  return groups.length === 0 ? null : groups;
}

function nameGroups(filters: readonly Filter[]): Residue['names'] {
  const groups = filters.flatMap((filter) => {
    if (filter.kind !== 'epc') return [];
    const paths = namePaths(filter);
    return paths.some(({ kind }) => kind === 'names') ? [namesIn(filter)] : [];
  });
  return groups.length === 0 ? null : groups;
}
