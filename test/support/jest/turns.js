/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */

/** @typedef {Parameters<import('jest-runner').default['runTests']>} RunTests */
/** @typedef {RunTests[0][number]} Test */
/** @typedef {RunTests[1]} Watcher */

/** Files of the service as partners see it, and of access to it: they share statements that others do not ask. */
const OF_PARTNERS =
  /\/test\/(visibility\/|integration\/access\/|conformance\/hostile-partners|e2e\/(access|admit|audit|client|event-stream|resume|stalled|unknown))/;

/** Files that use the Neo4j of the lane little or not at all: any lane may have them. */
const ANYWHERE =
  /\/test\/(unit|architecture)\/|\/(crash|backup|embedded-neo4j|start|first-start)\.test/;

/**
 * The files of a run. A lane takes those first whose statements its Neo4j has planned, then what fits everywhere, and at the end what is
 * left for the others: half of what Neo4j does in a run is planning, and what both lanes ask is planned twice.
 */
export class Turns {
  /** @param {readonly Test[]} tests those to begin with first */
  constructor(tests) {
    this.tests = tests;
    this.anywhere = tests.filter(({ path }) => ANYWHERE.test(path));
    const onNeo4j = tests.filter(({ path }) => !ANYWHERE.test(path));
    this.partners = onNeo4j.filter(({ path }) => OF_PARTNERS.test(path));
    this.others = onNeo4j.filter(({ path }) => !OF_PARTNERS.test(path));
  }

  /**
   * What jest runs in one lane: as many turns as there are files, as it does not know how many of them it will do. Jest asks the watcher once
   * before each turn; there the turn gets its file, or ends when none is left.
   *
   * @param {number} lane
   * @param {Watcher} watcher
   * @returns {[Turn[], Watcher]}
   */
  ofLane(lane, watcher) {
    const turns = this.tests.map((test) => new Turn(test, lane));
    const coming = turns.values();
    const isInterrupted = () =>
      watcher.isInterrupted() || coming.next().value?.begin(this.#next(lane)) !== true;
    const own = { isInterrupted, on: watcher.on.bind(watcher) };
    return [turns, /** @type {Watcher} */ (/** @type {unknown} */ (own))];
  }

  /**
   * @param {number} lane
   * @returns {Test | undefined}
   */
  #next(lane) {
    const [own, foreign] = lane === 0 ? [this.others, this.partners] : [this.partners, this.others];
    return own.shift() ?? this.anywhere.shift() ?? foreign.pop();
  }
}

/** A place in the queue of a lane. Which file it is for is known when its turn comes. */
export class Turn {
  /** @type {Test | undefined} */
  test;

  /**
   * @param {Test} before what it is as long as that is not known
   * @param {number} lane
   */
  constructor(before, lane) {
    this.before = before;
    this.lane = lane;
  }

  /** @param {Test | undefined} test */
  begin(test) {
    this.test = test;
    return test !== undefined;
  }

  get path() {
    return (this.test ?? this.before).path;
  }

  get context() {
    const { context } = this.test ?? this.before;
    const testEnvironmentOptions = { ...context.config.testEnvironmentOptions, lane: this.lane };
    return { ...context, config: { ...context.config, testEnvironmentOptions } };
  }
}
