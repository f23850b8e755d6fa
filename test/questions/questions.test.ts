import { readFileSync, writeFileSync } from 'node:fs';
import { fixedClock } from '../../src/shared/clock.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { capturedStory } from '../support/stories.js';
import { recordAnswers } from '../support/test-settings.js';
import { sorted } from '../scenarios/part.js';
import { stories } from '../scenarios/stories.js';

/** Behind the last event of the stories. */
const NOW = Date.UTC(2026, 8, 1);
const ASKERS = ['recall', 'analyst', 'planner'];

/** A question in words, the same in GraphQL, and its answer; before each block a sentence may stand. */
const QUESTION = /^### (.+)\n(?:(?!```|#).*\n)*```graphql\n([^`]+)```\n\n```json\n([^`]+)```$/gm;

/** Where the order of the answer is a part of it. */
const ORDERED = /orderBy|journey/;

interface Question {
  readonly words: string;
  readonly query: string;
  readonly answer: unknown;
}

const fileOf = (asker: string): string => `test/questions/${asker}.md`;

function questionsOf(asker: string): readonly Question[] {
  const text = readFileSync(fileOf(asker), 'utf8');
  const found = [...text.matchAll(QUESTION)].map(([, words, query, answer]) => ({
    words: words!,
    query: query!,
    answer: JSON.parse(answer!) as unknown,
  }));
  // A question that is not written in this form would never be asked.
  expect(found.map(({ words }) => words)).toEqual(
    [...text.matchAll(/^### (.+)$/gm)].map(([, words]) => words),
  );
  return found;
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock: fixedClock(NOW) });
  for (const { name } of stories) await capturedStory(app, name);
});
afterAll(() => app.stop());

async function ask({ words, query }: Question): Promise<unknown> {
  const { data, errors } = await app.graphql(query);
  if (errors !== undefined) throw new Error(`${words} ${JSON.stringify(errors)}`);
  return data;
}

/** Writes the answers into the file; prettier brings them into form. */
async function record(asker: string, questions: readonly Question[]): Promise<void> {
  let text = readFileSync(fileOf(asker), 'utf8');
  for (const question of questions) {
    const from = text.indexOf('```json\n', text.indexOf(`### ${question.words}\n`)) + 8;
    const answer = JSON.stringify(await ask(question));
    text = `${text.slice(0, from)}${answer}\n${text.slice(text.indexOf('```', from))}`;
  }
  writeFileSync(fileOf(asker), text);
}

test.each(ASKERS)('the demo answers what is written in %s.md', async (asker) => {
  const questions = questionsOf(asker);
  if (recordAnswers) {
    await record(asker, questions);
    return;
  }
  const answers = await Promise.all(questions.map(async (one) => told(one, await ask(one))));
  expect(answers).toEqual(questions.map((one) => told(one, one.answer)));
});

const told = ({ words, query }: Question, answer: unknown): unknown => ({
  words,
  answer: ORDERED.test(query) ? answer : sorted(answer),
});
