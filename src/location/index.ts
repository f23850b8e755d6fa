export { readCustody, readMoves } from './custody.read-model.js';
export type { CustodyMove } from './custody.rules.js';
export { readOrigins } from './origin.read-model.js';
export { keepSeen } from './seen-inside.read-model.js';
