export { NOW, readSurroundings, siteOrNull, toMark } from './surrounding.read-model.js';
export type { MarkColumns } from './surrounding.read-model.js';
export { inForce } from './surrounding.rules.js';
export type { Surrounding } from './surrounding.rules.js';
