import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { CypherStatement } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { readMigrations } from '../../../src/graph/migrate.js';
import { Planner, drawnIn } from '../../support/explain.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { statementsOfOurs } from '../../support/statements.js';
import { nightly, recordAnswers } from '../../support/test-settings.js';

/** Operators that read more than what was asked for: their cost grows with the store. */
const scans =
  /^(AllNodesScan|NodeByLabelScan|UnionNodeByLabelsScan|IntersectionNodeByLabelsScan|SubtractionNodeByLabelsScan|CartesianProduct|.*RelationshipTypeScan|.*RelationshipTypesScan|.*AllRelationshipsScan)/;

let graph: Graph;
let planner: Planner;
let statements: readonly CypherStatement<object>[];
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  planner = new Planner();
  statements = await statementsOfOurs();
});
afterAll(async () => {
  await planner.close();
  await emptyGraph(graph);
  await graph.close();
});

/**
 * Where what a partner asks may begin: at what it sees, at one thing by its key, or at what is public. Anything else is read of everybody, and
 * takes longer when others have more.
 */
const ownOrOne =
  /^(Argument|Unwind|Projection|EmptyRow|ProcedureCall|NodeUniqueIndexSeek|DirectedRelationshipIndexSeek\S* .*:(SHOWS|SEEN_BY)\(|\S+ .*:(Site|Party|Product)\(|NodeIndexSeek .*:(Exception|SerialException)\(k\b|NodeIndexSeek .*:ErrorDeclaration\(of\))/;
const isOfPartners = ({ name, reads }: CypherStatement<object>): boolean =>
  name.endsWith('.partner') || reads === 'seen';

/** The service begins with an empty store, and uses the plans made for that until somebody looks after them. */
(nightly ? test : test.skip)(
  'a plan that is made for an empty store reads no index from end to end',
  async () => {
    const faults: string[] = [];
    for (const statement of statements) {
      if (statement.options.mayScan !== undefined) continue;
      const { operators } = await planner.explain(statement);
      const scanned = operators.filter((o) => scans.test(o) || o.includes('IndexScan'));
      faults.push(...scanned.map((o) => `${statement.name}: ${o}`));
    }
    expect(faults).toEqual([]);
  },
);

/**
 * Plans that were looked at: a digest of all that decides them, and one of each statement. Planning all takes a minute and a half, so a
 * run plans those that are new or changed, and the night plans all. `CUSTODY_ANSWERS_RECORD=1` writes the file anew.
 */
const PLANNED = 'test/integration/graph/planned.json';

interface Planned {
  readonly store: string;
  readonly statements: readonly string[];
}

const digestOf = (...texts: readonly string[]): string =>
  createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);

/** Of indexes and constraints, of what the planner counts, and of the planner itself. */
async function storeDigest(): Promise<string> {
  const migrations = await readMigrations('schema/migrations');
  const drawn = drawnIn(readFileSync('schema/graph-model.md', 'utf8'));
  const asking = readFileSync('test/support/explain.ts', 'utf8');
  return digestOf(JSON.stringify([migrations, drawn]), asking, await graph.version(60_000));
}

test('every statement plans without a scan, a cartesian product or an unknown name, and those of partners begin at what they see', async () => {
  const known = JSON.parse(readFileSync(PLANNED, 'utf8')) as Planned;
  const store = await storeDigest();
  const seen = new Set(nightly || known.store !== store ? [] : known.statements);
  const ownDigest = ({ text, options }: CypherStatement<object>): string =>
    digestOf(text, String(options.mayScan === undefined));
  await planner.fill('schema/graph-model.md');
  const faults: string[] = [];
  // Read in the other direction, a list has the plan of this one turned round.
  const asked = nightly ? statements : statements.filter(({ name }) => !name.endsWith('Down'));
  for (const statement of asked.filter((one) => !seen.has(ownDigest(one)))) {
    const { operators, beginnings, warnings } = await planner.explain(statement);
    const { name, options } = statement;
    if (isOfPartners(statement))
      faults.push(
        ...beginnings.filter((one) => !ownOrOne.test(one)).map((one) => `${name} begins at ${one}`),
      );
    if (options.mayScan === undefined)
      faults.push(
        ...[...new Set(operators)].filter((o) => scans.test(o)).map((o) => `${name}: ${o}`),
      );
    faults.push(...[...new Set(warnings)].map((warning) => `${name}: ${warning}`));
  }
  expect(faults).toEqual([]);
  expect(statements.length).toBeGreaterThan(3);
  if (recordAnswers) {
    const planned = { store, statements: asked.map(ownDigest).sort() };
    writeFileSync(PLANNED, `${JSON.stringify(planned, null, 2)}\n`);
  }
});

test('no statement sets the log by what the log says in the same SET: writers would wait in a circle', () => {
  const faults = statements.flatMap(({ name, text }) => {
    const log = /\((\w+):Log\b/.exec(text)?.[1];
    return new RegExp(`\\b(${log}\\.\\w+) = [^,\\n]*\\b\\1\\b`).test(text) ? [name] : [];
  });
  expect(faults).toEqual([]);
});

const named = (text: string): CypherStatement => ({
  name: 'test.planned',
  text,
  wants: [],
  options: {},
});

test.each([
  ['MATCH (n) RETURN n', 'AllNodesScan'],
  ['MATCH (u:Unit) RETURN u.k', 'NodeByLabelScan'],
  [
    'MATCH (l:Lot) WHERE l.id > $a MATCH (p:Product) WHERE p.gtin > $b RETURN l, p',
    'CartesianProduct',
  ],
  ['MATCH ()-[r:IN]->() RETURN r.from', 'DirectedRelationshipTypeScan'],
])('%s is seen as %s', async (text, operator) => {
  const { operators } = await planner.explain(named(text));
  expect(operators.filter((o) => scans.test(o))).toContain(operator);
});

test.each([
  ['MATCH (l:Lott {id: $a}) RETURN l', 'UnknownLabel'],
  ['MATCH (l:Lot {id: $a}) RETURN l.expiri', 'UnknownPropertyKey'],
  ['MATCH (l:Lot {id: $a})-[:LOTS_OF]->(p) RETURN p', 'UnknownRelationshipType'],
])('%s warns of a name nobody knows', async (text, code) => {
  const { warnings } = await planner.explain(named(text));
  expect(warnings.join()).toContain(code);
});
