export { findSimilarLots } from './search.read-model.js';
export type { SimilarLot } from './search.read-model.js';
