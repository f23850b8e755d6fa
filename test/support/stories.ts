import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApp } from './app-for-tests.js';

/** Captures the documents of a scenario over HTTP, in the order of their names. */
export async function capturedStory(app: TestApp, name: string): Promise<void> {
  const folder = join('seeds', 'scenarios', name);
  const files = readdirSync(folder).filter((file) => /^events.*\.json$/.test(file));
  for (const file of files.sort()) {
    const { status, body } = await app.capture(
      JSON.parse(readFileSync(join(folder, file), 'utf8')),
    );
    if (status !== 202) throw new Error(`${file}: ${JSON.stringify(body)}`);
  }
}
