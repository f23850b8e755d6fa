import type { Parameter } from './parameter-values.rules.js';
import { checkPrefix, countOf, oneOf, refusal } from './parameter-values.rules.js';
import type { EventQuery, Filter, OrderBy, QueryParameters, QueryValue } from './event-query.js';
import {
  attributeFilter,
  fieldFilter,
  quantityFilter,
  standardFieldFilter,
  typedFilter,
} from './field-parameters.rules.js';
import { canonicalName } from '../event-terms/field-name.rules.js';
import { sensorFilter, unitOf } from './sensor-parameters.rules.js';
import { STANDARD_PARAMETERS } from './standard-parameters.rules.js';
import { append } from '../shared/append.js';

/** Parameters of a URL that page an answer and do not filter it. */
const PAGING: ReadonlySet<string> = new Set(['perPage', 'nextPageToken']);
const MAX_VALUES = 1000;

/** The query parameters of a URL, without `perPage` and `nextPageToken`. Values are split at `|`, and repeated names are joined. */
export function parametersOfUrl(search: URLSearchParams): QueryParameters {
  const found = new Map<string, QueryValue[]>();
  for (const [name, value] of search) {
    if (PAGING.has(name)) continue;
    const values = found.get(name) ?? [];
    found.set(name, values);
    append(values, value === '' ? [] : value.split('|'));
  }
  return found;
}

/**
 * The query parameters of a JSON query (`@context` is not one of them); null means no value.
 *
 * @throws Problem QUERY_PARAMETER when a value is an object
 */
export function parametersOfJson(query: Readonly<Record<string, unknown>>): QueryParameters {
  const found = new Map<string, readonly QueryValue[]>();
  for (const [name, value] of Object.entries(query)) {
    if (name === '@context') continue;
    const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== null);
    found.set(
      name,
      values.map((one) => scalar(name, one)),
    );
  }
  return found;
}

function scalar(name: string, value: unknown): QueryValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw refusal(
    name,
    typeof value,
    'must be text, a number, true or false, or a list of these.',
    'Write {"EQ_bizStep": ["shipping"]}.',
  );
}

const CONTROLS: ReadonlySet<string> = new Set([
  'orderBy',
  'orderDirection',
  'eventCountLimit',
  'maxEventCount',
]);
const UNIT = ['EQ_sensorUOM', 'EQ_uom'];

/**
 * Checks the parameters of a SimpleEventQuery (EPCIS 2.0 section 8.2.7.1) and makes a query of them.
 *
 * @param namespaces what prefixes stand for: from `GS1-Extensions`, the query's own `@context` or its SOAP message
 * @param isLenient an undeclared prefix matches the same prefix in events, instead of being refused
 * @throws Problem QUERY_PARAMETER whose details name the parameter, the rule and the remedy
 */
export function parseEventQuery(
  parameters: QueryParameters,
  namespaces: Readonly<Record<string, string>> = {},
  isLenient = false,
): EventQuery {
  const bound = new Map(Object.entries(namespaces));
  const all = [...parameters]
    .map(([name, values]): Parameter => ({ name, values, namespaces: bound, isLenient }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const parameter of all) checkNumber(parameter);
  const unit = all.find(({ name }) => UNIT.includes(name));
  const uom = unit === undefined ? undefined : unitOf(unit);
  const filters = all
    .filter(({ name }) => !CONTROLS.has(name) && !UNIT.includes(name))
    .flatMap((parameter) => filterOf(parameter, uom) ?? []);
  return { filters: [...filters, ...unitFilter(filters, uom)], ...controlsOf(all) };
}

/** Parses a query that was checked when it was stored. */
export function parseStoredQuery({
  query,
  namespaces,
}: {
  readonly query: Readonly<Record<string, unknown>>;
  readonly namespaces: Readonly<Record<string, string>>;
}): EventQuery {
  return parseEventQuery(parametersOfJson(query), namespaces, true);
}

function checkNumber({ name, values }: Parameter): void {
  if (values.length > MAX_VALUES)
    throw refusal(
      name,
      values.length,
      `takes at most ${MAX_VALUES} values.`,
      'Ask in several queries.',
    );
}

/** When no number uses the unit, the query asks for the unit itself. */
function unitFilter(filters: readonly Filter[], uom: string | undefined): readonly Filter[] {
  if (uom === undefined || filters.some(({ kind }) => kind === 'sensorNumber')) return [];
  return [{ kind: 'sensorText', attribute: 'uom', in: 'report', values: [uom] }];
}

function filterOf(parameter: Parameter, uom: string | undefined): Filter | undefined {
  const standard = STANDARD_PARAMETERS.get(parameter.name);
  if (standard !== undefined) return standard(parameter) ?? undefined;
  for (const read of FAMILIES) {
    const filter = read(parameter, uom);
    if (filter !== null) return filter;
  }
  throw refusal(
    parameter.name,
    undefined,
    'is not a parameter of a SimpleEventQuery.',
    'Check the spelling: letter case counts. Name an extension field with its namespace: EQ_prefix:field (EPCIS 2.0 section 8.2.7.1).',
  );
}

/** Parameters with a variable part in their name. Each returns null when it does not know the name. */
const FAMILIES: readonly ((
  parameter: Parameter,
  uom: string | undefined,
) => Filter | null | undefined)[] = [
  typedFilter,
  attributeFilter,
  quantityFilter,
  sensorFilter,
  standardFieldFilter,
  fieldFilter,
];

type Controls = Omit<EventQuery, 'filters'>;

function controlsOf(parameters: readonly Parameter[]): Controls {
  const given = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const [orderBy, limit, most] = ['orderBy', 'eventCountLimit', 'maxEventCount'].map((name) =>
    given.get(name),
  );
  const direction = given.get('orderDirection');
  if (limit !== undefined && most !== undefined)
    throw refusal(
      'eventCountLimit',
      undefined,
      'excludes maxEventCount.',
      'Give one: eventCountLimit shortens the answer, maxEventCount refuses a longer one.',
    );
  if (limit !== undefined && orderBy === undefined)
    throw refusal(
      'eventCountLimit',
      undefined,
      'needs orderBy.',
      'State the order, so that it is clear which events come first.',
    );
  return {
    orderBy: orderBy === undefined ? 'eventTime' : orderOf(orderBy),
    orderDirection: direction === undefined ? 'DESC' : directionOf(direction),
    ...(limit === undefined ? {} : { eventCountLimit: countOf(limit, 1) }),
    ...(most === undefined ? {} : { maxEventCount: countOf(most, 0) }),
  };
}

function directionOf(parameter: Parameter): 'ASC' | 'DESC' {
  const [direction, ...more] = oneOf(parameter, ['ASC', 'DESC']);
  if (more.length === 0) return direction === 'ASC' ? 'ASC' : 'DESC';
  throw refusal(
    parameter.name,
    parameter.values.join('|'),
    'takes one value.',
    'Write ASC or DESC.',
  );
}

function orderOf(parameter: Parameter): OrderBy {
  const [name, ...more] = parameter.values.map(String);
  if (more.length === 0 && (name === 'eventTime' || name === 'recordTime')) return name;
  if (more.length === 0 && name !== undefined && /[:#]/.test(name)) {
    checkPrefix(parameter, name);
    return { field: canonicalName(name, parameter.namespaces) };
  }
  throw refusal(
    parameter.name,
    parameter.values.join('|'),
    'must be eventTime, recordTime, or the name of an extension field with its namespace.',
    'Write orderBy=eventTime.',
  );
}
