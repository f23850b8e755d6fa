import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cypher, int } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { readDigest } from '../../../src/projection/index.js';
import { fixedClock } from '../../../src/shared/clock.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { epcisDocument } from '../../support/history-document.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { serverForTests } from '../../support/server-for-tests.js';
import type { TestServer } from '../../support/server-for-tests.js';
import { answersDir, nightly, recordAnswers } from '../../support/test-settings.js';
import type { Question, Questions } from './questions.js';
import { asItWasAsked, operationOf, questionsOf, questionsOfStore } from './questions.js';
import type { Operator, World } from './random-worlds.js';
import { IN_A_STORE, NOW, randomWorlds, uri } from './random-worlds.js';
import { settled } from './settled.js';

const STORED = 'test/integration/answers/digests.json';
const HOW =
  'Write the whole answers with CUSTODY_ANSWERS_DIR=<folder> before the change and after it, and diff -r the folders.';
const EVERYTHING = 1e9;
const LIMITS = {
  ...{ maxTokens: EVERYTHING, depth: EVERYTHING, rootFields: EVERYTHING, fields: EVERYTHING },
  cost: EVERYTHING,
};

const clock = fixedClock(NOW);
let app: TestApp;
let graph: Graph;
/** Over the same graph, without limits: a history is asked about in a few operations. */
let server: TestServer;
beforeAll(async () => {
  app = await startApp({ clock });
  graph = await graphForTests({ readTimeoutMs: 120_000 });
  server = await serverForTests(graph, {
    relay: { clock },
    server: { clock, limits: LIMITS, bodyLimitBytes: 16_000_000, maxAnswerBytes: 1e9 },
  });
});
afterAll(async () => {
  await emptyGraph(app.graph);
  await server.stop();
  await graph.close();
  await app.stop();
});

const operatorsOf = cypher('test.answers.operators')`
UNWIND $rows AS row
MERGE (s:Site {k: row.site}) MERGE (p:Party {k: row.party})
CREATE (s)-[r:OPERATED_BY]->(p)
SET r.from = row.from, r.to = row.to`;
const within = cypher('test.answers.within')`
UNWIND $rows AS row
MERGE (a:Party {k: row.branch}) MERGE (b:Party {k: row.group}) MERGE (a)-[:WITHIN]->(b)`;

const REGISTER = `mutation ($products: [ProductInput!]!, $sites: [SiteInput!]!, $parties: [PartyInput!]!) {
  registerProducts(products: $products) { __typename }
  registerSites(sites: $sites) { __typename }
  registerParties(parties: $parties) { __typename } }`;

/** Half of the sites and parties have a name, and two of four products. */
async function register(worlds: readonly World[]): Promise<void> {
  const named = (keys: readonly string[]): { gln: string; name: string; city: string }[] =>
    keys.slice(0, 2).map((key) => ({ gln: uri(key), name: `Name of ${key}`, city: 'Town' }));
  const data = await ask(REGISTER, {
    products: ['09506000134352', '19506000134359'].map((gtin) => ({ gtin, name: `Pills ${gtin}` })),
    sites: worlds.flatMap(({ sites }) => named(sites)),
    parties: worlds.flatMap(({ parties }) => named(parties)),
  });
  expect(new Set(Object.values(data).map((one) => JSON.stringify(one)))).toEqual(
    new Set(['{"__typename":"MasterDataRegistered"}']),
  );
  const instant = (t: number | null) => (t === null ? null : int(t));
  const rows = worlds.flatMap(({ operators }) =>
    operators.map((one: Operator) => ({ ...one, from: instant(one.from), to: instant(one.to) })),
  );
  await app.graph.writeAlone(operatorsOf, { rows });
  const groups = worlds.map(({ parties: [branch, group] }) => ({ branch: branch!, group: group! }));
  await app.graph.writeAlone(within, { rows: groups });
}

type Answers = Readonly<Record<string, unknown>>;

async function ask(query: string, variables: Answers = {}): Promise<Answers> {
  const { data, errors } = await server.graphql(query, variables);
  if (errors.length > 0) throw new Error(`${JSON.stringify(errors)} for ${query.slice(0, 2000)}`);
  return data;
}

/** The answers by what was asked. Where nothing is asked it is the projection, line by line. */
async function answersTo(questions: readonly Question[]): Promise<Answers | readonly string[]> {
  if (questions.length === 0) return readDigest(graph);
  const [paged, once] = [questions.filter(isPaged), questions.filter((one) => !isPaged(one))];
  const data = once.length === 0 ? {} : await ask(operationOf(once));
  const found = once.map(({ field }, n): [string, unknown] => [asItWasAsked(field), data[`q${n}`]]);
  for (const question of paged) found.push([asItWasAsked(question.field), await pagesOf(question)]);
  return Object.fromEntries(found);
}

const isPaged = ({ pages }: Question): boolean => pages !== undefined;

interface Page {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

async function pagesOf(question: Question): Promise<unknown[]> {
  const pages: unknown[] = [];
  for (let after: string | null | undefined = null; after !== undefined;) {
    const data = await ask(operationOf([question]), { after });
    const inside = question
      .pages!.slice(1)
      .reduce((at, name) => at[name] as Answers, data['q0'] as Answers);
    const { nodes, pageInfo } = inside as unknown as Page;
    pages.push(nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
  }
  return pages;
}

/** By day these are asked about; at night all, and the stores as a whole. */
const ASKED_BY_DAY = 2;

/** Asks, and keeps the digests. Where they are not those that were stored: group and questions, for people. */
async function differences(of: string, questions: Questions): Promise<string[]> {
  const before = stored[of]?.split(' ') ?? [];
  const now = [...before];
  const answers: Record<string, unknown> = {};
  const found: string[] = [];
  for (const [n, [group, all]] of Object.entries(questions).entries()) {
    answers[group] = settled(await answersTo(all));
    now[n] = digestOf(answers[group]);
    if (now[n] !== before[n]) found.push(`${of}, ${group}${listOf(all)}`);
  }
  stored[of] = now.join(' ');
  if (answersDir !== undefined) write(answersDir, of, answers);
  return found;
}

const digestOf = (answer: unknown): string =>
  createHash('sha256').update(JSON.stringify(answer)).digest('hex').slice(0, 6);

function write(folder: string, of: string, answers: Answers): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${of.replaceAll(' ', '-')}.json`);
  writeFileSync(file, JSON.stringify(answers, null, 1));
}

/** A digest is of all questions of a group. Which of them it is, the written answers tell. */
function listOf(questions: readonly Question[]): string {
  const some = questions.slice(0, 8).map(({ field }) => `\n    ${field.slice(0, 300)}`);
  const rest = questions.length - some.length;
  return [...some, rest > 0 ? `\n    and ${rest} more` : ''].join('');
}

/** What the worlds tell goes in the same documents: no world disturbs another. */
async function tell(worlds: readonly World[]): Promise<void> {
  await emptyGraph(graph);
  await register(worlds);
  for (const n of [0, 1, 2]) {
    const events = worlds.flatMap(({ documents }) => documents[n]!);
    const { status, body } = await app.capture(epcisDocument(events));
    expect([status, body['faults']]).toEqual([202, []]);
  }
}

const stored = JSON.parse(readFileSync(STORED, 'utf8')) as Record<string, string>;
const stores = Array.from({ length: nightly ? 10 : 1 }, (_, n) => n);
const worlds = randomWorlds(stores.length * IN_A_STORE);

describe('random histories are answered as ever, whatever is asked', () => {
  test.each(stores)(
    'those of store %i',
    async (store) => {
      const own = worlds.slice(store * IN_A_STORE, (store + 1) * IN_A_STORE);
      await tell(own);
      const found: string[] = [];
      for (const world of nightly ? own : own.slice(0, ASKED_BY_DAY))
        found.push(
          ...(await differences(`history ${world.number} ${world.kind}`, questionsOf(world))),
        );
      if (nightly) found.push(...(await differences(`store ${store}`, questionsOfStore(own))));

      if (recordAnswers) writeFileSync(STORED, `${JSON.stringify(stored, null, 2)}\n`);
      else if (found.length > 0) throw new Error(`${found.join('\n')}\n${HOW}`);
    },
    1_800_000,
  );
});
