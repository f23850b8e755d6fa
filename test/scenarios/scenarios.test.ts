import { readFileSync } from 'node:fs';
import { randomFor } from '../../seeds/generator/random.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { operations } from './operations.js';
import { sidesOf } from './part.js';
import { stories } from './stories.js';
import type { Answer, Story, StoryDocument } from './stories.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(() => emptyGraph(app.graph));
afterAll(() => app.stop());

/** The same documents, last one first, and in each the events last one first. */
function backwards(documents: readonly StoryDocument[]): StoryDocument[] {
  return documents.toReversed().map((document) => ({
    ...document,
    epcisBody: { eventList: document.epcisBody.eventList.toReversed() },
  }));
}

async function load(documents: readonly StoryDocument[]): Promise<void> {
  for (const document of documents) {
    const { status, body } = await app.capture(document);
    expect({ status, errors: body['errors'] ?? [] }).toEqual({ status: 202, errors: [] });
  }
}

async function ask({ query, variables, expected }: Answer): Promise<ReturnType<typeof sidesOf>> {
  const { data, errors } = await app.graphql(operations[query]!, variables);
  if (errors !== undefined && errors.length > 0) throw new Error(JSON.stringify(errors));
  return sidesOf(query, Object.values(data)[0], expected);
}

/** All answers at once, each under its name: one failure shows every difference. */
async function askAll({ answers }: Story): Promise<{ actual: unknown; expected: unknown }> {
  const actual: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const answer of answers) {
    const sides = await ask(answer);
    actual[answer.name] = sides.actual;
    expected[answer.name] = sides.expected;
  }
  return { actual, expected };
}

describe.each(stories)('$name', (story) => {
  test('answers as the story tells', async () => {
    await load(story.documents);
    const { actual, expected } = await askAll(story);
    expect(actual).toEqual(expected);
  });

  test('answers the same when it arrives backwards and every event twice', async () => {
    await load(backwards(story.documents));
    await load(story.documents);
    const { actual, expected } = await askAll(story);
    expect(actual).toEqual(expected);
  });
});

test('all stories in one store answer as each does alone', async () => {
  for (const story of stories) await load(story.documents);
  for (const story of stories) {
    const { actual, expected } = await askAll(story);
    expect({ story: story.name, actual }).toEqual({ story: story.name, actual: expected });
  }
});

test('all stories, their events shuffled and sent one by one, answer as each does alone', async () => {
  const all = stories.flatMap(({ documents }) => documents);
  const single = all.flatMap((document) =>
    document.epcisBody.eventList.map((event) => ({
      ...document,
      epcisBody: { eventList: [event] },
    })),
  );
  const random = randomFor('shuffled stories');
  const order = single.map((document) => ({ at: random.next(), document }));
  await load(order.sort((a, b) => a.at - b.at).map(({ document }) => document));
  for (const story of stories) {
    const { actual, expected } = await askAll(story);
    expect({ story: story.name, actual }).toEqual({ story: story.name, actual: expected });
  }
});

test('the tabs the playground opens with have answers', async () => {
  await load(stories[0]!.documents);
  for (const tab of ['locate', 'journey', 'lineage', 'recall-scope']) {
    const query = readFileSync(`schema/examples/${tab}.graphql`, 'utf8');
    const variables = readFileSync(`schema/examples/${tab}.variables.json`, 'utf8');
    const { data, errors } = await app.graphql(query, JSON.parse(variables) as typeof data);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain(tab === 'lineage' ? 'G-118' : 'Dogwood Pharmacy');
  }
});
