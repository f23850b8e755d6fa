/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
// As src/server/schema.ts does first; a test may import a resolver before it.
import 'reflect-metadata';
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import jestRuntime from 'jest-runtime';
import { emptyCircus } from './circus.js';
import { SourceMaps } from './source-maps.js';

/** @type {typeof import('jest-runtime').default} */
const JestRuntime = 'default' in jestRuntime ? jestRuntime.default : jestRuntime;

register('./typescript.js', import.meta.url);
const require = createRequire(import.meta.url);
const sourceMaps = new SourceMaps();

/** What jest-runner and jest-circus ask of a runtime, by Node itself: see `shared-environment.js`. */
const byNode = {
  requireInternalModule: emptyCircus,
  requireModule: require,
  unstable_shouldLoadAsEsm: () => true,
  /** @param {string} path */
  unstable_importModule: (path) => import(pathToFileURL(path).href),
  getSourceMaps: () => sourceMaps,
  getAllCoverageInfoCopy: () => undefined,
  setGlobalsForRuntime: () => undefined,
  enterTestCode: () => undefined,
  leaveTestCode: () => undefined,
  teardown: () => undefined,
};

/**
 * Jest makes one for each test file.
 *
 * @param {ConstructorParameters<typeof JestRuntime>} args
 */
function Runtime(...args) {
  const [, environment] = args;
  return environment.global === globalThis ? byNode : new JestRuntime(...args);
}

export { Runtime as default };
