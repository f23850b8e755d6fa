import Fastify from 'fastify';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import type { Access } from '../../../src/access/make-access.js';
import { authenticateRequests } from '../../../src/server/authentication.js';
import { checkScopes } from '../../../src/server/operation-scopes.js';
import { makeSchema } from '../../../src/server/schema.js';

const rootOf = (name: string, field: string): GraphQLObjectType =>
  new GraphQLObjectType({ name, fields: { [field]: { type: GraphQLString } } });

test('a mutation that has no scope fails the build of the schema', () => {
  const schema = new GraphQLSchema({
    query: rootOf('Query', 'me'),
    mutation: rootOf('Mutation', 'somethingNew'),
  });

  expect(() => {
    checkScopes(schema);
  }).toThrow('Give these mutations a scope in operation-scopes.ts: somethingNew');
  expect(() => makeSchema()).not.toThrow();
});

test('a route that has no scope fails while routes are added', () => {
  const http = Fastify();
  authenticateRequests(http, {} as Access);

  expect(() => http.get('/known', { config: { scope: 'read' } }, () => 'x')).not.toThrow();
  expect(() => http.get('/new', () => 'x')).toThrow(/^Give the route .*\/new a scope/);
});
