import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsOf, linesOf } from '../support/imports.js';

/** The files of a walk as src/README.md draws it, in order; a name without a folder is in that of the one before. */
function walk(title: string): readonly string[] {
  const readme = readFileSync('src/README.md', 'utf8');
  const drawn =
    new RegExp(`\\*\\*${title}\\*\\*[^\`]*\`\`\`text\\n([^\`]*)`).exec(readme)?.[1] ?? '';
  const files: string[] = [];
  for (const [name] of drawn.matchAll(/[\w/.-]+\.ts\b/g)) {
    const last = files[files.length - 1];
    files.push(
      name.includes('/') || last === undefined ? join('src', name) : join(dirname(last), name),
    );
  }
  return files;
}

const WALKS = [
  { title: 'A captured event, wire to wire', files: 14, lines: 3550 },
  { title: 'A recall query', files: 4, lines: 1205 },
];

test.each(WALKS)(
  '$title: as short as drawn, and the files are there',
  ({ title, files, lines }) => {
    const drawn = walk(title);

    expect(drawn.filter((file) => !existsSync(file))).toEqual([]);
    expect(drawn.length).toBeGreaterThan(3);
    expect(drawn.length).toBeLessThanOrEqual(files);
    expect(linesOf(drawn)).toBeLessThanOrEqual(lines);
  },
);

// Doors stand between features: a step may be reached through one. The feed is reached through the log, not by an import.
test.each(WALKS)('$title: each step is imported by one before it', ({ title }) => {
  const drawn = walk(title);
  const behindDoors = (file: string): readonly string[] =>
    file.endsWith('/index.ts') ? [file, ...importsOf(file)] : [file];
  const reached = new Set(drawn.flatMap(importsOf).flatMap(behindDoors));

  const entries = drawn.filter((file) => /\.(resolver|http)\.ts$/.test(file));
  const followed = drawn.filter((file) => !entries.includes(file) && !file.endsWith('relay.ts'));
  expect(followed.filter((file) => !reached.has(file))).toEqual([]);
});
