import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An import or re-export of a file of ours. Types count: what is handed in is known by its type, and is read there. */
const IMPORT = /^(?:import|export) (?:[^'";]*? from )?'(\.[^']+)\.js'/gm;

/** Every TypeScript file under a folder. */
export function sourcesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .sort();
}

/** The file and every file of ours that it leads to. */
export function reachableFrom(entry: string): readonly string[] {
  const found = new Set([entry]);
  for (const file of found) for (const imported of importsOf(file)) found.add(imported);
  return [...found];
}

/** Files of ours that one imports. */
export function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(IMPORT)].map(([, path]) => `${join(dirname(file), path ?? '')}.ts`);
}

/** Lines of all files together. */
export function linesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
}
