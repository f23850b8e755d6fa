import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allStatements } from '../../src/graph/cypher.js';
import type { CypherStatement } from '../../src/graph/cypher.js';
import { sourcesUnder } from './imports.js';

/** Every statement of the service. */
export async function statementsOfOurs(): Promise<readonly CypherStatement<object>[]> {
  const files = sourcesUnder('src').filter((file) => /\.(store|read-model)\.ts$/.test(file));
  for (const file of [...files, 'src/graph/migrate.ts'])
    await import(pathToFileURL(resolve(file)).href);
  return allStatements().filter(({ name }) => !name.startsWith('test.'));
}
