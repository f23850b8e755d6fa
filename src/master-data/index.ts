export { isKnownTo } from './master-data.js';
export type { Known, Lot, Party, Product, Site } from './master-data.js';
export { OPERATOR, storeMasterData } from './store-master-data.js';
export { formsOf } from './one-party.rules.js';
