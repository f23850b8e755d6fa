import { buildSchema, execute, GraphQLError, parse, validate } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { presentError } from '../../../src/server/error-format.js';
import { DateOnly, DateTime } from '../../../src/graphql/scalars.js';
import { silentLogger } from '../../../src/shared/logger.js';

const schema = buildSchema(`
  scalar DateTime
  scalar Date
  enum State { SITE IN_TRANSIT }
  input Lot { gtin: ID! madeFrom: DateTime expiry: Date n: Int }
  input Scope { lots: [Lot!] states: [State!] }
  type Query { scope(input: Scope, asOf: DateTime): Int }
`);
for (const scalar of [DateTime, DateOnly]) {
  const { parseValue, parseLiteral } = scalar;
  Object.assign(schema.getType(scalar.name) ?? {}, { parseValue, parseLiteral });
}

/** What a client is told of an operation that is refused before it runs. */
function told(source: string, variableValues?: Record<string, unknown>): unknown[] {
  const document = parse(source);
  const invalid = validate(schema, document);
  const { errors = [] } =
    invalid.length > 0
      ? { errors: invalid }
      : (execute({ schema, document, variableValues }) as ExecutionResult);
  return errors.map((error) => {
    const { message, extensions } = presentError(error.toJSON(), error, silentLogger);
    return [extensions?.['code'], extensions?.['argument'], message];
  });
}

const refused = (argument: string, why: RegExp): unknown => [
  'BAD_USER_INPUT',
  argument,
  expect.stringMatching(
    new RegExp(`^Argument "${argument.replaceAll(/[[\].]/g, '\\$&')}": .*${why.source}`),
  ),
];

test('an argument that is refused is named with the whole way to the value, written in the query or not', () => {
  const inScope = '{ scope(input: { lots: [{ gtin: "1" }, { gtin: "2", madeFrom: "soon" }] }) }';

  expect(told(inScope)).toEqual([refused('input.lots[1].madeFrom', /DateTime must be ISO 8601/)]);
  expect(
    told('query ($of: Scope) { scope(input: $of) }', { of: { lots: [{ gtin: '1', n: 'x' }] } }),
  ).toEqual([refused('input.lots[0].n', /Int cannot represent/)]);
  expect(
    told('query ($day: Date) { scope(input: { lots: [{ gtin: "1", expiry: $day }] }) }', {
      day: '2026-02-30',
    }),
  ).toEqual([refused('input.lots[0].expiry', /Date must be a day/)]);
  expect(told('{ scope(asOf: 2026) }')).toEqual([refused('asOf', /Found 2026/)]);
  expect(told('query ($at: DateTime!) { scope(asOf: $at) }')).toEqual([
    refused('asOf', /was not provided/),
  ]);
});

test('an unknown word of an enum is refused with the nearest one', () => {
  expect(told('{ scope(input: { states: [SITE, IN_TRANSITT] }) }')).toEqual([
    refused('input.states[1]', /Did you mean the enum value "IN_TRANSIT"/),
  ]);
});

test('a plain date is the start of its day in UTC, and only days of the calendar are dates', () => {
  expect(DateTime.parseValue('2026-03-01')).toBe(Date.parse('2026-03-01T00:00:00Z'));
  for (const no of ['2026-02-30', '2026-02-30T00:00Z', '2026-13-01', '2026-3-1', '', null])
    expect(() => DateTime.parseValue(no)).toThrow(GraphQLError);
  expect(DateOnly.parseValue('2028-02-29')).toBe('2028-02-29');
  expect(() => DateOnly.parseValue('2027-02-29')).toThrow(GraphQLError);
});
