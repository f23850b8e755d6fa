export { readCustody, readMoves } from './custody.read-model.js';
export type { CustodyMove } from './custody.rules.js';
