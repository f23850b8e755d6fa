export { readCustody, readMoves } from './custody.read-model.js';
export type { CustodyMove } from './custody.rules.js';
export { boundsOf, readTouching } from './touching.read-model.js';
export { joined } from './touching.rules.js';
export type { Membership, Touching } from './touching.rules.js';
export { readPlaceSince, readWhereabouts, wherePackagesAre } from './whereabouts.read-model.js';
export { NOW } from './whereabouts.rules.js';
export type { Point, Whereabouts } from './whereabouts.rules.js';
