import { readFileSync } from 'node:fs';
import neo4j from 'neo4j-driver';

// `graph.ts` reads private fields of the driver: rows at a third of the price, and how full a pool is. A newer driver may rename them.

test('the driver is pinned to one version', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
  };

  expect(dependencies['neo4j-driver']).toMatch(/^\d+\.\d+\.\d+$/);
});

test('a record keeps its values in _fields, in the order of its keys', () => {
  const record = new neo4j.types.Record(['a', 'b'], [1, 'two']);

  expect(record).toHaveProperty('keys', ['a', 'b']);
  expect(record).toHaveProperty('_fields', [1, 'two']);
});

test('a pool counts what is in use and holds what is idle, by address', async () => {
  const driver = neo4j.driver('bolt://127.0.0.1:1', neo4j.auth.basic('a', 'b'));
  // Nothing is connected: the session is what makes the provider.
  const session = driver.session();

  expect(driver).toHaveProperty('_connectionProvider._connectionPool._activeResourceCounts', {});
  expect(driver).toHaveProperty('_connectionProvider._connectionPool._pools', {});
  await session.close();
  await driver.close();
});
