export { THE_HOST } from './disclosure.js';
export { readOpenedPaths } from './disclosure.read-model.js';
export type { OpenedPath } from './disclosure.read-model.js';
