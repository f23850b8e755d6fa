import { readFileSync, writeFileSync } from 'node:fs';
import jestRunner from 'jest-runner';
import { withMutant } from './mutants.js';
import type { Mutant } from './mutants.js';

/** What the runner is to do; in `task.json`. */
export interface Task {
  readonly file: string;
  readonly text: string;
  readonly mutants: readonly Mutant[];
}

/** How long the tests took without a fault, ms, or whether they noticed the next one. */
export type Told = { readonly ms: number } | { readonly noticed: boolean };

// Loaded as a module or as CommonJS.
const TestRunner = 'default' in jestRunner ? jestRunner.default : jestRunner;
type RunTests = Parameters<InstanceType<typeof TestRunner>['runTests']>;
type Test = RunTests[0][number];

/** Node does not give back what was loaded for a run. */
const MOST_MEMORY = 1_500_000_000;

/** Runs the same tests with one fault after the other, in one process, each until the first file that fails. */
class Planting extends TestRunner {
  #failed: Test | undefined;

  /** Jest, which listens here, would end at the first failure. */
  override on = (): (() => void) => () => undefined;

  override async runTests(...[tests, , options]: RunTests): Promise<void> {
    const { file, text, mutants } = JSON.parse(readFileSync('task.json', 'utf8')) as Task;
    const took = new Map<unknown, number>();
    super.on('test-file-success', ([test, { numFailingTests, testExecError, perfStats }]) => {
      took.set(test, perfStats.runtime);
      if (numFailingTests > 0 || (testExecError as unknown) !== undefined) this.#failed ??= test;
    });
    super.on('test-file-failure', ([test]) => {
      this.#failed ??= test;
    });
    const failing = async (order: Test[]): Promise<Test | undefined> => {
      this.#failed = undefined;
      const watcher = { isInterrupted: () => this.#failed !== undefined };
      await super.runTests(order, watcher as RunTests[1], { ...options, serial: true });
      return this.#failed;
    };

    if ((await failing(tests)) !== undefined) throw new Error('a test fails without a fault');
    let order = tests.toSorted((a, b) => (took.get(a) ?? 0) - (took.get(b) ?? 0));
    process.send?.({ ms: [...took.values()].reduce((sum, ms) => sum + ms, 0) } satisfies Told);
    for (const mutant of mutants) {
      writeFileSync(file, withMutant(text, mutant));
      const by = await failing(order);
      process.send?.({ noticed: by !== undefined } satisfies Told);
      // What noticed one will notice the next.
      if (by !== undefined) order = [by, ...order.filter((test) => test !== by)];
      if (process.memoryUsage.rss() > MOST_MEMORY) return;
    }
  }
}

export { Planting as default };
