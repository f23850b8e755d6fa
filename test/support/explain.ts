import { readFile } from 'node:fs/promises';
import neo4j from 'neo4j-driver';
import type { Driver, Plan } from 'neo4j-driver';
import type { CypherStatement } from '../../src/graph/cypher.js';
import { neo4jOfTests } from './neo4j-for-tests.js';

/** What the planner makes of a statement. */
export interface Explained {
  readonly operators: readonly string[];
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
   * Makes every name of schema/graph-model.md known to the database, without data: a warning about an unknown name is then a typo,
   * or a name the model does not have.
   */
  async learn(model: string): Promise<void> {
    const { labels, types, properties } = vocabularyOf(await readFile(model, 'utf8'));
    for (const [call, names] of [
      ['db.createLabel', labels],
      ['db.createRelationshipType', types],
      ['db.createProperty', properties],
    ] as const)
      await this.#run(`UNWIND $names AS name CALL ${call}(name)`, { names: [...names] });
  }

  async explain(statement: CypherStatement<object>): Promise<Explained> {
    const { plan, notifications } = await this.#run(`EXPLAIN ${statement.text}`, {});
    return {
      operators: plan === false ? [] : operatorsOf(plan),
      warnings: notifications
        // Parameters are not given here on purpose.
        .filter(({ code }) => !code.endsWith('ParameterNotProvided'))
        .map(({ code, description }) => `${code.split('.').at(-1) ?? code}: ${description}`),
    };
  }

  close(): Promise<void> {
    return this.#driver.close();
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
  readonly notifications: readonly { readonly code: string; readonly description: string }[];
}

function operatorsOf(plan: Plan): string[] {
  const own = plan.operatorType.replace(/@.*$/, '');
  return [own, ...plan.children.flatMap(operatorsOf)];
}

/** Labels, relationship types and properties: the names inside backquotes in the model's tables. */
export function vocabularyOf(model: string): {
  labels: ReadonlySet<string>;
  types: ReadonlySet<string>;
  properties: ReadonlySet<string>;
} {
  const code = [...model.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');
  const all = (pattern: RegExp): Set<string> =>
    new Set(code.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name ?? '')));
  return {
    labels: all(/:([A-Z][a-z]+(?:[A-Z][a-z]+)*)\b/g),
    types: all(/:([A-Z][A-Z_]*)\b(?![a-z])/g),
    properties: new Set([...all(/^([a-z]\w*)\b/gi), ...all(/[{,]\s*([a-z]\w*)\??/gi)]),
  };
}
