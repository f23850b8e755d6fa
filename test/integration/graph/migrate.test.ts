import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { isMigrated, migrate, readMigrations } from '../../../src/graph/migrate.js';
import type { Migration } from '../../../src/graph/migrate.js';
import { graphForTests } from '../../support/neo4j-for-tests.js';

const forget = cypher('test.forget')`
  MATCH (m:SchemaMigration) WHERE m.id STARTS WITH '9' DETACH DELETE m`;
const dropProbe = cypher('test.dropProbe')`DROP INDEX probe_a IF EXISTS`;
const indexState = cypher<{ state: string }>('test.indexState')`
  SHOW INDEXES YIELD name, state WHERE name = 'probe_a' RETURN state`;

const probe: Migration = {
  id: '9001_probe',
  checksum: 'c1',
  commands: ['CREATE INDEX probe_a IF NOT EXISTS FOR (n:Lot) ON (n.probe)'],
};

let graph: Graph;
let ours: Migration[];
beforeAll(async () => {
  graph = await graphForTests();
  ours = await readMigrations('schema/migrations');
});
afterEach(async () => {
  await graph.writeAlone(forget);
  await graph.writeAlone(dropProbe);
});
afterAll(() => graph.close());

test('a second run does nothing', async () => {
  const report = await migrate(graph, ours);
  expect(report).toEqual({ applied: [], present: ours.map((m) => m.id) });
});

test('two processes at once apply a migration once, and its index is online', async () => {
  await Promise.all([migrate(graph, [...ours, probe]), migrate(graph, [...ours, probe])]);
  await expect(graph.read(indexState)).resolves.toEqual([{ state: 'ONLINE' }]);
  await expect(isMigrated(graph, [...ours, probe])).resolves.toBe(true);
  await expect(isMigrated(graph, ours)).resolves.toBe(false);
});

test('a file changed after it was applied is refused by name', async () => {
  await migrate(graph, [...ours, probe]);
  await expect(migrate(graph, [...ours, { ...probe, checksum: 'c2' }])).rejects.toThrow(
    'Migration 9001_probe was changed after it was applied',
  );
});

test('a database ahead of the code is refused', async () => {
  await migrate(graph, [...ours, probe]);
  await expect(migrate(graph, ours)).rejects.toThrow('used by a newer version');
});
