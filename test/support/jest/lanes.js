/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
import { join } from 'node:path';
import process from 'node:process';
import jestRunner from 'jest-runner';
import { startNeo4js } from './neo4js.js';
import { Turn, Turns } from './turns.js';

/** @type {typeof import('jest-runner').default} */
const TestRunner = 'default' in jestRunner ? jestRunner.default : jestRunner;

/** @typedef {Parameters<InstanceType<typeof TestRunner>['runTests']>} RunTests */

const WITHOUT_NEO4J = new Set(['unit', 'architecture']);

/**
 * What goes first, in this order. To begin with those after which a Neo4j has no plans any more (they clear its caches, or change the
 * schema), as all others would be planned a second time there; then the longest: one of them begun at the end would keep one lane busy
 * while the other has nothing to do.
 */
const FIRST = [
  ...['profile', 'every-statement', 'migrate', 'graph/graph'],
  ...['crash', 'scenarios/scenarios', 'backup', 'oracle-over-http', 'playground', 'embedded-neo4j'],
  ...['answers-stay', 'projection-in-neo4j', 'projection/projection', 'private-events-over-http'],
  ...['resume', 'rebuild-while-capturing', 'routing', 'client-kit', 'start', 'import', 'fuzz-http'],
  ...['feed-and-private-events', 'self-grant-over-http', 'epcis-subscription', 'lists', 'handoffs'],
  ...['feed-replayed', 'unit/epcis/fuzz', 'playground-sharing', 'capture-at-sigterm'],
  'linear-work',
].map((name) => `/${name}.test.ts`);

/** @typedef {import('jest-runner').TestEvents} Events */

/**
 * Runs the test files of all projects in lanes. Each lane has a Neo4j of its own, which `neo4jOfTests` finds by the lane's number, and a
 * worker of jest that takes one file at a time, so a file has its Neo4j to itself. Which lane takes which file: see `turns.js`.
 *
 * Nothing is started when no file needs a Neo4j. `NEO4J_TEST_URI`, `NEO4J_TEST_USER` and `NEO4J_TEST_PASSWORD` name another
 * Neo4j instead: there is one lane then, and the data of that Neo4j is deleted.
 */
class Lanes extends TestRunner {
  /**
   * Makes a runner tell those who listen to this one.
   *
   * @type {((runner: InstanceType<typeof TestRunner>) => void)[]}
   */
  listeners = [];

  /**
   * @param {ConstructorParameters<typeof TestRunner>[0]} globalConfig
   * @param {ConstructorParameters<typeof TestRunner>[1]} context
   */
  constructor(globalConfig, context) {
    // eslint-disable-next-line no-restricted-properties -- said by the user
    const isGiven = process.env['NEO4J_TEST_URI'] !== undefined;
    const maxWorkers = isGiven ? 1 : globalConfig.maxWorkers;
    // A worker that has grown is replaced: modules loaded for one file are not given back by Node.
    super({ ...globalConfig, maxWorkers, workerIdleMemoryLimit: 1_500_000_000 }, context);
    this.isGiven = isGiven;
  }

  /**
   * @template {keyof Events} N
   * @param {N} name
   * @param {(event: Events[N]) => void | Promise<void>} listener
   * @override
   */
  on(name, listener) {
    this.listeners.push((runner) => runner.on(name, toldOfFiles(listener)));
    return super.on(name, listener);
  }

  /**
   * @param {RunTests} args
   * @override
   */
  async runTests(...[tests, watcher, options]) {
    const sorted = tests.toSorted((a, b) => placeOf(a) - placeOf(b));
    const onNeo4j = tests.filter(needsNeo4j).length;
    if (this.isGiven || onNeo4j === 0) {
      await super.runTests(sorted, watcher, options);
      return;
    }
    const lanes = options.serial || onNeo4j === 1 ? 1 : this._globalConfig.maxWorkers;
    const neo4js = await startNeo4js(join(this._globalConfig.rootDir, '.data'), lanes);
    // eslint-disable-next-line no-restricted-properties -- jest's workers are told through the environment and nothing else
    process.env['NEO4J_OF_LANES'] = JSON.stringify(neo4js.access);
    try {
      if (lanes === 1) await super.runTests(sorted, watcher, options);
      else await this.#runLanes(lanes, new Turns(sorted), watcher);
    } finally {
      await neo4js.stop();
    }
  }

  /**
   * @param {number} lanes
   * @param {Turns} turns
   * @param {RunTests[1]} watcher
   */
  async #runLanes(lanes, turns, watcher) {
    await Promise.all(
      Array.from({ length: lanes }, (_, lane) => {
        const runner = new TestRunner({ ...this._globalConfig, maxWorkers: 1 }, this._context);
        for (const listensTo of this.listeners) listensTo(runner);
        return runner.runTests(...turns.ofLane(lane, watcher), { serial: false });
      }),
    );
  }
}

/**
 * Tells a listener of the file whose turn it was, and nothing of turns that never came.
 *
 * @template {unknown[]} E
 * @param {(event: E) => void | Promise<void>} listener
 * @returns {(event: E) => void | Promise<void>}
 */
function toldOfFiles(listener) {
  return (event) => {
    const [turn, ...rest] = event;
    if (!(turn instanceof Turn)) return listener(event);
    return turn.test && listener(/** @type {E} */ (/** @type {unknown} */ ([turn.test, ...rest])));
  };
}

/** @param {RunTests[0][number]} test */
function placeOf({ path }) {
  const place = FIRST.findIndex((end) => path.endsWith(end));
  return place < 0 ? FIRST.length : place;
}

/** @param {RunTests[0][number]} test */
function needsNeo4j({ context }) {
  return !WITHOUT_NEO4J.has(context.config.displayName?.name ?? '');
}

export { Lanes as default };
