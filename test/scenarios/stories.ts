/** The stories of seeds/scenarios, as they stand in their files. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../seeds/scenarios/', import.meta.url));

/** A question, and the part of the answer that the story tells. */
export interface Answer {
  readonly name: string;
  /** One of `operations`. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
}

export interface StoryDocument {
  readonly epcisBody: { readonly eventList: readonly Readonly<Record<string, unknown>>[] };
}

export interface Story {
  readonly name: string;
  /** In the order in which they arrive. */
  readonly documents: readonly StoryDocument[];
  readonly answers: readonly Answer[];
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(FOLDER + path, 'utf8'));
}

function readStory(name: string): Story {
  const files = readdirSync(FOLDER + name).filter((file) => /^events(-\d+)?\.json$/.test(file));
  return {
    name,
    documents: files.sort().map((file) => readJson(`${name}/${file}`) as StoryDocument),
    answers: (readJson(`${name}/expected.json`) as { answers: Answer[] }).answers,
  };
}

export const stories: readonly Story[] = readdirSync(FOLDER).sort().map(readStory);
