import { auditServer } from 'graphql-http';
import type { Graph } from '../../src/graph/graph.js';
import { graphForTests } from '../support/neo4j-for-tests.js';
import { serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

let graph: Graph;
let server: TestServer;
beforeAll(async () => {
  graph = await graphForTests();
  server = await serverForTests(graph);
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

test('no audit of graphql-http finds an error', async () => {
  const results = await auditServer({ url: `${server.url}/graphql` });

  expect(results.filter(({ status }) => status === 'error').map(({ name }) => name)).toEqual([]);
  expect(results.length).toBeGreaterThan(55);
});
