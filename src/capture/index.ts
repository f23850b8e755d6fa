export { captureDocument } from './capture-document.js';
export type { CaptureDeps } from './capture-document.js';
export { findDocuments, reasonOf } from './find-documents.js';
export type { PathFailure } from './find-documents.js';
export { importFile } from './import-file.js';
export { loadScenarios } from './load-scenarios.js';
export { rebuildProjection, resumeRebuild, verifyProjection } from './rebuild-projection.js';
export { countEvents } from './rebuild.store.js';
export { Writer } from './writer.js';
