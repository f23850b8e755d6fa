import { fileURLToPath } from 'node:url';
import { cypher } from '../../src/graph/cypher.js';
import { openGraph } from '../../src/graph/graph.js';
import type { Graph, GraphOptions } from '../../src/graph/graph.js';
import { migrate, readMigrations } from '../../src/graph/migrate.js';

const migrationsFolder = fileURLToPath(new URL('../../schema/migrations', import.meta.url));

interface Access {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
}

/** How to reach the Neo4j of this lane of the test run; for tests that start a process of their own against it. */
export function neo4jOfTests(): Access {
  // eslint-disable-next-line no-restricted-properties -- set by the user, or by test/support/jest/lanes.js
  const env = process.env;
  const uri = env['NEO4J_TEST_URI'];
  if (uri !== undefined)
    return {
      uri,
      user: env['NEO4J_TEST_USER'] ?? 'neo4j',
      password: env['NEO4J_TEST_PASSWORD'] ?? '',
    };
  const lanes = JSON.parse(env['NEO4J_OF_LANES'] ?? '[]') as Access[];
  const own = lanes[Number(env['NEO4J_LANE'] ?? 0)];
  if (own === undefined) throw new Error('No Neo4j: see test/support/jest/lanes.js');
  return own;
}

/** Limits against hanging only: on a busy machine a plan alone has taken ten seconds. */
const PATIENT = { acquireTimeoutMs: 60_000, readTimeoutMs: 60_000, writeTimeoutMs: 240_000 };

/** A migrated graph on the Neo4j of this test run. Close it in `afterAll`. Not emptied: see {@link emptyGraph}. */
export async function graphForTests(options: Partial<GraphOptions> = {}): Promise<Graph> {
  const graph = openGraph({ ...neo4jOfTests(), ...PATIENT, ...options });
  await migrate(graph, await readMigrations(migrationsFolder));
  return graph;
}

const deleteAll = cypher('test.deleteAll', { mayScan: 'empties the database between tests' })`
  MATCH (n) WHERE NOT n:SchemaMigration
  CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`;

/** Deletes all data, 5,000 nodes a transaction; constraints, indexes and the record of migrations stay. */
export async function emptyGraph(graph: Graph): Promise<void> {
  await graph.writeAlone(deleteAll, {}, { timeoutMs: 120_000 });
}
