/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What jest-circus keeps in globals. @type {Record<symbol, unknown>} */
const globals = globalThis;
const HANDLERS = Symbol.for('EVENT_HANDLERS');
const NAME_OF_STATE = 'JEST_STATE_SYMBOL';

/**
 * Loads a copy of the module of jest-circus that has `test` and `expect`.
 *
 * @param {string} path
 */
function load(path) {
  Reflect.deleteProperty(require.cache, path);
  globals[HANDLERS] = undefined;
  const functions = /** @type {unknown} */ (require(path));
  const handlers = /** @type {unknown[]} */ (globals[HANDLERS]);
  const symbols = Object.getOwnPropertySymbols(globals);
  const stateAt = symbols.findLast(({ description }) => description === NAME_OF_STATE);
  if (stateAt === undefined) throw new Error('jest-circus keeps its state elsewhere: circus.js');
  return { functions, handlers, ofItself: handlers.length, stateAt };
}

/** @type {ReturnType<typeof load> | undefined} */
let circus;

/**
 * `test` and all that belongs to it, with nothing registered. Jest would give each file a copy of its own. Here it is the same for all,
 * as modules that are loaded once for all files may hold `test.skip`; of another copy only the empty state is taken.
 *
 * @param {string} path
 */
export function emptyCircus(path) {
  const copy = load(path);
  circus ??= copy;
  if (copy !== circus) {
    globals[circus.stateAt] = globals[copy.stateAt];
    globals[copy.stateAt] = undefined;
    circus.handlers.length = circus.ofItself;
  }
  return circus.functions;
}
