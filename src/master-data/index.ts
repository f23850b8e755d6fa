export type { Lot, Party, Product, Site } from './master-data.js';
export { readLots, readParties, readProducts, readSites } from './master-data.read-model.js';
export type { MasterDataReceipt } from './master-data.store.js';
export { storeMasterData } from './store-master-data.js';
