/**
 * Plants faults in rules, one at a time, and says which of them no unit test notices: `npm run test:mutation -- [files]`, all
 * `*.rules.ts` by default (hours). It works on a copy under .data/, so the sources stay as they are.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mutantsOf, withMutant } from './mutants.js';
import type { Mutant } from './mutants.js';

/** A fault that makes a loop endless is noticed by the time it takes. */
const LIMIT_MS = 120_000;

const copy = resolve('.data/mutation', String(process.pid));
const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : execFileSync('git', ['ls-files', 'src/**/*.rules.ts'], { encoding: 'utf8' })
        .trim()
        .split('\n');

mkdirSync(copy, { recursive: true });
for (const path of [
  'src',
  'test',
  'schema',
  'seeds',
  'package.json',
  'jest.config.js',
  'tsconfig.json',
])
  cpSync(path, join(copy, path), { recursive: true });
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));

/** Whether the unit tests that lead to a file pass. */
function passes(file: string): Promise<boolean> {
  const jest = [
    ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--bail'],
    ...['--selectProjects', 'unit', '--silent', '--findRelatedTests', file, '--passWithNoTests'],
  ];
  // eslint-disable-next-line no-restricted-properties -- jest is told through the environment
  const env = { ...process.env, CUSTODY_TEST_RUNS: '20' };
  const child = spawn(process.execPath, jest, {
    ...{ cwd: copy, stdio: 'ignore', timeout: LIMIT_MS, env },
  });
  return new Promise((done) => {
    child.once('exit', (code) => {
      done(code === 0);
    });
  });
}

/** The faults in a file that no test noticed. */
async function survivorsIn(file: string, mutants: readonly Mutant[]): Promise<Mutant[]> {
  const text = readFileSync(file, 'utf8');
  const survivors: Mutant[] = [];
  for (const mutant of mutants) {
    writeFileSync(join(copy, file), withMutant(text, mutant));
    if (await passes(file)) survivors.push(mutant);
  }
  writeFileSync(join(copy, file), text);
  return survivors;
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

let planted = 0;
let noticed = 0;
try {
  for (const file of files) {
    const mutants = mutantsOf(readFileSync(file, 'utf8'));
    const survivors = await survivorsIn(file, mutants);
    planted += mutants.length;
    noticed += mutants.length - survivors.length;
    say(`${file}: ${mutants.length - survivors.length} of ${mutants.length} noticed`);
    for (const { line, from, to } of survivors)
      say(`  ${line}: ${from.slice(0, 80)} -> ${to.slice(0, 80)}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const score = planted === 0 ? 100 : Math.round((1000 * noticed) / planted) / 10;
say(`${noticed} of ${planted} faults noticed: ${score} %`);
