/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
import process from 'node:process';

// Jest puts others there for each file.
const before = { console: globalThis.console, exit: process.exit.bind(process) };

/**
 * Where test files run: in the realm of their worker, so that Node loads and compiles a module once for all files of the worker. Jest's
 * own environment gives each file a realm and loads everything anew, which took a third of the time of a run. Our modules keep no state
 * and change no globals. A test file that does, or that needs jest's fake timers, says `@jest-environment node` at its top.
 */
class SharedEnvironment {
  global = globalThis;
  fakeTimers = null;
  fakeTimersModern = null;
  moduleMocker = null;

  /** @param {{ projectConfig: { testEnvironmentOptions: Record<string, unknown> } }} config */
  constructor({ projectConfig }) {
    const { lane = 0 } = /** @type {{ lane?: number }} */ (projectConfig.testEnvironmentOptions);
    // eslint-disable-next-line no-restricted-properties -- how tests learn which Neo4j of NEO4J_OF_LANES is theirs
    process.env['NEO4J_LANE'] = String(lane);
  }

  getVmContext() {
    return null;
  }

  setup() {
    return Promise.resolve();
  }

  teardown() {
    globalThis.console = before.console;
    process.exit = before.exit;
    return Promise.resolve();
  }
}

export { SharedEnvironment as default };
