import type { ValueNode } from 'graphql';
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { MAX_JSON_DEPTH } from '../epcis/json-depth.js';
import { noteDigits } from '../shared/number-digits.js';

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/i;

/** A point in time: ISO 8601 with an offset for clients, epoch milliseconds (a number) inside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'A point in time as ISO 8601 with an offset, e.g. `2026-03-01T09:30:00.000+01:00` or `…Z`. A plain date, e.g. `2026-03-01`, is the start of that day in UTC. Answers are in UTC with milliseconds. Finer digits are cut off.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new TypeError('DateTime serializes epoch milliseconds');
    return new Date(value).toISOString();
  },
  parseValue: parseInstant,
  parseLiteral: literal(parseInstant),
});

/** A calendar day, `YYYY-MM-DD` for clients and inside. */
export const DateOnly = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar day, ISO 8601: `2026-03-01`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/local-date.html',
  serialize: String,
  parseValue: parseDay,
  parseLiteral: literal(parseDay),
});

/** Any JSON value. */
export const Json = new GraphQLScalarType<unknown>({
  name: 'JSON',
  description: 'Any JSON value, as given: object, array, string, number, boolean or null.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: notDeep,
  parseLiteral: (node, variables) => notDeep(literalOf(node, variables ?? {})),
});

/** A place in a list or in the log. */
export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description:
    'An opaque place in a list or in the log. Send it back unchanged; its content may change with versions.',
  serialize: String,
  parseValue: parseCursorText,
  parseLiteral: literal(parseCursorText),
});

/** An integer too large for GraphQL's Int. */
export const Long = new GraphQLScalarType<number, number>({
  name: 'Long',
  description:
    'An integer of up to 53 bits, exact as a JSON number: log positions and large counts.',
  serialize: parseLong,
  parseValue: parseLong,
  parseLiteral: literal(parseLong),
});

/** Reads a literal of a text or a number as a variable is read. Its error knows the place. */
function literal<T>(read: (value: unknown) => T): (node: ValueNode) => T {
  return (node) => {
    const number = node.kind === Kind.INT ? Number(node.value) : null;
    try {
      return read(node.kind === Kind.STRING ? node.value : number);
    } catch (error) {
      throw badInput((error as Error).message, node);
    }
  };
}

/** Like `valueFromASTUntyped`, but notes the digits of numbers in lists and objects. */
function literalOf(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  if (node.kind === Kind.LIST) {
    const list: unknown[] = [];
    node.values.forEach((item, index) => {
      list.push(literalOf(item, variables));
      if (item.kind === Kind.INT || item.kind === Kind.FLOAT) noteDigits(list, index, item.value);
    });
    return list;
  }
  if (node.kind !== Kind.OBJECT) return valueFromASTUntyped(node, variables);
  const object: Record<string, unknown> = {};
  for (const { name, value } of node.fields) {
    Object.defineProperty(object, name.value, {
      value: literalOf(value, variables),
      enumerable: true,
      writable: true,
      configurable: true,
    });
    if (value.kind === Kind.INT || value.kind === Kind.FLOAT)
      noteDigits(object, name.value, value.value);
  }
  return object;
}

/** False for a document that is already read: it has its own class. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const kind: unknown = Object.getPrototypeOf(value);
  return kind === Object.prototype || kind === Array.prototype || kind === null;
}

/** Refuses deep values, because type-graphql and others walk them by recursion. */
function notDeep(value: unknown): unknown {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_JSON_DEPTH)
      throw badInput(`A JSON value must not nest deeper than ${MAX_JSON_DEPTH} levels.`);
    const objects = level.filter(isPlain);
    level = objects.flatMap((one) => Object.values(one) as unknown[]);
  }
  return value;
}

function parseInstant(value: unknown): number {
  const isInstant = typeof value === 'string' && INSTANT.test(value) && isDay(value.slice(0, 10));
  const instant = isInstant ? Date.parse(value) : NaN;
  if (Number.isNaN(instant))
    throw badInput(
      `A DateTime must be ISO 8601 with an offset, e.g. "2026-03-01T09:30:00+01:00", or a date, e.g. "2026-03-01". Found ${JSON.stringify(value)}.`,
    );
  return instant;
}

function parseDay(value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  throw badInput(`A Date must be a day, e.g. "2026-03-01". Found ${JSON.stringify(value)}.`);
}

/** Whether a text is a day of the calendar; `Date.parse` takes February 30. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function parseCursorText(value: unknown): string {
  if (typeof value !== 'string' || value === '')
    throw badInput('A Cursor must be a string from an answer.');
  return value;
}

function parseLong(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw badInput('A Long must be an integer of up to 53 bits.');
  return value;
}

function badInput(message: string, nodes?: ValueNode): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
