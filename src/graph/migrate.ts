import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../shared/problem.js';
import { cypher } from './cypher.js';
import type { CypherStatement } from './cypher.js';
import type { Graph } from './graph.js';
import type { ReadOptions } from './run-options.js';

/** One file of `schema/migrations`. */
export interface Migration {
  /** File name without its extension: `0001_keys`. */
  readonly id: string;
  /** SHA-256 of the text with normalised line ends. */
  readonly checksum: string;
  readonly commands: readonly string[];
}

/** What a run of {@link migrate} did, with ids in order. */
export interface MigrationReport {
  readonly applied: readonly string[];
  readonly present: readonly string[];
}

const uniqueIds = cypher('migrate.uniqueIds')`
  CREATE CONSTRAINT schema_migration_id_unique IF NOT EXISTS FOR (m:SchemaMigration) REQUIRE m.id IS UNIQUE`;

const applied = cypher<{ id: string; checksum: string }>('migrate.applied')`
  MATCH (m:SchemaMigration) WHERE m.id IS NOT NULL RETURN m.id AS id, m.checksum AS checksum ORDER BY id`;

const remember = cypher('migrate.remember')`
  MERGE (m:SchemaMigration {id: $id})
  ON CREATE SET m.checksum = $checksum, m.appliedAt = timestamp()`;

const awaitIndexes = cypher('migrate.awaitIndexes')`CALL db.awaitIndexes(120)`;

/**
 * Reads the files `NNNN_name.cypher` in order.
 *
 * @throws Problem `SETUP` when a file has another name or two share a number
 */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((n) => n.endsWith('.cypher')).sort();
  const numbers = new Set<string>();
  for (const name of names) {
    const number = /^(\d{4})_[a-z0-9_]+\.cypher$/.exec(name)?.[1];
    if (number === undefined || numbers.has(number))
      throw new Problem('SETUP', `Migration ${name} needs a number of its own: NNNN_name.cypher`);
    numbers.add(number);
  }
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
      return {
        id: name.replace(/\.cypher$/, ''),
        checksum: createHash('sha256').update(text).digest('hex'),
        commands: splitCommands(text),
      };
    }),
  );
}

/** Commands of a migration, separated by `;` at the end of a line, without comment lines. */
export function splitCommands(text: string): string[] {
  return text
    .replaceAll(/^[^\S\n]*\/\/.*$/gm, '')
    .split(/;[^\S\n]*(?:\n|$)/)
    .map((command) => command.trim())
    .filter((command) => command !== '');
}

/**
 * Brings the database to the schema of this code and waits until its indexes are online (at most two minutes).
 *
 * It applies what is missing, in order. Each command is `IF NOT EXISTS` or otherwise repeatable, so two processes may run
 * it at once, and the next run finishes an interrupted one.
 *
 * @throws Problem `SETUP` when an applied file was changed, or the database has a migration that this code does not know
 */
export async function migrate(
  graph: Graph,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  await runCommand(graph, uniqueIds);
  const known = await graph.read(applied, {}, { timeoutMs: SCHEMA.timeoutMs });
  const present = new Map(known.map((m) => [m.id, m.checksum]));
  refuseSurprises(present, migrations);
  const missing = migrations.filter((m) => !present.has(m.id));
  for (const migration of missing) {
    for (const command of migration.commands)
      await runCommand(graph, schemaCommand(migration, command));
    await graph.write(
      (tx) => tx.run(remember, { id: migration.id, checksum: migration.checksum }),
      SCHEMA,
    );
  }
  await graph.read(awaitIndexes, {}, { timeoutMs: 125_000 });
  return { applied: missing.map((m) => m.id), present: [...present.keys()] };
}

/** The ids of the migrations that the database has, in order. */
export async function appliedMigrations(graph: Graph): Promise<string[]> {
  return (await graph.read(applied)).map(({ id }) => id);
}

/** Whether the database has exactly these migrations; for `/health/ready`. */
export async function isMigrated(
  graph: Graph,
  migrations: readonly Migration[],
  options: ReadOptions = {},
): Promise<boolean> {
  const present = new Map((await graph.read(applied, {}, options)).map((m) => [m.id, m.checksum]));
  return (
    present.size === migrations.length && migrations.every((m) => present.get(m.id) === m.checksum)
  );
}

function refuseSurprises(
  present: ReadonlyMap<string, string>,
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map((m) => [m.id, m.checksum]));
  for (const [id, checksum] of present) {
    const expected = known.get(id);
    if (expected === undefined)
      throw new Problem(
        'SETUP',
        `The database has migration ${id}, which this version does not know: it was used by a newer version. Start that one.`,
      );
    if (expected !== checksum)
      throw new Problem(
        'SETUP',
        `Migration ${id} was changed after it was applied. Restore schema/migrations/${id}.cypher and put the change in a new file.`,
      );
  }
}

/** An index over a large store takes long. A command whose result exists takes no space, so it runs even on a full disk. */
const SCHEMA = { timeoutMs: 600_000, evenIfFull: true };

// Two processes that migrate at once may deadlock on the schema, and the managed transaction tries again. Or both find nothing, and
// the second one fails. Its next try sees the work of the first and does nothing.
async function runCommand(graph: Graph, command: CypherStatement): Promise<void> {
  const once = (): Promise<unknown> => graph.write((tx) => tx.run(command), SCHEMA);
  try {
    await once();
  } catch (error) {
    if (!cameSecond(error)) throw error;
    await once();
  }
}

function cameSecond(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    cause instanceof Error &&
    'code' in cause &&
    /^Neo\.ClientError\.Schema\.\w*AlreadyExists$/.test(String(cause.code))
  );
}

// Schema commands come from our own files. They run once and are not EXPLAINed, so they are not in the registry.
function schemaCommand(migration: Migration, text: string): CypherStatement {
  return { name: `migration.${migration.id}`, text, wants: [], options: {} };
}
