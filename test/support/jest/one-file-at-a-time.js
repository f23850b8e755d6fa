/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
import jestRunner from 'jest-runner';

/** @type {typeof import('jest-runner').default} */
const TestRunner = 'default' in jestRunner ? jestRunner.default : jestRunner;

/**
 * Runs the test files of its projects one after the other, in one worker: they share one database, and the log of writes
 * is one for all. Projects with jest's own runner keep their parallel workers.
 */
class OneFileAtATime extends TestRunner {
  /**
   * @param {ConstructorParameters<typeof TestRunner>[0]} globalConfig
   * @param {ConstructorParameters<typeof TestRunner>[1]} context
   */
  constructor(globalConfig, context) {
    // A worker that has grown is replaced: modules loaded for one file are not given back by Node.
    super({ ...globalConfig, maxWorkers: 1, workerIdleMemoryLimit: 1_500_000_000 }, context);
  }
}

export { OneFileAtATime as default };
