import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../shared/problem.js';

/** The jars that this version was built with, in the format of `sha256sum *.jar`. */
const PINS = new URL('../../bin/neo4j-jars.sha256', import.meta.url);

/**
 * Compares every jar with its pinned SHA-256 (0.4 s for 123 MB), whoever put it there.
 *
 * @throws Problem `SETUP` that names the jars that differ, are missing, or are unknown
 */
export async function refuseOtherJars(lib: string): Promise<void> {
  const pinned = readPins(await readFile(PINS, 'utf8'));
  const names = (await readdir(lib)).filter((name) => name.endsWith('.jar'));
  const faults = [...pinned.keys()]
    .filter((name) => !names.includes(name))
    .map((name) => `${name} is missing`);
  for (const name of names) {
    const hash = createHash('sha256')
      .update(await readFile(join(lib, name)))
      .digest('hex');
    const expected = pinned.get(name);
    if (expected === undefined) faults.push(`${name} is not one of them`);
    else if (hash !== expected) faults.push(`${name} has ${hash}, expected ${expected}`);
  }
  if (faults.length === 0) return;
  throw new Problem(
    'SETUP',
    `The jars in ${lib} are not the Neo4j jars of this version (SHA-256):\n  ${faults.join('\n  ')}\nFind out who changed them. Then remove that folder, and what differs from Maven's repository (~/.m2), to fetch them again.`,
  );
}

/** Reads lines `hash  name` into a map from name to hash. */
function readPins(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line): [string, string] => [line.slice(66), line.slice(0, 64)]),
  );
}
