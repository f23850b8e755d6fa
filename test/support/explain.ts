import { readFile } from 'node:fs/promises';
import neo4j from 'neo4j-driver';
import type { Driver, Plan } from 'neo4j-driver';
import { asPlanned } from '../../src/graph/cypher.js';
import type { CypherStatement } from '../../src/graph/cypher.js';
import type { Params } from '../../src/graph/run-options.js';
import { neo4jOfTests } from './neo4j-for-tests.js';

/** What the planner makes of a statement. */
export interface Explained {
  /** Names of its operators; a product of lookups that find at most one node each is not called CartesianProduct. */
  readonly operators: readonly string[];
  /** Where it begins: the operators that read without rows from another, each with what it reads. */
  readonly beginnings: readonly string[];
  /** Its warnings: unknown labels, types and properties, cartesian products, deprecations, unbounded patterns. */
  readonly warnings: readonly string[];
}

/** A planner of its own, with all notifications on. */
export class Planner {
  readonly #driver: Driver;

  constructor() {
    const { uri, user, password } = neo4jOfTests();
    this.#driver = neo4j.driver(uri, neo4j.auth.basic(user, password), { telemetryDisabled: true });
  }

  /**
   * Gives the planner something to count: 2,000 nodes under every unique key and 2,000 of every relationship the model draws. On an
   * empty store every scan is free, and the planner takes it.
   */
  async fill(model: string): Promise<void> {
    const keys = await this.#rows<{ label: string; key: string }>(
      `SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties WHERE type = 'UNIQUENESS'
       RETURN labelsOrTypes[0] AS label, properties[0] AS key`,
    );
    const more: Record<string, string> = { Package: ':Unit', Holding: '', Batch: '' };
    for (const { label, key } of keys.filter((k) => k.label !== 'SchemaMigration'))
      await this.#run(
        `UNWIND range(1, 2000) AS i CREATE (n:${label}${more[label] ?? ''} {${key}: ${label === 'Batch' ? 'i' : "'fill/' + i"}})`,
        {},
      );
    await this.#run(
      "UNWIND range(1, 2000) AS i CREATE (:Package:Container {k: 'fill/box/' + i})",
      {},
    );
    await this.#run(
      "UNWIND range(1, 2000) AS i CREATE (:Exception {k: 'fill/' + i, t: i, seq: i})",
      {},
    );
    for (const { from, type, to } of drawnIn(await readFile(model, 'utf8')))
      await this.#run(
        `MATCH (a:${from}) WITH a LIMIT 2000 WITH collect(a) AS starts
         MATCH (b:${to}) WITH starts, b LIMIT 2000 WITH starts, collect(b) AS ends
         UNWIND range(0, size(starts) - 1) AS i
         WITH starts[i] AS a, ends[i % size(ends)] AS b CREATE (a)-[:${type}]->(b)`,
        {},
      );
    // Each partner sees some of all: without this, the indexes by partner are empty, and reading all of one costs nothing.
    await this.#run(
      "MATCH (h)-[s:SHOWS]->() SET s.p = 'fill/' + elementId(s), s.lot = 'fill/' + elementId(h)",
      {},
    );
    await this.#run(
      "MATCH (e)-[s:SEEN_BY]->() SET s.p = 'fill/' + elementId(s), s.at = 1, s.rec = 1",
      {},
    );
    await this.forget();
  }

  /** Plans are made anew, by what the store holds now. */
  async forget(): Promise<void> {
    await this.#run('CALL db.resampleOutdatedIndexes()', {});
    await this.#run('CALL db.clearQueryCaches()', {});
  }

  /** What one run reads, in hits of the database, which are the same on every machine. */
  async hits({ text }: CypherStatement<object>, params: Params): Promise<number> {
    const { profile } = await this.#run(`PROFILE ${text}`, { given: params });
    return profile === false ? NaN : hitsOf(profile);
  }

  async explain(statement: CypherStatement<object>): Promise<Explained> {
    const { plan, notifications } = await this.#run(...asPlanned(statement));
    return {
      operators: plan === false ? [] : operatorsOf(plan),
      beginnings: plan === false ? [] : beginningsOf(plan),
      warnings: notifications
        // Parameters are not given here on purpose.
        .filter(({ code }) => !code.endsWith('ParameterNotProvided'))
        .map(inShort),
    };
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  async #rows<R>(text: string): Promise<R[]> {
    const session = this.#driver.session({ database: 'neo4j' });
    try {
      return (await session.run(text)).records.map((record) => record.toObject() as R);
    } finally {
      await session.close();
    }
  }

  async #run(text: string, params: Record<string, unknown>): Promise<Summary> {
    const session = this.#driver.session({ database: 'neo4j' });
    try {
      const { summary } = await session.run(text, params);
      return summary;
    } finally {
      await session.close();
    }
  }
}

interface Summary {
  readonly plan: Plan | false;
  readonly profile: Profiled | false;
  readonly notifications: readonly { readonly code: string; readonly description: string }[];
}

// `UnknownPropertyKeyWarning: expiri` says what the four lines of the database say.
function inShort({ code, description }: { code: string; description: string }): string {
  const name = /\(the missing .+ name is: (.+)\)$/.exec(description)?.[1];
  return `${code.split('.').at(-1) ?? code}: ${name === undefined ? description : `${name} (a new name needs a migration, see schema/migrations/0021_names.cypher)`}`;
}

interface Profiled {
  readonly dbHits: number;
  readonly children: readonly Profiled[];
}

function hitsOf({ dbHits, children }: Profiled): number {
  return children.reduce((sum, child) => sum + hitsOf(child), dbHits);
}

const nameOf = (plan: Plan): string => plan.operatorType.replace(/@.*$/, '');

function operatorsOf(plan: Plan): string[] {
  const own = nameOf(plan);
  const shown = own === 'CartesianProduct' && plan.children.some(findsOne) ? 'LookupBeside' : own;
  return [shown, ...plan.children.flatMap(operatorsOf)];
}

function beginningsOf(plan: Plan): string[] {
  if (plan.children.length > 0) return plan.children.flatMap(beginningsOf);
  const { Details: details = '' } = plan.arguments as { Details?: string };
  return [`${nameOf(plan)} ${details}`];
}

// One row times n rows is n rows: the planner sets a lookup by a unique key beside the rest that way. EstimatedRows would not
// tell: under an UNWIND they count all rounds together.
function findsOne(plan: Plan): boolean {
  if (nameOf(plan).startsWith('NodeUniqueIndexSeek')) {
    const { Details: details = '' } = plan.arguments as { Details?: string };
    return details.includes(' = ') && !details.includes(' IN ');
  }
  const keepOne = ['Argument', 'CacheProperties', 'CartesianProduct', 'Filter', 'Projection'];
  return keepOne.includes(nameOf(plan)) && plan.children.every(findsOne);
}

/** Labels, relationship types and properties: the names inside backquotes in the model's tables. */
export function drawnIn(model: string): { from: string; type: string; to: string }[] {
  const arrow = /\(\w*:(\w+)[^)]*\)-\[:([A-Z_]+)[^\]]*\]->\(\w*:(\w+)/g;
  return [...model.matchAll(arrow)].map(([, from = '', type = '', to = '']) => ({
    from,
    type,
    to,
  }));
}
