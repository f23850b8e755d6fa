import { GraphQLError } from 'graphql';
import { presentError } from '../../../src/server/error-format.js';
import { silentLogger } from '../../../src/shared/logger.js';

const INTERNAL = { code: 'INTERNAL_SERVER_ERROR' };
const said = (error: unknown, path?: string[]): unknown => {
  const formatted = { message: 'x', extensions: INTERNAL, ...(path === undefined ? {} : { path }) };
  return presentError(formatted, error, silentLogger).extensions?.['code'];
};

test('what graphql-js refuses before anything runs is bad input, also where Apollo has no code for it', () => {
  expect(said(new GraphQLError('Too many errors processing variables'))).toBe('BAD_USER_INPUT');
});

test('what a resolver throws, or nobody expected, stays internal', () => {
  const cause = new GraphQLError('x', { originalError: new Error('secret') });

  expect([
    said(new GraphQLError('x'), ['a']),
    said(cause),
    said(new Error('secret')),
    said(new GraphQLError('x', { extensions: INTERNAL })),
  ]).toEqual(Array.from({ length: 4 }, () => 'INTERNAL_SERVER_ERROR'));
});
