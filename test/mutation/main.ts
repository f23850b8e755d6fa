/**
 * Plants faults in rules, one at a time, and says which of them no unit test notices: `npm run test:mutation -- [--sample 12] [files]`,
 * in all `*.rules.ts` by default; every fault, or about so many of each file. It works on a copy under .data/, so the sources stay as
 * they are. Of the tests only those are run that reach the file: one run of all tells which.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { groupBy } from '../../src/shared/group-by.js';
import { mutantsOf } from './mutants.js';
import type { Mutant } from './mutants.js';
import type { Task, Told } from './planting.js';
import { tellingReached } from './reached.js';

const { values, positionals } = parseArgs({
  options: { sample: { type: 'string', default: 'Infinity' } },
  allowPositionals: true,
});
const copy = resolve('.data/mutation', String(process.pid));
const files =
  positionals.length > 0
    ? positionals
    : execFileSync('git', ['ls-files', 'src/**/*.rules.ts'], { encoding: 'utf8' })
        .trim()
        .split('\n');

mkdirSync(copy, { recursive: true });
for (const path of [
  ...['src', 'test', 'schema', 'seeds'],
  ...['package.json', 'jest.config.js', 'tsconfig.json', '.swcrc'],
])
  cpSync(path, join(copy, path), { recursive: true });
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));

/** Runs unit tests in the copy; `hear` says how long to wait for the next word, ms. */
function jest(args: readonly string[], hear: (told: Told) => number): Promise<void> {
  const node = ['--experimental-vm-modules', '--no-warnings', '--import', 'tsx'];
  // A realm for each file, so that each run loads the file that has the fault.
  const apart = ['--env', 'node', '--cacheDirectory', '.jest'];
  const always = ['--selectProjects', 'unit', '-i', '--silent', ...apart];
  const child = spawn(
    process.execPath,
    [...node, 'node_modules/jest/bin/jest.js', ...always, '--forceExit', ...args],
    {
      ...{ cwd: copy, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
      // eslint-disable-next-line no-restricted-properties -- jest is told through the environment
      env: { CUSTODY_TEST_RUNS: '20', ...process.env },
    },
  );
  let left = Infinity;
  // Counted and not looked up, because all may be stopped for a while: only what goes on and says nothing is endless.
  const timer = setInterval(() => {
    left -= 1000;
    if (left < 0) child.kill('SIGKILL');
  }, 1000);
  child.on('message', (told: Told) => {
    left = hear(told);
  });
  return new Promise((done) => {
    child.once('exit', () => {
      clearInterval(timer);
      done();
    });
  });
}

/** Which unit tests reach which file. */
async function testsReaching(): Promise<ReadonlyMap<string, readonly string[]>> {
  const list = join(copy, 'reached');
  for (const file of files)
    writeFileSync(join(copy, file), tellingReached(readFileSync(file, 'utf8'), file, list));
  await jest(['--findRelatedTests', ...files, '--passWithNoTests'], () => 0);
  for (const file of files) cpSync(file, join(copy, file));
  const lines = existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n') : [];
  const pairs = lines.map((line) => line.split('\t') as [file: string, test: string]);
  const found = groupBy(pairs, ([file]) => file);
  return new Map([...found].map(([file, at]) => [file, at.map(([, test]) => test)]));
}

/** Whether each fault was noticed; one that ends jest, or after which it says nothing for too long, was. */
async function tried(
  file: string,
  mutants: readonly Mutant[],
  tests: readonly string[],
): Promise<boolean[]> {
  const text = readFileSync(file, 'utf8');
  const noticed: boolean[] = [];
  while (noticed.length < mutants.length) {
    const before = noticed.length;
    const task: Task = { file, text, mutants: mutants.slice(before) };
    writeFileSync(join(copy, 'task.json'), JSON.stringify(task));
    writeFileSync(join(copy, file), text);
    let limit: number | undefined;
    await jest(
      ['--runner', join(copy, 'test/mutation/planting.ts'), '--runTestsByPath', ...tests],
      (told) => {
        // Other work may keep it waiting long: what is counted as noticed by time only has to be endless.
        if ('ms' in told) limit = 60_000 + 10 * told.ms;
        else noticed.push(told.noticed);
        return limit ?? 0;
      },
    );
    if (limit === undefined) throw new Error(`${file}: its tests fail without a fault`);
    if (noticed.length === before) noticed.push(true);
  }
  writeFileSync(join(copy, file), text);
  return noticed;
}

/** About so many of them, from everywhere. */
function sampleOf(mutants: readonly Mutant[], most: number): readonly Mutant[] {
  const step = Math.max(1, mutants.length / most);
  return mutants.filter((_, i) => Math.floor((i + 1) / step) > Math.floor(i / step));
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Tries a file and says what was found; gives how many faults were planted and noticed. */
async function tryFile(file: string, tests: readonly string[]): Promise<readonly [number, number]> {
  const mutants = sampleOf(mutantsOf(readFileSync(file, 'utf8')), Number(values.sample));
  const noticed = tests.length === 0 ? [] : await tried(file, mutants, tests);
  const count = noticed.filter(Boolean).length;
  say(`${file}: ${count} of ${mutants.length} noticed`);
  for (const [i, { line, from, to }] of mutants.entries())
    if (noticed[i] !== true) say(`  ${line}: ${from.slice(0, 80)} -> ${to.slice(0, 80)}`);
  return [mutants.length, count];
}

let [planted, found] = [0, 0];
try {
  const reaching = await testsReaching();
  for (const file of files) {
    const [all, some] = await tryFile(file, reaching.get(file) ?? []);
    planted += all;
    found += some;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const score = planted === 0 ? 100 : Math.round((1000 * found) / planted) / 10;
say(`${found} of ${planted} faults noticed: ${score} %`);
