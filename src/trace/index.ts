export { findLineage } from './find-lineage.js';
export type { Lineage, LineageQuestion } from './find-lineage.js';
export { readJourneys } from './journey.read-model.js';
