export { isKnownTo } from './known-to.js';
export type { Known } from './known-to.js';
export type { Lot, Party, Product, Site } from './master-data.js';
export { OPERATOR, storeMasterData } from './store-master-data.js';
export { formsOf } from './one-party.rules.js';
